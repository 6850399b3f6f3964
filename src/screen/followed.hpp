// followed.hpp - a generation of lists that another process publishes, held by this screen.
//
// It keeps a reader's slot and a pin for as long as sessions may look up in it, so that what a session does costs no more than
// in tables of its own, and the publisher waits for screens, not for calls. A screen holds two at most for a while: the one that serves, and the
// one before until no session has it. There are no more: while the one before is pinned the publisher does not get past the one that serves, and what is
// held already is not held again.
//
// Threads: made and destroyed under the screen's writer lock; read by any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "ringfence/image/shared_image.hpp"
#include "ringfence/policy/policy.hpp"
#include "src/screen/ended.hpp"
#include "src/screen/loaded_lists.hpp"

namespace ringfence {

class Followed {
public:
    // What was published last, verified, when it is of the policy's lists: `serving`, which may be null, when that is it. Fails as
    // SharedImage::reader, SharedPin::verify and check_declared do.
    static Result<std::shared_ptr<const Followed>> hold(
        const SharedImage& shared, const Policy& policy,
        const std::shared_ptr<const Followed>& serving);

    explicit Followed(SharedReader reader) : reader_(std::move(reader)), pin_(reader_) {}
    Followed(const Followed&) = delete;
    Followed& operator=(const Followed&) = delete;

    std::uint64_t generation() const { return pin_.generation(); }
    const TableViews& tables() const { return *pin_.tables(); }
    std::uint64_t numbers() const { return pin_.numbers(); }
    std::uint64_t bytes() const { return pin_.bytes(); }

    // The entries that have ended by `now`, but that the tables hold; null when there are none, and before the time was told.
    std::shared_ptr<const Ended> ended_by(std::optional<Time> now) const;
    // Whether they are others than `ended`, which it made or is null. Of many those that were the last to end may wait for kStep.
    bool end_anew(const Ended* ended, Time now) const;
    static constexpr std::uint32_t kStep = 10;  // seconds
    static constexpr std::size_t kAtOnce = std::size_t{1}
                                           << 14u;  // making them anew takes a millisecond or two

    // What a load of these lists comes to, without tables.
    LoadedLists loaded(const Policy& policy) const;

private:
    SharedReader reader_;
    SharedPin pin_;
    SharedLists lists_;
    SharedEnds ends_;
};

}  // namespace ringfence
