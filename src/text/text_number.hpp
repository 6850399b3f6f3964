// text_number.hpp - whether a run of digits in a text is a telephone number, and which.
//
// What a plan takes for a number when it was dialled is not always one in the middle of a text: a landline without its
// trunk prefix looks like any other digits, and codes and SMS ports are written in one piece. Digits with a '+' before
// them are believed whatever they are.
//
// Cost: a row of NumberLeads (number_leads.hpp) and at most two walks through the plan's ranges for what is written without
// a prefix or behind the trunk prefix; the whole of `normalize` for the rest. No allocation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ringfence/number/address.hpp"
#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/number.hpp"
#include "src/text/number_leads.hpp"

namespace ringfence {

// Digits with their country code.
struct TextNumber {
    Number number;  // empty for one of over 15 digits
    std::uint8_t size = 0;
    std::array<char, Address::kMaxText> chars;  // the first `size`

    std::string_view digits() const { return {chars.data(), size}; }
};

// Threads: any thread.
class TextNumberReader {
public:
    static constexpr std::size_t kLeastDigits = 5;

    // Keeps `plan`, which the caller keeps too.
    explicit TextNumberReader(const DialPlan& plan)
        : plan_(plan.row()), leads_(NumberLeads::of(plan)) {}

    // Whether `size` digits, up to Address::kMaxText, that begin with these three may be a number without a '+'. Of few it
    // is so.
    template <class Unit>
    bool may_be(const Unit* digits, std::size_t size) const {
        return (lengths_behind(digits) >> size & 1u) != 0;
    }
    // How many digits that begin with these three may be a number without a '+': bit L for L.
    template <class Unit>
    std::uint32_t lengths_behind(const Unit* digits) const {
        return leads_.lengths(first_three(digits));
    }

    // Reads kLeastDigits to Address::kMaxText digits that stand in `groups` groups, with a '+' before them or not. False
    // when they are no number; `out` holds anything then.
    bool read(std::string_view digits, std::size_t groups, bool plus, TextNumber& out) const;

private:
    template <class Unit>
    static unsigned first_three(const Unit* digits) {
        return static_cast<unsigned>((digits[0] - '0') * 100 + (digits[1] - '0') * 10 +
                                     (digits[2] - '0'));
    }
    bool read_bare(std::string_view digits, std::size_t groups, TextNumber& out) const;
    bool read_trunk(std::string_view digits, std::size_t groups, TextNumber& out) const;
    bool read_whole(std::string_view digits, std::size_t groups, bool plus, TextNumber& out) const;
    bool write(std::string_view national, TextNumber& out) const;

    const data::PlanRow& plan_;
    const NumberLeads& leads_;
};

}  // namespace ringfence
