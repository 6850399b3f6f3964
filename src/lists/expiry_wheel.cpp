#include "src/lists/expiry_wheel.hpp"

#include <algorithm>
#include <array>

namespace ringfence {

void ExpiryWheel::add(const Place& place) {
    const std::uint32_t turn = place.expires >> kSecondBits;
    if (turn_ && turn <= *turn_) {
        // What is earlier than the open seconds is due as soon as any of them.
        const std::size_t second = turn < *turn_ ? 0 : place.expires % kSeconds;
        open_[second].push_back(place);
        first_ = std::min(first_, second);
        ++size_;
        return;
    }
    Places& places = shut_[{turn, place.list}];
    // By a quarter, where a vector would double: the wheel is a large part of the book.
    if (places.size() == places.capacity())
        places.reserve(std::max<std::size_t>(4, places.size() + places.size() / 4));
    places.push_back(place.rank << kSecondBits | place.expires % kSeconds);
    ++size_;
}

std::optional<std::uint32_t> ExpiryWheel::due(std::uint32_t now) {
    for (;;) {
        if (turn_) {
            for (; first_ < kSeconds; ++first_) {
                const std::uint32_t second =
                    (*turn_ << kSecondBits) + static_cast<std::uint32_t>(first_);
                if (second > now) return {};
                if (!open_[first_].empty()) return second;
            }
            turn_.reset();
        }
        if (shut_.empty() || shut_.begin()->first.first > now >> kSecondBits) return {};
        open(shut_.begin()->first.first);
    }
}

ExpiryWheel::Place ExpiryWheel::take() {
    std::vector<Place>& second = open_[first_];
    const Place place = second.back();
    second.pop_back();
    if (second.empty()) std::vector<Place>().swap(second);
    --size_;
    return place;
}

void ExpiryWheel::open(std::uint32_t turn) {
    // Memory first: what is shut stays so when there is none.
    std::array<std::size_t, kSeconds> room{};
    for (auto at = shut_.begin(); at != shut_.end() && at->first.first == turn; ++at)
        for (const std::uint64_t place : at->second) ++room[place % kSeconds];
    for (std::size_t second = 0; second < kSeconds; ++second)
        open_[second].reserve(open_[second].size() + room[second]);
    turn_ = turn;
    first_ = 0;
    while (!shut_.empty() && shut_.begin()->first.first == turn) {
        const auto node = shut_.extract(shut_.begin());
        for (const std::uint64_t place : node.mapped()) {
            const auto second = static_cast<std::uint32_t>(place % kSeconds);
            open_[second].push_back(
                {place >> kSecondBits, (turn << kSecondBits) + second, node.key().second});
        }
    }
}

std::optional<std::uint32_t> ExpiryWheel::next() const {
    if (turn_) {
        for (std::size_t second = first_; second < kSeconds; ++second) {
            if (!open_[second].empty())
                return (*turn_ << kSecondBits) + static_cast<std::uint32_t>(second);
        }
    }
    if (shut_.empty()) return {};
    return shut_.begin()->first.first << kSecondBits;
}

std::size_t ExpiryWheel::memory_bytes() const {
    constexpr std::size_t kNode = 48 + sizeof(Shut::value_type);
    std::size_t bytes = sizeof(*this);
    for (const auto& [key, places] : shut_)
        bytes += kNode + places.capacity() * sizeof(std::uint64_t);
    for (const auto& second : open_) bytes += second.capacity() * sizeof(Place);
    return bytes;
}

}  // namespace ringfence
