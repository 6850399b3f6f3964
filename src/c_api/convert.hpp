// convert.hpp - C structs to the library's own requests, checked.
//
// A struct of another size than this library's is read as one of its own: missing fields are zero, and
// an unknown tail must be all zero.
#pragma once

#include <cstddef>

#include "ringfence.h"
#include "ringfence/policy/request.hpp"
#include "ringfence/screen/screen.hpp"

namespace ringfence::c_api {

// Copies the struct at `from` into `to`. RINGFENCE_UNSUPPORTED for an unknown tail that is not zero,
// RINGFENCE_INVALID_ARGUMENT for a size that holds no struct_size.
template <class Struct>
ringfence_status read_struct(const Struct* from, Struct& to);

ringfence_status to_call(const ringfence_call& from, Call& to);
ringfence_status to_sms(const ringfence_sms& from, Sms& to);
ringfence_status to_address(const ringfence_address& from, AddressView& to);
ringfence_status to_view(const ringfence_string& from, std::string_view& to);

Verdict to_verdict(const ringfence_verdict& from);
ringfence_verdict from_verdict(const Verdict& from);

// What a refused argument gets: allow, flagged as degraded and as bad input.
ringfence_verdict refused_verdict();

ringfence_status report(ErrorCode code, std::string_view text, ringfence_error* error);
ringfence_status report(const Error& from, ringfence_error* error);

}  // namespace ringfence::c_api
