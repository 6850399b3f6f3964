#include "ringfence/text/decode.hpp"

namespace ringfence {

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

std::string_view name_of(MessageWaiting waiting) {
    switch (waiting) {
        case MessageWaiting::kNone: return "none";
        case MessageWaiting::kVoicemail: return "voicemail";
        case MessageWaiting::kFax: return "fax";
        case MessageWaiting::kEmail: return "email";
        case MessageWaiting::kOther: return "other";
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
        case DecodeOddity::kUnreadablePart: return "unreadable_part";
    }
    return "";
}

std::vector<std::string_view> names_of(DecodeOddity set) {
    std::vector<std::string_view> names;
    for (std::uint32_t bit = 1; bit <= static_cast<std::uint32_t>(set); bit <<= 1u)
        if (const auto one = static_cast<DecodeOddity>(bit); has(set, one))
            names.push_back(name_of(one));
    return names;
}

}  // namespace ringfence
