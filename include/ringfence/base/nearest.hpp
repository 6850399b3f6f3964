// nearest.hpp - the name that a misspelt one was probably meant to be.
//
// Compares by edit distance with neighbouring letters exchanged counted as one slip (optimal string
// alignment). For error texts: "unknown key 'actoin'; did you mean 'action'?".
//
// Cost: length times length for each candidate; names over 64 bytes match nothing.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace ringfence {

inline constexpr std::size_t kMaxNearestName = 64;

// Slips between two names of at most kMaxNearestName bytes. Threads: any thread.
inline std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::array<std::array<std::size_t, kMaxNearestName + 1>, 3> rows{};
    for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto& row = rows[i % 3];
        const auto& above = rows[(i + 2) % 3];
        const auto& two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = a[i - 1] == b[j - 1] ? 0u : 1u;
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], two_above[j - 2] + 1);
            }
        }
    }
    return rows[a.size() % 3][b.size()];
}

// The candidate nearest to `wanted`, the first of equals: within two slips (within a third of its length for a
// longer name, and never as many slips as it has letters), else one whose beginning is within one slip of
// `wanted` and four letters or more, as a name that was not written out. Empty when there is none.
// Threads: any thread.
inline std::string_view nearest_name(std::string_view wanted,
                                     std::span<const std::string_view> candidates) {
    if (wanted.size() > kMaxNearestName) return {};
    std::string_view nearest;
    std::size_t least = std::max<std::size_t>(2, wanted.size() / 3) + 1;
    for (const std::string_view candidate : candidates) {
        if (candidate.size() > kMaxNearestName) continue;
        const std::size_t distance = edit_distance(wanted, candidate);
        if (distance < least && distance < candidate.size()) {
            least = distance;
            nearest = candidate;
        }
    }
    constexpr std::size_t kShortestBeginning = 4;
    if (!nearest.empty() || wanted.size() < kShortestBeginning) return nearest;
    least = 2;
    for (const std::string_view candidate : candidates) {
        if (candidate.size() > kMaxNearestName) continue;
        const std::size_t distance = edit_distance(wanted, candidate.substr(0, wanted.size()));
        if (distance >= least) continue;
        least = distance;
        nearest = candidate;
    }
    return nearest;
}

}  // namespace ringfence
