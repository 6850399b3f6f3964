// number_leads.hpp - by what its first digits and its length say, what a run of digits may be under a plan.
//
// Most digits of texts are amounts, codes and serial numbers. One look at the first three digits and the length
// refuses them before anything is copied; of the others it says which ranges can hold them, and from which state of the
// plan's automaton the walk goes on. What it says is a superset of what `normalize` gives for digits without a '+' that
// are believable in a text; text_number.hpp uses it, and tests compare both.
//
//     row of "138"    short codes: no length    national numbers: 11    other readings: 11 behind an IP-call prefix ...
//
// Readers: any thread. Made once for all shipped plans, at the first question: 160 KB, some 0.1 ms, no allocation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "ringfence/number/dial_plan.hpp"

namespace ringfence {

// Digits, the country's code among them, of a number that is believed in a range the plan does not know.
inline constexpr std::size_t kLeastInNewRange = 11;

// What digits with these first three may be. Bit L of a set: digits of length L.
struct NumberLead {
    std::uint32_t short_lengths = 0;     // a code of the plan
    std::uint32_t national_lengths = 0;  // a national number, written without any prefix
    std::uint32_t other_lengths =
        0;  // behind a trunk, international, IP-call prefix or the country code
    std::uint16_t short_state = 0;  // behind the three digits; 0: nothing goes on so
    std::uint16_t national_state = 0;

    std::uint32_t lengths() const { return short_lengths | national_lengths | other_lengths; }
};
static_assert(sizeof(NumberLead) == 16);

class NumberLeads {
public:
    static constexpr std::size_t kDigits = 3;

    // Those of `plan`; of one that is not shipped they say nothing. Threads: any thread.
    static const NumberLeads& of(const DialPlan& plan);

    // `first` is the value of the first three digits.
    const NumberLead& operator[](unsigned first) const { return rows_[first]; }
    // NumberLead::lengths of a row, by themselves: most digits are refused by them, and the rows are too many for the first cache.
    std::uint32_t lengths(unsigned first) const { return lengths_[first]; }

private:
    class Builder;

    void keep_lengths() {
        for (std::size_t i = 0; i < rows_.size(); ++i) lengths_[i] = rows_[i].lengths();
    }

    std::array<NumberLead, 1000> rows_{};
    std::array<std::uint32_t, 1000> lengths_{};
};

}  // namespace ringfence
