#include "src/text/message_layout.hpp"

#include "src/text/data/gsm7_data.hpp"
#include "src/text/gsm7.hpp"

namespace ringfence {
namespace {

constexpr std::uint8_t kConcatenation8 = 0x00;   // TS 23.040 9.2.3.24.1
constexpr std::uint8_t kPorts8 = 0x04;           // 9.2.3.24.3
constexpr std::uint8_t kPorts16 = 0x05;          // 9.2.3.24.4
constexpr std::uint8_t kConcatenation16 = 0x08;  // 9.2.3.24.8
constexpr std::uint8_t kSingleShift = 0x24;      // 9.2.3.24.15
constexpr std::uint8_t kLockingShift = 0x25;     // 9.2.3.24.16

unsigned pair(std::span<const std::uint8_t> octets) {
    return static_cast<unsigned>(octets[0]) << 8u | octets[1];
}

// TS 23.038 clause 4.
void read_dcs(std::uint8_t dcs, MessageLayout& layout) {
    const unsigned group = dcs >> 4u;
    const auto set_class = [&] { layout.marks.message_class = dcs & 0x3u; };
    layout.alphabet = Alphabet::kGsm7;
    if (group < 0x8) {  // general data coding; from 4 on marked for automatic deletion
        layout.marks.auto_delete = group >= 0x4;
        if ((dcs & 0x10u) != 0) set_class();
        switch (dcs >> 2u & 0x3u) {
            case 1: layout.alphabet = Alphabet::kOctets; break;
            case 2: layout.alphabet = Alphabet::kUtf16; break;
            case 3: layout.oddities |= DecodeOddity::kReservedCoding; break;
            default: break;
        }
        if ((dcs & 0x20u) != 0) {
            layout.oddities |= DecodeOddity::kCompressed;
            layout.status = DecodeStatus::kBinary;
        }
    } else if (group < 0xC) {  // reserved: to be read as the default alphabet
        layout.oddities |= DecodeOddity::kReservedCoding;
    } else if (group < 0xF) {  // message waiting: discard, store, store in UCS-2
        layout.marks.waiting = static_cast<MessageWaiting>(1 + (dcs & 0x3u));
        layout.marks.waiting_active = (dcs & 0x8u) != 0;
        if (group == 0xE) layout.alphabet = Alphabet::kUtf16;
    } else {
        set_class();
        if ((dcs & 0x4u) != 0) layout.alphabet = Alphabet::kOctets;
        if ((dcs & 0x8u) != 0) layout.oddities |= DecodeOddity::kReservedCoding;
    }
}

// SMPP 3.4 clause 5.2.19.
void read_data_coding(std::uint8_t coding, const SmsContent& content, MessageLayout& layout) {
    if (coding >= 0xC0) {  // message waiting and message class as in TS 23.038
        read_dcs(coding, layout);
        return;
    }
    if (coding >= 0x10) {  // reserved by SMPP; gateways pass TP-DCS through here
        read_dcs(coding, layout);
        layout.oddities |= DecodeOddity::kReservedCoding;
        return;
    }
    switch (coding) {
        case 0x00: layout.alphabet = content.default_alphabet; break;
        case 0x01: layout.alphabet = Alphabet::kAscii; break;
        case 0x02:
        case 0x04: layout.alphabet = Alphabet::kOctets; break;
        case 0x03: layout.alphabet = Alphabet::kLatin1; break;
        case 0x06: layout.alphabet = Alphabet::kCyrillic; break;
        case 0x07: layout.alphabet = Alphabet::kHebrew; break;
        case 0x05: layout.alphabet = Alphabet::kShiftJis; break;
        case 0x08: layout.alphabet = Alphabet::kUtf16; break;
        case 0x0A: layout.alphabet = Alphabet::kIso2022Jp; break;
        case 0x0D: layout.alphabet = Alphabet::kEucJp; break;
        case 0x0E: layout.alphabet = Alphabet::kKsC5601; break;
        case 0x0F: layout.alphabet = Alphabet::kGb18030; break;
        default: break;  // pictograms, which no standard draws, and reserved values
    }
    if (layout.alphabet == Alphabet::kUnknown) {
        layout.oddities |= DecodeOddity::kUnsupportedCoding;
        layout.status = DecodeStatus::kError;
    }
}

void take_concatenation(Concatenation part, MessageLayout& layout) {
    if (part.seq == 0 || part.seq > part.total) {
        layout.oddities |= DecodeOddity::kBadConcatenation;
        return;
    }
    layout.concatenation = part;  // of several the last counts (TS 23.040 9.2.3.24)
}

// Of several the last counts; an identifier without a table is passed over (TS 23.040 9.2.3.24.15 and 16).
void take_language(std::uint8_t language, std::span<const gsm7::Table* const> tables,
                   std::uint8_t& chosen, MessageLayout& layout) {
    if (language == 0 || language >= tables.size() || tables[language] == nullptr) {
        layout.oddities |= DecodeOddity::kNationalLanguage;
        return;
    }
    chosen = language;
}

void read_element(std::uint8_t id, std::span<const std::uint8_t> data, MessageLayout& layout) {
    const auto set_ports = [&](unsigned destination, unsigned source) {
        layout.marks.has_ports = true;
        layout.marks.destination_port = static_cast<std::uint16_t>(destination);
        layout.marks.source_port = static_cast<std::uint16_t>(source);
    };
    if (id == kConcatenation8 && data.size() == 3) {
        take_concatenation({data[0], data[1], data[2]}, layout);
    } else if (id == kConcatenation16 && data.size() == 4) {
        take_concatenation({static_cast<std::uint16_t>(pair(data)), data[2], data[3]}, layout);
    } else if (id == kPorts8 && data.size() == 2) {
        set_ports(data[0], data[1]);
    } else if (id == kPorts16 && data.size() == 4) {
        set_ports(pair(data), pair(data.subspan(2)));
    } else if (id == kSingleShift && data.size() == 1) {
        take_language(data[0], gsm7::kSingle, layout.marks.single_language, layout);
    } else if (id == kLockingShift && data.size() == 1) {
        take_language(data[0], gsm7::kLocking, layout.marks.locking_language, layout);
    } else {
        layout.oddities |= DecodeOddity::kUnknownElement;
    }
}

// False when the header reaches beyond the data.
bool read_header(std::span<const std::uint8_t> octets, MessageLayout& layout) {
    if (octets.empty() || octets[0] + std::size_t{1} > octets.size()) {
        layout.oddities |= DecodeOddity::kHeaderBeyondData;
        return false;
    }
    layout.header = octets[0] + std::size_t{1};
    auto rest = octets.subspan(1, octets[0]);
    while (!rest.empty()) {
        if (rest.size() < 2 || rest[1] + std::size_t{2} > rest.size()) {
            layout.oddities |= DecodeOddity::kElementBeyondHeader;
            break;
        }
        read_element(rest[0], rest.subspan(2, rest[1]), layout);
        rest = rest.subspan(rest[1] + std::size_t{2});
    }
    return true;
}

// JIS goes either in seven bits, with escapes that name the character set, or in eight without.
bool has_escapes(std::span<const std::uint8_t> octets) {
    for (std::size_t i = 0; i + 1 < octets.size(); ++i) {
        if (octets[i] == 0x1B && (octets[i + 1] == '$' || octets[i + 1] == '(')) return true;
    }
    return false;
}

}  // namespace

// Seven spare bits in the last octet read as one septet more, which is padding when it is 00 or CR (TS 23.038 6.1.2.3.1).
std::size_t packed_septets(std::span<const std::uint8_t> octets, std::size_t first_bit) {
    const std::size_t bits = octets.size() * 8;
    if (first_bit + 7 > bits) return 0;
    const std::size_t septets = (bits - first_bit) / 7;
    if (bits % 7 != 0) return septets;
    const std::uint8_t last = septet_at(octets, bits - 7);
    return last == 0 || last == gsm7::kCarriageReturn ? septets - 1 : septets;
}

MessageLayout layout_of(const SmsContent& content) {
    MessageLayout layout;
    if (content.sar_total > 0) {
        take_concatenation({content.sar_ref, content.sar_total, content.sar_seq}, layout);
    }
    if (content.form == ContentForm::kText) {
        layout.alphabet = Alphabet::kUtf8;
        return layout;
    }
    if (content.form == ContentForm::kUserData) {
        read_dcs(content.scheme, layout);
    } else {
        read_data_coding(content.scheme, content, layout);
    }
    if (content.udhi && !read_header(content.octets, layout)) {
        layout.status = DecodeStatus::kError;
        return layout;
    }
    if (layout.status != DecodeStatus::kText) return layout;
    if (layout.alphabet == Alphabet::kOctets) {
        layout.status = DecodeStatus::kBinary;
        return layout;
    }
    if ((layout.alphabet == Alphabet::kShiftJis || layout.alphabet == Alphabet::kEucJp) &&
        has_escapes(content.octets.subspan(layout.header))) {
        layout.alphabet = Alphabet::kIso2022Jp;
    }
    layout.packed = layout.alphabet == Alphabet::kGsm7 &&
                    (content.form == ContentForm::kUserData || content.packed);
    if (layout.packed) {  // from the first septet border behind the header
        layout.first_bit = (layout.header * 8 + 6) / 7 * 7;
        layout.septets = packed_septets(content.octets, layout.first_bit);
    }
    return layout;
}

}  // namespace ringfence
