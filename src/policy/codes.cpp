#include "ringfence/policy/codes.hpp"

namespace ringfence {
namespace {

void set(CodeMap& map, Action action, std::uint32_t code) {
    map.actions[static_cast<unsigned>(action)] = code;
}

}  // namespace

Codes Codes::defaults() {
    constexpr std::uint32_t kSipUnavailable = 480;  // RFC 3261 21.4.18
    constexpr std::uint32_t kSipRejected = 608;     // RFC 8688: analytics refused the call
    constexpr std::uint32_t kSipUnwanted = 607;     // RFC 8197: the callee did
    constexpr std::uint32_t kSipAnonymity = 433;    // RFC 5079
    constexpr std::uint32_t kSipBadIdentity = 438;  // RFC 8224 6.2.2
    constexpr std::uint32_t kCauseRejected = 21;    // Q.850 2.2.4: call rejected
    constexpr std::uint32_t kCauseAnonymous =
        24;  // call rejected due to feature at the destination
    constexpr std::uint32_t kCauseCongestion = 42;
    constexpr std::uint32_t kSubmitFailed = 0x45;  // SMPP 3.4 5.1.3
    constexpr std::uint32_t kThrottled = 0x58;
    constexpr std::uint32_t kBadSource = 0x0A;
    constexpr std::uint32_t kPermanent = 0x66;  // receiver's permanent error: do not try again
    constexpr std::uint32_t kTemporary = 0x64;

    Codes codes;
    set(codes.sip, Action::kThrottle, kSipUnavailable);
    set(codes.sip, Action::kReject, kSipRejected);
    set(codes.sip, Action::kDrop, kSipRejected);
    codes.sip.reasons = {{Reason::kPersonalList, kSipUnwanted},
                         {Reason::kCliMissing, kSipAnonymity},
                         {Reason::kCliVerstatFailed, kSipBadIdentity}};

    set(codes.q850, Action::kThrottle, kCauseCongestion);
    set(codes.q850, Action::kReject, kCauseRejected);
    set(codes.q850, Action::kDrop, kCauseRejected);
    codes.q850.reasons = {{Reason::kCliMissing, kCauseAnonymous}};

    set(codes.smpp, Action::kThrottle, kThrottled);
    set(codes.smpp, Action::kReject, kSubmitFailed);
    set(codes.smpp, Action::kDrop, kSubmitFailed);
    set(codes.smpp_deliver, Action::kThrottle, kTemporary);
    set(codes.smpp_deliver, Action::kReject, kPermanent);
    set(codes.smpp_deliver, Action::kDrop, kPermanent);
    codes.smpp.reasons = {{Reason::kCliLookAlike, kBadSource},
                          {Reason::kCliMalformed, kBadSource},
                          {Reason::kCliNotOnTrunk, kBadSource},
                          {Reason::kSenderLookAlike, kBadSource},
                          {Reason::kSenderWrongBind, kBadSource}};
    return codes;
}

}  // namespace ringfence
