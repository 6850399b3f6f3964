// reconcile - a reader of calls while a nation's list is brought to what a new file says.
//
// A list of 18.65 million rows; in the new file one row in twenty is another. Round by round the live list is
// reconciled with the new file and back, under a session that screens batches of 256 calls.
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "bench/numbers/key_set.hpp"
#include "bench/numbers/slow_batches.hpp"
#include "bench/numbers/subjects.hpp"
#include "ringfence/screen/screen.hpp"

namespace ringfence::bench {
namespace {

constexpr std::size_t kNation = 18'650'000;
constexpr std::uint64_t kFirst = 13'800'000'000;
constexpr std::uint64_t kStep = 5;  // from one listed number to the next
constexpr std::size_t kIdleBatches = 50'000;

void write_rows(const std::filesystem::path& path, std::uint64_t rows, std::uint64_t shift) {
    std::ofstream file(path);
    file << "number\n";
    for (std::uint64_t i = 0; i < rows; ++i)
        file << kFirst + (i + (i % 20 == 0 ? shift : 0)) * kStep << '\n';
    if (!file.flush()) give_up(path.string() + " cannot be written");
}

// Calls from numbers of which one in five is listed.
class Callers {
public:
    explicit Callers(std::uint64_t rows) {
        Random random(5);
        texts_.reserve(kCalls);
        for (std::size_t i = 0; i < kCalls; ++i)
            texts_.push_back(std::to_string(kFirst + random.below(rows * kStep)));
        for (const std::string& text : texts_) {
            Call call;
            call.calling = text.c_str();
            call.called = "13800002222";
            call.time = time_from_ms(1'790'000'000'000);
            calls_.push_back(call);
        }
    }
    std::span<const Call> batch(std::size_t i) const {
        return std::span(calls_).subspan(i * kBatch % kCalls, kBatch);
    }

private:
    static constexpr std::size_t kCalls = kBatch * 1024;
    std::vector<std::string> texts_;
    std::vector<Call> calls_;
};

}  // namespace

void measure_reconcile(const Options& options, Figures& figures) {
    if (std::thread::hardware_concurrency() < 2) {
        std::fprintf(stderr, "  one core: a reader beside reconciling is not measured\n");
        return;
    }
    const std::filesystem::path folder = "reconcile-" + std::to_string(getpid());
    std::filesystem::create_directory(folder);
    const std::uint64_t rows = std::min(options.numbers, kNation);
    write_rows(folder / "now.csv", rows, 0);
    write_rows(folder / "other.csv", rows, rows);
    std::filesystem::copy_file(folder / "now.csv", folder / "list.csv");
    std::ofstream(folder / "policy.toml")
        << "[screen]\ncountry = \"CN\"\n[[list]]\nid = \"fraud\"\nfile = \"list.csv\"\n"
           "party = [\"calling\"]\naction = \"reject\"\n";
    auto screen = Screen::open((folder / "policy.toml").string());
    if (!screen) give_up(screen.error().text);
    Session session = screen->session();
    const Callers callers(rows);
    std::vector<Verdict> verdicts(kBatch);
    const auto batch = [&](std::size_t i) { session.screen(callers.batch(i), verdicts); };

    std::vector<double> stalls;
    pin(1);
    for (unsigned round = 0; round < options.rounds; ++round) {
        const double idle = slowest_batches(kIdleBatches, nullptr, batch);
        std::atomic<bool> done{false};
        std::uint64_t changed = 0;
        double seconds = 0;
        std::thread writer([&] {
            pin(0);
            const auto begun = Clock::now();
            const auto report = screen->reconcile(
                "fraud", (folder / (round % 2 == 0 ? "other.csv" : "now.csv")).string());
            if (!report) give_up(report.error().text);
            changed = report->added + report->removed;
            seconds = std::chrono::duration<double>(Clock::now() - begun).count();
            done.store(true);
        });
        const double busy = slowest_batches(kIdleBatches / 10, &done, batch);
        writer.join();
        if (changed < rows / 20) give_up("too little was reconciled");
        stalls.push_back(busy / idle);
        std::fprintf(stderr, "  idle %.1f us, beside %.1f us, %.2f; %.2f M changes in %.1f s\n",
                     idle / 1e3, busy / 1e3, stalls.back(), static_cast<double>(changed) / 1e6,
                     seconds);
    }
    std::filesystem::remove_all(folder);
    figures.add("reconcile_18m_stall", stalls);
}

}  // namespace ringfence::bench
