#include "ringfence/text/skeleton.hpp"

#include "src/text/canonical.hpp"
#include "src/text/data/fold_data.hpp"
#include "src/text/utf.hpp"

namespace ringfence {
namespace {

using namespace skeleton_data;

constexpr std::size_t kMaxOctets = 1'024;

// NFD of the name; with `visible` without what is default ignorable.
bool decompose(std::string_view utf8, bool visible, NameKey& out) {
    if (utf8.size() > kMaxOctets) return false;
    const std::span octets(reinterpret_cast<const std::uint8_t*>(utf8.data()), utf8.size());
    out.clear();
    for (std::size_t at = 0; at < octets.size();) {
        const utf::CodePoint c = utf::at_utf8(octets, at);
        at += c.size;
        if (visible && c.value >= 0xAD && range_of(kIgnorable, c.value) != nullptr) continue;
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
    const bool capital = row_of(kCaseFolds, c) != nullptr || is_enclosed_capital(c);
    return capital ? plain - U'a' + U'A' : plain;
}

// Letters in circles, of which UTS #39 takes a few for one another and for signs: U+2117, U+00AE.
bool is_circled_letter(char32_t c) { return c >= 0x24B6 && c <= 0x24E9; }

// Prototypes; what UTS #39 has none for, and is a plain letter in a disguise, has that letter's.
bool map_looks(const NameKey& from, NameKey& out) {
    out.clear();
    for (const char32_t c : from.text()) {
        const bool known = c < 0x80 || (row_of(kPrototypes, c) != nullptr && !is_circled_letter(c));
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
        const Pair* pair = row_of(kCapitals, c);
        return pair != nullptr ? pair->target : c;
    });
}

std::string small_letters(std::string_view utf8) {
    return changed(utf8, [](char32_t c) {
        const Mapping* mapping = row_of(kCaseFolds, c);
        return mapping != nullptr && mapping->size == 1 ? kPool[mapping->begin] : c;
    });
}

}  // namespace ringfence
