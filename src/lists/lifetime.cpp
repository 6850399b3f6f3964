#include "ringfence/lists/lifetime.hpp"

#include <algorithm>
#include <string>

#include "ringfence/source/time_text.hpp"

namespace ringfence {
namespace {

// In years that can be written.
std::string text_of(Time time) {
    constexpr Time kFirst = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
    constexpr Time kLast = std::chrono::sys_days(std::chrono::year(9999) / 12 / 31);
    return format_time(std::clamp(time, kFirst, kLast));
}

}  // namespace

Status check_dates(std::optional<Time> expires, std::optional<Time> since, Time now) {
    const bool may_lie_ahead = now < Time::max() - kMostAhead;
    if (since && may_lie_ahead && *since > (now + kMostAhead))
        return Error{ErrorCode::kOutOfRange, "since " + text_of(*since) +
                                                 " lies in the future: it is " + text_of(now) +
                                                 "; give the day since when it is known"};
    if (expires && *expires <= now)
        return Error{ErrorCode::kOutOfRange, "it would have ended on " + text_of(*expires) +
                                                 " already: it is " + text_of(now) +
                                                 "; give an end that is to come"};
    return ok();
}

}  // namespace ringfence
