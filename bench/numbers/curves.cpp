// curves - what a look-up costs over the size of the table, its load, the batch, the share of hits and the pages,
// beside the limit of the same memory. Figures are nanoseconds, named CURVE/LINE/X.
#include <sys/prctl.h>

#include <array>
#include <memory>

#include "bench/numbers/ours.hpp"
#include "bench/numbers/subjects.hpp"
#include "bench/rounds.hpp"

namespace ringfence::bench {
namespace {

constexpr std::size_t kMillion = 1'000'000;

// A table of its keys, and what was measured on it.
class Curve {
public:
    Curve(const Options& options, std::size_t numbers, unsigned load_percent = 80)
        : options_(options), keys_(numbers, 1), ours_(load_percent) {
        if (!ours_.build(keys_.numbers().size(), keys_.lists())) give_up("no room for a table");
    }

    // In batches of `size`; all at once when it is 0.
    void batch(const std::string& name, unsigned hits = 50, std::size_t size = 0) {
        finds(name, Ours::kBatch, hits, size);
    }
    void each(const std::string& name) { finds(name, Ours::kEach, 50, 0); }

    // The lines that as many look-ups read, asked for in the better of two ways.
    void limit(const std::string& name) {
        auto places =
            std::make_shared<std::vector<std::uint32_t>>(ours_.random_lines(options_.questions, 5));
        for (const bool second : {false, true})
            rounds_.add(name, static_cast<double>(places->size()), [this, places, second] {
                volatile std::uint64_t kept = ours_.read_lines(*places, {128, second});
                static_cast<void>(kept);
            });
        names_.push_back(name);
        names_.push_back(name);
    }

    void run(Figures& figures) {
        rounds_.run(options_.rounds);
        for (std::size_t i = 0; i < names_.size(); ++i) {
            const bool both = i + 1 < names_.size() && names_[i + 1] == names_[i];
            const bool first = !both || median(rounds_.ns(i)) <= median(rounds_.ns(i + 1));
            figures.add(names_[i], rounds_.ns(first ? i : i + 1));
            i += both ? 1 : 0;
        }
    }

    NumberTable& table() { return ours_.table(); }

private:
    void finds(const std::string& name, Ours::Way way, unsigned hits, std::size_t size) {
        struct Asked {
            std::vector<Number> numbers;
            std::vector<Answer> given;
        };
        auto asked = std::make_shared<Asked>();
        asked->numbers = keys_.questions(options_.questions, hits, 1000 + hits);
        asked->given.resize(options_.questions);
        const std::size_t step = size == 0 ? options_.questions : size;
        const auto find = [this, asked, way, step] {
            const auto keys = keys_of(asked->numbers);
            for (std::size_t at = 0; at + step <= keys.size(); at += step)
                ours_.find(way, keys.subspan(at, step), asked->given.data() + at);
        };
        find();
        for (std::size_t i = 0; i < options_.questions / step * step; ++i)
            if (asked->given[i] != KeySet::list_of(asked->numbers[i])) give_up(name + ": wrong");
        rounds_.add(name, static_cast<double>(options_.questions / step * step), find);
        names_.push_back(name);
    }

    const Options& options_;
    KeySet keys_;
    Ours ours_;
    Rounds rounds_;
    std::vector<std::string> names_;
};

void all_ways(Curve& curve, const std::string& of, const std::string& x) {
    curve.limit(of + "/limit/" + x);
    curve.batch(of + "/batch/" + x);
    curve.each(of + "/each/" + x);
}

}  // namespace

void measure_curves(const Options& options, Figures& figures) {
    for (const std::size_t millions : {1u, 2u, 5u, 10u, 20u, 50u, 100u}) {
        if (millions * kMillion > 5 * options.numbers) continue;
        for (const bool small : {false, true}) {
            // Tables made while this is set get small pages.
            prctl(PR_SET_THP_DISABLE, small ? 1 : 0, 0, 0, 0);
            Curve curve(options, millions * kMillion);
            all_ways(curve, small ? "small-pages" : "size", std::to_string(millions));
            curve.run(figures);
        }
        prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0);
    }
    for (const unsigned load : {50u, 60u, 70u, 75u, 80u, 85u, 90u}) {
        Curve curve(options, options.numbers, load);
        const std::string x = std::to_string(load);
        all_ways(curve, "load", x);
        curve.run(figures);
        const NumberTableStats stats = curve.table().stats();
        figures.add("load/bytes/" + x,
                    {static_cast<double>(stats.reader_bytes) / static_cast<double>(stats.numbers)});
        figures.add("load/lines/" + x, {(stats.lines_per_hit + stats.lines_per_miss) / 2});
    }
    {
        Curve curve(options, options.numbers);
        for (std::size_t size = 1; size <= 4096; size *= 2)
            curve.batch("batch-size/batch/" + std::to_string(size), 50, size);
        curve.run(figures);
    }
    Curve curve(options, options.numbers);
    for (const unsigned hits : {0u, 10u, 25u, 50u, 75u, 90u, 100u})
        curve.batch("hit-share/batch/" + std::to_string(hits), hits);
    curve.run(figures);
}

}  // namespace ringfence::bench
