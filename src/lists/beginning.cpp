#include "src/lists/beginning.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/normalize.hpp"
#include "ringfence/number/number.hpp"
#include "ringfence/number/range_walk.hpp"

namespace ringfence {
namespace {

// How many digits an entry leaves to its numbers.
struct Lengths {
    std::size_t least;
    std::size_t most;

    Lengths without(std::size_t code) const {
        return {least > code ? least - code : 0, most > code ? most - code : 0};
    }
};

// The same of digits behind `root` alone. `passed_over`: bits by NumberKind.
Beginning beginning_at(std::uint16_t root, std::string_view digits, Lengths lengths,
                       unsigned passed_over = 0) {
    std::uint16_t state = root;
    for (const char c : digits) state = detail::next_state(state, c);
    if (state == 0)
        return detail::misfit_at(root, digits) == detail::Misfit::kRange ? Beginning::kOfUnknown
                                                                         : Beginning::kOfNone;
    Beginning best = Beginning::kOfNone;
    std::vector<std::uint16_t> states{state};
    std::vector<std::uint16_t> next;
    for (std::size_t size = digits.size(); size <= lengths.most && !states.empty(); ++size) {
        for (const std::uint16_t one : states) {
            const std::uint8_t label = data::kRangeLabel[one];
            const unsigned kind = label & data::kKindMask;
            if (size < lengths.least || label == 0 || (passed_over >> kind & 1u) != 0) continue;
            if (kind != 0) return Beginning::kOfNumbers;
            best = Beginning::kOfUnknown;
        }
        next.clear();
        for (const std::uint16_t one : states) {
            for (char c = '0'; c <= '9'; ++c)
                if (const std::uint16_t to = detail::next_state(one, c); to != 0)
                    next.push_back(to);
        }
        std::ranges::sort(next);
        next.erase(std::unique(next.begin(), next.end()), next.end());
        states.swap(next);
    }
    return best;
}

// One digit or two that no country code ends with, but may begin with.
Beginning beginning_of_codes(std::string_view digits) {
    const auto begins_so = [&](const data::CallingCode& row) {
        return std::to_string(row.code).starts_with(digits);
    };
    return std::ranges::any_of(data::kCallingCodes, begins_so) ? Beginning::kOfNumbers
                                                               : Beginning::kOfNone;
}

// Of digits of the plan's own country, without their country code.
Beginning beginning_at_home(std::string_view national, Lengths lengths, const DialPlan& plan,
                            unsigned passed_over = 0) {
    const Beginning codes = beginning_at(plan.row().short_root, national, lengths);
    if (codes == Beginning::kOfNumbers) return codes;
    return beginning_at(plan.row().national_root, national, lengths, passed_over);
}

constexpr unsigned bit(NumberKind kind) { return 1u << static_cast<unsigned>(kind); }

}  // namespace

Beginning beginning_of(std::string_view digits, std::size_t least, std::size_t most,
                       const DialPlan& plan) {
    const data::CallingCode& code = detail::calling_code(digits);
    if (code.length == 0) return beginning_of_codes(digits);
    const std::string_view national = digits.substr(code.length);
    if (digits.substr(0, code.length) == plan.country_calling_code())
        return beginning_at_home(national, Lengths{least, most}.without(code.length), plan);
    most = std::min<std::size_t>(most, Number::kMaxDigits);
    return beginning_at(code.national_root, national, Lengths{least, most}.without(code.length));
}

bool has_country_code(std::string_view digits, std::size_t least, std::size_t most,
                      const DialPlan& plan) {
    const std::string_view code = plan.country_calling_code();
    if (digits.size() <= code.size() || !digits.starts_with(code)) return false;
    const unsigned behind_trunk =
        plan.row().trunk_kinds & ~(bit(NumberKind::kMobile) | bit(NumberKind::kFixedOrMobile));
    // A whole number is no beginning of others.
    const Lengths longer{std::max(least, digits.size() + 1), most};
    return beginning_at_home(digits, longer, plan, behind_trunk) != Beginning::kOfNumbers &&
           beginning_of(digits, least, most, plan) == Beginning::kOfNumbers;
}

}  // namespace ringfence
