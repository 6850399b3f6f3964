#include "ringfence/text/skeleton.hpp"

#include <algorithm>
#include <span>

#include "src/text/data/fold_data.hpp"
#include "src/text/data/skeleton_data.hpp"
#include "src/text/utf.hpp"

namespace ringfence {
namespace {

using namespace skeleton_data;

constexpr std::size_t kMaxOctets = 1'024;

// Unicode 15 clause 3.12.
constexpr char32_t kSyllables = 0xAC00;
constexpr char32_t kLeads = 0x1100;
constexpr char32_t kVowels = 0x1161;
constexpr char32_t kTrails = 0x11A7;
constexpr char32_t kVowelCount = 21;
constexpr char32_t kTrailCount = 28;
constexpr char32_t kSyllableCount = 19 * kVowelCount * kTrailCount;

template <class Row>
const Row* find(std::span<const Row> rows, char32_t source) {
    const auto at = std::ranges::lower_bound(rows, source, {}, &Row::source);
    return at != rows.end() && at->source == source ? &*at : nullptr;
}

// The value of the range that holds `c`; 0 for none.
std::uint32_t value_in(std::span<const Range> ranges, char32_t c) {
    const auto at = std::ranges::lower_bound(ranges, c, {}, &Range::last);
    return at != ranges.end() && at->first <= c ? at->value : 0;
}

std::uint32_t combining_class(char32_t c) { return c < 0x300 ? 0 : value_in(kCombining, c); }

bool push_mapped(std::span<const Mapping> mappings, char32_t c, NameKey& out) {
    const Mapping* mapping = find(mappings, c);
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

// Marks behind a character in the order of their classes, equals as they came (Unicode D109).
void order_marks(NameKey& key) {
    for (std::size_t at = 1; at < key.size(); ++at) {
        const char32_t c = key[at];
        const std::uint32_t mine = combining_class(c);
        if (mine == 0) continue;
        std::size_t to = at;
        for (; to > 0 && combining_class(key[to - 1]) > mine; --to) key[to] = key[to - 1];
        key[to] = c;
    }
}

// NFD of the name; with `visible` without what is default ignorable.
bool decompose(std::string_view utf8, bool visible, NameKey& out) {
    if (utf8.size() > kMaxOctets) return false;
    const std::span octets(reinterpret_cast<const std::uint8_t*>(utf8.data()), utf8.size());
    out.clear();
    for (std::size_t at = 0; at < octets.size();) {
        const utf::CodePoint c = utf::at_utf8(octets, at);
        at += c.size;
        if (visible && c.value >= 0xAD && value_in(kIgnorable, c.value) != 0) continue;
        if (!push_decomposed(c.value, out)) return false;
    }
    order_marks(out);
    return true;
}

bool map_all(std::span<const Mapping> mappings, const NameKey& from, NameKey& out) {
    out.clear();
    for (const char32_t c : from.text())
        if (!push_mapped(mappings, c, out)) return false;
    order_marks(out);
    return true;
}

// Letters in brackets, squares and discs that have no small form: capitals, though the fold table gives small letters.
bool is_enclosed_capital(char32_t c) { return c >= 0x1F110 && c <= 0x1F1FF; }

// The plain letter or digit that a character of another width or style stands for, its case kept; else `c`.
char32_t plain_of(char32_t c) {
    using fold_data::Operation;
    if (c < 0x80) return c;
    const fold_data::Entry entry = fold_data::entry_of(c);
    char32_t plain = 0;
    if (entry.operation() == Operation::kAbsolute) plain = entry.value();
    if (entry.operation() == Operation::kKeep) plain = static_cast<char16_t>(c + entry.value());
    if (plain >= U'0' && plain <= U'9') return plain;
    if (plain < U'a' || plain > U'z') return c;
    const bool capital = find(kCaseFolds, c) != nullptr || is_enclosed_capital(c);
    return capital ? plain - U'a' + U'A' : plain;
}

// Letters in circles, of which UTS #39 takes a few for one another and for signs: U+2117, U+00AE.
bool is_circled_letter(char32_t c) { return c >= 0x24B6 && c <= 0x24E9; }

// Prototypes; what UTS #39 has none for, and is a plain letter in a disguise, has that letter's.
bool map_looks(const NameKey& from, NameKey& out) {
    out.clear();
    for (const char32_t c : from.text()) {
        const bool known = c < 0x80 || (find(kPrototypes, c) != nullptr && !is_circled_letter(c));
        if (!push_mapped(kPrototypes, known ? c : plain_of(c), out)) return false;
    }
    order_marks(out);
    return true;
}

// Each code point of the decomposed name as `change` gives it; the name itself when it is too long for a key.
template <class Change>
std::string changed(std::string_view utf8, Change&& change) {
    NameKey decomposed;
    if (!decompose(utf8, false, decomposed)) return std::string(utf8);
    std::string out;
    for (const char32_t c : decomposed.text()) {
        char octets[4];
        out.append(octets, utf::write_utf8(change(c), octets));
    }
    return out;
}

}  // namespace

bool name_key(std::string_view utf8, NameKey& key) {
    NameKey decomposed;
    return decompose(utf8, false, decomposed) && map_all(kCaseFolds, decomposed, key);
}

bool look_alike_key(std::string_view utf8, NameKey& key) {
    NameKey decomposed;
    return decompose(utf8, true, key) && map_looks(key, decomposed) &&
           map_all(kCaseFolds, decomposed, key);
}

std::string capitals(std::string_view utf8) {
    return changed(utf8, [](char32_t c) {
        const Pair* pair = find(kCapitals, c);
        return pair != nullptr ? pair->target : c;
    });
}

std::string small_letters(std::string_view utf8) {
    return changed(utf8, [](char32_t c) {
        const Mapping* mapping = find(kCaseFolds, c);
        return mapping != nullptr && mapping->size == 1 ? kPool[mapping->begin] : c;
    });
}

}  // namespace ringfence
