#include "src/study/encode_sms.hpp"

#include <algorithm>
#include <cstddef>

namespace ringfence::study {
namespace {

constexpr std::uint8_t kEscape = 0x1B;
constexpr std::size_t kUserDataOctets = 140;
constexpr std::size_t kMaxParts = 255;

char octet(unsigned value) { return static_cast<char>(value & 0xFFu); }

std::string header(Concatenation concatenation, std::uint16_t reference, std::size_t total,
                   std::size_t seq) {
    std::string udh;
    if (concatenation == Concatenation::kHeader8) {
        udh = {octet(5), octet(0x00), octet(3), octet(reference)};
    } else if (concatenation == Concatenation::kHeader16) {
        udh = {octet(6), octet(0x08), octet(4), octet(reference >> 8u), octet(reference)};
    } else {
        return udh;
    }
    udh.push_back(octet(static_cast<unsigned>(total)));
    udh.push_back(octet(static_cast<unsigned>(seq)));
    return udh;
}

// Septets behind `udh`, which is filled up to a septet's border.
std::string packed(const std::uint8_t* begin, const std::uint8_t* end, const std::string& udh) {
    std::string out = udh;
    unsigned bits = static_cast<unsigned>((7 - udh.size() * 8 % 7) % 7);  // used of the next octet
    unsigned open = 0;
    for (const std::uint8_t* at = begin; at < end; ++at) {
        open |= static_cast<unsigned>(*at) << bits;
        bits += 7;
        if (bits >= 8) {
            out.push_back(octet(open));
            open >>= 8u;
            bits -= 8;
        }
    }
    if (bits != 0) out.push_back(octet(open));
    return out;
}

// Where parts of at most `room` end; `divides(i)` says that a part must not begin at i.
template <class Divides>
std::vector<std::size_t> ends_of(std::size_t size, std::size_t room, Divides divides) {
    std::vector<std::size_t> ends;
    for (std::size_t at = 0; at < size && ends.size() < kMaxParts;) {
        std::size_t end = std::min(at + room, size);
        if (end < size && divides(end)) --end;
        ends.push_back(end);
        at = end;
    }
    return ends;
}

}  // namespace

bool to_septets(std::string_view text, std::vector<std::uint8_t>& septets) {
    constexpr std::string_view kExtension = "^{}\\[~]|";
    constexpr std::uint8_t kExtensionCodes[] = {0x14, 0x28, 0x29, 0x2F, 0x3C, 0x3D, 0x3E, 0x40};
    septets.clear();
    for (const char c : text) {
        if (const std::size_t at = kExtension.find(c); at != std::string_view::npos) {
            septets.push_back(kEscape);
            septets.push_back(kExtensionCodes[at]);
        } else if (c == '@') {
            septets.push_back(0x00);
        } else if (c == '$') {
            septets.push_back(0x02);
        } else if (c == '_') {
            septets.push_back(0x11);
        } else if (c == '`' || (c != '\n' && c != '\r' && (c < 0x20 || c > 0x7E))) {
            return false;
        } else {
            septets.push_back(static_cast<std::uint8_t>(c));
        }
    }
    return true;
}

std::vector<SmsPart> gsm_parts(const std::vector<std::uint8_t>& septets, Packing packing,
                               Concatenation concatenation, std::uint16_t reference) {
    constexpr std::size_t kOne = 160;
    // The header takes 7 or 8 septets of them, whole.
    const std::size_t udh = header(concatenation, reference, 1, 1).size();
    const std::size_t room = septets.size() <= kOne ? kOne : kOne - (udh * 8 + 6) / 7;
    const auto ends =
        ends_of(septets.size(), room, [&](std::size_t i) { return septets[i - 1] == kEscape; });
    std::vector<SmsPart> parts;
    std::size_t begin = 0;
    for (const std::size_t end : ends) {
        SmsPart part;
        part.seq = static_cast<std::uint8_t>(parts.size() + 1);
        std::string head;
        if (ends.size() > 1) head = header(concatenation, reference, ends.size(), part.seq);
        part.udhi = !head.empty();
        if (packing == Packing::kPacked) {
            part.octets = packed(septets.data() + begin, septets.data() + end, head);
        } else {
            part.octets = head;
            for (std::size_t i = begin; i < end; ++i) part.octets.push_back(octet(septets[i]));
        }
        parts.push_back(std::move(part));
        begin = end;
    }
    return parts;
}

std::vector<SmsPart> ucs2_parts(std::u16string_view units, Concatenation concatenation,
                                std::uint16_t reference) {
    constexpr std::size_t kOne = kUserDataOctets / 2;
    const std::size_t udh = header(concatenation, reference, 1, 1).size();
    const std::size_t room = units.size() <= kOne ? kOne : (kUserDataOctets - udh) / 2;
    const auto ends = ends_of(
        units.size(), room, [&](std::size_t i) { return units[i] >= 0xDC00 && units[i] < 0xE000; });
    std::vector<SmsPart> parts;
    std::size_t begin = 0;
    for (const std::size_t end : ends) {
        SmsPart part;
        part.seq = static_cast<std::uint8_t>(parts.size() + 1);
        if (ends.size() > 1) part.octets = header(concatenation, reference, ends.size(), part.seq);
        part.udhi = !part.octets.empty();
        for (std::size_t i = begin; i < end; ++i) {
            part.octets.push_back(octet(static_cast<unsigned>(units[i]) >> 8u));
            part.octets.push_back(octet(units[i]));
        }
        parts.push_back(std::move(part));
        begin = end;
    }
    return parts;
}

}  // namespace ringfence::study
