// prefixes - the prefix table against rte_lpm, on the 269,389 prefixes of libphonenumber's geocoding.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <string>

#include "bench/numbers/key_set.hpp"
#include "bench/numbers/prefix_contender.hpp"
#include "bench/numbers/subjects.hpp"
#include "bench/rounds.hpp"
#include "ringfence/table/prefix_table.hpp"
#include "src/kernel/prefix_kernel.hpp"

namespace ringfence::bench {
namespace {

constexpr unsigned kDigits = 9;  // the longest of them

struct Place {
    std::string prefix;
    std::uint16_t place = 0;
};

// Lines of `prefix|name`, one file for all countries; each name is a place.
std::vector<Place> read_places(const std::string& path) {
    std::ifstream file(path);
    std::map<std::string, std::uint16_t> names;
    std::vector<Place> places;
    for (std::string line; std::getline(file, line);) {
        const auto bar = line.find('|');
        if (bar == std::string::npos || bar == 0 || bar > kDigits) continue;
        const auto place = static_cast<std::uint16_t>(names.size() + 1);
        places.push_back(
            {line.substr(0, bar), names.emplace(line.substr(bar + 1), place).first->second});
    }
    if (places.empty()) give_up(path + " holds no prefixes");
    std::ranges::stable_sort(places, {}, [](const Place& place) { return place.prefix.size(); });
    return places;
}

std::uint32_t power(std::size_t exponent) {
    std::uint32_t value = 1;
    for (; exponent > 0; --exponent) value *= 10;
    return value;
}

}  // namespace

void measure_prefixes(const Options& options, Figures& figures) {
    const std::vector<Place> places = read_places(options.data + "/prefixes.txt");
    PrefixRules rules;
    std::vector<PrefixRange> ranges;
    for (const Place& place : places) {
        const auto added = rules.add({.prefix = place.prefix, .list = place.place});
        if (!added) give_up(added.error().text);
        const std::uint32_t width = power(kDigits - place.prefix.size());
        const auto first = static_cast<std::uint32_t>(std::stoul(place.prefix)) * width;
        ranges.push_back({first, first + width - 1, place.place});
    }
    const auto table = rules.build();
    if (!table) give_up(table.error().text);
    const auto lpm = make_rte_lpm();
    if (!lpm->build(ranges)) give_up("rte_lpm has no room");
    std::fprintf(stderr, "  %zu prefixes, our table %.1f MB\n", places.size(),
                 static_cast<double>(table->memory_bytes()) / 1e6);

    // Numbers of 11 to 13 digits: four in five begin with a listed prefix.
    const std::size_t count = options.questions / 4;
    std::vector<Number> asked;
    std::vector<std::uint32_t> nine_digits;
    Random random(3);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t length = 11 + random.below(3);
        std::string digits = random.below(5) != 0 ? places[random.below(places.size())].prefix
                                                  : std::to_string(1 + random.below(9));
        while (digits.size() < length) digits += static_cast<char>('0' + random.below(10));
        asked.push_back(Number::from_digits(digits));
        nine_digits.push_back(static_cast<std::uint32_t>(std::stoul(digits.substr(0, kDigits))));
    }

    std::vector<std::uint32_t> ours(count);
    std::vector<std::uint32_t> theirs(count);
    std::vector<std::span<const PrefixHit>> found(256);
    const auto first_of = [](std::span<const PrefixHit> hits) {
        return hits.empty() ? 0u : std::uint32_t{hits[0].list};
    };
    const auto batch = [&] {
        for (std::size_t i = 0; i < count; i += found.size()) {
            const std::size_t some = std::min(found.size(), count - i);
            table->longest_match({&asked[i], some}, {found.data(), some});
            for (std::size_t k = 0; k < some; ++k) ours[i + k] = first_of(found[k]);
        }
    };
    const auto single = [&] {  // one after another inside one dispatched stage
        for (std::size_t i = 0; i < count; i += found.size()) {
            const std::size_t some = std::min(found.size(), count - i);
            kernel::prefix_kernel().find_each(table->view(), &asked[i], found.data(), some);
            for (std::size_t k = 0; k < some; ++k) ours[i + k] = first_of(found[k]);
        }
    };
    const auto check = [&] {
        if (ours != theirs) give_up("prefixes: the answers differ");
    };
    lpm->find_each(nine_digits, theirs.data());
    batch();
    check();
    single();
    check();
    lpm->find_bulk(nine_digits, theirs.data());
    check();

    Rounds rounds;
    const auto operations = static_cast<double>(count);
    const auto our_batch = rounds.add("ours, batch 256", operations, batch);
    const auto our_single = rounds.add("ours, single", operations, single);
    const auto bulk = rounds.add("rte_lpm, bulk 64", operations,
                                 [&] { lpm->find_bulk(nine_digits, theirs.data()); });
    const auto each = rounds.add("rte_lpm, single", operations,
                                 [&] { lpm->find_each(nine_digits, theirs.data()); });
    rounds.run(std::max(options.rounds, 11u));
    rounds.log();
    figures.add("prefix_batch_269k_over_rte_lpm_bulk", rounds.speed(our_batch, bulk));
    figures.add("prefix_single_269k_over_rte_lpm", rounds.speed(our_single, each));
}

}  // namespace ringfence::bench
