// main.cpp - the torture as a command; tools/torture builds and runs it.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <string_view>

#include "torture/torture.hpp"

namespace {

using namespace ringfence::torture;

constexpr std::uint64_t kReads = 100'000'000;
constexpr unsigned kScreenShare =
    20;  // one read in so many goes through the screen, and through followers

int usage() {
    std::fputs(
        "torture [--reads N | --seconds S] [--readers R] [--seed X] [--keys K] [--only "
        "table|screen|followers]\n"
        "    N reads, 100,000,000 when neither is given; S seconds for each ground\n",
        stderr);
    return 2;
}

template <class Value>
bool read_value(std::string_view text, Value& value) {
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failure == std::errc{} && end == text.data() + text.size();
}

bool report(const char* ground, const Options& options, Tally (*torture)(const Options&)) {
    const auto begun = std::chrono::steady_clock::now();
    const Tally tally = torture(options);
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begun;
    std::printf(
        "%s: seed %llu, %u readers, %.1f s, %llu reads (%llu wrong), %llu writes, %llu growths, "
        "%llu reloads, %llu settled, %llu expired, %llu publishes\n",
        ground, static_cast<unsigned long long>(options.seed), options.readers, passed.count(),
        static_cast<unsigned long long>(tally.reads), static_cast<unsigned long long>(tally.wrong),
        static_cast<unsigned long long>(tally.writes),
        static_cast<unsigned long long>(tally.growths),
        static_cast<unsigned long long>(tally.reloads),
        static_cast<unsigned long long>(tally.settled),
        static_cast<unsigned long long>(tally.expired),
        static_cast<unsigned long long>(tally.publishes));
    if (!tally.failed.empty()) std::printf("%s: %s\n", ground, tally.failed.c_str());
    std::fflush(stdout);
    return tally.failed.empty() && tally.wrong == 0 && tally.reads >= options.reads;
}

}  // namespace

int main(int count, char** words) {
    Options options;
    std::string_view only;
    for (int i = 1; i < count; i += 2) {
        if (i + 1 == count) return usage();
        const std::string_view name = words[i];
        const std::string_view value = words[i + 1];
        bool good = false;
        if (name == "--reads") good = read_value(value, options.reads);
        if (name == "--seconds") good = read_value(value, options.seconds);
        if (name == "--readers") good = read_value(value, options.readers);
        if (name == "--seed") good = read_value(value, options.seed);
        if (name == "--keys") good = read_value(value, options.keys) && options.keys >= 64;
        if (name == "--only") good = !(only = value).empty();
        if (!good || (!only.empty() && only != "table" && only != "screen" && only != "followers"))
            return usage();
    }
    if (options.readers == 0 || options.readers > 64) return usage();
    if (options.reads == 0 && options.seconds == 0) options.reads = kReads;

    Options on_screen = options;
    if (only.empty() && options.reads != 0) {
        on_screen.reads = std::max<std::uint64_t>(options.reads / kScreenShare, 1);
        options.reads -= std::min(2 * on_screen.reads, options.reads - 1);
    }
    bool good = true;
    const auto wanted = [only](std::string_view ground) { return only.empty() || only == ground; };
    if (wanted("table")) good = report("table", options, torture_table) && good;
    if (wanted("screen")) good = report("screen", on_screen, torture_screen) && good;
    if (wanted("followers")) good = report("followers", on_screen, torture_followers) && good;
    return good ? 0 : 1;
}
