// finding_buffer.hpp - the findings about one event, in a fixed space.
//
// A message that trips a hundred rules must not cost an allocation. When the space is full, the finding
// of the lowest tier makes room for one of a higher tier, so that what decides is never what is lost;
// the verdict says kTruncated.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "ringfence/policy/finding.hpp"

namespace ringfence {

class FindingBuffer {
public:
    static constexpr unsigned kCapacity = 32;

    void clear() {
        size_ = 0;
        truncated_ = false;
    }

    void push(const Finding& finding) {
        if (size_ < kCapacity) {
            findings_[size_++] = finding;
            return;
        }
        truncated_ = true;
        unsigned lowest = 0;
        for (unsigned i = 1; i < kCapacity; ++i) {
            if (weight(findings_[i]) < weight(findings_[lowest])) lowest = i;
        }
        if (weight(finding) > weight(findings_[lowest])) findings_[lowest] = finding;
    }

    // A place to come back to: drops what was pushed since, unless something was pushed out meanwhile.
    unsigned mark() const { return size_; }
    void rewind(unsigned mark) {
        if (!truncated_) size_ = static_cast<std::uint8_t>(mark);
    }

    std::span<const Finding> findings() const { return {findings_.data(), size_}; }
    bool truncated() const { return truncated_; }

private:
    // Higher tiers first; within a tier what is live before what is shadow, and then the more specific.
    static unsigned weight(const Finding& finding) {
        const unsigned tier = kStageCount - static_cast<unsigned>(finding.stage);
        return tier << 16u | (finding.shadow ? 0u : 1u) << 8u | finding.specificity;
    }

    std::array<Finding, kCapacity> findings_{};
    std::uint8_t size_ = 0;
    bool truncated_ = false;
};

}  // namespace ringfence
