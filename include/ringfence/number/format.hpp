// format.hpp - a Number written out again.
//
//     style        China              China              United Kingdom
//     kE164        +8613800138000     +861012345678      +442079460018
//     kNational    13800138000        01012345678        00442079460018    (under China's plan)
//     kDialled     008613800138000    00861012345678     00442079460018
//
// What is written reads back: normalize(parse(format(number, style, plan)), plan) is a valid number again.
// A short code behind '+86' reads back with Oddity::kCountryBeforeShort. Not promised for a short code of
// China that is an area code and an emergency number (955110): behind a country code the emergency is
// believed first.
//
// Cost: no allocation.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/normalize.hpp"
#include "ringfence/number/number.hpp"

namespace ringfence {

enum class NumberStyle : std::uint8_t {
    kE164 = 0,      // '+' and the whole number
    kNational = 1,  // as dialled at home; a foreign number behind the international prefix
    kDialled = 2,   // behind the plan's international prefix, always
};

// Text of a number, in place.
class NumberText {
public:
    constexpr std::string_view text() const { return {chars_.data(), size_}; }
    constexpr operator std::string_view() const { return text(); }
    constexpr void append(std::string_view more) {
        for (const char c : more)
            if (size_ < chars_.size()) chars_[size_++] = c;
    }

private:
    std::array<char, 32> chars_{};
    std::uint8_t size_ = 0;
};

// The number in `style` as seen from `plan`; no text for the empty Number.
// Threads: any thread.
constexpr NumberText format(Number number, NumberStyle style, const DialPlan& plan);

// The same for what `normalize` found, numbers of 16 to 24 digits included; no text where it found no
// number and no long national one.
// Threads: any thread.
constexpr NumberText format(const Normalized& number, NumberStyle style, const DialPlan& plan);

// '+' and the digits; no plan is needed for that.
// Threads: any thread.
constexpr NumberText format_e164(Number number);

}  // namespace ringfence

#include "ringfence/number/format.inl"
