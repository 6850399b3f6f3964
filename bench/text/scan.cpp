// scan - whole messages under one pack of rules, against Hyperscan and RE2 over text that was made ready for them.
#include <string>
#include <utility>
#include <vector>

#include "bench/rounds.hpp"
#include "bench/text/race.hpp"
#include "bench/text/subjects.hpp"

namespace ringfence::bench {
namespace {

void build_figures(const Race& race, const std::string& size, Figures& figures) {
    const Race::Entry& hyperscan = race.rivals().front();
    figures.add("pack_" + size + "_build_over_hyperscan", {hyperscan.build_s / race.build_s()});
    figures.add(
        "pack_" + size + "_bytes_over_hyperscan",
        {static_cast<double>(race.bytes()) / static_cast<double>(hyperscan.rival->bytes())});
}

}  // namespace

void measure_scan(const Options& options, Figures& figures) {
    Way way;
    Race race(way, options.packs, options.pack);
    const std::size_t dash = options.pack.find('_');
    const std::string kind = options.pack.substr(0, dash), size = options.pack.substr(dash + 1);
    if (options.rivals) {
        race.add_rival("hyperscan", make_hyperscan());
        if (options.pack == "mixed_10k") race.add_rival("re2_set", make_re2_set());
        if (kind == "mixed") build_figures(race, size, figures);
    }
    // Of the streams, a rival's least.
    std::vector<std::vector<double>> lowest(race.rivals().size());
    for (const char* name : {"zh", "en", "mix"}) {
        const Race::Times times = race.run(load_stream(options.packs, name), options.rounds);
        figures.add("sms_ns_" + options.pack + "_" + name, times.whole);
        figures.add("sms_front_ns_" + options.pack + "_" + name, times.front);
        for (std::size_t i = 0; i < lowest.size(); ++i) {
            auto speed = speed_over(times.whole, times.rivals[i]);
            if (lowest[i].empty() || median(speed) < median(lowest[i]))
                lowest[i] = std::move(speed);
        }
    }
    for (std::size_t i = 0; i < lowest.size(); ++i)
        figures.add("sms_over_" + race.rivals()[i].name + "_" + size + "_" + kind, lowest[i]);
}

}  // namespace ringfence::bench
