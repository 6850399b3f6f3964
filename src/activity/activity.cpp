#include "ringfence/activity/activity.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <new>
#include <string>
#include <utility>

#include "ringfence/base/cache_line.hpp"
#include "ringfence/base/hash.hpp"
#include "src/activity/block.hpp"
#include "src/activity/bucket.hpp"
#include "src/activity/record.hpp"

namespace ringfence {

using activity::Block;
using activity::Bucket;
using activity::Claimed;
using activity::Marks;
using activity::Outcome;
using activity::Place;

class ActivityTable::Core {
public:
    Core(Block<Bucket> buckets, const ActivityOptions& options)
        : buckets_(std::move(buckets)), options_(options) {}

    Features call(const CallEvent& event) {
        Features features;
        if (!event.caller.empty()) {
            const Marks marks = marks_of(event);
            features = act(
                event.caller, event.time, [&](activity::Record& record, std::uint32_t generation) {
                    return activity::count_call_out(record, generation, event.time, marks);
                });
        }
        receive(event.callee, event.time, activity::count_call_in);
        return features;
    }

    Features sms(ActivityKey sender, ActivityKey recipient, Time time) {
        Features features;
        if (!sender.empty()) {
            features = act(sender, time, [&](activity::Record& record, std::uint32_t generation) {
                return activity::count_sms_out(record, generation, time);
            });
        }
        receive(recipient, time, activity::count_sms_in);
        return features;
    }

    void observe(ActivityKey caller, Time time, Phase phase, std::uint32_t duration_s) {
        if (caller.empty()) return;
        Bucket& bucket = bucket_of(caller);
        const auto place = bucket.find(caller.word());
        if (!place) return;
        activity::Record& record = bucket.record(place->slot);
        if (phase == Phase::kAnswer) activity::count_answered(record, place->generation, time);
        // A call of 0 s was never answered.
        if (phase == Phase::kEnd && duration_s > 0 && duration_s < options_.short_call_s)
            activity::count_short(record, place->generation, time);
    }

    Features peek(ActivityKey key, Time time) const {
        if (key.empty()) return {};
        const Bucket& bucket = bucket_of(key);
        const auto place = bucket.find(key.word());
        if (!place) return {};
        return activity::read_features(bucket.record(place->slot), place->generation, time);
    }

    void prefetch(ActivityKey key) const { bucket_of(key).prefetch(); }

    // Starts the cells that every event of the key touches; its slots should be in the cache.
    void prefetch_record(ActivityKey key) const {
        const Bucket& bucket = bucket_of(key);
        const auto place = bucket.find(key.word());
        if (!place) return;
        const auto* bytes = reinterpret_cast<const char*>(&bucket.record(place->slot));
        for (std::size_t at = 0; at < sizeof(activity::Record); at += kCacheLine)
            __builtin_prefetch(bytes + at, 1);
    }

    ActivityStats stats() const {
        ActivityStats stats;
        stats.capacity = buckets_.size() * Bucket::kSlots;
        for (const Counters& some : counters_) {
            // relaxed: counts that order nothing.
            stats.claimed += some.claimed.load(std::memory_order_relaxed);
            stats.evicted += some.evicted.load(std::memory_order_relaxed);
            stats.passed_over += some.passed_over.load(std::memory_order_relaxed);
            stats.contended += some.contended.load(std::memory_order_relaxed);
        }
        return stats;
    }

    std::size_t held() const {
        std::size_t count = 0;
        for (const Bucket& bucket : buckets_.all()) count += bucket.held();
        return count;
    }
    std::size_t memory_bytes() const { return buckets_.bytes() + sizeof(Core); }

private:
    // Striped by key, so that a flood of new numbers does not meet on one line.
    struct alignas(kCacheLine) Counters {
        std::atomic<std::uint64_t> claimed{0};
        std::atomic<std::uint64_t> evicted{0};
        std::atomic<std::uint64_t> passed_over{0};
        std::atomic<std::uint64_t> contended{0};
    };
    static constexpr std::size_t kStripes = 16;
    // An event is tried again when its number was evicted between finding and counting it.
    static constexpr unsigned kTries = 64;

    static void add(std::atomic<std::uint64_t>& counter, bool one) {
        // relaxed: a count that orders nothing.
        if (one) counter.fetch_add(1, std::memory_order_relaxed);
    }

    std::size_t index_of(ActivityKey key) const {
        __extension__ using Wide = unsigned __int128;
        const Wide scaled = static_cast<Wide>(mix(key.word(), options_.seed)) * buckets_.size();
        return static_cast<std::size_t>(scaled >> 64u);
    }
    Bucket& bucket_of(ActivityKey key) { return buckets_[index_of(key)]; }
    const Bucket& bucket_of(ActivityKey key) const { return buckets_[index_of(key)]; }

    // Mixed twice: numbers called one after the other must fall like random ones, or a scan of a number
    // block would look like more callees than it has.
    unsigned position(std::uint64_t word, std::uint64_t salt, unsigned positions) const {
        const std::uint64_t hash = mix(mix(word, options_.seed ^ salt), salt);
        return static_cast<unsigned>((hash >> 32u) * positions >> 32u);
    }
    Marks marks_of(const CallEvent& event) const {
        constexpr std::uint64_t kPeerSalt = 0x70656572;  // any two that differ
        constexpr std::uint64_t kDeviceSalt = 0x64657669;
        Marks marks;
        if (!event.callee.empty())
            marks.peer = position(event.callee.word(), kPeerSalt, Marks::kPeers);
        if (event.facts.imei != 0)
            marks.device =
                position(event.facts.imei, kDeviceSalt, activity::DeviceCell::kPositions);
        return marks;
    }

    // Counts an event of one who acts; the features with it.
    template <class Count>
    Features act(ActivityKey key, Time time, const Count& count) {
        Bucket& bucket = bucket_of(key);
        const auto place = counted(bucket, key, time, false, count);
        if (!place) return {};
        const Features features =
            activity::read_features(bucket.record(place->slot), place->generation, time);
        bucket.keep_until(place->slot, activity::day_of(time), activity::keep_days(features));
        return features;
    }

    template <class Count>
    void receive(ActivityKey key, Time time, const Count& count) {
        if (key.empty()) return;
        counted(bucket_of(key), key, time, true,
                [&](activity::Record& record, std::uint32_t generation) {
                    return count(record, generation, time);
                });
    }

    template <class Count>
    std::optional<Place> counted(Bucket& bucket, ActivityKey key, Time time, bool guest,
                                 const Count& count) {
        Counters& counters = counters_[index_of(key) % kStripes];
        for (unsigned tries = 0; tries < kTries; ++tries) {
            Claimed what;
            const auto place =
                bucket.find_or_claim(key.word(), activity::day_of(time), guest, what);
            add(counters.claimed, what.claimed);
            add(counters.evicted, what.evicted);
            if (!place) {
                add(guest ? counters.passed_over : counters.contended, true);
                return {};
            }
            if (count(bucket.record(place->slot), place->generation) != Outcome::kGone)
                return place;
        }
        add(counters.contended, true);
        return {};
    }

    Block<Bucket> buckets_;
    ActivityOptions options_;
    std::array<Counters, kStripes> counters_;
};

Result<ActivityTable> ActivityTable::create(const ActivityOptions& options) {
    const std::size_t count = options.bytes / sizeof(Bucket);
    if (count == 0) {
        return Error{ErrorCode::kOutOfRange, "activity memory of " + std::to_string(options.bytes) +
                                                 " bytes holds no bucket; give at least " +
                                                 std::to_string(sizeof(Bucket))};
    }
    auto buckets = Block<Bucket>::make(count);
    if (!buckets.empty()) {
        std::unique_ptr<Core> core(new (std::nothrow) Core(std::move(buckets), options));
        if (core) return ActivityTable(std::move(core));
    }
    return Error{ErrorCode::kOutOfMemory,
                 "no memory for an activity table of " + std::to_string(options.bytes) + " bytes"};
}

ActivityTable::ActivityTable(std::unique_ptr<Core> core) : core_(std::move(core)) {}
ActivityTable::ActivityTable(ActivityTable&&) noexcept = default;
ActivityTable& ActivityTable::operator=(ActivityTable&&) noexcept = default;
ActivityTable::~ActivityTable() = default;

Features ActivityTable::record_call(ActivityKey caller, ActivityKey callee, Time time,
                                    CallFacts facts) {
    return core_->call({caller, callee, time, facts});
}

// Three dense loops: page walks overlap only where prefetches stand close together.
void ActivityTable::record_calls(std::span<const CallEvent> events, std::span<Features> features) {
    constexpr std::size_t kChunk = 64;
    for (std::size_t start = 0; start < events.size(); start += kChunk) {
        const auto chunk = events.subspan(start, std::min(kChunk, events.size() - start));
        for (const CallEvent& event : chunk) {
            core_->prefetch(event.caller);
            core_->prefetch(event.callee);
        }
        for (const CallEvent& event : chunk) {
            core_->prefetch_record(event.caller);
            core_->prefetch_record(event.callee);
        }
        for (std::size_t i = 0; i < chunk.size(); ++i) features[start + i] = core_->call(chunk[i]);
    }
}

void ActivityTable::observe(ActivityKey caller, Time time, Phase phase, std::uint32_t duration_s) {
    core_->observe(caller, time, phase, duration_s);
}

Features ActivityTable::record_sms(ActivityKey sender, ActivityKey recipient, Time time) {
    return core_->sms(sender, recipient, time);
}

Features ActivityTable::peek(ActivityKey key, Time time) const { return core_->peek(key, time); }
void ActivityTable::prefetch(ActivityKey key) const { core_->prefetch(key); }
ActivityStats ActivityTable::stats() const { return core_->stats(); }
std::size_t ActivityTable::held() const { return core_->held(); }
std::size_t ActivityTable::memory_bytes() const { return core_->memory_bytes(); }

}  // namespace ringfence
