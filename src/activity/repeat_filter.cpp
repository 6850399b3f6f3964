#include "ringfence/activity/repeat_filter.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <new>
#include <string>
#include <utility>

#include "ringfence/base/cache_line.hpp"
#include "ringfence/base/hash.hpp"
#include "src/activity/block.hpp"
#include "src/activity/cell.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace ringfence {
namespace {

constexpr unsigned kWays = 8;
constexpr unsigned kSecondBits = 23;
constexpr std::uint64_t kPending = 1;
constexpr std::uint32_t kMostKeep =
    1'000'000;  // well within half of the 97 days that a stamp tells apart
constexpr std::size_t kMostOctets = 4096;

struct alignas(kCacheLine) Line {
    std::array<std::atomic<std::uint64_t>, kWays> words{};
};
static_assert(sizeof(Line) == kCacheLine);

constexpr std::uint64_t fingerprint_of(std::uint64_t word) { return word >> (kSecondBits + 1); }
constexpr bool is_pending(std::uint64_t word) { return (word & kPending) != 0; }
constexpr std::uint64_t stamp_of(std::uint64_t word) {
    return word >> 1 & activity::mask(kSecondBits);
}
std::int64_t second_of(Time time) { return activity::floor_div(to_ms(time), 1000); }

}  // namespace

class RepeatFilter::Core {
public:
    Core(activity::Block<Line> lines, const RepeatFilterOptions& options)
        : lines_(std::move(lines)), options_(options) {}

    bool first(std::string_view id, Time time, Phase phase) {
        const std::uint64_t hash = hash_of(id, phase);
        const std::uint64_t fingerprint = fingerprint_in(hash);
        Line& line = line_of(hash);
        const std::int64_t second = second_of(time);
        const std::uint64_t mine =
            fingerprint << (kSecondBits + 1) |
            (static_cast<std::uint64_t>(second) & activity::mask(kSecondBits)) << 1 | kPending;
        for (unsigned tries = 0; tries < kTries; ++tries) {
            bool helped = false;
            for (unsigned i = 0; i < kWays; ++i) {
                const std::uint64_t word = line.words[i].load();
                if (!matches(word, fingerprint, second)) continue;
                if (!is_pending(word)) return false;
                settle(line, i, word, second);
                helped = true;
            }
            if (helped) continue;

            // The swap is against the word by which the way was chosen, or it could push out whoever
            // took an empty way in between.
            auto [way, old] = oldest(line, second);
            if (is_pending(old)) {
                settle(line, way, old, second);
                continue;
            }
            const bool early = old != 0 && is_live(old, second);
            if (!line.words[way].compare_exchange_strong(old, mine)) continue;
            // relaxed: a count that orders nothing.
            if (early) evicted_.fetch_add(1, std::memory_order_relaxed);
            settle(line, way, mine, second);
            // Whoever completed it, the word was put down here: this is the first sight.
            if (line.words[way].load() == (mine & ~kPending)) return true;
        }
        // relaxed: as above.
        evicted_.fetch_add(1, std::memory_order_relaxed);
        return true;
    }

    bool seen(std::string_view id, Time time, Phase phase) const {
        const std::uint64_t hash = hash_of(id, phase);
        const Line& line = line_of(hash);
        return std::ranges::any_of(line.words, [&](const std::atomic<std::uint64_t>& word) {
            return matches(word.load(), fingerprint_in(hash), second_of(time));
        });
    }

    // relaxed: a count that orders nothing.
    std::uint64_t evicted() const { return evicted_.load(std::memory_order_relaxed); }
    std::size_t memory_bytes() const { return lines_.bytes() + sizeof(Core); }

private:
    static constexpr unsigned kTries = 64;

    std::uint64_t hash_of(std::string_view id, Phase phase) const {
        const std::string_view head = id.substr(0, kMostOctets);
        const std::uint64_t salt = mix(id.size(), static_cast<std::uint64_t>(phase));
        return XXH3_64bits_withSeed(head.data(), head.size(), options_.seed ^ salt);
    }
    static std::uint64_t fingerprint_in(std::uint64_t hash) {
        return std::max<std::uint64_t>(hash & activity::mask(63 - kSecondBits), 1);
    }
    std::size_t index_of(std::uint64_t hash) const {
        __extension__ using Wide = unsigned __int128;
        return static_cast<std::size_t>(static_cast<Wide>(mix(hash, 0)) * lines_.size() >> 64u);
    }
    Line& line_of(std::uint64_t hash) { return lines_[index_of(hash)]; }
    const Line& line_of(std::uint64_t hash) const { return lines_[index_of(hash)]; }

    bool is_live(std::uint64_t word, std::int64_t second) const {
        const std::int64_t lead = activity::ahead<kSecondBits>(stamp_of(word), second);
        return lead <= options_.keep_s && -lead <= options_.keep_s;
    }
    bool matches(std::uint64_t word, std::uint64_t fingerprint, std::int64_t second) const {
        return fingerprint_of(word) == fingerprint && is_live(word, second);
    }

    struct Choice {
        unsigned way;
        std::uint64_t word;
    };
    // An empty way, or one whose time is over, or the one that has been there longest.
    Choice oldest(const Line& line, std::int64_t second) const {
        Choice chosen{0, kPending};
        std::int64_t most = -1;
        for (unsigned i = 0; i < kWays; ++i) {
            const std::uint64_t word = line.words[i].load();
            if (word == 0 || !is_live(word, second)) return {i, word};
            const std::int64_t age =
                kMostKeep - activity::ahead<kSecondBits>(stamp_of(word), second);
            if (age > most) {
                most = age;
                chosen = {i, word};
            }
        }
        return chosen;
    }

    // A pending word becomes ready, or goes when its id is there already: see the header.
    void settle(Line& line, unsigned way, std::uint64_t word, std::int64_t second) const {
        for (unsigned tries = 0; tries < kTries; ++tries) {
            bool again = false;
            for (unsigned i = 0; i < kWays && !again; ++i) {
                std::uint64_t twin = line.words[i].load();
                if (i == way || !matches(twin, fingerprint_of(word), second)) continue;
                std::uint64_t expected = word;
                if (!is_pending(twin) || i < way) {
                    line.words[way].compare_exchange_strong(expected, 0);
                    return;
                }
                again = !line.words[i].compare_exchange_strong(twin, 0);
            }
            if (again) continue;
            std::uint64_t expected = word;
            line.words[way].compare_exchange_strong(expected, word & ~kPending);
            return;
        }
    }

    activity::Block<Line> lines_;
    RepeatFilterOptions options_;
    std::atomic<std::uint64_t> evicted_{0};
};

Result<RepeatFilter> RepeatFilter::create(const RepeatFilterOptions& options) {
    if (options.ids == 0)
        return Error{ErrorCode::kOutOfRange, "a repeat filter of 0 ids; give it room for some"};
    if (options.keep_s == 0 || options.keep_s > kMostKeep) {
        return Error{ErrorCode::kOutOfRange, "a repeat filter that keeps ids for " +
                                                 std::to_string(options.keep_s) +
                                                 " s; give 1 to 1000000"};
    }
    auto lines = activity::Block<Line>::make(options.ids / kWays + (options.ids % kWays != 0));
    if (!lines.empty()) {
        std::unique_ptr<Core> core(new (std::nothrow) Core(std::move(lines), options));
        if (core) return RepeatFilter(std::move(core));
    }
    return Error{ErrorCode::kOutOfMemory,
                 "no memory for a repeat filter of " + std::to_string(options.ids) + " ids"};
}

RepeatFilter::RepeatFilter(std::unique_ptr<Core> core) : core_(std::move(core)) {}
RepeatFilter::RepeatFilter(RepeatFilter&&) noexcept = default;
RepeatFilter& RepeatFilter::operator=(RepeatFilter&&) noexcept = default;
RepeatFilter::~RepeatFilter() = default;

bool RepeatFilter::first(std::string_view call_id, Time time, Phase phase) {
    return call_id.empty() || core_->first(call_id, time, phase);
}
bool RepeatFilter::seen(std::string_view call_id, Time time, Phase phase) const {
    return !call_id.empty() && core_->seen(call_id, time, phase);
}
std::uint64_t RepeatFilter::evicted() const { return core_->evicted(); }
std::size_t RepeatFilter::memory_bytes() const { return core_->memory_bytes(); }

}  // namespace ringfence
