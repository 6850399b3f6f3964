#include "ringfence/policy/categories.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ringfence {
namespace {

TEST(Categories, give_one_number_a_text) {
    Categories categories;
    EXPECT_EQ(*categories.intern(""), 0);
    EXPECT_EQ(*categories.intern("fraud"), 1);
    EXPECT_EQ(*categories.intern("gambling"), 2);
    EXPECT_EQ(*categories.intern("fraud"), 1);
    EXPECT_EQ(categories.name(2), "gambling");
    EXPECT_EQ(categories.name(0), "");
    EXPECT_EQ(categories.name(3), "");
    EXPECT_FALSE(categories.intern(std::string(65, 'a')));
}

TEST(Categories, are_refused_when_they_are_full) {
    Categories categories;
    for (unsigned i = 1; i <= 65'535; ++i) ASSERT_EQ(*categories.intern(std::to_string(i)), i);
    const auto full = categories.intern("one more");
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, ErrorCode::kFull);
    EXPECT_EQ(*categories.intern("65535"), 65'535);
}

}  // namespace
}  // namespace ringfence
