// store.hpp - the campaigns that run: which earlier messages is this one a near-copy of, how many were there, and from
// how many senders?
//
//     message's sketch --bands--> campaigns that share one --similarity--> the nearest, or a new campaign
//
// A campaign is known by the sketch of its first message, and found by its bands: texts of a similarity of one half share
// one with 99 %, of two thirds with 99.99 %.
//
// A campaign counts its messages, and over the last `window` the messages and senders, in four parts of it: the oldest
// part goes at once, so the counts are of three to four parts. Senders are told apart by linear counting (Whang and others
// 1990) with 256 places: 3 % off at 50 senders, and at most kMostSenders.
//
// Memory is taken once: 830 to 970 octets a campaign. When all are in use the one that was quiet longest goes, so who
// sends a million texts displaces what is quiet, and allocates nothing. A message that says the same as the first of its
// campaign is always found; of the others that share a band 256 at most are met, and the 8 likeliest compared: a text made
// to share bands with many others may be taken for a new one.
//
// Threads: one at a time; what shares a store guards it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "ringfence/base/result.hpp"
#include "ringfence/base/time.hpp"
#include "ringfence/campaign/sketch.hpp"

namespace ringfence {

struct CampaignOptions {
    std::uint32_t campaigns = 65'536;  // 1 to 2^24
    // Over how long messages and senders are counted, and after which a quiet campaign is forgotten.
    std::int64_t window_ms = 3'600'000;
    std::int64_t keep_ms = 7 * kDayMs;
    // How near a copy is: similarity in hundredths, 30 to 100.
    unsigned similarity_percent = 50;

    friend bool operator==(const CampaignOptions&, const CampaignOptions&) = default;
};

struct Campaign {
    static constexpr unsigned kMostSenders = 1'000;  // as many and more

    std::uint64_t id = 0;        // of its first message, counted from 1; never given twice
    std::uint64_t messages = 0;  // all of it
    std::uint64_t recent_messages = 0;
    unsigned recent_senders = 0;
    Time first{};
    Time last{};
};

class CampaignStore {
public:
    // kOutOfRange: the options; kOutOfMemory.
    static Result<CampaignStore> create(const CampaignOptions& options = {});
    CampaignStore(CampaignStore&&) noexcept;
    CampaignStore& operator=(CampaignStore&&) noexcept;
    ~CampaignStore();

    // Counts a message, and gives its campaign with it counted. `sender` is a hash of who sent it. A time before the
    // latest, or before 1970, counts as the latest.
    Campaign add(const Sketch& sketch, std::uint64_t sender, Time now);

    // The campaign that a message would be of, without counting it.
    std::optional<Campaign> find(const Sketch& sketch, Time now) const;

    // Forgets campaigns that have been quiet for `keep_ms`, `most` of them at once; gives how many.
    std::size_t advance(Time now, std::size_t most = static_cast<std::size_t>(-1));

    std::size_t size() const;
    std::size_t memory_bytes() const;
    // Campaigns forgotten while they were not yet quiet for long, for want of room.
    std::uint64_t displaced() const;

private:
    class Inside;
    explicit CampaignStore(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

}  // namespace ringfence
