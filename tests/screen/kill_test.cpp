// kill -9 at random points of load, live change, reconciling, journal, compaction and the saving of emergency notes: after
// the restart all that was acknowledged is there, and of what was under way all or nothing.
//
//     child    open, then step after step: change, advance, reload, note; the step's number into a pipe when done
//     parent   kills it after a random while, opens the same files, and asks for every entry
//
// Step i is a pure function of i, so what must be there after any number of steps is known.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/deep.hpp"
#include "ringfence/image/image.hpp"
#include "ringfence/screen/compile.hpp"
#include "tests/screen/fixture.hpp"

namespace ringfence::test {
namespace {

constexpr std::size_t kNumbers = 40;
constexpr std::size_t kRules = kNumbers + 5;  // five prefixes
constexpr std::size_t kKeys = kRules + 5;     // five subscribers' entries, of one number
constexpr std::size_t kPersons = 60;
constexpr const char* kListed = "13800001111";  // in the file

enum class Kind { kChange, kAdvance, kReload, kReconcile, kNote };

Kind kind_of(std::uint64_t step) {
    if (step % 25 == 24) return Kind::kNote;
    if (step % 40 == 39) return Kind::kReload;
    if (step % 20 == 12) return Kind::kReconcile;
    return step % 16 == 15 ? Kind::kAdvance : Kind::kChange;
}
std::size_t key_of(std::uint64_t step) { return step * 2'654'435'761u / 64 % kKeys; }
std::size_t person_of(std::uint64_t step) { return step / 25 % kPersons; }

std::string padded(std::size_t value) {
    const std::string digits = std::to_string(value);
    return std::string(2 - digits.size(), '0') + digits;
}
std::string entry_of(std::size_t key) {
    if (key >= kRules) return "13800004400";
    return key < kNumbers ? "138000033" + padded(key) : "17000000" + padded(key) + "*";
}
std::string caller_of(std::size_t key) {
    return key < kNumbers || key >= kRules ? entry_of(key) : "17000000" + padded(key) + "5";
}
std::string subscriber_of(std::size_t key) {
    return key < kRules ? std::string() : "138000066" + padded(key);
}
std::string person(std::size_t index) { return "138000055" + padded(index); }

struct Expected {
    std::vector<bool> listed = std::vector<bool>(kKeys);
    std::set<std::size_t> noted;
};

Expected after(std::uint64_t steps) {
    Expected expected;
    for (std::uint64_t i = 0; i < steps; ++i) {
        if (kind_of(i) == Kind::kChange) expected.listed[key_of(i)].flip();
        if (kind_of(i) == Kind::kNote) expected.noted.insert(person_of(i));
    }
    return expected;
}

Result<Screen> open(const PolicyFolder& folder) {
    ScreenOptions options;
    options.seed = 2026;
    options.activity_bytes = 1u << 16u;
    options.reassembly_slots = 16;
    return Screen::open(folder.path("policy.toml"), options);
}

Status perform(const PolicyFolder& folder, Screen& screen, std::uint64_t step, bool listed) {
    const std::string entry = entry_of(key_of(step));
    switch (kind_of(step)) {
        case Kind::kAdvance: return screen.advance(time_from_ms(kNoon));
        case Kind::kReload: return screen.reload();
        case Kind::kReconcile: {
            // The file that comes next, and back to the list's own: live entries stand against both.
            const auto done = screen.reconcile(
                "fraud", step % 40 == 12 ? folder.path("next.csv") : std::string());
            return done ? ok() : Status(done.error());
        }
        case Kind::kNote:
            if (auto status = screen.note_emergency(AddressView(person(person_of(step))),
                                                    time_from_ms(kNoon));
                !status)
                return status;
            return screen.advance(time_from_ms(kNoon));
        case Kind::kChange: break;
    }
    const std::string subscriber = subscriber_of(key_of(step));
    const ListChange change{.list = subscriber.empty() ? "fraud" : "own",
                            .entry = entry,
                            .source = "kill test",
                            .subscriber = subscriber};
    const auto done = listed ? screen.remove(change) : screen.add(change);
    return done ? ok() : Status(done.error());
}

// The child: goes on from `step` until it is killed; says how far it is. Any other end is a fault.
[[noreturn]] void run_child(const PolicyFolder& folder, std::uint64_t step, int pipe) {
    constexpr int kFault = 3;
    auto screen = open(folder);
    if (!screen) {
        std::fprintf(stderr, "%s\n", screen.error().text.c_str());
        _exit(kFault);
    }
    std::vector<bool> listed = after(step).listed;
    for (;; ++step) {
        const Status done = perform(folder, *screen, step, listed[key_of(step)]);
        if (!done) {
            std::fprintf(stderr, "step %zu: %s\n", step, done.error().text.c_str());
            _exit(kFault);
        }
        if (kind_of(step) == Kind::kChange) listed[key_of(step)].flip();
        const std::uint64_t count = step + 1;
        if (write(pipe, &count, sizeof count) != sizeof count) _exit(kFault);
    }
}

// Runs a child from `step`, and kills it `microseconds` after its start, or, when it is to get on, after its first
// step; gives how many steps it acknowledged.
std::uint64_t run_and_kill(const PolicyFolder& folder, std::uint64_t step, bool get_on,
                           unsigned microseconds) {
    int pipes[2];
    if (::pipe(pipes) != 0) std::abort();
    const pid_t child = fork();
    if (child == 0) {
        close(pipes[0]);
        run_child(folder, step, pipes[1]);
    }
    close(pipes[1]);
    std::uint64_t count = 0;
    if (get_on && read(pipes[0], &count, sizeof count) == sizeof count) step = count;
    usleep(microseconds);
    kill(child, SIGKILL);
    while (read(pipes[0], &count, sizeof count) == sizeof count) step = count;
    close(pipes[0]);
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
    return step;
}

// The entries as they are now.
std::vector<bool> seen(Session& session) {
    std::vector<bool> listed;
    for (std::size_t key = 0; key < kKeys; ++key) {
        const std::string caller = caller_of(key);
        const std::string called = key < kRules ? "01062345678" : subscriber_of(key);
        listed.push_back(session.screen(call(caller.c_str(), called.c_str())).action ==
                         Action::kReject);
    }
    return listed;
}

TEST(Kill, what_was_acknowledged_is_there_and_nothing_is_half_done) {
    const PolicyFolder folder;
    folder.write("policy.toml", R"(
[screen]
country = "CN"
journal = "live.journal"
[[list]]
id = "fraud"
file = "fraud.csv"
action = "reject"
[[list]]
id = "own"
file = "own.csv"
authority = "personal"
action = "reject"
)");
    folder.write("own.csv", "subscriber,number\n");
    std::string rows = std::string("number,kind\n") + kListed + ",\n";
    for (unsigned i = 0; i < 2'000; ++i) rows += "1380001" + std::to_string(1'000 + i) + ",\n";
    folder.write("fraud.csv", rows);
    // A tenth of it gone, as much new, and a prefix.
    rows.erase(rows.size() - 200 * std::string("13800011000,\n").size());
    for (unsigned i = 0; i < 200; ++i) rows += "1380009" + std::to_string(1'000 + i) + ",\n";
    folder.write("next.csv", rows + "1890000,prefix\n");
    const bool deep = test::deep();
    const int kills = deep ? 5'000 : test::rerun() ? 50 : 200;
    const std::uint64_t seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);

    std::uint64_t step = 0;
    std::set<std::size_t> noted;
    for (int round = 0; round < kills; ++round) {
        SCOPED_TRACE("kill " + std::to_string(round));
        const std::uint64_t acknowledged =
            run_and_kill(folder, step, round % 4 != 0, static_cast<unsigned>(random() % 4'000));
        for (std::uint64_t i = step; i < acknowledged; ++i)
            if (kind_of(i) == Kind::kNote) noted.insert(person_of(i));

        auto screen = open(folder);
        ASSERT_TRUE(screen) << screen.error().text;
        Session session = screen->session();
        EXPECT_EQ(session.screen(call(kListed, "01062345678")).action, Action::kReject);
        const std::vector<bool> listed = seen(session);
        const bool next_too = listed == after(acknowledged + 1).listed;
        EXPECT_TRUE(next_too || listed == after(acknowledged).listed) << acknowledged;
        for (const std::size_t one : noted) {
            const std::string called = person(one);
            // Allow or tag: nothing that stops the call.
            EXPECT_LE(session.screen(call(kListed, called.c_str())).action, Action::kTag) << one;
        }
        if (HasFailure()) return;
        const bool changed = kind_of(acknowledged) == Kind::kChange && next_too;
        step = acknowledged + (changed ? 1 : 0);
    }
    EXPECT_GT(step, 0u);
    RecordProperty("steps", static_cast<int>(step));
}

// Killed while it compiles: the image is the old or the new one, whole.
TEST(Kill, an_image_that_was_compiled_stays_until_the_next_is_whole) {
    const PolicyFolder folder;
    folder.write("policy.toml", R"(
[screen]
country = "CN"
image = "lists.rft"
[[list]]
id = "fraud"
file = "fraud.csv"
action = "reject"
)");
    std::string rows = "number,source\n";
    for (unsigned i = 0; i < 3'000; ++i) rows += "1380000" + std::to_string(1'000 + i) + ",test\n";
    folder.write("fraud.csv", rows);
    const std::string policy = folder.path("policy.toml");
    ASSERT_TRUE(compile_lists(policy, ""));
    const std::uint64_t seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    std::uint64_t serial = 0;
    const int kills = test::deep() ? 2'000 : test::rerun() ? 30 : 100;
    for (int round = 0; round < kills; ++round) {
        int pipes[2];
        ASSERT_EQ(::pipe(pipes), 0);
        const pid_t child = fork();
        if (child == 0) {
            CompileListsOptions options;
            for (options.serial = serial + 1;; ++options.serial) {
                if (!compile_lists(policy, "", options)) _exit(3);
                if (write(pipes[1], &options.serial, sizeof serial) != sizeof serial) _exit(3);
            }
        }
        close(pipes[1]);
        // A busy machine might not finish one in all the rounds.
        if (round == 0) {
            ASSERT_EQ(read(pipes[0], &serial, sizeof serial), ssize_t{sizeof serial});
        }
        usleep(static_cast<unsigned>(random() % 8'000));
        kill(child, SIGKILL);
        while (read(pipes[0], &serial, sizeof serial) == sizeof serial) {
        }
        close(pipes[0]);
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status)) << status;
        const auto image = Image::read(folder.path("lists.rft"));
        ASSERT_TRUE(image) << image.error().text;
        ASSERT_TRUE(image->serial() == serial || image->serial() == serial + 1);
        serial = image->serial();
        EXPECT_EQ(image->tables().numbers->size(), 3'000u);
    }
    EXPECT_GT(serial, 0u);
    EXPECT_TRUE(open(folder));
}

}  // namespace
}  // namespace ringfence::test
