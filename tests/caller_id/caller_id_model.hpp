// caller_id_model.hpp - the plain model that `judge` is held against: one table of what DOMAIN says, read
// top down, the first row that fits decides. It never looks at a digit: it is told what a caller is and
// how it was written, and the generator writes the digits for that.
#pragma once

#include <cstdint>
#include <optional>

#include "ringfence/base/signalling.hpp"
#include "ringfence/base/vocabulary.hpp"
#include "ringfence/caller_id/caller_id.hpp"

namespace ringfence::model {

enum class What : std::uint8_t {
    kNobody,
    kName,
    kZeros,  // 000..., +0...
    kEmergency,
    kProtected,
    kAreaProtected,  // area code + 96110
    kShort,
    kSmsPort,
    kSharedCost,
    kIot,
    kReserved,
    kMobile,
    kLandline,
    kLongMobile,  // a mobile with a digit too many
    kForeign,
    kForeignListed,  // of a region that the policy lists
};
inline constexpr unsigned kWhatCount = 16;

enum class Written : std::uint8_t {
    kBare,       // 95588, 13800138000, foreign: without anything
    kTrunkZero,  // 0 before it
    kPlusHome,   // +86; foreign: +
    kZerosHome,  // 0086; foreign: 00
    kPlusBare,   // + straight before a national or short number
    kZerosBare,  // 00 straight before one
};
inline constexpr unsigned kWrittenCount = 6;

enum class Place : std::uint8_t { kNoTrunk, kHome, kAbroad, kRoamingTrunk };
enum class Listed : std::uint8_t { kNoList, kOnList, kNotOnList };  // the trunk's protected numbers

struct Described {
    What what = What::kNobody;
    Written written = Written::kBare;
    Medium medium = Medium::kCall;
    Place place = Place::kNoTrunk;
    Listed listed = Listed::kNoList;
    Roaming roaming = Roaming::kUnknown;
    bool redirected_by_mobile = false;
    bool verstat_failed = false;
};

struct Expected {
    Action action = Action::kAllow;
    bool needs_roaming = false;
};

struct Row {
    std::optional<What> what;
    std::optional<Written> written;
    std::optional<Medium> medium;
    std::optional<Place> place;
    std::optional<Listed> listed;
    std::optional<Roaming> roaming;
    std::optional<bool> redirected;
    Action action;
    bool needs_roaming;
};

inline constexpr auto kAny = std::nullopt;

// clang-format off
inline constexpr Row kRows[] = {
    // what                written              medium        place                 listed              roaming            redirected  expected
    // No trunk: only what holds anywhere.
    {What::kForeignListed, kAny,                kAny,         Place::kNoTrunk,      kAny,               kAny,              kAny,  Action::kTag,    false},
    {kAny,                 kAny,                Medium::kSms, Place::kNoTrunk,      kAny,               kAny,              kAny,  Action::kAllow,  false},
    // (behind a + it reads as a foreign number, which only a trunk's rules look at)
    {What::kSmsPort,       Written::kPlusBare,  kAny,         Place::kNoTrunk,      kAny,               kAny,              kAny,  Action::kAllow,  false},
    {What::kSmsPort,       Written::kZerosBare, kAny,         Place::kNoTrunk,      kAny,               kAny,              kAny,  Action::kAllow,  false},
    {What::kSmsPort,       kAny,                kAny,         Place::kNoTrunk,      kAny,               kAny,              kAny,  Action::kReject, false},
    {What::kIot,           kAny,                kAny,         Place::kNoTrunk,      kAny,               kAny,              kAny,  Action::kTag,    false},
    {What::kReserved,      kAny,                kAny,         Place::kNoTrunk,      kAny,               kAny,              kAny,  Action::kTag,    false},
    {kAny,                 kAny,                kAny,         Place::kNoTrunk,      kAny,               kAny,              kAny,  Action::kAllow,  false},
    // On every trunk, calls and SMS.
    {What::kZeros,         kAny,                kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kReject, false},
    {What::kEmergency,     Written::kPlusBare,  kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kReject, false},
    {What::kEmergency,     Written::kZerosBare, kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kReject, false},
    {What::kProtected,     Written::kPlusBare,  kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kReject, false},
    {What::kProtected,     Written::kZerosBare, kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kReject, false},
    {What::kShort,         Written::kPlusBare,  kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kReject, false},
    {What::kShort,         Written::kZerosBare, kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kReject, false},
    {What::kSmsPort,       Written::kPlusBare,  kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kReject, false},
    {What::kSmsPort,       Written::kZerosBare, kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kReject, false},
    {What::kSharedCost,    Written::kPlusBare,  kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kReject, false},
    {What::kSharedCost,    Written::kZerosBare, kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kReject, false},
    {What::kForeignListed, kAny,                kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kTag,    false},
    {What::kForeign,       kAny,                kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kAllow,  false},
    // Short codes and 106x are ordinary SMS senders; ranges and roaming are a matter of calls.
    {kAny,                 kAny,                Medium::kSms, kAny,                 kAny,               kAny,              kAny,  Action::kAllow,  false},
    // At home.
    {What::kNobody,        kAny,                kAny,         Place::kHome,         kAny,               kAny,              kAny,  Action::kAllow,  false},
    {What::kName,          kAny,                kAny,         Place::kHome,         kAny,               kAny,              kAny,  Action::kAllow,  false},
    {What::kSmsPort,       kAny,                kAny,         Place::kHome,         kAny,               kAny,              kAny,  Action::kReject, false},
    {What::kIot,           kAny,                kAny,         Place::kHome,         kAny,               kAny,              kAny,  Action::kTag,    false},
    {What::kReserved,      kAny,                kAny,         Place::kHome,         kAny,               kAny,              kAny,  Action::kTag,    false},
    {What::kLongMobile,    kAny,                kAny,         Place::kHome,         kAny,               kAny,              kAny,  Action::kTag,    false},
    {What::kMobile,        kAny,                kAny,         Place::kHome,         kAny,               kAny,              kAny,  Action::kAllow,  false},
    {What::kLandline,      kAny,                kAny,         Place::kHome,         kAny,               kAny,              kAny,  Action::kAllow,  false},
    {What::kEmergency,     kAny,                kAny,         Place::kHome,         Listed::kNoList,    kAny,              kAny,  Action::kTag,    false},
    {What::kEmergency,     kAny,                kAny,         Place::kHome,         Listed::kNotOnList, kAny,              kAny,  Action::kTag,    false},
    {What::kProtected,     kAny,                kAny,         Place::kHome,         Listed::kNoList,    kAny,              kAny,  Action::kTag,    false},
    {What::kProtected,     kAny,                kAny,         Place::kHome,         Listed::kNotOnList, kAny,              kAny,  Action::kReject, false},
    {What::kAreaProtected, kAny,                kAny,         Place::kHome,         Listed::kNoList,    kAny,              kAny,  Action::kTag,    false},
    {What::kAreaProtected, kAny,                kAny,         Place::kHome,         Listed::kNotOnList, kAny,              kAny,  Action::kReject, false},
    {What::kSharedCost,    kAny,                kAny,         Place::kHome,         Listed::kNoList,    kAny,              kAny,  Action::kTag,    false},
    {What::kSharedCost,    kAny,                kAny,         Place::kHome,         Listed::kNotOnList, kAny,              kAny,  Action::kTag,    false},
    {What::kShort,         Written::kPlusHome,  kAny,         Place::kHome,         kAny,               kAny,              kAny,  Action::kTag,    false},
    {What::kShort,         Written::kZerosHome, kAny,         Place::kHome,         kAny,               kAny,              kAny,  Action::kTag,    false},
    // What is listed passes bare or behind its area code, not behind +86.
    {kAny,                 Written::kPlusHome,  kAny,         Place::kHome,         Listed::kOnList,    kAny,              kAny,  Action::kTag,    false},
    {kAny,                 Written::kZerosHome, kAny,         Place::kHome,         Listed::kOnList,    kAny,              kAny,  Action::kTag,    false},
    {kAny,                 kAny,                kAny,         Place::kHome,         kAny,               kAny,              kAny,  Action::kAllow,  false},
    // From abroad; a roaming trunk differs only in that it answers for its mobiles.
    {What::kNobody,        kAny,                kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kTag,    false},
    {What::kName,          kAny,                kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kTag,    false},
    {What::kEmergency,     kAny,                kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kReject, false},
    {What::kProtected,     kAny,                kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kReject, false},
    {What::kAreaProtected, kAny,                kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kReject, false},
    {What::kShort,         kAny,                kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kReject, false},
    {What::kSmsPort,       kAny,                kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kReject, false},
    {What::kSharedCost,    kAny,                kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kReject, false},
    {What::kLongMobile,    kAny,                kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kTag,    false},
    {What::kLandline,      kAny,                kAny,         kAny,                 kAny,               kAny,              false, Action::kReject, false},
    {What::kLandline,      kAny,                kAny,         kAny,                 kAny,               Roaming::kNo,      true,  Action::kReject, false},
    {What::kLandline,      kAny,                kAny,         Place::kAbroad,       kAny,               Roaming::kUnknown, true,  Action::kTag,    true},
    {What::kLandline,      kAny,                kAny,         kAny,                 kAny,               kAny,              true,  Action::kTag,    false},
    {What::kMobile,        kAny,                kAny,         kAny,                 kAny,               Roaming::kNo,      kAny,  Action::kReject, false},
    {What::kMobile,        kAny,                kAny,         Place::kAbroad,       kAny,               Roaming::kUnknown, kAny,  Action::kTag,    true},
    {What::kMobile,        kAny,                kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kAllow,  false},
    // IoT and reserved ranges roam like mobiles, and tag.
    {kAny,                 kAny,                kAny,         kAny,                 kAny,               Roaming::kNo,      kAny,  Action::kReject, false},
    {kAny,                 kAny,                kAny,         Place::kAbroad,       kAny,               Roaming::kUnknown, kAny,  Action::kTag,    true},
    {kAny,                 kAny,                kAny,         kAny,                 kAny,               kAny,              kAny,  Action::kTag,    false},
};
// clang-format on

inline Expected expected(const Described& caller) {
    const auto fits = [](const auto& wanted, const auto& is) { return !wanted || *wanted == is; };
    for (const Row& row : kRows) {
        if (!fits(row.what, caller.what) || !fits(row.written, caller.written) ||
            !fits(row.medium, caller.medium) || !fits(row.place, caller.place) ||
            !fits(row.listed, caller.listed) || !fits(row.roaming, caller.roaming) ||
            !fits(row.redirected, caller.redirected_by_mobile))
            continue;
        Expected found{row.action, row.needs_roaming};
        if (caller.verstat_failed && found.action == Action::kAllow) found.action = Action::kTag;
        return found;
    }
    return {};
}

}  // namespace ringfence::model
