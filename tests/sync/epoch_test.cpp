#include "ringfence/sync/epoch.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace ringfence {
namespace {

TEST(Epoch, reports_the_oldest_pin) {
    EpochDomain domain;
    auto a = domain.register_reader();
    auto b = domain.register_reader();
    ASSERT_TRUE(a && b);
    EXPECT_EQ(domain.oldest_pin(), EpochDomain::kNoPin);
    {
        const Pin first(*a);
        const std::uint64_t ended = domain.advance();
        EXPECT_EQ(domain.oldest_pin(), ended);
        const Pin second(*b);
        EXPECT_EQ(domain.oldest_pin(), ended);
    }
    EXPECT_EQ(domain.oldest_pin(), EpochDomain::kNoPin);
}

TEST(Epoch, a_pin_after_the_advance_is_younger) {
    EpochDomain domain;
    auto reader = domain.register_reader();
    const std::uint64_t ended = domain.advance();
    const Pin pin(*reader);
    EXPECT_GT(domain.oldest_pin(), ended);
}

TEST(Epoch, a_pin_inside_a_pin_keeps_the_older_epoch) {
    EpochDomain domain;
    auto reader = domain.register_reader();
    std::optional<Pin> outer(std::in_place, *reader);
    const std::uint64_t ended = domain.advance();
    {
        const Pin inner(*reader);
        EXPECT_EQ(domain.oldest_pin(), ended);
    }
    EXPECT_EQ(domain.oldest_pin(), ended);
    outer.reset();
    EXPECT_EQ(domain.oldest_pin(), EpochDomain::kNoPin);
}

TEST(Epoch, gives_every_slot_once_and_takes_it_back) {
    EpochDomain domain;
    std::vector<ReaderSlot> readers;
    for (unsigned i = 0; i < EpochDomain::kMaxReaders; ++i) {
        auto reader = domain.register_reader();
        ASSERT_TRUE(reader);
        readers.push_back(std::move(*reader));
    }
    EXPECT_EQ(domain.readers(), EpochDomain::kMaxReaders);
    const auto refused = domain.register_reader();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kFull);

    {
        const Pin last(readers.back());
        EXPECT_NE(domain.oldest_pin(), EpochDomain::kNoPin) << "the scan reaches the last slot";
    }
    const unsigned freed = readers[7].index();
    readers.erase(readers.begin() + 7);
    auto again = domain.register_reader();
    ASSERT_TRUE(again);
    EXPECT_EQ(again->index(), freed);
}

}  // namespace
}  // namespace ringfence
