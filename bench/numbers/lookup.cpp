// lookup - the number table against its rivals and against what memory can do.
#include <algorithm>
#include <array>
#include <memory>

#include "bench/numbers/ours.hpp"
#include "bench/numbers/subjects.hpp"
#include "bench/rounds.hpp"

namespace ringfence::bench {
namespace {

constexpr std::array<unsigned, 3> kHits = {50, 0, 100};

struct Questions {
    std::vector<Number> asked;
    std::vector<Answer> right;
    std::vector<Answer> given;
};

Questions ask(const KeySet& keys, std::size_t count, unsigned hits) {
    Questions questions;
    questions.asked = keys.questions(count, hits, 1000 + hits);
    // Right even so: a number that may be listed but was not drawn is never asked for.
    for (const Number number : questions.asked) questions.right.push_back(KeySet::list_of(number));
    questions.given.resize(count);
    return questions;
}

void check(Contender& contender, const std::string& name, Questions& questions) {
    const auto ways = contender.ways();
    for (std::size_t way = 0; way < ways.size(); ++way) {
        std::fill(questions.given.begin(), questions.given.end(), Answer{0xFFFF});
        contender.find(way, keys_of(questions.asked), questions.given.data());
        if (questions.given != questions.right)
            give_up(name + ", " + ways[way] + ": wrong answers");
    }
}

// The way in which this machine reads lines fastest.
Ours::Ahead best_ahead(const Ours& ours, std::span<const std::uint32_t> places) {
    std::vector<Ours::Ahead> choices;
    for (const bool second_cache : {false, true})
        for (const std::size_t depth : {std::size_t{24}, std::size_t{64}, std::size_t{128}})
            choices.push_back({depth, second_cache});
    Rounds rounds;
    for (const Ours::Ahead ahead : choices)
        rounds.add("limit, " + std::to_string(ahead.depth) + " ahead into cache " +
                       (ahead.second_cache ? "2" : "1"),
                   static_cast<double>(places.size()), [&ours, places, ahead] {
                       volatile std::uint64_t kept = ours.read_lines(places, ahead);
                       static_cast<void>(kept);
                   });
    rounds.run(5);
    rounds.log();
    std::size_t best = 0;
    for (std::size_t i = 1; i < choices.size(); ++i)
        if (median(rounds.ns(i)) < median(rounds.ns(best))) best = i;
    return choices[best];
}

std::vector<double> least(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> all;
    for (std::size_t i = 0; i < a.size(); ++i) all.push_back(std::min(a[i], b[i]));
    return all;
}

}  // namespace

void measure_lookup(const Options& options, Figures& figures) {
    const std::string size = std::to_string(options.numbers / 1'000'000) + "m";
    const auto keys = std::make_unique<KeySet>(options.numbers, 1);
    std::array<Questions, kHits.size()> questions;
    for (std::size_t i = 0; i < kHits.size(); ++i)
        questions[i] = ask(*keys, options.questions, kHits[i]);

    Ours ours;
    if (!ours.build(keys->numbers().size(), keys->lists())) give_up("our table could not be built");
    for (Questions& some : questions) check(ours, "ours", some);
    const NumberTableStats stats = ours.table().stats();
    std::fprintf(stderr, "%s numbers: %.2f bytes each, %zu of %zu MB in huge pages, %s\n",
                 size.c_str(),
                 static_cast<double>(stats.reader_bytes) / static_cast<double>(stats.numbers),
                 static_cast<std::size_t>(stats.huge_page_bytes >> 20u),
                 static_cast<std::size_t>(stats.reader_bytes >> 20u), stats.kernel.data());

    Rounds rounds;
    const auto operations = static_cast<double>(options.questions);
    const auto places = ours.random_lines(options.questions, 5);
    const Ours::Ahead ahead = best_ahead(ours, places);
    const std::size_t limit = rounds.add("limit", operations, [&] {
        volatile std::uint64_t kept = ours.read_lines(places, ahead);
        static_cast<void>(kept);
    });
    const auto add = [&](const std::string& name, Contender& contender, std::size_t way,
                         Questions& some) {
        return rounds.add(name, operations, [&contender, &some, way] {
            contender.find(way, keys_of(some.asked), some.given.data());
        });
    };
    std::array<std::size_t, 5> way_places{};
    const auto ways = ours.ways();
    for (std::size_t way = 0; way < ways.size(); ++way)
        way_places[way] = add("ours, " + ways[way], ours, way, questions[0]);
    const std::size_t all_miss = add("ours, batch, all miss", ours, Ours::kBatch, questions[1]);
    const std::size_t all_hit = add("ours, batch, all hit", ours, Ours::kBatch, questions[2]);

    struct Rival {
        std::string name;
        std::unique_ptr<Contender> contender;
        std::vector<std::size_t> places;
    };
    std::vector<Rival> rivals;
    if (options.rivals) {
        for (const ContenderKind& kind : contenders()) {
            Rival rival{kind.name, kind.make(), {}};
            if (!rival.contender->build(keys->numbers().size(), keys->lists())) {
                std::fprintf(stderr, "  %s: no room, left out\n", kind.name.c_str());
                continue;
            }
            check(*rival.contender, kind.name, questions[0]);
            const auto names = rival.contender->ways();
            for (std::size_t way = 0; way < names.size(); ++way)
                rival.places.push_back(
                    add(kind.name + ", " + names[way], *rival.contender, way, questions[0]));
            rivals.push_back(std::move(rival));
        }
    }
    rounds.run(options.rounds);
    rounds.log();
    for (Questions& some : questions)
        if (some.given != some.right) give_up("wrong answers after the rounds");

    // The best of a rival's ways, round by round, over one of ours.
    const auto over = [&](const std::string& rival_name, std::size_t way) {
        std::vector<double> ratios;
        for (const Rival& rival : rivals) {
            if (rival.name != rival_name) continue;
            std::vector<double> best = rounds.ns(rival.places[0]);
            for (const std::size_t place : rival.places) best = least(best, rounds.ns(place));
            for (std::size_t i = 0; i < best.size(); ++i)
                ratios.push_back(best[i] / rounds.ns(way_places[way])[i]);
        }
        return ratios;
    };
    const auto report = [&](const std::string& name, const std::vector<double>& samples) {
        if (!samples.empty()) figures.add(name, samples);
    };
    report("lookup_batch_" + size + "_of_limit", rounds.speed(way_places[Ours::kBatch], limit));
    if (!options.rivals) return;
    report("lookup_batch_" + size + "_over_dpdk", over("dpdk", Ours::kBatch));
    report("lookup_batch_" + size + "_over_absl", over("absl", Ours::kBatch));
    report("lookup_batch_" + size + "_all_miss_of_limit", rounds.speed(all_miss, limit));
    report("lookup_batch_" + size + "_all_hit_of_limit", rounds.speed(all_hit, limit));
    report("lookup_single_" + size + "_over_boost", over("boost", Ours::kEach));
    report("lookup_single_" + size + "_over_ck", over("ck", Ours::kEach));
    report("lookup_public_find_" + size + "_over_boost", over("boost", Ours::kPublic));
    report("lookup_batch_avx2_" + size + "_over_dpdk", over("dpdk", Ours::kAvx2));
    report("lookup_batch_scalar_" + size + "_over_dpdk", over("dpdk", Ours::kScalar));
    report("bytes_per_number_" + size,
           {static_cast<double>(stats.reader_bytes) / static_cast<double>(stats.numbers)});
}

void measure_build(const Options& options, Figures& figures) {
    const KeySet keys(options.numbers, 1);
    std::vector<double> ours_ns;
    std::vector<double> absl_ns;
    const auto time = [&](Contender& contender, std::vector<double>& samples) {
        const double begun = thread_ns();
        if (!contender.build(keys.numbers().size(), keys.lists())) give_up("no room to build");
        samples.push_back((thread_ns() - begun) / static_cast<double>(options.numbers));
    };
    for (unsigned round = 0; round < options.rounds; ++round) {
        for (const ContenderKind& kind : contenders())
            if (kind.name == "absl") time(*kind.make(), absl_ns);
        Ours ours;
        time(ours, ours_ns);
    }
    if (absl_ns.empty()) return;
    std::vector<double> ratios;
    for (std::size_t i = 0; i < ours_ns.size(); ++i) ratios.push_back(absl_ns[i] / ours_ns[i]);
    std::fprintf(stderr, "  build: ours %.1f ns a number, absl %.1f\n", median(ours_ns),
                 median(absl_ns));
    figures.add("build_" + std::to_string(options.numbers / 1'000'000) + "m_over_absl", ratios);
}

}  // namespace ringfence::bench
