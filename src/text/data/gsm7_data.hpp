// gsm7_data.hpp - the national language tables of the GSM 7-bit alphabet. Generated: tools/gen_gsm7.py.
//
// Source: 3GPP TS 23.038 annex A; the identifiers are those of clause 6.2.1.2.4.
#pragma once

#include <array>

#include "src/text/gsm7.hpp"

namespace ringfence::gsm7 {

inline constexpr std::size_t kLanguages = 14;

// By national language identifier. 0 is the default alphabet with its extension table; null where the language
// has no table of the kind (Spanish has no locking one).
extern const std::array<const Table*, kLanguages> kLocking;
extern const std::array<const Table*, kLanguages> kSingle;

}  // namespace ringfence::gsm7
