// beside - readers beside a writer, beside one another, and beside a million expiring entries.
//
// A reader's speed is by its own processor time, so that a machine shared with others takes less part in it; the
// slowest batches are by the clock, since waiting is what a stall is.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>

#include "bench/numbers/ours.hpp"
#include "bench/numbers/slow_batches.hpp"
#include "bench/numbers/subjects.hpp"
#include "bench/rounds.hpp"
#include "ringfence/lists/entry_book.hpp"

namespace ringfence::bench {
namespace {

// Million look-ups a second of processor time, over about `seconds`.
double read_for(double seconds, NumberTable& table, std::span<const Number> asked) {
    std::vector<Payload> found(asked.size());
    double looked = 0;
    const double begun = thread_ns();
    const auto until = Clock::now() + std::chrono::duration<double>(seconds);
    while (Clock::now() < until) {
        table.find(asked, found);
        looked += static_cast<double>(asked.size());
    }
    return looked * 1e3 / (thread_ns() - begun);
}

double one_reader(NumberTable& table, std::span<const Number> asked) {
    double speed = 0;
    std::thread reader([&] {
        pin(1);
        speed = read_for(0.5, table, asked);
    });
    reader.join();
    return speed;
}

// Beside a writer that takes numbers off and puts them back, a million changes a second.
double reader_beside_writer(NumberTable& table, std::span<const Number> listed,
                            std::span<const Number> asked, double& changes_a_second) {
    std::atomic<bool> stop{false};
    std::thread writer([&] {
        pin(0);
        Random random(17);
        std::size_t changes = 0;
        const auto begun = Clock::now();
        while (!stop.load()) {
            for (unsigned i = 0; i < 32; ++i, changes += 2) {
                const Number number = listed[random.below(listed.size())];
                table.erase(number);
                if (!table.insert(number, KeySet::list_of(number))) give_up("no room to put back");
            }
            const std::chrono::duration<double> due(static_cast<double>(changes) / 1e6);
            while (Clock::now() - begun < due && !stop.load()) __builtin_ia32_pause();
        }
        const std::chrono::duration<double> took = Clock::now() - begun;
        changes_a_second = static_cast<double>(changes) / took.count();
    });
    const double speed = one_reader(table, asked);
    stop.store(true);
    writer.join();
    return speed;
}

double two_readers(NumberTable& table, std::span<const Number> asked) {
    double speeds[2] = {};
    std::atomic<unsigned> ready{0};
    const auto half = asked.size() / 2;
    std::thread readers[2];
    for (unsigned i = 0; i < 2; ++i)
        readers[i] = std::thread([&, i] {
            pin(i);
            ready.fetch_add(1);
            while (ready.load() < 2) __builtin_ia32_pause();
            speeds[i] = read_for(0.5, table, asked.subspan(i * half, half));
        });
    for (std::thread& reader : readers) reader.join();
    return speeds[0] + speeds[1];
}

// As long as expiring a million entries takes, or longer.
constexpr std::size_t kBatches = 100'000;

// A million entries that expire in one second, beside a reader.
double expire_stall(NumberTable& table, std::span<const Number> listed,
                    std::span<const Number> asked) {
    constexpr std::size_t kEntries = 1'000'000;
    const Time due = Time{} + std::chrono::hours(24 * 365 * 50);
    EntryBook book;
    ListEntry entry;
    for (std::size_t i = 0; i < kEntries && i < listed.size(); ++i) {
        entry.text = listed[i].digits();
        EntryNote note;
        note.expires = due;
        book.note(KeySet::list_of(listed[i]), entry, note);
    }
    std::vector<Payload> found(kBatch);
    const auto batch = [&](std::size_t i) {
        table.find(asked.subspan(i * kBatch % (asked.size() - kBatch), kBatch), found);
    };
    pin(1);
    const double idle = slowest_batches(kBatches, nullptr, batch);
    std::atomic<bool> done{false};
    std::size_t expired = 0;
    std::thread writer([&] {
        pin(0);
        // As a screen's advance does.
        for (bool more = true; more;) {
            const auto entries = book.expire(due);
            for (const ExpiredEntry& each : entries.gone)
                expired += table.erase(each.entry.number()) ? 1u : 0u;
            more = entries.more;
        }
        done.store(true);
    });
    const double busy = slowest_batches(kBatches / 10, &done, batch);
    writer.join();
    if (expired == 0) give_up("nothing expired");
    for (std::size_t i = 0; i < kEntries && i < listed.size(); ++i)
        if (!table.insert(listed[i], KeySet::list_of(listed[i]))) give_up("no room to put back");
    return busy / idle;
}

}  // namespace

void measure_beside(const Options& options, Figures& figures) {
    if (std::thread::hardware_concurrency() < 2) {
        std::fprintf(stderr, "  one core: readers beside others are not measured\n");
        return;
    }
    const KeySet keys(options.numbers, 1);
    Ours ours;
    if (!ours.build(options.numbers, keys.lists())) give_up("our table could not be built");
    NumberTable& table = ours.table();
    const auto asked = keys.questions(options.questions / 2, 50, 3);
    std::vector<double> beside;
    std::vector<double> scaling;
    std::vector<double> stalls;
    for (unsigned round = 0; round < options.rounds; ++round) {
        const double alone = one_reader(table, asked);
        double changes = 0;
        beside.push_back(reader_beside_writer(table, keys.numbers(), asked, changes) / alone);
        scaling.push_back(two_readers(table, asked) / alone);
        stalls.push_back(expire_stall(table, keys.numbers(), asked));
        std::fprintf(
            stderr,
            "  alone %.1f M/s; beside %.2f M changes a second %.3f; two %.3f; expiry %.2f\n", alone,
            changes / 1e6, beside.back(), scaling.back(), stalls.back());
    }
    figures.add("reader_beside_1m_updates", beside);
    figures.add("two_readers_scaling", scaling);
    figures.add("expire_1m_stall", stalls);
}

}  // namespace ringfence::bench
