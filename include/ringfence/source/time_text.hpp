// time_text.hpp - points in time as files write them.
//
// Reads RFC 3339 ("2026-03-01T08:00:00Z", also with an offset, a fraction, a blank in place of T),
// a bare date (its first moment, UTC) and seconds since 1970 ("1772352000", "-1.5"). Years 0001 to
// 9999.
//
// Source: RFC 3339 section 5.6.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ringfence/base/time.hpp"

namespace ringfence {

// The time that `text` names, fractions below a millisecond cut off; none when it is no time, or
// has no such day. A second of 60 is read as the first of the next minute.
// Threads: any thread.
std::optional<Time> parse_time(std::string_view text);

// "2026-03-01T08:00:00Z", with milliseconds only where there are any. `time` lies in years 0001 to
// 9999.
// Threads: any thread.
std::string format_time(Time time);

}  // namespace ringfence
