#include "ringfence/base/vocabulary.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace ringfence {
namespace {

TEST(Vocabulary, gives_back_each_action_from_its_name) {
    for (unsigned i = 0; i < kActionCount; ++i) {
        const auto action = static_cast<Action>(i);
        EXPECT_EQ(action_from_name(name_of(action)), action);
    }
    EXPECT_EQ(action_from_name("Reject"), std::nullopt);
    EXPECT_EQ(action_from_name(""), std::nullopt);
}

TEST(Vocabulary, names_each_reason_once) {
    std::set<std::string> names;
    unsigned reasons = 0;
    for (std::uint16_t i = 0; i < 200; ++i) {
        const std::string name(name_of(static_cast<Reason>(i)));
        if (name == "unknown") continue;
        ++reasons;
        EXPECT_TRUE(names.insert(name).second) << name;
    }
    EXPECT_EQ(reasons, 44u);
}

}  // namespace
}  // namespace ringfence
