// condition.hpp - one comparison of an activity rule, `calls_1h = ">=60"`, and the gate before a rule.
//
// A rule of the policy is a conjunction of conditions. Most events come from numbers with hardly any
// history, so a rule also knows the smallest counts under which it cannot hold, and two integer compares
// spare the rest.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

#include "ringfence/activity/features.hpp"
#include "ringfence/base/result.hpp"

namespace ringfence {

enum class Comparator : std::uint8_t {
    kAtLeast = 0,  // >=
    kAbove = 1,    // >
    kAtMost = 2,   // <=
    kBelow = 3,    // <
    kEqual = 4,    // == or =
};

struct ActivityCondition {
    Feature feature = Feature::kCalls24h;
    Comparator comparator = Comparator::kAtLeast;
    std::uint32_t value = 0;  // in thousandths

    constexpr bool holds(const Features& features) const {
        const std::uint32_t seen = features[feature];
        switch (comparator) {
            case Comparator::kAtLeast: return seen >= value;
            case Comparator::kAbove: return seen > value;
            case Comparator::kAtMost: return seen <= value;
            case Comparator::kBelow: return seen < value;
            case Comparator::kEqual: return seen == value;
        }
        return false;
    }

    // Reads one entry of `when`: the name of a feature, and ">=60", "< 1.5" and the like with at most
    // three decimals and a value to 4,000,000. Fails with kUnknownKey (the text names the nearest
    // feature) or kSyntax / kOutOfRange (the text says what is expected); neither names a file.
    // Threads: any thread.
    static Result<ActivityCondition> parse(std::string_view feature, std::string_view comparison);

    friend constexpr bool operator==(const ActivityCondition&, const ActivityCondition&) = default;
};

// Counts in 24 hours, in thousandths, below which a conjunction cannot hold. Both zero: nothing keeps
// the rule from firing on a number's first event, which lint reports.
struct ActivityGate {
    std::uint32_t calls = 0;  // out
    std::uint32_t sms = 0;    // out

    constexpr bool open(const Features& features) const {
        return features[Feature::kCalls24h] >= calls && features[Feature::kSms24h] >= sms;
    }

    // Of one rule. A comparison from below with the calls or SMS out of an hour or a day gives a bound
    // (an hour's count never exceeds the day's); no other does.
    static constexpr ActivityGate of(std::span<const ActivityCondition> all);

    // The gate before both rules: closed only where each is.
    static constexpr ActivityGate either(ActivityGate a, ActivityGate b) {
        return {std::min(a.calls, b.calls), std::min(a.sms, b.sms)};
    }

    friend constexpr bool operator==(const ActivityGate&, const ActivityGate&) = default;
};

// Whether every condition holds: a rule's body, behind its gate. Threads: any thread.
constexpr bool holds(std::span<const ActivityCondition> all, const Features& features) {
    return std::all_of(all.begin(), all.end(),
                       [&](const ActivityCondition& one) { return one.holds(features); });
}

constexpr ActivityGate ActivityGate::of(std::span<const ActivityCondition> all) {
    ActivityGate gate;
    for (const ActivityCondition& one : all) {
        const bool from_below = one.comparator == Comparator::kAtLeast ||
                                one.comparator == Comparator::kAbove ||
                                one.comparator == Comparator::kEqual;
        if (!from_below) continue;
        switch (one.feature) {
            case Feature::kCalls1h:
            case Feature::kCalls24h: gate.calls = std::max(gate.calls, one.value); break;
            case Feature::kSms1h:
            case Feature::kSms24h: gate.sms = std::max(gate.sms, one.value); break;
            default: break;
        }
    }
    return gate;
}

}  // namespace ringfence
