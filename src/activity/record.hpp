// record.hpp - events into a record, and a record into features.
//
// An event goes into the four-hour cell first. From then on it is counted and must not be tried again;
// a cell that turns out to have a new owner afterwards is left alone.
#pragma once

#include <atomic>
#include <cstdint>

#include "ringfence/activity/features.hpp"
#include "ringfence/base/time.hpp"
#include "src/activity/bucket.hpp"
#include "src/activity/cell.hpp"

namespace ringfence::activity {

// kGone: the record has a new owner and nothing was counted.
enum class Outcome : std::uint8_t { kCounted, kLate, kGone };

// The positions of an event in the sketches, from hashes; devices: kNoDevice for none.
struct Marks {
    static constexpr unsigned kPeers = 128;
    static constexpr unsigned kNone = ~0u;
    unsigned peer = kNone;
    unsigned device = kNone;
};

// Each counts one event of the number whose record this is.
Outcome count_call_out(Record& record, std::uint32_t generation, Time time, Marks marks);
Outcome count_call_in(Record& record, std::uint32_t generation, Time time);
Outcome count_answered(Record& record, std::uint32_t generation, Time time);
Outcome count_short(Record& record, std::uint32_t generation, Time time);
Outcome count_sms_out(Record& record, std::uint32_t generation, Time time);
Outcome count_sms_in(Record& record, std::uint32_t generation, Time time);

// The features at `time`; zero where cells have a new owner.
Features read_features(const Record& record, std::uint32_t generation, Time time);

// Days that a number with these features is kept: 1 to 30, by the bit width of its day's events.
int keep_days(const Features& features);

std::int64_t day_of(Time time);

}  // namespace ringfence::activity
