// curves - what a message costs over its length, over the number of rules and over the share of messages in which a rule
// is found, whole (ours) and of Hyperscan alone over text made ready. Figures are named CURVE/LANGUAGE/LINE/X; lines are
// `whole`, `front` and `hyperscan` in nanoseconds a message, and `found`, the rules found a message.
//
// Lengths and shares are measured under the pack mixed_10k.
#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include "bench/text/race.hpp"
#include "bench/text/subjects.hpp"

namespace ringfence::bench {
namespace {

struct Size {
    const char* name;
    std::size_t rules;
};

constexpr std::array kLanguages = {"zh", "en"};
// As tools/lib/make_packs.py makes them.
constexpr std::array kSizes = {Size{"100", 100},     Size{"300", 300},    Size{"1k", 1'000},
                               Size{"3k", 3'000},    Size{"10k", 10'000}, Size{"30k", 30'000},
                               Size{"100k", 100'000}};
constexpr std::array kLengths = {10u, 20u, 40u, 70u, 160u, 400u, 800u, 1'600u};
constexpr std::array kShares = {0u, 1u, 10u, 50u, 100u};  // per cent

constexpr std::size_t kOfAll = 10'000;  // rules, where their number is not what varies
constexpr std::size_t kRivalMost =
    30'000;  // rules; Hyperscan takes 29 s to build them, and 107 s for 100,000

class Curves {
public:
    explicit Curves(const Options& options, Figures& figures)
        : options_(options), figures_(figures) {}

    void run() {
        for (const Size& size : kSizes) {
            Race race(way_, options_.packs, std::string("mixed_") + size.name);
            if (options_.rivals && size.rules <= kRivalMost)
                race.add_rival("hyperscan", make_hyperscan());
            for (const char* language : kLanguages)
                time(race, load_stream(options_.packs, language), "rules", language, size.rules);
            if (size.rules != kOfAll) continue;
            for (const char* language : kLanguages) {
                over_length(race, language);
                over_matches(race, language);
            }
        }
    }

private:
    void time(Race& race, const Stream& stream, const std::string& curve,
              const std::string& language, std::size_t x) {
        const Race::Times times = race.run(stream, options_.rounds);
        const auto add = [&](const char* line, const std::vector<double>& samples) {
            figures_.add(curve + "/" + language + "/" + line + "/" + std::to_string(x), samples);
        };
        add("whole", times.whole);
        add("front", times.front);
        if (!times.rivals.empty()) add("hyperscan", times.rivals.front());
        add("found", {times.matches});
    }

    // The same text, cut anew for each length.
    void over_length(Race& race, const std::string& language) {
        for (const unsigned length : kLengths)
            time(race, load_stream(options_.packs, language + "_" + std::to_string(length)),
                 "length", language, length);
    }

    // Messages in which no rule is found, of which a share has a phrase put in the place of as many of its units. Which
    // they are a shuffle by a fixed seed tells: those of a smaller share are among those of a larger one.
    void over_matches(Race& race, const std::string& language) {
        const Stream plain = load_stream(options_.packs, language);
        const Stream planted = load_stream(options_.packs, language + "_planted");
        if (plain.messages.size() != planted.messages.size())
            give_up(planted.name + ".txt is of other messages than " + plain.name + ".txt");
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i < plain.messages.size(); ++i)
            if (race.matches(plain.messages[i]) == 0 && race.matches(planted.messages[i]) != 0)
                places.push_back(i);
        if (places.size() < 100) give_up(plain.name + ".txt has too few messages without a match");
        std::vector<std::size_t> shuffled = places;
        std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937_64(kSeed));
        for (const unsigned share : kShares) {
            const std::size_t count = places.size() * share / 100;
            std::vector<bool> holds(plain.messages.size());
            for (std::size_t i = 0; i < count; ++i) holds[shuffled[i]] = true;
            std::vector<SmsContent> messages;
            for (const std::size_t i : places)
                messages.push_back((holds[i] ? planted : plain).messages[i]);
            const std::string name = language + ", " + std::to_string(share) + " % planted";
            time(race, gather(name, messages), "matches", language, share);
        }
    }

    static constexpr std::uint64_t kSeed = 7;

    const Options& options_;
    Figures& figures_;
    Way way_;
};

}  // namespace

void measure_curves(const Options& options, Figures& figures) { Curves(options, figures).run(); }

}  // namespace ringfence::bench
