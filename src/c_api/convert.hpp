// convert.hpp - C structs to the library's own requests, checked.
//
// A struct of another size than this library's is read as one of its own: fields that an older header did not
// have are zero, and an unknown tail must be all zero.
#pragma once

#include <cstddef>

#include "ringfence.h"
#include "ringfence/image/shared_image.hpp"
#include "ringfence/policy/request.hpp"
#include "ringfence/screen/screen.hpp"

namespace ringfence::c_api {

// The size that a struct had in the first release that had it: smaller ones never were. When a struct grows,
// its old size is to stand here as a number.
template <class Struct>
inline constexpr std::size_t kFirstSize = sizeof(Struct);

template <>
inline constexpr std::size_t kFirstSize<ringfence_screen_options> = 48;  // without shared lists

// A larger size is garbage, not a future.
inline constexpr std::size_t kLargestStruct = 4096;

// Copies the struct at `from` into `to`. RINGFENCE_UNSUPPORTED for an unknown tail that is not zero: what is
// known stands in `to` then. RINGFENCE_INVALID_ARGUMENT for NULL and for a size that no struct of this name ever had.
template <class Struct>
ringfence_status read_struct(const Struct* from, Struct& to);

// Whether structs of `size` octets can lie one behind the other, each aligned.
template <class Struct>
constexpr bool is_distance(std::size_t size) {
    return size % alignof(Struct) == 0;
}

// Writes as much of a struct as its owner has room for.
template <class Struct>
void write_struct(const Struct& from, Struct* to);

// What a C struct says, as the library has it; what it points at is borrowed. Of a refused call, SMS or address
// `to` is what can be read: a field with a slip is absent there, an emergency flag in doubt is set.
ringfence_status convert(const ringfence_call& from, Call& to);
ringfence_status convert(const ringfence_sms& from, Sms& to);
ringfence_status convert(const ringfence_screen_options& from, ScreenOptions& to);
ringfence_status convert(const ringfence_shared_options& from, SharedImageOptions& to);
ringfence_status convert(const ringfence_list_change& from, ListChange& to);
ringfence_status convert(const ringfence_reconcile_options& from, ReconcileOptions& to);
ringfence_reconcile_report from_report(const ReconcileReport& from);
ringfence_status to_address(const ringfence_address& from, AddressView& to);
ringfence_status to_view(const ringfence_string& from, std::string_view& to);

// Reads an event. Where the status is no success `to` is what can be read of it.
template <class CStruct, class Event>
ringfence_status read_event(const CStruct* from, Event& to) {
    to = Event{};
    CStruct mine;
    const auto unread = read_struct(from, mine);
    if (unread && unread != RINGFENCE_UNSUPPORTED) return unread;
    const auto refused = convert(mine, to);
    return unread ? unread : refused;
}

Verdict to_verdict(const ringfence_verdict& from);

// The verdict on an event; where reading it gave a status, flagged as degraded and as bad input.
ringfence_verdict from_verdict(Verdict from, ringfence_status slip = RINGFENCE_OK);

// What a refused argument gets: allow, flagged as degraded and as bad input.
ringfence_verdict refused_verdict();

// Fills in the error; control characters of its text, which may quote what a caller gave, become '?'.
ringfence_status report(ErrorCode code, std::string_view text, ringfence_error* error);
ringfence_status report(const Error& from, ringfence_error* error);

}  // namespace ringfence::c_api
