// number_growth.cpp - a larger number table made aside, from what readers see of the old one.
//
// Two passes over the old slots: the first counts numbers and how many each set of lists has, the second puts
// every number into the new table under the new name of its set. The seed stays, so lines keep their order and
// the second pass writes nearly front to back.
//
// It reads as readers do (acquire-loads of slots) and nothing that the writer alone may touch, so the writer
// may go on; what it changes meanwhile is seen or missed, number by number, and replayed by the caller.
#include <algorithm>
#include <new>
#include <unordered_map>
#include <vector>

#include "src/table/number_writer.hpp"

namespace ringfence {
namespace {

struct SetUse {
    SetPlace place = 0;
    std::uint64_t numbers = 0;
};

struct OldTable {
    const NumberView& view;

    // Calls `each(number, place of its set)` for every number; stops when that gives false.
    template <class Each>
    bool visit(Each each) const {
        for (std::uint64_t i = 0; i < view.line_count(); ++i) {
            for (const auto& slot : view.lines()[i].slots) {
                // acquire: pairs with the release-store of the slot; the set it names is complete.
                const std::uint64_t word = slot.load(std::memory_order_acquire);
                const Number number = Number::from_rank(NumberSlot::rank(word));
                if (number.empty()) continue;
                const Payload payload = NumberSlot::payload(word);
                const auto& sets = view.memberships();
                const SetPlace place =
                    payload == kWide ? sets.wide_place(number) : sets.narrow_place(payload);
                if (!each(number, place)) return false;
            }
        }
        return true;
    }
};

// The sets in use, the most frequent first.
std::vector<SetUse> sets_in_use(const OldTable& old) {
    std::unordered_map<SetPlace, std::uint64_t> numbers;
    old.visit([&](Number, SetPlace place) {
        ++numbers[place];
        return true;
    });
    std::vector<SetUse> uses;
    uses.reserve(numbers.size());
    for (const auto& [place, count] : numbers) uses.push_back({place, count});
    std::ranges::sort(uses, [](const SetUse& a, const SetUse& b) {
        return a.numbers != b.numbers ? a.numbers > b.numbers : a.place < b.place;
    });
    return uses;
}

// One in sixteen narrow names is left for sets that come later.
constexpr std::size_t kNarrowGiven = kNarrowSets - kNarrowSets / 16;

NumberTableOptions options_for(const NumberTableOptions& old, const MembershipView& sets,
                               std::span<const SetUse> uses, std::uint64_t asked) {
    std::uint64_t numbers = 0;
    std::uint64_t wide = 0;
    std::uint64_t lists = 0;
    for (std::size_t i = 0; i < uses.size(); ++i) {
        numbers += uses[i].numbers;
        wide += i < kNarrowGiven ? 0 : uses[i].numbers;
        lists += sets.at(uses[i].place).size();
    }
    NumberTableOptions options = old;
    options.numbers = std::max({asked, std::uint64_t{1024}, old.numbers, numbers});
    if (numbers > old.numbers - old.numbers / 4)
        options.numbers = std::max(options.numbers, 2 * old.numbers);
    // Twice what is needed and twice the least, so that a set refused for want of room has it now.
    options.wide_numbers = std::max(2 * wide + 2048, options.numbers / 64);
    options.membership_lists = std::max(4 * lists + (1u << 17u), options.numbers / 16);
    return options;
}

Error cannot_grow(const char* why) {
    return {ErrorCode::kFull, std::string("the grown number table is full again: ") + why +
                                  "; grow it when fewer changes are made beside it"};
}

}  // namespace

Result<NumberTable> NumberTable::grown(std::uint64_t numbers) const {
    try {
        const OldTable old{view_};
        const MembershipView& sets = view_.memberships();
        const std::vector<SetUse> uses = sets_in_use(old);
        auto table = create(options_for(writer_->options(), sets, uses, numbers));
        if (!table) return table;

        Writer& writer = *table->writer_;
        std::unordered_map<SetPlace, SetName> names;
        const auto name_of = [&](SetPlace place, bool narrow) -> const SetName* {
            const auto known = names.find(place);
            if (known != names.end()) return &known->second;
            const auto name = writer.sets().name(sets.at(place), RoomFor::kOrders, narrow);
            return name ? &names.emplace(place, *name).first->second : nullptr;
        };
        for (std::size_t i = 0; i < uses.size(); ++i)
            if (name_of(uses[i].place, i < kNarrowGiven) == nullptr)
                return cannot_grow("too many sets of lists");

        Change last = Change::kDone;
        const bool whole = old.visit([&](Number number, SetPlace place) {
            const SetName* name = name_of(place, true);
            last = name == nullptr ? Change::kNoSetRoom
                                   : writer.place_once(number, *name, RoomFor::kOrders);
            return last == Change::kDone || last == Change::kUnchanged;
        });
        if (!whole) return cannot_grow("too many numbers or sets of lists");
        return table;
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::kOutOfMemory, "no memory is left to grow the number table"};
    }
}

}  // namespace ringfence
