// What the plain models of the finders share: the light view, what is taken of it already, and what was told.
#pragma once

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/number/dial_plan.hpp"
#include "ringfence/text/extract.hpp"

namespace ringfence::extract_model {

struct Item {
    FoundKind kind;
    AccountService service;
    Number number;
    std::string key;
    TextPlace place, path;

    friend bool operator==(const Item&, const Item&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Item& item) {
        return out << name_of(item.kind) << ' ' << name_of(item.service) << ' ' << item.key
                   << " rank " << item.number.rank() << " at " << item.place.offset << '+'
                   << item.place.length << " path " << item.path.offset << '+' << item.path.length;
    }
};

inline Item item_of(const Found& found) {
    return {found.kind,  found.service, found.number, std::string(found.key),
            found.place, found.path};
}

constexpr bool is_digit(char16_t c) { return c >= u'0' && c <= u'9'; }
constexpr bool is_lower(char16_t c) { return c >= u'a' && c <= u'z'; }
constexpr bool is_alnum(char16_t c) { return is_digit(c) || is_lower(c); }

// The light view, what is taken of it already, and what was told.
class Text {
public:
    Text(const FoldedText& folded_text, const DialPlan* dial_plan)
        : folded(folded_text),
          units(folded_text.light().text()),
          plan(dial_plan),
          taken_(units.size() + 1) {}

    // The unit at `at`, or 0 outside the text.
    char16_t unit(std::size_t at) const { return at < units.size() ? units[at] : char16_t{0}; }

    // Where the digits from `at` on end that nothing took; `at` when there are none.
    std::size_t digits_end(std::size_t at) const {
        while (at < units.size() && is_digit(units[at]) && !taken(at)) ++at;
        return at;
    }

    char16_t source_unit(std::size_t at) const {
        return folded.source()[folded.light().offsets[at]];
    }

    bool taken(std::size_t at) const { return taken_[at]; }
    void take(std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) taken_[i] = true;
    }

    TextPlace place(std::size_t begin, std::size_t end) const {
        return folded.place(View::kLight, begin, end);
    }
    void tell(const Found& found) { items.push_back(item_of(found)); }

    const FoldedText& folded;
    const std::u16string_view units;  // its light view
    const DialPlan* const plan;       // may be null
    std::vector<Item> items;

private:
    std::vector<bool> taken_;
};

}  // namespace ringfence::extract_model
