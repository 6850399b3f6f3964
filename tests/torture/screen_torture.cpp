// screen_torture.cpp - a Screen with its lists changed live, read through Sessions.
//
//     number   {}  {reject}  {reject, challenge}  {challenge}  {}     the milder of two blocks decides
//     prefix   the same, and the call comes from within it
//     sender   the same, of SMS
//     passing  {}  {reject, expires}  {}                              the end by advance
//     filed    in the file, or not; every key changes with a reload
//
// With followers each reader asks a screen of its own that follows by shared memory: what was changed is acknowledged when it was published and
// they have advanced. Every second time that entries end nothing is published, and they must do without.
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>

#include "ringfence/image/shared_image.hpp"
#include "ringfence/screen/screen.hpp"
#include "torture/run.hpp"
#include "torture/versions.hpp"

namespace ringfence::torture {
namespace {

constexpr std::int64_t kNoon = 1'772'366'400'000;  // 2026-03-01T12:00:00Z
constexpr std::size_t kBatch = 128;
constexpr std::uint32_t kSteps = 4;

enum class Kind : std::uint8_t { kNumber, kPrefix, kSender, kPassing, kFiled };

// The keys of each kind, one kind behind the other; numbers of the blocks 138 0000 and 170 0000.
constexpr std::size_t kNumbers = 9'000;
constexpr std::size_t kPrefixes = 50;
constexpr std::size_t kSenders = 50;
constexpr std::size_t kPassing = 4'000;
constexpr std::size_t kFiled = 2'000;
constexpr std::size_t kKeys = kNumbers + kPrefixes + kSenders + kPassing + kFiled;

struct Key {
    Kind kind;
    std::size_t index;  // within its kind
};

Key key_at(std::size_t key) {
    constexpr std::array<std::size_t, 5> kCounts = {kNumbers, kPrefixes, kSenders, kPassing,
                                                    kFiled};
    for (unsigned kind = 0;; ++kind) {
        if (key < kCounts[kind]) return {static_cast<Kind>(kind), key};
        key -= kCounts[kind];
    }
}

std::string padded(std::size_t value, std::size_t width) {
    std::string digits = std::to_string(value);
    return digits.insert(0, width - digits.size(), '0');
}

// As a list has it.
std::string entry_of(std::size_t key) {
    const auto [kind, index] = key_at(key);
    switch (kind) {
        case Kind::kNumber: return "1380000" + padded(index, 4);
        case Kind::kPrefix: return "17000009" + padded(index, 2) + "*";
        case Kind::kSender: return "Torture" + padded(index, 3);
        case Kind::kPassing: return "1700000" + padded(index, 4);
        case Kind::kFiled: return "1700000" + padded(4'000 + index, 4);
    }
    return {};
}

// As a caller or sender has it.
std::string address_of(std::size_t key) {
    std::string entry = entry_of(key);
    if (entry.back() == '*') entry.back() = '7';
    return entry;
}

Action action_at(std::size_t key, std::uint32_t version) {
    switch (key_at(key).kind) {
        case Kind::kPassing: return version % 2 != 0 ? Action::kReject : Action::kAllow;
        case Kind::kFiled: return (key + version) % 2 != 0 ? Action::kDrop : Action::kAllow;
        default: break;
    }
    switch (version % kSteps) {
        case 0: return Action::kAllow;
        case 1: return Action::kReject;
        default: return Action::kChallenge;
    }
}

constexpr const char* kPolicy = R"(
[screen]
country = "CN"

[[list]]
id = "reject"
file = "none.csv"
action = "reject"

[[list]]
id = "challenge"
file = "none.csv"
action = "challenge"

[[list]]
id = "reject-senders"
file = "none.csv"
keys = "sender"
action = "reject"

[[list]]
id = "challenge-senders"
file = "none.csv"
keys = "sender"
action = "challenge"

[[list]]
id = "filed"
file = "filed.csv"
action = "drop"
)";

class Folder {
public:
    explicit Folder(std::uint64_t seed)
        : path_(std::filesystem::temp_directory_path() /
                ("ringfence-torture-" + std::to_string(getpid()) + "-" + std::to_string(seed))) {
        std::filesystem::create_directories(path_);
    }
    ~Folder() {
        std::error_code gone;
        std::filesystem::remove_all(path_, gone);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string path(const char* name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

class Ground {
public:
    Ground(const Options& options, bool followed)
        : options_(options),
          followed_(followed),
          run_(options),
          versions_(kKeys),
          folder_(options.seed) {}

    Tally torture() {
        for (std::size_t key = 0; key < kKeys; ++key) addresses_.push_back(address_of(key));
        std::ofstream(folder_.path("policy.toml")) << kPolicy;
        std::ofstream(folder_.path("none.csv")) << "number\n";
        write_file(0);
        ScreenOptions options;
        options.seed = options_.seed;
        options.activity_bytes = 1u << 20u;
        if (followed_ && !share()) return tally_;
        if (followed_) options.publishes = &*shared_;
        auto screen = Screen::open(folder_.path("policy.toml"), options);
        if (!screen) {
            tally_.failed = screen.error().text;
            return tally_;
        }
        screen_.emplace(*std::move(screen));
        if (followed_ && !follow(options)) return tally_;
        run_.together([this](unsigned i) { read(i, options_.seed * 1'000 + i); },
                      [this] { write(); }, tally_);
        for (const Counter& counter : screen_->counters())
            if (counter.name == "lists.expired") tally_.expired = counter.value;
        return tally_;
    }

private:
    // ---- followers ----

    bool share() {
        auto shared =
            SharedImage::create({.arena_bytes = 16u << 20u, .readers = 2 * options_.readers});
        if (!shared) return tell(shared.error());
        shared_.emplace(*std::move(shared));
        auto writer = shared_->writer();
        if (!writer) return tell(writer.error());
        writer_.emplace(*std::move(writer));
        return true;
    }
    bool follow(ScreenOptions options) {
        if (const auto published = screen_->publish_to(*writer_); !published)
            return tell(published.error());
        options.publishes = nullptr;
        options.shared = &*shared_;
        for (unsigned i = 0; i < options_.readers; ++i) {
            auto follower = Screen::open(folder_.path("policy.toml"), options);
            if (!follower) return tell(follower.error());
            followers_.push_back(*std::move(follower));
        }
        return true;
    }
    bool tell(const Error& error) {
        tally_.failed = error.text;
        return false;
    }

    // Brings them on to what was published, and to the time; as long as a busy reader lets none of it come live.
    void advance_followers() {
        for (Screen& follower : followers_)
            for (auto done = follower.advance(now_); !done && run_.goes_on();
                 done = follower.advance(now_))
                if (done.error().code != ErrorCode::kBusy) return run_.fail(done.error().text);
    }
    // Publishes what was changed, and acknowledges it.
    void show() {
        if (!followed_) return;
        for (auto done = screen_->publish_to(*writer_); !done;
             done = screen_->publish_to(*writer_)) {
            if (!run_.goes_on()) return;
            if (done.error().code != ErrorCode::kBusy) return run_.fail(done.error().text);
            advance_followers();
        }
        ++tally_.publishes;
        advance_followers();
        if (!run_.goes_on()) return;
        for (const std::size_t key : pending_) versions_.acknowledge(key);
        pending_.clear();
        is_pending_.assign(kKeys, false);
    }
    void changed(std::size_t key) {
        if (!followed_) return versions_.acknowledge(key);
        pending_.push_back(key);
        is_pending_[key] = true;
    }

    // ---- readers ----

    void check(std::size_t key, std::uint32_t low, Action seen) {
        const std::uint32_t high = versions_.high(key);
        for (std::uint32_t version = low; version <= high && version - low <= kSteps; ++version)
            if (action_at(key, version) == seen) return;
        run_.wrong("'" + addresses_[key] + "' of version " + std::to_string(low) + " to " +
                   std::to_string(high) + " got " + std::string(name_of(seen)));
    }

    void read(unsigned reader, std::uint64_t seed) {
        Screen& screen = followed_ ? followers_[reader] : *screen_;
        std::optional<Session> session(screen.session());
        Random random(seed);
        std::array<std::size_t, kBatch> keys{};
        std::array<std::uint32_t, kBatch> low{};
        std::array<Call, kBatch> calls;
        std::array<Sms, kBatch> messages;
        std::array<Verdict, kBatch> verdicts;
        for (std::uint64_t batch = 1; run_.goes_on(); ++batch) {
            if (batch % 5'000 == 0) {
                session.reset();  // a place comes free, and is taken again
                session.emplace(screen.session());
            }
            const bool of_senders = batch % 16 == 0;
            for (std::size_t i = 0; i < kBatch; ++i) {
                keys[i] = random.below(kKeys);
                if (of_senders) keys[i] = kNumbers + kPrefixes + random.below(kSenders);
                // One in eight from a prefix: there are few of them.
                else if (keys[i] % 8 == 0)
                    keys[i] = kNumbers + random.below(kPrefixes);
                else if (key_at(keys[i]).kind == Kind::kSender)
                    keys[i] = 0;
                low[i] = versions_.low(keys[i]);
                const std::string_view address = addresses_[keys[i]];
                if (of_senders)
                    messages[i] = Sms{.sender = AddressView(address),
                                      .recipient = AddressView("13900000000"),
                                      .time = time_from_ms(kNoon)};
                else
                    calls[i] = Call{.calling = AddressView(address),
                                    .called = AddressView("01062345678"),
                                    .time = time_from_ms(kNoon)};
            }
            of_senders ? session->screen(messages, verdicts) : session->screen(calls, verdicts);
            for (std::size_t i = 0; i < kBatch; ++i) check(keys[i], low[i], verdicts[i].action);
            run_.count(kBatch);
        }
    }

    // ---- the writer ----

    // The file at a version of its keys: each second one, so that its size stays.
    void write_file(std::uint32_t version) {
        std::ofstream file(folder_.path("filed.csv"));
        file << "number\n";
        for (std::size_t key = kKeys - kFiled; key < kKeys; ++key)
            if (action_at(key, version) == Action::kDrop) file << entry_of(key) << '\n';
    }

    // Applies what a busy reader kept from coming live.
    bool settled(const Error& error) {
        if (error.code == ErrorCode::kBusy) {
            while (run_.goes_on())
                if (screen_->advance(now_)) return true;
            return true;
        }
        run_.fail(error.text);
        return false;
    }

    void change(std::size_t key) {
        if (is_pending_[key]) return;
        const bool sender = key_at(key).kind == Kind::kSender;
        const std::uint32_t to = (versions_.current(key) + 1) % kSteps;
        const bool first = to == 1 || to == 3;  // of the two lists
        const std::string list =
            std::string(first ? "reject" : "challenge") + (sender ? "-senders" : "");
        const std::string entry = entry_of(key);
        const ListChange wanted{.list = list, .entry = entry};
        versions_.start(key);
        const auto done = to == 1 || to == 2 ? screen_->add(wanted) : screen_->remove(wanted);
        if (!done && !settled(done.error())) return;
        changed(key);
        ++tally_.writes;
        run_.wrote();
    }

    void add_passing(std::size_t key) {
        if (is_pending_[key] || versions_.current(key) % 2 != 0) return;
        const std::string entry = entry_of(key);
        versions_.start(key);
        const auto done = screen_->add(
            {.list = "reject", .entry = entry, .expires = now_ + std::chrono::seconds(1)});
        if (!done && !settled(done.error())) return;
        changed(key);
        ++tally_.writes;
        run_.wrote();
        passing_.push_back(key);
    }

    // A second passes: what was added in it expires.
    void advance() {
        show();
        now_ += std::chrono::seconds(1);
        for (const std::size_t key : passing_) versions_.start(key);
        if (const auto done = screen_->advance(now_); !done && !settled(done.error())) return;
        if (followed_) {
            silent_ = !silent_;
            silent_ ? advance_followers() : show();
            if (!run_.goes_on()) return;
        }
        for (const std::size_t key : passing_) versions_.acknowledge(key);
        passing_.clear();
    }

    void reload() {
        for (std::size_t key = kKeys - kFiled; key < kKeys; ++key) versions_.start(key);
        write_file(versions_.current(kKeys - 1) + 1);
        auto done = screen_->reload();
        while (!done && done.error().code == ErrorCode::kBusy && run_.goes_on())
            done = screen_->reload();
        if (!done && done.error().code != ErrorCode::kBusy) return run_.fail(done.error().text);
        for (std::size_t key = kKeys - kFiled; key < kKeys; ++key) changed(key);
        show();
        ++tally_.reloads;
    }

    void write() {
        constexpr std::uint64_t kAdvanceEvery = 500;
        constexpr std::uint64_t kReloadEvery = 5'000;
        constexpr std::uint64_t kOthersEvery = 50;  // each makes a table anew
        Random random(options_.seed);
        for (std::uint64_t n = 1; run_.goes_on(); ++n) {
            change(random.below(kNumbers));
            if (n % kOthersEvery == 0) change(kNumbers + random.below(kPrefixes + kSenders));
            if (n % 4 == 0) add_passing(kNumbers + kPrefixes + kSenders + random.below(kPassing));
            if (n % kAdvanceEvery == 0) advance();
            if (n % kReloadEvery == 0) reload();
        }
    }

    const Options& options_;
    const bool followed_;
    Run run_;
    Versions versions_;
    Folder folder_;
    std::vector<std::string> addresses_;
    std::optional<SharedImage> shared_;
    std::optional<SharedWriter> writer_;
    std::optional<Screen> screen_;
    std::vector<Screen> followers_;
    std::vector<std::size_t> pending_;  // changed, and not yet acknowledged
    std::vector<bool> is_pending_ = std::vector<bool>(kKeys);
    bool silent_ = false;
    Tally tally_;
    Time now_ = time_from_ms(kNoon);
    std::vector<std::size_t> passing_;  // on the list until the next advance
};

}  // namespace

Tally torture_screen(const Options& options) {
    return std::make_unique<Ground>(options, false)->torture();
}
Tally torture_followers(const Options& options) {
    return std::make_unique<Ground>(options, true)->torture();
}

}  // namespace ringfence::torture
