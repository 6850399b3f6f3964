#include "ringfence/base/vocabulary.hpp"

#include <array>

namespace ringfence {
namespace {

constexpr std::array<std::string_view, kActionCount> kActionNames = {
    "allow", "tag", "challenge", "throttle", "divert", "hold", "reject", "drop"};

constexpr std::array<std::string_view, kStageCount> kStageNames = {
    "none",   "emergency", "order",     "caller_id", "personal",
    "tenant", "global",    "behaviour", "content",   "failure"};

}  // namespace

std::string_view name_of(Action action) { return kActionNames[static_cast<unsigned>(action)]; }
std::string_view name_of(Stage stage) { return kStageNames[static_cast<unsigned>(stage)]; }

std::string_view name_of(Party party) {
    switch (party) {
        case Party::kCalling: return "calling";
        case Party::kCalled: return "called";
        case Party::kText: return "text";
    }
    return "unknown";
}

std::string_view name_of(Reason reason) {
    switch (reason) {
        case Reason::kNone: return "none";
        case Reason::kEmergencyCalled: return "emergency_called";
        case Reason::kEmergencyFlagged: return "emergency_flagged";
        case Reason::kEmergencyCallback: return "emergency_callback";
        case Reason::kPoliceOrder: return "police_order";
        case Reason::kCardState: return "card_state";
        case Reason::kCliEmergencyCode: return "cli_emergency_code";
        case Reason::kCliProtected: return "cli_protected";
        case Reason::kCliShortCode: return "cli_short_code";
        case Reason::kCliLookAlike: return "cli_look_alike";
        case Reason::kCliLandlineAbroad: return "cli_landline_abroad";
        case Reason::kCliMobileNotRoaming: return "cli_mobile_not_roaming";
        case Reason::kCliRoamingUnknown: return "cli_roaming_unknown";
        case Reason::kCliForwardedAbroad: return "cli_forwarded_abroad";
        case Reason::kCliMissing: return "cli_missing";
        case Reason::kCliMalformed: return "cli_malformed";
        case Reason::kCliOddLength: return "cli_odd_length";
        case Reason::kCliNotOnTrunk: return "cli_not_on_trunk";
        case Reason::kCliSmsPort: return "cli_sms_port";
        case Reason::kCliSharedCost: return "cli_shared_cost";
        case Reason::kCliReservedRange: return "cli_reserved_range";
        case Reason::kCliIotRange: return "cli_iot_range";
        case Reason::kCliVerstatFailed: return "cli_verstat_failed";
        case Reason::kCliForeignRegion: return "cli_foreign_region";
        case Reason::kCliInternalPrefix: return "cli_internal_prefix";
        case Reason::kPersonalList: return "personal_list";
        case Reason::kTenantList: return "tenant_list";
        case Reason::kGlobalList: return "global_list";
        case Reason::kTextList: return "text_list";
        case Reason::kIotScope: return "iot_scope";
        case Reason::kActivity: return "activity";
        case Reason::kPattern: return "pattern";
        case Reason::kTemplate: return "template";
        case Reason::kScore: return "score";
        case Reason::kCampaign: return "campaign";
        case Reason::kSenderUnregistered: return "sender_unregistered";
        case Reason::kSenderLookAlike: return "sender_look_alike";
        case Reason::kSenderWrongBind: return "sender_wrong_bind";
        case Reason::kDecodeError: return "decode_error";
        case Reason::kFeedMissing: return "feed_missing";
        case Reason::kFeedStale: return "feed_stale";
        case Reason::kPartMissing: return "part_missing";
        case Reason::kBadRow: return "bad_row";
        case Reason::kPartTimeout: return "part_timeout";
    }
    return "unknown";
}

std::optional<Action> action_from_name(std::string_view name) {
    for (unsigned i = 0; i < kActionCount; ++i) {
        if (kActionNames[i] == name) return static_cast<Action>(i);
    }
    return std::nullopt;
}

}  // namespace ringfence
