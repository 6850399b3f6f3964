// spine - the figures of the whole way of a call and an SMS, as one JSON object.
//
//     spine --policy P --day DIR [--events N] [--rounds R]
//
// DIR is what `ringfence generate` made. Reports nanoseconds an event in batches, allocations and locks on
// the hot path, and how much a reload beside the traffic costs the slowest batches.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bench/hot_path_probe.hpp"
#include "ringfence/screen/screen.hpp"
#include "ringfence/traffic/traffic_file.hpp"

namespace {

using namespace ringfence;
using Clock = std::chrono::steady_clock;

[[noreturn]] void give_up(const std::string& what) {
    std::fprintf(stderr, "spine: %s\n", what.c_str());
    std::exit(2);
}

template <class Event>
struct Traffic {
    TextArena arena;
    std::vector<Event> events;
    std::vector<Verdict> verdicts;
};

template <class Event>
std::unique_ptr<Traffic<Event>> load(const std::string& path, const Screen& screen) {
    auto file = TrafficFile<Event>::open(path, &screen);
    if (!file) give_up(file.error().text);
    auto traffic = std::make_unique<Traffic<Event>>();
    TrafficRow<Event> row;
    while (true) {
        const auto more = file->next(row, traffic->arena);
        if (!more) give_up(more.error().text);
        if (!*more) break;
        if (row.problem.empty()) traffic->events.push_back(row.event);
    }
    if (traffic->events.empty()) give_up(path + " holds no events");
    traffic->verdicts.resize(traffic->events.size());
    return traffic;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

double nanoseconds_since(Clock::time_point begun) {
    return std::chrono::duration<double, std::nano>(Clock::now() - begun).count();
}

// Later days of the same events, so that a second round is not a day gone backwards.
template <class Event>
void move_on(Traffic<Event>& traffic) {
    for (Event& event : traffic.events) event.time += std::chrono::hours(24);
}

template <class Event>
std::vector<double> time_batches(Session& session, Traffic<Event>& traffic, unsigned rounds) {
    std::vector<double> samples;
    session.screen(std::span<const Event>(traffic.events), traffic.verdicts);
    for (unsigned i = 0; i < rounds; ++i) {
        move_on(traffic);
        const auto begun = Clock::now();
        session.screen(std::span<const Event>(traffic.events), traffic.verdicts);
        samples.push_back(nanoseconds_since(begun) / static_cast<double>(traffic.events.size()));
    }
    return samples;
}

// Counts over at least `wanted` events, single calls and batches by turns.
template <class Event>
bench::HotPathCounts count_hot_path(Session& session, Traffic<Event>& traffic, std::size_t wanted) {
    bench::HotPathCounts total;
    const std::span<const Event> events(traffic.events);
    const std::span<Verdict> verdicts(traffic.verdicts);
    for (std::size_t done = 0; done < wanted; done += events.size()) {
        move_on(traffic);
        const std::size_t half = events.size() / 2;
        bench::arm();
        for (std::size_t i = 0; i < half; ++i) verdicts[i] = session.screen(events[i]);
        session.screen(events.subspan(half), verdicts.subspan(half));
        const bench::HotPathCounts seen = bench::disarm();
        total.allocations += seen.allocations;
        total.locks += seen.locks;
    }
    return total;
}

// The 99.9th percentile of a batch of 256, in ns.
double slowest_batches(Session& session, Traffic<Call>& traffic, std::vector<double>& samples,
                       const std::atomic<bool>* until) {
    samples.clear();
    const std::span<const Call> events(traffic.events);
    const std::span<Verdict> verdicts(traffic.verdicts);
    constexpr std::size_t kWanted = 20'000;
    while (until != nullptr ? !until->load() || samples.size() < kWanted
                            : samples.size() < kWanted) {
        move_on(traffic);
        for (std::size_t at = 0; at + Session::kBatch <= events.size(); at += Session::kBatch) {
            const auto begun = Clock::now();
            session.screen(events.subspan(at, Session::kBatch),
                           verdicts.subspan(at, Session::kBatch));
            samples.push_back(nanoseconds_since(begun));
        }
    }
    std::sort(samples.begin(), samples.end());
    return samples[samples.size() * 999 / 1000];
}

double reload_stall(Screen& screen, Session& session, Traffic<Call>& traffic) {
    std::vector<double> samples;
    samples.reserve(1'000'000);
    const double idle = slowest_batches(session, traffic, samples, nullptr);
    std::atomic<bool> done{false};
    std::thread reloader([&] {
        for (unsigned reloads = 0; reloads < 50;) {
            const auto status = screen.reload();
            if (status) {
                ++reloads;
            } else if (status.error().code != ErrorCode::kBusy) {
                give_up(status.error().text);
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        done.store(true);
    });
    const double busy = slowest_batches(session, traffic, samples, &done);
    reloader.join();
    return busy / idle;
}

void print_samples(const char* name, const std::vector<double>& samples, bool last = false) {
    std::printf("\"%s\":{\"value\":%.4f,\"samples\":[", name, median(samples));
    for (std::size_t i = 0; i < samples.size(); ++i) {
        std::printf("%s%.4f", i == 0 ? "" : ",", samples[i]);
    }
    std::printf("]}%s", last ? "" : ",");
}

}  // namespace

int main(int argc, char** argv) {
    std::string policy, day;
    std::size_t events = 1'000'000;
    unsigned rounds = 7;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--policy") == 0) policy = argv[i + 1];
        if (std::strcmp(argv[i], "--day") == 0) day = argv[i + 1];
        if (std::strcmp(argv[i], "--events") == 0) events = std::strtoull(argv[i + 1], nullptr, 10);
        if (std::strcmp(argv[i], "--rounds") == 0)
            rounds = static_cast<unsigned>(std::strtoul(argv[i + 1], nullptr, 10));
    }
    if (policy.empty() || day.empty() || rounds == 0)
        give_up("usage: spine --policy P --day DIR [--events N] [--rounds R]");
    if (!bench::probe_works()) give_up("the probe does not count; was this linked with -rdynamic?");

    auto screen = Screen::open(policy);
    if (!screen) give_up(screen.error().text);
    Session session = screen->session();
    const auto calls = load<Call>(day + "/calls.csv", *screen);
    const auto messages = load<Sms>(day + "/sms.csv", *screen);

    const auto call_ns = time_batches(session, *calls, rounds);
    const auto sms_ns = time_batches(session, *messages, rounds);
    const bench::HotPathCounts by_calls = count_hot_path(session, *calls, events);
    const bench::HotPathCounts by_sms = count_hot_path(session, *messages, events);
    std::vector<double> stalls;
    for (unsigned i = 0; i < rounds; ++i) stalls.push_back(reload_stall(*screen, session, *calls));

    std::printf("{");
    print_samples("call_ns_batch", call_ns);
    print_samples("sms_ns_batch", sms_ns);
    print_samples("hot_path_allocations",
                  {static_cast<double>(by_calls.allocations + by_sms.allocations)});
    print_samples("hot_path_locks", {static_cast<double>(by_calls.locks + by_sms.locks)});
    print_samples("reload_stall_ratio", stalls, true);
    std::printf("}\n");
    return 0;
}
