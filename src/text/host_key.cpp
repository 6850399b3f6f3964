#include "src/text/host_key.hpp"

#include <algorithm>
#include <cstring>

#include "src/text/canonical.hpp"
#include "src/text/data/fold_data.hpp"
#include "src/text/data/host_data.hpp"
#include "src/text/punycode.hpp"
#include "src/text/top_level.hpp"

namespace ringfence {
namespace {

using fold_data::Operation;

constexpr std::string_view kAce = "xn--";  // RFC 5890 clause 2.3.2.1

std::uint64_t four_units(const char16_t* units) {
    std::uint64_t four = 0;
    std::memcpy(&four, units, sizeof four);
    return four;
}

bool is_ascii(const char16_t* units, std::size_t count) {
    std::uint64_t all = 0;
    if (count < 4) {
        for (std::size_t i = 0; i < count; ++i) all |= units[i];
    } else {
        for (std::size_t i = 0; i + 4 < count; i += 4) all |= four_units(units + i);
        all |= four_units(units + count - 4);
    }
    return (all & 0xFF80FF80FF80FF80u) == 0;
}

// What folding has for `c`; false when there is no room.
bool push_folded(char32_t c, NameKey& out) {
    const fold_data::Entry entry = fold_data::entry_of(c);
    switch (entry.operation()) {
        case Operation::kKeep:
            return push_decomposed(static_cast<char16_t>(c + entry.value()), out);
        case Operation::kAbsolute: {
            const bool placeholder = entry.value() == kOtherLetter || entry.value() == kOtherSymbol;
            return push_decomposed(placeholder ? c : char32_t{entry.value()}, out);
        }
        case Operation::kDrop: return true;
        case Operation::kMark: return out.push(entry.value());
        case Operation::kExpand: break;
    }
    const char16_t* pool = fold_data::kPool + entry.value();
    for (std::size_t i = 1; i <= pool[0]; ++i)
        if (!push_decomposed(pool[i], out)) return false;
    return true;
}

// What a character of the source is in a name of DNS, decomposed; false when there is no room.
bool push_character(char32_t c, NameKey& out) {
    if (c < 0x80) return push_folded(c, out);
    if (const auto* mapping = row_of(host_data::kMapped, c); mapping != nullptr) {
        for (std::size_t i = 0; i < mapping->size; ++i)
            if (!out.push(host_data::kPool[mapping->begin + i])) return false;
        return true;
    }
    if (range_of(host_data::kKept, c) == nullptr) return push_folded(c, out);
    NameKey decomposed;
    push_decomposed(c, decomposed);
    for (const char32_t part : decomposed.text())
        if (!push_mapped(skeleton_data::kCaseFolds, part, out)) return false;
    return true;
}

// Where the source goes on behind the character that made the unit at `at`, and where the next unit comes from.
struct Gap {
    std::size_t begin, end;
};
Gap gap_behind(const FoldedText& folded, std::size_t at) {
    const FoldedView& light = folded.light();
    const std::size_t place = light.offsets[at];
    const std::size_t next = at + 1 < light.size ? light.offsets[at + 1] : folded.source().size();
    return {place + utf::at_utf16(folded.source(), place).size, next};
}

// The label as DNS has it; of a longer one, which DNS cannot have, as much as there is room for.
void read_label(const FoldedText& folded, std::size_t begin, std::size_t end, NameKey& out) {
    const FoldedView& light = folded.light();
    for (std::size_t at = begin; at < end;) {
        // The units of one character. One that folds to a dot and letters too is of several labels.
        const std::uint16_t place = light.offsets[at];
        std::size_t next = at + 1;
        while (next < light.size && light.offsets[next] == place) ++next;
        const bool whole = next <= end && (at == 0 || light.offsets[at - 1] != place);
        next = std::min(next, end);
        bool fits = true;
        if (whole) {
            fits = push_character(utf::at_utf16(folded.source(), place).value, out);
        } else {
            for (std::size_t i = at; i < next; ++i)
                fits = fits && push_decomposed(light.units[i], out);
        }
        // Marks of which folding left nothing.
        const Gap gap = gap_behind(folded, next - 1);
        for (std::size_t i = gap.begin; i < gap.end && fits;) {
            const utf::CodePoint c = utf::at_utf16(folded.source(), i);
            const Operation operation = fold_data::entry_of(c.value).operation();
            if (operation == Operation::kMark)
                fits = push_character(c.value, out);
            else if (operation != Operation::kDrop)
                break;  // behind what a full buffer cut off
            i += c.size;
        }
        if (!fits) break;
        at = next;
    }
    order_marks(out);
    compose(out);
}

}  // namespace

bool is_plain(const FoldedText& folded, std::size_t begin, std::size_t end) {
    const std::uint16_t* const offsets = folded.light().offsets;
    const std::size_t first = offsets[begin];
    const std::size_t count = end - begin;
    // A sign and the mark behind it may fold to one unit that is of neither.
    return offsets[end - 1] - first == count - 1 &&
           is_ascii(folded.source().data() + first, count) &&
           is_ascii(folded.light().units + begin, count);
}

void append_label(const FoldedText& folded, std::size_t begin, std::size_t end, bool is_last,
                  KeyText& key) {
    if (is_plain(folded, begin, end)) {
        const Gap gap = gap_behind(folded, end - 1);
        if (is_last || gap.begin == gap.end) {
            key.append(folded.light().text().substr(begin, end - begin));
            return;
        }
    }
    NameKey label;
    read_label(folded, begin, end, label);
    if (std::ranges::any_of(label.text(), [](char32_t c) { return c >= 0x80; })) {
        std::array<char, kMaxLabel> octets;
        kAce.copy(octets.data(), kAce.size());
        const std::size_t size =
            write_punycode(label.text(), std::span(octets).subspan(kAce.size()));
        if (size != 0) {
            key.append({octets.data(), kAce.size() + size});
            return;
        }
    }
    for (const char32_t c : label.text()) key.append(c);
}

}  // namespace ringfence
