#include "src/lists/plain_heads.hpp"

#include <cstring>
#include <optional>
#include <string>

#include "ringfence/number/normalize.hpp"
#include "ringfence/number/parse.hpp"
#include "ringfence/number/range_walk.hpp"

namespace ringfence {
namespace {

using kernel::NumberHead;

// Whether all digits that begin with `head` and have `more` behind it have one label, seen from `root`.
bool one_label(std::uint16_t root, std::string_view head, std::size_t more) {
    std::uint16_t state = root;
    for (const char c : head) state = detail::next_state(state, c);
    for (; more > 0 && state != 0; --more) {
        const std::uint16_t next = detail::next_state(state, '0');
        for (char c = '1'; c <= '9'; ++c)
            if (detail::next_state(state, c) != next) return false;
        state = next;
    }
    return true;
}

std::uint64_t key_of(std::string_view digits, unsigned size, bool plus) {
    std::uint64_t first = 0;
    std::memcpy(&first, digits.data(), sizeof first);
    return NumberHead::of(first, size, static_cast<unsigned>(digits.size()), plus);
}

// What is added to the rank of the digits; none when they are no number that all of their beginning resemble.
std::optional<std::uint64_t> shift_of(std::string_view digits, bool plus, const DialPlan& plan) {
    const std::string written = (plus ? "+" : "") + std::string(digits);
    const Normalized read = normalize(parse(AddressView(std::string_view(written))), plan);
    const bool usual = read.form == Form::kNational || read.form == Form::kTrunk ||
                       read.form == Form::kPlus || read.form == Form::kCountryCode;
    if (!read.valid || !usual || read.emergency || read.is_protected || read.number.empty())
        return {};
    return read.number.rank() - Number::from_digits(digits).rank();
}

}  // namespace

PlainHeads::PlainHeads(const DialPlan& plan)
    : plan_(plan), heads_(std::make_unique<kernel::NumberHeads>()) {}

// The walks of normalize.inl, in the functions named. A prefix that stands in front of some of the walks is the same
// for all numbers of this head, since no prefix is longer than the head.
bool PlainHeads::begins_alike(std::string_view head, std::size_t more, bool plus) const {
    const data::PlanRow& row = plan_.row();
    const auto both = [&](std::string_view rest) {
        return one_label(row.national_root, rest, more) && one_label(row.short_root, rest, more);
    };
    const auto behind = [&](std::string_view text, std::string_view prefix) {
        return text.substr(prefix.size());
    };
    const bool has_trunk = !row.trunk_prefix.empty();
    if (!both(head)) return false;
    if (plus) {
        // international, try_e164, try_behind_home_code, try_foreign.
        if (head.starts_with('0')) return false;
        const data::CallingCode& code = detail::calling_code(head);
        if (code.length == 0) return false;
        const std::string_view national = head.substr(code.length);
        if (!one_label(code.national_root, national, more)) return false;
        if (national.starts_with('0') && !one_label(code.national_root, national.substr(1), more))
            return false;
        if (head.substr(0, code.length) != row.calling_code) return true;
        return both(national) && (!has_trunk || !national.starts_with(row.trunk_prefix) ||
                                  both(behind(national, row.trunk_prefix)));
    }
    // try_prefix: such numbers are not learned.
    if (head.starts_with("00")) return false;
    for (const std::string_view prefix : row.international_prefixes)
        if (head.starts_with(prefix)) return false;
    // try_trunk, try_bare_code.
    for (const std::string_view rest :
         {head, has_trunk && head.starts_with(row.trunk_prefix) ? behind(head, row.trunk_prefix)
                                                                : head}) {
        if (!both(rest)) return false;
        if (!rest.starts_with(row.calling_code)) continue;
        const std::string_view national = behind(rest, row.calling_code);
        if (!both(national)) return false;
        if (has_trunk && national.starts_with(row.trunk_prefix) &&
            !both(behind(national, row.trunk_prefix)))
            return false;
    }
    return true;
}

void PlainHeads::learn(std::string_view digits, bool plus) {
    for (const unsigned size : {NumberHead::kShort, NumberHead::kLong}) {
        const std::uint64_t key = key_of(digits, size, plus);
        NumberHead& place = (*heads_)[NumberHead::place(key)];
        if (place.head == key && place.shift != NumberHead::kDeeper) return;
        if (place.head == key) continue;
        place.head = key;
        if (begins_alike(digits.substr(0, size), digits.size() - size, plus)) {
            place.shift = shift_of(digits, plus, plan_).value_or(NumberHead::kUnlike);
            return;
        }
        place.shift = size == NumberHead::kShort ? NumberHead::kDeeper : NumberHead::kUnlike;
    }
}

Number PlainHeads::apply(std::string_view digits, bool plus) const {
    for (const unsigned size : {NumberHead::kShort, NumberHead::kLong}) {
        const std::uint64_t key = key_of(digits, size, plus);
        const NumberHead& known = (*heads_)[NumberHead::place(key)];
        if (known.head != key || known.shift == NumberHead::kUnlike) return {};
        if (known.shift != NumberHead::kDeeper)
            return Number::from_rank(Number::from_digits(digits).rank() + known.shift);
    }
    return {};
}

}  // namespace ringfence
