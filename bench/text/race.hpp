// race.hpp - one pack of rules, compiled by us and by rivals, and what a message costs each of them.
//
// Ours is the whole way: octets, decode, fold, match, extract, look up. A rival's is a scan alone, over UTF-8 of the same
// folded text that was made ready before. Each is asked which rules match; the answers are compared, message by
// message, before anything is timed.
//
// Threads: one thread per object.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/text/pack.hpp"
#include "bench/text/rival.hpp"
#include "bench/text/stream.hpp"
#include "bench/text/way.hpp"
#include "ringfence/pattern/pattern_set.hpp"

namespace ringfence::bench {

class Race {
public:
    struct Entry {
        std::string name;
        std::unique_ptr<Rival> rival;
        double build_s;
    };

    // Nanoseconds a message, a sample a round.
    struct Times {
        std::vector<double> whole;
        std::vector<double> front;                // decode, fold, extract, look up
        std::vector<std::vector<double>> rivals;  // in the order in which they were added
        double matches = 0;                       // rules found a message
    };

    // Builds ours of FOLDER/PACK.toml. `way` outlives the race.
    Race(Way& way, const std::string& folder, const std::string& pack);

    // Builds it of the same rules.
    void add_rival(std::string name, std::unique_ptr<Rival> rival);

    // Ends the program where a rival's answer is not ours.
    Times run(const Stream& stream, unsigned rounds);

    // How many rules match.
    std::size_t matches(const SmsContent& message);

    const std::vector<Entry>& rivals() const { return rivals_; }
    double build_s() const { return build_s_; }
    std::size_t bytes() const { return set_->bytes(); }

private:
    struct Ready;

    Ready make_ready(const Stream& stream);
    double compare(const Stream& stream, const Ready& ready);
    [[noreturn]] void explain(const Entry& entry, std::string_view text,
                              const std::vector<std::uint32_t>& ours) const;

    Way& way_;
    Pack pack_;
    double build_s_ = 0;
    std::optional<PatternSet> set_;
    PatternScratch scratch_;
    std::vector<Entry> rivals_;
    std::vector<std::uint32_t> found_;
};

}  // namespace ringfence::bench
