// extraction.hpp - what the three finders share: the light view, what is taken already, the sink.
//
// Domains run first, then accounts, then numbers; each marks the units it took, so that the digits of a
// path or of a chat id are no telephone numbers. Each goes from one place that could be something to the next
// (src/kernel/marks_kernel.hpp).
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

constexpr bool is_digit(char16_t c) { return c >= u'0' && c <= u'9'; }
constexpr bool is_lower(char16_t c) { return c >= u'a' && c <= u'z'; }
constexpr bool is_alnum(char16_t c) { return is_digit(c) || is_lower(c); }

class Extraction {
public:
    Extraction(const FoldedText& folded, const DialPlan* dial_plan, FoundSink sink)
        : units(folded.light().text()), plan(dial_plan), folded_(folded), sink_(sink) {
        for (std::size_t i = 0; i <= units.size() / 64; ++i) taken_[i] = 0;
        kernel::marks_kernel().mark(units.data(), units.size(),
                                    {digits_.data(), stops_.data(), names_.data()});
    }

    // The first mark at `at` or behind it; the size of the text where there is none.
    std::size_t next_digit(std::size_t at) const { return next(digits_, at); }
    std::size_t next_stop(std::size_t at) const { return next(stops_, at); }
    std::size_t next_name(std::size_t at) const { return next(names_, at); }

    // The unit at `at`, or 0 outside the text.
    char16_t unit(std::size_t at) const { return at < units.size() ? units[at] : char16_t{0}; }

    // Where the digits from `at` on end that nothing took; `at` when there are none.
    std::size_t digits_end(std::size_t at) const {
        while (at < units.size()) {
            const std::uint64_t digits = (digits_[at / 64] & ~taken_[at / 64]) >> at % 64;
            const std::size_t run = static_cast<std::size_t>(std::countr_one(digits));
            const std::size_t rest = 64 - at % 64;
            at += run;
            if (run < rest) break;
        }
        return at;
    }

    // The first UTF-16 unit of the character that made the unit at `at`.
    char16_t source_unit(std::size_t at) const {
        return folded_.source()[folded_.light().offsets[at]];
    }

    bool taken(std::size_t at) const { return (taken_[at / 64] >> (at % 64) & 1u) != 0; }
    void take(std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) taken_[i / 64] |= std::uint64_t{1} << (i % 64);
    }

    TextPlace place(std::size_t begin, std::size_t end) const {
        return folded_.place(View::kLight, begin, end);
    }
    void tell(const Found& found) const { sink_.take(sink_.context, found); }

    const std::u16string_view units;
    const DialPlan* const plan;  // may be null

private:
    // A bit a unit.
    using Marks = std::array<std::uint64_t, FoldedText::kMaxUnits / 64 + 1>;

    std::size_t next(const Marks& marks, std::size_t at) const {
        if (at >= units.size()) return units.size();
        std::size_t i = at / 64;
        std::uint64_t word = marks[i] >> at % 64 << at % 64;
        while (word == 0) {
            if (++i > units.size() / 64) return units.size();
            word = marks[i];
        }
        return 64 * i + static_cast<std::size_t>(std::countr_zero(word));
    }

    const FoldedText& folded_;
    FoundSink sink_;
    Marks taken_, digits_, stops_, names_;  // the words that the text has
};

void find_domains(Extraction& text);
void find_accounts(Extraction& text);
void find_numbers(Extraction& text);

// Tells of the account or number that a link to a chat service holds: t.me/name, wa.me/digits.
void tell_chat_link(Extraction& text, std::string_view host, std::size_t path, std::size_t end);

// A dot between two labels at `at`, in any of its disguises: how many units it has; 0 = none.
std::size_t dot_length(std::u16string_view units, std::size_t at);

}  // namespace ringfence
