// chains - how many lines a look-up reads: at a load of 80 %, and after the whole list has changed eight times.
#include <cstdio>

#include "bench/numbers/ours.hpp"
#include "bench/numbers/subjects.hpp"

namespace ringfence::bench {
namespace {

std::size_t lines_read(const NumberView& view, Number number) {
    std::uint64_t hash = NumberChain::first(number.rank(), view.seed());
    const unsigned key_class = NumberChain::key_class(hash);
    std::size_t lines = 1;
    while (lines < NumberChain::kMaxLines &&
           probe_line(view.lines()[NumberChain::line(hash, view.line_count())], number.rank(),
                      key_class)
               .more) {
        hash = NumberChain::next(hash);
        ++lines;
    }
    return lines;
}

double lines_a_lookup(const NumberView& view, std::span<const Number> asked) {
    std::size_t lines = 0;
    for (const Number number : asked) lines += lines_read(view, number);
    return static_cast<double>(lines) / static_cast<double>(asked.size());
}

}  // namespace

void measure_chains(const Options& options, Figures& figures) {
    const KeySet keys(options.numbers, 1);
    Ours ours;
    if (!ours.build(options.numbers, keys.lists())) give_up("our table could not be built");
    NumberTable& table = ours.table();
    figures.add("lines_per_lookup_load80",
                {lines_a_lookup(table.view(), keys.questions(1u << 20u, 50, 3))});

    // Each number makes way for a new one, in random order; every so many changes the housekeeping that a
    // screen's advance() does.
    constexpr std::uint64_t kLines = 4096;  // as a screen settles them at a time
    constexpr std::size_t kChanges = 8192;  // between two of those
    std::vector<Number> live(keys.numbers().begin(), keys.numbers().end());
    Random random(7);
    for (unsigned turnover = 0; turnover < 8; ++turnover) {
        for (std::size_t i = 0; i < live.size(); ++i) {
            const std::size_t at = random.below(live.size());
            Number next = real_shaped(random);
            while (KeySet::list_of(next) == 0) next = real_shaped(random);
            table.erase(live[at]);
            const auto added = table.insert(next, KeySet::list_of(next));
            if (!added) give_up(added.error().text);
            live[at] = next;
            if (i % kChanges == 0) {
                table.finish_settling();
                table.begin_settling(kLines);
            }
        }
    }
    table.finish_settling();
    std::vector<Number> asked = keys.questions(1u << 19u, 0, 4);
    for (std::size_t i = 1u << 19u; i > 0; --i) asked.push_back(live[random.below(live.size())]);
    figures.add("lines_per_lookup_after_8_turnovers", {lines_a_lookup(table.view(), asked)});
}

}  // namespace ringfence::bench
