// expiry_wheel.hpp - which numbers to look at, by the second in which they expire.
//
//     shut    64 s, list -> { rank 50 | second of the 64, 6 }       8 bytes a place
//     open    64 seconds, each { rank, list, expires }              the 64 seconds that are coming up
//
// The earliest 64 seconds are opened, that is dealt out by the second, when their time comes. A place is never
// taken back: who added it finds out, when it comes up, whether it still holds.
//
// Cost: 8 to 10 bytes a place, 100 bytes for every list and 64 seconds that have any; opening 5 ns a place.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "ringfence/table/membership.hpp"

namespace ringfence {

// Threads: one thread per object.
class ExpiryWheel {
public:
    struct Place {
        std::uint64_t rank = 0;
        std::uint32_t expires = 0;  // seconds since 1970
        ListIndex list = 0;
    };

    void add(const Place& place);

    // The earliest second at or before `now` that has places; none when none is due.
    std::optional<std::uint32_t> due(std::uint32_t now);

    // Takes out one place of the second that `due` just gave.
    Place take();

    // The earliest second that has places, or an earlier one of the same 64; none when there is none.
    std::optional<std::uint32_t> next() const;

    // Gives the earliest places to `each`, 64 seconds at a time, as long as `more` takes the number of the next ones; and of the others to
    // `left` the list, once or more, and a second before which there are none of it.
    template <class More, class Each, class Left>
    void earliest(const More& more, const Each& each, const Left& left) const;

    std::size_t size() const { return size_; }
    std::size_t memory_bytes() const;

private:
    static constexpr unsigned kSecondBits = 6;
    static constexpr std::size_t kSeconds = std::size_t{1} << kSecondBits;

    using Places = std::vector<std::uint64_t>;
    using Shut = std::map<std::pair<std::uint32_t, ListIndex>, Places>;  // by second / 64 and list

    void open(std::uint32_t turn);

    Shut shut_;
    std::optional<std::uint32_t> turn_;  // of open_; all of shut_ lies behind it
    std::array<std::vector<Place>, kSeconds> open_;
    std::size_t first_ = 0;  // of open_, that may have places
    std::size_t size_ = 0;
};

template <class More, class Each, class Left>
void ExpiryWheel::earliest(const More& more, const Each& each, const Left& left) const {
    auto at = shut_.begin();
    std::size_t count = 0;
    for (const std::vector<Place>& second : open_) count += second.size();
    const bool begins = more(count);
    for (const std::vector<Place>& second : open_) {
        for (const Place& place : second) {
            if (begins)
                each(place);
            else
                left(place.list, place.expires);
        }
    }
    while (begins && at != shut_.end()) {
        const std::uint32_t turn = at->first.first;
        auto end = at;
        for (count = 0; end != shut_.end() && end->first.first == turn; ++end)
            count += end->second.size();
        if (!more(count)) break;
        for (; at != end; ++at)
            for (const std::uint64_t place : at->second)
                each({place >> kSecondBits,
                      (turn << kSecondBits) + static_cast<std::uint32_t>(place % kSeconds),
                      at->first.second});
    }
    for (; at != shut_.end(); ++at) left(at->first.second, at->first.first << kSecondBits);
}

}  // namespace ringfence
