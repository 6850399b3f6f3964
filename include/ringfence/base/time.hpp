// time.hpp - the library's only notion of time: a parameter.
//
// No function of the library reads a clock. Time is UTC in milliseconds since 1970, and may go
// backwards by a little where several feeds meet; each room says how much it bears.
#pragma once

#include <chrono>
#include <cstdint>

namespace ringfence {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;
using Milliseconds = std::chrono::milliseconds;

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kDayS = kDayMs / 1000;

constexpr Time time_from_ms(std::int64_t ms) { return Time(Milliseconds(ms)); }
constexpr std::int64_t to_ms(Time time) { return time.time_since_epoch().count(); }

}  // namespace ringfence
