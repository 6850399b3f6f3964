#include "ringfence/lists/sub_lists.hpp"

namespace ringfence {
namespace {

constexpr int kOwnAction = -1;  // the list's

int number_of(std::optional<Action> action) {
    return action ? static_cast<int>(*action) : kOwnAction;
}

}  // namespace

SubLists::SubLists(std::uint16_t lists) {
    all_.reserve(lists);
    for (std::uint16_t list = 0; list < lists; ++list) {
        index_.emplace(Key{list, kOwnAction, {}}, list);
        all_.push_back({list, {}, {}});
    }
}

Result<ListIndex> SubLists::index_of(std::uint16_t list, std::optional<Action> action,
                                     std::string_view category) {
    Key key{list, number_of(action), std::string(category)};
    if (const auto known = index_.find(key); known != index_.end()) return known->second;
    if (all_.size() >= kMax)
        return Error{ErrorCode::kFull, "over 65,000 distinct pairs of action and category in rows"};
    const auto index = static_cast<ListIndex>(all_.size());
    all_.push_back({list, action, std::string(category)});
    index_.emplace(std::move(key), index);
    return index;
}

std::vector<ListIndex> SubLists::indexes_of(std::uint16_t list) const {
    std::vector<ListIndex> indexes;
    for (std::size_t i = 0; i < all_.size(); ++i) {
        if (all_[i].list == list) indexes.push_back(static_cast<ListIndex>(i));
    }
    return indexes;
}

}  // namespace ringfence
