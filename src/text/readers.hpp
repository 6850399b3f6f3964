// readers.hpp - the characters of a message one by one, each with its place: the plain walk through every alphabet.
//
// `decode` takes what is neither plain nor frequent from here, and places in a message are found with it.
// Source: as decode.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "ringfence/text/decode.hpp"
#include "src/text/charset.hpp"
#include "src/text/data/gsm7_data.hpp"
#include "src/text/gsm7.hpp"
#include "src/text/message_layout.hpp"
#include "src/text/utf.hpp"

namespace ringfence {

using Octets = std::span<const std::uint8_t>;

// Each reader tells `emit(code point, first, count)` for every character, in octets (septets) of the
// text, and `odd(oddity)`. Decoding and finding places are two uses of the same walk.

struct Shifts {
    const gsm7::Table& locking;
    const gsm7::Table& single;
};

inline Shifts shifts_of(const MessageMarks& marks) {
    return {*gsm7::kLocking[marks.locking_language], *gsm7::kSingle[marks.single_language]};
}

// The character at septet `i` of `count`; gives where the next one begins. `septet(i)` gives the i-th; over 0x7F it is
// none.
template <class Septet, class Emit, class Odd>
std::size_t read_gsm7_at(std::size_t i, std::size_t count, const Shifts& shifts, Septet&& septet,
                         Emit&& emit, Odd&& odd) {
    // A code without a character shows as a blank, as on a handset.
    const auto plain = [&](unsigned code, std::size_t taken) {
        const char16_t unit = shifts.locking[code];
        if (unit == 0) odd(DecodeOddity::kInvalidOctet);
        emit(unit == 0 ? u' ' : unit, i, taken);
        return i + taken;
    };
    const auto none = [&](std::size_t taken) {
        odd(DecodeOddity::kInvalidOctet);
        emit(0xFFFD, i, taken);
        return i + taken;
    };
    const unsigned code = septet(i);
    if (code > 0x7F) return none(1);
    if (code != gsm7::kEscape) return plain(code, 1);
    if (i + 1 == count) {
        odd(DecodeOddity::kTruncated);
        emit(u' ', i, 1);
        return i + 1;
    }
    const unsigned extended = septet(i + 1);
    if (extended > 0x7F) return none(2);
    if (shifts.single[extended] != 0) {
        emit(shifts.single[extended], i, 2);
        return i + 2;
    }
    odd(DecodeOddity::kUnknownEscape);
    return plain(extended, 2);
}

template <class Septet, class Emit, class Odd>
void read_gsm7(std::size_t count, const Shifts& shifts, Septet&& septet, Emit&& emit, Odd&& odd) {
    for (std::size_t i = 0; i < count;) i = read_gsm7_at(i, count, shifts, septet, emit, odd);
}

// The units of UTF-16, more significant octet first unless a byte order mark says otherwise.
struct Utf16Units {
    Octets octets;
    bool little = false;

    std::size_t count() const { return octets.size() / 2; }
    char16_t operator[](std::size_t i) const {
        const unsigned a = octets[2 * i];
        const unsigned b = octets[2 * i + 1];
        return static_cast<char16_t>(little ? b << 8u | a : a << 8u | b);
    }
};

// Where the text begins, and in which order its octets are.
template <class Odd>
std::size_t skip_byte_order_mark(Utf16Units& units, Odd&& odd) {
    if (units.count() == 0 || (units[0] != 0xFEFF && units[0] != 0xFFFE)) return 0;
    units.little = units[0] == 0xFFFE;
    odd(DecodeOddity::kByteOrder);
    return 1;
}

// The character at unit `i`; gives where the next one begins. `part`: the text is a piece of a longer one, whose
// neighbours may hold the other half of a pair.
template <class Emit, class Odd>
std::size_t read_utf16_at(std::size_t i, const Utf16Units& units, bool part, Emit&& emit,
                          Odd&& odd) {
    const std::size_t count = units.count();
    const char16_t c = units[i];
    if ((c & 0xF800u) != 0xD800u) {
        emit(c, 2 * i, 2);
        return i + 1;
    }
    if (utf::is_high(c) && i + 1 < count && utf::is_low(units[i + 1])) {
        emit(utf::join(c, units[i + 1]), 2 * i, 4);
        return i + 2;
    }
    odd(DecodeOddity::kLoneSurrogate);
    const bool shared = part && (utf::is_high(c) ? i + 1 == count : i == 0);
    emit(shared ? char32_t{c} : char32_t{0xFFFD}, 2 * i, 2);
    return i + 1;
}

template <class Emit, class Odd>
void read_utf16(Octets octets, bool part, Emit&& emit, Odd&& odd) {
    Utf16Units units{octets};
    for (std::size_t i = skip_byte_order_mark(units, odd); i < units.count();) {
        i = read_utf16_at(i, units, part, emit, odd);
    }
    if (octets.size() % 2 != 0) odd(DecodeOddity::kTruncated);
}

template <class Emit, class Odd>
void read_utf8(Octets octets, Emit&& emit, Odd&& odd) {
    for (std::size_t at = 0; at < octets.size();) {
        const utf::CodePoint c = utf::at_utf8(octets, at);
        if (!c.valid) odd(c.cut ? DecodeOddity::kTruncated : DecodeOddity::kInvalidOctet);
        emit(c.value, at, c.size);
        at += c.size;
    }
}

// ISO 8859-5 above 0xA0 lies in step with the Cyrillic block, but for three characters.
constexpr char16_t cyrillic(std::uint8_t octet) {
    if (octet <= 0xA0 || octet == 0xAD) return octet;
    if (octet == 0xF0) return 0x2116;
    if (octet == 0xFD) return 0x00A7;
    return static_cast<char16_t>(octet - 0xA0 + 0x0400);
}

// ISO 8859-8; 0 where it has nothing.
constexpr char16_t hebrew(std::uint8_t octet) {
    if (octet >= 0xE0 && octet <= 0xFA) return static_cast<char16_t>(octet - 0xE0 + 0x05D0);
    switch (octet) {
        case 0xAA: return 0x00D7;
        case 0xBA: return 0x00F7;
        case 0xDF: return 0x2017;
        case 0xFD: return 0x200E;
        case 0xFE: return 0x200F;
        case 0xA1:
        case 0xFB:
        case 0xFC:
        case 0xFF: return 0;
        default: return octet >= 0xBF ? char16_t{0} : octet;
    }
}

template <class Emit, class Odd>
void read_single_octets(Octets octets, Alphabet alphabet, Emit&& emit, Odd&& odd) {
    for (std::size_t i = 0; i < octets.size(); ++i) {
        const std::uint8_t octet = octets[i];
        char16_t unit = octet;
        if (alphabet == Alphabet::kCyrillic) unit = cyrillic(octet);
        if (alphabet == Alphabet::kHebrew) unit = hebrew(octet);
        if ((unit == 0 && octet != 0) || (alphabet == Alphabet::kAscii && octet > 0x7F)) {
            odd(DecodeOddity::kInvalidOctet);
            unit = 0xFFFD;
        }
        emit(unit, i, 1);
    }
}

// One character at a time, so that each has its place. Octets are handed over one by one until iconv takes some: a
// character, or the escape before one.
template <class Emit, class Odd>
void read_charset(Octets octets, Charset& charset, Emit&& emit, Odd&& odd) {
    charset.restart();
    std::size_t at = 0;
    for (std::size_t size = 1; at + size <= octets.size();) {
        std::array<char16_t, 8> units;
        const Charset::Step step = charset.convert(octets.subspan(at, size), units);
        const std::u16string_view text(units.data(), step.units);
        for (std::size_t i = 0; i < text.size();) {
            const utf::CodePoint c = utf::at_utf16(text, i);
            emit(c.value, at, step.octets);
            i += c.size;
        }
        at += step.octets;
        if (step.octets != 0) {
            size = 1;
        } else if (step.stop == Charset::Stop::kCut) {
            ++size;
        } else {
            // How much of it is none shows in what comes after.
            const std::size_t invalid = charset.invalid_size(octets.subspan(at));
            odd(DecodeOddity::kInvalidOctet);
            emit(0xFFFD, at, invalid);
            at += invalid;
            size = 1;
        }
    }
    if (at < octets.size()) {
        odd(DecodeOddity::kTruncated);
        emit(0xFFFD, at, octets.size() - at);
    }
}

// The characters of the text, whatever the alphabet; places count from the first octet (septet) of text.
template <class Emit, class Odd>
void read_text(const SmsContent& content, const MessageLayout& layout, Emit&& emit, Odd&& odd) {
    const Octets octets = content.octets.subspan(layout.header);
    switch (layout.alphabet) {
        case Alphabet::kGsm7:
            if (layout.packed) {
                read_gsm7(
                    layout.septets, shifts_of(layout.marks),
                    [&](std::size_t i) {
                        return septet_at(content.octets, layout.first_bit + 7 * i);
                    },
                    emit, odd);
            } else {
                read_gsm7(
                    octets.size(), shifts_of(layout.marks),
                    [&](std::size_t i) { return octets[i]; }, emit, odd);
            }
            return;
        case Alphabet::kUtf16:
            read_utf16(octets, layout.concatenation.total > 1, emit, odd);
            return;
        case Alphabet::kUtf8: read_utf8(octets, emit, odd); return;
        case Alphabet::kLatin1:
        case Alphabet::kAscii:
        case Alphabet::kCyrillic:
        case Alphabet::kHebrew: read_single_octets(octets, layout.alphabet, emit, odd); return;
        case Alphabet::kShiftJis:
        case Alphabet::kIso2022Jp:
        case Alphabet::kEucJp:
        case Alphabet::kKsC5601:
        case Alphabet::kGb18030: {
            Charsets charsets;
            if (Charset& charset = charsets.of(layout.alphabet); charset.open()) {
                read_charset(octets, charset, emit, odd);
            }
            return;
        }
        case Alphabet::kUnknown:
        case Alphabet::kOctets: return;
    }
}

}  // namespace ringfence
