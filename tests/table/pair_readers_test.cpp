// One writer and several readers of a pair table at once: no answer pairs the words of two moments. Clean under the
// thread sanitizer.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>

#include "pair_model.hpp"
#include "ringfence/sync/epoch.hpp"

namespace ringfence {
namespace {

constexpr std::uint64_t kSeed = 93;
constexpr std::size_t kSubscribers = 40;
constexpr std::size_t kNumbers = 40;

// A third of the pairs stay, a third come and go, a third are never there: all share their subscribers and numbers, so
// a torn pair is one of those.
enum class Kind { kSteady, kMoving, kNever };
Kind kind_of(std::size_t i) { return static_cast<Kind>((i / kNumbers + i % kNumbers) % 3); }
ListIndex own_list(std::size_t i) { return static_cast<ListIndex>(i % 997); }
constexpr ListIndex kExtra = 1'000;

struct Shared {
    std::vector<SubscriberNumber> pairs = model::crossed(kSubscribers, kNumbers, kSeed);
    PairTable* table = nullptr;
    EpochDomain domain;
    std::atomic<bool> stop{false};
    std::atomic<std::uint64_t> reads{0};
    std::atomic<std::uint64_t> wrong{0};
};

bool may_be(std::span<const ListIndex> lists, std::size_t i) {
    if (kind_of(i) == Kind::kNever) return lists.empty();
    if (lists.empty()) return kind_of(i) == Kind::kMoving;
    return lists[0] == own_list(i) &&
           (lists.size() == 1 || (lists.size() == 2 && lists[1] == kExtra));
}

void read(Shared& shared, std::uint64_t seed) {
    auto slot = shared.domain.register_reader();
    ASSERT_TRUE(slot);
    std::mt19937_64 random(seed);
    std::array<std::size_t, 200> which{};
    std::array<SubscriberNumber, 200> asked;
    std::array<Payload, 200> found{};
    std::uint64_t reads = 0;
    std::uint64_t wrong = 0;
    // relaxed: stopping a little later is as good.
    while (!shared.stop.load(std::memory_order_relaxed)) {
        for (std::size_t i = 0; i < asked.size(); ++i) {
            which[i] = random() % shared.pairs.size();
            asked[i] = shared.pairs[which[i]];
        }
        const Pin pin(*slot);
        shared.table->find(asked, found);
        for (std::size_t i = 0; i < asked.size(); ++i)
            wrong += may_be(shared.table->lists(found[i]), which[i]) ? 0u : 1u;
        for (std::size_t i = 0; i < 50; ++i)
            wrong += may_be(shared.table->lists(asked[i]), which[i]) ? 0u : 1u;
        reads += asked.size() + 50;
    }
    shared.reads += reads;
    shared.wrong += wrong;
}

// Places are freed and taken by others as fast as readers let go of them.
void write(Shared& shared, int changes) {
    std::mt19937_64 random(kSeed);
    bool waiting = false;
    std::uint64_t epoch = 0;
    std::uint64_t reclaimed = 0;
    for (int n = 0; n < changes; ++n) {
        if (n % 20 == 0 && !waiting) {
            reclaimed += shared.table->begin_reclaim();
            epoch = shared.domain.advance();
            waiting = true;
        } else if (waiting && shared.domain.oldest_pin() > epoch) {
            shared.table->finish_reclaim();
            waiting = false;
        }
        const std::size_t i = random() % shared.pairs.size();
        const SubscriberNumber pair = shared.pairs[i];
        if (kind_of(i) == Kind::kNever) continue;
        const bool there = shared.table->find(pair) != kNoList;
        if (kind_of(i) == Kind::kMoving && there && random() % 2 == 0) {
            ASSERT_TRUE(shared.table->erase(pair));
        } else if (!there) {
            // Refused while too many places wait.
            const auto put = shared.table->insert(pair, own_list(i));
            ASSERT_TRUE(put || put.error().code == ErrorCode::kFull);
        } else {
            ASSERT_TRUE(random() % 2 == 0 ? shared.table->insert(pair, kExtra)
                                          : shared.table->erase(pair, kExtra));
        }
    }
    EXPECT_GT(reclaimed, 0u);
}

TEST(PairReaders, never_meet_a_pair_of_two_moments) {
    SCOPED_TRACE(kSeed);
    Shared shared;
    PairTableOptions options;
    options.pairs = shared.pairs.size();
    options.load_percent = 90;
    auto table = PairTable::create(options);
    ASSERT_TRUE(table);
    shared.table = &*table;
    for (std::size_t i = 0; i < shared.pairs.size(); ++i) {
        if (kind_of(i) == Kind::kSteady) {
            ASSERT_TRUE(table->insert(shared.pairs[i], own_list(i)));
        }
    }
    std::vector<std::thread> readers;
    for (std::uint64_t i = 0; i < 3; ++i)
        readers.emplace_back([&shared, i] { read(shared, kSeed + i); });
    write(shared, test::deep() ? 50'000'000 : 300'000);
    shared.stop = true;
    for (std::thread& reader : readers) reader.join();
    EXPECT_GT(shared.reads.load(), 0u);
    EXPECT_EQ(shared.wrong.load(), 0u);
    EXPECT_TRUE(table->consistent());
}

// A pair that came back in another slot of its line may be met in both: whatever slots these are, the answer is the
// payload of one of them.
TEST(PairReaders, a_pair_met_in_two_slots_has_one_of_its_payloads) {
    const SubscriberNumber pair{Number::from_digits("447700900001"),
                                Number::from_digits("442079460123")};
    for (unsigned a = 0; a < PairLine::kSlots; ++a) {
        for (unsigned b = 0; b < PairLine::kSlots; ++b) {
            if (a == b) continue;
            PairLine line{};
            const auto put = [&](unsigned slot, Payload payload) {
                line.words[slot] = NumberSlot::with(0, pair.number.rank(), payload);
                line.words[PairLine::kSlots + slot] =
                    NumberSlot::with(0, pair.subscriber.rank(), 0);
            };
            put(a, 5);
            put(b, 6);
            const LineAnswer answer = probe_line(line, pair, 0);
            EXPECT_TRUE(answer.payload == 5 || answer.payload == 6) << a << ' ' << b;
        }
    }
}

}  // namespace
}  // namespace ringfence
