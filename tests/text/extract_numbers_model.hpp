// The plain model of src/text/find_numbers.cpp: each run of groups of digits is parsed and normalized, the longest first.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "ringfence/number/normalize.hpp"
#include "ringfence/number/parse.hpp"
#include "tests/text/extract_text_model.hpp"

namespace ringfence::extract_model {

inline constexpr std::size_t kMaxGroups = 24;  // every digit of the longest number by itself
inline constexpr std::size_t kLeastDigits = 5;

inline bool joins(char16_t c) {
    switch (c) {
        case u' ':
        case u'-':
        case u'.':
        case u'(':
        case u')':
        case u'/':
        case u'~':
        case 0xB7:    // middle dot
        case 0x2022:  // bullet
        case 0x30FB:  // katakana middle dot
        case 0x30FC:  // long vowel mark, a dash in Japanese numbers
        case kOtherSymbol: return true;
        default: return false;
    }
}

struct Group {
    std::size_t begin;
    std::size_t end;

    std::size_t size() const { return end - begin; }
};

// Whole and written with its prefix, in a range that the plan does not know: ranges are issued every
// year, and lists may hold such numbers.
inline bool in_new_range(const Normalized& number) {
    constexpr unsigned kLeastWithCountry = 11;
    return number.domestic && number.oddities == Oddity::kUnknownRange &&
           (number.form == Form::kTrunk || number.form == Form::kPlus ||
            number.form == Form::kPrefix) &&
           number.size >= kLeastWithCountry;
}

// What a plan takes for a number when it was dialled is not always one in the middle of a text.
inline bool believable(const Normalized& number, std::size_t groups, bool has_plus,
                       const DialPlan& plan) {
    if (has_plus) return true;
    if (number.form == Form::kMalformed) return false;
    // A landline without its trunk prefix looks like any other eight to eleven digits.
    if (number.form == Form::kNational && number.kind == NumberKind::kLandline &&
        plan.trunk_prefix() == "0") {
        return false;
    }
    const bool port = number.long_national || number.kind == NumberKind::kSmsPort;
    if (groups > 1 && (port || number.form == Form::kShort)) return false;
    return number.domestic || number.form == Form::kPrefix;
}

// The number that these digits, perhaps behind a '+', are in a text where they stand in so many groups.
inline std::optional<Normalized> read_number(std::string_view text, std::size_t groups,
                                             const DialPlan& plan) {
    const Normalized number = normalize(parse(AddressView(text)), plan);
    if (number.size == 0 || !(number.valid || in_new_range(number))) return {};
    if (!believable(number, groups, text.starts_with('+'), plan)) return {};
    return number;
}

class NumberFinder {
public:
    NumberFinder(Text& text, const DialPlan& plan, bool plan_given)
        : text_(text), units_(text.units), plan_(plan), plan_given_(plan_given) {}

    void run() {
        for (std::size_t at = 0; at < units_.size();)
            at = text_.taken(at) || !is_digit(units_[at]) ? at + 1 : look_at(at);
    }

private:
    Group group_at(std::size_t at) const { return {at, text_.digits_end(at)}; }

    // Where a group that may be joined to the one that ends at `end` would begin; `end` where none may.
    std::size_t behind_joint(std::size_t end) const {
        std::size_t next = end;
        for (unsigned i = 0; i < 2 && joins(text_.unit(next)); ++i) ++next;
        return next;
    }

    // The longest run of groups from `at` on that is a number; returns where to go on.
    std::size_t look_at(std::size_t at) {
        std::array<Group, kMaxGroups> groups;
        std::array<char, Address::kMaxText + 1> digits{'+'};
        std::array<std::size_t, kMaxGroups> sizes;  // digits up to and including the group
        std::size_t count = 0;
        std::size_t size = 0;
        for (std::size_t next = at; count < kMaxGroups;) {
            const Group group = group_at(next);
            if (group.size() == 0 || size + group.size() > Address::kMaxText) break;
            for (std::size_t i = group.begin; i < group.end; ++i) {
                digits[1 + size++] = static_cast<char>(units_[i]);
            }
            groups[count] = group;
            sizes[count++] = size;
            next = behind_joint(group.end);
            if (next == group.end) break;
        }
        const std::size_t first_end = count == 0 ? group_at(at).end : groups[0].end;
        for (std::size_t n = count; n-- > 0;) {
            const std::span<const Group> run(groups.data(), n + 1);
            if (sizes[n] < kLeastDigits || !may_be_joined(run.size(), sizes[n])) continue;
            if (!stands_alone(run) || is_date(run)) continue;
            if (tell(run, std::string_view(digits.data(), 1 + sizes[n]))) return groups[n].end;
        }
        return first_end;
    }

    // Short codes and SMS ports are written in one piece; see `believable`.
    static bool may_be_joined(std::size_t groups, std::size_t digits) {
        constexpr std::size_t kLeastJoined = 7;
        return groups == 1 || (digits >= kLeastJoined && digits <= Number::kMaxDigits + 3);
    }

    // '+' before the first digit, perhaps with a bracket between: its place, or npos.
    std::size_t plus_before(std::size_t at) const {
        if (at > 0 && text_.unit(at - 1) == u'(') --at;
        return at > 0 && text_.unit(at - 1) == u'+' ? at - 1 : std::u16string_view::npos;
    }

    // Not a piece of something longer: a word, an amount, a masked account, a fraction.
    bool stands_alone(std::span<const Group> run) const {
        const std::size_t begin = run.front().begin;
        const std::size_t end = run.back().end;
        const char16_t before = begin > 0 ? units_[begin - 1] : u'\0';
        const char16_t after = text_.unit(end);
        const bool long_run = end - begin >= 10;
        if (is_digit(before) || before == u'_' || before == u'#' || before == u'*' ||
            before == u'$' || before == 0xA3 || before == 0xA5 || before == 0x20AC) {
            return false;
        }
        if (is_lower(before) && (!long_run || !letters_only(begin))) return false;
        if ((before == u'.' || before == u',' || before == u'-') && begin > 1 &&
            is_digit(units_[begin - 2]) && !long_run) {
            return false;
        }
        if (is_digit(after) || after == u'_' || after == u'*' || after == u'%') return false;
        if (is_lower(after) && !long_run) return false;
        // "20120102 08:00": the hour of a day is no end of a number.
        if (after == u':' && run.size() > 1 && run.back().size() <= 2 &&
            is_digit(text_.unit(end + 1))) {
            return false;
        }
        if ((after == u'.' || after == u',' || after == u'-') && is_digit(text_.unit(end + 1)) &&
            !long_run) {
            return false;
        }
        // Yuan, ten thousand, points, jiao: amounts.
        constexpr std::u16string_view kMeasures = u"\u5143\u4E07\u5206\u89D2\u5757";
        return long_run || kMeasures.find(after) == kMeasures.npos;
    }

    // Whether the word that ends before `at` is letters only ("tel138..."), and no code ("a7x138...").
    bool letters_only(std::size_t at) const {
        constexpr std::size_t kLongestWord = 12;
        for (std::size_t i = 0; i < kLongestWord && at > 0; ++i) {
            const char16_t c = units_[--at];
            if (is_digit(c) || c == u'_') return false;
            if (!is_lower(c)) return true;
        }
        return at == 0;
    }

    // 2013-05-20 17:59 and the like.
    bool is_date(std::span<const Group> run) const {
        if (run.size() < 3 || run[0].size() != 4 || run[1].size() > 2 || run[2].size() > 2)
            return false;
        const std::u16string_view century = units_.substr(run[0].begin, 2);
        return century == u"19" || century == u"20";
    }

    // `text` is '+' and the digits. True when they are a number and it was told.
    bool tell(std::span<const Group> run, std::string_view text) {
        const std::size_t plus = plus_before(run.front().begin);
        const bool has_plus = plus != std::u16string_view::npos;
        if (!has_plus && !plan_given_) return false;
        const auto number = read_number(has_plus ? text : text.substr(1), run.size(), plan_);
        if (!number) return false;
        Found found;
        found.kind = FoundKind::kNumber;
        found.number = number->number;
        found.key = number->digits();
        found.place = text_.place(has_plus ? plus : run.front().begin, run.back().end);
        text_.tell(found);
        return true;
    }

    Text& text_;
    std::u16string_view units_;
    const DialPlan& plan_;
    bool plan_given_;
};

inline void find_numbers(Text& text) {
    const DialPlan& plan = text.plan != nullptr ? *text.plan : DialPlan::all().front();
    NumberFinder(text, plan, text.plan != nullptr).run();
}

}  // namespace ringfence::extract_model
