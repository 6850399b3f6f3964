// features.hpp - what the activity room says about one number at one time.
//
// Every feature is a count, an estimate or a share in thousandths, so that rules compare integers:
// 1.5 calls a callee is 1500. "Out" is by the number, "in" is to it. Windows end at the time asked for.
//
//     calls_1h, calls_24h     calls out; the oldest sub-window (10 min, 4 h) counts in proportion
//     callees                 distinct called parties in 24 h, by linear counting: within 9 % (mean) to 200
//     calls_per_callee        calls out for each of them; 0 without any
//     calls_in_24h            calls in
//     out_share               calls out of all calls in 24 h
//     answered_24h, answered_share   calls out that were answered, and of calls out
//     short_24h, short_share  calls out that ended within ActivityOptions::short_call_s, and of answered
//     sms_1h, sms_24h         SMS out
//     sms_in_24h              SMS in
//     imeis                   distinct devices in 15 to 30 days, by linear counting; to about 80
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ringfence {

// Persisted in evidence: numbers are never reused.
enum class Feature : std::uint8_t {
    kCalls1h = 0,
    kCalls24h = 1,
    kCallees = 2,
    kCallsPerCallee = 3,
    kCallsIn24h = 4,
    kOutShare = 5,
    kAnswered24h = 6,
    kAnsweredShare = 7,
    kShort24h = 8,
    kShortShare = 9,
    kSms1h = 10,
    kSms24h = 11,
    kSmsIn24h = 12,
    kImeis = 13,
};
inline constexpr unsigned kFeatureCount = 14;

struct Features {
    static constexpr std::uint32_t kOne = 1000;

    std::array<std::uint32_t, kFeatureCount> values{};  // in thousandths
    // More callees than the sketch can tell apart: `callees` is a lower bound, `calls_per_callee` an
    // upper one, so a rule "<" errs on the caller's side.
    bool callees_saturated = false;

    constexpr std::uint32_t operator[](Feature feature) const {
        return values[static_cast<unsigned>(feature)];
    }
    constexpr std::uint32_t& operator[](Feature feature) {
        return values[static_cast<unsigned>(feature)];
    }
    friend constexpr bool operator==(const Features&, const Features&) = default;
};

// The names that the policy uses. Threads: any thread.
std::string_view name_of(Feature feature);
std::optional<Feature> feature_from_name(std::string_view name);

// All names, in the order of the enum: for messages about a wrong one. Threads: any thread.
std::span<const std::string_view> feature_names();

}  // namespace ringfence
