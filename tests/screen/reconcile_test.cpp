// A list brought to what a new file says, under readers: what is added, removed, changed, kept and refused.
#include <time.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/deep.hpp"
#include "screen/fixture.hpp"

namespace ringfence {
namespace {

using test::call;
using test::counter;
using test::kNoon;
using test::open_screen;
using test::PolicyFolder;

class ReconcileTest : public testing::Test {
protected:
    void SetUp() override {
        folder_.write_usual();
        folder_.write("fraud.csv",
                      "number,kind,category,expires,source\n"
                      "13800001111,exact,,,\n13800001112,exact,gambling,,\n"
                      "13800001113,,,2027-01-01,police\n1700000,prefix,prefix_fraud,,\n"
                      "1700001,prefix,,,\n");
    }
    std::string file(const std::string& text) const {
        folder_.write("new.csv", text);
        return folder_.path("new.csv");
    }
    static Action action(Session& session, const char* calling) {
        return session.screen(call(calling, "13800002222")).action;
    }

    PolicyFolder folder_;
};

constexpr const char* kNew =
    "number,kind,category,expires,source\n"
    "13800001111,exact,,,\n"             // kept
    "13800001112,exact,fraud_card2,,\n"  // of another category, which the list did not have
    "13800001113,,,2028-01-01,police\n"  // expires later
    "13800001114,,,,\n"                  // added
    "1700000,prefix,prefix_fraud,,\n"    // kept; 1700001 is gone
    "1700002,prefix,,,\n"                // added
    "138x,,,,\n";

TEST_F(ReconcileTest, brings_a_list_to_what_a_new_file_says) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    const auto report = screen.reconcile("fraud", file(kNew));
    ASSERT_TRUE(report) << report.error().text;
    EXPECT_EQ(report->rows, 6u);
    EXPECT_EQ(report->bad_rows, 1u);
    EXPECT_EQ(report->added, 2u);
    EXPECT_EQ(report->removed, 1u);
    EXPECT_EQ(report->changed, 2u);
    EXPECT_EQ(report->kept, 2u);
    ASSERT_EQ(report->warnings.size(), 1u);
    EXPECT_NE(report->warnings[0].find("new.csv:8:"), std::string::npos) << report->warnings[0];
    for (const char* listed :
         {"13800001111", "13800001112", "13800001113", "13800001114", "17000001234", "17000021234"})
        EXPECT_EQ(action(session, listed), Action::kReject) << listed;
    EXPECT_EQ(action(session, "17000011234"), Action::kAllow);
    const Verdict verdict = session.screen(call("13800001112", "13800002222"));
    EXPECT_EQ(screen.category(verdict), "fraud_card2");
    EXPECT_EQ(counter(screen, "list.fraud.rows"), 6u);

    // Once more there is nothing to do.
    const auto again = screen.reconcile("fraud", folder_.path("new.csv"));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->kept, 6u);
    EXPECT_EQ(again->added + again->removed + again->changed, 0u);
    // And what it takes off comes back with the list's own file.
    const auto back = screen.reconcile("fraud");
    ASSERT_TRUE(back);
    EXPECT_EQ(back->removed, 2u);
    EXPECT_EQ(back->changed, 2u);
    EXPECT_EQ(action(session, "17000011234"), Action::kReject);
    EXPECT_EQ(action(session, "13800001114"), Action::kAllow);
}

TEST_F(ReconcileTest, a_dry_run_counts_the_same_and_changes_nothing) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    ReconcileOptions options;
    options.dry_run = true;
    const std::uint32_t generation = screen.generation();
    const auto dry = screen.reconcile("fraud", file(kNew), options);
    ASSERT_TRUE(dry);
    EXPECT_EQ(dry->added, 2u);
    EXPECT_EQ(dry->removed, 1u);
    EXPECT_EQ(dry->changed, 2u);
    EXPECT_EQ(dry->kept, 2u);
    EXPECT_EQ(screen.generation(), generation);
    EXPECT_EQ(action(session, "13800001114"), Action::kAllow);
    EXPECT_EQ(action(session, "17000011234"), Action::kReject);
    EXPECT_EQ(counter(screen, "list.fraud.rows"), 5u);
}

TEST_F(ReconcileTest, live_changes_stand_until_the_file_agrees) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    ASSERT_TRUE(screen.add({.list = "fraud", .entry = "13800007777"}));
    ASSERT_TRUE(screen.add({.list = "fraud", .entry = "+861700007*"}));
    ASSERT_TRUE(screen.remove({.list = "fraud", .entry = "13800001111"}));
    ASSERT_TRUE(screen.remove({.list = "fraud", .entry = "+861700000*"}));
    const auto report = screen.reconcile("fraud", file(kNew));
    ASSERT_TRUE(report);
    EXPECT_EQ(report->overlaid, 4u);
    EXPECT_EQ(action(session, "13800007777"), Action::kReject);
    EXPECT_EQ(action(session, "17000071234"), Action::kReject);
    EXPECT_EQ(action(session, "13800001111"), Action::kAllow);
    EXPECT_EQ(action(session, "17000001234"), Action::kAllow);
    EXPECT_EQ(counter(screen, "lists.live_changes"), 4u);
    // When the list's own file agrees, they end: what comes after is the file's word.
    folder_.write("fraud.csv", "number,kind\n13800007777,\n1700007,prefix\n13800001114,\n");
    ASSERT_TRUE(screen.reconcile("fraud"));
    EXPECT_EQ(counter(screen, "lists.live_changes"), 0u);
    ASSERT_TRUE(screen.reconcile("fraud", file("number,kind\n13800001111,\n")));
    EXPECT_EQ(action(session, "13800007777"), Action::kAllow);
    EXPECT_EQ(action(session, "17000071234"), Action::kAllow);
    EXPECT_EQ(action(session, "13800001111"), Action::kReject);
}

// A reload and a restart read the list's own file, which knows nothing of what another one said.
TEST_F(ReconcileTest, another_file_that_agrees_ends_no_live_change) {
    folder_.write("policy.toml",
                  "[screen]\ncountry = \"CN\"\njournal = \"live.journal\"\n"
                  "[[list]]\nid = \"fraud\"\nfile = \"fraud.csv\"\naction = \"reject\"\n");
    std::optional<Screen> screen;
    screen.emplace(open_screen(folder_));
    ASSERT_TRUE(screen->add({.list = "fraud", .entry = "13800007777"}));
    ASSERT_TRUE(screen->add({.list = "fraud", .entry = "+861700007*"}));
    ASSERT_TRUE(screen->remove({.list = "fraud", .entry = "13800001113"}));
    ASSERT_TRUE(screen->remove({.list = "fraud", .entry = "+861700001*"}));
    const auto expect = [&](std::uint64_t changes, const char* when) {
        Session session = screen->session();
        for (const char* listed : {"13800007777", "17000071234"})
            EXPECT_EQ(action(session, listed), Action::kReject) << listed << when;
        for (const char* removed : {"13800001113", "17000011234"})
            EXPECT_EQ(action(session, removed), Action::kAllow) << removed << when;
        EXPECT_EQ(counter(*screen, "lists.live_changes"), changes) << when;
    };
    const std::string agreed = "number,kind\n13800007777,\n1700007,prefix\n13800001111,\n";
    ASSERT_TRUE(screen->reconcile("fraud", file(agreed)));
    ASSERT_TRUE(screen->advance(time_from_ms(kNoon)));
    expect(4, " after reconciling");
    ASSERT_TRUE(screen->reload());
    ASSERT_TRUE(screen->advance(time_from_ms(kNoon + 1)));
    expect(4, " after a reload");
    ASSERT_TRUE(screen->reconcile("fraud", folder_.path("new.csv")));
    ASSERT_TRUE(screen->advance(time_from_ms(kNoon + 2)));
    screen.reset();
    screen.emplace(open_screen(folder_));
    expect(4, " after a restart");
    // The own file by another name is the own file.
    folder_.write("fraud.csv", agreed);
    ASSERT_TRUE(screen->reconcile("fraud", folder_.path("./fraud.csv")));
    expect(0, " after the own file agreed");
    ASSERT_TRUE(screen->reload());
    expect(0, " after a reload of what agreed");
}

TEST_F(ReconcileTest, refuses_a_file_that_looks_like_an_accident) {
    std::string many = "number\n";
    for (int i = 0; i < 2'000; ++i) many += "138" + std::to_string(10'000'000 + i) + "\n";
    folder_.write("fraud.csv", many);
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    for (const int rows : {0, 1'500, 3'100}) {
        std::string text = "number\n";
        for (int i = 0; i < rows; ++i) text += "138" + std::to_string(10'000'000 + i) + "\n";
        const auto refused = screen.reconcile("fraud", file(text));
        ASSERT_FALSE(refused) << rows;
        EXPECT_EQ(refused.error().code, ErrorCode::kRefused);
        EXPECT_EQ(action(session, "13810001999"), Action::kReject);
    }
    ReconcileOptions force;
    force.force = true;
    const auto forced = screen.reconcile("fraud", file("number\n"), force);
    ASSERT_TRUE(forced);
    EXPECT_EQ(forced->removed, 2'000u);
    EXPECT_EQ(action(session, "13810001999"), Action::kAllow);
}

TEST_F(ReconcileTest, tells_what_it_cannot_do_and_leaves_the_list) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    EXPECT_EQ(screen.reconcile("frauds", file(kNew)).error().code, ErrorCode::kMissing);
    EXPECT_EQ(screen.reconcile("fraud", folder_.path("absent.csv")).error().code,
              ErrorCode::kUnreadable);
    EXPECT_EQ(screen.reconcile("fraud", folder_.path(".")).error().code, ErrorCode::kUnreadable);
    EXPECT_EQ(screen.reconcile("fraud", file("nummer\n1\n")).error().code, ErrorCode::kMissing);
    EXPECT_EQ(action(session, "17000011234"), Action::kReject);
}

TEST_F(ReconcileTest, finds_a_list_whose_file_was_missing) {
    folder_.remove("fraud.csv");
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    EXPECT_EQ(action(session, "13800001111"), Action::kAllow);
    const Verdict before = session.screen(call("13800001115", "13800002222"));
    ASSERT_TRUE(screen.reconcile("fraud", file(kNew)));
    EXPECT_EQ(action(session, "13800001111"), Action::kReject);
    const Verdict after = session.screen(call("13800001115", "13800002222"));
    EXPECT_NE(before.flags & static_cast<unsigned>(VerdictFlag::kDegraded), 0u);
    EXPECT_EQ(after.flags & static_cast<unsigned>(VerdictFlag::kDegraded), 0u);
}

// Random files, one after the other, against a Screen that loads each of them anew. Two lists share numbers.
TEST_F(ReconcileTest, ends_where_loading_the_file_would) {
    const unsigned seed = 7;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    const auto number = [](unsigned i) { return "138" + std::to_string(10'000'000 + i); };
    constexpr unsigned kNumbers = 9'000;  // over one step
    std::map<std::string, int> lines;     // of the last file, by number
    const auto text = [&] {
        lines.clear();
        std::string made = "number,kind,action,category,expires,source,since,confidence\n";
        const unsigned share = 1 + static_cast<unsigned>(random() % 9);
        for (unsigned i = 0; i < kNumbers; ++i) {
            if (random() % 10 >= share) continue;
            const std::string one =
                number(random() % 4 == 0 ? static_cast<unsigned>(random() % kNumbers) : i);
            ++lines[one];
            made += one + ",,";
            made += random() % 3 == 0 ? "tag," : ",";
            made += random() % 3 == 0 ? "gambling," : ",";
            made += random() % 2 == 0 ? "2030-01-0" + std::to_string(1 + random() % 9) + "," : ",";
            made += random() % 2 == 0 ? "feed" + std::to_string(random() % 3) + "," : ",";
            made += random() % 4 == 0 ? "2026-01-02," : ",";
            made += random() % 4 == 0 ? std::to_string(random() % 101) : "";
            made += "\n";
        }
        for (unsigned i = 0; i < 40; ++i) {
            if (random() % 2 == 0) made += "17000" + std::to_string(100 + i) + ",prefix,,,,,,\n";
            if (random() % 2 == 0)
                made += "170010" + std::to_string(10'000 + i) + "..170010" +
                        std::to_string(20'000 + i) + ",range,tag,,,,,\n";
        }
        return made;
    };
    folder_.write("fraud.csv", text());
    std::string partners = "number\n";
    for (unsigned i = 0; i < kNumbers; i += 3) partners += number(i) + "\n";
    folder_.write("partners.csv", partners);
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    ReconcileOptions force;
    force.force = true;
    for (int round = 0; round < 6; ++round) {
        folder_.write("fraud.csv", text());
        ReconcileOptions dry = force;
        dry.dry_run = true;
        const auto wanted = screen.reconcile("fraud", {}, dry);
        const auto report = screen.reconcile("fraud", {}, force);
        ASSERT_TRUE(report) << report.error().text;
        EXPECT_EQ(report->added, wanted->added);
        EXPECT_EQ(report->removed, wanted->removed);
        EXPECT_EQ(report->changed, wanted->changed);
        EXPECT_EQ(report->kept, wanted->kept);
        ASSERT_TRUE(screen.advance(time_from_ms(kNoon + round)));
        Screen fresh = open_screen(folder_);
        Session other = fresh.session();
        for (unsigned i = 0; i < kNumbers; i += 7) {
            const std::string caller = number(i);
            Call event = call(caller.c_str(), "13800002222");
            event.tenant = i % 2 == 0 ? 7 : 0;
            const Verdict a = session.screen(event);
            const Verdict b = other.screen(event);
            ASSERT_EQ(a.action, b.action) << caller;
            // Two rows of one number may differ in category: then either may be given.
            if (lines[caller] < 2) {
                ASSERT_EQ(screen.category(a), fresh.category(b)) << caller;
            }
        }
        for (unsigned i = 0; i < 40; ++i) {
            for (const std::string& caller :
                 {"17000" + std::to_string(100 + i) + "123", "170010" + std::to_string(10'000 + i)})
                ASSERT_EQ(action(session, caller.c_str()), action(other, caller.c_str())) << caller;
        }
        EXPECT_EQ(counter(screen, "lists.notes"), counter(fresh, "lists.notes"));
        EXPECT_EQ(counter(screen, "tables.numbers"), counter(fresh, "tables.numbers"));
    }
}

TEST_F(ReconcileTest, a_number_that_stays_is_never_off_the_list) {
    std::string stays = "number,category\n";
    for (int i = 0; i < 20'000; ++i) stays += "138" + std::to_string(10'000'000 + i) + ",a\n";
    std::string other = "number,category\n";
    for (int i = 0; i < 20'000; ++i)
        other += "138" + std::to_string(10'000'000 + i + (i % 2) * 40'000) + ",b\n";
    folder_.write("fraud.csv", stays);
    Screen screen = open_screen(folder_);
    std::atomic<bool> stop{false};
    std::atomic<std::uint64_t> wrong{0};
    std::atomic<std::uint64_t> seen{0};
    std::vector<std::thread> readers;
    for (int t = 0; t < 2; ++t) {
        readers.emplace_back([&, t] {
            Session session = screen.session();
            for (int i = 2 * t; !stop; i = (i + 2) % 20'000) {  // even: in both files
                const std::string caller = "138" + std::to_string(10'000'000 + i);
                wrong +=
                    session.screen(call(caller.c_str(), "13800002222")).action != Action::kReject;
                ++seen;
            }
        });
    }
    for (int round = 0; round < 3; ++round) {
        ASSERT_TRUE(screen.reconcile("fraud", file(other)));
        ASSERT_TRUE(screen.add({.list = "fraud", .entry = "13800009999"}));
        ASSERT_TRUE(screen.advance(time_from_ms(kNoon + round)));
        ASSERT_TRUE(screen.reconcile("fraud"));
    }
    while (seen < 1'000) std::this_thread::yield();
    stop = true;
    for (auto& reader : readers) reader.join();
    EXPECT_EQ(wrong, 0u);
}

TEST_F(ReconcileTest, many_due_at_once_are_taken_off_step_by_step_and_never_too_late) {
    folder_.write("policy.toml", R"(
[screen]
country = "CN"
[expiry]
within_s = 5
[[list]]
id = "fraud"
file = "fraud.csv"
action = "reject"
)");
    constexpr std::uint64_t kEntries = 100'000;
    std::string text = "number,expires\n";
    for (std::uint64_t i = 0; i < kEntries; ++i)
        text += "138" + std::to_string(10'000'000 + i) + ",2026-03-01T12:00:00Z\n";
    folder_.write("fraud.csv", text);
    Screen screen = open_screen(folder_);
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon - 1)));
    EXPECT_EQ(counter(screen, "tables.numbers"), kEntries);
    std::uint64_t left = kEntries;
    for (int second = 0; second < 3; ++second) {
        ASSERT_TRUE(screen.advance(time_from_ms(kNoon + second * 1000)));
        const std::uint64_t now = kEntries - counter(screen, "lists.expired");
        EXPECT_LT(now, left);
        EXPECT_GE(now + 20'000, left);
        left = now;
    }
    EXPECT_GT(left, 0u);
    // Whatever is left when the policy's time is up goes at once.
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon + 5'000)));
    EXPECT_EQ(counter(screen, "lists.expired"), kEntries);
    EXPECT_EQ(counter(screen, "lists.notes"), 0u);
}

double ms_since(std::chrono::steady_clock::time_point begun) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun)
        .count();
}

double cpu_ms() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

// The size of the list that the notice speaks of; with RINGFENCE_DEEP=1 only.
TEST_F(ReconcileTest, a_nation_is_reconciled_in_seconds_beside_readers) {
    if (!test::deep()) GTEST_SKIP() << "RINGFENCE_DEEP is not 1";
    constexpr std::uint64_t kRows = 18'650'000;
    const auto write = [&](const char* name, std::uint64_t shift, bool notes) {
        std::FILE* out = std::fopen(folder_.path(name).c_str(), "w");
        std::fputs(notes ? "number,expires,source\n" : "number\n", out);
        for (std::uint64_t i = 0; i < kRows; ++i) {
            // 19 of 20 numbers stay.
            const std::uint64_t at = i + (i % 20 == 0 ? shift : 0);
            std::fprintf(out, "1%llu", 3'800'000'000ULL + at * 5);
            if (notes)
                std::fprintf(out, ",2027-0%llu-1%lluT0%llu:%02llu:00Z,police", 1 + i % 9ULL,
                             i % 9ULL, i % 10ULL, i % 60ULL);
            std::fputs("\n", out);
        }
        std::fclose(out);
    };
    for (const bool notes : {false, true}) {
        write("fraud.csv", 0, notes);
        write("new.csv", 20'000'000, notes);
        auto begun = std::chrono::steady_clock::now();
        Screen screen = open_screen(folder_);
        const double load_ms = ms_since(begun);
        std::atomic<bool> stop{false};
        std::vector<float> idle, beside;
        std::atomic<bool> busy{false};
        std::thread reader([&] {
            Session session = screen.session();
            std::mt19937_64 random(1);
            std::vector<std::string> callers(256);
            std::vector<Call> calls(256);
            std::vector<Verdict> verdicts(256);
            while (!stop) {
                for (std::size_t i = 0; i < calls.size(); ++i) {
                    callers[i] = "1" + std::to_string(3'800'000'000ULL + random() % 193'250'000);
                    calls[i] = call(callers[i].c_str(), "13800002222");
                }
                const bool counted_busy = busy;
                const auto at = std::chrono::steady_clock::now();
                session.screen(calls, verdicts);
                (counted_busy ? beside : idle).push_back(static_cast<float>(ms_since(at) * 1000));
            }
        });
        std::this_thread::sleep_for(std::chrono::seconds(3));
        const double cpu_before = cpu_ms();
        begun = std::chrono::steady_clock::now();
        busy = true;
        const auto report = screen.reconcile("fraud", folder_.path("new.csv"));
        busy = false;
        const double took_ms = ms_since(begun);
        const double took_cpu_ms = cpu_ms() - cpu_before;
        stop = true;
        reader.join();
        ASSERT_TRUE(report) << report.error().text;
        const auto quantile = [](std::vector<float>& times, double q) {
            std::sort(times.begin(), times.end());
            return times.empty()
                       ? 0.0F
                       : times[static_cast<std::size_t>(q * static_cast<double>(times.size() - 1))];
        };
        std::printf(
            "notes %d: load %.1f s, reconcile %.2f s (%.2f s of processor), %llu added %llu "
            "removed %llu changed %llu "
            "kept, rows took %.0f MB; batch of 256 us: idle p50 %.0f p99.9 %.0f (%zu), beside p50 "
            "%.0f p99.9 %.0f max %.0f (%zu); book %.1f MB\n",
            notes, load_ms / 1000, took_ms / 1000, took_cpu_ms / 1000,
            static_cast<unsigned long long>(report->added),
            static_cast<unsigned long long>(report->removed),
            static_cast<unsigned long long>(report->changed),
            static_cast<unsigned long long>(report->kept),
            static_cast<double>(report->memory_bytes) / 1e6, quantile(idle, 0.5),
            quantile(idle, 0.999), idle.size(), quantile(beside, 0.5), quantile(beside, 0.999),
            quantile(beside, 1.0), beside.size(),
            static_cast<double>(counter(screen, "lists.notes_bytes")) / 1e6);
        EXPECT_GT(report->added, 500'000u);
        EXPECT_EQ(report->added, report->removed);
        EXPECT_LT(report->memory_bytes, 30 * kRows);
    }
}

}  // namespace
}  // namespace ringfence
