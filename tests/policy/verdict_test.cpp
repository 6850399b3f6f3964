#include "ringfence/policy/verdict.hpp"

#include <gtest/gtest.h>

namespace ringfence {
namespace {

TEST(Verdict, names_its_flags_in_the_order_of_their_bits) {
    Verdict verdict;
    EXPECT_TRUE(flag_names(verdict).empty());
    verdict.set(VerdictFlag::kBadInput);
    verdict.set(VerdictFlag::kPartial);
    EXPECT_EQ(flag_names(verdict), (std::vector<std::string_view>{"partial", "bad_input"}));
    EXPECT_EQ(joined_flags(verdict), "partial bad_input");
}

TEST(Verdict, is_neutral_when_fresh) {
    const Verdict verdict;
    EXPECT_EQ(verdict.action, Action::kAllow);
    EXPECT_EQ(verdict.stage, Stage::kNone);
    EXPECT_EQ(verdict.flags, 0);
}

}  // namespace
}  // namespace ringfence
