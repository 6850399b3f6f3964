// On the way of a message nothing here allocates: sketching it, looking for known ones, counting it.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <random>

#include "campaign/texts.hpp"
#include "ringfence/campaign/store.hpp"
#include "ringfence/campaign/templates.hpp"
#include "ringfence/text/fold.hpp"

namespace {
std::atomic<std::size_t> allocations = 0;
}

void* operator new(std::size_t size) {
    allocations.fetch_add(1, std::memory_order_relaxed);  // pairs with nothing: one thread counts
    if (void* made = std::malloc(size ? size : 1)) return made;
    throw std::bad_alloc();
}
void operator delete(void* held) noexcept { std::free(held); }
void operator delete(void* held, std::size_t) noexcept { std::free(held); }

namespace ringfence {
namespace {

TEST(Allocation, none_on_the_way_of_a_message) {
    std::mt19937_64 random(1);
    std::vector<std::u16string> texts;
    std::string file = "text\n";
    for (unsigned i = 0; i < 200; ++i) {
        texts.push_back(fold_to_string(test::random_text(random), View::kDense));
        file += to_utf8(texts.back()) + "\n";
    }
    auto known = TemplateSet::from_text(file, {.path = "known.csv"});
    ASSERT_TRUE(known) << known.error().text;
    auto store = CampaignStore::create({.campaigns = 50});
    ASSERT_TRUE(store);
    const std::size_t before = allocations.load();
    ASSERT_GT(before, 200u) << "allocations are not counted";
    unsigned found = 0;
    for (std::uint64_t i = 0; i < 1'000; ++i) {
        Sketch made;
        ASSERT_TRUE(sketch(texts[i % texts.size()], made));
        found += known->templates.find(made, 60) ? 1 : 0;
        store->add(made, i, time_from_ms(static_cast<std::int64_t>(i)));
    }
    store->advance(time_from_ms(1'000'000'000));
    EXPECT_EQ(allocations.load(), before);
    EXPECT_EQ(found, 1'000u);
}

}  // namespace
}  // namespace ringfence
