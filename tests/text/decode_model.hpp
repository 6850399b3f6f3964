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
    Concatenation concatenation;
    bool utf16 = false;
};

enum class Kind {
    kGsm,
    kEight,
    kUcs2,
    kAscii,
    kLatin,
    kCyrillic,
    kHebrew,
    kNone,
    kCompressed,
    kSjis,
    kEucJp,
    k2022,
    kKsc,
    kGb
};

// One line a row of TS 23.038 clause 4.
inline Kind dcs_kind(unsigned dcs) {
    if (dcs <= 0x7F) {
        if (dcs & 0x20) return Kind::kCompressed;
        const unsigned alphabet = (dcs & 0x0C) / 4;
        return alphabet == 1 ? Kind::kEight : alphabet == 2 ? Kind::kUcs2 : Kind::kGsm;
    }
    if (dcs >= 0xE0 && dcs <= 0xEF) return Kind::kUcs2;
    if (dcs >= 0xF0 && dcs % 8 >= 4) return Kind::kEight;
    return Kind::kGsm;
}

inline Kind smpp_kind(unsigned coding, Alphabet bind_default) {
    static constexpr Kind kFirst[16] = {Kind::kGsm,   Kind::kAscii, Kind::kEight,    Kind::kLatin,
                                        Kind::kEight, Kind::kSjis,  Kind::kCyrillic, Kind::kHebrew,
                                        Kind::kUcs2,  Kind::kNone,  Kind::k2022,     Kind::kNone,
                                        Kind::kNone,  Kind::kEucJp, Kind::kKsc,      Kind::kGb};
    if (coding >= 16) return dcs_kind(coding);
    if (coding == 0 && bind_default == Alphabet::kLatin1) return Kind::kLatin;
    if (coding == 0 && bind_default == Alphabet::kGb18030) return Kind::kGb;
    if (coding == 0 && bind_default == Alphabet::kAscii) return Kind::kAscii;
    return kFirst[coding];
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
inline std::u16string charset_text(std::string_view name, const std::vector<unsigned>& octets) {
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
    if (at < octets.size()) text += u'\xFFFD';
    return text;
}

// JIS in seven bits has escapes.
inline bool escapes(const std::vector<unsigned>& octets) {
    for (std::size_t i = 1; i < octets.size(); ++i) {
        if (octets[i - 1] == 0x1B && (octets[i] == 0x24 || octets[i] == 0x28)) return true;
    }
    return false;
}

struct Languages {
    unsigned locking = 0;
    unsigned single = 0;
};

inline std::u16string gsm_text(const std::vector<unsigned>& septets, Languages languages) {
    const gsm7::Table& locking = *gsm7::kLocking[languages.locking];
    const gsm7::Table& single = *gsm7::kSingle[languages.single];
    const auto plain = [&](unsigned code) { return locking[code] != 0 ? locking[code] : u' '; };
    std::u16string text;
    for (std::size_t i = 0; i < septets.size(); ++i) {
        if (septets[i] > 127) {
            text += u'\xFFFD';
        } else if (septets[i] != 0x1B) {
            text += plain(septets[i]);
        } else if (i + 1 == septets.size()) {
            text += u' ';
        } else {
            const unsigned code = septets[++i];
            text += code > 127 ? u'\xFFFD' : single[code] != 0 ? single[code] : plain(code);
        }
    }
    return text;
}

inline bool high(unsigned u) { return u >= 0xD800 && u <= 0xDBFF; }
inline bool low(unsigned u) { return u >= 0xDC00 && u <= 0xDFFF; }

inline std::u16string ucs2_text(const std::vector<unsigned>& octets, bool part) {
    std::vector<unsigned> units;
    for (std::size_t i = 0; i + 1 < octets.size(); i += 2) {
        units.push_back(octets[i] * 256 + octets[i + 1]);
    }
    if (!units.empty() && units[0] == 0xFFFE) {
        for (unsigned& unit : units) unit = unit % 256 * 256 + unit / 256;
    }
    if (!units.empty() && units[0] == 0xFEFF) {
        units.erase(units.begin());
        if (!units.empty() && low(units[0])) units[0] = 0xFFFD;
    }
    std::u16string text;
    for (std::size_t i = 0; i < units.size(); ++i) {
        const bool first = i == 0;
        const bool last = i + 1 == units.size();
        if (high(units[i]) && !last && low(units[i + 1])) {
            text += static_cast<char16_t>(units[i]);
            text += static_cast<char16_t>(units[++i]);
        } else if ((high(units[i]) && !(part && last)) || (low(units[i]) && !(part && first))) {
            text += u'\xFFFD';
        } else {
            text += static_cast<char16_t>(units[i]);
        }
    }
    return text;
}

inline void header_elements(const std::vector<unsigned>& header, Decoded& out,
                            Languages& languages) {
    std::size_t at = 1;
    while (at + 1 < header.size() && at + 2 + header[at + 1] <= header.size()) {
        const unsigned id = header[at];
        const unsigned size = header[at + 1];
        unsigned ref = 0, total = 0, seq = 0;
        if (id == 0x00 && size == 3) {
            ref = header[at + 2], total = header[at + 3], seq = header[at + 4];
        } else if (id == 0x08 && size == 4) {
            ref = header[at + 2] * 256 + header[at + 3], total = header[at + 4],
            seq = header[at + 5];
        } else if (id == 0x24 && size == 1 && header[at + 2] >= 1 && header[at + 2] <= 13) {
            languages.single = header[at + 2];
        } else if (id == 0x25 && size == 1 && header[at + 2] >= 1 && header[at + 2] <= 13 &&
                   header[at + 2] != 2) {
            languages.locking = header[at + 2];
        }
        if (seq >= 1 && seq <= total) {
            out.concatenation = {static_cast<std::uint16_t>(ref), static_cast<std::uint8_t>(total),
                                 static_cast<std::uint8_t>(seq)};
        }
        at += 2 + size;
    }
}

// Nothing of it could be read.
inline bool is_unreadable(std::u16string_view text) {
    return !text.empty() && text == std::u16string(text.size(), u'\xFFFD');
}

inline Decoded read_octets(const SmsContent& content) {
    Decoded out;
    if (content.sar_total > 0 && content.sar_seq >= 1 && content.sar_seq <= content.sar_total) {
        out.concatenation = {content.sar_ref, content.sar_total, content.sar_seq};
    }
    const Kind kind = content.form == ContentForm::kUserData
                          ? dcs_kind(content.scheme)
                          : smpp_kind(content.scheme, content.default_alphabet);
    const std::vector<unsigned> all(content.octets.begin(), content.octets.end());
    std::size_t header = 0;
    Languages languages;
    if (content.udhi) {
        if (all.empty() || all[0] + 1 > all.size()) {
            out.status = DecodeStatus::kError;
            return out;
        }
        header = all[0] + 1;
        header_elements({all.begin(), all.begin() + static_cast<std::ptrdiff_t>(header)}, out,
                        languages);
    }
    const std::vector<unsigned> rest(all.begin() + static_cast<std::ptrdiff_t>(header), all.end());
    const bool part = out.concatenation.total > 1;
    switch (kind) {
        case Kind::kSjis:
            out.text = charset_text(escapes(rest) ? "ISO-2022-JP-2" : "CP932", rest);
            return out;
        case Kind::kEucJp:
            out.text = charset_text(escapes(rest) ? "ISO-2022-JP-2" : "EUC-JP", rest);
            return out;
        case Kind::k2022: out.text = charset_text("ISO-2022-JP-2", rest); return out;
        case Kind::kKsc: out.text = charset_text("CP949", rest); return out;
        case Kind::kGb: out.text = charset_text("GB18030", rest); return out;
        case Kind::kNone: out.status = DecodeStatus::kError; return out;
        case Kind::kEight:
        case Kind::kCompressed: out.status = DecodeStatus::kBinary; return out;
        case Kind::kUcs2:
            out.utf16 = true;
            out.text = ucs2_text(rest, part);
            if (out.text.empty() && rest.size() % 2 == 1) out.status = DecodeStatus::kError;
            return out;
        case Kind::kLatin:
            for (const unsigned octet : rest) out.text += static_cast<char16_t>(octet);
            return out;
        case Kind::kAscii:
            for (const unsigned octet : rest) {
                out.text += octet < 128 ? static_cast<char16_t>(octet) : u'\xFFFD';
            }
            return out;
        case Kind::kCyrillic:
            for (const unsigned octet : rest) {
                out.text += octet == 0xF0                    ? u'\x2116'
                            : octet == 0xFD                  ? u'\xA7'
                            : octet <= 0xA0 || octet == 0xAD ? static_cast<char16_t>(octet)
                                                             : static_cast<char16_t>(octet + 0x360);
            }
            return out;
        case Kind::kHebrew:
            for (const unsigned octet : rest) {
                out.text += octet == 0xAA                    ? u'\xD7'
                            : octet == 0xBA                  ? u'\xF7'
                            : octet == 0xDF                  ? u'\x2017'
                            : octet == 0xFD                  ? u'\x200E'
                            : octet == 0xFE                  ? u'\x200F'
                            : octet >= 0xE0 && octet <= 0xFA ? static_cast<char16_t>(octet + 0x4F0)
                            : octet == 0xA1 || octet > 0xBE  ? u'\xFFFD'
                                                             : static_cast<char16_t>(octet);
            }
            return out;
        case Kind::kGsm: break;
    }
    if (content.form == ContentForm::kShortMessage && !content.packed) {
        out.text = gsm_text(rest, languages);
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
    out.text = gsm_text(septets, languages);
    return out;
}

// UTF-8 is not modelled here: fold_test compares it with the standard's own examples.
inline Decoded decode(const SmsContent& content) {
    Decoded out = read_octets(content);
    if (!out.utf16 && is_unreadable(out.text)) out.status = DecodeStatus::kError;
    return out;
}

}  // namespace ringfence::model
