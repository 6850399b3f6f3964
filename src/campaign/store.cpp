#include "ringfence/campaign/store.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <new>
#include <utility>
#include <vector>

#include "ringfence/base/hash.hpp"
#include "src/campaign/sketch_index.hpp"

namespace ringfence {
namespace {

constexpr unsigned kParts = 4;
constexpr std::uint32_t kNone = SketchIndex::kNone;

// Of one part of the window.
struct Part {
    static constexpr unsigned kPlaces = 256;
    std::int64_t number =
        -1;  // which part of time since 1970; those of other times count for nothing
    std::uint32_t messages = 0;
    std::array<std::uint64_t, kPlaces / 64> places{};
};

// A place in the list of campaigns by when they were heard last.
struct Links {
    std::uint32_t before = kNone;
    std::uint32_t after = kNone;
};

struct Record {
    std::uint64_t id = 0;
    std::uint64_t messages = 0;
    Time first{};
    Time last{};
    std::array<Part, kParts> parts;
    Links heard;
};

unsigned senders_of(const std::array<std::uint64_t, Part::kPlaces / 64>& places) {
    unsigned used = 0;
    for (const std::uint64_t word : places) used += static_cast<unsigned>(std::popcount(word));
    if (used == Part::kPlaces) return Campaign::kMostSenders;
    const double free = 1 - static_cast<double>(used) / Part::kPlaces;
    const double estimate = -double{Part::kPlaces} * std::log(free);
    return std::min(Campaign::kMostSenders, static_cast<unsigned>(std::lround(estimate)));
}

}  // namespace

class CampaignStore::Inside {
public:
    explicit Inside(const CampaignOptions& options)
        : options_(options),
          part_ms_(std::max<std::int64_t>(1, options.window_ms / kParts)),
          records_(options.campaigns),
          index_(options.campaigns) {
        free_.reserve(options.campaigns);
        for (std::uint32_t i = options.campaigns; i-- > 0;) free_.push_back(i);
    }

    Campaign add(const Sketch& sketch, std::uint64_t sender, Time now) {
        now_ = std::max(now_, now);
        std::uint32_t at = nearest(sketch);
        if (at == kNone) {
            at = take();
            begin(at, sketch);
        } else {
            unlink_heard(at);
        }
        Record& record = records_[at];
        link_heard(at);
        record.last = now_;
        ++record.messages;
        const std::int64_t number = part_of(now_);
        Part& part = record.parts[static_cast<std::size_t>(number) % kParts];
        if (part.number != number) part = {.number = number};
        ++part.messages;
        const std::uint64_t place = mix(sender, 0) % Part::kPlaces;
        part.places[place / 64] |= std::uint64_t{1} << place % 64;
        return describe(record, number);
    }

    std::optional<Campaign> find(const Sketch& sketch, Time now) const {
        const std::uint32_t at = nearest(sketch);
        if (at == kNone) return {};
        return describe(records_[at], part_of(std::max(now_, now)));
    }

    std::size_t advance(Time now, std::size_t most) {
        now_ = std::max(now_, now);
        std::size_t gone = 0;
        while (gone < most && quietest_ != kNone && is_quiet(records_[quietest_])) {
            free_.push_back(release(quietest_));
            ++gone;
        }
        return gone;
    }

    std::size_t size() const { return records_.size() - free_.size(); }
    std::size_t memory_bytes() const {
        return sizeof *this + records_.capacity() * sizeof(Record) + index_.memory_bytes() +
               free_.capacity() * sizeof(std::uint32_t);
    }
    std::uint64_t displaced() const { return displaced_; }

private:
    std::int64_t part_of(Time time) const { return to_ms(time) / part_ms_; }
    bool is_quiet(const Record& record) const {
        return to_ms(now_) - to_ms(record.last) >= options_.keep_ms;
    }

    // The latest of equals.
    std::uint32_t nearest(const Sketch& sketch) const {
        return index_.nearest(sketch, options_.similarity_percent).place;
    }

    Campaign describe(const Record& record, std::int64_t number) const {
        Campaign campaign{record.id, record.messages, 0, 0, record.first, record.last};
        std::array<std::uint64_t, Part::kPlaces / 64> places{};
        for (const Part& part : record.parts) {
            if (part.number <= number - kParts || part.number > number) continue;
            campaign.recent_messages += part.messages;
            for (std::size_t i = 0; i < places.size(); ++i) places[i] |= part.places[i];
        }
        campaign.recent_senders = senders_of(places);
        return campaign;
    }

    // A free record; that of the campaign which was quiet longest, when there is none.
    std::uint32_t take() {
        if (free_.empty()) {
            displaced_ += is_quiet(records_[quietest_]) ? 0 : 1;
            return release(quietest_);
        }
        const std::uint32_t at = free_.back();
        free_.pop_back();
        return at;
    }

    void begin(std::uint32_t at, const Sketch& sketch) {
        Record& record = records_[at];
        record = Record{};
        record.id = ++last_id_;
        record.first = now_;
        index_.put(at, sketch);
    }

    std::uint32_t release(std::uint32_t at) {
        index_.take_out(at);
        unlink_heard(at);
        return at;
    }

    void link_heard(std::uint32_t at) {
        records_[at].heard = {latest_, kNone};
        (latest_ == kNone ? quietest_ : records_[latest_].heard.after) = at;
        latest_ = at;
    }
    void unlink_heard(std::uint32_t at) {
        const Links links = records_[at].heard;
        (links.before == kNone ? quietest_ : records_[links.before].heard.after) = links.after;
        (links.after == kNone ? latest_ : records_[links.after].heard.before) = links.before;
    }

    CampaignOptions options_;
    std::int64_t part_ms_;
    std::vector<Record> records_;
    SketchIndex index_;
    std::vector<std::uint32_t> free_;
    std::uint32_t quietest_ = kNone;
    std::uint32_t latest_ = kNone;
    Time now_{};
    std::uint64_t last_id_ = 0;
    std::uint64_t displaced_ = 0;
};

CampaignStore::CampaignStore(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
CampaignStore::CampaignStore(CampaignStore&&) noexcept = default;
CampaignStore& CampaignStore::operator=(CampaignStore&&) noexcept = default;
CampaignStore::~CampaignStore() = default;

Result<CampaignStore> CampaignStore::create(const CampaignOptions& options) {
    const auto refuse = [](const char* what) { return Error{ErrorCode::kOutOfRange, what}; };
    if (options.campaigns == 0 || options.campaigns > 1u << 24u)
        return refuse("a store holds 1 to 16,777,216 campaigns");
    if (options.window_ms < kParts) return refuse("the window of campaigns must be 4 ms at least");
    if (options.keep_ms < options.window_ms)
        return refuse("campaigns must be kept as long as their window at least");
    if (options.similarity_percent < 30 || options.similarity_percent > 100)
        return refuse("the similarity of copies must be 30 to 100 %");
    try {
        return CampaignStore(std::make_unique<Inside>(options));
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::kOutOfMemory, "no memory is left for campaigns"};
    }
}

Campaign CampaignStore::add(const Sketch& sketch, std::uint64_t sender, Time now) {
    return inside_->add(sketch, sender, now);
}
std::optional<Campaign> CampaignStore::find(const Sketch& sketch, Time now) const {
    return inside_->find(sketch, now);
}
std::size_t CampaignStore::advance(Time now, std::size_t most) {
    return inside_->advance(now, most);
}
std::size_t CampaignStore::size() const { return inside_->size(); }
std::size_t CampaignStore::memory_bytes() const { return inside_->memory_bytes(); }
std::uint64_t CampaignStore::displaced() const { return inside_->displaced(); }

}  // namespace ringfence
