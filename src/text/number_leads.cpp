#include "src/text/number_leads.hpp"

#include <algorithm>
#include <string_view>

#include "ringfence/number/address.hpp"
#include "ringfence/number/range_walk.hpp"

namespace ringfence {
namespace {

using Lengths = std::uint32_t;
constexpr Lengths kAllLengths = (Lengths{1} << (Address::kMaxText + 1)) - 1;

// Which states lead to a number, and by how many more digits.
class Reach {
public:
    Reach() {
        // A number's states come before those that lead to it, so that the second sweep finds nothing new; there are
        // never more sweeps than digits.
        for (unsigned sweep = 0; sweep <= Address::kMaxText && changed_; ++sweep) {
            changed_ = false;
            for (std::size_t state = 1; state < reach_.size(); ++state) update(state);
        }
    }

    Lengths operator[](std::uint16_t state) const { return reach_[state]; }

private:
    void update(std::size_t state) {
        Lengths lengths = (data::kRangeLabel[state] & data::kKindMask) != 0 ? 1 : 0;
        for (std::size_t digit = 0; digit < 10; ++digit)
            lengths |= reach_[data::kRangeNext[state * 10 + digit]] << 1;
        lengths &= kAllLengths;
        changed_ = changed_ || lengths != reach_[state];
        reach_[state] = lengths;
    }

    std::array<Lengths, data::kRangeLabel.size()> reach_{};
    bool changed_ = true;
};

std::uint16_t state_behind(std::uint16_t root, std::string_view digits) {
    std::uint16_t state = root;
    for (const char c : digits) state = detail::next_state(state, c);
    return state;
}

}  // namespace

// The readings are those of `dialled` in number/normalize.inl, one by one.
class NumberLeads::Builder {
public:
    Builder(const Reach& reach, const data::PlanRow& plan) : reach_(reach), plan_(plan) {}

    NumberLeads build() const {
        NumberLeads leads;
        for (unsigned first = 0; first < leads.rows_.size(); ++first) {
            const std::array<char, kDigits> digits = {static_cast<char>('0' + first / 100),
                                                      static_cast<char>('0' + first / 10 % 10),
                                                      static_cast<char>('0' + first % 10)};
            leads.rows_[first] = row({digits.data(), digits.size()});
        }
        return leads;
    }

private:
    NumberLead row(std::string_view lead) const {
        NumberLead row;
        row.short_state = state_behind(plan_.short_root, lead);
        row.national_state = state_behind(plan_.national_root, lead);
        row.short_lengths = lengths(row.short_state);
        row.national_lengths = lengths(row.national_state);
        row.other_lengths =
            behind_prefix(lead) | behind_trunk(lead) | behind_code(lead) | behind_ip_call(lead);
        return row;
    }

    // Of all digits, where three lead to this state.
    Lengths lengths(std::uint16_t state) const { return reach_[state] << kDigits & kAllLengths; }
    Lengths national(std::string_view rest) const {
        return lengths(state_behind(plan_.national_root, rest));
    }
    Lengths code(std::string_view rest) const {
        return lengths(state_behind(plan_.short_root, rest));
    }

    // A foreign number may be of any length and range.
    Lengths behind_prefix(std::string_view lead) const {
        bool any = lead.starts_with("00");
        for (const std::string_view prefix : plan_.international_prefixes)
            any = any || lead.starts_with(prefix) || prefix.starts_with(lead);
        return any ? kAllLengths : 0;
    }

    // A national number, or one of a range that is not known, which has eleven digits and more with its country code. What is
    // malformed is not believed.
    Lengths behind_trunk(std::string_view lead) const {
        const std::string_view trunk = plan_.trunk_prefix;
        if (trunk.empty() || !lead.starts_with(trunk)) return 0;
        const std::size_t least = kLeastInNewRange - plan_.calling_code.size() + trunk.size();
        return national(lead.substr(trunk.size())) | (kAllLengths >> least << least);
    }

    Lengths behind_code(std::string_view lead) const {
        if (!lead.starts_with(plan_.calling_code)) return 0;
        const std::string_view rest = lead.substr(plan_.calling_code.size());
        Lengths any = national(rest) | code(rest);
        const std::string_view trunk = plan_.trunk_prefix;
        if (!trunk.empty() && rest.starts_with(trunk)) any |= national(rest.substr(trunk.size()));
        return any;
    }

    // Any number may stand behind.
    Lengths behind_ip_call(std::string_view lead) const {
        Lengths any = 0;
        for (const data::CodeRange& range : plan_.ip_call) {
            const std::size_t least = range.max_length + std::size_t{1};
            if (lead.starts_with(range.prefix) || range.prefix.starts_with(lead))
                any |= kAllLengths >> least << least;
        }
        return any;
    }

    const Reach& reach_;
    const data::PlanRow& plan_;
};

// A plan that is not shipped knows nothing before it has read the whole.
const NumberLeads& NumberLeads::of(const DialPlan& plan) {
    static const std::array<NumberLeads, data::kPlans.size() + 1> leads = [] {
        const Reach reach;
        std::array<NumberLeads, data::kPlans.size() + 1> all;
        for (std::size_t i = 0; i < data::kPlans.size(); ++i)
            all[i] = Builder(reach, data::kPlans[i]).build();
        for (NumberLead& row : all.back().rows_) row.other_lengths = kAllLengths;
        for (NumberLeads& each : all) each.keep_lengths();
        return all;
    }();
    const data::PlanRow& row = plan.row();
    // Most are views of the shipped rows themselves.
    for (std::size_t k = 0; k < data::kPlans.size(); ++k)
        if (&row == &data::kPlans[k]) return leads[k];
    std::size_t i = 0;
    for (const data::PlanRow& shipped : data::kPlans) {
        if (shipped.national_root == row.national_root && shipped.short_root == row.short_root &&
            shipped.country == row.country) {
            break;
        }
        ++i;
    }
    return leads[i];
}

}  // namespace ringfence
