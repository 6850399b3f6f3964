// content.cpp - the part of ringfence.h that tells what a message says, and where a match lies in what arrived.
#include <vector>

#include "ringfence/text/decode.hpp"
#include "ringfence/text/fold.hpp"
#include "src/c_api/chunk.hpp"
#include "src/c_api/guarded.hpp"
#include "src/c_api/handles.hpp"

using ringfence::Alphabet;
using ringfence::ContentPlace;
using ringfence::DecodedText;
using ringfence::DecodeOddity;
using ringfence::DecodeStatus;
using ringfence::ErrorCode;
using ringfence::MessageMarks;
using ringfence::MessageWaiting;
using ringfence::PartPlace;
using ringfence::Sms;
using namespace ringfence::c_api;

namespace {

// The C constants are the library's enumerators.
template <class Enum>
constexpr bool is_same(unsigned constant, Enum enumerator) {
    return constant == static_cast<unsigned>(enumerator);
}
static_assert(is_same(RINGFENCE_ODDITY_TRUNCATED, DecodeOddity::kTruncated));
static_assert(is_same(RINGFENCE_ODDITY_LONE_SURROGATE, DecodeOddity::kLoneSurrogate));
static_assert(is_same(RINGFENCE_ODDITY_INVALID_OCTET, DecodeOddity::kInvalidOctet));
static_assert(is_same(RINGFENCE_ODDITY_TOO_LONG, DecodeOddity::kTooLong));
static_assert(is_same(RINGFENCE_ODDITY_HEADER_BEYOND_DATA, DecodeOddity::kHeaderBeyondData));
static_assert(is_same(RINGFENCE_ODDITY_ELEMENT_BEYOND_HEADER, DecodeOddity::kElementBeyondHeader));
static_assert(is_same(RINGFENCE_ODDITY_UNKNOWN_ELEMENT, DecodeOddity::kUnknownElement));
static_assert(is_same(RINGFENCE_ODDITY_BAD_CONCATENATION, DecodeOddity::kBadConcatenation));
static_assert(is_same(RINGFENCE_ODDITY_RESERVED_CODING, DecodeOddity::kReservedCoding));
static_assert(is_same(RINGFENCE_ODDITY_UNSUPPORTED_CODING, DecodeOddity::kUnsupportedCoding));
static_assert(is_same(RINGFENCE_ODDITY_COMPRESSED, DecodeOddity::kCompressed));
static_assert(is_same(RINGFENCE_ODDITY_UNKNOWN_ESCAPE, DecodeOddity::kUnknownEscape));
static_assert(is_same(RINGFENCE_ODDITY_NATIONAL_LANGUAGE, DecodeOddity::kNationalLanguage));
static_assert(is_same(RINGFENCE_ODDITY_BYTE_ORDER, DecodeOddity::kByteOrder));
static_assert(is_same(RINGFENCE_ODDITY_UNREADABLE_PART, DecodeOddity::kUnreadablePart));
static_assert(is_same(RINGFENCE_DECODED_TEXT, DecodeStatus::kText));
static_assert(is_same(RINGFENCE_DECODED_BINARY, DecodeStatus::kBinary));
static_assert(is_same(RINGFENCE_DECODED_ERROR, DecodeStatus::kError));
static_assert(is_same(RINGFENCE_WAITING_NONE, MessageWaiting::kNone));
static_assert(is_same(RINGFENCE_WAITING_VOICEMAIL, MessageWaiting::kVoicemail));
static_assert(is_same(RINGFENCE_WAITING_FAX, MessageWaiting::kFax));
static_assert(is_same(RINGFENCE_WAITING_EMAIL, MessageWaiting::kEmail));
static_assert(is_same(RINGFENCE_WAITING_OTHER, MessageWaiting::kOther));
static_assert(RINGFENCE_NO_CLASS == MessageMarks::kNoClass);

ringfence_decoded from_decoded(const DecodedText& from) {
    ringfence_decoded to = ringfence_decoded_init();
    to.oddities = static_cast<std::uint32_t>(from.oddities);
    to.units = static_cast<std::uint32_t>(from.text().size());
    to.ref = from.concatenation.ref;
    to.total = from.concatenation.total;
    to.seq = from.concatenation.seq;
    to.status = static_cast<std::uint8_t>(from.status);
    to.alphabet = static_cast<std::uint8_t>(from.alphabet);
    to.message_class = from.marks.message_class;
    to.waiting = static_cast<std::uint8_t>(from.marks.waiting);
    to.waiting_active = from.marks.waiting_active ? 1 : 0;
    to.auto_delete = from.marks.auto_delete ? 1 : 0;
    to.has_ports = from.marks.has_ports ? 1 : 0;
    to.destination_port = from.marks.destination_port;
    to.source_port = from.marks.source_port;
    to.locking_language = from.marks.locking_language;
    to.single_language = from.marks.single_language;
    return to;
}

ringfence_place from_place(const PartPlace& from) {
    ringfence_place to = ringfence_place_init();
    to.part = from.part;
    to.octet = from.place.first_octet;
    to.octets = from.place.octets;
    if (from.place.unit == ContentPlace::Unit::kSeptet) {
        to.septet = from.place.begin;
        to.septets = from.place.length;
    }
    to.units = static_cast<std::uint32_t>(from.units);
    return to;
}

ringfence_status read_sms(const ringfence_sms* from, const char* what, Sms& to,
                          ringfence_error* error) {
    ringfence_sms mine;
    if (const auto status = read_struct(from, mine)) return refuse(status, what, from, error);
    if (const auto status = convert(mine, to)) return refuse(status, what, from, error);
    return RINGFENCE_OK;
}

}  // namespace

// The names are string literals: each ends in a zero.
const char* ringfence_oddity_name(uint32_t oddity) {
    const auto name = name_of(static_cast<DecodeOddity>(oddity));
    return name.empty() ? "unknown" : name.data();
}
const char* ringfence_alphabet_name(uint8_t alphabet) {
    const auto name = name_of(static_cast<Alphabet>(alphabet));
    return name.empty() ? "unknown" : name.data();
}

ringfence_status ringfence_screen_decode(const ringfence_screen* screen, const ringfence_sms* sms,
                                         ringfence_error* error, ringfence_decoded* decoded,
                                         char* buffer, size_t capacity, size_t* size) {
    if (size != nullptr) *size = 0;
    if (buffer == nullptr && capacity != 0) return null_argument("buffer", error);
    if (capacity > 0) buffer[0] = '\0';
    return guarded(error, [&]() -> ringfence_status {
        if (decoded != nullptr) {
            ringfence_decoded mine;
            if (const auto status = read_struct(decoded, mine))
                return refuse(status, "decoded", decoded, error);
            write_struct(ringfence_decoded_init(), decoded);
        }
        if (screen == nullptr) return null_argument("screen", error);
        Sms request;
        if (const auto status = read_sms(sms, "sms", request, error)) return status;
        DecodedText text;
        decode(screen->screen.content_of(request), text);
        if (decoded != nullptr) write_struct(from_decoded(text), decoded);
        const std::string utf8 = ringfence::to_utf8(text.text());
        const auto status = copy_out(utf8, buffer, capacity, size);
        if (!status || (buffer == nullptr && decoded != nullptr)) return RINGFENCE_OK;
        return report(ErrorCode::kTooLarge,
                      "the text takes " + std::to_string(utf8.size() + 1) + " octets", error);
    });
}

ringfence_status ringfence_screen_place(const ringfence_screen* screen, const ringfence_sms* parts,
                                        size_t count, size_t begin, size_t length,
                                        ringfence_error* error, ringfence_place* place) {
    return guarded(error, [&]() -> ringfence_status {
        ringfence_place safe;
        if (const auto status = read_struct(place, safe))
            return refuse(status, "place", place, error);
        write_struct(ringfence_place_init(), place);
        if (screen == nullptr) return null_argument("screen", error);
        if (parts == nullptr) return null_argument("parts", error);
        if (count == 0 || count > RINGFENCE_MESSAGE_PARTS)
            return report(ErrorCode::kInvalidArgument,
                          "parts: " + std::to_string(count) + " of them; a message has 1 to 255",
                          error);
        std::size_t stride = 0;
        if (!read_distance(parts, count, stride))
            return refuse(RINGFENCE_INVALID_ARGUMENT, "parts", parts, error);
        std::vector<Sms> messages(count);
        for (std::size_t i = 0; i < count; ++i) {
            const ringfence_sms* part = element_at(parts, stride, i);
            if (part == nullptr)
                return report(ErrorCode::kInvalidArgument,
                              "parts: one has another struct_size than the first", error);
            const std::string what = "parts[" + std::to_string(i) + "]";
            if (const auto status = read_sms(part, what.c_str(), messages[i], error)) return status;
        }
        const auto found = screen->screen.place_of(messages, begin, length);
        if (!found) return report(found.error(), error);
        write_struct(from_place(*found), place);
        return RINGFENCE_OK;
    });
}
