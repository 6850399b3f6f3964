#include "src/c_api/convert.hpp"

#include "src/c_api/handles.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <initializer_list>

namespace ringfence::c_api {
namespace {

bool all_zero(const unsigned char* bytes, std::size_t size) {
    return std::all_of(bytes, bytes + size, [](unsigned char byte) { return byte == 0; });
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

template <class Enum>
ringfence_status read_enum(std::uint8_t from, Enum last, Enum& to) {
    if (from > static_cast<std::uint8_t>(last)) return RINGFENCE_INVALID_ARGUMENT;
    to = static_cast<Enum>(from);
    return RINGFENCE_OK;
}

template <std::size_t kSize>
ringfence_status read_reserved(const std::uint8_t (&reserved)[kSize]) {
    return all_zero(reserved, kSize) ? RINGFENCE_OK : RINGFENCE_UNSUPPORTED;
}

ringfence_status read_bool(std::uint8_t from, bool& to) {
    to = from != 0;
    return from <= 1 ? RINGFENCE_OK : RINGFENCE_INVALID_ARGUMENT;
}

// A braced list is evaluated whole and in order: what stands behind a slip is read too.
ringfence_status first_refused(std::initializer_list<ringfence_status> statuses) {
    const auto* refused = std::find_if(statuses.begin(), statuses.end(),
                                       [](ringfence_status status) { return status != 0; });
    return refused == statuses.end() ? RINGFENCE_OK : *refused;
}

}  // namespace

template <class Struct>
ringfence_status read_struct(const Struct* from, Struct& to) {
    if (from == nullptr) return RINGFENCE_INVALID_ARGUMENT;
    const std::size_t size = from->struct_size;
    if (size < kFirstSize<Struct> || size > kLargestStruct) return RINGFENCE_INVALID_ARGUMENT;
    const auto* bytes = reinterpret_cast<const unsigned char*>(from);
    to = Struct{};
    std::memcpy(&to, bytes, std::min(size, sizeof to));
    const bool known = size <= sizeof to || all_zero(bytes + sizeof to, size - sizeof to);
    return known ? RINGFENCE_OK : RINGFENCE_UNSUPPORTED;
}

template ringfence_status read_struct(const ringfence_call*, ringfence_call&);
template ringfence_status read_struct(const ringfence_sms*, ringfence_sms&);
template ringfence_status read_struct(const ringfence_screen_options*, ringfence_screen_options&);
template ringfence_status read_struct(const ringfence_shared_options*, ringfence_shared_options&);
template ringfence_status read_struct(const ringfence_list_change*, ringfence_list_change&);
template ringfence_status read_struct(const ringfence_reconcile_options*,
                                      ringfence_reconcile_options&);
template ringfence_status read_struct(const ringfence_reconcile_report*,
                                      ringfence_reconcile_report&);
template ringfence_status read_struct(const ringfence_decoded*, ringfence_decoded&);
template ringfence_status read_struct(const ringfence_place*, ringfence_place&);

template <class Struct>
void write_struct(const Struct& from, Struct* to) {
    const std::size_t size = to->struct_size;
    std::memcpy(to, &from, std::min(size, sizeof from));
    to->struct_size = size;
}

template void write_struct(const ringfence_reconcile_report&, ringfence_reconcile_report*);
template void write_struct(const ringfence_decoded&, ringfence_decoded*);
template void write_struct(const ringfence_place&, ringfence_place*);

ringfence_status to_view(const ringfence_string& from, std::string_view& to) {
    if (from.data == nullptr && from.size != 0) return RINGFENCE_INVALID_ARGUMENT;
    to = std::string_view(from.data, from.size);
    return RINGFENCE_OK;
}

ringfence_status to_address(const ringfence_address& from, AddressView& to) {
    to = AddressView();
    if (from.data == nullptr && from.size != 0) return RINGFENCE_INVALID_ARGUMENT;
    const auto status = first_refused(
        {read_reserved(from.reserved), read_enum(from.coding, AddressCoding::kQ763, to.coding),
         read_enum(from.ton, TypeOfNumber::kAbbreviated, to.ton),
         read_enum(from.presentation, Presentation::kUnavailable, to.presentation),
         read_enum(from.screening, Screening::kNetworkProvided, to.screening)});
    if (to.coding == AddressCoding::kText) {
        to.text = std::string_view(static_cast<const char*>(from.data), from.size);
    } else {
        to.octets = std::span(static_cast<const std::uint8_t*>(from.data), from.size);
    }
    return status;
}

ringfence_status convert(const ringfence_call& from, Call& to) {
    to = Call{};
    to.time = time_from_ms(from.time_ms);
    to.imei = from.imei;
    to.cell = from.cell;
    to.tenant = from.tenant;
    to.duration_s = from.duration_s;
    to.trunk = TrunkId{from.trunk};
    to.calling_category = from.calling_category;
    return first_refused(
        {read_reserved(from.reserved), to_address(from.calling, to.calling),
         to_address(from.called, to.called), to_address(from.redirecting, to.redirecting),
         to_view(from.call_id, to.call_id), to_view(from.serving_country, to.serving_country),
         to_view(from.subscriber, to.subscriber),
         read_bool(from.emergency, to.emergency),  // in doubt it is one
         read_enum(from.phase, Phase::kEnd, to.phase),
         read_enum(from.roaming, Roaming::kNo, to.roaming),
         read_enum(from.verstat, Verstat::kNoValidation, to.verstat),
         read_enum(from.attestation, Attestation::kC, to.attestation)});
}

ringfence_status convert(const ringfence_sms& from, Sms& to) {
    to = Sms{};
    const bool has_content = from.content != nullptr || from.content_size == 0;
    if (has_content) to.content = std::span(from.content, from.content_size);
    to.time = time_from_ms(from.time_ms);
    to.tenant = from.tenant;
    to.trunk = TrunkId{from.trunk};
    to.bind = BindId{from.bind};
    to.sar_ref = from.sar_ref;
    to.sar_total = from.sar_total;
    to.sar_seq = from.sar_seq;
    to.coding_scheme = from.coding_scheme;
    return first_refused({read_reserved(from.reserved), to_address(from.sender, to.sender),
                          to_address(from.recipient, to.recipient), to_view(from.smsc, to.smsc),
                          to_view(from.subscriber, to.subscriber),
                          has_content ? RINGFENCE_OK : RINGFENCE_INVALID_ARGUMENT,
                          read_bool(from.udhi, to.udhi),
                          read_enum(from.coding, SmsCoding::kShortMessage, to.coding)});
}

ringfence_status convert(const ringfence_screen_options& from, ScreenOptions& to) {
    to = ScreenOptions{};
    if (!all_zero(from.reserved, sizeof from.reserved)) return RINGFENCE_UNSUPPORTED;
    if (from.force > 1 || from.read_only > 1) return RINGFENCE_INVALID_ARGUMENT;
    to.activity_bytes = from.activity_bytes;
    to.reassembly_slots = from.reassembly_slots;
    to.seed = from.seed;
    to.force = from.force != 0;
    to.read_only = from.read_only != 0;
    if (from.now_ms != 0) to.now = time_from_ms(from.now_ms);
    if (from.follows != nullptr) to.shared = &from.follows->image;
    if (from.publishes != nullptr) to.publishes = &from.publishes->image;
    return RINGFENCE_OK;
}

ringfence_status convert(const ringfence_shared_options& from, SharedImageOptions& to) {
    to = SharedImageOptions{};
    if (!all_zero(from.reserved, sizeof from.reserved)) return RINGFENCE_UNSUPPORTED;
    if (from.arena_bytes != 0) to.arena_bytes = from.arena_bytes;
    if (from.readers != 0) to.readers = from.readers;
    return RINGFENCE_OK;
}

ringfence_status convert(const ringfence_list_change& from, ListChange& to) {
    to = ListChange{};
    if (!all_zero(from.reserved, sizeof from.reserved)) return RINGFENCE_UNSUPPORTED;
    if (from.has_confidence > 1 || (from.has_confidence == 0 && from.confidence != 0) ||
        from.confidence > 100) {
        return RINGFENCE_INVALID_ARGUMENT;
    }
    for (const auto& [text, view] : {std::pair{&from.list, &to.list},
                                     {&from.entry, &to.entry},
                                     {&from.source, &to.source},
                                     {&from.subscriber, &to.subscriber}}) {
        if (const auto status = to_view(*text, *view)) return status;
    }
    if (from.expires_ms != 0) to.expires = time_from_ms(from.expires_ms);
    if (from.since_ms != 0) to.since = time_from_ms(from.since_ms);
    if (from.has_confidence != 0) to.confidence = from.confidence;
    return RINGFENCE_OK;
}

ringfence_status convert(const ringfence_reconcile_options& from, ReconcileOptions& to) {
    to = ReconcileOptions{};
    if (!all_zero(from.reserved, sizeof from.reserved)) return RINGFENCE_UNSUPPORTED;
    if (from.force > 1 || from.dry_run > 1) return RINGFENCE_INVALID_ARGUMENT;
    to.force = from.force != 0;
    to.dry_run = from.dry_run != 0;
    if (from.progress != nullptr) {
        to.progress = [tell = from.progress, context = from.context](std::uint64_t rows) {
            tell(context, rows);
        };
    }
    return RINGFENCE_OK;
}

ringfence_reconcile_report from_report(const ReconcileReport& from) {
    return {sizeof(ringfence_reconcile_report),
            from.rows,
            from.bad_rows,
            from.passed_over,
            from.expired,
            from.added,
            from.removed,
            from.changed,
            from.kept,
            from.overlaid,
            from.memory_bytes};
}

// The C struct is the C++ one, field by field; bit_cast keeps the optimizer's copy and the compiler's
// check of the size, the asserts check the places.
static_assert(offsetof(ringfence_verdict, reason) == offsetof(Verdict, reason));
static_assert(offsetof(ringfence_verdict, match_length) == offsetof(Verdict, match_length));
static_assert(offsetof(ringfence_verdict, action) == offsetof(Verdict, action));
static_assert(offsetof(ringfence_verdict, layout) == offsetof(Verdict, layout));

Verdict to_verdict(const ringfence_verdict& from) {
    Verdict verdict = std::bit_cast<Verdict>(from);
    // A caller may hand back anything: only enumerators of this build go further.
    if (from.action >= kActionCount) verdict.action = Action::kAllow;
    if (from.shadow_action >= kActionCount) verdict.shadow_action = Action::kAllow;
    if (from.stage >= kStageCount) verdict.stage = Stage::kNone;
    return verdict;
}

ringfence_verdict from_verdict(Verdict from, ringfence_status slip) {
    if (slip) {
        from.set(VerdictFlag::kDegraded);
        from.set(VerdictFlag::kBadInput);
    }
    return std::bit_cast<ringfence_verdict>(from);
}

ringfence_verdict refused_verdict() { return from_verdict(Verdict(), RINGFENCE_INVALID_ARGUMENT); }

ringfence_status report(ErrorCode code, std::string_view text, ringfence_error* error) {
    const auto status = static_cast<ringfence_status>(code);
    if (error != nullptr) {
        const std::size_t size = std::min(text.size(), sizeof error->text - 1);
        error->code = status;
        std::transform(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size), error->text,
                       [](char c) { return is_control(c) ? '?' : c; });
        error->text[size] = '\0';
    }
    return status;
}

ringfence_status report(const Error& from, ringfence_error* error) {
    return report(from.code, from.text, error);
}

}  // namespace ringfence::c_api
