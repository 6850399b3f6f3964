#include "ringfence/table/key_table.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <new>
#include <set>
#include <string>
#include <utility>

#include "src/table/long_number.hpp"
#include "src/table/seed.hpp"

namespace ringfence {
namespace {

unsigned labels_of(std::string_view host) {
    return 1 + static_cast<unsigned>(std::ranges::count(host, '.'));
}

Error no_room_for_names() {
    return {ErrorCode::kOutOfMemory, "no memory is left for the table of names"};
}

}  // namespace

std::size_t KeyTable::memory_bytes() const {
    return slots_.capacity() * sizeof(std::uint64_t) + records_.capacity() * sizeof(KeyRecord) +
           texts_.capacity() + lists_.capacity() * sizeof(ListIndex);
}

void KeyTable::append(KeyKind kind, std::uint8_t length, std::uint32_t list_count) {
    KeyRecord record;
    record.text = records_.empty() ? 0 : records_.back().text + records_.back().length;
    record.lists = records_.empty() ? 0 : records_.back().lists + records_.back().list_count;
    record.list_count = list_count;
    record.length = length;
    record.kind = kind;
    records_.push_back(record);
    const std::string_view text(texts_.data() + record.text, length);
    if (kind == KeyKind::kDomain) most_labels_ = std::max(most_labels_, labels_of(text));
    const std::uint64_t hashed = KeyView::hash(seed_, kind, text);
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = hashed & mask;
    while (slots_[i] != 0) i = (i + 1) & mask;
    slots_[i] = hashed >> 32u << 32u | records_.size();
}

void KeyTable::finish() {
    view_ = KeyView({slots_, records_, texts_, lists_, seed_, most_labels_});
}

class KeyRules::Rules {
public:
    std::map<std::pair<KeyKind, std::string>, std::set<ListIndex>> keys;
};

KeyRules::KeyRules() : rules_(std::make_unique<Rules>()) {}
KeyRules::KeyRules(KeyRules&&) noexcept = default;
KeyRules& KeyRules::operator=(KeyRules&&) noexcept = default;
KeyRules::~KeyRules() = default;

Result<bool> KeyRules::add(KeyKind kind, std::string_view text, ListIndex list) {
    if (text.empty())
        return Error{ErrorCode::kInvalidArgument, "an empty name cannot be on a list"};
    if (text.size() > kMaxKeyText)
        return Error{ErrorCode::kTooLarge,
                     "'" + std::string(text.substr(0, 24)) + "...' has more than 255 octets"};
    if (kind == KeyKind::kDigits && !is_long_number(text))
        return Error{
            ErrorCode::kInvalidArgument,
            "'" + std::string(text.substr(0, kMaxLongNumber)) + "' is not 16 to 24 digits"};
    try {
        return rules_->keys[{kind, std::string(text)}].insert(list).second;
    } catch (const std::bad_alloc&) {
        return no_room_for_names();
    }
}

bool KeyRules::remove(KeyKind kind, std::string_view text, ListIndex list) {
    if (text.size() > kMaxKeyText) return false;
    const auto at = rules_->keys.find({kind, std::string(text)});
    if (at == rules_->keys.end() || at->second.erase(list) == 0) return false;
    if (at->second.empty()) rules_->keys.erase(at);
    return true;
}

Result<KeyTable> KeyRules::build() const {
    const auto& keys = rules_->keys;
    if (keys.size() >= UINT32_MAX)
        return Error{ErrorCode::kFull, "more than 2^32 names; spread them over several screens"};
    KeyTable table;
    if (keys.empty()) return table;
    try {
        table.seed_ = unforeseeable_seed();
        table.records_.reserve(keys.size());
        table.slots_.resize(std::bit_ceil(2 * keys.size()));
        for (const auto& [key, lists] : keys) {
            if (lists.empty()) continue;  // an add that found no memory left it behind
            const auto& [kind, text] = key;
            table.texts_.insert(table.texts_.end(), text.begin(), text.end());
            table.lists_.insert(table.lists_.end(), lists.begin(), lists.end());
            table.append(kind, static_cast<std::uint8_t>(text.size()),
                         static_cast<std::uint32_t>(lists.size()));
        }
        table.finish();
        return table;
    } catch (const std::bad_alloc&) {
        return no_room_for_names();
    }
}

std::size_t KeyRules::size() const { return rules_->keys.size(); }

}  // namespace ringfence
