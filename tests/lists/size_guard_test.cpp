#include "ringfence/lists/size_guard.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ringfence {
namespace {

std::string check(std::optional<std::uint64_t> last, std::uint64_t rows) {
    const auto status = check_size("lists/fraud.csv", last, rows);
    if (status) return "ok";
    EXPECT_EQ(status.error().code, ErrorCode::kRefused);
    return status.error().text;
}

TEST(SizeGuard, takes_a_fifth_less_and_half_as_much_again) {
    EXPECT_EQ(check(10'000, 8'000), "ok");
    EXPECT_EQ(check(10'000, 15'000), "ok");
    EXPECT_EQ(
        check(10'000, 7'999),
        "lists/fraud.csv: shrank by 20 %: 7999 rows, where the last load had 10000; force it if "
        "that is right");
    EXPECT_NE(check(10'000, 15'001), "ok");
    EXPECT_NE(check(10'000, 0).find("came empty"), std::string::npos);
}

TEST(SizeGuard, leaves_small_lists_and_first_loads_alone) {
    EXPECT_EQ(check({}, 0), "ok");
    EXPECT_EQ(check({}, 50'000'000), "ok");
    EXPECT_EQ(check(1'000, 0), "ok");
    EXPECT_EQ(check(10, 1'000), "ok");
    EXPECT_EQ(check(0, 5'000), "ok");
    EXPECT_NE(check(1'001, 0), "ok");
    EXPECT_NE(check(10, 1'001), "ok");
}

}  // namespace
}  // namespace ringfence
