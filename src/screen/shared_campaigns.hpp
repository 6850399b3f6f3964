// shared_campaigns.hpp - the campaigns that all sessions of a screen count together.
//
// Near-copies meet by any of sixteen bands, so that no division of the store by message keeps those apart that never
// meet: it is one, under a lock of one word. It is held for one look-up and count: 0.3 us where a message is a copy of a campaign's
// first, or like few, among 60,000; 5 to 9 us where thousands of campaigns share its opening (measured on a busy Zen 4 at 65,536
// campaigns). So some two million messages a second pass it, and not much over 100,000 of the dear ones, however many sessions.
//
// Threads: any.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "ringfence/campaign/store.hpp"
#include "ringfence/sync/spin_guard.hpp"

namespace ringfence {

class SharedCampaigns {
public:
    static Result<std::shared_ptr<SharedCampaigns>> create(const CampaignOptions& options) {
        auto store = CampaignStore::create(options);
        if (!store) return store.error();
        return std::shared_ptr<SharedCampaigns>(new SharedCampaigns(std::move(*store), options));
    }

    const CampaignOptions& options() const { return options_; }

    Campaign add(const Sketch& sketch, std::uint64_t sender, Time now) {
        const SpinGuard guard(locked_);
        return store_.add(sketch, sender, now);
    }
    std::optional<Campaign> find(const Sketch& sketch, Time now) {
        const SpinGuard guard(locked_);
        return store_.find(sketch, now);
    }
    // In pieces, so that no session waits for all of it.
    void advance(Time now) {
        constexpr std::size_t kAtOnce = 64;
        std::size_t gone = kAtOnce;
        while (gone == kAtOnce) {
            const SpinGuard guard(locked_);
            gone = store_.advance(now, kAtOnce);
        }
    }

    struct Count {
        std::uint64_t running = 0;
        std::uint64_t displaced = 0;
        std::uint64_t bytes = 0;
    };
    Count count() {
        const SpinGuard guard(locked_);
        return {store_.size(), store_.displaced(), store_.memory_bytes()};
    }

private:
    SharedCampaigns(CampaignStore store, const CampaignOptions& options)
        : options_(options), store_(std::move(store)) {}

    const CampaignOptions options_;
    std::atomic<bool> locked_{false};
    CampaignStore store_;
};

}  // namespace ringfence
