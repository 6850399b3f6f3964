// Every form of the line check against the scalar one, and that one against what a line must be.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <vector>

#include "base/deep.hpp"
#include "number_model.hpp"
#include "src/kernel/line_check.hpp"

namespace ringfence {
namespace {

using kernel::Isa;
using kernel::kRankEnd;
using kernel::LineBounds;
using kernel::LineCheck;

constexpr std::uint64_t kNarrow = 700;

std::vector<const LineCheck*> forms() {
    std::vector<const LineCheck*> found;
    for (const Isa isa : {Isa::kScalar, Isa::kAvx2, Isa::kAvx512})
        if (const auto* form = kernel::line_check(isa)) found.push_back(form);
    return found;
}

std::uint64_t word(std::uint64_t rank, std::uint64_t payload, bool filter = false) {
    return rank << NumberSlot::kRankShift | (filter ? NumberSlot::kFilterBit : 0) | payload;
}

class Lines {
public:
    explicit Lines(std::size_t count) : lines_(std::make_unique<NumberLine[]>(count)) {}
    const NumberLine* get() const { return lines_.get(); }
    void set(std::size_t line, unsigned slot, std::uint64_t value) {
        lines_[line].slots[slot].store(value, std::memory_order_relaxed);
    }
    std::uint64_t at(std::size_t line, unsigned slot) const {
        return lines_[line].slots[slot].load(std::memory_order_relaxed);
    }

private:
    std::unique_ptr<NumberLine[]> lines_;
};

struct Found {
    std::uint64_t stopped = 0, numbers = 0, bits = 0;
    std::vector<std::uint64_t> slots, ranks;
    friend bool operator==(const Found&, const Found&) = default;
};

Found run(const LineCheck& form, const Lines& lines, std::uint64_t first, std::uint64_t end,
          const LineBounds& bounds) {
    const std::size_t room = NumberLine::kSlots * (end - first + 1);
    constexpr std::uint64_t kUntouched = 0xAAAA'AAAA'AAAA'AAAA;
    std::vector<std::uint64_t> slots(room + 1, kUntouched);
    std::vector<std::uint64_t> ranks(room + 1, kUntouched);
    kernel::LineFindings found;
    found.slots = slots.data();
    found.ranks = ranks.data();
    Found made;
    made.stopped = form.check(lines.get(), first, end, bounds, found);
    EXPECT_EQ(slots[room], kUntouched);
    EXPECT_EQ(ranks[room], kUntouched);
    made.numbers = found.numbers;
    made.bits = found.filter_bits;
    slots.resize(found.displaced);
    ranks.resize(found.displaced);
    made.slots = std::move(slots);
    made.ranks = std::move(ranks);
    return made;
}

// A line of numbers at home, where the table has a single line.
Lines one_line() {
    Lines lines(1);
    for (unsigned slot = 0; slot < NumberLine::kSlots; ++slot)
        lines.set(0, slot, word(1'000'000 + slot, 1 + slot));
    return lines;
}

TEST(LineCheck, a_line_is_good_or_is_stopped_at) {
    const LineBounds bounds{7, 1, kNarrow};
    for (const auto* form : forms()) {
        SCOPED_TRACE(kernel::name_of(form->isa));
        const Found good = run(*form, one_line(), 0, 1, bounds);
        EXPECT_EQ(good.stopped, 1u);
        EXPECT_EQ(good.numbers, 8u);
        EXPECT_TRUE(good.slots.empty());
        for (unsigned slot = 0; slot < NumberLine::kSlots; ++slot) {
            const auto stops = [&](std::uint64_t value) {
                Lines lines = one_line();
                lines.set(0, slot, value);
                return run(*form, lines, 0, 1, bounds).stopped == 0;
            };
            EXPECT_FALSE(stops(0));
            EXPECT_FALSE(stops(word(0, 0, true)));
            EXPECT_FALSE(stops(word(1, kNarrow)));
            EXPECT_FALSE(stops(word(kRankEnd - 1, 1, true)));
            EXPECT_TRUE(stops(word(0, 1)));
            EXPECT_TRUE(stops(word(1, 0)));
            EXPECT_TRUE(stops(word(1, kNarrow + 1)));
            EXPECT_TRUE(stops(word(1, kWide)));
            EXPECT_TRUE(stops(word(kRankEnd, 1)));
            EXPECT_TRUE(stops(~std::uint64_t{0}));
            for (unsigned other = 0; other < NumberLine::kSlots; ++other)
                EXPECT_EQ(stops(word(1'000'000 + other, 1, true)), other != slot) << other;
        }
    }
}

TEST(LineCheck, every_form_says_what_the_scalar_one_says) {
    const LineCheck& truth = *kernel::line_check(Isa::kScalar);
    constexpr std::uint64_t kSeed = 911;
    SCOPED_TRACE(kSeed);
    std::mt19937_64 random(kSeed);
    constexpr std::size_t kLines = 300;
    const unsigned rounds = test::deep() ? 20'000 : 400;
    std::uint64_t stopped = 0;
    std::uint64_t displaced = 0;
    for (unsigned round = 0; round < rounds; ++round) {
        LineBounds bounds{random(), kLines, kNarrow};
        if (round % 8 == 0) bounds.line_count = 1 + random() % (std::uint64_t{1} << 34u);
        if (round % 9 == 0) bounds.line_count = UINT32_MAX;
        Lines lines(kLines);
        for (std::size_t line = 0; line < kLines; ++line) {
            for (unsigned slot = 0; slot < NumberLine::kSlots; ++slot) {
                const bool filter = random() % 3 == 0;
                std::uint64_t rank = random() % kRankEnd;
                // Half of them at home, as far as a few tries find one.
                for (unsigned i = 0; i < 3 && slot % 2 == 0; ++i) {
                    if (NumberChain::line(NumberChain::first(rank, bounds.seed),
                                          bounds.line_count) == line)
                        break;
                    rank = random() % kRankEnd;
                }
                const bool free = rank == 0 || random() % 5 == 0;
                lines.set(line, slot,
                          free ? word(0, 0, filter) : word(rank, 1 + random() % kNarrow, filter));
            }
        }
        for (unsigned i = 0; i < round % 3; ++i) {  // damage
            const std::size_t line = random() % kLines;
            const auto slot = static_cast<unsigned>(random() % NumberLine::kSlots);
            if (random() % 2 == 0)
                lines.set(line, slot, lines.at(line, static_cast<unsigned>(random() % 8)));
            else
                lines.set(line, slot, lines.at(line, slot) ^ std::uint64_t{1} << random() % 64);
        }
        const std::uint64_t first = random() % kLines;
        const std::uint64_t end = first + random() % (kLines - first + 1);
        const Found said = run(truth, lines, first, end, bounds);
        stopped += said.stopped != end;
        displaced += said.slots.size();
        for (const auto* form : forms())
            ASSERT_EQ(run(*form, lines, first, end, bounds), said)
                << round << " " << kernel::name_of(form->isa);
    }
    EXPECT_GT(stopped, rounds / 10);
    EXPECT_GT(displaced, rounds * 100);
}

TEST(LineCheck, finds_what_a_table_holds) {
    constexpr std::uint64_t kSeed = 912;
    NumberTableOptions options;
    options.numbers = 20'000;
    options.load_percent = 90;
    auto table = NumberTable::create(options);
    ASSERT_TRUE(table);
    for (const Number number : model::distinct_numbers(20'000, kSeed))
        ASSERT_TRUE(table->insert(number, static_cast<ListIndex>(number.rank() % 50)));
    const NumberView& view = table->view();
    Lines lines(view.line_count());
    for (std::uint64_t line = 0; line < view.line_count(); ++line)
        for (unsigned slot = 0; slot < NumberLine::kSlots; ++slot)
            lines.set(line, slot, view.lines()[line].slots[slot].load(std::memory_order_relaxed));
    for (const auto* form : forms()) {
        const Found said =
            run(*form, lines, 0, view.line_count(), {view.seed(), view.line_count(), kNarrow});
        EXPECT_EQ(said.stopped, view.line_count());
        EXPECT_EQ(said.numbers, 20'000u);
        for (std::size_t i = 0; i < said.slots.size(); ++i) {
            const Number number = Number::from_rank(said.ranks[i]);
            EXPECT_NE(view.find(number), kNoList);
            EXPECT_NE(NumberChain::line(NumberChain::first(number.rank(), view.seed()),
                                        view.line_count()),
                      said.slots[i] / NumberLine::kSlots);
        }
        EXPECT_GT(said.slots.size(), 1'000u);
    }
}

}  // namespace
}  // namespace ringfence
