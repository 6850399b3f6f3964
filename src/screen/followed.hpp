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
#include <utility>

#include "ringfence/image/shared_image.hpp"
#include "ringfence/policy/policy.hpp"
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

    // What a load of these lists comes to, without tables.
    LoadedLists loaded(const Policy& policy) const;

private:
    SharedReader reader_;
    SharedPin pin_;
    SharedLists lists_;
};

}  // namespace ringfence
