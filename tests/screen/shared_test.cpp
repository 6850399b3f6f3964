// Screens that follow the lists of another: they judge as it does, go on with what it publishes, and outlive each other.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <random>
#include <thread>
#include <vector>

#include "tests/base/deep.hpp"
#include "tests/screen/shared_screens.hpp"

namespace ringfence {
namespace {

using test::call;
using test::counter;
using test::kNoon;
using test::ScreenShared;

TEST_F(ScreenShared, judges_as_the_one_that_publishes) {
    EXPECT_EQ(follower().error().code, ErrorCode::kMissing);  // nothing was published yet
    publish();
    Screen screen = must_follow();
    for (const char* calling : {"13800001111", "17000001234", "13800003333", "FakeBank"}) {
        Session ours = publisher_.session();
        Session theirs = screen.session();
        for (const std::uint32_t tenant : {0u, 7u}) {
            Call event = call(calling, "13800002222");
            event.tenant = tenant;
            const Verdict a = ours.screen(event);
            const Verdict b = theirs.screen(event);
            EXPECT_EQ(a.action, b.action) << calling;
            EXPECT_EQ(a.reason, b.reason);
            EXPECT_EQ(publisher_.rule_id(a), screen.rule_id(b));
            EXPECT_EQ(publisher_.category(a), screen.category(b));
        }
    }
    EXPECT_EQ(on(screen, "13800001111"), Action::kReject);
    EXPECT_EQ(text(screen, "FakeBank", "hello"), Action::kHold);
    EXPECT_EQ(text(screen, "10086", "see phish.example.com now"), Action::kReject);
    EXPECT_EQ(text(screen, "10086", "给主播点赞就返佣金"), Action::kHold);
    EXPECT_EQ(counter(screen, "tables.numbers"), 1u);
    EXPECT_EQ(counter(screen, "tables.shared_generation"), 1u);
    EXPECT_EQ(counter(screen, "list.fraud.rows"), 2u);
}

TEST_F(ScreenShared, goes_on_with_what_is_published) {
    publish();
    Screen screen = must_follow();
    ASSERT_TRUE(publisher_.add({.list = "fraud", .entry = "13800003333"}));
    ASSERT_TRUE(publisher_.add({.list = "fraud", .entry = "+8613900*"}));
    ASSERT_TRUE(publisher_.remove({.list = "fraud", .entry = "13800001111"}));
    EXPECT_EQ(on(screen, "13800003333"), Action::kAllow);
    publish();
    EXPECT_EQ(on(screen, "13800003333"), Action::kAllow);  // until it looks
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon)));
    EXPECT_EQ(on(screen, "13800003333"), Action::kReject);
    EXPECT_EQ(on(screen, "13900001234"), Action::kReject);
    EXPECT_EQ(on(screen, "13800001111"), Action::kAllow);
    EXPECT_EQ(screen.generation(), 1u);  // the same rules
    for (int i = 0; i < 20; ++i) {       // the one before is let go of each time
        publish();
        ASSERT_TRUE(screen.advance(time_from_ms(kNoon + i)));
    }
}

TEST_F(ScreenShared, learns_rows_that_say_something_new) {
    publish();
    Screen screen = must_follow();
    folder_.write(
        "fraud.csv",
        "number,kind,category,action\n13800001111,exact,,\n13800004444,exact,loan,hold\n");
    ASSERT_TRUE(publisher_.reload());
    publish();
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon)));
    EXPECT_EQ(on(screen, "13800004444"), Action::kHold);
    EXPECT_EQ(on(screen, "13800001111"), Action::kReject);
    EXPECT_EQ(screen.generation(), 2u);
}

// However often it reloads, and whatever its sessions hold.
TEST_F(ScreenShared, takes_two_readers_and_no_more) {
    const auto shared = SharedImage::create({.arena_bytes = 8 << 20, .readers = 2});
    auto writer = shared->writer();
    Screen publisher = test::open_publisher(folder_, *shared);
    ASSERT_TRUE(publisher.publish_to(*writer));
    ScreenOptions options;
    options.shared = &*shared;
    Screen screen = test::must_open(folder_, options);
    const std::vector<Call> calls(1, call("13800001111", "13800002222"));
    std::vector<Session> sessions;
    for (int round = 0; round < 3; ++round) {
        sessions.push_back(screen.session());
        sessions.back().prepare(calls, {});  // holds what serves now
        const auto reloaded = screen.reload();
        EXPECT_TRUE(reloaded || reloaded.error().code == ErrorCode::kBusy) << reloaded.error().text;
        if (round == 0) {
            ASSERT_TRUE(publisher.publish_to(*writer));
        }
        ASSERT_TRUE(screen.advance(time_from_ms(kNoon + round)));
    }
    EXPECT_EQ(shared->reader().error().code, ErrorCode::kFull);
    Verdict verdict;
    for (Session& session : sessions) {
        session.record();
        session.decide({&verdict, 1}, {});
        EXPECT_EQ(verdict.action, Action::kReject);
    }
    ASSERT_TRUE(screen.reload());
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon + 9)));
    EXPECT_TRUE(shared->reader());
}

TEST_F(ScreenShared, what_changes_lists_is_left_to_the_publisher) {
    publish();
    Screen screen = must_follow();
    const ListChange change{.list = "fraud", .entry = "13800003333"};
    EXPECT_EQ(screen.add(change).error().code, ErrorCode::kUnsupported);
    EXPECT_EQ(screen.remove(change).error().code, ErrorCode::kUnsupported);
    EXPECT_EQ(screen.reconcile("fraud").error().code, ErrorCode::kUnsupported);
    EXPECT_EQ(screen.publish_to(writer_).error().code, ErrorCode::kUnsupported);
}

TEST_F(ScreenShared, lists_of_another_policy_are_refused_and_the_last_ones_stay) {
    publish();
    Screen screen = must_follow();
    test::PolicyFolder other;
    other.write_usual();
    std::string text;
    {
        std::ifstream in(other.path("policy.toml"));
        text.assign(std::istreambuf_iterator<char>(in), {});
    }
    text.replace(text.find("partners"), 8, "friends_");
    other.write("policy.toml", text);
    Screen stranger = test::open_publisher(other, shared_);
    ASSERT_TRUE(stranger.publish_to(writer_));
    const auto refused = screen.advance(time_from_ms(kNoon));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kRefused);
    EXPECT_NE(refused.error().text.find("partners"), std::string::npos) << refused.error().text;
    EXPECT_EQ(on(screen, "13800001111"), Action::kReject);
    EXPECT_FALSE(screen.reload());
    EXPECT_EQ(counter(screen, "reload.failed"), 1u);
}

TEST_F(ScreenShared, leaves_the_journal_to_the_publisher) {
    test::PolicyFolder journalled;
    test::write_journalled(journalled);
    Screen publisher = test::open_publisher(journalled, shared_);
    ASSERT_TRUE(publisher.add({.list = "fraud", .entry = "13800003333"}));
    ASSERT_TRUE(publisher.publish_to(writer_));
    ScreenOptions options;
    options.shared = &shared_;
    auto screen = Screen::open(journalled.path("policy.toml"), options);
    ASSERT_TRUE(screen) << screen.error().text;
    EXPECT_EQ(on(*screen, "13800003333"), Action::kReject);
    ASSERT_TRUE(screen->note_emergency("13800009999", time_from_ms(kNoon)));
    ASSERT_TRUE(screen->advance(time_from_ms(kNoon)));
    EXPECT_FALSE(std::filesystem::exists(journalled.path("live.journal.emergency")));
}

TEST_F(ScreenShared, a_session_keeps_what_it_is_in) {
    publish();
    Screen screen = must_follow();
    std::atomic<bool> done{false};
    std::atomic<std::uint64_t> wrong{0};
    // 13800001111 is listed in every generation; the other is on the list in the even ones.
    std::thread calls([&] {
        Session session = screen.session();
        std::vector<Call> batch(64, call("13800001111", "13800002222"));
        for (std::size_t i = 0; i < batch.size(); i += 2) batch[i].calling = "13800007777";
        std::vector<Verdict> verdicts(batch.size());
        while (!done.load()) {
            session.screen(batch, verdicts);
            for (std::size_t i = 2; i < batch.size(); i += 2) {
                wrong += verdicts[i].action != verdicts[0].action;
                wrong += verdicts[i + 1].action != Action::kReject;
            }
            std::this_thread::yield();
        }
    });
    const unsigned rounds = test::deep() ? 2'000 : 100;
    for (unsigned i = 0; i < rounds; ++i) {
        const ListChange change{.list = "fraud", .entry = "13800007777"};
        ASSERT_TRUE(i % 2 == 0 ? publisher_.add(change) : publisher_.remove(change));
        // A session may have been in the tables before at the last advance.
        while (!publisher_.publish_to(writer_))
            ASSERT_TRUE(screen.advance(time_from_ms(kNoon + i)));
        ASSERT_TRUE(screen.advance(time_from_ms(kNoon + i)));
    }
    done = true;
    calls.join();
    EXPECT_EQ(wrong, 0u);
}

// Workers as a switch has them: each opens a screen of its own after the fork. Some are killed; the others see every change.
TEST_F(ScreenShared, forked_workers_follow_whoever_is_killed) {
    publish();
    constexpr unsigned kWorkers = 4;
    const unsigned rounds = test::deep() ? 300 : 24;
    std::vector<pid_t> workers;
    const auto fork_worker = [&] {
        const pid_t id = ::fork();
        if (id != 0) return id;
        auto screen = follower();
        if (!screen) ::_exit(3);
        Session session = screen->session();
        for (std::int64_t i = 0;; ++i) {
            if (!screen->advance(time_from_ms(kNoon + i))) ::_exit(4);
            if (session.screen(call("13800001111", "13800002222")).action != Action::kReject)
                ::_exit(5);
            if (session.screen(call("13800008888", "13800002222")).action == Action::kReject)
                ::_exit(0);  // the last change
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    };
    for (unsigned i = 0; i < kWorkers; ++i) workers.push_back(fork_worker());
    std::mt19937_64 random(5);
    const auto publish_patiently = [&] {
        for (int tries = 0; tries < 10'000; ++tries) {
            const auto published = publisher_.publish_to(writer_);
            if (published) return true;
            if (published.error().code != ErrorCode::kBusy) {
                ADD_FAILURE() << published.error().text;
                return false;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        return false;
    };
    for (unsigned round = 0; round < rounds; ++round) {
        const std::string number = "1380001" + std::to_string(1000 + round);
        ASSERT_TRUE(publisher_.add({.list = "fraud", .entry = number}));
        ASSERT_TRUE(publish_patiently());
        if (round % 3 == 0) {
            pid_t& victim = workers[random() % kWorkers];
            ::kill(victim, SIGKILL);
            int status = 0;
            ASSERT_EQ(::waitpid(victim, &status, 0), victim);
            EXPECT_TRUE(WIFSIGNALED(status)) << "ended by itself with " << WEXITSTATUS(status);
            victim = fork_worker();
        }
    }
    ASSERT_TRUE(publisher_.add({.list = "fraud", .entry = "13800008888"}));
    ASSERT_TRUE(publish_patiently());
    for (const pid_t worker : workers) {
        int status = 0;
        ASSERT_EQ(::waitpid(worker, &status, 0), worker);
        EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
    }
}

}  // namespace
}  // namespace ringfence
