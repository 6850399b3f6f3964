// The plain model of src/text/host_key.cpp: the source of a label is cut out of the text and rewritten code point by code point.
// How names are composed and written as Punycode host_key_test.cpp compares with other makers.
#pragma once

#include <algorithm>
#include <array>
#include <string>

#include "ringfence/text/fold.hpp"
#include "src/text/canonical.hpp"
#include "src/text/data/fold_data.hpp"
#include "src/text/data/host_data.hpp"
#include "src/text/punycode.hpp"
#include "src/text/utf.hpp"

namespace ringfence::extract_model {

// One code point of the source, in a name of DNS; not yet composed.
inline std::u32string in_name(char32_t c) {
    for (const auto& mapping : host_data::kMapped)
        if (mapping.source == c) return {host_data::kPool + mapping.begin, mapping.size};
    const auto holds = [c](const auto& range) { return range.first <= c && c <= range.last; };
    if (std::ranges::any_of(host_data::kKept, holds)) {
        NameKey name, small;
        push_decomposed(c, name);
        for (const char32_t part : name.text()) push_mapped(skeleton_data::kCaseFolds, part, small);
        return std::u32string(small.text());
    }
    const fold_data::Entry entry = fold_data::entry_of(c);
    std::u32string folded;
    switch (entry.operation()) {
        case fold_data::Operation::kDrop: break;
        case fold_data::Operation::kMark: folded = entry.value(); break;
        case fold_data::Operation::kKeep: folded = static_cast<char16_t>(c + entry.value()); break;
        case fold_data::Operation::kAbsolute:
            folded = entry.value() >= kOtherLetter ? c : char32_t{entry.value()};
            break;
        case fold_data::Operation::kExpand:
            for (unsigned i = 1; i <= fold_data::kPool[entry.value()]; ++i)
                folded += fold_data::kPool[entry.value() + i];
    }
    return folded;
}

inline std::string label_key(const FoldedText& text, std::size_t begin, std::size_t end,
                             bool is_last) {
    const FoldedView& light = text.light();
    const std::u16string_view source = text.source();
    const auto of = [&](std::size_t at) {
        return at < light.size ? light.offsets[at] : source.size();
    };
    std::u32string name;
    // Of a character that a neighbour has units of too, the units.
    std::size_t place = of(begin);
    std::size_t first = begin;
    if (begin > 0 && of(begin - 1) == place) {
        while (first < end && of(first) == place) name += light.units[first++];
        place += utf::at_utf16(source, place).size;  // what leaves no unit behind it is the label's
    }
    std::size_t last = end;
    while (last > first && of(last - 1) == of(end)) --last;
    std::size_t plain_end =
        0;  // how much of the name is left when nothing that leaves no unit follows
    for (std::size_t at = place; at < of(end);) {
        const utf::CodePoint c = utf::at_utf16(source, at);
        at += c.size;
        const auto operation = fold_data::entry_of(c.value).operation();
        const bool unseen =
            operation == fold_data::Operation::kDrop || operation == fold_data::Operation::kMark;
        if (!unseen && (first == last || at > of(last - 1) + c.size))
            break;  // what a full buffer cut off
        name += in_name(c.value);
        if (!unseen) plain_end = name.size();
    }
    const auto is_plain = [](char32_t c) { return c < 0x80; };
    bool all_plain = is_last && end - begin == of(end - 1) - of(begin) + 1u;
    for (std::size_t at = of(begin); all_plain && at <= of(end - 1); ++at)
        all_plain = source[at] < 0x80;
    for (std::size_t at = begin; all_plain && at < end; ++at) all_plain = light.units[at] < 0x80;
    if (all_plain) name.resize(plain_end);
    for (; last < end; ++last) name += light.units[last];

    NameKey key;
    for (const char32_t c : name) {
        NameKey parts;
        push_decomposed(c, parts);
        for (const char32_t part : parts.text()) key.push(part);
    }
    order_marks(key);
    compose(key);
    std::array<char, 59> octets;
    std::size_t size = 0;
    if (!std::ranges::all_of(key.text(), is_plain)) size = write_punycode(key.text(), octets);
    if (size > 0) return "xn--" + std::string(octets.data(), size);
    std::string utf8;
    for (const char32_t c : key.text()) {
        std::array<char, 4> bytes{};
        utf8.append(bytes.data(), utf::write_utf8(c, bytes.data()));
    }
    return utf8;
}

}  // namespace ringfence::extract_model
