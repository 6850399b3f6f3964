// sightings.hpp - the matches of one text as they are seen: any number of a rule, in no order.
//
// A sighting is one number, so that the least of a rule's is the match that is reported: the one that ends first, of those
// that end there the longest.
//
//     bits 63..32  rule        31..16  end        15..0  begin
//
// Room never ends: when little is left, what is there is boiled down to the best of each rule, which is at most one a rule.
//
// Threads: one thread per object. Cost: 8 bytes a rule and 64 KB; a few ns a sighting.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ringfence/pattern/pattern_set.hpp"

namespace ringfence::pattern {

using Sighting = std::uint64_t;

constexpr Sighting sighting_of(std::uint32_t rule, std::uint32_t begin, std::uint32_t end) {
    return Sighting{rule} << 32u | Sighting{end} << 16u | begin;
}

constexpr PatternMatch match_of(Sighting sighting) {
    return {static_cast<std::uint32_t>(sighting >> 32u), static_cast<std::uint16_t>(sighting),
            static_cast<std::uint16_t>(sighting >> 16u)};
}

class Sightings {
public:
    // At most so many are added between two calls of `room`.
    static constexpr std::size_t kRoom = 4096;

    // For a set of so many rules. Allocates; nothing later does.
    void reserve(std::size_t rules);

    void clear() { size_ = 0; }

    // Where up to kRoom sightings may be written, the first `count` of which `take` then adds.
    Sighting* room() {
        if (seen_.size() - size_ < kRoom) boil_down();
        return seen_.data() + size_;
    }
    void take(std::size_t count) { size_ += count; }

    void add(Sighting sighting) {
        *room() = sighting;
        take(1);
    }

    // The best of each rule, in the order of the rules.
    std::span<const Sighting> best() {
        boil_down();
        return {seen_.data(), size_};
    }

private:
    void boil_down();

    std::vector<Sighting> seen_;
    std::size_t size_ = 0;
};

}  // namespace ringfence::pattern
