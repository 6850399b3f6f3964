// cell.hpp - the cells of a record: one 64-bit word each, complete in itself, changed by one CAS.
//
//     counts   generation 10 | stamp | three counts         a ring of seven, one for each sub-window
//     peers    generation 10 | stamp 12 | 3 planes of 13    for each position: 0, or 1 + sub-window % 7
//     devices  generation 10 | stamp 8 | now 23 | before 23
//
// The generation is that of the slot the record belongs to: a cell of another generation is neither
// written nor shown. The stamp is the sub-window's number cut to its width; it comes round after 113 days
// (10 min) or 682 days (4 h), when a number silent for exactly that long would show one old sub-window.
//
// Time: a cell gives way to any newer sub-window. Against an older one it stands while it is ahead by at
// most kBears; further ahead it was written by a clock that had jumped, and gives way too.
//
// All functions are pure: they turn one word into the next.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "ringfence/base/export.hpp"
#include "ringfence/base/time.hpp"

namespace ringfence::activity {

inline constexpr unsigned kGenerationBits = 10;
inline constexpr std::uint32_t kGenerationMask = (1u << kGenerationBits) - 1;
inline constexpr unsigned kRing = 7;  // six whole sub-windows and the part of one

constexpr std::uint64_t mask(unsigned bits) { return (std::uint64_t{1} << bits) - 1; }
constexpr std::uint32_t generation_of(std::uint64_t cell) {
    return static_cast<std::uint32_t>(cell >> (64 - kGenerationBits));
}
constexpr std::uint64_t empty_cell(std::uint32_t generation) {
    return std::uint64_t{generation} << (64 - kGenerationBits);
}

constexpr std::int64_t floor_div(std::int64_t value, std::int64_t by) {
    return value / by - (value % by < 0 ? 1 : 0);
}
constexpr unsigned ring_of(std::int64_t window) {
    const std::int64_t rest = window % kRing;
    return static_cast<unsigned>(rest < 0 ? rest + kRing : rest);
}

// How far a stamp of `kBits` is ahead of `window`: negative for behind.
template <unsigned kBits>
constexpr std::int64_t ahead(std::uint64_t stamp, std::int64_t window) {
    const std::uint64_t difference = (stamp - static_cast<std::uint64_t>(window)) & mask(kBits);
    const auto distance = static_cast<std::int64_t>(difference);
    return distance < std::int64_t{1} << (kBits - 1) ? distance
                                                     : distance - (std::int64_t{1} << kBits);
}

// A sub-window's three counts, of kFirst, kSecond and kThird bits, saturating. kWidth: its length in ms.
template <std::int64_t kWidth, unsigned kStamp, unsigned kFirst, unsigned kSecond, unsigned kThird>
struct CountCell {
    static_assert(kGenerationBits + kStamp + kFirst + kSecond + kThird == 64);
    static constexpr std::int64_t kWidthMs = kWidth;
    static constexpr std::int64_t kBears = 28 * 3'600'000 / kWidth;

    enum class Field : unsigned { kA = 0, kB = 1, kC = 2 };
    struct Step {
        std::uint64_t next;
        bool late;  // the event belongs to a sub-window that is gone
    };

    static constexpr unsigned shift(Field field) {
        return field == Field::kA ? kSecond + kThird : field == Field::kB ? kThird : 0;
    }
    static constexpr unsigned width(Field field) {
        return field == Field::kA ? kFirst : field == Field::kB ? kSecond : kThird;
    }
    static constexpr std::uint64_t get(std::uint64_t cell, Field field) {
        return cell >> shift(field) & mask(width(field));
    }
    static constexpr std::uint64_t counts(std::uint64_t cell) {
        return cell & mask(kFirst + kSecond + kThird);
    }
    static constexpr std::uint64_t stamp(std::uint64_t cell) {
        return cell >> (kFirst + kSecond + kThird) & mask(kStamp);
    }
    // Whether the cell holds this sub-window of this generation.
    static constexpr bool holds(std::uint64_t cell, std::uint32_t generation, std::int64_t window) {
        return generation_of(cell) == generation &&
               stamp(cell) == (static_cast<std::uint64_t>(window) & mask(kStamp));
    }

    static constexpr Step count(std::uint64_t cell, std::int64_t window, Field field) {
        const std::int64_t lead = counts(cell) == 0 ? -1 : ahead<kStamp>(stamp(cell), window);
        if (lead > 0 && lead <= kBears) return {cell, true};
        if (lead != 0) {
            cell = empty_cell(generation_of(cell)) |
                   (static_cast<std::uint64_t>(window) & mask(kStamp))
                       << (kFirst + kSecond + kThird);
        }
        const bool full = get(cell, field) == mask(width(field));
        return {cell + (full ? 0 : std::uint64_t{1} << shift(field)), false};
    }
};

using TenMinutes = CountCell<600'000, 14, 20, 20, 0>;       // calls, SMS out
using FourHours = CountCell<14'400'000, 12, 15, 15, 12>;    // calls, SMS out, SMS in
using FourHoursIn = CountCell<14'400'000, 12, 14, 14, 14>;  // calls in, answered, short

// Thirteen positions of the sketch of called parties, by 4 h sub-window.
struct PeerCell {
    static constexpr unsigned kPositions = 13;
    static constexpr unsigned kStamp = 12;
    static constexpr unsigned kUnused = 64 - kGenerationBits - kStamp - 3 * kPositions;
    static constexpr std::int64_t kBears = FourHours::kBears;

    std::uint32_t generation = 0;
    std::int64_t window = 0;  // the newest sub-window, near the one asked for
    std::array<std::uint64_t, 3> planes{};

    // The cell as seen from `window`.
    static constexpr PeerCell read(std::uint64_t cell, std::int64_t window) {
        PeerCell peers;
        peers.generation = generation_of(cell);
        peers.window = window + ahead<kStamp>(cell >> (64 - kGenerationBits - kStamp), window);
        for (unsigned i = 0; i < 3; ++i)
            peers.planes[i] = cell >> (kUnused + i * kPositions) & mask(kPositions);
        if (peers.any() == 0) peers.window = window;
        return peers;
    }
    constexpr std::uint64_t word() const {
        std::uint64_t cell =
            empty_cell(generation) | (static_cast<std::uint64_t>(window) & mask(kStamp))
                                         << (64 - kGenerationBits - kStamp);
        for (unsigned i = 0; i < 3; ++i) cell |= planes[i] << (kUnused + i * kPositions);
        return cell;
    }

    constexpr std::uint64_t any() const { return planes[0] | planes[1] | planes[2]; }
    constexpr void clear(std::uint64_t positions) {
        for (std::uint64_t& plane : planes) plane &= ~positions;
    }
    // The positions last touched in a sub-window of the ring.
    constexpr std::uint64_t of(std::int64_t of_window) const {
        const unsigned value = ring_of(of_window) + 1;
        std::uint64_t found = mask(kPositions);
        for (unsigned i = 0; i < 3; ++i) found &= (value >> i & 1u) != 0 ? planes[i] : ~planes[i];
        return found;
    }
    // Leaves the positions of the kRing sub-windows up to `to`, which becomes the newest.
    constexpr void move_to(std::int64_t to) {
        if (to - window >= kRing || window - to >= kRing) clear(mask(kPositions));
        for (std::int64_t gone = window + 1; gone <= to && gone <= window + kRing; ++gone)
            clear(of(gone));  // these places of the ring held what is now too old
        for (std::int64_t later = window; later > to && later > window - kRing; --later)
            clear(of(later));
        window = to;
    }
    constexpr void touch(unsigned position, std::int64_t at) {
        const std::int64_t lead = window - at;
        if (lead > kBears || lead < 0) {
            move_to(at);
        } else if (lead >= kRing) {
            return;  // late beyond the ring
        }
        const std::uint64_t bit = std::uint64_t{1} << position;
        for (std::int64_t later = window; later > at; --later)
            if ((of(later) & bit) != 0) return;  // touched since
        clear(bit);
        const unsigned value = ring_of(at) + 1;
        for (unsigned i = 0; i < 3; ++i)
            if ((value >> i & 1u) != 0) planes[i] |= bit;
    }
};

// Devices seen in this half month and the one before.
struct DeviceCell {
    static constexpr unsigned kPositions = 23;
    static constexpr unsigned kStamp = 8;
    static constexpr std::int64_t kWidthMs = 15 * kDayMs;

    // Both halves as seen from `window`: the one that ends there first.
    struct Halves {
        std::uint64_t now = 0;
        std::uint64_t before = 0;
    };
    static constexpr Halves halves(std::uint64_t cell, std::int64_t window) {
        const std::uint64_t now = cell & mask(kPositions);
        const std::uint64_t before = cell >> kPositions & mask(kPositions);
        switch (ahead<kStamp>(cell >> (2 * kPositions), window)) {
            case 0: return {now, before};
            case -1: return {0, now};
            case 1: return {before, 0};
            default: return {};
        }
    }
    static constexpr std::uint64_t touch(std::uint64_t cell, unsigned position,
                                         std::int64_t window) {
        const std::uint64_t bit = std::uint64_t{1} << position;
        const bool used = (cell & mask(2 * kPositions)) != 0;
        if (used && ahead<kStamp>(cell >> (2 * kPositions), window) == 1)
            return cell | bit << kPositions;  // late by one half month
        const Halves seen = used ? halves(cell, window) : Halves{};
        return empty_cell(generation_of(cell)) |
               (static_cast<std::uint64_t>(window) & mask(kStamp)) << (2 * kPositions) |
               seen.before << kPositions | seen.now | bit;
    }
};
static_assert(kGenerationBits + DeviceCell::kStamp + 2 * DeviceCell::kPositions == 64);

// The expected number of distinct things behind `hit` of `positions` positions, in thousandths: how many
// it takes on average to hit that many (the partial sums of the coupon collector's problem, m/m + m/(m-1)
// + ...). Close to linear counting's -m ln(1 - hit/m) (Whang et al. 1990), exact for one, finite when all
// are hit.
template <unsigned kPositions>
RINGFENCE_HIDDEN inline constexpr auto kDistinct = [] {
    std::array<std::uint32_t, kPositions + 1> table{};
    double sum = 0;
    for (unsigned i = 0; i < kPositions; ++i) {
        sum += 1000.0 * kPositions / (kPositions - i);
        table[i + 1] = static_cast<std::uint32_t>(sum + 0.5);
    }
    return table;
}();

}  // namespace ringfence::activity
