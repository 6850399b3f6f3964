// range_walk.hpp - walks digits through the generated ranges: what number they are, or why they are none.
//
// Internal to the number room; the tables' layout is in data/plan_types.hpp.
// Cost: one load a digit, no branch but the loop's.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ringfence/number/data/plan_types.hpp"
#include "ringfence/number/data/ranges.hpp"

namespace ringfence::detail {

enum class Misfit : std::uint8_t {
    kLength = 0,  // the beginning of a number, or a number with more behind it
    kRange = 1,   // in no range that is known
};

constexpr std::uint16_t next_state(std::uint16_t state, char digit) {
    return data::kRangeNext[state * 10u + static_cast<unsigned>(digit - '0')];
}

// The label of `digits` behind `root` or kPlausible; 0 when they are no number.
constexpr std::uint8_t loose_label_at(std::uint16_t root, std::string_view digits) {
    std::uint16_t state = root;
    for (const char c : digits) state = next_state(state, c);
    return data::kRangeLabel[state];
}

// The label of `digits` behind `root`, 0 when they are in no known range.
constexpr std::uint8_t label_at(std::uint16_t root, std::string_view digits) {
    const std::uint8_t label = loose_label_at(root, digits);
    return (label & data::kKindMask) != 0 ? label : std::uint8_t{0};
}

// Why label_at refuses `digits`.
constexpr Misfit misfit_at(std::uint16_t root, std::string_view digits) {
    std::uint16_t state = root;
    bool passed_number = false;
    for (const char c : digits) {
        passed_number = passed_number || (data::kRangeLabel[state] & data::kKindMask) != 0;
        state = next_state(state, c);
    }
    if (data::kRangeLabel[state] == data::kPlausible) return Misfit::kRange;
    return state != 0 || passed_number ? Misfit::kLength : Misfit::kRange;
}

// Index into kCallingCodes by the first three digits (missing ones as zeros); kNoCode for none.
inline constexpr std::uint8_t kNoCode = 0xFF;
inline constexpr std::array<std::uint8_t, 1000> kCodeIndex = [] {
    static_assert(data::kCallingCodes.size() < kNoCode);
    std::array<std::uint8_t, 1000> index{};
    index.fill(kNoCode);
    for (std::size_t i = 0; i < data::kCallingCodes.size(); ++i) {
        const data::CallingCode& row = data::kCallingCodes[i];
        const unsigned width = row.length == 1 ? 100 : row.length == 2 ? 10 : 1;
        for (unsigned k = 0; k < width; ++k)
            index[row.code * width + k] = static_cast<std::uint8_t>(i);
    }
    return index;
}();

// The country code that `digits` begin with; kNoCallingCode, of length 0, for none.
inline constexpr data::CallingCode kNoCallingCode{};
constexpr const data::CallingCode& calling_code(std::string_view digits) {
    unsigned first = 0;
    for (std::size_t i = 0; i < 3; ++i)
        first = first * 10 + (i < digits.size() ? static_cast<unsigned>(digits[i] - '0') : 0);
    const std::uint8_t index = kCodeIndex[first];
    if (index == kNoCode) return kNoCallingCode;
    const data::CallingCode& row = data::kCallingCodes[index];
    return row.length <= digits.size() ? row : kNoCallingCode;
}

// The region of a number whose country code is `row`: an index into kRegions, 0 for none.
constexpr std::uint8_t region_at(const data::CallingCode& row, std::string_view national) {
    std::uint16_t state = row.region_root;
    for (const char c : national) {
        const std::uint16_t next = data::kCountryNext[state * 10u + static_cast<unsigned>(c - '0')];
        if (next == 0) break;
        state = next;
    }
    const std::uint8_t region = data::kCountryLabel[state];
    return region != 0 ? region : row.region;
}

constexpr bool all_digits(std::string_view text) {
    for (const char c : text)
        if (c < '0' || c > '9') return false;
    return true;
}

}  // namespace ringfence::detail
