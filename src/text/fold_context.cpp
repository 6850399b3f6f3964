#include "src/text/fold_context.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>

#include "src/text/data/fold_data.hpp"
#include "src/text/utf.hpp"

namespace ringfence {
namespace {

using fold_data::Class;
using fold_data::Entry;
using kernel::FoldedSoFar;

constexpr std::size_t kLeastRun = 5;  // of a number run
constexpr std::size_t kMobile = 11;   // digits of a mobile number of China, the first of which is 1

bool in_word(Class kind) { return kind == Class::kDigit || kind >= Class::kLatin; }
bool mixes(Class kind) { return kind >= Class::kLatin && kind <= Class::kOtherLookAlike; }

// The ASCII letter a character looks like; the caller knows that there is one.
char16_t look_alike_of(char32_t code_point) {
    const auto* first = fold_data::kLookAlikes;
    const auto* last = first + fold_data::kLookAlikeCount;
    const auto* found = std::lower_bound(
        first, last, code_point, [](const auto& look, char32_t c) { return look.source < c; });
    assert(found != last && found->source == code_point);
    return found->plain;
}

char16_t digit_of(char16_t numeral) {
    const auto* first = fold_data::kNumerals;
    const auto* last = first + fold_data::kNumeralCount;
    const auto* found = std::lower_bound(
        first, last, numeral, [](const auto& n, char16_t unit) { return n.unit < unit; });
    assert(found != last && found->unit == numeral);
    return static_cast<char16_t>(u'0' + found->value);
}

// The light view and, kept beside it, the place in the dense view.
class Walk {
public:
    explicit Walk(const FoldedSoFar& views) : views_(views) {}

    // Makes `unit` of the unit at `at`, which with it stays in the dense view. Places never descend.
    void replace(std::size_t at, char16_t unit) {
        for (; at_ < at; ++at_) dense_ += fold_data::in_dense(views_.units[at_]);
        views_.units[at] = unit;
        views_.dense_units[dense_] = unit;
    }

private:
    const FoldedSoFar& views_;
    std::size_t at_ = 0, dense_ = 0;
};

// Of the units of the light view alone: each has the kind that its character had.
class Numbers {
public:
    explicit Numbers(const FoldedSoFar& views) : views_(views), walk_(views) {}

    void mend() {
        for (std::size_t at = 0; at < views_.size; ++at) {
            if (!is_member(at)) continue;
            const std::size_t begin = at;
            std::size_t digits = 0;
            bool numerals = false;
            std::size_t end = at;
            for (;;) {
                ++digits;
                numerals |= is_numeral(at);
                end = at + 1;
                if (is_member(end)) {
                    at = end;
                } else if (is_separator(end) && is_member(end + 1)) {
                    at = end + 1;
                } else {
                    break;
                }
            }
            if (numerals && digits >= kLeastRun) mend(begin, end, digits);
        }
    }

private:
    void mend(std::size_t begin, std::size_t end, std::size_t digits) {
        if (!numeral_between(begin + 1, end - 1)) {
            const bool in_step = digits == kMobile && digit_at(begin) == u'1';
            const bool first = is_word(begin, -1, in_step), last = is_word(end - 1, 1, in_step);
            begin += first, end -= last, digits -= unsigned{first} + unsigned{last};
        }
        if (digits < kLeastRun) return;
        for (std::size_t i = begin; i < end; ++i) {
            if (is_numeral(i)) walk_.replace(i, digit_of(views_.units[i]));
        }
    }

    // Whether the numeral at an edge of a run that is written in digits otherwise is of the Han text beyond the edge, which
    // lies in the direction `out`. Right beside it, it is. Behind a blank it is where a blank sets the numeral apart from
    // the number as well ("12345 参 加"): a text with blanks between its characters, and a number without, which so ends
    // before them. Unless, `in_step`, it makes a mobile number of China of what is none without it ("1380000123 四 我"). Of a number that is spaced out itself ("1 3 8 ... 3 四 加") the numeral goes on in step; and one that is
    // written on to the number ("123四 加") was put there for a digit.
    bool is_word(std::size_t at, std::ptrdiff_t out, bool in_step) const {
        if (kind(at) != Class::kEveryday) return false;
        const auto beyond = [&](std::ptrdiff_t steps) { return kind_at(at, steps * out); };
        if (beyond(1) == Class::kHan) return true;
        return !in_step && beyond(1) == Class::kBlank && beyond(2) == Class::kHan &&
               beyond(-1) == Class::kBlank && beyond(-3) != Class::kBlank;
    }

    char16_t digit_at(std::size_t at) const {
        return is_numeral(at) ? digit_of(views_.units[at]) : views_.units[at];
    }

    // kOther beyond the ends of the view.
    Class kind_at(std::size_t at, std::ptrdiff_t steps) const {
        const std::ptrdiff_t there = static_cast<std::ptrdiff_t>(at) + steps;
        const bool inside = there >= 0 && there < static_cast<std::ptrdiff_t>(views_.size);
        return inside ? kind(static_cast<std::size_t>(there)) : Class::kOther;
    }
    Class kind(std::size_t at) const { return fold_data::entry_of(views_.units[at]).kind(); }
    bool has(std::size_t at, unsigned bit) const {
        return at < views_.size && (views_.kinds[at] & bit) != 0;
    }
    bool is_member(std::size_t at) const { return has(at, kernel::kInNumber); }
    bool is_numeral(std::size_t at) const { return has(at, kernel::kIsNumeral); }
    bool is_separator(std::size_t at) const {
        return at < views_.size && (kind(at) == Class::kBlank || kind(at) == Class::kSeparator);
    }
    bool numeral_between(std::size_t begin, std::size_t end) const {
        for (std::size_t i = begin; i < end; ++i) {
            if (is_numeral(i)) return true;
        }
        return false;
    }

    const FoldedSoFar& views_;
    Walk walk_;
};

// What the source has where a unit came from; of one of several units that came from one character, what that unit is.
struct Origin {
    char32_t code_point;
    Entry entry;
    Class kind;
};

Origin origin_of(std::u16string_view source, const FoldedSoFar& views, std::size_t at) {
    const char32_t c = utf::at_utf16(source, views.offsets[at]).value;
    const Entry entry = fold_data::entry_of(c);
    const bool expands = entry.operation() == fold_data::Operation::kExpand;
    return {c, entry, expands ? fold_data::entry_of(views.units[at]).kind() : entry.kind()};
}

}  // namespace

void mend_numbers(const FoldedSoFar& views) { Numbers(views).mend(); }

void mend_words(std::u16string_view source, const FoldedSoFar& views) {
    Walk walk(views);
    for (std::size_t begin = 0; begin < views.size;) {
        unsigned scripts = 0;  // bit per Class seen in this word
        bool looks = false;
        std::size_t end = begin;
        for (; end < views.size; ++end) {
            const Origin origin = origin_of(source, views, end);
            if (!in_word(origin.kind)) break;
            if (mixes(origin.kind)) scripts |= 1u << static_cast<unsigned>(origin.kind);
            looks |= origin.entry.has_look_alike();
        }
        if (looks && (scripts & (scripts - 1)) != 0) {
            for (std::size_t i = begin; i < end; ++i) {
                const Origin origin = origin_of(source, views, i);
                if (origin.entry.has_look_alike())
                    walk.replace(i, look_alike_of(origin.code_point));
            }
        }
        begin = end + 1;
    }
}

}  // namespace ringfence
