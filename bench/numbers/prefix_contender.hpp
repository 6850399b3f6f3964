// prefix_contender.hpp - what a table of prefixes must be able to do to be measured against ours.
//
// Threads: one thread per object.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace ringfence::bench {

// Numbers whose first nine digits are first .. last belong to `place`, unless a shorter range inside says
// otherwise. Ranges are whole decimal prefixes, and come the widest first.
struct PrefixRange {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::uint16_t place = 0;  // 1 or more
};

class PrefixContender {
public:
    PrefixContender() = default;
    PrefixContender(const PrefixContender&) = delete;
    PrefixContender& operator=(const PrefixContender&) = delete;
    virtual ~PrefixContender() = default;

    // False when there is no room.
    virtual bool build(std::span<const PrefixRange> ranges) = 0;

    // The place of each number, by its first nine digits; 0 for none.
    virtual void find_each(std::span<const std::uint32_t> nine_digits, std::uint32_t* places) = 0;
    virtual void find_bulk(std::span<const std::uint32_t> nine_digits, std::uint32_t* places) = 0;
};

std::unique_ptr<PrefixContender> make_rte_lpm();

}  // namespace ringfence::bench
