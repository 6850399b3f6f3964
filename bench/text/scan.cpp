// scan - whole messages under one pack of rules, against Hyperscan over text that was made ready for it.
//
// Ours: octets, decode, fold, match, extract, look up. The rival's: hs_scan alone, over UTF-8 of the same folded text
// made ready before. Each is asked which rules match; the answers are compared, message by message.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "bench/rounds.hpp"
#include "bench/text/pack.hpp"
#include "bench/text/rival.hpp"
#include "bench/text/stream.hpp"
#include "bench/text/subjects.hpp"
#include "bench/text/way.hpp"
#include "ringfence/pattern/pattern_set.hpp"
#include "src/pattern/utf8.hpp"

namespace ringfence::bench {
namespace {

constexpr std::size_t kSpare = 64;

// Folded texts in UTF-8, in one piece and in order.
struct Ready {
    std::vector<char> bytes;
    std::vector<std::string_view> texts;
};

Ready make_ready(Way& way, const Stream& stream) {
    Ready ready;
    std::vector<std::size_t> ends;
    for (const SmsContent& message : stream.messages) {
        const FoldedView& light = way.read(message).light();
        const std::size_t begin = ready.bytes.size();
        ready.bytes.resize(begin + 3 * light.size);
        const std::span<const char16_t> units(light.units, light.size);
        ready.bytes.resize(begin + pattern::encode_utf8(units, ready.bytes.data() + begin));
        ends.push_back(ready.bytes.size());
    }
    ready.bytes.resize(ready.bytes.size() + kSpare);
    std::size_t begin = 0;
    for (const std::size_t end : ends) {
        ready.texts.emplace_back(ready.bytes.data() + begin, end - begin);
        begin = end;
    }
    return ready;
}

// One pack, ours and the rivals', and what each is timed at.
class Race {
public:
    explicit Race(const Options& options)
        : options_(options), pack_(load_pack(options.packs, options.pack)) {
        double begun = thread_ns();
        auto set = PatternSet::compile(pack_.rules, {.check_samples = false});
        if (!set) give_up(set.error().text);
        our_build_ = (thread_ns() - begun) / 1e9;
        set_.emplace(*std::move(set));
        auto scratch = set_->make_scratch();
        if (!scratch) give_up(scratch.error().text);
        scratch_ = *std::move(scratch);
        std::fprintf(stderr, "  %s: %zu rules; ours built in %.3f s, %.2f MB\n",
                     options.pack.c_str(), pack_.patterns.size(), our_build_,
                     static_cast<double>(set_->bytes()) / 1e6);
        if (!options.rivals) return;
        add_rival("hyperscan", make_hyperscan());
        if (options.pack == "mixed_10k") add_rival("re2_set", make_re2_set());
    }

    void build_figures(Figures& figures) const {
        if (rivals_.empty() || !options_.pack.starts_with("mixed_")) return;
        const std::string size = options_.pack.substr(options_.pack.find('_') + 1);
        figures.add("pack_" + size + "_build_over_hyperscan", {rivals_[0].build_s / our_build_});
        figures.add(
            "pack_" + size + "_bytes_over_hyperscan",
            {static_cast<double>(set_->bytes()) / static_cast<double>(rivals_[0].rival->bytes())});
    }

    void run(const std::vector<std::string>& streams, Figures& figures) {
        std::vector<std::vector<double>> lowest(rivals_.size());
        for (const std::string& name : streams) {
            const Stream stream = load_stream(options_.packs, name);
            const Ready ready = make_ready(way_, stream);
            compare(stream, ready);
            const double count = static_cast<double>(stream.messages.size());
            Rounds rounds;
            const std::size_t ours = rounds.add("ours, " + name, count, [&] {
                for (const SmsContent& message : stream.messages) keep(whole(message));
            });
            const std::size_t front = rounds.add("  decode, fold, look up", count, [&] {
                for (const SmsContent& message : stream.messages) {
                    way_.read(message);
                    keep(way_.look_up());
                }
            });
            std::vector<std::size_t> places;
            for (const Entry& entry : rivals_)
                places.push_back(rounds.add(entry.name, count, [&] {
                    for (const std::string_view text : ready.texts) {
                        found_.clear();
                        entry.rival->find(text, found_);
                        keep(found_.size());
                    }
                }));
            rounds.run(options_.rounds);
            rounds.log();
            figures.add("sms_ns_" + options_.pack + "_" + name, rounds.ns(ours));
            figures.add("sms_front_ns_" + options_.pack + "_" + name, rounds.ns(front));
            for (std::size_t i = 0; i < rivals_.size(); ++i) {
                auto speed = rounds.speed(ours, places[i]);
                if (lowest[i].empty() || median(speed) < median(lowest[i]))
                    lowest[i] = std::move(speed);
            }
        }
        const std::string pack = options_.pack;
        const std::size_t dash = pack.find('_');
        for (std::size_t i = 0; i < rivals_.size(); ++i)
            figures.add("sms_over_" + rivals_[i].name + "_" + pack.substr(dash + 1) + "_" +
                            pack.substr(0, dash),
                        lowest[i]);
    }

private:
    struct Entry {
        std::string name;
        std::unique_ptr<Rival> rival;
        double build_s;
    };

    static void keep(std::size_t value) { asm volatile("" : : "r"(value)); }

    void add_rival(std::string name, std::unique_ptr<Rival> rival) {
        const double begun = thread_ns();
        rival->build(pack_.patterns);
        const double seconds = (thread_ns() - begun) / 1e9;
        std::fprintf(stderr, "  %s built in %.3f s, %.2f MB\n", name.c_str(), seconds,
                     static_cast<double>(rival->bytes()) / 1e6);
        rivals_.push_back({std::move(name), std::move(rival), seconds});
    }

    std::size_t whole(const SmsContent& message) {
        const FoldedText& folded = way_.read(message);
        const std::size_t matches = set_->scan(folded, scratch_).matches.size();
        return matches + way_.look_up();
    }

    // Every rival's answer is ours.
    void compare(const Stream& stream, const Ready& ready) {
        std::vector<std::uint32_t> ours;
        std::size_t matches = 0;
        for (std::size_t i = 0; i < stream.messages.size(); ++i) {
            const ScanResult result = set_->scan(way_.read(stream.messages[i]), scratch_);
            if (result.status != ScanStatus::kOk) give_up("a scan of ours failed");
            ours.clear();
            for (const PatternMatch& match : result.matches) ours.push_back(match.rule);
            matches += ours.size();
            for (const Entry& entry : rivals_) {
                found_.clear();
                entry.rival->find(ready.texts[i], found_);
                std::sort(found_.begin(), found_.end());
                if (found_ != ours) explain(entry, ready.texts[i], ours);
            }
        }
        std::fprintf(stderr, "  %s: %zu messages, %.2f matches each\n", stream.name.c_str(),
                     stream.messages.size(),
                     static_cast<double>(matches) / static_cast<double>(stream.messages.size()));
    }

    [[noreturn]] void explain(const Entry& entry, std::string_view text,
                              const std::vector<std::uint32_t>& ours) const {
        std::vector<std::uint32_t> apart;
        std::set_symmetric_difference(found_.begin(), found_.end(), ours.begin(), ours.end(),
                                      std::back_inserter(apart));
        std::string what = entry.name + " and we differ on '" + std::string(text) + "':";
        for (const std::uint32_t rule : apart) what += " /" + pack_.patterns[rule] + "/";
        give_up(what);
    }

    const Options& options_;
    Pack pack_;
    double our_build_ = 0;
    std::optional<PatternSet> set_;
    PatternScratch scratch_;
    Way way_;
    std::vector<Entry> rivals_;
    std::vector<std::uint32_t> found_;
};

}  // namespace

void measure_scan(const Options& options, Figures& figures) {
    Race race(options);
    race.build_figures(figures);
    race.run({"zh", "en", "mix"}, figures);
}

}  // namespace ringfence::bench
