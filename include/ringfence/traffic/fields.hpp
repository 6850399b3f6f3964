// fields.hpp - the columns of calls and messages, and how a row of them becomes a request.
//
// CSV files and Arrow frames share the columns' names and meanings; they differ in how a field is fetched.
// So the reading is written once, over a `Fields` that offers, for a column's number:
//
//     text(c)           the field as text; empty when absent
//     is_given(c)       whether the field is there, even if empty; where empty is absent, whether the column is
//     kept(c)           the same, with an address that outlives the row
//     number(c, out)    false when the field is no whole number that fits; absent leaves `out`
//     time(c, out)      false when the field is no time
//     octets(c, ok)     the octets of a field, empty when absent; ok = false when it is none
//     is_inexact(c)     of Fields that hold floats: whether one stands there that no text can stand for
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string>
#include <string_view>

#include "ringfence/policy/request.hpp"

namespace ringfence::traffic {

enum CallColumn : unsigned {
    kCallTime,
    kCalling,
    kCalled,
    kCallTrunkId,
    kCallTrunk,
    kCallingTon,
    kCalledTon,
    kScreening,
    kPresentation,
    kRedirecting,
    kCallingCategory,
    kEmergency,
    kVerstat,
    kAttestation,
    kRoaming,
    kPhase,
    kDuration,
    kCallId,
    kImei,
    kCell,
    kServingCountry,
    kCallTenant,
    kCallSubscriber,
    kCallColumns
};
inline constexpr std::array<std::string_view, kCallColumns> kCallColumnNames = {
    "time",       "calling",     "called",          "trunk_id",    "trunk",      "calling_ton",
    "called_ton", "screening",   "presentation",    "redirecting", "category",   "emergency",
    "verstat",    "attestation", "roaming",         "phase",       "duration_s", "call_id",
    "imei",       "cell",        "serving_country", "tenant",      "subscriber"};

enum SmsColumn : unsigned {
    kSmsTime,
    kSender,
    kRecipient,
    kText,
    kPdu,
    kDcs,
    kShortMessage,
    kDataCoding,
    kUdhi,
    kSarRef,
    kSarTotal,
    kSarSeq,
    kBind,
    kSmsTrunkId,
    kSmsTrunk,
    kSenderTon,
    kSmsc,
    kSmsTenant,
    kSmsSubscriber,
    kSmsColumns
};
inline constexpr std::array<std::string_view, kSmsColumns> kSmsColumnNames = {
    "time",        "sender",     "recipient", "text",      "pdu",       "dcs",  "short_message",
    "data_coding", "udhi",       "sar_ref",   "sar_total", "sar_seq",   "bind", "trunk_id",
    "trunk",       "sender_ton", "smsc",      "tenant",    "subscriber"};

// Columns 0 to 2 of both are required; the first is the time.
inline constexpr unsigned kRequired = 3;
inline constexpr unsigned kTime = 0;
static_assert(kCallTime == kTime && kSmsTime == kTime);

template <class Value, std::size_t kCount>
using Names = std::array<std::pair<std::string_view, Value>, kCount>;

inline constexpr Names<TypeOfNumber, 14> kTonNames = {
    {{"unknown", TypeOfNumber::kUnknown},
     {"international", TypeOfNumber::kInternational},
     {"national", TypeOfNumber::kNational},
     {"network", TypeOfNumber::kNetworkSpecific},
     {"subscriber", TypeOfNumber::kSubscriber},
     {"alphanumeric", TypeOfNumber::kAlphanumeric},
     {"abbreviated", TypeOfNumber::kAbbreviated},
     {"0", TypeOfNumber::kUnknown},
     {"1", TypeOfNumber::kInternational},
     {"2", TypeOfNumber::kNational},
     {"3", TypeOfNumber::kNetworkSpecific},
     {"4", TypeOfNumber::kSubscriber},
     {"5", TypeOfNumber::kAlphanumeric},
     {"6", TypeOfNumber::kAbbreviated}}};
inline constexpr Names<Presentation, 6> kPresentationNames = {
    {{"allowed", Presentation::kAllowed},
     {"restricted", Presentation::kRestricted},
     {"unavailable", Presentation::kUnavailable},
     {"0", Presentation::kAllowed},
     {"1", Presentation::kRestricted},
     {"2", Presentation::kUnavailable}}};
inline constexpr Names<Screening, 8> kScreeningNames = {
    {{"not_verified", Screening::kUserNotVerified},
     {"passed", Screening::kUserVerifiedPassed},
     {"failed", Screening::kUserVerifiedFailed},
     {"network", Screening::kNetworkProvided},
     {"0", Screening::kUserNotVerified},
     {"1", Screening::kUserVerifiedPassed},
     {"2", Screening::kUserVerifiedFailed},
     {"3", Screening::kNetworkProvided}}};
inline constexpr Names<Verstat, 6> kVerstatNames = {{{"none", Verstat::kNone},
                                                     {"passed", Verstat::kPassed},
                                                     {"failed", Verstat::kFailed},
                                                     {"TN-Validation-Passed", Verstat::kPassed},
                                                     {"TN-Validation-Failed", Verstat::kFailed},
                                                     {"No-TN-Validation", Verstat::kNoValidation}}};
inline constexpr Names<Attestation, 3> kAttestationNames = {
    {{"A", Attestation::kA}, {"B", Attestation::kB}, {"C", Attestation::kC}}};
inline constexpr Names<Roaming, 3> kRoamingNames = {
    {{"unknown", Roaming::kUnknown}, {"yes", Roaming::kYes}, {"no", Roaming::kNo}}};
inline constexpr Names<Phase, 3> kPhaseNames = {
    {{"setup", Phase::kSetup}, {"answer", Phase::kAnswer}, {"end", Phase::kEnd}}};
inline constexpr Names<TrunkKind, 4> kTrunkKindNames = {
    {{"subscriber", TrunkKind::kSubscriber},
     {"national", TrunkKind::kNational},
     {"international", TrunkKind::kInternational},
     {"roaming", TrunkKind::kRoaming}}};
inline constexpr Names<bool, 6> kBooleanNames = {
    {{"0", false}, {"1", true}, {"false", false}, {"true", true}, {"no", false}, {"yes", true}}};

// Reads a whole number; false when the text is none that fits. No text leaves `out` as it is.
template <class Integer>
bool read_whole(std::string_view text, Integer& out) {
    if (text.empty()) return true;
    const char* end = text.data() + text.size();
    Integer value{};
    const auto [at, code] = std::from_chars(text.data(), end, value);
    if (code != std::errc() || at != end) return false;
    out = value;
    return true;
}

// Whether the field is this word, whatever the case of its ASCII letters: spreadsheets write TRUE, Python True.
inline bool is_word(std::string_view word, std::string_view field) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::ranges::equal(word, field, {}, lower, lower);
}

// A field in an error: it may be megabytes, hold control characters, or be personal data in full.
inline std::string shown(std::string_view field) {
    constexpr std::size_t kShown = 40;
    std::string out = "'";
    for (const char c : field.substr(0, kShown))
        out += static_cast<unsigned char>(c) < ' ' ? '?' : c;
    return out.append(field.size() > kShown ? "...'" : "'");
}

// Reads the fields of one row; the first that cannot be read becomes the row's problem.
template <class Fields, std::size_t kColumns>
class RowReader {
public:
    RowReader(const Fields& fields, const std::array<std::string_view, kColumns>& names,
              std::string& problem)
        : fields_(fields), names_(names), problem_(problem) {}

    const Fields& fields() const { return fields_; }
    std::string_view kept(unsigned column) {
        if constexpr (requires { fields_.is_inexact(column); }) {
            if (fields_.is_inexact(column)) {
                complain(column, "give text, or whole numbers that lost no digit as floats");
                return {};
            }
        }
        return fields_.kept(column);
    }

    void time(unsigned column, Time& out) {
        if (!fields_.time(column, out))
            complain(column, "give RFC 3339 or seconds since 1970, UTC");
    }

    template <class Integer>
    void number(unsigned column, Integer& out) {
        if (!fields_.number(column, out)) complain(column, "give a whole number within range");
    }

    template <class Value, std::size_t kCount>
    bool one_of(unsigned column, const Names<Value, kCount>& names, Value& out) {
        const std::string_view field = fields_.text(column);
        if (field.empty()) return true;
        const auto found = std::find_if(names.begin(), names.end(), [&](const auto& name) {
            return is_word(name.first, field);
        });
        if (found != names.end()) {
            out = found->second;
            return true;
        }
        std::string wanted = "give one of";
        for (const auto& name : names) wanted.append(" ").append(name.first);
        complain(column, wanted);
        return false;
    }

    void complain(unsigned column, std::string_view remedy) {
        sound_ = false;
        tell(column, remedy);
    }
    // As complain, of a field without which the event can be judged all the same.
    void tell(unsigned column, std::string_view remedy) {
        if (!problem_.empty()) return;
        problem_.append(names_[column]).append(" ").append(shown(fields_.text(column)));
        problem_.append(" is not understood; ").append(remedy);
    }

    void refuse(std::string_view what) {
        sound_ = false;
        if (problem_.empty()) problem_ = what;
    }

    // Whether nothing was wrong that an event cannot be judged without.
    bool sound() const { return sound_; }

private:
    const Fields& fields_;
    const std::array<std::string_view, kColumns>& names_;
    std::string& problem_;
    bool sound_ = true;
};

// `Places` gives the handles of ids and kinds: trunk(id), trunk_of_kind(kind), bind(id); and tells is_number(text).
template <class Reader, class Places>
void read_trunk(Reader& row, unsigned id_column, unsigned kind_column, Places& places,
                TrunkId& out) {
    if (const std::string_view id = row.fields().text(id_column); !id.empty()) {
        out = places.trunk(id);
        if (out == TrunkId{}) row.complain(id_column, "name a [[trunk]] of the policy");
        return;
    }
    TrunkKind kind = TrunkKind::kNone;
    row.one_of(kind_column, kTrunkKindNames, kind);
    if (kind != TrunkKind::kNone) out = places.trunk_of_kind(kind);
}

// Whose personal lists apply. Anyone may call, and what they show is judged; a subscriber is ours, and a slip there would
// go round their lists unseen. All that is not theirs holds whoever they are.
template <class Reader, class Places>
void read_subscriber(Reader& row, unsigned column, const Places& places, std::string_view& out) {
    out = row.kept(column);
    if (!out.empty() && !places.is_number(out))
        row.tell(column, "give a number, as +8613800001111; no personal list was asked");
}

// Reads a row as an event, and what is wrong with it into `problem`. False when the event is not to be judged; true with a
// problem when it was in a field that decides too little for that.
template <class Fields, class Places>
bool read_event(const Fields& fields, Places& places, Call& call, std::string& problem) {
    RowReader row(fields, kCallColumnNames, problem);
    row.time(kCallTime, call.time);
    call.calling = AddressView(row.kept(kCalling));
    call.called = AddressView(row.kept(kCalled));
    call.redirecting = AddressView(row.kept(kRedirecting));
    row.one_of(kCallingTon, kTonNames, call.calling.ton);
    row.one_of(kCalledTon, kTonNames, call.called.ton);
    row.one_of(kScreening, kScreeningNames, call.calling.screening);
    row.one_of(kPresentation, kPresentationNames, call.calling.presentation);
    read_trunk(row, kCallTrunkId, kCallTrunk, places, call.trunk);
    row.number(kCallingCategory, call.calling_category);
    // What is in doubt is an emergency.
    if (!row.one_of(kEmergency, kBooleanNames, call.emergency)) call.emergency = true;
    row.one_of(kVerstat, kVerstatNames, call.verstat);
    row.one_of(kAttestation, kAttestationNames, call.attestation);
    row.one_of(kRoaming, kRoamingNames, call.roaming);
    row.one_of(kPhase, kPhaseNames, call.phase);
    row.number(kDuration, call.duration_s);
    call.call_id = row.kept(kCallId);
    row.number(kImei, call.imei);
    row.number(kCell, call.cell);
    call.serving_country = row.kept(kServingCountry);
    row.number(kCallTenant, call.tenant);
    read_subscriber(row, kCallSubscriber, places, call.subscriber);
    return row.sound();
}

// Whether a row that fills no content means an empty one of this column, in octets: it is given, and its scheme is
// too or no other content is.
template <class Fields>
bool is_empty_octets(const Fields& fields, unsigned column, unsigned scheme, unsigned other) {
    return fields.is_given(column) &&
           (!fields.text(scheme).empty() || (!fields.is_given(kText) && !fields.is_given(other)));
}

// The content of a message: the one of pdu, short_message and text that the row fills.
template <class Reader>
void read_content(Reader& row, Sms& sms) {
    bool has_pdu = !row.fields().text(kPdu).empty();
    bool has_short = !row.fields().text(kShortMessage).empty();
    const bool has_text = !row.fields().text(kText).empty();
    if (has_pdu + has_short + has_text > 1) {
        row.refuse("fill only one of text, pdu and short_message");
        return;
    }
    if (!has_pdu && !has_short && !has_text) {
        has_pdu = is_empty_octets(row.fields(), kPdu, kDcs, kShortMessage);
        has_short = !has_pdu && is_empty_octets(row.fields(), kShortMessage, kDataCoding, kPdu);
    }
    if (!has_pdu && !has_short) {
        const std::string_view text = row.kept(kText);
        sms.content = {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
        return;
    }
    const unsigned column = has_pdu ? kPdu : kShortMessage;
    bool valid = true;
    sms.coding = has_pdu ? SmsCoding::kPdu : SmsCoding::kShortMessage;
    sms.content = row.fields().octets(column, valid);
    if (!valid) row.complain(column, "give octets as pairs of hexadecimal digits");
    row.number(has_pdu ? kDcs : kDataCoding, sms.coding_scheme);
}

// The content, and which part of a message it is: all that its text hangs on.
template <class Reader>
void read_text(Reader& row, Sms& sms) {
    read_content(row, sms);
    row.one_of(kUdhi, kBooleanNames, sms.udhi);
    row.number(kSarRef, sms.sar_ref);
    row.number(kSarTotal, sms.sar_total);
    row.number(kSarSeq, sms.sar_seq);
}

// For whoever decodes and screens nothing: what is wrong with any other field, the time's too, is no problem.
template <class Fields>
bool read_text_event(const Fields& fields, Sms& sms, std::string& problem) {
    RowReader row(fields, kSmsColumnNames, problem);
    sms.sender = AddressView(row.kept(kSender));
    sms.recipient = AddressView(row.kept(kRecipient));
    read_text(row, sms);
    return row.sound();
}

template <class Fields, class Places>
bool read_event(const Fields& fields, Places& places, Sms& sms, std::string& problem) {
    RowReader row(fields, kSmsColumnNames, problem);
    row.time(kSmsTime, sms.time);
    sms.sender = AddressView(row.kept(kSender));
    sms.recipient = AddressView(row.kept(kRecipient));
    row.one_of(kSenderTon, kTonNames, sms.sender.ton);
    read_text(row, sms);
    if (const std::string_view id = fields.text(kBind); !id.empty()) {
        sms.bind = places.bind(id);
        if (sms.bind == BindId{}) row.complain(kBind, "name a [[bind]] of the policy");
    }
    read_trunk(row, kSmsTrunkId, kSmsTrunk, places, sms.trunk);
    sms.smsc = row.kept(kSmsc);
    row.number(kSmsTenant, sms.tenant);
    read_subscriber(row, kSmsSubscriber, places, sms.subscriber);
    return row.sound();
}

}  // namespace ringfence::traffic
