#include "src/screen/finding_buffer.hpp"

#include <algorithm>

namespace ringfence {
namespace {

// What is kept beside the leaders: what decides first, then higher tiers, what is live, the more specific.
unsigned weight(const Finding& finding) {
    const unsigned tier = kStageCount - static_cast<unsigned>(finding.stage);
    return (decides(finding) ? 1u << 24u : 0u) | tier << 16u | (finding.shadow ? 0u : 1u) << 8u |
           finding.specificity;
}

}  // namespace

void FindingBuffer::push_beyond(const Finding& finding) {
    if (!truncated_) {
        truncated_ = true;
        leaders_ = {};
        for (std::uint32_t i = 0; i < kCapacity; ++i) leaders_.offer(findings_, i);
    }
    findings_[kCapacity] = finding;
    const bool leads = leaders_.offer(findings_, kCapacity);
    if (!leads && !decides(finding)) return;
    // One of more findings than there are classes leads none: of those the lightest goes, of equals the latest.
    const std::uint64_t leading = leaders_.positions();
    std::uint32_t gone = kNoFinding;
    for (std::uint32_t i = 0; i <= kCapacity; ++i) {
        if ((leading >> i & 1u) != 0) continue;
        if (gone == kNoFinding || weight(findings_[i]) <= weight(findings_[gone])) gone = i;
    }
    std::copy(findings_.begin() + gone + 1, findings_.end(), findings_.begin() + gone);
    leaders_.erased(gone);
}

}  // namespace ringfence
