// What has ended decides nothing in screens that follow, however long nothing was published, or whoever publishes is dead.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "src/screen/ended.hpp"
#include "tests/base/deep.hpp"
#include "tests/image/shared_fixture.hpp"
#include "tests/screen/shared_screens.hpp"

namespace ringfence {
namespace {

using sample::Child;
using test::call;
using test::counter;
using test::kNoon;

constexpr std::int64_t kHour = 3'600'000;

class SharedEnded : public test::ScreenShared {
protected:
    void add(const char* list, const char* entry, std::int64_t expires_ms) {
        const auto added =
            publisher_.add({.list = list, .entry = entry, .expires = time_from_ms(expires_ms)});
        ASSERT_TRUE(added) << added.error().text;
    }
};

TEST_F(SharedEnded, a_silent_publisher_leaves_nothing_standing_that_is_over) {
    add("fraud", "13800003333", kNoon + kHour);
    add("fraud", "13800005555", kNoon + 2 * kHour);
    add("fraud", "+8613900*", kNoon + kHour);
    add("fraud", "13800006000..13800006999", kNoon + kHour);
    add("senders", "BadBank", kNoon + kHour);
    add("hosts", "evil.example.com", kNoon + kHour);
    publish();
    Screen screen = must_follow();
    const auto judged = [&](std::int64_t time) {
        std::string all;
        for (const char* calling : {"13800003333", "13800005555", "13900001234", "13800006500",
                                    "13800001111", "17000001234"})
            all += on(screen, calling, time) == Action::kReject ? '1' : '0';
        all += text(screen, "BadBank", "hello") == Action::kHold ? '1' : '0';
        all += text(screen, "FakeBank", "hello") == Action::kHold ? '1' : '0';
        all += text(screen, "10086", "see www.evil.example.com now") == Action::kReject ? '1' : '0';
        all += text(screen, "10086", "see phish.example.com now") == Action::kReject ? '1' : '0';
        return all;
    };
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon)));
    EXPECT_EQ(judged(kNoon), "1111111111");
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon + kHour - 1)));
    EXPECT_EQ(judged(kNoon + kHour - 1), "1111111111");
    EXPECT_EQ(counter(screen, "tables.ended"), 0u);
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon + kHour)));
    EXPECT_EQ(judged(kNoon + kHour), "0100110101");
    EXPECT_EQ(counter(screen, "tables.ended"), 5u);
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon + 2 * kHour)));
    EXPECT_EQ(judged(kNoon + 2 * kHour), "0000110101");
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon + 1000 * 24 * kHour)));
    EXPECT_EQ(judged(kNoon + 2 * kHour), "0000110101");  // what has no end stays
    EXPECT_EQ(counter(screen, "tables.silent_lists"), 0u);
    // One that opens now, and one that reloads.
    ScreenOptions options;
    options.shared = &shared_;
    options.now = time_from_ms(kNoon + 2 * kHour);
    Screen late = test::must_open(folder_, options);
    EXPECT_EQ(on(late, "13800003333"), Action::kAllow);
    EXPECT_EQ(on(late, "13800001111"), Action::kReject);
    ASSERT_TRUE(late.reload());
    EXPECT_EQ(on(late, "13800003333"), Action::kAllow);
    // A clock that ran ahead and was put right.
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon)));
    EXPECT_EQ(judged(kNoon), "1111111111");
}

TEST_F(SharedEnded, what_was_given_a_later_end_stays) {
    add("fraud", "13800003333", kNoon + kHour);
    publish();
    Screen screen = must_follow();
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon + kHour)));
    EXPECT_EQ(on(screen, "13800003333"), Action::kAllow);
    add("fraud", "13800003333", kNoon + 3 * kHour);
    publish();
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon + kHour)));
    EXPECT_EQ(on(screen, "13800003333"), Action::kReject);
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon + 3 * kHour)));
    EXPECT_EQ(on(screen, "13800003333"), Action::kAllow);
    // The publisher takes it off and publishes: nothing is left to pass over.
    ASSERT_TRUE(publisher_.advance(time_from_ms(kNoon + 3 * kHour)));
    publish();
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon + 3 * kHour)));
    EXPECT_EQ(on(screen, "13800003333"), Action::kAllow);
    EXPECT_EQ(counter(screen, "tables.ended"), 0u);
}

// The entry of one list ends; the number's other entries go on, and so does the list of a row with an action of its own.
TEST_F(SharedEnded, ends_one_entry_of_a_number_that_has_others) {
    folder_.write("fraud.csv",
                  "number,kind,category,action\n13800001111,exact,,\n13800004444,exact,loan,hold\n"
                  "1700000,prefix,,\n");
    ASSERT_TRUE(publisher_.reload());
    add("partners", "13800004444", kNoon + kHour);
    add("fraud", "17000001234", kNoon + kHour);
    publish();
    Screen screen = must_follow();
    const auto as_partner = [&] {
        Session session = screen.session();
        Call event = call("13800004444", "13800002222");
        event.tenant = 7;
        return session.screen(event).action;
    };
    EXPECT_EQ(as_partner(), Action::kAllow);
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon + kHour)));
    EXPECT_EQ(as_partner(), Action::kHold);
    EXPECT_EQ(on(screen, "17000001234"), Action::kReject);  // by its prefix
}

TEST_F(SharedEnded, a_dead_publisher_leaves_nothing_standing_that_is_over) {
    const std::string path = sample::path_of("dead");
    const auto shared = SharedImage::create(path, kSmall);
    int ready[2];
    ASSERT_EQ(::pipe(ready), 0);
    Child publishes([&] {
        auto writer = shared->writer();
        ScreenOptions options;
        options.publishes = &*shared;
        auto screen = Screen::open(folder_.path("policy.toml"), options);
        if (!writer || !screen) return 2;
        if (!screen->add(
                {.list = "fraud", .entry = "13800003333", .expires = time_from_ms(kNoon + kHour)}))
            return 3;
        if (!screen->publish_to(*writer)) return 4;
        const char done = '1';
        static_cast<void>(!::write(ready[1], &done, 1));
        for (;;) ::pause();
    });
    char done = 0;
    ASSERT_EQ(::read(ready[0], &done, 1), 1);
    ScreenOptions options;
    options.shared = &*shared;
    Screen screen = test::must_open(folder_, options);
    EXPECT_TRUE(publishes.kill());
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon)));
    EXPECT_EQ(on(screen, "13800003333"), Action::kReject);
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon + kHour)));
    EXPECT_EQ(on(screen, "13800003333"), Action::kAllow);
    EXPECT_EQ(on(screen, "13800001111"), Action::kReject);
    for (const int fd : ready) ::close(fd);
    std::filesystem::remove(path);
}

// Beyond what lies beside the tables nobody knows which entries ended: their lists stop, the others go on.
TEST_F(SharedEnded, lists_stop_when_more_ended_than_is_known) {
    const auto number = [](std::uint64_t i) { return Number::from_rank(8'613'800'000'000 + i); };
    SharedEnds ends;
    std::vector<SharedEnds::OfNumber> numbers;
    for (std::uint32_t i = 0; i < 100; ++i) numbers.push_back({number(i).rank(), 1'000 + i, 2, 0});
    ends.numbers = numbers;
    ends.rest = {{2'000, 2, 0}, {2'000, 5, 0}, {9'000, 6, 0}};
    const auto at = [](std::int64_t second) { return time_from_ms(second * 1000); };
    EXPECT_EQ(Ended::count_by(ends, at(999)), Ended::Count{});
    const Ended some(ends, Ended::count_by(ends, at(1'049)));
    EXPECT_EQ(some.count().numbers, 50u);
    EXPECT_TRUE(some.number(2, number(49)));
    EXPECT_FALSE(some.number(2, number(50)));
    EXPECT_FALSE(some.number(5, number(49)));
    EXPECT_EQ(some.silent_lists(), 0u);
    const Ended all(ends, Ended::count_by(ends, at(2'000)));
    for (const ListIndex list : {ListIndex{2}, ListIndex{5}}) {
        EXPECT_TRUE(all.number(list, number(5'000)));
        EXPECT_TRUE(all.prefix(list, "8613800000000", 4));
        EXPECT_TRUE(all.name(list, EntryKind::kSender, "bank"));
    }
    EXPECT_FALSE(all.number(3, number(1)));
    EXPECT_EQ(all.silent_lists(), 2u);
    // Each list has its own second.
    EXPECT_FALSE(all.number(6, number(1)));
    const Ended late(ends, Ended::count_by(ends, at(9'000)));
    EXPECT_TRUE(late.number(6, number(1)));
    EXPECT_EQ(late.silent_lists(), 3u);
}

// A range counts for the digits of its shortest part; what counts for others goes on.
TEST_F(SharedEnded, an_ended_range_hides_no_other_prefix) {
    add("fraud", "+8613800*", kNoon + 5 * kHour);
    add("fraud", "13800006000..13800006999", kNoon + kHour);
    add("fraud", "+86138000065*", kNoon + 3 * kHour);
    publish();
    Screen screen = must_follow();
    for (const std::int64_t hours : {0, 1, 3}) {
        ASSERT_TRUE(screen.advance(time_from_ms(kNoon + hours * kHour)));
        for (const char* calling : {"13800006500", "13800006100", "13800007000"})
            EXPECT_EQ(on(screen, calling), Action::kReject) << hours << " " << calling;
    }
    EXPECT_EQ(counter(screen, "tables.ended"), 2u);
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon + 5 * kHour)));
    EXPECT_EQ(on(screen, "13800006500"), Action::kAllow);
}

// Whatever the memory says of a range: one that no table can hold has not ended.
TEST_F(SharedEnded, damaged_ranges_have_not_ended) {
    SharedEnds ends;
    for (const auto& [first, last] :
         {std::pair("8613800006000", "86138000069"), std::pair("9", "1"), std::pair("", ""),
          std::pair("1::", "9::")}) {
        NextEnds::OfRule& rule = ends.rules.emplace_back();
        rule.entry.kind = EntryKind::kRange;
        rule.entry.text = first;
        rule.entry.last = last;
    }
    const Ended ended(ends, Ended::count_by(ends, time_from_ms(1'000'000)));
    EXPECT_EQ(ended.count().rules, 4u);
    for (unsigned length = 0; length <= 24; ++length)
        for (const char* digits : {"8613800006500", "5", "", "5::"})
            EXPECT_FALSE(ended.prefix(0, digits, length));
}

// Many of one list end beyond what lies beside the tables: another, whose ends come later, goes on deciding.
TEST_F(SharedEnded, a_list_is_not_silent_for_anothers_sake) {
    EntryBook book;
    EntryNote soon;
    soon.expires = time_from_ms(kNoon);
    EntryNote late;
    late.expires = time_from_ms(kNoon + 365 * 24 * kHour);
    for (unsigned i = 0; i < 100; ++i) book.note(0, Number::from_rank(8'613'800'000'000 + i), soon);
    book.note(1, Number::from_digits("8613800001111"), late);
    ListEntry name;
    name.kind = EntryKind::kSender;
    name.text = "bank";
    book.note(2, name, late);
    const NextEnds next = book.next_ends(50);
    SharedEnds ends;
    ends.rules = next.rules;
    ends.rest = next.rest;
    const Ended ended(ends, Ended::count_by(ends, time_from_ms(kNoon)));
    EXPECT_TRUE(ended.number(0, Number::from_digits("8613800001111")));
    EXPECT_FALSE(ended.number(1, Number::from_digits("8613800001111")));
    EXPECT_FALSE(ended.name(2, EntryKind::kSender, "bank"));
    EXPECT_EQ(ended.silent_lists(), 1u);
    const Ended later(ends, Ended::count_by(ends, *late.expires));
    EXPECT_TRUE(later.number(1, Number::from_digits("8613800001111")));
    EXPECT_EQ(later.silent_lists(), 2u);
    EXPECT_TRUE(later.name(2, EntryKind::kSender, "bank"));  // is known by itself
}

// Beside sessions that judge: an entry decides before its end, and never again after the advance that follows it.
TEST_F(SharedEnded, ends_beside_sessions) {
    constexpr unsigned kEntries = 40;
    for (unsigned i = 0; i < kEntries; ++i)
        add("fraud", ("138000" + std::to_string(10'000 + i)).c_str(), kNoon + 1000 * (i + 1));
    publish();
    Screen screen = must_follow();
    std::atomic<unsigned> ended{0};
    std::atomic<bool> done{false};
    std::atomic<unsigned> wrong{0};
    std::thread judges([&] {
        Session session = screen.session();
        while (!done.load()) {
            for (unsigned i = 0; i < kEntries; ++i) {
                const std::string calling = "138000" + std::to_string(10'000 + i);
                const unsigned before = ended.load();
                const Verdict verdict = session.screen(Call{.calling = std::string_view(calling),
                                                            .called = "13800002222",
                                                            .time = time_from_ms(kNoon)});
                if (i < before && verdict.action == Action::kReject) ++wrong;
                if (i > ended.load() + 1 && verdict.action != Action::kReject) ++wrong;
            }
            std::this_thread::yield();
        }
    });
    for (unsigned i = 0; i < kEntries; ++i) {
        ASSERT_TRUE(screen.advance(time_from_ms(kNoon + 1000 * (i + 1))));
        ended = i + 1;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    done = true;
    judges.join();
    EXPECT_EQ(wrong, 0u);
}

}  // namespace
}  // namespace ringfence
