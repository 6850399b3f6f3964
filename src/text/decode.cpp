#include "ringfence/text/decode.hpp"

#include <algorithm>
#include <array>

#include "src/text/charset.hpp"
#include "src/text/data/gsm7_data.hpp"
#include "src/text/gsm7.hpp"
#include "src/text/message_layout.hpp"
#include "src/text/utf.hpp"

namespace ringfence {
namespace {

using Octets = std::span<const std::uint8_t>;

// Each reader tells `emit(code point, first, count)` for every character, in octets (septets) of the
// text, and `odd(oddity)`. Decoding and finding places are two uses of the same walk.

struct Shifts {
    const gsm7::Table& locking;
    const gsm7::Table& single;
};

Shifts shifts_of(const MessageMarks& marks) {
    return {*gsm7::kLocking[marks.locking_language], *gsm7::kSingle[marks.single_language]};
}

// `septet(i)` gives the i-th of `count` septets; over 0x7F it is none.
template <class Septet, class Emit, class Odd>
void read_gsm7(std::size_t count, const Shifts& shifts, Septet&& septet, Emit&& emit, Odd&& odd) {
    // A code without a character shows as a blank, as on a handset.
    const auto plain = [&](unsigned code, std::size_t first, std::size_t taken) {
        const char16_t unit = shifts.locking[code];
        if (unit == 0) odd(DecodeOddity::kInvalidOctet);
        emit(unit == 0 ? u' ' : unit, first, taken);
    };
    for (std::size_t i = 0; i < count; ++i) {
        const unsigned code = septet(i);
        if (code > 0x7F) {
            odd(DecodeOddity::kInvalidOctet);
            emit(0xFFFD, i, 1);
        } else if (code != gsm7::kEscape) {
            plain(code, i, 1);
        } else if (i + 1 == count) {
            odd(DecodeOddity::kTruncated);
            emit(u' ', i, 1);
        } else {
            const unsigned extended = septet(i + 1);
            if (extended > 0x7F) {
                odd(DecodeOddity::kInvalidOctet);
                emit(0xFFFD, i, 2);
            } else if (shifts.single[extended] != 0) {
                emit(shifts.single[extended], i, 2);
            } else {
                odd(DecodeOddity::kUnknownEscape);
                plain(extended, i, 2);
            }
            ++i;
        }
    }
}

// `part`: the text is a piece of a longer one, whose neighbours may hold the other half of a pair.
template <class Emit, class Odd>
void read_utf16(Octets octets, bool part, Emit&& emit, Odd&& odd) {
    const std::size_t count = octets.size() / 2;
    bool little = false;
    const auto unit = [&](std::size_t i) {
        const unsigned a = octets[2 * i];
        const unsigned b = octets[2 * i + 1];
        return static_cast<char16_t>(little ? b << 8u | a : a << 8u | b);
    };
    std::size_t i = 0;
    if (count > 0 && (unit(0) == 0xFEFF || unit(0) == 0xFFFE)) {
        little = unit(0) == 0xFFFE;
        odd(DecodeOddity::kByteOrder);
        i = 1;
    }
    for (; i < count; ++i) {
        const char16_t c = unit(i);
        if ((c & 0xF800u) != 0xD800u) {
            emit(c, 2 * i, 2);
        } else if (utf::is_high(c) && i + 1 < count && utf::is_low(unit(i + 1))) {
            emit(utf::join(c, unit(i + 1)), 2 * i, 4);
            ++i;
        } else {
            odd(DecodeOddity::kLoneSurrogate);
            const bool shared = part && (utf::is_high(c) ? i + 1 == count : i == 0);
            emit(shared ? char32_t{c} : char32_t{0xFFFD}, 2 * i, 2);
        }
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

// The same, as much at a time as iconv takes.
void write_charset(Octets octets, Charset& charset, DecodedText& out) {
    charset.restart();
    while (!octets.empty()) {
        const Charset::Step step = charset.convert(octets, out.room());
        out.grow(step.units);
        octets = octets.subspan(step.octets);
        switch (step.stop) {
            case Charset::Stop::kEnd: return;
            case Charset::Stop::kFull: out.oddities |= DecodeOddity::kTooLong; return;
            case Charset::Stop::kCut:
                out.oddities |= DecodeOddity::kTruncated;
                out.append(u'\xFFFD');
                return;
            case Charset::Stop::kInvalid:
                out.oddities |= DecodeOddity::kInvalidOctet;
                out.append(u'\xFFFD');
                octets = octets.subspan(charset.invalid_size(octets));
                break;
        }
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

}  // namespace

DecodedText::DecodedText(std::size_t capacity, Use use)
    : units_(std::make_unique_for_overwrite<char16_t[]>(std::min(capacity, kMaxUnits))),
      charsets_(use == Use::kDecode ? std::make_unique<Charsets>() : nullptr),
      capacity_(std::min(capacity, kMaxUnits)) {}

DecodedText::~DecodedText() = default;
DecodedText::DecodedText(DecodedText&& other) noexcept = default;
DecodedText& DecodedText::operator=(DecodedText&& other) noexcept = default;

void DecodedText::clear() {
    size_ = 0;
    status = DecodeStatus::kText;
    alphabet = Alphabet::kUnknown;
    oddities = DecodeOddity::kNone;
    concatenation = {};
    marks = {};
}

void DecodedText::append(std::u16string_view units) {
    const std::size_t fits = std::min(units.size(), capacity_ - size_);
    std::copy_n(units.data(), fits, units_.get() + size_);
    size_ += fits;
    if (fits < units.size()) oddities |= DecodeOddity::kTooLong;
}

DecodeStatus decode(const SmsContent& content, DecodedText& out) {
    const MessageLayout layout = layout_of(content);
    out.clear();
    out.status = layout.status;
    out.alphabet = layout.alphabet;
    out.oddities = layout.oddities;
    out.concatenation = layout.concatenation;
    out.marks = layout.marks;
    if (layout.status != DecodeStatus::kText) return out.status;
    if (Charsets::has(layout.alphabet)) {
        if (out.charsets() == nullptr || !out.charsets()->of(layout.alphabet).open()) {
            out.oddities |= DecodeOddity::kUnsupportedCoding;
            return out.status = DecodeStatus::kError;
        }
        write_charset(content.octets.subspan(layout.header), out.charsets()->of(layout.alphabet),
                      out);
        return out.status;
    }
    read_text(
        content, layout,
        [&](char32_t c, std::size_t, std::size_t) {
            utf::write_utf16(c, [&](char16_t unit) { out.append(unit); });
        },
        [&](DecodeOddity oddity) { out.oddities |= oddity; });
    // Half a unit and nothing before it: there was data, and none of it is text.
    const bool dropped = has(out.oddities, DecodeOddity::kTooLong);
    if (out.text().empty() && has(out.oddities, DecodeOddity::kTruncated) && !dropped)
        out.status = DecodeStatus::kError;
    return out.status;
}

ContentPlace place_in_content(const SmsContent& content, std::size_t begin, std::size_t length) {
    const MessageLayout layout = layout_of(content);
    ContentPlace place;
    const std::size_t base = layout.packed ? 0 : layout.header;
    if (layout.packed) place.unit = ContentPlace::Unit::kSeptet;
    if (layout.status != DecodeStatus::kText) return place;

    const std::size_t end =
        length < DecodedText::kMaxUnits ? begin + length : begin + DecodedText::kMaxUnits;
    std::size_t unit = 0;
    std::size_t from = 0;
    std::size_t to = 0;
    bool inside = false;
    read_text(
        content, layout,
        [&](char32_t c, std::size_t first, std::size_t count) {
            const std::size_t next = unit + (c >= 0x10000 ? 2 : 1);
            if (unit < end && next > begin) {
                if (!inside) from = first;
                inside = true;
                to = first + count;
            }
            unit = next;
            if (!inside) from = to = first + count;
        },
        [](DecodeOddity) {});
    place.begin = static_cast<std::uint32_t>(base + from);
    place.length = static_cast<std::uint32_t>(to - from);
    return place;
}

std::string_view name_of(DecodeStatus status) {
    switch (status) {
        case DecodeStatus::kText: return "text";
        case DecodeStatus::kBinary: return "binary";
        case DecodeStatus::kError: return "error";
    }
    return "";
}

std::string_view name_of(Alphabet alphabet) {
    switch (alphabet) {
        case Alphabet::kUnknown: return "unknown";
        case Alphabet::kGsm7: return "gsm7";
        case Alphabet::kOctets: return "octets";
        case Alphabet::kUtf16: return "utf16";
        case Alphabet::kUtf8: return "utf8";
        case Alphabet::kLatin1: return "latin1";
        case Alphabet::kAscii: return "ascii";
        case Alphabet::kCyrillic: return "cyrillic";
        case Alphabet::kHebrew: return "hebrew";
        case Alphabet::kShiftJis: return "shift_jis";
        case Alphabet::kIso2022Jp: return "iso2022_jp";
        case Alphabet::kEucJp: return "euc_jp";
        case Alphabet::kKsC5601: return "ks_c_5601";
        case Alphabet::kGb18030: return "gb18030";
    }
    return "";
}

std::string_view name_of(DecodeOddity bit) {
    switch (bit) {
        case DecodeOddity::kNone: return "";
        case DecodeOddity::kTruncated: return "truncated";
        case DecodeOddity::kLoneSurrogate: return "lone_surrogate";
        case DecodeOddity::kInvalidOctet: return "invalid_octet";
        case DecodeOddity::kTooLong: return "too_long";
        case DecodeOddity::kHeaderBeyondData: return "header_beyond_data";
        case DecodeOddity::kElementBeyondHeader: return "element_beyond_header";
        case DecodeOddity::kUnknownElement: return "unknown_element";
        case DecodeOddity::kBadConcatenation: return "bad_concatenation";
        case DecodeOddity::kReservedCoding: return "reserved_coding";
        case DecodeOddity::kUnsupportedCoding: return "unsupported_coding";
        case DecodeOddity::kCompressed: return "compressed";
        case DecodeOddity::kUnknownEscape: return "unknown_escape";
        case DecodeOddity::kNationalLanguage: return "national_language";
        case DecodeOddity::kByteOrder: return "byte_order";
    }
    return "";
}

}  // namespace ringfence
