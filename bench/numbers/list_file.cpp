// list_file - a list's file into the tables, against getline, from_chars and an insert into abseil.
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <fstream>
#include <memory>

#include "bench/numbers/key_set.hpp"
#include "bench/numbers/plain_load.hpp"
#include "bench/numbers/subjects.hpp"
#include "bench/rounds.hpp"
#include "ringfence/lists/load_list.hpp"
#include "ringfence/number/dial_plan.hpp"

namespace ringfence::bench {
namespace {

constexpr std::size_t kRows = 2'000'000;

void write_rows(const std::string& path) {
    std::FILE* file = std::fopen(path.c_str(), "w");
    if (file == nullptr) give_up(path + " cannot be written");
    std::fputs("number\n", file);
    Random random(21);
    for (std::size_t i = 0; i < kRows; ++i) {
        // China's mobiles, which every reader takes as they stand.
        const std::uint64_t subscriber = random.below(100'000'000);
        std::fprintf(file, "8613%u%08llu\n", 3u + static_cast<unsigned>(random.below(7)),
                     static_cast<unsigned long long>(subscriber));
    }
    if (std::fclose(file) != 0) give_up(path + " cannot be written");
}

std::uint64_t load_ours(const std::string& path) {
    auto tables = TableSetBuilder::create({.numbers = kRows});
    if (!tables) give_up(tables.error().text);
    SubLists sub_lists(1);
    EntryBook book;
    ListSource source;
    source.id = "measured";
    source.path = path;
    source.format.plan = DialPlan::find(CountryCode("CN"));
    const auto report =
        load_list(source, 0, {.force = true, .last_rows = {}}, {sub_lists, *tables, book});
    if (!report) give_up(report.error().text);
    const auto set = std::move(*tables).build();
    if (!set) give_up(set.error().text);
    return set->numbers->size();
}

}  // namespace

void measure_list_file(const Options& options, Figures& figures) {
    const std::string path = "numbers-" + std::to_string(getpid()) + ".csv";
    write_rows(path);
    if (load_ours(path) != load_plainly(path)) give_up("list_file: the numbers of entries differ");
    Rounds rounds;
    const auto ours = rounds.add("ours, load_list", kRows, [&] { load_ours(path); });
    const auto plain = rounds.add("getline, from_chars, absl", kRows, [&] { load_plainly(path); });
    rounds.run(options.rounds);
    rounds.log();
    std::remove(path.c_str());
    figures.add("list_csv_load_over_absl", rounds.speed(ours, plain));
}

}  // namespace ringfence::bench
