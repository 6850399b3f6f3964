// A live addition with an end, over a row of the file or after a removal: what holds when the end has come, and that a
// reload, a restart or a reconcile changes nothing about it.
#include <gtest/gtest.h>

#include <functional>

#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

using test::call;
using test::kNoon;

constexpr const char* kCaller = "13800004444";

Time after(std::int64_t seconds) { return time_from_ms(kNoon + seconds * 1000); }

class LiveEndsTest : public testing::Test {
protected:
    LiveEndsTest() {
        folder_.write("policy.toml",
                      "[screen]\ncountry = \"CN\"\njournal = \"live.journal\"\n"
                      "[[list]]\nid = \"fraud\"\nfile = \"fraud.csv\"\naction = \"reject\"\n");
        rows("");
        open();
    }
    void open() {
        screen_.reset();
        screen_.emplace(*Screen::open(folder_.path("policy.toml"), {.force = true, .now = now_}));
    }
    void rows(const std::string& entry) const {
        folder_.write("fraud.csv", "number,expires\n13800001111,\n" + entry);
    }
    void advance(std::int64_t seconds) {
        now_ = after(seconds);
        ASSERT_TRUE(screen_->advance(now_));
    }
    void add(std::int64_t end) {
        ASSERT_TRUE(screen_->add({.list = "fraud", .entry = kCaller, .expires = after(end)}));
    }
    void remove() { ASSERT_TRUE(screen_->remove({.list = "fraud", .entry = kCaller})); }
    bool listed() {
        return screen_->session().screen(call(kCaller, "13800002222")).action == Action::kReject;
    }
    // The same whatever is done with lists that did not change.
    void expect(bool wanted, const char* what) {
        EXPECT_EQ(listed(), wanted) << what;
        ASSERT_TRUE(screen_->reload());
        EXPECT_EQ(listed(), wanted) << what << ", after a reload";
        ASSERT_TRUE(screen_->reconcile("fraud", folder_.path("fraud.csv"), {.force = true}));
        EXPECT_EQ(listed(), wanted) << what << ", after a reconcile";
        ASSERT_TRUE(screen_->advance(now_));
        open();
        EXPECT_EQ(listed(), wanted) << what << ", after a restart";
        ASSERT_TRUE(screen_->advance(now_));
    }

    test::PolicyFolder folder_;
    Time now_ = after(0);
    std::optional<Screen> screen_;
};

TEST_F(LiveEndsTest, a_row_without_an_end_outlasts_an_addition_with_one) {
    rows("13800004444,\n");
    ASSERT_TRUE(screen_->reload());
    add(10);
    add(5);
    advance(20);
    EXPECT_TRUE(listed());
    expect(true, "the file has it without an end");
}

TEST_F(LiveEndsTest, the_later_of_two_ends_holds) {
    rows("13800004444,2026-03-01T12:01:40Z\n");  // 100 s
    ASSERT_TRUE(screen_->reload());
    add(50);
    advance(60);
    expect(true, "the file's end is to come");
    add(200);
    advance(150);
    expect(true, "the live end is to come");
    advance(201);
    expect(false, "both have come");
}

TEST_F(LiveEndsTest, an_addition_shortens_an_earlier_one_and_not_the_row) {
    rows("13800004444,2026-03-01T12:01:40Z\n");
    ASSERT_TRUE(screen_->reload());
    add(200);
    add(50);
    advance(60);
    expect(true, "the file's end is to come");
    advance(101);
    expect(false, "all have come");
}

TEST_F(LiveEndsTest, an_addition_alone_ends_as_it_says_and_holds_when_the_file_drops_the_row) {
    rows("13800004444,\n");
    ASSERT_TRUE(screen_->reload());
    add(50);
    rows("");
    ASSERT_TRUE(screen_->reload());
    expect(true, "its end is to come");
    advance(51);
    expect(false, "its end has come");
}

TEST_F(LiveEndsTest, a_removal_holds_again_when_an_addition_over_it_has_ended) {
    rows("13800004444,\n");
    ASSERT_TRUE(screen_->reload());
    remove();
    expect(false, "it was removed");
    add(10);
    expect(true, "it was added again");
    advance(11);
    expect(false, "the addition has ended");
    advance(30);
    expect(false, "a later look");
    rows("");
    ASSERT_TRUE(screen_->reload());
    rows("13800004444,\n");
    ASSERT_TRUE(screen_->reload());
    EXPECT_TRUE(listed()) << "the file agreed with the removal, and named it anew";
}

TEST_F(LiveEndsTest, a_removal_under_an_ended_addition_outlasts_a_restart_alone) {
    rows("13800004444,\n");
    ASSERT_TRUE(screen_->reload());
    remove();
    add(10);
    now_ = after(20);
    open();
    EXPECT_FALSE(listed());
    expect(false, "the addition ended while nobody looked");
    add(40);
    expect(true, "added once more");
    advance(50);
    expect(false, "ended once more");
}

TEST_F(LiveEndsTest, so_it_is_with_prefixes) {
    const auto asked = [&] { return listed(); };
    folder_.write("fraud.csv", "number,kind\n13800001111,\n1380000,prefix\n");
    ASSERT_TRUE(screen_->reload());
    ASSERT_TRUE(screen_->add({.list = "fraud", .entry = "1380000*", .expires = after(10)}));
    advance(20);
    EXPECT_TRUE(asked());
    ASSERT_TRUE(screen_->remove({.list = "fraud", .entry = "1380000*"}));
    EXPECT_FALSE(asked());
    ASSERT_TRUE(screen_->add({.list = "fraud", .entry = "1380000*", .expires = after(30)}));
    expect(true, "added over the removal");
    advance(40);
    expect(false, "the addition has ended");
}

}  // namespace
}  // namespace ringfence
