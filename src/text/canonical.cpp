#include "src/text/canonical.hpp"

#include <array>
#include <tuple>

#include "src/text/data/host_data.hpp"

namespace ringfence {
namespace {

using namespace skeleton_data;

// Unicode 15 clause 3.12.
constexpr char32_t kSyllables = 0xAC00;
constexpr char32_t kLeads = 0x1100;
constexpr char32_t kVowels = 0x1161;
constexpr char32_t kTrails = 0x11A7;
constexpr char32_t kLeadCount = 19;
constexpr char32_t kVowelCount = 21;
constexpr char32_t kTrailCount = 28;
constexpr char32_t kSyllableCount = kLeadCount * kVowelCount * kTrailCount;

std::uint32_t combining_class(char32_t c) {
    const Range* range = c < 0x300 ? nullptr : range_of(kCombining, c);
    return range != nullptr ? range->value : 0;
}

// The composite of two, or 0.
char32_t composed(char32_t base, char32_t next) {
    if (base - kLeads < kLeadCount && next - kVowels < kVowelCount) {
        return kSyllables + ((base - kLeads) * kVowelCount + next - kVowels) * kTrailCount;
    }
    const char32_t syllable = base - kSyllables;
    if (syllable < kSyllableCount && syllable % kTrailCount == 0 && next > kTrails &&
        next < kTrails + kTrailCount) {
        return base + (next - kTrails);
    }
    const auto pair = [](const host_data::Composition& row) {
        return std::tuple(row.base, row.mark);
    };
    const auto rows = host_data::kCompositions;
    const auto at = std::ranges::lower_bound(rows, std::tuple(base, next), {}, pair);
    return at != rows.end() && pair(*at) == std::tuple(base, next) ? at->composite : 0;
}

}  // namespace

bool push_mapped(std::span<const Mapping> mappings, char32_t c, NameKey& out) {
    const Mapping* mapping = row_of(mappings, c);
    if (mapping == nullptr) return out.push(c);
    for (std::size_t i = 0; i < mapping->size; ++i)
        if (!out.push(kPool[mapping->begin + i])) return false;
    return true;
}

bool push_decomposed(char32_t c, NameKey& out) {
    if (c < 0xC0) return out.push(c);
    const char32_t place = c - kSyllables;
    if (c < kSyllables || place >= kSyllableCount) return push_mapped(kDecompositions, c, out);
    const char32_t trail = place % kTrailCount;
    return out.push(kLeads + place / (kVowelCount * kTrailCount)) &&
           out.push(kVowels + place % (kVowelCount * kTrailCount) / kTrailCount) &&
           (trail == 0 || out.push(kTrails + trail));
}

void order_marks(NameKey& key) {
    std::array<std::uint32_t, NameKey::kMaxSize> classes;
    for (std::size_t at = 0; at < key.size(); ++at) {
        const char32_t c = key[at];
        const std::uint32_t mine = combining_class(c);
        std::size_t to = at;
        for (; mine != 0 && to > 0 && classes[to - 1] > mine; --to) {
            key[to] = key[to - 1];
            classes[to] = classes[to - 1];
        }
        key[to] = c;
        classes[to] = mine;
    }
}

void compose(NameKey& key) {
    std::size_t size = 0;
    std::size_t starter = NameKey::kMaxSize;  // none yet
    std::uint32_t last = 0;
    for (std::size_t at = 0; at < key.size(); ++at) {
        const char32_t c = key[at];
        const std::uint32_t mine = combining_class(c);
        // D115: a mark of no lower class, or a letter, between the two keeps them apart.
        if (starter < size && (starter + 1 == size || last < mine)) {
            if (const char32_t composite = composed(key[starter], c); composite != 0) {
                key[starter] = composite;
                continue;
            }
        }
        if (mine == 0) starter = size;
        last = mine;
        key[size++] = c;
    }
    key.cut(size);
}

}  // namespace ringfence
