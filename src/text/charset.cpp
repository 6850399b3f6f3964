#include "src/text/charset.hpp"

#include <iconv.h>

#include <bit>
#include <cassert>
#include <cerrno>
#include <new>

namespace ringfence {
namespace {

constexpr const char* kUnits = std::endian::native == std::endian::little ? "UTF-16LE" : "UTF-16BE";

// Code pages of Microsoft hold what the standards of their names hold, and what handsets and gateways add to it.
const char* name_in_iconv(Alphabet alphabet) {
    switch (alphabet) {
        case Alphabet::kShiftJis: return "CP932";
        case Alphabet::kIso2022Jp: return "ISO-2022-JP-2";
        case Alphabet::kEucJp: return "EUC-JP";
        case Alphabet::kKsC5601: return "CP949";
        case Alphabet::kGb18030: return "GB18030";
        default: return "";
    }
}

bool leads(Alphabet alphabet, std::uint8_t octet) {
    switch (alphabet) {
        case Alphabet::kShiftJis:
            return (octet >= 0x81 && octet <= 0x9F) || (octet >= 0xE0 && octet <= 0xFC);
        case Alphabet::kEucJp: return octet == 0x8E || (octet >= 0xA1 && octet <= 0xFE);
        default: return octet >= 0x81 && octet <= 0xFE;
    }
}

}  // namespace

Charset::Charset(Alphabet alphabet) : alphabet_(alphabet) {
    iconv_t descriptor = iconv_open(kUnits, name_in_iconv(alphabet));
    // What iconv_open gives when it fails is an address only in its type.
    if (reinterpret_cast<std::intptr_t>(descriptor) != -1) {
        descriptor_ = descriptor;
    } else if (errno != EINVAL) {
        throw std::bad_alloc();
    }
}

Charset::~Charset() {
    if (descriptor_ != nullptr) iconv_close(descriptor_);
}

void Charset::restart() { iconv(descriptor_, nullptr, nullptr, nullptr, nullptr); }

Charset::Step Charset::convert(std::span<const std::uint8_t> octets, std::span<char16_t> units) {
    assert(open());
    // iconv reads through a pointer to octets that could be written, and writes none of them.
    char* in = const_cast<char*>(reinterpret_cast<const char*>(octets.data()));
    char* out = reinterpret_cast<char*>(units.data());
    std::size_t in_left = octets.size();
    std::size_t out_left = units.size_bytes();
    const bool done =
        iconv(descriptor_, &in, &in_left, &out, &out_left) != static_cast<std::size_t>(-1);
    Step step;
    step.octets = octets.size() - in_left;
    step.units = units.size() - out_left / sizeof(char16_t);
    if (!done) {
        step.stop = errno == E2BIG ? Stop::kFull : errno == EINVAL ? Stop::kCut : Stop::kInvalid;
    }
    if (step.stop == Stop::kInvalid && swallowed(octets.first(step.octets))) step.octets -= 2;
    return step;
}

std::size_t Charset::invalid_size(std::span<const std::uint8_t> octets) const {
    if (octets.size() < 2) return octets.size();
    const auto seven_bits = [](std::uint8_t octet) { return octet > 0x20 && octet < 0x7F; };
    const bool pair = alphabet_ == Alphabet::kIso2022Jp
                          ? seven_bits(octets[0]) && seven_bits(octets[1])
                          : leads(alphabet_, octets[0]) && octets[1] >= 0x80;
    return pair ? 2 : 1;
}

// GNU libc 2.36 reads the pairs that KS C 5601 leaves free before it calls them invalid. Whether the last two octets are
// such a pair, and no character that went before what is invalid.
bool Charset::swallowed(std::span<const std::uint8_t> octets) const {
    if (alphabet_ != Alphabet::kKsC5601 || octets.size() < 2) return false;
    std::array<std::uint8_t, 2> pair{octets[octets.size() - 2], octets[octets.size() - 1]};
    if (pair[0] < 0xA1 || pair[1] < 0xA1) return false;
    std::array<char16_t, 2> unit{};
    char* in = reinterpret_cast<char*>(pair.data());
    char* out = reinterpret_cast<char*>(unit.data());
    std::size_t in_left = pair.size();
    std::size_t out_left = sizeof unit;
    return iconv(descriptor_, &in, &in_left, &out, &out_left) == static_cast<std::size_t>(-1) &&
           errno == EILSEQ && in_left == 0;
}

}  // namespace ringfence
