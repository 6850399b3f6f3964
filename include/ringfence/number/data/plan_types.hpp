// plan_types.hpp - the shapes of the generated tables beside this file.
//
// ranges.hpp holds one automaton over digits for the numbers of the world: ten successors a state, and a
// label for the digits that end there. 8,200 states, 170 KiB.
//
//     label, 8 bits     flags 4 | kind 4        0: the digits are no number
//     kPlausible        its country has numbers of this length that begin so, but no such range is known
//
// Readers: constexpr data, read by any thread. Written by tools/gen_numbering.py alone.
// Cost of a walk: one load a digit and one for the label.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace ringfence::data {

// The low four bits of a label are a NumberKind.
inline constexpr std::uint8_t kKindMask = 0x0F;
inline constexpr std::uint8_t kEmergencyFlag = 0x10;
inline constexpr std::uint8_t kProtectedFlag = 0x20;
// The digits are an area code and a short code.
inline constexpr std::uint8_t kBehindAreaFlag = 0x40;
inline constexpr std::uint8_t kPlausible = 0x40;
// Behind a '+' or an international prefix these digits are a look-alike.
inline constexpr std::uint8_t kNeverAfterPlusFlag = 0x80;

// One country code.
struct CallingCode {
    std::uint16_t code;
    std::uint8_t length;  // of the code in digits
    std::uint8_t region;  // its main region, an index into kRegions; 0 for none
    std::uint8_t
        trunk_zero;  // 1: a 0 is dialled before national numbers there, and falls away abroad
    std::uint16_t national_root;  // state behind the code
    std::uint16_t region_root;    // state of the other automaton, 0 where there is one region
};

// The digit strings that begin with `prefix` and have one of the lengths.
struct CodeRange {
    std::string_view prefix;
    std::uint8_t min_length;
    std::uint8_t max_length;

    constexpr bool covers(std::string_view digits) const {
        return digits.size() >= min_length && digits.size() <= max_length &&
               digits.starts_with(prefix);
    }
};

// One dial plan.
struct PlanRow {
    std::string_view country;
    std::string_view calling_code;
    std::string_view international_prefix;  // the one that is written
    std::string_view trunk_prefix;
    std::span<const std::string_view> international_prefixes;  // those that are read
    std::span<const std::string_view> emergency;
    std::span<const CodeRange> protected_numbers;
    std::span<const std::string_view> kin;  // countries of this calling code that count as domestic
    std::span<const CodeRange> ip_call;     // IP-call prefixes: their beginning and whole length
    std::uint16_t trunk_kinds;              // bits by NumberKind: written behind the trunk prefix
    std::array<std::uint8_t, 10> area_length;  // of area codes, by first digit; 0 for none
    std::uint16_t national_root;               // state behind the country code
    std::uint16_t short_root;                  // state for codes dialled alone
};

}  // namespace ringfence::data
