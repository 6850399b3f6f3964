// Campaigns as they are found, counted and forgotten.
#include "ringfence/campaign/store.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/deep.hpp"
#include "campaign/texts.hpp"

namespace ringfence {
namespace {

using test::random_text;
using test::sketch_of;

constexpr std::int64_t kNoon = 1'772'366'400'000;
Time at(std::int64_t seconds) { return time_from_ms(kNoon + 1'000 * seconds); }

// A copy with two stretches replaced: about two thirds of the shingles stay.
Sketch copy_of(std::u16string text, std::mt19937_64& random) {
    for (const std::size_t begin : {random() % 25, 30 + random() % 25})
        for (std::size_t i = 0; i < 3; ++i)
            text[begin + i] = static_cast<char16_t>(0x9000 + random() % 999);
    return sketch_of(text);
}
CampaignStore store_of(const CampaignOptions& options = {.campaigns = 1'000}) {
    auto store = CampaignStore::create(options);
    EXPECT_TRUE(store) << store.error().text;
    return std::move(*store);
}

TEST(CampaignStore, takes_near_copies_for_one_campaign) {
    CampaignStore store = store_of();
    std::mt19937_64 random(1);
    std::vector<std::u16string> texts;
    for (unsigned i = 0; i < 200; ++i) texts.push_back(random_text(random));
    unsigned found = 0;
    for (unsigned round = 0; round < 20; ++round) {
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const Campaign campaign = store.add(
                round == 0 ? sketch_of(texts[i]) : copy_of(texts[i], random), round, at(round));
            if (round == 0) {
                EXPECT_EQ(campaign.id, i + 1);
            }
            found += campaign.id == i + 1 ? 1 : 0;
        }
    }
    // A band is shared by all but one in thousands.
    EXPECT_GE(found, 20 * 200 - 8);
}

TEST(CampaignStore, counts_messages_and_senders_of_its_window) {
    CampaignStore store =
        store_of({.campaigns = 10, .window_ms = 4'000'000, .keep_ms = 86'400'000});
    std::mt19937_64 random(2);
    const Sketch one = sketch_of(random_text(random));
    EXPECT_FALSE(store.find(one, at(0)));
    Campaign campaign;
    for (std::uint64_t i = 0; i < 300; ++i) campaign = store.add(one, random() % 50, at(0));
    EXPECT_EQ(campaign.messages, 300u);
    EXPECT_EQ(campaign.recent_messages, 300u);
    EXPECT_NEAR(campaign.recent_senders, 50, 8);
    EXPECT_EQ(campaign.first, at(0));
    campaign = store.add(one, 1, at(2'500));
    EXPECT_EQ(campaign.recent_messages, 301u);
    // Parts of a thousand seconds: the first one has gone.
    campaign = store.add(one, 1, at(4'500));
    EXPECT_EQ(campaign.messages, 302u);
    EXPECT_EQ(campaign.recent_messages, 2u);
    EXPECT_EQ(campaign.recent_senders, 1u);
    EXPECT_EQ(campaign.last, at(4'500));
    ASSERT_TRUE(store.find(one, at(4'500)));
    EXPECT_EQ(store.find(one, at(4'500))->messages, 302u);
    EXPECT_EQ(store.find(one, at(40'000))->recent_messages, 0u);
    // Back in time counts as now.
    EXPECT_EQ(store.add(one, 1, at(100)).recent_messages, 3u);
    EXPECT_EQ(store.add(one, 1, time_from_ms(-5)).last, at(4'500));
}

TEST(CampaignStore, tells_many_senders_from_few) {
    CampaignStore store = store_of();
    std::mt19937_64 random(3);
    const Sketch one = sketch_of(random_text(random));
    Campaign campaign;
    unsigned sent = 0;
    for (const unsigned senders : {1u, 2u, 10u, 50u, 100u, 300u}) {
        for (; sent < senders; ++sent) campaign = store.add(one, random(), at(0));
        EXPECT_NEAR(campaign.recent_senders, senders, 1 + senders / 5) << senders;
    }
    for (; sent < 100'000; ++sent) campaign = store.add(one, random(), at(0));
    EXPECT_EQ(campaign.recent_senders, Campaign::kMostSenders);
}

TEST(CampaignStore, forgets_the_quietest_for_want_of_room_and_allocates_nothing) {
    CampaignStore store = store_of({.campaigns = 100});
    const std::size_t memory = store.memory_bytes();
    std::mt19937_64 random(4);
    const auto kept = sketch_of(random_text(random));
    const auto quiet = sketch_of(random_text(random));
    const std::uint64_t first = store.add(kept, 1, at(0)).id;
    store.add(quiet, 1, at(0));
    const unsigned texts = test::deep() ? 1'000'000 : 20'000;
    for (unsigned i = 0; i < texts; ++i) {
        store.add(sketch_of(random_text(random)), i, at(1));
        if (i % 50 == 0) {
            EXPECT_EQ(store.add(kept, 1, at(1)).id, first);
        }
    }
    EXPECT_EQ(store.size(), 100u);
    EXPECT_EQ(store.memory_bytes(), memory);
    EXPECT_EQ(store.displaced(), texts + 2 - 100u);
    EXPECT_FALSE(store.find(quiet, at(1)));
    EXPECT_LT(memory, 100 * 1'000u);
}

TEST(CampaignStore, forgets_what_was_quiet_for_long) {
    CampaignStore store = store_of({.campaigns = 10, .window_ms = 1'000, .keep_ms = 10'000});
    std::mt19937_64 random(5);
    const auto early = sketch_of(random_text(random));
    const auto late = sketch_of(random_text(random));
    store.add(early, 1, at(0));
    const std::uint64_t id = store.add(late, 1, at(5)).id;
    EXPECT_EQ(store.advance(at(9)), 0u);
    EXPECT_EQ(store.advance(at(10)), 1u);
    EXPECT_FALSE(store.find(early, at(10)));
    EXPECT_TRUE(store.find(late, at(10)));
    EXPECT_EQ(store.advance(at(10'000)), 1u);
    EXPECT_EQ(store.size(), 0u);
    EXPECT_GT(store.add(early, 1, at(10'000)).id, id);  // never given twice
    EXPECT_EQ(store.displaced(), 0u);
}

// Against a plain one: the campaigns in the order of their last message, all compared.
TEST(CampaignStore, agrees_with_a_plain_model) {
    struct Known {
        Sketch sketch;
        std::uint64_t id;
        std::uint64_t messages;
    };
    const std::uint64_t seed = 6;
    std::mt19937_64 random(seed);
    CampaignStore store = store_of({.campaigns = 30});
    std::vector<Known> model;
    std::vector<std::u16string> texts;
    for (unsigned i = 0; i < 60; ++i) texts.push_back(random_text(random));
    unsigned unlike = 0;
    const unsigned messages = test::deep() ? 1'000'000 : 20'000;
    std::uint64_t last = 0;
    for (unsigned i = 0; i < messages; ++i) {
        const auto& text = texts[random() % texts.size()];
        const Sketch made = random() % 2 == 0 ? sketch_of(text) : copy_of(text, random);
        auto best = model.end();
        double most = 0.5 - 1e-5;
        for (auto one = model.begin(); one != model.end(); ++one)
            if (const double near = similarity(one->sketch, made); near > most)
                best = one, most = near;
        const Campaign campaign = store.add(made, i, at(i));
        const bool known = best != model.end();
        if (known ? campaign.id != best->id : campaign.id <= last) {
            // A band was not shared: what the store says is taken over.
            ++unlike;
            best = std::find_if(model.begin(), model.end(),
                                [&](const Known& one) { return one.id == campaign.id; });
        }
        Known one{made, campaign.id, 0};
        if (best != model.end()) {
            one = *best;
            model.erase(best);
        } else if (model.size() == 30) {
            model.erase(model.begin());
        }
        ++one.messages;
        EXPECT_EQ(campaign.messages, one.messages);
        model.push_back(one);
        last = std::max(last, campaign.id);
        ASSERT_EQ(store.size(), model.size());
    }
    EXPECT_LT(unlike, messages / 50);  // copies of copies are hardly near enough
}

// Texts that share a beginning made of one shingle over and over, so that bands agree while the rest does not.
TEST(CampaignStore, many_texts_that_share_bands_stay_bounded) {
    CampaignStore store = store_of({.campaigns = 5'000});
    std::mt19937_64 random(11);
    const Sketch whole = sketch_of(random_text(random));
    for (unsigned i = 0; i < 5'000; ++i) {
        Sketch other = sketch_of(random_text(random));
        for (unsigned bin = 0; bin < 20; ++bin) other.bins[bin] = whole.bins[bin];
        store.add(other, i, at(0));
    }
    EXPECT_EQ(store.size(), 5'000u);
    // What hides behind them is found by a band of its own.
    EXPECT_EQ(store.add(whole, 1, at(1)).messages, 1u);
    EXPECT_EQ(store.add(whole, 1, at(1)).messages, 2u);
}

// Messages of one house begin alike, each to one customer; of forty that say the same every one must count.
TEST(CampaignStore, counts_copies_among_texts_of_one_opening) {
    CampaignStore store = store_of({.campaigns = 5'000});
    std::mt19937_64 random(12);
    const std::u16string opening = random_text(random, 20);
    const std::u16string text = opening + random_text(random, 40);
    const Sketch same = sketch_of(text);
    Campaign campaign;
    for (unsigned i = 0; i < 40; ++i) {
        for (unsigned k = 0; k < 50; ++k)
            store.add(sketch_of(opening + random_text(random, 40)), random(), at(i));
        campaign = store.add(i % 4 == 3 ? copy_of(text, random) : same, i, at(i));
    }
    EXPECT_GE(campaign.recent_messages, 39u);
    EXPECT_GE(store.add(same, 40, at(40)).recent_messages, 40u);
}

TEST(CampaignStore, refuses_options_that_make_no_sense) {
    for (const CampaignOptions& options :
         {CampaignOptions{.campaigns = 0}, CampaignOptions{.campaigns = 1u << 25u},
          CampaignOptions{.window_ms = 3}, CampaignOptions{.window_ms = 1'000, .keep_ms = 999},
          CampaignOptions{.similarity_percent = 29}, CampaignOptions{.similarity_percent = 101}}) {
        const auto store = CampaignStore::create(options);
        ASSERT_FALSE(store);
        EXPECT_EQ(store.error().code, ErrorCode::kOutOfRange);
        EXPECT_NE(store.error().text, "");
    }
}

}  // namespace
}  // namespace ringfence
