#include "ringfence/base/result.hpp"

#include <gtest/gtest.h>

#include <type_traits>
#include <vector>

namespace ringfence {
namespace {

Result<std::vector<int>> numbers() { return std::vector<int>{1, 2, 3}; }

TEST(Result, a_loop_over_a_temporary_keeps_it_alive) {
    static_assert(!std::is_reference_v<decltype(*numbers())>);
    int sum = 0;
    for (const int number : *numbers()) sum += number;
    EXPECT_EQ(sum, 6);
}

TEST(Result, an_error_names_its_place) {
    EXPECT_EQ(Error::at(ErrorCode::kSyntax, "f.csv", 7, "what").text, "f.csv:7: what");
    EXPECT_EQ(Error::at(ErrorCode::kSyntax, "f.csv", 0, "what").text, "f.csv: what");
}

}  // namespace
}  // namespace ringfence
