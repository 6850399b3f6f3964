// dial_plan.hpp - how one country dials: its prefixes, its emergency and protected numbers, its ranges.
//
// A DialPlan is a view over constexpr tables in number/data/, which tools/gen_numbering.py writes; it is
// two words, lives for ever, and is compared by country. Plans are shipped for CN, US, GB, DE, FR, SG
// and IN. Numbers of every other country are known too (country_of.hpp, normalize.hpp), but cannot be
// dialled from.
//
// Cost: `find` looks through seven rows; the rest are loads.
// Sources: NOTICE; ITU-T E.164 clause 6.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "ringfence/number/country.hpp"
#include "ringfence/number/data/plans.hpp"

namespace ringfence {

class DialPlan {
public:
    // The plan of a country; null when none is shipped.
    // Threads: any thread.
    static constexpr const DialPlan* find(CountryCode country);

    constexpr CountryCode country() const { return CountryCode(row_->country); }
    // "86", "1".
    constexpr std::string_view country_calling_code() const { return row_->calling_code; }
    // What is dialled before a country code: "00", "011".
    constexpr std::string_view international_prefix() const { return row_->international_prefix; }
    // What is dialled before an area code at home: "0", "1", nothing in Singapore.
    constexpr std::string_view trunk_prefix() const { return row_->trunk_prefix; }

    // The emergency numbers as dialled, without prefixes; never empty in a shipped plan.
    constexpr std::span<const std::string_view> emergency_numbers() const {
        return row_->emergency;
    }
    // The numbers whose owners never call from abroad, as national digits.
    constexpr std::span<const data::CodeRange> protected_numbers() const {
        return row_->protected_numbers;
    }

    // Whether these digits, whole and without prefixes, are an emergency number (China: 12110 with the
    // digits of an area behind it too). Dialled forms: normalize(...).emergency.
    // Threads: any thread.
    constexpr bool is_emergency(std::string_view digits) const;

    // Whether these digits, whole and without prefixes, are a protected number.
    // Threads: any thread.
    constexpr bool is_protected(std::string_view digits) const;

    // The shipped plans, in no order.
    static constexpr std::span<const DialPlan> all();

    constexpr explicit DialPlan(const data::PlanRow& row) : row_(&row) {}
    constexpr const data::PlanRow& row() const { return *row_; }

private:
    const data::PlanRow* row_;
};

}  // namespace ringfence

#include "ringfence/number/dial_plan.inl"
