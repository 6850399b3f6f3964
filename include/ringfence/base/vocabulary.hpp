// vocabulary.hpp - the words that every room and every face shares: action, reason, stage, party.
//
// The numbers are persisted (verdict files, evidence, the C ABI): gaps are left, none is reused.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "ringfence/base/export.hpp"

namespace ringfence {

// What to do with a call or an SMS. Severity ascends as listed.
enum class Action : std::uint8_t {
    kAllow = 0,
    kTag = 1,        // let it through, marked
    kChallenge = 2,  // ask the caller to prove itself (a spoken code, a press of a key)
    kThrottle = 3,   // let it through at the rate that the rule's parameter gives
    kDivert = 4,     // send it to the destination that the rule's parameter gives
    kHold = 5,       // keep the SMS until somebody decides
    kReject = 6,     // refuse, with a code to the peer
    kDrop = 7,       // refuse without a word
};
inline constexpr unsigned kActionCount = 8;

// The tier of the precedence order that decided, highest first.
enum class Stage : std::uint8_t {
    kNone = 0,       // nothing was found
    kEmergency = 1,  // always allowed
    kOrder = 2,      // police order, card state
    kCallerId = 3,   // certain spoofs
    kPersonal = 4,   // the subscriber's own list
    kTenant = 5,     // a customer's list
    kGlobal = 6,     // everybody's list
    kBehaviour = 7,  // IoT scope, activity
    kContent = 8,    // patterns, templates, score
    kFailure = 9,    // what the policy says when something could not be read
};
inline constexpr unsigned kStageCount = 10;

// Whom a finding is about.
enum class Party : std::uint8_t { kCalling = 0, kCalled = 1, kText = 2 };

enum class Reason : std::uint16_t {
    kNone = 0,

    kEmergencyCalled = 10,    // the callee is an emergency number
    kEmergencyFlagged = 11,   // the switch flagged the call as emergency
    kEmergencyCallback = 12,  // the callee made an emergency call within 90 minutes

    kPoliceOrder = 20,
    kCardState = 21,

    kCliEmergencyCode = 30,     // an emergency code as calling number
    kCliProtected = 31,         // a protected number as calling number
    kCliShortCode = 32,         // a short code where none can call from
    kCliLookAlike = 33,         // no number, but reads like a protected one
    kCliLandlineAbroad = 34,    // a home landline from abroad
    kCliMobileNotRoaming = 35,  // a home mobile from abroad that is not roaming
    kCliRoamingUnknown = 36,    // a home mobile from abroad, roaming not known
    kCliForwardedAbroad = 37,   // a home landline from abroad, redirected by a home mobile
    kCliMissing = 38,           // no calling number from abroad
    kCliMalformed = 39,         // a calling number that no plan allows
    kCliOddLength = 40,         // of a length that its range does not have
    kCliNotOnTrunk = 41,        // outside the prefixes that the trunk may show
    kCliSmsPort = 42,           // an SMS port number originating a call
    kCliSharedCost = 43,        // a 400/800 or the like originating a call
    kCliReservedRange = 44,     // a range that is not issued
    kCliIotRange = 45,          // an IoT number originating a call
    kCliVerstatFailed = 46,     // STIR/SHAKEN verification failed
    kCliForeignRegion = 47,     // a region that the policy lists
    kCliInternalPrefix = 48,    // home country code on a number that never has one

    kPersonalList = 50,
    kTenantList = 51,
    kGlobalList = 52,
    kTextList = 53,  // something named inside a text is on a list

    kIotScope = 60,
    kActivity = 61,

    kPattern = 70,
    kTemplate = 71,  // a near-copy of a known message
    kScore = 72,
    kCampaign = 73,  // near-copies of it come from many senders

    kSenderUnregistered = 80,  // a name that the register of senders does not have
    kSenderLookAlike = 81,     // and that looks like one which it has
    kSenderWrongBind = 82,     // a registered sender by a bind and trunk that it may not use

    kDecodeError = 90,  // the message could not be decoded
    kFeedMissing = 91,  // a list is absent
    kFeedStale = 92,    // a list is older than the policy allows
    kPartMissing = 93,  // part of a message that is not complete
    kBadRow = 94,       // the input row could not be read
    kPartTimeout = 95,  // a message whose parts never all came; only advance tells of it
};

// Names as files and faces write them: "reject", "cli_look_alike", "caller_id".
// Threads: any thread.
RINGFENCE_API std::string_view name_of(Action action);
RINGFENCE_API std::string_view name_of(Stage stage);
RINGFENCE_API std::string_view name_of(Reason reason);
RINGFENCE_API std::string_view name_of(Party party);

// The action of that name, or none. Threads: any thread.
RINGFENCE_API std::optional<Action> action_from_name(std::string_view name);

}  // namespace ringfence
