// extraction.hpp - what the finders share: the light view, its marks, what is taken already, the sink.
//
// Domains run first, then accounts, then numbers; each marks the units it took, so that the digits of a
// path or of a chat id are no telephone numbers. Each goes from one place that could be something to the next
// (src/kernel/marks_kernel.hpp), and a text without any of its marks costs it nothing. Amounts and codes are found by
// themselves, with marks of their own and the domains taken.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ringfence/number/dial_plan.hpp"
#include "ringfence/text/extract.hpp"
#include "src/kernel/marks_kernel.hpp"

namespace ringfence {

using kernel::is_alnum;
using kernel::is_digit;
using kernel::is_lower;

class Extraction {
public:
    Extraction(const FoldedText& folded_text, const DialPlan* dial_plan, FoundSink sink)
        : folded(folded_text),
          units(folded_text.light().text()),
          plan(dial_plan),
          sink_(sink),
          seen_(kernel::marks_kernel().mark(units.data(), units.size(), marks_.data())) {
        marks_[units.size() / 64 + 1] = {};
        // Most texts have few words.
        constexpr std::size_t kFew = 4;
        for (std::size_t i = 0; i < kFew; ++i) taken_[i] = 0;
        for (std::size_t i = kFew; i <= units.size() / 64 + 1; ++i) taken_[i] = 0;
    }

    // What is marked at all.
    const kernel::Marked& seen() const { return seen_; }

    // The first mark at `at` or behind it; the size of the text where there is none.
    std::size_t next_digit(std::size_t at) const { return next<&kernel::MarkWord::digits>(at); }
    std::size_t next_stop(std::size_t at) const { return next<&kernel::MarkWord::stops>(at); }
    std::size_t next_name(std::size_t at) const { return next<&kernel::MarkWord::names>(at); }

    // The unit at `at`, or 0 outside the text.
    char16_t unit(std::size_t at) const { return at < units.size() ? units[at] : char16_t{0}; }

    // Where the digits from `at` on end that nothing took; `at` when there are none.
    std::size_t digits_end(std::size_t at) const {
        return run_end(at, [this](std::size_t word) { return free_digits(word); });
    }
    // Where digits that nothing took begin behind one or two joints that stand at `end`; `end` where none do.
    std::size_t digits_behind_joint(std::size_t end) const {
        const std::uint64_t joint = bit<&kernel::MarkWord::joints>(end);
        const std::uint64_t second = joint & bit<&kernel::MarkWord::joints>(end + 1);
        const std::uint64_t behind_one = joint & is_free_digit(end + 1);
        const std::uint64_t behind_two = second & is_free_digit(end + 2);
        return end + behind_one + 2 * behind_two;
    }
    // Of 64 units from `at` on, bit j of unit j: it is a digit that nothing took; it is a joint.
    std::uint64_t free_digits_from(std::size_t at) const {
        return from(at, [this](std::size_t word) { return free_digits(word); });
    }
    std::uint64_t joints_from(std::size_t at) const {
        return from(at, [this](std::size_t word) { return marks_[word].joints; });
    }
    // The marks of numbers by words.
    std::size_t words() const { return units.size() / 64 + 1; }
    std::uint64_t numbers_of(std::size_t word) const { return marks_[word].numbers; }
    // Where the units of a label from `at` on end.
    std::size_t label_end(std::size_t at) const {
        return run_end(at, [this](std::size_t word) { return marks_[word].labels; });
    }
    // Whether [begin, end) is 1 to 32 digits.
    bool all_digits(std::size_t begin, std::size_t end) const {
        const std::uint64_t digits =
            from(begin, [this](std::size_t word) { return marks_[word].digits; });
        const std::size_t size = end - begin;
        return (size - 1 < 32) & ((~digits & ((std::uint64_t{1} << (size & 63)) - 1)) == 0);
    }
    // Where the units of a label begin that end at `end`; not before `least`.
    std::size_t label_begin(std::size_t end, std::size_t least) const {
        std::size_t at = end;
        while (at > least) {
            const std::size_t last = at - 1;
            const std::uint64_t labels = marks_[last / 64].labels << (63 - last % 64);
            const auto run = static_cast<std::size_t>(std::countl_one(labels));
            at -= run;
            if (run < last % 64 + 1) break;
        }
        return at > least ? at : least;
    }

    // The first UTF-16 unit of the character that made the unit at `at`.
    char16_t source_unit(std::size_t at) const {
        return folded.source()[folded.light().offsets[at]];
    }

    bool taken(std::size_t at) const { return (taken_[at / 64] >> (at % 64) & 1u) != 0; }
    void take(std::size_t begin, std::size_t end) {
        // Digits that were not taken begin behind those that were.
        if (end > 0 && is_free_digit(end) != 0 && is_digit(units[end - 1]))
            marks_[end / 64].numbers |= std::uint64_t{1} << end % 64;
        while (begin < end) {
            const std::size_t first = begin % 64;
            const std::size_t count = end - begin < 64 - first ? end - begin : 64 - first;
            const std::uint64_t those = ~std::uint64_t{0} >> (64 - count) << first;
            taken_[begin / 64] |= those;
            marks_[begin / 64].numbers &= ~those;
            begin += count;
        }
    }

    TextPlace place(std::size_t begin, std::size_t end) const {
        return folded.place(View::kLight, begin, end);
    }
    void tell(const Found& found) const { sink_.take(sink_.context, found); }

    const FoldedText& folded;
    const std::u16string_view units;  // its light view
    const DialPlan* const plan;       // may be null

private:
    static constexpr std::size_t kMostWords = FoldedText::kMaxUnits / 64 + 2;
    static_assert(FoldedText::kPadding >= 64 && FoldedText::kMargin >= kernel::kMarksOverhang);

    std::uint64_t free_digits(std::size_t word) const {
        return marks_[word].digits & ~taken_[word];
    }
    std::uint64_t is_free_digit(std::size_t at) const {
        return free_digits(at / 64) >> at % 64 & 1u;
    }

    template <std::uint64_t kernel::MarkWord::*kMarks>
    std::uint64_t bit(std::size_t at) const {
        return marks_[at / 64].*kMarks >> at % 64 & 1u;
    }

    template <std::uint64_t kernel::MarkWord::*kMarks>
    std::size_t next(std::size_t at) const {
        if (at >= units.size()) return units.size();
        std::size_t i = at / 64;
        std::uint64_t word = marks_[i].*kMarks >> at % 64 << at % 64;
        while (word == 0) {
            if (++i > units.size() / 64) return units.size();
            word = marks_[i].*kMarks;
        }
        return 64 * i + static_cast<std::size_t>(std::countr_zero(word));
    }

    // `at` is inside the text, behind which there is a word.
    template <class WordAt>
    static std::uint64_t from(std::size_t at, WordAt&& word_at) {
        const std::size_t place = at % 64;
        return word_at(at / 64) >> place | word_at(at / 64 + 1) << 1 << (63 - place);
    }

    template <class WordAt>
    std::size_t run_end(std::size_t at, WordAt&& word_at) const {
        while (at < units.size()) {
            const auto run = static_cast<std::size_t>(std::countr_one(word_at(at / 64) >> at % 64));
            const std::size_t rest = 64 - at % 64;
            at += run;
            if (run < rest) break;
        }
        return at;
    }

    FoundSink sink_;
    std::array<kernel::MarkWord, kMostWords>
        marks_;  // the words that the text has, and an empty one
    std::array<std::uint64_t, kMostWords> taken_;
    const kernel::Marked seen_;
};

void find_domains(Extraction& text);
void find_accounts(Extraction& text);
void find_numbers(Extraction& text);

// Tells of the account or number that a link to a chat service holds: t.me/name, wa.me/digits.
void tell_chat_link(Extraction& text, std::string_view host, std::size_t path, std::size_t end);

// Signs that a mailbox may hold and not begin with: what stands before them belongs to the sentence.
inline constexpr std::u16string_view kMailboxSigns = u".+%-_";

// A dot between two labels at `at`, in any of its disguises: how many units it has; 0 = none.
std::size_t dot_length(std::u16string_view units, std::size_t at);

}  // namespace ringfence
