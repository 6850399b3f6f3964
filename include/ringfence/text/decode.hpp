// decode.hpp - the octets of one SMS as UTF-16 text, with everything that was odd about them.
//
// A message comes as plain text, as TP user data under a TS 23.038 data coding scheme, or as an SMPP
// short_message under a data_coding. `decode` reads the user data header, picks the alphabet, and
// writes UTF-16 into a buffer that the caller owns. It never stops half way: what cannot be read
// becomes U+FFFD and an oddity, and only a message that has no reading at all is an error.
//
//     octets   [UDHL  IEI IEL data...  IEI IEL data...] [fill bits] septets | octets | UTF-16BE
//               header, when `udhi`                      7-bit only
//
// Readers: one buffer a thread, reused message after message; a text is valid until the next decode.
// Cost: one pass, no allocation; two octets a unit. A text that is decoded into holds a converter for each coding of
// the C library, 0.17 MB on GNU/Linux.
// Source: 3GPP TS 23.038 clauses 4, 6.1.2, 6.2.1, annex A; TS 23.040 clause 9.2.3.24; SMPP 3.4 clause 5.2.19;
// data_coding 15 is GB 18030, as the gateways of China have it (CMPP 3.0, Msg_Fmt).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace ringfence {

// How the octets are wrapped.
enum class ContentForm : std::uint8_t {
    kText = 0,          // UTF-8 text
    kUserData = 1,      // TP-UD without its length, GSM 7-bit packed; the scheme is TP-DCS
    kShortMessage = 2,  // SMPP short_message; the scheme is data_coding
};

enum class Alphabet : std::uint8_t {
    kUnknown = 0,
    kGsm7 =
        1,  // TS 23.038 default alphabet, or a national language's tables; one character a septet or two
    kOctets = 2,  // 8-bit data: no text
    kUtf16 = 3,   // UCS-2, read as UTF-16
    kUtf8 = 4,
    kLatin1 = 5,    // ISO 8859-1
    kAscii = 6,     // IA5
    kCyrillic = 7,  // ISO 8859-5
    kHebrew = 8,    // ISO 8859-8
    // Those that the C library reads; a system without one of them cannot.
    kShiftJis = 9,    // as Microsoft's code page 932
    kIso2022Jp = 10,  // ISO-2022-JP-2, seven bits with escapes
    kEucJp = 11,      // with JIS X 0212
    kKsC5601 = 12,    // as Microsoft's code page 949, which contains EUC-KR
    kGb18030 = 13,    // and so GB 2312 and GBK
};

struct SmsContent {
    std::span<const std::uint8_t> octets = {};
    ContentForm form = ContentForm::kText;
    std::uint8_t scheme = 0;
    bool udhi = false;  // a user data header leads the octets; no meaning for kText
    // SMPP sar_* parameters; used when sar_total > 0 and the header has no concatenation element.
    std::uint16_t sar_ref = 0;
    std::uint8_t sar_total = 0;
    std::uint8_t sar_seq = 0;
    // What the bind says about kShortMessage: the alphabet of data_coding 0, and whether GSM 7-bit
    // text is packed as in TP-UD or has one septet an octet.
    Alphabet default_alphabet = Alphabet::kGsm7;
    bool packed = false;
};

enum class DecodeStatus : std::uint8_t {
    kText = 0,    // `text()` holds what could be read
    kBinary = 1,  // 8-bit data or compressed: there is no text
    // Undecodable: a header longer than the data, a coding that nobody knows, octets of which none is text
    // (one octet of UCS-2, or nothing but U+FFFD to show). A message without octets is the empty text.
    kError = 2,
};

class Charsets;

// What was odd. Bits; several may hold.
enum class DecodeOddity : std::uint32_t {
    kNone = 0,
    kTruncated = 1u << 0,      // ends inside a character, an escape or a unit
    kLoneSurrogate = 1u << 1,  // half of a pair; U+FFFD in the text
    // An octet that the alphabet does not have; U+FFFD in the text, a blank where a national table has a gap.
    kInvalidOctet = 1u << 2,
    kTooLong = 1u << 3,              // more text than the buffer holds; the rest was dropped
    kHeaderBeyondData = 1u << 4,     // the header claims more octets than there are
    kElementBeyondHeader = 1u << 5,  // an information element claims more than the header has
    kUnknownElement = 1u << 6,       // an information element that this library does not read
    kBadConcatenation = 1u << 7,     // part 0, of 0, or beyond the total: taken as a whole message
    kReservedCoding = 1u << 8,       // a reserved scheme, read as the standard tells
    kUnsupportedCoding = 1u << 9,    // a scheme whose alphabet this build cannot read
    kCompressed = 1u << 10,
    kUnknownEscape = 1u << 11,  // an extension code without a character, shown as the plain one
    kNationalLanguage =
        1u << 12,  // a reserved national language was asked for; the default table was used
    kByteOrder = 1u << 13,       // a byte order mark led the text and was taken off
    kUnreadablePart = 1u << 14,  // of a joined message: a part of it was undecodable
};
constexpr DecodeOddity operator|(DecodeOddity a, DecodeOddity b) {
    return static_cast<DecodeOddity>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}
constexpr DecodeOddity& operator|=(DecodeOddity& a, DecodeOddity b) { return a = a | b; }
constexpr bool has(DecodeOddity set, DecodeOddity bit) {
    return (static_cast<std::uint32_t>(set) & static_cast<std::uint32_t>(bit)) != 0;
}

// Which part of a longer message this is. total 0 = a whole message; otherwise 1 <= seq <= total.
struct Concatenation {
    std::uint16_t ref = 0;
    std::uint8_t total = 0;
    std::uint8_t seq = 0;
    friend constexpr bool operator==(const Concatenation&, const Concatenation&) = default;
};

// What a message of the waiting groups says is there to be fetched (TS 23.038 clause 4).
enum class MessageWaiting : std::uint8_t {
    kNone = 0,
    kVoicemail = 1,
    kFax = 2,
    kEmail = 3,
    kOther = 4,
};

// What header and scheme said besides the text.
struct MessageMarks {
    static constexpr std::uint8_t kNoClass = 0xFF;

    std::uint8_t message_class = kNoClass;  // 0 flash, 1 ME, 2 SIM, 3 TE
    MessageWaiting waiting = MessageWaiting::kNone;
    bool waiting_active = false;  // the handset is to show it; false: to show it no longer
    bool auto_delete = false;
    bool has_ports = false;
    std::uint16_t destination_port = 0;
    std::uint16_t source_port = 0;
    // TS 23.038 6.2.1.2.4: 1 Turkish ... 13 Urdu; 0 the default. Those whose tables the text was read by.
    std::uint8_t locking_language = 0;
    std::uint8_t single_language = 0;
};

// The text of one message, in memory of its own that is taken once.
class DecodedText {
public:
    // 255 parts of 153 septets, and room to spare; places in a text fit 16 bits.
    static constexpr std::size_t kMaxUnits = 40'960;

    // A text that parts are joined in needs no converters: decode() leaves codings of the C library unread in it.
    enum class Use : std::uint8_t { kDecode = 0, kJoin = 1 };

    // `capacity` in UTF-16 units, at most kMaxUnits. Allocates; nothing later does.
    explicit DecodedText(std::size_t capacity = kMaxUnits, Use use = Use::kDecode);
    ~DecodedText();
    DecodedText(DecodedText&& other) noexcept;
    DecodedText& operator=(DecodedText&& other) noexcept;

    std::u16string_view text() const { return {units_.get(), size_}; }
    std::size_t capacity() const { return capacity_; }

    DecodeStatus status = DecodeStatus::kText;
    Alphabet alphabet = Alphabet::kUnknown;
    DecodeOddity oddities = DecodeOddity::kNone;
    Concatenation concatenation = {};
    MessageMarks marks = {};

    // For whoever fills a text: forget everything; append, or set kTooLong and drop.
    void clear();
    void append(char16_t unit) {
        if (size_ < capacity_) {
            units_[size_++] = unit;
        } else {
            oddities |= DecodeOddity::kTooLong;
        }
    }
    void append(std::u16string_view units);
    // Where further units may be written, and that so many of them were.
    std::span<char16_t> room() { return {units_.get() + size_, capacity_ - size_}; }
    void grow(std::size_t units) { size_ += units; }

    // Null in a text of Use::kJoin.
    Charsets* charsets() { return charsets_.get(); }

private:
    std::unique_ptr<char16_t[]> units_;
    std::unique_ptr<Charsets> charsets_;
    std::size_t capacity_ = 0;
    std::size_t size_ = 0;
};

// Reads `content` into `out`, whose former text is forgotten, and returns out.status. With kBinary the text is empty, with
// kError too but for U+FFFD where octets are none of the alphabet's; concatenation and marks hold what could be read.
// In a part of a longer message half a surrogate pair at an edge stays itself: its other half may
// come with the neighbour; anywhere else it becomes U+FFFD.
// Threads: any thread; `out` belongs to one.
DecodeStatus decode(const SmsContent& content, DecodedText& out);

// A stretch of the message as it came.
struct ContentPlace {
    enum class Unit : std::uint8_t { kOctet = 0, kSeptet = 1 };

    Unit unit = Unit::kOctet;  // kSeptet: septets counted from the first septet of the text
    std::uint32_t begin =
        0;  // kOctet: counted from the first octet of the content, header included
    std::uint32_t length = 0;
    // The octets of the content that hold any of it, header included in the count; with kOctet the same stretch.
    std::uint32_t first_octet = 0;
    std::uint32_t octets = 0;
};

// Where the units [begin, begin + length) of the text that `content` decodes to lie in `content`. What
// reaches beyond the text is cut; a half of a surrogate pair stands for the whole character.
// Decodes anew: for reports, not for the hot path. Allocates for codings of the C library alone.
// Threads: any thread.
ContentPlace place_in_content(const SmsContent& content, std::size_t begin, std::size_t length);

// A stretch of a message of several parts, as far as it lies in one of them.
struct PartPlace {
    std::size_t part =
        0;  // of the parts given; as many as there are when none holds any of the stretch
    ContentPlace place = {};
    std::size_t units = 0;  // of the text, that lie there: the rest begins so much further on
};

// Where the text that `parts` make when joined, which are all parts in their order, has the units [begin, begin + length):
// the first part that holds any of them. A length of 0 finds nothing: `part` is the count of parts, `units` 0. Of a message
// that is whole, `parts` is one. Cost and threads as place_in_content.
PartPlace place_in_parts(std::span<const SmsContent> parts, std::size_t begin, std::size_t length);

// "ok" aside, the words of the command line: "text", "binary", "error"; "gsm7", "utf16", ...
std::string_view name_of(DecodeStatus status);
std::string_view name_of(Alphabet alphabet);
// "none", "voicemail", "fax", "email", "other".
std::string_view name_of(MessageWaiting waiting);
// The name of one bit, as reports list it: "lone_surrogate"; empty for anything but one bit.
std::string_view name_of(DecodeOddity bit);
// Of each that holds, the lowest bit first.
std::vector<std::string_view> names_of(DecodeOddity set);

}  // namespace ringfence
