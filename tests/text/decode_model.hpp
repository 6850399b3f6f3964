// A slow plain decoder, written apart from the library's: the truth that decode is measured against.
#pragma once

#include <iconv.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/text/decode.hpp"
#include "src/text/data/gsm7_data.hpp"

namespace ringfence::model {

struct Decoded {
    DecodeStatus status = DecodeStatus::kText;
    std::u16string text;
    Alphabet alphabet = Alphabet::kUnknown;
    DecodeOddity oddities = DecodeOddity::kNone;  // of a text that is not too long
    Concatenation concatenation;
    MessageMarks marks;
};

// Whether all that decode() says of a message is what the model says; the first that is not, or empty.
inline std::string_view difference(const Decoded& expected, const DecodedText& found) {
    const std::u16string_view text = expected.text;
    const MessageMarks &a = expected.marks, &b = found.marks;
    if (found.status != expected.status) return "status";
    if (found.text() != text.substr(0, DecodedText::kMaxUnits)) return "text";
    if (found.alphabet != expected.alphabet) return "alphabet";
    if (found.concatenation != expected.concatenation) return "concatenation";
    if (a.message_class != b.message_class) return "class";
    if (a.waiting != b.waiting || a.waiting_active != b.waiting_active) return "waiting";
    if (a.auto_delete != b.auto_delete) return "group";
    if (a.has_ports != b.has_ports || a.destination_port != b.destination_port ||
        a.source_port != b.source_port)
        return "ports";
    if (a.locking_language != b.locking_language || a.single_language != b.single_language)
        return "languages";
    // What was odd about dropped text is not told.
    if (text.size() > DecodedText::kMaxUnits)
        return has(found.oddities, DecodeOddity::kTooLong) ? "" : "oddities";
    return found.oddities == expected.oddities ? "" : "oddities";
}

// What a scheme says.
struct Scheme {
    Alphabet alphabet = Alphabet::kGsm7;
    bool compressed = false;
};

// One line a row of TS 23.038 clause 4, its bits from the highest on.
inline Scheme dcs_scheme(unsigned dcs, Decoded& out) {
    const auto is = [dcs](std::string_view bits) {
        for (unsigned i = 0; i < 8; ++i)
            if (bits[i] != 'x' && (bits[i] == '1') != ((dcs >> (7 - i) & 1u) == 1)) return false;
        return true;
    };
    Scheme scheme;
    if (is("0xxx01xx") || is("1111x1xx")) scheme.alphabet = Alphabet::kOctets;
    if (is("0xxx10xx") || is("1110xxxx")) scheme.alphabet = Alphabet::kUtf16;
    if (is("0x1xxxxx")) scheme.compressed = true;
    if (is("0xx1xxxx") || is("1111xxxx")) out.marks.message_class = dcs % 4;
    if (is("01xxxxxx")) out.marks.auto_delete = true;
    if (is("1100xxxx") || is("1101xxxx") || is("1110xxxx")) {
        using enum MessageWaiting;
        static constexpr MessageWaiting kKinds[4] = {kVoicemail, kFax, kEmail, kOther};
        out.marks.waiting = kKinds[dcs % 4];
        out.marks.waiting_active = is("xxxx1xxx");
    }
    if (is("0xxx11xx") || is("10xxxxxx") || is("11111xxx"))
        out.oddities |= DecodeOddity::kReservedCoding;
    return scheme;
}

// SMPP 3.4 clause 5.2.19.
inline Scheme smpp_scheme(unsigned coding, Alphabet bind_default, Decoded& out) {
    using enum Alphabet;
    static constexpr Alphabet kFirst[16] = {
        kUnknown, kAscii,   kOctets,    kLatin1,  kOctets,  kShiftJis, kCyrillic, kHebrew,
        kUtf16,   kUnknown, kIso2022Jp, kUnknown, kUnknown, kEucJp,    kKsC5601,  kGb18030};
    if (coding == 0) return {bind_default};
    if (coding < 16) return {kFirst[coding]};
    const Scheme scheme = dcs_scheme(coding, out);
    if (coding < 0xC0) out.oddities |= DecodeOddity::kReservedCoding;
    return scheme;
}

// Two octets that are one mistake.
inline bool invalid_pair(std::string_view name, unsigned first, unsigned second) {
    if (name == "ISO-2022-JP-2") return first > 32 && first < 127 && second > 32 && second < 127;
    if (name.starts_with("ISO-8859") || second < 128 || first < 0x81) return false;
    if (name == "CP932") return first <= 0x9F || (first >= 0xE0 && first <= 0xFC);
    if (name == "EUC-JP") return first == 0x8E || (first >= 0xA1 && first < 0xFF);
    return first < 0xFF;
}

// As it was opened; opened once a process, since that takes longer than what it is opened for.
inline iconv_t descriptor_of(std::string_view name) {
    static auto& opened = *new std::map<std::string, iconv_t>;  // never closed, and so no leak
    const auto [at, fresh] = opened.try_emplace(std::string(name));
    if (fresh)
        at->second =
            iconv_open(std::endian::native == std::endian::little ? "UTF-16LE" : "UTF-16BE",
                       at->first.c_str());
    iconv(at->second, nullptr, nullptr, nullptr, nullptr);
    return at->second;
}

// One octet more at a time until iconv takes them; what begins no character is replaced.
inline std::u16string charset_text(std::string_view name, const std::vector<unsigned>& octets,
                                   DecodeOddity& odd) {
    const iconv_t descriptor = descriptor_of(name);
    std::u16string text;
    std::size_t at = 0;
    std::size_t size = 1;
    while (at + size <= octets.size()) {
        std::string piece;
        for (std::size_t i = at; i < at + size; ++i) piece += static_cast<char>(octets[i]);
        std::array<char16_t, 16> units;
        char* in = piece.data();
        char* out = reinterpret_cast<char*>(units.data());
        std::size_t in_left = piece.size();
        std::size_t out_left = sizeof units;
        const bool good =
            iconv(descriptor, &in, &in_left, &out, &out_left) != static_cast<std::size_t>(-1);
        if (!good && errno == EILSEQ && out_left == sizeof units) {
            text += u'\xFFFD';
            odd |= DecodeOddity::kInvalidOctet;
            const bool pair =
                at + 1 < octets.size() && invalid_pair(name, octets[at], octets[at + 1]);
            at += pair ? 2 : 1;
            size = 1;
        } else if (in_left == piece.size()) {
            ++size;
        } else {
            text.append(units.data(), units.size() - out_left / 2);
            at += piece.size() - in_left;
            size = 1;
        }
    }
    if (at < octets.size()) {
        text += u'\xFFFD';
        odd |= DecodeOddity::kTruncated;
    }
    return text;
}

// JIS in seven bits has escapes.
inline bool escapes(const std::vector<unsigned>& octets) {
    for (std::size_t i = 1; i < octets.size(); ++i) {
        if (octets[i - 1] == 0x1B && (octets[i] == 0x24 || octets[i] == 0x28)) return true;
    }
    return false;
}

inline std::u16string gsm_text(const std::vector<unsigned>& septets, Decoded& out) {
    const gsm7::Table& locking = *gsm7::kLocking[out.marks.locking_language];
    const gsm7::Table& single = *gsm7::kSingle[out.marks.single_language];
    const auto plain = [&](unsigned code) {
        if (locking[code] != 0) return locking[code];
        out.oddities |= DecodeOddity::kInvalidOctet;
        return u' ';
    };
    const auto none = [&] {
        out.oddities |= DecodeOddity::kInvalidOctet;
        return u'\xFFFD';
    };
    std::u16string text;
    for (std::size_t i = 0; i < septets.size(); ++i) {
        if (septets[i] > 127) {
            text += none();
        } else if (septets[i] != 0x1B) {
            text += plain(septets[i]);
        } else if (i + 1 == septets.size()) {
            text += u' ';
            out.oddities |= DecodeOddity::kTruncated;
        } else if (const unsigned code = septets[++i]; code > 127) {
            text += none();
        } else if (single[code] != 0) {
            text += single[code];
        } else {
            text += plain(code);
            out.oddities |= DecodeOddity::kUnknownEscape;
        }
    }
    return text;
}

inline bool high(unsigned u) { return u >= 0xD800 && u <= 0xDBFF; }
inline bool low(unsigned u) { return u >= 0xDC00 && u <= 0xDFFF; }

inline std::u16string ucs2_text(const std::vector<unsigned>& octets, bool part, DecodeOddity& odd) {
    std::vector<unsigned> units;
    for (std::size_t i = 0; i + 1 < octets.size(); i += 2) {
        units.push_back(octets[i] * 256 + octets[i + 1]);
    }
    if (octets.size() % 2 == 1) odd |= DecodeOddity::kTruncated;
    if (!units.empty() && units[0] == 0xFFFE) {
        for (unsigned& unit : units) unit = unit % 256 * 256 + unit / 256;
    }
    bool marked = false;
    if (!units.empty() && units[0] == 0xFEFF) {
        units.erase(units.begin());
        odd |= DecodeOddity::kByteOrder;
        marked = true;
    }
    std::u16string text;
    for (std::size_t i = 0; i < units.size(); ++i) {
        const bool first = i == 0 && !marked;
        const bool last = i + 1 == units.size();
        if (high(units[i]) && !last && low(units[i + 1])) {
            text += static_cast<char16_t>(units[i]);
            text += static_cast<char16_t>(units[++i]);
            continue;
        }
        const bool half = high(units[i]) || low(units[i]);
        const bool kept = part && (high(units[i]) ? last : first);
        if (half) odd |= DecodeOddity::kLoneSurrogate;
        text += half && !kept ? u'\xFFFD' : static_cast<char16_t>(units[i]);
    }
    return text;
}

// TS 23.040 clause 9.2.3.24.
inline void header_elements(const std::vector<unsigned>& header, Decoded& out) {
    const auto concatenate = [&](unsigned ref, unsigned total, unsigned seq) {
        if (seq >= 1 && seq <= total)
            out.concatenation = {static_cast<std::uint16_t>(ref), static_cast<std::uint8_t>(total),
                                 static_cast<std::uint8_t>(seq)};
        else
            out.oddities |= DecodeOddity::kBadConcatenation;
    };
    const auto ports = [&](unsigned destination, unsigned source) {
        out.marks.has_ports = true;
        out.marks.destination_port = static_cast<std::uint16_t>(destination);
        out.marks.source_port = static_cast<std::uint16_t>(source);
    };
    const auto language = [&](unsigned asked, bool has_table, std::uint8_t& chosen) {
        if (asked >= 1 && asked <= 13 && has_table)
            chosen = static_cast<std::uint8_t>(asked);
        else
            out.oddities |= DecodeOddity::kNationalLanguage;
    };
    std::size_t at = 1;
    while (at + 1 < header.size() && at + 2 + header[at + 1] <= header.size()) {
        const unsigned id = header[at];
        const unsigned size = header[at + 1];
        const unsigned* data = header.data() + at + 2;
        if (id == 0x00 && size == 3) {
            concatenate(data[0], data[1], data[2]);
        } else if (id == 0x08 && size == 4) {
            concatenate(data[0] * 256 + data[1], data[2], data[3]);
        } else if (id == 0x04 && size == 2) {
            ports(data[0], data[1]);
        } else if (id == 0x05 && size == 4) {
            ports(data[0] * 256 + data[1], data[2] * 256 + data[3]);
        } else if (id == 0x24 && size == 1) {
            language(data[0], true, out.marks.single_language);
        } else if (id == 0x25 && size == 1) {
            language(data[0], data[0] != 2, out.marks.locking_language);  // Spanish has none
        } else {
            out.oddities |= DecodeOddity::kUnknownElement;
        }
        at += 2 + size;
    }
    if (at < header.size()) out.oddities |= DecodeOddity::kElementBeyondHeader;
}

// Nothing of it could be read.
inline bool is_unreadable(std::u16string_view text) {
    return !text.empty() && text == std::u16string(text.size(), u'\xFFFD');
}

inline Decoded read_octets(const SmsContent& content) {
    Decoded out;
    if (content.sar_total > 0 && content.sar_seq >= 1 && content.sar_seq <= content.sar_total) {
        out.concatenation = {content.sar_ref, content.sar_total, content.sar_seq};
    } else if (content.sar_total > 0) {
        out.oddities |= DecodeOddity::kBadConcatenation;
    }
    const Scheme scheme = content.form == ContentForm::kUserData
                              ? dcs_scheme(content.scheme, out)
                              : smpp_scheme(content.scheme, content.default_alphabet, out);
    out.alphabet = scheme.alphabet;
    if (scheme.compressed) out.oddities |= DecodeOddity::kCompressed;
    if (scheme.alphabet == Alphabet::kUnknown) out.oddities |= DecodeOddity::kUnsupportedCoding;
    const std::vector<unsigned> all(content.octets.begin(), content.octets.end());
    std::size_t header = 0;
    if (content.udhi) {
        if (all.empty() || all[0] + 1 > all.size()) {
            out.oddities |= DecodeOddity::kHeaderBeyondData;
            out.status = DecodeStatus::kError;
            return out;
        }
        header = all[0] + 1;
        header_elements({all.begin(), all.begin() + static_cast<std::ptrdiff_t>(header)}, out);
    }
    const std::vector<unsigned> rest(all.begin() + static_cast<std::ptrdiff_t>(header), all.end());
    const bool part = out.concatenation.total > 1;
    const auto charset = [&](std::string_view name) {
        out.text = charset_text(name, rest, out.oddities);
    };
    if (scheme.compressed) {
        out.status = DecodeStatus::kBinary;
        return out;
    }
    if ((out.alphabet == Alphabet::kShiftJis || out.alphabet == Alphabet::kEucJp) && escapes(rest))
        out.alphabet = Alphabet::kIso2022Jp;
    switch (out.alphabet) {
        case Alphabet::kShiftJis: charset("CP932"); return out;
        case Alphabet::kEucJp: charset("EUC-JP"); return out;
        case Alphabet::kIso2022Jp: charset("ISO-2022-JP-2"); return out;
        case Alphabet::kKsC5601: charset("CP949"); return out;
        case Alphabet::kGb18030: charset("GB18030"); return out;
        case Alphabet::kUtf8:
        case Alphabet::kUnknown: out.status = DecodeStatus::kError; return out;
        case Alphabet::kOctets: out.status = DecodeStatus::kBinary; return out;
        case Alphabet::kUtf16:
            out.text = ucs2_text(rest, part, out.oddities);
            if (out.text.empty() && rest.size() % 2 == 1) out.status = DecodeStatus::kError;
            return out;
        case Alphabet::kLatin1:
            for (const unsigned octet : rest) out.text += static_cast<char16_t>(octet);
            return out;
        case Alphabet::kAscii:
            for (const unsigned octet : rest) {
                out.text += octet < 128 ? static_cast<char16_t>(octet) : u'\xFFFD';
                if (octet >= 128) out.oddities |= DecodeOddity::kInvalidOctet;
            }
            return out;
        case Alphabet::kCyrillic:
            for (const unsigned octet : rest) {
                out.text += octet == 0xF0                    ? u'\x2116'
                            : octet == 0xFD                  ? u'\xA7'
                            : octet <= 0xA0 || octet == 0xAD ? static_cast<char16_t>(octet)
                                                             : static_cast<char16_t>(octet + 0x360);
            }
            return out;
        case Alphabet::kHebrew:
            for (const unsigned octet : rest) {
                out.text += octet == 0xAA                    ? u'\xD7'
                            : octet == 0xBA                  ? u'\xF7'
                            : octet == 0xDF                  ? u'\x2017'
                            : octet == 0xFD                  ? u'\x200E'
                            : octet == 0xFE                  ? u'\x200F'
                            : octet >= 0xE0 && octet <= 0xFA ? static_cast<char16_t>(octet + 0x4F0)
                            : octet == 0xA1 || octet > 0xBE  ? u'\xFFFD'
                                                             : static_cast<char16_t>(octet);
                if (out.text.back() == u'\xFFFD') out.oddities |= DecodeOddity::kInvalidOctet;
            }
            return out;
        case Alphabet::kGsm7: break;
    }
    if (content.form == ContentForm::kShortMessage && !content.packed) {
        out.text = gsm_text(rest, out);
        return out;
    }
    std::vector<unsigned> bits;
    for (const unsigned octet : all) {
        for (unsigned i = 0; i < 8; ++i) bits.push_back(octet >> i & 1u);
    }
    std::vector<unsigned> septets;
    std::size_t at = 0;
    while (at < header * 8) at += 7;
    for (; at + 7 <= bits.size(); at += 7) {
        unsigned septet = 0;
        for (unsigned i = 0; i < 7; ++i) septet |= bits[at + i] << i;
        septets.push_back(septet);
    }
    if (at == bits.size() && !septets.empty() && (septets.back() == 0 || septets.back() == 13)) {
        septets.pop_back();
    }
    out.text = gsm_text(septets, out);
    return out;
}

// UTF-8 is not modelled here: fold_test compares it with the standard's own examples.
inline Decoded decode(const SmsContent& content) {
    Decoded out = read_octets(content);
    if (out.alphabet != Alphabet::kUtf16 && is_unreadable(out.text))
        out.status = DecodeStatus::kError;
    return out;
}

}  // namespace ringfence::model
