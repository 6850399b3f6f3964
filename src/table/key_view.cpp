#include "ringfence/table/key_view.hpp"

#include <algorithm>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace ringfence {
namespace {

std::string_view last_octets(std::string_view text) {
    return text.size() > kMaxKeyText ? text.substr(text.size() - kMaxKeyText) : text;
}

}  // namespace

std::uint64_t KeyView::hash(std::uint64_t seed, KeyKind kind, std::string_view text) {
    return XXH3_64bits_withSeed(text.data(), text.size(), seed + static_cast<unsigned>(kind));
}

std::span<const ListIndex> KeyView::find(KeyKind kind, std::string_view text) const {
    const auto& [slots, records, texts, lists, seed, most_labels] = arrays_;
    if (slots.empty() || text.empty() || text.size() > kMaxKeyText) return {};
    const std::uint64_t wanted = hash(seed, kind, text);
    const std::size_t mask = slots.size() - 1;
    // Half of the slots are free, so that this ends.
    for (std::size_t i = wanted & mask; slots[i] != 0; i = (i + 1) & mask) {
        if (slots[i] >> 32u != wanted >> 32u) continue;
        const KeyRecord& record = records[(slots[i] & 0xFFFFFFFFu) - 1];
        if (record.kind == kind &&
            std::string_view(texts.data() + record.text, record.length) == text)
            return lists.subspan(record.lists, record.list_count);
    }
    return {};
}

DomainHit KeyView::find_domain(std::string_view host, std::size_t shorter_than) const {
    const unsigned most_labels = arrays_.most_labels;
    if (most_labels == 0) return {};
    const std::string_view whole = last_octets(host);
    // Where the suffixes to look at begin: the last most_labels labels, from the longest on.
    std::size_t begin = whole.size();
    for (unsigned labels = 0; begin > 0; --begin)
        if (whole[begin - 1] == '.' && ++labels == most_labels) break;
    // A host that was cut begins inside a label.
    if (begin == 0 && whole.size() != host.size()) begin = std::min(whole.find('.'), whole.size());
    while (begin < whole.size()) {
        const std::string_view suffix = whole.substr(begin);
        if (suffix.size() < shorter_than) {
            const auto lists = find(KeyKind::kDomain, suffix);
            if (!lists.empty()) return {lists, suffix.size()};
        }
        const std::size_t dot = whole.find('.', begin);
        if (dot == std::string_view::npos) break;
        begin = dot + 1;
    }
    return {};
}

}  // namespace ringfence
