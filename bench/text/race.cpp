#include "bench/text/race.hpp"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <span>
#include <utility>

#include "bench/rounds.hpp"
#include "bench/text/subjects.hpp"
#include "src/pattern/utf8.hpp"

namespace ringfence::bench {
namespace {

constexpr std::size_t kSpare = 64;

void keep(std::size_t value) { asm volatile("" : : "r"(value)); }

}  // namespace

// Folded texts in UTF-8, in one piece and in order.
struct Race::Ready {
    std::vector<char> bytes;
    std::vector<std::string_view> texts;
};

Race::Race(Way& way, const std::string& folder, const std::string& pack)
    : way_(way), pack_(load_pack(folder, pack)) {
    const double begun = thread_ns();
    auto set = PatternSet::compile(pack_.rules, {.check_samples = false});
    if (!set) give_up(set.error().text);
    build_s_ = (thread_ns() - begun) / 1e9;
    set_.emplace(*std::move(set));
    auto scratch = set_->make_scratch();
    if (!scratch) give_up(scratch.error().text);
    scratch_ = *std::move(scratch);
    std::fprintf(stderr, "  %s: %zu rules; ours built in %.3f s, %.2f MB\n", pack.c_str(),
                 pack_.patterns.size(), build_s_, static_cast<double>(bytes()) / 1e6);
}

void Race::add_rival(std::string name, std::unique_ptr<Rival> rival) {
    const double begun = thread_ns();
    rival->build(pack_.patterns);
    const double seconds = (thread_ns() - begun) / 1e9;
    std::fprintf(stderr, "  %s built in %.3f s, %.2f MB\n", name.c_str(), seconds,
                 static_cast<double>(rival->bytes()) / 1e6);
    rivals_.push_back({std::move(name), std::move(rival), seconds});
}

Race::Times Race::run(const Stream& stream, unsigned rounds_wanted) {
    const Ready ready = make_ready(stream);
    Times times;
    times.matches = compare(stream, ready);
    const double count = static_cast<double>(stream.messages.size());
    Rounds rounds;
    const std::size_t whole = rounds.add("ours, " + stream.name, count, [&] {
        for (const SmsContent& message : stream.messages) {
            const std::size_t matched = matches(message);
            keep(matched + way_.look_up());
        }
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
    rounds.run(rounds_wanted);
    rounds.log();
    times.whole = rounds.ns(whole);
    times.front = rounds.ns(front);
    for (const std::size_t place : places) times.rivals.push_back(rounds.ns(place));
    return times;
}

std::size_t Race::matches(const SmsContent& message) {
    return set_->scan(way_.read(message), scratch_).matches.size();
}

Race::Ready Race::make_ready(const Stream& stream) {
    Ready ready;
    std::vector<std::size_t> ends;
    for (const SmsContent& message : stream.messages) {
        const FoldedView& light = way_.read(message).light();
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

// Every rival's answer is ours. Gives the rules found a message.
double Race::compare(const Stream& stream, const Ready& ready) {
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
    const double each = static_cast<double>(matches) / static_cast<double>(stream.messages.size());
    std::fprintf(stderr, "  %s: %zu messages, %.2f matches each\n", stream.name.c_str(),
                 stream.messages.size(), each);
    return each;
}

void Race::explain(const Entry& entry, std::string_view text,
                   const std::vector<std::uint32_t>& ours) const {
    std::vector<std::uint32_t> apart;
    std::set_symmetric_difference(found_.begin(), found_.end(), ours.begin(), ours.end(),
                                  std::back_inserter(apart));
    std::string what = entry.name + " and we differ on '" + std::string(text) + "':";
    for (const std::uint32_t rule : apart) what += " /" + pack_.patterns[rule] + "/";
    give_up(what);
}

}  // namespace ringfence::bench
