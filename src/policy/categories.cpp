#include "ringfence/policy/categories.hpp"

namespace ringfence {

Result<std::uint16_t> Categories::intern(std::string_view text) {
    if (text.empty()) return std::uint16_t{0};
    if (const auto known = numbers_.find(text); known != numbers_.end()) return known->second;
    if (text.size() > kMaxText)
        return Error{ErrorCode::kTooLarge, "the category has more than 64 octets"};
    if (names_.size() > kMax)
        return Error{ErrorCode::kFull, "more than 65,535 distinct categories"};
    const auto number = static_cast<std::uint16_t>(names_.size());
    names_.emplace_back(text);
    numbers_.emplace(names_.back(), number);
    return number;
}

}  // namespace ringfence
