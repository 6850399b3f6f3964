// One writer and several readers at once, each answer checked against what may be visible. Clean under the
// thread sanitizer.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

#include "number_model.hpp"
#include "ringfence/sync/epoch.hpp"

namespace ringfence {
namespace {

constexpr std::size_t kSteady =
    2'000;  // numbers that stay, and only change between two sets of lists
constexpr std::size_t kMoving = 2'000;  // numbers that come and go

// Number i is on its own list (i % 500) whenever it is there, and perhaps on kExtra besides. So an answer that
// belongs to another number, or a half-written set, shows.
constexpr ListIndex kExtra = 1'000;
ListIndex own_list(std::size_t i) { return static_cast<ListIndex>(i % 500); }

bool may_be(std::span<const ListIndex> lists, std::size_t i) {
    if (lists.empty()) return i >= kSteady;
    return lists[0] == own_list(i) &&
           (lists.size() == 1 || (lists.size() == 2 && lists[1] == kExtra));
}

struct Shared {
    std::vector<Number> numbers;
    NumberTable* table = nullptr;
    EpochDomain domain;
    std::atomic<bool> stop{false};
    std::atomic<std::uint64_t> reads{0};
    std::atomic<std::uint64_t> wrong{0};
};

void read_batches(Shared& shared, std::uint64_t seed) {
    auto slot = shared.domain.register_reader();
    ASSERT_TRUE(slot);
    std::mt19937_64 random(seed);
    std::array<std::size_t, 300> which{};
    std::array<Number, 300> asked;
    std::array<Payload, 300> found{};
    std::uint64_t reads = 0;
    std::uint64_t wrong = 0;
    // relaxed: stopping a little later is as good.
    while (!shared.stop.load(std::memory_order_relaxed)) {
        for (std::size_t i = 0; i < asked.size(); ++i) {
            which[i] = random() % shared.numbers.size();
            asked[i] = shared.numbers[which[i]];
        }
        const Pin pin(*slot);
        shared.table->find(asked, found);
        for (std::size_t i = 0; i < asked.size(); ++i)
            wrong += may_be(shared.table->lists(asked[i], found[i]), which[i]) ? 0u : 1u;
        for (std::size_t i = 0; i < 50; ++i) {
            wrong += may_be(shared.table->lists(asked[i]), which[i]) ? 0u : 1u;
            wrong += may_be(shared.table->view().lists(asked[i]), which[i]) ? 0u : 1u;
        }
        reads += asked.size() + 100;
    }
    shared.reads += reads;
    shared.wrong += wrong;
}

// Settles on the way: begins a step, and ends it once no reader is left who began before.
class Settling {
public:
    void step(Shared& shared) {
        if (!waiting_) {
            moved_ += shared.table->begin_settling(200);
            epoch_ = shared.domain.advance();
            waiting_ = true;
        } else if (shared.domain.oldest_pin() > epoch_) {
            shared.table->finish_settling();
            waiting_ = false;
        }
    }
    std::uint64_t moved() const { return moved_; }

private:
    bool waiting_ = false;
    std::uint64_t epoch_ = 0;
    std::uint64_t moved_ = 0;
};

void write(Shared& shared, std::uint64_t seed, int changes) {
    std::mt19937_64 random(seed);
    Settling settling;
    // A reader that is put aside while it pins holds settling up: then a little longer, until some was done.
    const int most = 100 * changes;
    for (int n = 0; n < changes || (settling.moved() == 0 && n < most); ++n) {
        if (n >= changes) std::this_thread::yield();
        if (n % 50 == 0) settling.step(shared);
        const std::size_t i = random() % shared.numbers.size();
        const Number number = shared.numbers[i];
        switch (random() % 4) {
            case 0:
                if (i >= kSteady) shared.table->erase(number);
                break;
            case 1:
                if (!shared.table->lists(number).empty()) {
                    ASSERT_TRUE(shared.table->insert(number, kExtra));
                }
                break;
            case 2: ASSERT_TRUE(shared.table->erase(number, kExtra)); break;
            default: ASSERT_TRUE(shared.table->insert(number, own_list(i))); break;
        }
    }
    EXPECT_GT(settling.moved(), 0u);
}

void run(std::uint64_t narrow_taken, int changes) {
    constexpr std::uint64_t kSeed = 71;
    SCOPED_TRACE(kSeed);
    Shared shared;
    auto all = model::distinct_numbers(kSteady + kMoving + narrow_taken, kSeed);
    NumberTableOptions options;
    options.numbers = all.size();
    options.load_percent = 90;  // long chains
    options.wide_numbers = all.size();
    auto table = NumberTable::create(options);
    ASSERT_TRUE(table);
    shared.table = &*table;
    // Taking the narrow names makes the sets with kExtra wide.
    for (std::size_t i = 0; i < narrow_taken; ++i)
        ASSERT_TRUE(table->insert(all[kSteady + kMoving + i], static_cast<ListIndex>(2'000 + i)));
    shared.numbers.assign(all.begin(), all.begin() + kSteady + kMoving);
    for (std::size_t i = 0; i < kSteady; ++i)
        ASSERT_TRUE(table->insert(shared.numbers[i], own_list(i)));

    std::vector<std::thread> readers;
    for (std::uint64_t i = 0; i < 3; ++i)
        readers.emplace_back([&shared, i] { read_batches(shared, kSeed + i); });
    write(shared, kSeed, changes);
    const auto grown = table->grown();  // beside the readers
    shared.stop = true;
    for (std::thread& reader : readers) reader.join();
    ASSERT_TRUE(grown);
    EXPECT_GT(shared.reads.load(), 0u);
    EXPECT_EQ(shared.wrong.load(), 0u);
    EXPECT_TRUE(table->consistent());
    EXPECT_EQ(grown->size(), table->size());
}

TEST(NumberReaders, never_miss_a_steady_number_nor_see_anothers_lists) {
    run(0, test::deep() ? 50'000'000 : 300'000);
}

TEST(NumberReaders, nor_when_sets_go_through_the_side_table) {
    run(kNarrowSets - 1 - 400, test::deep() ? 20'000'000 : 150'000);
}

// The table a reader holds stays whole while a larger one is made from it beside a writer.
TEST(NumberReaders, growth_beside_a_writer_misses_at_most_what_changed) {
    const auto numbers = model::distinct_numbers(20'000, 72);
    NumberTableOptions options;
    options.numbers = numbers.size();
    auto table = NumberTable::create(options);
    ASSERT_TRUE(table);
    ASSERT_TRUE(table->insert(std::span(numbers).first(10'000), 1));
    std::atomic<bool> stop{false};
    std::thread writer([&] {
        std::mt19937_64 random(73);
        // relaxed: stopping a little later is as good.
        while (!stop.load(std::memory_order_relaxed)) {
            const Number number = numbers[10'000 + random() % 10'000];
            const auto changed =
                random() % 2 == 0 ? table->insert(number, 2) : table->erase(number, 2);
            EXPECT_TRUE(changed);
        }
    });
    for (int round = 0; round < 5; ++round) {
        const auto grown = table->grown();
        ASSERT_TRUE(grown) << grown.error().text;
        ASSERT_TRUE(grown->consistent());
        for (std::size_t i = 0; i < 10'000; ++i)
            ASSERT_EQ(model::lists_of(*grown, numbers[i]), std::vector<ListIndex>{1});
        for (std::size_t i = 10'000; i < 20'000; ++i) {
            const auto lists = model::lists_of(*grown, numbers[i]);
            ASSERT_TRUE(lists.empty() || lists == std::vector<ListIndex>{2});
        }
    }
    stop = true;
    writer.join();
}

}  // namespace
}  // namespace ringfence
