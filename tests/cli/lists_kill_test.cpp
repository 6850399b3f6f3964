// kill -9 of `ringfence lists load` and `reconcile` at random points: the list's file is the old or the new one, whole,
// and the next command works.
#include <chrono>
#include <random>

#include "base/deep.hpp"
#include "program.hpp"

namespace ringfence::test {
namespace {

constexpr unsigned kRows = 20'000;

std::string rows(unsigned from) {
    std::string text = "number,source\n";
    for (unsigned i = from; i < from + kRows; ++i)
        text += "138" + std::to_string(10'000'000 + i) + ",test\n";
    return text;
}

TEST(ListsKill, leaves_the_old_file_or_the_new_one) {
    if (!fs::exists(program())) GTEST_SKIP() << program() << " is not built here";
    const PolicyFolder folder;
    folder.write("policy.toml", R"(
[screen]
country = "CN"
journal = "live.journal"
[[list]]
id = "fraud"
file = "fraud.csv"
action = "reject"
)");
    const std::string list = folder.path("fraud.csv");
    const std::string policy = folder.path("policy.toml");
    folder.write("even.csv", rows(0));
    folder.write("odd.csv", rows(kRows / 100));
    folder.write("fraud.csv", rows(0));
    const auto change = [&](unsigned round) {
        return std::vector<std::string>{
            "lists",    round % 4 < 2 ? "load" : "reconcile",
            "--policy", policy,
            "fraud",    folder.path(round % 2 == 0 ? "odd.csv" : "even.csv")};
    };
    // How long one takes when it is let, and what it leaves.
    const auto begun = std::chrono::steady_clock::now();
    ASSERT_EQ(Running(change(0), folder.path("said")).wait_for(60s), 0)
        << read(folder.path("said"));
    const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - begun);
    const std::string odd = read(list);
    ASSERT_EQ(Running(change(1), folder.path("said")).wait_for(60s), 0)
        << read(folder.path("said"));
    const std::string even = read(list);
    ASSERT_NE(odd, even);

    const std::uint64_t seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const unsigned kills = deep() ? 2'000 : rerun() ? 40 : 200;
    unsigned cut = 0;
    for (unsigned round = 0; round < kills; ++round) {
        SCOPED_TRACE("kill " + std::to_string(round));
        const std::string before = read(list);
        {
            Running running(change(round), folder.path("said"));
            std::this_thread::sleep_for(std::chrono::microseconds(
                random() % static_cast<std::uint64_t>(whole.count() * 5 / 4)));
            running.signal(SIGKILL);
            cut += running.wait_for(60s) == 128 + SIGKILL ? 1 : 0;
        }
        const std::string now = read(list);
        ASSERT_TRUE(now == before || now == (round % 2 == 0 ? odd : even)) << now.size();
    }
    EXPECT_GT(cut, kills / 4);
    const Ran last = run("lists load --policy " + policy + " fraud " + folder.path("odd.csv"));
    EXPECT_EQ(last.status, 0) << last.out;
    EXPECT_EQ(read(list), odd);
}

}  // namespace
}  // namespace ringfence::test
