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

// China's mobiles, which every reader takes as they stand; with `noted` each says who listed it, since when and
// until when, and no two rows that follow each other say the same.
void write_rows(const std::string& path, bool noted) {
    std::FILE* file = std::fopen(path.c_str(), "w");
    if (file == nullptr) give_up(path + " cannot be written");
    std::fputs(noted ? "number,expires,source,since,confidence\n" : "number\n", file);
    Random random(21);
    const auto below = [&](unsigned end) { return static_cast<unsigned>(random.below(end)); };
    for (std::size_t i = 0; i < kRows; ++i) {
        const std::uint64_t subscriber = random.below(100'000'000);
        std::fprintf(file, "8613%u%08llu", 3u + below(7),
                     static_cast<unsigned long long>(subscriber));
        if (noted) {
            const unsigned month = 1 + below(12);
            const unsigned day = 1 + below(28);
            std::fprintf(file, ",2027-%02u-%02u,office %u,2026-%02u-%02u,%u", month, day, below(20),
                         month, day, 50 + below(50));
        }
        std::fputc('\n', file);
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
    write_rows(path, false);
    if (load_ours(path) != load_plainly(path)) give_up("list_file: the numbers of entries differ");
    Rounds rounds;
    const auto ours = rounds.add("ours, load_list", kRows, [&] { load_ours(path); });
    const auto plain = rounds.add("getline, from_chars, absl", kRows, [&] { load_plainly(path); });
    // For the log: what rows cost that say more, which the plain way does not keep.
    const std::string noted = "noted-" + path;
    write_rows(noted, true);
    rounds.add("ours, load_list with notes", kRows, [&] { load_ours(noted); });
    rounds.run(options.rounds);
    rounds.log();
    std::remove(path.c_str());
    std::remove(noted.c_str());
    figures.add("list_csv_load_over_absl", rounds.speed(ours, plain));
}

}  // namespace ringfence::bench
