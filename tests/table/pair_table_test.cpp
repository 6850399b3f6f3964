// What a pair table promises its writer, one promise a test; then all at once against a plain model.
#include "ringfence/table/pair_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "pair_model.hpp"

namespace ringfence {
namespace {

using model::lists_of;
using Lists = std::vector<ListIndex>;

constexpr std::uint64_t kSeed = 91;

PairTable table_of(std::uint64_t pairs, unsigned load_percent = 80) {
    PairTableOptions options;
    options.pairs = pairs;
    options.load_percent = load_percent;
    options.seed = kSeed;
    auto table = PairTable::create(options);
    EXPECT_TRUE(table) << table.error().text;
    return std::move(*table);
}

SubscriberNumber pair_of(std::string_view subscriber, std::string_view number) {
    return {Number::from_digits(subscriber), Number::from_digits(number)};
}

TEST(PairTable, a_number_is_on_the_lists_of_its_subscriber_alone) {
    PairTable table = table_of(100);
    const auto mine = pair_of("447700900001", "442079460123");
    ASSERT_TRUE(table.insert(mine, 3));
    ASSERT_TRUE(table.insert(mine, 1));
    EXPECT_EQ(lists_of(table, mine), (Lists{1, 3}));
    EXPECT_EQ(lists_of(table, pair_of("447700900002", "442079460123")), Lists{});
    EXPECT_EQ(lists_of(table, pair_of("447700900001", "442079460124")), Lists{});
    EXPECT_EQ(lists_of(table, pair_of("442079460123", "447700900001")), Lists{});
}

TEST(PairTable, says_whether_a_change_changed_anything) {
    PairTable table = table_of(100);
    const auto pair = pair_of("447700900001", "442079460123");
    EXPECT_FALSE(*table.erase(pair, 1));
    EXPECT_FALSE(table.erase(pair));
    EXPECT_TRUE(*table.insert(pair, 1));
    EXPECT_FALSE(*table.insert(pair, 1));
    EXPECT_TRUE(*table.erase(pair, 1));
    EXPECT_EQ(table.size(), 0u);
}

TEST(PairTable, an_empty_number_is_on_no_list) {
    PairTable table = table_of(100);
    const Number one = Number::from_digits("447700900001");
    for (const SubscriberNumber pair :
         {SubscriberNumber{one, {}}, SubscriberNumber{{}, one}, SubscriberNumber{}}) {
        EXPECT_EQ(table.find(pair), kNoList);
        const auto refused = table.insert(pair, 1);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
        EXPECT_FALSE(*table.erase(pair, 1));
        EXPECT_FALSE(table.erase(pair));
    }
    EXPECT_EQ(PairView().find({one, one}), kNoList);
}

TEST(PairTable, a_place_that_was_freed_waits_for_the_readers) {
    PairTable table = table_of(1'000);
    const auto pairs = model::crossed(10, 10, kSeed);
    for (const auto pair : pairs) ASSERT_TRUE(table.insert(pair, 1));
    for (const auto pair : pairs) ASSERT_TRUE(table.erase(pair));
    EXPECT_EQ(table.stats().waiting, 100u);
    EXPECT_EQ(table.begin_reclaim(), 100u);
    EXPECT_TRUE(table.consistent());
    // Erased after the grace period began: not freed by its end.
    ASSERT_TRUE(table.insert(pairs[0], 1));
    ASSERT_TRUE(table.erase(pairs[0]));
    table.finish_reclaim();
    EXPECT_EQ(table.stats().waiting, 1u);
    EXPECT_EQ(table.begin_reclaim(), 1u);
    table.finish_reclaim();
    EXPECT_EQ(table.stats().waiting, 0u);
    EXPECT_TRUE(table.consistent());
}

TEST(PairTable, a_pair_comes_back_to_its_place_without_waiting) {
    PairTable table = table_of(16, 90);
    const auto pair = pair_of("447700900001", "442079460123");
    for (int i = 0; i < 1'000; ++i) {
        ASSERT_TRUE(table.insert(pair, 1)) << i;
        ASSERT_TRUE(table.erase(pair));
        if (i % 3 == 0) table.begin_reclaim();
        if (i % 5 == 0) table.finish_reclaim();
    }
    EXPECT_EQ(table.stats().waiting, 1u);
    EXPECT_TRUE(table.consistent());
}

TEST(PairTable, a_full_one_refuses_and_serves_on) {
    PairTable table = table_of(200);
    const auto pairs = model::crossed(15, 20, kSeed);
    for (std::size_t i = 0; i < 200; ++i) ASSERT_TRUE(table.insert(pairs[i], 7));
    const auto refused = table.insert(pairs[200], 7);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kFull);
    EXPECT_TRUE(table.insert(pairs[5], 8)) << "one that is there takes no room";
    for (std::size_t i = 0; i < pairs.size(); ++i)
        EXPECT_EQ(table.find(pairs[i]) != kNoList, i < 200);
    EXPECT_TRUE(table.consistent());

    auto larger = table.grown();
    ASSERT_TRUE(larger) << larger.error().text;
    EXPECT_EQ(larger->stats().room, 1'024u);
    for (std::size_t i = 200; i < pairs.size(); ++i) ASSERT_TRUE(larger->insert(pairs[i], 7));
    EXPECT_EQ(lists_of(*larger, pairs[5]), (Lists{7, 8}));
    EXPECT_EQ(table.size(), 200u);
}

TEST(PairTable, places_that_wait_do_not_fill_it_for_good) {
    PairTable table = table_of(500);
    const auto pairs = model::crossed(50, 100, kSeed);
    std::size_t refused = 0;
    for (const auto pair : pairs) {
        const auto put = table.insert(pair, 1);
        refused += put ? 0u : 1u;
        if (put) {
            ASSERT_TRUE(table.erase(pair));
        }
    }
    EXPECT_GT(refused, 4'000u) << "each of another subscriber waits";
    table.begin_reclaim();
    table.finish_reclaim();
    EXPECT_EQ(table.stats().waiting, 0u);
    ASSERT_TRUE(table.insert(pairs.back(), 1));
    EXPECT_TRUE(table.consistent());
}

TEST(PairTable, refuses_more_memory_than_it_may_have) {
    PairTableOptions options;
    options.pairs = 1'000'000;
    options.memory_limit_bytes = 10'000'000;
    const auto table = PairTable::create(options);
    ASSERT_FALSE(table);
    EXPECT_EQ(table.error().code, ErrorCode::kFull);
    options.memory_limit_bytes = 24'000'000;
    EXPECT_TRUE(PairTable::create(options)) << "24 bytes a pair";
    options.load_percent = 95;
    EXPECT_EQ(PairTable::create(options).error().code, ErrorCode::kOutOfRange);
}

TEST(PairTable, a_set_that_no_payload_is_left_for_is_refused_and_what_was_there_stays) {
    PairTable table = table_of(10'000);
    const auto pairs = model::crossed(90, 100, kSeed);
    for (std::size_t i = 0; i < kNarrowSets - 1; ++i)
        ASSERT_TRUE(table.insert(pairs[i], static_cast<ListIndex>(i)));
    const auto refused = table.insert(pairs[0], 60'000);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kFull);
    EXPECT_EQ(lists_of(table, pairs[0]), Lists{0});
    EXPECT_TRUE(table.erase(pairs[1]));
    EXPECT_TRUE(table.grown()->insert(pairs[0], 60'000)) << "sets that nobody has are left behind";
}

TEST(PairTable, keys_chosen_against_one_seed_cost_nothing_under_another) {
    // The pairs that fall into one line of sixteen under kSeed, spread under another seed.
    const auto pairs = model::crossed(300, 300, kSeed);
    const PairTable one = table_of(16);
    PairTableOptions options;
    options.pairs = 4'000;
    options.seed = 12'345;
    auto other = PairTable::create(options);
    ASSERT_TRUE(other);
    std::size_t chosen = 0;
    for (const auto pair : pairs) {
        const std::uint64_t hash = hash_pair(pair, one.view().seed());
        if (NumberChain::line(hash, 16) == 3 && chosen < 4'000) {
            ASSERT_TRUE(other->insert(pair, 1));
            ++chosen;
        }
    }
    EXPECT_EQ(chosen, 4'000u);
    EXPECT_LT(other->stats().lines_per_hit, 1.5);
}

// Mixed changes, growth and reclaims, every answer compared.
TEST(PairTable, agrees_with_a_plain_model) {
    const std::uint64_t seed = 92;
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const auto pairs = model::crossed(60, 70, seed);
    PairTable table = table_of(500, 90);
    model::PairLists truth;
    bool waiting = false;
    int grown = 0;
    const int changes = test::deep() ? 20'000'000 : 200'000;
    for (int n = 0; n < changes; ++n) {
        const SubscriberNumber pair = pairs[random() % pairs.size()];
        const auto list = static_cast<ListIndex>(random() % 5);
        switch (random() % 8) {
            case 0:
            case 1:
            case 2:
            case 3: {
                auto put = table.insert(pair, list);
                if (!put) {
                    ASSERT_EQ(put.error().code, ErrorCode::kFull);
                    auto larger = table.grown();
                    ASSERT_TRUE(larger);
                    table = std::move(*larger);
                    waiting = false;
                    ++grown;
                    put = table.insert(pair, list);
                }
                ASSERT_TRUE(put);
                ASSERT_EQ(*put, truth.insert(pair, list));
                break;
            }
            case 4:
            case 5: ASSERT_EQ(*table.erase(pair, list), truth.erase(pair, list)); break;
            case 6: ASSERT_EQ(table.erase(pair), truth.erase(pair)); break;
            default:
                if (random() % 20 != 0) break;
                if (!waiting) table.begin_reclaim();
                if (waiting) table.finish_reclaim();
                waiting = !waiting;
        }
        ASSERT_EQ(lists_of(table, pair), truth.of(pair));
        ASSERT_EQ(table.size(), truth.lists.size());
    }
    EXPECT_GT(grown, 0);
    EXPECT_TRUE(table.consistent());
    std::vector<Payload> payloads(pairs.size());
    table.find(pairs, payloads);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const auto lists = table.lists(payloads[i]);
        ASSERT_EQ(Lists(lists.begin(), lists.end()), truth.of(pairs[i]));
    }
}

TEST(PairTable, takes_at_most_24_bytes_a_pair) {
    const std::uint64_t count = test::deep() ? 20'000'000 : 200'000;
    PairTable table = table_of(count);
    std::mt19937_64 random(kSeed);
    while (table.size() < count) {
        const SubscriberNumber pair{model::random_number(random), model::random_number(random)};
        ASSERT_TRUE(table.insert(pair, 1));
    }
    const PairTableStats stats = table.stats();
    const auto bytes = static_cast<double>(stats.reader_bytes + stats.writer_bytes);
    EXPECT_LT(bytes / static_cast<double>(count), 24.0);
    EXPECT_LT(stats.lines_per_hit, 1.35);
    EXPECT_LT(stats.lines_per_miss, 1.35);
}

}  // namespace
}  // namespace ringfence
