// lifetime.hpp - until when an entry of an automatic list is there when nobody said.
//
// What a program puts on a list must age out: numbers are given to others. Such an entry lives for the list's
// lifetime from the day since when it is known; a row that does not say is as old as its file.
//
// Cost: an addition.
#pragma once

#include <optional>

#include "ringfence/base/result.hpp"
#include "ringfence/base/time.hpp"

namespace ringfence {

// When an entry that is known since `since` is to go; the end of time at most. Threads: any thread.
constexpr Time end_of_life(Time since, Milliseconds lifetime) {
    return since > Time::max() - lifetime ? Time::max() : since + lifetime;
}

// The same for an entry of a list with or without a lifetime: what `expires` says, if it says anything.
// Threads: any thread.
constexpr std::optional<Time> expiry_of(std::optional<Time> expires, std::optional<Time> since,
                                        std::optional<Milliseconds> lifetime) {
    if (expires || !since || !lifetime) return expires;
    return end_of_life(*since, *lifetime);
}

// By so much a date may lie ahead: clocks differ, and a date alone is a day somewhere else already.
inline constexpr Milliseconds kMostAhead = std::chrono::days(1);

// Whether an entry of these dates may be put on a list at `now`: fails with kOutOfRange when it ends by then, so that it
// never would count, or when it is known since more than a day ahead. The text says what is wrong and what to do.
// Threads: any thread.
Status check_dates(std::optional<Time> expires, std::optional<Time> since, Time now);

}  // namespace ringfence
