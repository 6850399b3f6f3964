#include "ringfence/study/mine.hpp"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <queue>
#include <string_view>

namespace ringfence {
namespace {

using Phrase = std::u16string_view;  // lies in one of the texts of spam

constexpr bool is_digit(char16_t unit) { return unit >= u'0' && unit <= u'9'; }
constexpr bool is_word(char16_t unit) {
    return is_digit(unit) || (unit >= u'a' && unit <= u'z') || unit == u'_';
}

// Whether a phrase may begin or end between `at - 1` and `at`.
bool is_border(Phrase text, std::size_t at, View view) {
    if (at == 0 || at == text.size()) return true;
    if (is_digit(text[at - 1]) && is_digit(text[at])) return false;
    return view == View::kDense || !is_word(text[at - 1]) || !is_word(text[at]);
}

// Whether the phrase can be proposed as it stands.
bool is_whole(Phrase text, std::size_t begin, std::size_t size, View view) {
    const Phrase phrase = text.substr(begin, size);
    if (view == View::kLight && (phrase.front() == u' ' || phrase.back() == u' ')) return false;
    return is_border(text, begin, view) && is_border(text, begin + size, view);
}

// Five digits in a row may be somebody's number, also as people write one: (01632) 96-00-01.
bool names_somebody(Phrase phrase) {
    constexpr std::size_t kDigits = 5;
    constexpr Phrase kBetween = u" -./()";
    std::size_t run = 0;
    for (const char16_t unit : phrase) {
        if (is_digit(unit))
            ++run;
        else if (kBetween.find(unit) == kBetween.npos)
            run = 0;
        if (run == kDigits) return true;
    }
    return false;
}

struct Count {
    std::uint64_t texts = 0;
    std::uint32_t last = 0;  // the text last counted, from 1
    bool whole = false;      // stands between borders somewhere
};
using PhraseCounts = absl::flat_hash_map<Phrase, Count>;

// In how many texts each run of `size` units is, of those whose beginning and end are both in `shorter`.
PhraseCounts count_runs(std::span<const std::u16string> texts, std::size_t size,
                        const PhraseCounts& shorter, View view) {
    PhraseCounts counts;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const Phrase text = texts[i];
        for (std::size_t at = 0; at + size <= text.size(); ++at) {
            const Phrase run = text.substr(at, size);
            if (size > 1 &&
                (!shorter.contains(run.substr(0, size - 1)) || !shorter.contains(run.substr(1))))
                continue;
            Count& count = counts[run];
            count.whole = count.whole || is_whole(text, at, size, view);
            if (count.last == i + 1) continue;
            count.last = static_cast<std::uint32_t>(i + 1);
            ++count.texts;
        }
    }
    return counts;
}

struct Candidate {
    Phrase phrase;
    std::vector<std::uint32_t> spam;  // the texts that hold it, between borders
    std::uint64_t ham = 0;
};

class Mine {
public:
    Mine(std::span<const std::u16string> spam, std::span<const std::u16string> ham,
         const MineOptions& options)
        : spam_(spam), ham_(ham), options_(options) {}

    std::vector<MinedPhrase> run() {
        find_frequent();
        for (std::size_t i = 0; i < spam_.size(); ++i)
            each_candidate(spam_[i], [&](Candidate& one) {
                if (one.spam.empty() || one.spam.back() != i)
                    one.spam.push_back(static_cast<std::uint32_t>(i));
            });
        std::vector<std::size_t> last(candidates_.size());  // the text of ham last counted, from 1
        for (std::size_t i = 0; i < ham_.size(); ++i)
            each_candidate(ham_[i], [&](Candidate& one) {
                std::size_t& seen = last[static_cast<std::size_t>(&one - candidates_.data())];
                if (seen == i + 1) return;
                seen = i + 1;
                ++one.ham;
            });
        std::erase_if(candidates_, [this](const Candidate& one) { return !is_good(one); });
        return cover();
    }

private:
    void find_frequent() {
        PhraseCounts shorter;
        for (std::size_t size = 1; size <= options_.max_units; ++size) {
            PhraseCounts counts = count_runs(spam_, size, shorter, options_.view);
            absl::erase_if(counts, [this](const auto& one) {
                return one.second.texts < options_.least || names_somebody(one.first);
            });
            if (counts.empty()) break;
            longest_ = size;
            if (size >= options_.min_units)
                for (const auto& [phrase, count] : counts)
                    if (count.whole) candidates_.push_back({phrase, {}, 0});
            shorter = std::move(counts);
        }
        // By the phrase: a map's order is its own, and differs from run to run.
        std::ranges::sort(candidates_, {}, &Candidate::phrase);
        for (std::size_t i = 0; i < candidates_.size(); ++i)
            places_.emplace(candidates_[i].phrase, i);
    }

    template <class Take>
    void each_candidate(Phrase text, Take&& take) {
        for (std::size_t at = 0; at < text.size(); ++at) {
            const std::size_t most = std::min(longest_, text.size() - at);
            for (std::size_t size = options_.min_units; size <= most; ++size) {
                const auto found = places_.find(text.substr(at, size));
                if (found != places_.end() && is_whole(text, at, size, options_.view))
                    take(candidates_[found->second]);
            }
        }
    }

    bool is_good(const Candidate& one) const {
        constexpr std::uint64_t kWhole = 1000;
        const std::uint64_t spam = one.spam.size();
        return spam >= options_.least && spam * kWhole >= (spam + one.ham) * options_.precision;
    }

    // The next is always the one that adds most: what a phrase adds only shrinks, so one that still adds what it did when
    // it was put into the queue is the next.
    std::vector<MinedPhrase> cover() const {
        struct Next {
            std::uint64_t adds;
            const Candidate* one;
            bool operator<(const Next& other) const {
                if (adds != other.adds) return adds < other.adds;
                if (one->ham != other.one->ham) return one->ham > other.one->ham;
                if (one->phrase.size() != other.one->phrase.size())
                    return one->phrase.size() < other.one->phrase.size();
                return one->phrase > other.one->phrase;
            }
        };
        std::priority_queue<Next> queue;
        for (const Candidate& one : candidates_) queue.push({one.spam.size(), &one});
        std::vector<bool> found(spam_.size());
        std::vector<MinedPhrase> chosen;
        while (!queue.empty() && chosen.size() < options_.most) {
            const Next next = queue.top();
            queue.pop();
            const auto adds = static_cast<std::uint64_t>(std::ranges::count_if(
                next.one->spam, [&](std::uint32_t text) { return !found[text]; }));
            if (adds < options_.least) continue;
            if (adds < next.adds) {
                queue.push({adds, next.one});
                continue;
            }
            for (const std::uint32_t text : next.one->spam) found[text] = true;
            chosen.push_back(
                {std::u16string(next.one->phrase), next.one->spam.size(), next.one->ham, adds});
        }
        return chosen;
    }

    std::span<const std::u16string> spam_;
    std::span<const std::u16string> ham_;
    const MineOptions& options_;
    std::vector<Candidate> candidates_;
    absl::flat_hash_map<Phrase, std::size_t> places_;
    std::size_t longest_ = 0;
};

}  // namespace

Result<std::vector<MinedPhrase>> mine_phrases(std::span<const std::u16string> spam,
                                              std::span<const std::u16string> ham,
                                              const MineOptions& options) {
    constexpr unsigned kWhole = 1000;
    if (options.least == 0 || options.precision > kWhole || options.min_units == 0 ||
        options.min_units > options.max_units || options.max_units > MineOptions::kMostUnits)
        return Error{ErrorCode::kOutOfRange,
                     "mine: give least of 1 or more, precision up to 1000, and 1 <= min_units <= "
                     "max_units <= 64"};
    return Mine(spam, ham, options).run();
}

}  // namespace ringfence
