// Who made an emergency call through one process is reached through all that share the lists, whoever of them is killed when.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/base/deep.hpp"
#include "tests/image/shared_fixture.hpp"
#include "tests/screen/shared_screens.hpp"

namespace ringfence {
namespace {

using sample::Child;
using test::call;
using test::counter;
using test::kNoon;
using test::open_publisher;
using test::PolicyFolder;

constexpr std::int64_t kMinute = 60'000;
constexpr const char* kPerson = "13800009999";
constexpr const char* kFraud = "17000001234";  // on the fraud list of the usual policy

class SharedEmergency : public test::ScreenShared {
protected:
    SharedEmergency() { publish(); }

    static void calls_for_help(Screen& screen, const std::string& person,
                               std::int64_t time_ms = kNoon) {
        Session session = screen.session();
        Call event{
            .calling = std::string_view(person), .called = "110", .time = time_from_ms(time_ms)};
        EXPECT_EQ(session.screen(event).reason, Reason::kEmergencyCalled);
    }
    static bool reaches(Screen& screen, const std::string& person, std::int64_t time_ms = kNoon) {
        Session session = screen.session();
        const Verdict verdict = session.screen(Call{
            .calling = kFraud, .called = std::string_view(person), .time = time_from_ms(time_ms)});
        return verdict.action <= Action::kTag && verdict.reason == Reason::kEmergencyCallback;
    }
};

// A person by number, of a range reserved for fiction.
std::string person(unsigned i) { return "1700000" + std::to_string(1000 + i % 9000); }

TEST_F(SharedEmergency, is_known_to_all_that_share_the_lists) {
    Screen one = must_follow();
    Screen two = must_follow();
    EXPECT_FALSE(reaches(two, kPerson));
    calls_for_help(one, kPerson);
    for (Screen* screen : {&one, &two, &publisher_}) {
        EXPECT_TRUE(reaches(*screen, kPerson));
        EXPECT_TRUE(reaches(*screen, kPerson, kNoon + 90 * kMinute));
        EXPECT_FALSE(reaches(*screen, kPerson, kNoon + 91 * kMinute));
        EXPECT_EQ(counter(*screen, "emergency.notes"), 1u);
    }
    calls_for_help(publisher_, "13800008888");
    EXPECT_TRUE(reaches(two, "13800008888"));
    ASSERT_TRUE(two.note_emergency("13800007777", time_from_ms(kNoon)));
    EXPECT_TRUE(reaches(one, "13800007777"));
    EXPECT_TRUE(reaches(publisher_, "13800007777"));
    Screen later = must_follow();
    EXPECT_TRUE(reaches(later, kPerson));
    Screen apart = test::open_screen(folder_);  // shares nothing
    EXPECT_FALSE(reaches(apart, kPerson));
}

TEST_F(SharedEmergency, is_known_to_other_processes_when_the_one_that_saw_it_was_killed) {
    int told[2];
    int seen[2];
    ASSERT_EQ(::pipe(told), 0);
    ASSERT_EQ(::pipe(seen), 0);
    const char done = '1';
    char got = 0;
    Child decides([&] {
        auto screen = follower();
        if (!screen) return 2;
        if (reaches(*screen, kPerson)) return 3;
        if (::write(seen[1], &done, 1) != 1 || ::read(told[0], &got, 1) != 1) return 4;
        return reaches(*screen, kPerson) ? 0 : 5;
    });
    ASSERT_EQ(::read(seen[0], &got, 1), 1);
    Child records([&] {
        auto screen = follower();
        if (!screen) return 2;
        calls_for_help(*screen, kPerson);
        static_cast<void>(!::write(seen[1], &done, 1));
        for (;;) ::pause();
    });
    ASSERT_EQ(::read(seen[0], &got, 1), 1);
    EXPECT_TRUE(records.kill());
    ASSERT_EQ(::write(told[1], &done, 1), 1);
    EXPECT_EQ(decides.wait(), 0);
    EXPECT_TRUE(reaches(publisher_, kPerson));
    for (const int fd : {told[0], told[1], seen[0], seen[1]}) ::close(fd);
}

// Workers are killed while they note without end; what they had a verdict for is known to all, and nobody is stuck.
TEST_F(SharedEmergency, no_verdict_is_lost_whoever_is_killed_when) {
    const unsigned rounds = test::deep() ? 400 : 25;
    std::mt19937_64 random(17);
    Screen other = must_follow();
    unsigned first = 0;
    for (unsigned round = 0; round < rounds; ++round) {
        int noted[2];
        ASSERT_EQ(::pipe(noted), 0);
        Child worker([&] {
            auto screen = follower();
            if (!screen) return 2;
            Session session = screen->session();
            for (unsigned i = first;; ++i) {
                const std::string caller = person(i);
                session.screen(Call{.calling = std::string_view(caller),
                                    .called = "119",
                                    .time = time_from_ms(kNoon)});
                if (::write(noted[1], &i, sizeof(i)) != sizeof(i)) return 3;
            }
        });
        ::close(noted[1]);
        unsigned last = 0;
        ASSERT_EQ(::read(noted[0], &last, sizeof(last)), ssize_t{sizeof(last)});
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 3'000));
        EXPECT_TRUE(worker.kill());
        while (::read(noted[0], &last, sizeof(last)) == ssize_t{sizeof(last)}) continue;
        ::close(noted[0]);
        for (unsigned i = first; i <= last; i += 1 + (last - first) / 50) {
            ASSERT_TRUE(reaches(other, person(i))) << i;
            ASSERT_TRUE(reaches(publisher_, person(i))) << i;
        }
        ASSERT_TRUE(reaches(other, person(last))) << last;
        first = last + 1;
    }
}

TEST_F(SharedEmergency, the_publisher_saves_what_workers_note) {
    PolicyFolder journalled;
    test::write_journalled(journalled);
    ScreenOptions follows;
    const auto follow = [&](const SharedImage& shared) {
        follows.shared = &shared;
        return test::must_open(journalled, follows);
    };
    {
        Screen publisher = open_publisher(journalled, shared_);
        ASSERT_TRUE(publisher.publish_to(writer_));
        Screen worker = follow(shared_);
        calls_for_help(worker, kPerson);
        ASSERT_TRUE(worker.advance(time_from_ms(kNoon)));
        EXPECT_FALSE(std::filesystem::exists(journalled.path("live.journal.emergency")));
        ASSERT_TRUE(publisher.advance(time_from_ms(kNoon)));
        EXPECT_TRUE(std::filesystem::exists(journalled.path("live.journal.emergency")));
    }
    // The machine was started again: other memory, which takes the file's seed.
    const auto fresh = SharedImage::create(kSmall);
    auto writer = fresh->writer();
    {
        Screen publisher = open_publisher(journalled, *fresh);
        EXPECT_TRUE(publisher.warnings().empty());
        ASSERT_TRUE(publisher.publish_to(*writer));
        Screen worker = follow(*fresh);
        EXPECT_TRUE(reaches(worker, kPerson));
        EXPECT_TRUE(reaches(publisher, kPerson));
        calls_for_help(worker, "13800008888");
    }
    // The publisher alone ended, before it could save: the memory knows.
    Screen next = open_publisher(journalled, *fresh);
    EXPECT_TRUE(next.warnings().empty());
    EXPECT_TRUE(reaches(next, "13800008888"));
    ASSERT_TRUE(next.advance(time_from_ms(kNoon)));
    Screen alone = test::must_open(journalled, {.read_only = true});  // of the file
    EXPECT_TRUE(reaches(alone, "13800008888"));
    EXPECT_TRUE(reaches(alone, kPerson));
}

// A worker that comes before anything was published must not give the memory its seed, under which the saved notes are not known.
TEST_F(SharedEmergency, a_worker_that_came_too_early_takes_no_notes_away) {
    PolicyFolder journalled;
    test::write_journalled(journalled);
    {
        Screen alone = test::must_open(journalled, {.seed = 5});
        calls_for_help(alone, kPerson);
        ASSERT_TRUE(alone.advance(time_from_ms(kNoon)));
    }
    const auto fresh = SharedImage::create(kSmall);
    ScreenOptions follows;
    follows.seed = 6;
    follows.shared = &*fresh;
    for (const PolicyFolder* folder : {&folder_, &journalled})
        EXPECT_EQ(Screen::open(folder->path("policy.toml"), follows).error().code,
                  ErrorCode::kMissing);
    Screen publisher = open_publisher(journalled, *fresh);
    EXPECT_TRUE(publisher.warnings().empty());
    EXPECT_TRUE(reaches(publisher, kPerson));
    auto writer = fresh->writer();
    ASSERT_TRUE(publisher.publish_to(*writer));
    Screen worker = test::must_open(journalled, follows);
    EXPECT_TRUE(worker.warnings().empty());
    EXPECT_TRUE(reaches(worker, kPerson));
}

TEST_F(SharedEmergency, notes_of_another_memory_are_told_and_passed_over) {
    PolicyFolder journalled;
    test::write_journalled(journalled);
    {
        Screen alone = test::must_open(journalled, {.seed = 5});
        calls_for_help(alone, kPerson);
        ASSERT_TRUE(alone.advance(time_from_ms(kNoon)));
    }
    calls_for_help(publisher_, "13800008888");  // of seed 2026, before the file came
    Screen late = open_publisher(journalled, shared_);
    ASSERT_FALSE(late.warnings().empty());
    EXPECT_NE(late.warnings()[0].find("live.journal.emergency: "), std::string::npos);
    EXPECT_FALSE(reaches(late, kPerson));
    EXPECT_TRUE(reaches(late, "13800008888"));
}

// A clock that is behind would take the notes of all with it.
TEST_F(SharedEmergency, a_follower_never_settles_the_others_notes) {
    Screen behind = must_follow();
    Screen other = must_follow();
    calls_for_help(other, kPerson);
    ASSERT_TRUE(behind.advance(time_from_ms(0)));
    EXPECT_TRUE(reaches(other, kPerson));
    calls_for_help(behind, "13800008888", kNoon + 365 * 24 * 60 * kMinute);
    ASSERT_TRUE(publisher_.advance(time_from_ms(kNoon)));
    EXPECT_TRUE(reaches(other, "13800008888"));
    EXPECT_FALSE(reaches(other, "13800008888", kNoon + 91 * kMinute));
}

TEST_F(SharedEmergency, who_would_not_share_is_refused) {
    Screen apart = test::open_screen(folder_);
    EXPECT_EQ(apart.publish_to(writer_).error().code, ErrorCode::kInvalidArgument);
    const auto another = SharedImage::create(kSmall);
    auto writer = another->writer();
    EXPECT_EQ(publisher_.publish_to(*writer).error().code, ErrorCode::kInvalidArgument);
    ScreenOptions both;
    both.shared = both.publishes = &shared_;
    EXPECT_EQ(Screen::open(folder_.path("policy.toml"), both).error().code,
              ErrorCode::kInvalidArgument);
}

TEST_F(SharedEmergency, one_file_opened_twice_is_one_memory) {
    const std::string path = sample::path_of("emergency");
    const auto one = SharedImage::create(path, kSmall);
    const auto two = SharedImage::open(path);
    ASSERT_TRUE(one && two);
    auto writer = two->writer();
    Screen publisher = open_publisher(folder_, *one);
    ASSERT_TRUE(publisher.publish_to(*writer));
    ScreenOptions follows;
    follows.shared = &*two;
    Screen worker = test::must_open(folder_, follows);
    calls_for_help(publisher, kPerson);
    EXPECT_TRUE(reaches(worker, kPerson));
    std::filesystem::remove(path);
}

TEST_F(SharedEmergency, a_damaged_seed_is_an_error_and_damaged_cells_are_not) {
    const std::string path = sample::path_of("seed");
    constexpr std::uint64_t kWords = 65536 + 128 + 64 * kSmall.readers;
    constexpr std::uint64_t kCells = std::uint64_t{2} << 20u;
    const auto shared = SharedImage::create(path, kSmall);
    const sample::Octets octets(path);
    Screen publisher = open_publisher(folder_, *shared);
    calls_for_help(publisher, kPerson);
    ScreenOptions publishes;
    publishes.publishes = &*shared;
    for (unsigned at = 0; at < 16; ++at) {
        octets.flip(kWords + at, 0x40);
        const auto opened = Screen::open(folder_.path("policy.toml"), publishes);
        ASSERT_FALSE(opened) << at;
        EXPECT_EQ(opened.error().code, ErrorCode::kSyntax);
        EXPECT_TRUE(reaches(publisher, kPerson));  // as it was read
        octets.flip(kWords + at, 0x40);
    }
    std::mt19937_64 random(4);
    for (unsigned i = 0; i < 20'000; ++i)
        octets.put(kCells + random() % (std::uint64_t{2} << 20u),
                   static_cast<std::uint8_t>(random()));
    ASSERT_TRUE(publisher.advance(time_from_ms(kNoon)));
    calls_for_help(publisher, "13800008888");
    EXPECT_TRUE(reaches(publisher, "13800008888"));
    std::filesystem::remove(path);
}

}  // namespace
}  // namespace ringfence
