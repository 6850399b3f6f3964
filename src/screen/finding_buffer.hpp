// finding_buffer.hpp - the findings about one event, in a fixed space.
//
// A message that trips a hundred rules must not cost an allocation. The verdict of what is kept is the verdict
// of all that was pushed, whatever their number and order: the first of each class that can have a part in a
// verdict (standing.hpp has them, and why they suffice) always has a place, and there are more places than
// classes. The rest of the places go to what decides before what tags, to higher tiers before lower ones;
// what is kept stays in the order it came in, which tells equals apart. `truncated` says that some are missing
// from what explain shows and hits count.
//
// Cost: a copy; beyond the capacity one comparison for a tag that leads nothing, else a pass over the space.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "ringfence/policy/finding.hpp"
#include "src/policy/standing.hpp"

namespace ringfence {

class FindingBuffer {
public:
    static constexpr unsigned kCapacity = 32;
    static_assert(kCapacity >= Leaders::kClasses);

    void clear() {
        size_ = 0;
        truncated_ = false;
    }

    void push(const Finding& finding) {
        if (size_ < kCapacity) {
            findings_[size_++] = finding;
        } else {
            push_beyond(finding);
        }
    }

    std::span<const Finding> findings() const { return {findings_.data(), size_}; }
    bool truncated() const { return truncated_; }

private:
    void push_beyond(const Finding& finding);

    std::array<Finding, kCapacity + 1> findings_{};  // the last place is the newcomer's
    Leaders leaders_;                                // once truncated
    std::uint8_t size_ = 0;
    bool truncated_ = false;
};

}  // namespace ringfence
