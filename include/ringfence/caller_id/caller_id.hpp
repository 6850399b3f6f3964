// caller_id.hpp - what a calling number may look like on the trunk it came by.
//
// Pure: the same input gives the same findings, and nothing is counted or kept. Only the calling party is
// judged. Findings that reject are "certain spoofs", which no allow list lifts; all others tag.
//
//                          subscriber, national     international             roaming
//     +0.. 000.. look-alike  reject                 reject                    reject
//     emergency code         tag                    reject                    reject
//     protected              tag; listed: pass,     reject                    reject
//                            others then reject
//     short code             pass                   reject                    reject
//     106x (calls)           reject                 reject                    reject
//     400/800 (CN, calls)    tag                    reject                    reject
//     home landline          pass                   reject; redirected by     as international
//                                                   a home mobile: tag
//     home mobile            pass                   roaming yes pass,         pass; roaming
//                                                   no reject, unknown tag    no reject
//     none, withheld         pass                   tag                       tag
//     malformed, odd length  tag                    tag                       tag
//     foreign, well formed   pass; a listed region tags, on any trunk
//
// Without a trunk (kNone) only what holds anywhere is judged: the plan's ranges, verstat, listed regions.
// An SMS is judged for look-alikes, malformed senders, the trunk's cli prefixes and regions: short codes
// and 106x are ordinary senders, and an SMS asks no roaming question.
//
// Cost: no allocation, no look-up but the trunk's own short lists.
// Source: docs/decisions/caller-id.md names the rule behind each line and its confidence.
#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <span>

#include "ringfence/base/signalling.hpp"
#include "ringfence/base/vocabulary.hpp"
#include "ringfence/caller_id/trunk_rules.hpp"
#include "ringfence/number/address.hpp"
#include "ringfence/number/country.hpp"
#include "ringfence/number/normalize.hpp"

namespace ringfence {

enum class Medium : std::uint8_t { kCall = 0, kSms = 1 };

// `calling` is what arrived, `number` what it means: normalize(under_format(calling, trunk->format), plan).
struct CallerIdInput {
    const Address& calling;
    const Normalized& number;
    CountryCode home;                         // the dial plan's country
    const TrunkRules* trunk = nullptr;        // null: no trunk rule applies
    const Normalized* redirecting = nullptr;  // null: not redirected
    Medium medium = Medium::kCall;
    // Of the calling number; where a landline was redirected by a mobile, of that mobile.
    Roaming roaming = Roaming::kUnknown;
    Verstat verstat = Verstat::kNone;
    std::span<const CountryCode> listed_regions = {};  // foreign regions that the policy tags
};

struct CallerIdFinding {
    Reason reason = Reason::kNone;
    Action action = Action::kTag;  // kTag or kReject

    friend constexpr bool operator==(const CallerIdFinding&, const CallerIdFinding&) = default;
};

// The findings about one caller, gravest rule first; at most one says what the number is, the others
// what was noticed beside it.
class CallerIdFindings {
public:
    static constexpr unsigned kMax = 8;

    std::span<const CallerIdFinding> all() const { return {findings_.data(), count_}; }
    bool rejects() const;
    // The call hangs on a roaming answer: unknown, and another answer would change the verdict.
    bool needs_roaming() const { return needs_roaming_; }

    void add(Reason reason, Action action) {
        assert(count_ < kMax);
        findings_[count_++] = {reason, action};
    }
    void set_needs_roaming(bool needs) { needs_roaming_ = needs; }

private:
    std::array<CallerIdFinding, kMax> findings_{};
    std::uint8_t count_ = 0;
    bool needs_roaming_ = false;
};

// Judges the caller. Never fails; no findings means nothing to say against it.
// Threads: any thread.
CallerIdFindings judge(const CallerIdInput& input);

}  // namespace ringfence
