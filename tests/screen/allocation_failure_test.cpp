// Every allocation of load, insert, growth, expiry and publish fails once, alone and with all that follow: the
// call gives an error (or does without), what was live goes on serving, and the same call works afterwards.
// Run under the address sanitizer, which sees what leaks.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <map>
#include <new>

#include "ringfence/image/image.hpp"
#include "ringfence/screen/compile.hpp"
#include "tests/base/deep.hpp"
#include "tests/screen/fixture.hpp"

namespace {

// Which allocation from now fails: 0 none. The thread sanitizer's programs allocate beside us: atomic.
std::atomic<std::size_t> failing{0};
std::atomic<bool> lasting{false};
std::atomic<bool> fired{false};

// Hyperscan's compiler ends the process when it finds no memory (docs/decisions/hyperscan.md), so its own
// allocations are let through: the call to it is passed on from here.
std::atomic<bool> in_engine{false};

bool fails_now() {
    if (in_engine.load(std::memory_order_relaxed)) return false;
    // relaxed, all: one thread arms and allocates.
    std::size_t left = failing.load(std::memory_order_relaxed);
    if (left == 0) return false;
    if (left > 1) {
        failing.store(left - 1, std::memory_order_relaxed);
        return false;
    }
    fired.store(true, std::memory_order_relaxed);
    if (!lasting.load(std::memory_order_relaxed)) failing.store(0, std::memory_order_relaxed);
    return true;
}

void* give(std::size_t size, std::size_t alignment) {
    if (fails_now()) return nullptr;
    size = (size + alignment - 1) / alignment * alignment;
    return std::aligned_alloc(alignment, size == 0 ? alignment : size);
}

void* give_or_throw(std::size_t size, std::size_t alignment) {
    if (void* memory = give(size, alignment)) return memory;
    throw std::bad_alloc();
}

constexpr std::size_t kUsual = alignof(std::max_align_t);

}  // namespace

// As hs_compile.h has it, whose header belongs to src/pattern.
extern "C" int hs_compile_multi(const char* const* expressions, const unsigned* flags,
                                const unsigned* ids, unsigned elements, unsigned mode,
                                const void* platform, void** database, void** error) {
    using Compile = int (*)(const char* const*, const unsigned*, const unsigned*, unsigned,
                            unsigned, const void*, void**, void**);
    static const auto kCompile = reinterpret_cast<Compile>(dlsym(RTLD_NEXT, "hs_compile_multi"));
    in_engine = true;
    const int status = kCompile(expressions, flags, ids, elements, mode, platform, database, error);
    in_engine = false;
    return status;
}

void* operator new(std::size_t size) { return give_or_throw(size, kUsual); }
void* operator new[](std::size_t size) { return give_or_throw(size, kUsual); }
void* operator new(std::size_t size, std::align_val_t alignment) {
    return give_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
    return give_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return give(size, kUsual); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return give(size, kUsual);
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    return give(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    return give(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
    std::free(memory);
}
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace ringfence::test {
namespace {

// Runs `attempt` with its first allocation failing, then its second, and so on until none is left to fail;
// after each `check` says whether all is as it must be. `attempt` gives whether it succeeded.
void sweep(const std::function<Status()>& attempt, const std::function<void(bool done)>& check,
           std::size_t stride = 1) {
    for (const bool all_that_follow : {false, true}) {
        std::size_t n = 1;
        std::size_t errors = 0;
        for (;; n += stride) {
            SCOPED_TRACE("allocation " + std::to_string(n) + (all_that_follow ? " and on" : ""));
            fired = false;
            lasting = all_that_follow;
            failing = n;
            const Status status = attempt();
            failing = 0;
            if (!status) {
                ++errors;
                EXPECT_TRUE(fired) << status.error().text;
                EXPECT_NE(status.error().text, "");
            }
            check(static_cast<bool>(status));
            if (testing::Test::HasFailure() || !fired) break;
        }
        testing::Test::RecordProperty(all_that_follow ? "allocations_lasting" : "allocations",
                                      static_cast<int>(n));
        EXPECT_GT(errors, 0u);
        if (testing::Test::HasFailure()) return;
    }
}

constexpr const char* kPolicy = R"(
[screen]
country = "CN"
journal = "live.journal"

[[list]]
id = "fraud"
file = "fraud.csv"
action = "reject"
category = "fraud_card"
party = ["calling", "text"]

[[list]]
id = "senders"
file = "senders.csv"
keys = "sender"
action = "hold"

[[trunk]]
id = "igw-1"
kind = "international"
)";

class AllocationFailure : public testing::Test {
protected:
    void SetUp() override {
        folder_.write("policy.toml", kPolicy);
        folder_.write("fraud.csv",
                      "number,kind,category,expires\n13800001111,exact,,\n"
                      "1700000,prefix,prefix_fraud,\n13800002222,exact,,2026-03-02\n");
        folder_.write("senders.csv", "number\nFakeBank\n");
    }

    void write_personal_list() const {
        folder_.write("policy.toml", std::string(kPolicy) +
                                         "[[list]]\nid = \"own\"\nfile = \"own.csv\"\n"
                                         "authority = \"personal\"\naction = \"reject\"\n");
        folder_.write("own.csv", "subscriber,number\n");
    }

    Result<Screen> try_open() {
        ScreenOptions options;
        options.seed = 2026;
        options.activity_bytes = 1u << 16u;
        options.reassembly_slots = 16;
        return Screen::open(policy_, options);
    }
    Screen opened() {
        auto screen = try_open();
        if (!screen) {
            ADD_FAILURE() << screen.error().text;
            std::abort();
        }
        return *std::move(screen);
    }
    static Action of_call(Session& session, const char* calling) {
        return session.screen(call(calling, "01062345678")).action;
    }
    static Action of_sms(Session& session, const char* sender) {
        return session.screen(sms(sender, "13900000000", "")).action;
    }
    static void expect_files_serve(Session& session) {
        EXPECT_EQ(of_call(session, "13800001111"), Action::kReject);
        EXPECT_EQ(of_call(session, "17000001234"), Action::kReject);
        EXPECT_EQ(of_sms(session, "FakeBank"), Action::kHold);
        EXPECT_EQ(of_call(session, "13800009999"), Action::kAllow);
    }

    // Adds and removes by turns, under failing allocations. A number's change that failed has not happened; a
    // rule's may be noted, and then comes live with the next advance.
    enum class Failed { kNothingHappened, kMayBeNoted };
    void expect_changes_are_whole(const ListChange& change,
                                  const std::function<Action(Session&)>& ask, Action listed,
                                  Failed failed = Failed::kNothingHappened) {
        Screen screen = opened();
        Session session = screen.session();
        bool on = false;
        const auto next = [&]() -> Status {
            const auto done = on ? screen.remove(change) : screen.add(change);
            failing = 0;  // what the test itself needs is not meant
            return done ? ok() : Status(done.error());
        };
        sweep(next, [&](bool done) {
            if (done) on = !on;
            EXPECT_EQ(ask(session), on ? listed : Action::kAllow);
            expect_files_serve(session);
            if (done) return;
            if (failed == Failed::kMayBeNoted) {
                EXPECT_TRUE(screen.advance(time_from_ms(kNoon)));
                if (ask(session) == (on ? Action::kAllow : listed)) on = !on;
            }
            EXPECT_TRUE(next());
            on = !on;
            EXPECT_EQ(ask(session), on ? listed : Action::kAllow);
        });
    }

    PolicyFolder folder_;
    std::string policy_ = folder_.path("policy.toml");
};

TEST_F(AllocationFailure, open_gives_an_error) {
    sweep(
        [&] {
            auto screen = try_open();
            failing = 0;  // what the test itself needs is not meant
            return screen ? ok() : Status(screen.error());
        },
        [](bool) {}, 1);
    Screen screen = opened();
    Session session = screen.session();
    expect_files_serve(session);
}

TEST_F(AllocationFailure, an_image_is_compiled_or_the_old_one_stays) {
    const std::string image = folder_.path("lists.rft");
    ASSERT_TRUE(compile_lists(policy_, image));
    CompileListsOptions options;
    std::uint64_t made = 0;
    sweep(
        [&] {
            ++options.serial;
            const auto done = compile_lists(policy_, image, options);
            failing = 0;
            return done ? ok() : Status(done.error());
        },
        [&](bool done) {
            if (done) made = options.serial;
            const auto held = Image::read(image);
            ASSERT_TRUE(held) << held.error().text;
            EXPECT_TRUE(held->serial() == made || held->serial() == options.serial);
            made = held->serial();
            for (const auto& entry : std::filesystem::directory_iterator(folder_.path("")))
                EXPECT_NE(entry.path().extension(), ".new") << entry.path();
        },
        3);
}

TEST_F(AllocationFailure, an_image_is_opened_and_reloaded_or_refused) {
    std::string text = kPolicy;
    text.insert(text.find("journal"), "image = \"lists.rft\"\n");
    folder_.write("policy.toml", text);
    ASSERT_TRUE(compile_lists(policy_, ""));
    sweep(
        [&] {
            auto screen = try_open();
            failing = 0;
            return screen ? ok() : Status(screen.error());
        },
        [](bool) {}, 3);
    Screen screen = opened();
    Session session = screen.session();
    expect_files_serve(session);
    sweep([&] { return screen.reload(); }, [&](bool) { expect_files_serve(session); }, 3);
}

// Rules that each tier compiles: a literal, a gap, a regular expression for Hyperscan.
TEST_F(AllocationFailure, patterns_are_compiled_or_refused) {
    folder_.write("policy.toml", std::string(kPolicy) + "[[patterns]]\nfile = \"rules.toml\"\n");
    folder_.write("rules.toml", R"(
[pack]
id = "test"
view = "light"
[[rule]]
id = "test.one"
category = "task_rebate"
action = "hold"
text = ["rebate", "like{0,8}coupon"]
must_match = ["a rebate", "like it, a coupon"]
[[rule]]
id = "test.two"
category = "task_rebate"
action = "reject"
regex = "win[a-z]+(now|today).{1,9}prize"
must_match = ["winsnow a prize"]
)");
    sweep(
        [&] {
            auto screen = try_open();
            failing = 0;
            return screen ? ok() : Status(screen.error());
        },
        [](bool) {}, rerun() ? 23 : 7);
    Screen screen = opened();
    Session session = screen.session();
    expect_files_serve(session);
    EXPECT_EQ(session.screen(sms("13900000001", "13900000000", "a rebate")).action, Action::kHold);
}

TEST_F(AllocationFailure, reload_leaves_the_last_good_state) {
    Screen screen = opened();
    Session session = screen.session();
    ASSERT_TRUE(screen.add({.list = "fraud", .entry = "13800003333"}));
    bool more = false;
    std::uint64_t done_before = 0, failed_before = 0;
    sweep(
        [&] {
            const std::size_t planned = failing.exchange(0);
            folder_.write("fraud.csv",
                          more ? "number,kind\n13800001111,exact\n1700000,prefix\n13800004444,\n"
                               : "number,kind\n13800001111,exact\n1700000,prefix\n13800005555,\n");
            failing = planned;
            return screen.reload();
        },
        [&](bool done) {
            expect_files_serve(session);
            EXPECT_EQ(counter(screen, "reload.done"), done_before += done ? 1 : 0);
            EXPECT_EQ(counter(screen, "reload.failed"), failed_before += done ? 0 : 1);
            EXPECT_EQ(of_call(session, "13800003333"), Action::kReject);
            if (done) {
                EXPECT_EQ(of_call(session, more ? "13800004444" : "13800005555"), Action::kReject);
                EXPECT_EQ(of_call(session, more ? "13800005555" : "13800004444"), Action::kAllow);
                more = !more;
            }
        },
        rerun() ? 23 : 1);
    EXPECT_TRUE(screen.reload());
}

Action of_number(Session& session) {
    return session.screen(call("13800003333", "01062345678")).action;
}

TEST_F(AllocationFailure, a_number_comes_and_goes_whole) {
    expect_changes_are_whole({.list = "fraud", .entry = "13800003333"}, of_number, Action::kReject);
}

TEST_F(AllocationFailure, so_does_one_that_expires) {
    expect_changes_are_whole({.list = "fraud",
                              .entry = "13800003333",
                              .expires = time_from_ms(kNoon + 1'000'000),
                              .source = "a test that takes the memory away"},
                             of_number, Action::kReject);
}

TEST_F(AllocationFailure, a_subscribers_entry_comes_and_goes_whole) {
    write_personal_list();
    expect_changes_are_whole({.list = "own",
                              .entry = "13800003333",
                              .expires = time_from_ms(kNoon + 1'000'000),
                              .source = "a test that takes the memory away",
                              .subscriber = "01062345678"},
                             of_number, Action::kReject);
}

// As many entries as the table of pairs begins with room for, all of them live ones: each add grows it.
TEST_F(AllocationFailure, so_it_does_where_the_table_must_grow) {
    write_personal_list();
    {
        Screen screen = opened();
        const std::uint64_t room = counter(screen, "tables.pairs_room");
        for (std::uint64_t i = 0; i < room; ++i) {
            const std::string subscriber = "1380005" + std::to_string(1000 + i);
            ASSERT_TRUE(
                screen.add({.list = "own", .entry = "13800006666", .subscriber = subscriber}));
        }
        EXPECT_EQ(counter(screen, "tables.pairs"), room);
        EXPECT_EQ(counter(screen, "tables.pairs_room"), room);
    }
    expect_changes_are_whole({.list = "own", .entry = "13800003333", .subscriber = "01062345678"},
                             of_number, Action::kReject);
}

TEST_F(AllocationFailure, a_prefix_is_whole_once_time_has_passed) {
    expect_changes_are_whole(
        {.list = "fraud", .entry = "138000077*"},
        [](Session& s) { return of_call(s, "13800007711"); }, Action::kReject, Failed::kMayBeNoted);
}

TEST_F(AllocationFailure, so_is_a_sender) {
    expect_changes_are_whole(
        {.list = "senders", .entry = "SecondBank"},
        [](Session& s) { return of_sms(s, "SecondBank"); }, Action::kHold, Failed::kMayBeNoted);
}

// 4,096 numbers fill the table that a load begins with: each add from there on grows it, until one is let.
TEST_F(AllocationFailure, growth_gives_an_error_and_the_table_as_it_was) {
    std::string rows = "number,kind\n13800001111,\n1700000,prefix\n";
    for (int i = 0; i < 4094; ++i) rows += "1380002" + std::to_string(1000 + i) + ",\n";
    folder_.write("fraud.csv", rows);
    expect_changes_are_whole({.list = "fraud", .entry = "13800003333"}, of_number, Action::kReject);
}

TEST_F(AllocationFailure, what_is_due_goes_now_or_later) {
    Screen screen = opened();
    Session session = screen.session();
    std::int64_t now = kNoon;
    std::string number;
    const auto add_another = [&] {
        number = "1380004" + std::to_string(1000 + (now - kNoon) / 1000 % 9000);
        const auto added =
            screen.add({.list = "fraud", .entry = number, .expires = time_from_ms(now += 1'000)});
        EXPECT_TRUE(added);
        EXPECT_TRUE(
            screen.add({.list = "senders", .entry = "ShortBank", .expires = time_from_ms(now)}));
    };
    add_another();
    sweep(
        [&] {
            auto status = screen.advance(time_from_ms(now));
            failing = 0;
            return status;
        },
        [&](bool done) {
            if (!done) {
                EXPECT_TRUE(screen.advance(time_from_ms(now)));
            }
            EXPECT_TRUE(screen.advance(time_from_ms(now)));  // what a done one may have left
            EXPECT_EQ(of_call(session, number.c_str()), Action::kAllow) << number;
            EXPECT_EQ(of_sms(session, "ShortBank"), Action::kAllow);
            expect_files_serve(session);
            add_another();
        });
}

// What was done when memory ran out stays, and doing it again does the rest.
TEST_F(AllocationFailure, reconciling_again_does_what_memory_was_missing_for) {
    const std::string head =
        "number,kind,category,expires\n13800001111,exact,,\n1700000,prefix,prefix_fraud,\n";
    folder_.write("one.csv", head + "13800004444,,,\n13800006666,,gambling,\n1890001,prefix,,\n");
    folder_.write("two.csv",
                  head + "13800005555,,,2099-01-01\n13800006666,,loan,\n1890002,prefix,,\n");
    Screen screen = opened();
    Session session = screen.session();
    ASSERT_TRUE(screen.add({.list = "fraud", .entry = "13800003333"}));
    bool two = false;
    const std::string files[] = {folder_.path("one.csv"), folder_.path("two.csv")};
    const auto next = [&]() -> Status {
        const auto done = screen.reconcile("fraud", files[two], {.force = true});
        failing = 0;
        return done ? ok() : Status(done.error());
    };
    sweep(next, [&](bool done) {
        // Entries of both files serve throughout, and so does the live one.
        expect_files_serve(session);
        EXPECT_EQ(of_number(session), Action::kReject);
        if (!done) {
            // A set of tables may wait for readers, of whom there are none while time passes.
            EXPECT_TRUE(screen.advance(time_from_ms(kNoon)));
            const Status again = next();
            EXPECT_TRUE(again) << again.error().text;
        }
        EXPECT_EQ(of_call(session, "13800004444"), two ? Action::kAllow : Action::kReject);
        EXPECT_EQ(of_call(session, "13800005555"), two ? Action::kReject : Action::kAllow);
        EXPECT_EQ(of_call(session, "13800006666"), Action::kReject);
        EXPECT_EQ(of_call(session, "18900011234"), two ? Action::kAllow : Action::kReject);
        EXPECT_EQ(of_call(session, "18900021234"), two ? Action::kReject : Action::kAllow);
        two = !two;
    });
}

TEST_F(AllocationFailure, a_session_that_cannot_be_made_is_not_open) {
    Screen screen = opened();
    sweep(
        [&]() -> Status {
            const Session session = screen.session();
            failing = 0;
            if (session.open()) return ok();
            return Error{ErrorCode::kOutOfMemory, "not open"};
        },
        [&](bool) {
            Session session = screen.session();
            EXPECT_TRUE(session.open());
            expect_files_serve(session);
        });
}

}  // namespace
}  // namespace ringfence::test
