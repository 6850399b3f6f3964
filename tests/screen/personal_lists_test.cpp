// Personal lists by subscriber: each row, each live change holds for the subscriber that it names and for nobody else.
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <set>
#include <thread>
#include <utility>

#include "base/deep.hpp"
#include "ringfence/screen/compile.hpp"
#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

using test::call;
using test::counter;
using test::kNoon;
using test::open_screen;
using test::sms;

constexpr const char* kAnna = "13800002222";
constexpr const char* kBen = "13800003333";
constexpr const char* kCaller = "13800001111";

class PersonalLists : public testing::Test {
protected:
    PersonalLists() {
        write_policy("");
        folder_.write("own.csv",
                      "subscriber,number,action,category,expires\n"
                      "13800002222,13800001111,,unwanted,\n"
                      "+86 138 0000 3333,138 0000 4444,,,2026-03-02\n"
                      "13800003333,13800001111,allow,,\n");
        folder_.write("fraud.csv", "number\n13800004444\n13800001111\n");
    }
    void write_policy(const std::string& more, const std::string& screen = "") const {
        folder_.write("policy.toml", "[screen]\ncountry = \"CN\"\njournal = \"live.journal\"\n" +
                                         screen +
                                         "[[list]]\nid = \"own\"\nfile = \"own.csv\"\n"
                                         "authority = \"personal\"\naction = \"reject\"\n" +
                                         more +
                                         "[[list]]\nid = \"fraud\"\nfile = \"fraud.csv\"\n"
                                         "action = \"challenge\"\n");
    }
    std::string refusal() const {
        const auto screen = Screen::open(folder_.path("policy.toml"));
        return screen ? "" : screen.error().text;
    }
    static Action asked(Screen& screen, const char* calling, const char* called) {
        return screen.session().screen(call(calling, called)).action;
    }
    test::PolicyFolder folder_;
};

TEST_F(PersonalLists, hold_for_the_subscriber_that_a_row_names) {
    Screen screen = open_screen(folder_);
    EXPECT_TRUE(screen.warnings().empty());
    const Verdict verdict = screen.session().screen(call(kCaller, kAnna));
    EXPECT_EQ(verdict.action, Action::kReject);
    EXPECT_EQ(verdict.reason, Reason::kPersonalList);
    EXPECT_EQ(screen.rule_id(verdict), "own");
    EXPECT_EQ(screen.category(verdict), "unwanted");
    EXPECT_EQ(asked(screen, kCaller, kBen), Action::kAllow);
    EXPECT_EQ(asked(screen, kCaller, "13800005555"), Action::kChallenge);
    EXPECT_EQ(asked(screen, "13800004444", kBen), Action::kReject);
    EXPECT_EQ(asked(screen, "13800004444", kAnna), Action::kChallenge);
    EXPECT_EQ(asked(screen, "13800006666", kAnna), Action::kAllow);
    EXPECT_EQ(counter(screen, "tables.pairs"), 3u);
    EXPECT_EQ(counter(screen, "list.own.rows"), 3u);
}

TEST_F(PersonalLists, go_by_the_subscriber_that_an_event_names) {
    Screen screen = open_screen(folder_);
    Call event = call(kCaller, "13800005555");
    event.subscriber = "+8613800002222";
    EXPECT_EQ(screen.session().screen(event).action, Action::kReject);
    event.called = AddressView(kAnna);
    event.subscriber = kBen;
    EXPECT_EQ(screen.session().screen(event).action, Action::kAllow);
    event.subscriber = "nobody";
    EXPECT_EQ(screen.session().screen(event).action, Action::kChallenge);
    Sms message = sms(kCaller, kAnna, "hello");
    EXPECT_EQ(screen.session().screen(message).action, Action::kReject);
    message.subscriber = kBen;
    EXPECT_EQ(screen.session().screen(message).action, Action::kAllow);
}

TEST_F(PersonalLists, are_about_whom_the_subscriber_calls_or_what_a_text_names) {
    write_policy("party = [\"called\", \"text\"]\n");
    Screen outgoing = open_screen(folder_);
    Call own = call(kAnna, kCaller);
    EXPECT_EQ(outgoing.session().screen(own).action, Action::kAllow);
    own.subscriber = kAnna;
    EXPECT_EQ(outgoing.session().screen(own).action, Action::kReject);
    const Explanation named =
        *outgoing.explain(sms("13800006666", kAnna, "please call 13800001111 now"));
    ASSERT_FALSE(named.findings.empty());
    EXPECT_EQ(named.findings[0].rule, "own");
    EXPECT_EQ(named.findings[0].party, "text");
    EXPECT_EQ(named.verdict.action, Action::kTag);
}

TEST_F(PersonalLists, are_explained) {
    Screen screen = open_screen(folder_);
    const Explanation told = *screen.explain(call(kCaller, kAnna));
    ASSERT_EQ(told.findings.size(), 2u);
    EXPECT_EQ(told.findings[0].stage, "personal");
    EXPECT_EQ(told.findings[0].reason, "personal_list");
    EXPECT_EQ(told.findings[0].rule, "own");
    EXPECT_TRUE(told.findings[0].won);
    EXPECT_EQ(told.findings[1].rule, "fraud");
}

TEST_F(PersonalLists, take_a_row_without_a_good_subscriber_for_a_bad_one) {
    folder_.write(
        "own.csv",
        "number,kind,subscriber\n13800001111,,\n13800001111,,13x\n1380000,prefix,13800002222\n"
        "13800001111,,13800002222\n");
    Screen screen = open_screen(folder_);
    ASSERT_EQ(screen.warnings().size(), 3u);
    const auto told = [&](std::size_t i, const std::string& what) {
        EXPECT_EQ(screen.warnings()[i], folder_.path("own.csv") + ":" + what);
    };
    told(0, "2: no subscriber, whose entry it is");
    told(1,
         "3: subscriber: '13x' has a letter at 3; a number has digits, and blanks, hyphens, dots "
         "or parentheses between");
    told(2, "4: a list by subscriber holds numbers of up to 15 digits alone");
    EXPECT_EQ(asked(screen, kCaller, kAnna), Action::kReject);
}

TEST_F(PersonalLists, need_the_column_and_no_other_list_may_have_it) {
    folder_.write("own.csv", "number\n13800001111\n");
    EXPECT_EQ(refusal(),
              folder_.path("own.csv") +
                  ":1: no column 'subscriber', which says whose each entry of the personal "
                  "list 'own' is; add it, or give [[list]] a 'subscriber'");
    folder_.write("own.csv", "number,subscriber\n");
    folder_.write("fraud.csv", "subscriber,number\n13800002222,13800001111\n");
    EXPECT_EQ(refusal(),
              folder_.path("fraud.csv") +
                  ":1: the column 'subscriber' is for a list with authority \"personal\" and "
                  "no 'subscriber' of its own, which 'fraud' is not");
    folder_.write("fraud.csv", "number\n13800001111\n");
    EXPECT_EQ(refusal(), "");
    write_policy("subscriber = \"13800002222\"\n");
    EXPECT_NE(refusal().find("no 'subscriber' of its own, which 'own' is not"), std::string::npos);
    folder_.write("own.csv", "number\n13800001111\n");
    Screen one = open_screen(folder_);
    EXPECT_EQ(asked(one, kCaller, kAnna), Action::kReject);
    EXPECT_EQ(asked(one, kCaller, kBen), Action::kChallenge);
}

TEST_F(PersonalLists, are_in_no_image) {
    CompileListsOptions options;
    const auto report =
        compile_lists(folder_.path("policy.toml"), folder_.path("own.rft"), options);
    ASSERT_FALSE(report);
    EXPECT_NE(
        report.error().text.find("policy.toml:4: the personal list 'own' is by subscriber, and an "
                                 "image keeps none; screen from the files"),
        std::string::npos)
        << report.error().text;
    write_policy("", "image = \"own.rft\"\n");
    EXPECT_NE(refusal().find("is not kept in images; remove 'screen.image'"), std::string::npos)
        << refusal();
}

TEST_F(PersonalLists, change_live_for_one_subscriber) {
    Screen screen = open_screen(folder_);
    const ListChange change{.list = "own", .entry = "138 0000 6666", .subscriber = "13800002222"};
    ASSERT_TRUE(screen.add(change));
    EXPECT_EQ(asked(screen, "13800006666", kAnna), Action::kReject);
    EXPECT_EQ(asked(screen, "13800006666", kBen), Action::kAllow);
    ASSERT_TRUE(screen.remove(change));
    EXPECT_EQ(asked(screen, "13800006666", kAnna), Action::kAllow);
    EXPECT_EQ(screen.remove(change).error().code, ErrorCode::kMissing);
    // One from the file, which a row gave a category.
    ASSERT_TRUE(screen.remove({.list = "own", .entry = kCaller, .subscriber = kAnna}));
    EXPECT_EQ(asked(screen, kCaller, kAnna), Action::kChallenge);
    EXPECT_EQ(asked(screen, kCaller, kBen), Action::kAllow);
    EXPECT_EQ(counter(screen, "tables.pairs"), 2u);
}

TEST_F(PersonalLists, refuse_a_change_that_names_the_wrong_owner) {
    Screen screen = open_screen(folder_);
    const auto refused = [&](const ListChange& change) { return screen.add(change).error().text; };
    EXPECT_EQ(refused({.list = "own", .entry = kCaller}),
              "entries of the personal list 'own' are each a subscriber's; say whose");
    EXPECT_EQ(refused({.list = "fraud", .entry = kCaller, .subscriber = kAnna}),
              "entries of the list 'fraud' are no subscriber's; leave it out");
    EXPECT_EQ(refused({.list = "own", .entry = "1380000*", .subscriber = kAnna}),
              "a list by subscriber holds numbers of up to 15 digits alone");
    EXPECT_EQ(refused({.list = "own", .entry = kCaller, .subscriber = "abc"}).find("subscriber: "),
              0u);
    EXPECT_EQ(counter(screen, "lists.live_changes"), 0u);
    const auto reconciled = screen.reconcile("own");
    ASSERT_FALSE(reconciled);
    EXPECT_NE(reconciled.error().text.find("cannot be reconciled"), std::string::npos);
}

TEST_F(PersonalLists, keep_live_changes_over_reload_and_restart) {
    const auto check = [&](Screen& screen) {
        EXPECT_EQ(asked(screen, "13800006666", kAnna), Action::kReject);
        EXPECT_EQ(asked(screen, "13800006666", kBen), Action::kAllow);
        EXPECT_EQ(asked(screen, kCaller, kAnna), Action::kChallenge);
        EXPECT_EQ(asked(screen, kCaller, kBen), Action::kAllow);
    };
    {
        Screen screen = open_screen(folder_);
        ASSERT_TRUE(screen.add({.list = "own", .entry = "13800006666", .subscriber = kAnna}));
        ASSERT_TRUE(screen.remove({.list = "own", .entry = kCaller, .subscriber = kAnna}));
        check(screen);
        ASSERT_TRUE(screen.reload());
        check(screen);
    }
    {
        Screen screen = open_screen(folder_);
        check(screen);
        ASSERT_TRUE(screen.advance(time_from_ms(kNoon)));  // writes the journal anew
    }
    {
        Screen screen = open_screen(folder_);
        check(screen);
    }
    // A list that no longer is by subscriber holds none of them, nor one that became so the others.
    write_policy("subscriber = \"13800003333\"\n");
    folder_.write("own.csv", "number\n");
    Screen other = open_screen(folder_);
    EXPECT_EQ(asked(other, "13800006666", kAnna), Action::kAllow);
    EXPECT_EQ(asked(other, "13800006666", kBen), Action::kAllow);
    ASSERT_TRUE(other.add({.list = "own", .entry = "13800007777"}));
    EXPECT_EQ(asked(other, "13800007777", kBen), Action::kReject);
    write_policy("");
    folder_.write("own.csv", "number,subscriber\n");
    ASSERT_TRUE(other.reload());
    EXPECT_EQ(asked(other, "13800007777", kBen), Action::kAllow);
    EXPECT_EQ(asked(other, "13800006666", kAnna), Action::kReject);
}

TEST_F(PersonalLists, let_entries_expire) {
    Screen screen = open_screen(folder_);
    const Time soon = time_from_ms(kNoon + 60'000);
    ASSERT_TRUE(
        screen.add({.list = "own", .entry = "13800006666", .expires = soon, .subscriber = kAnna}));
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon)));
    EXPECT_EQ(asked(screen, "13800006666", kAnna), Action::kReject);
    EXPECT_EQ(asked(screen, "13800004444", kBen), Action::kReject);
    ASSERT_TRUE(screen.advance(soon));
    EXPECT_EQ(asked(screen, "13800006666", kAnna), Action::kAllow);
    EXPECT_EQ(asked(screen, "13800004444", kBen), Action::kReject);
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon + 86'400'000)));
    EXPECT_EQ(asked(screen, "13800004444", kBen), Action::kChallenge);
    EXPECT_EQ(counter(screen, "lists.expired"), 2u);
    EXPECT_EQ(counter(screen, "lists.live_changes"), 0u);
}

// Places that entries left go to others: no reader may take the one for the other, whatever it was doing meanwhile.
TEST_F(PersonalLists, answer_right_beside_changes) {
    Screen screen = open_screen(folder_);
    std::atomic<bool> done{false};
    std::atomic<std::uint64_t> wrong{0}, asked_for{0};
    const auto read = [&] {
        Session session = screen.session();
        std::uint64_t i = 0;
        // relaxed: a flag and two counts, read after the join.
        for (; !done.load(std::memory_order_relaxed); ++i) {
            const bool right =
                session.screen(call(kCaller, kAnna)).action == Action::kReject &&
                session.screen(call(kCaller, kBen)).action == Action::kAllow &&
                session.screen(call("13800006666", kAnna)).action == Action::kAllow &&
                session.screen(call("13800004444", kAnna)).action == Action::kChallenge;
            if (!right) wrong.fetch_add(1, std::memory_order_relaxed);
        }
        asked_for.fetch_add(i, std::memory_order_relaxed);
    };
    std::thread first(read), second(read);
    const unsigned rounds = test::deep() ? 3'000 : 150;
    for (unsigned round = 0; round < rounds; ++round) {
        for (unsigned i = 0; i < 20; ++i) {
            const std::string subscriber = std::to_string(13'800'100'000ull + round % 7 * 20 + i);
            const ListChange change{
                .list = "own", .entry = "13800006666", .subscriber = subscriber};
            EXPECT_TRUE(screen.add(change));
            EXPECT_TRUE(screen.remove(change));
        }
        EXPECT_TRUE(screen.advance(time_from_ms(kNoon + round)));
    }
    done = true;
    first.join();
    second.join();
    EXPECT_EQ(wrong.load(), 0u);
    EXPECT_GT(asked_for.load(), 0u);
}

// Every pair that was put on and not taken off is there, and no other, through growth, freed places and reloads.
TEST_F(PersonalLists, hold_what_a_plain_model_holds) {
    constexpr unsigned kSeed = 24;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    const auto number = [](unsigned i) { return std::to_string(13'800'000'000ull + i); };
    constexpr unsigned kSubscribers = 60, kNumbers = 40;
    folder_.write("own.csv", "subscriber,number\n");
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    std::set<std::pair<unsigned, unsigned>> model;
    const unsigned steps = test::deep() ? 60'000 : 6'000;
    for (unsigned step = 0; step < steps; ++step) {
        const std::pair pair(unsigned(random() % kSubscribers),
                             unsigned(random() % kNumbers) + 1000);
        const std::string subscriber = number(pair.first), listed = number(pair.second);
        const ListChange change{.list = "own", .entry = listed, .subscriber = subscriber};
        if (random() % 3 != 0) {
            ASSERT_TRUE(screen.add(change));
            model.insert(pair);
        } else {
            ASSERT_EQ(static_cast<bool>(screen.remove(change)), model.erase(pair) == 1);
        }
        if (step % 500 == 0) {
            ASSERT_TRUE(screen.advance(time_from_ms(kNoon + step)));
        }
        if (step % 2'999 == 0) {
            ASSERT_TRUE(screen.reload());
        }
        const auto who = unsigned(random() % kSubscribers);
        const auto whom = unsigned(random() % kNumbers) + 1000;
        const Verdict verdict = session.screen(call(number(whom).c_str(), number(who).c_str()));
        ASSERT_EQ(verdict.action == Action::kReject, model.contains({who, whom})) << step;
    }
    EXPECT_EQ(counter(screen, "tables.pairs"), model.size());
}

}  // namespace
}  // namespace ringfence
