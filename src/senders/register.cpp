#include "ringfence/senders/register.hpp"

#include <algorithm>

#include "ringfence/text/skeleton.hpp"
#include "src/senders/sender_keys.hpp"

namespace ringfence {
namespace {

// The entries of that key: sorted, so that they stand side by side.
template <class Entry, class Key>
std::span<const Entry> found(const std::vector<Entry>& entries, const Key& key) {
    const auto begin = std::lower_bound(
        entries.begin(), entries.end(), key,
        [](const Entry& entry, const Key& wanted) { return entry.first < wanted; });
    auto end = begin;
    while (end != entries.end() && end->first == key) ++end;
    return {begin, end};
}

}  // namespace

// Where neither is known, nothing can be held against it.
bool SenderRegister::Grant::allows(const SenderOrigin& origin) const {
    if (any_way()) return true;
    if (!origin.bind && !origin.trunk && !origin.other_way) return true;
    return (origin.bind && std::ranges::binary_search(binds, *origin.bind)) ||
           (origin.trunk && std::ranges::binary_search(trunks, *origin.trunk));
}

SenderRegister::Judgement SenderRegister::judge(const Address& sender, const Normalized& number,
                                                std::string_view name, const SenderOrigin& origin,
                                                Time time) const {
    const Sender* mine = nullptr;
    const bool is_name = sender.kind == AddressKind::kAlphanumeric;
    if (sender.kind == AddressKind::kDigits && !sender.truncated) {
        const auto range = found(codes_, code_key(sender, number));
        if (range.empty()) return {};
        mine = &senders_[range.front().second];
    } else if (is_name) {
        NameKey key;
        if (!sender.truncated && name_key(sender.text(), key)) {
            const auto range = found(names_, key.text());
            if (!range.empty()) mine = &senders_[range.front().second];
        }
    } else {
        return {};
    }
    bool registered = false;
    for (std::size_t i = 0; mine != nullptr && i < mine->grants.size(); ++i) {
        const Grant& grant = mine->grants[i];
        if (!grant.in_force(time)) continue;
        if (grant.allows(origin)) return {SenderStanding::kRegistered, nullptr};
        registered = true;
    }
    if (registered) return {SenderStanding::kWrongWay, nullptr};
    if (!is_name) return {};
    NameKey key;
    if (look_alike_key(sender.truncated ? name : sender.text(), key)) {
        const Sender* like = in_force_like(key.text(), mine, time);
        if (like != nullptr) return {SenderStanding::kLookAlike, like};
    }
    return {SenderStanding::kUnregistered, nullptr};
}

const SenderRegister::Sender* SenderRegister::in_force_like(std::u32string_view key,
                                                            const Sender* except, Time time) const {
    for (const auto& [like, place] : found(look_alikes_, key)) {
        const Sender& other = senders_[place];
        if (&other == except) continue;
        for (const Grant& grant : other.grants)
            if (grant.in_force(time)) return &other;
    }
    return nullptr;
}

std::vector<std::pair<const SenderRegister::Sender*, const SenderRegister::Sender*>>
SenderRegister::alike() const {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> places;
    for (std::size_t begin = 0; begin < look_alikes_.size();) {
        std::size_t end = begin + 1;
        while (end < look_alikes_.size() && look_alikes_[end].first == look_alikes_[begin].first)
            ++end;
        // Each with the first of them: all pairs of a crowd would be too many to read.
        for (std::size_t i = begin + 1; i < end; ++i) {
            const auto first = look_alikes_[begin].second;
            if (look_alikes_[i].second != first) places.push_back({first, look_alikes_[i].second});
        }
        begin = end;
    }
    std::ranges::sort(places);
    places.erase(std::unique(places.begin(), places.end()), places.end());
    std::vector<std::pair<const Sender*, const Sender*>> pairs;
    pairs.reserve(places.size());
    for (const auto& [first, second] : places)
        pairs.push_back({&senders_[first], &senders_[second]});
    return pairs;
}

}  // namespace ringfence
