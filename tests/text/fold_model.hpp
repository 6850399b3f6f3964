// A slow plain fold: a list of pieces, and one rule after the other over the whole list. It shares the
// generated table with the library (what the table says is tested by example), nothing else.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/text/data/fold_data.hpp"

namespace ringfence::model {

struct Piece {
    char16_t unit = 0;
    std::size_t offset = 0;
    fold_data::Class kind = fold_data::Class::kOther;
    char16_t look = 0;
};

inline std::map<char32_t, char16_t> look_alikes() {
    std::map<char32_t, char16_t> all;
    for (std::size_t i = 0; i < fold_data::kLookAlikeCount; ++i) {
        all[fold_data::kLookAlikes[i].source] = fold_data::kLookAlikes[i].plain;
    }
    return all;
}

inline std::map<std::uint32_t, char16_t> compositions() {
    std::map<std::uint32_t, char16_t> all;
    for (std::size_t i = 0; i < fold_data::kCompositionCount; ++i) {
        all[fold_data::kCompositions[i].base_and_mark] = fold_data::kCompositions[i].composite;
    }
    return all;
}

inline std::map<char16_t, char16_t> numerals() {
    std::map<char16_t, char16_t> all;
    for (std::size_t i = 0; i < fold_data::kNumeralCount; ++i) {
        all[fold_data::kNumerals[i].unit] =
            static_cast<char16_t>(u'0' + fold_data::kNumerals[i].value);
    }
    return all;
}

inline std::vector<Piece> pieces(std::u16string_view source) {
    static const auto kLooks = look_alikes();
    static const auto kComposites = compositions();
    std::vector<Piece> out;
    for (std::size_t at = 0; at < source.size(); ++at) {
        char32_t c = source[at];
        const std::size_t offset = at;
        if (c >= 0xD800 && c < 0xDC00 && at + 1 < source.size() && source[at + 1] >= 0xDC00 &&
            source[at + 1] < 0xE000) {
            c = 0x10000 + (c - 0xD800) * 0x400 + (source[++at] - 0xDC00u);
        }
        const fold_data::Entry entry = fold_data::entry_of(c);
        const auto look = kLooks.find(c);
        const char16_t plain = look == kLooks.end() ? u'\0' : look->second;
        switch (entry.operation()) {
            case fold_data::Operation::kDrop: break;
            case fold_data::Operation::kKeep:
                out.push_back(
                    {static_cast<char16_t>(c + entry.value()), offset, entry.kind(), plain});
                break;
            case fold_data::Operation::kAbsolute:
                out.push_back({entry.value(), offset, entry.kind(), plain});
                break;
            case fold_data::Operation::kExpand:
                for (unsigned i = 1; i <= fold_data::kPool[entry.value()]; ++i) {
                    const char16_t unit = fold_data::kPool[entry.value() + i];
                    out.push_back({unit, offset, fold_data::entry_of(unit).kind(), 0});
                }
                break;
            case fold_data::Operation::kMark:
                if (!out.empty()) {
                    const auto found = kComposites.find(
                        static_cast<std::uint32_t>(out.back().unit) << 16u | entry.value());
                    if (found != kComposites.end()) out.back().unit = found->second;
                }
                break;
        }
    }
    return out;
}

// Words that mix scripts: whatever looks Latin is Latin.
inline void plain_words(std::vector<Piece>& list) {
    using fold_data::Class;
    for (std::size_t begin = 0; begin < list.size();) {
        std::size_t end = begin;
        std::set<Class> scripts;
        while (end < list.size() &&
               (list[end].kind == Class::kDigit || list[end].kind >= Class::kLatin)) {
            if (list[end].kind >= Class::kLatin && list[end].kind != Class::kLetter) {
                scripts.insert(list[end].kind);
            }
            ++end;
        }
        for (std::size_t i = begin; i < end && scripts.size() > 1; ++i) {
            if (list[i].look != 0) list[i].unit = list[i].look;
        }
        begin = end + 1;
    }
}

// Number runs of at least five digits and numerals: numerals are digits, but for a word at an edge.
inline void plain_numbers(std::vector<Piece>& list) {
    using fold_data::Class;
    static const auto kNumerals = numerals();
    std::string shape(1, 'o');  // a sentinel before the first piece and one after the last
    for (const Piece& piece : list) {
        shape += piece.kind == Class::kDigit       ? 'd'
                 : piece.kind == Class::kNumeral   ? 'n'
                 : piece.kind == Class::kEveryday  ? 'e'
                 : piece.kind == Class::kHan       ? 'h'
                 : piece.kind == Class::kBlank     ? 'b'
                 : piece.kind == Class::kSeparator ? 's'
                                                   : 'o';
    }
    shape += 'o';
    const auto digit = [&](std::size_t i) {
        return shape[i] == 'd' || shape[i] == 'n' || shape[i] == 'e';
    };
    // What stands about an edge of a run, from without to within: two beyond the edge, the edge, three of the run.
    const auto is_word = [&](std::size_t edge, int out, bool in_step) {
        std::string seen;
        for (int k = 2; k >= -3; --k) {
            const auto there = static_cast<std::ptrdiff_t>(edge) + k * out;
            const bool inside = there >= 0 && there < static_cast<std::ptrdiff_t>(shape.size());
            seen += inside ? shape[static_cast<std::size_t>(there)] : 'o';
        }
        return seen.substr(1, 2) == "he" ||
               (!in_step && seen.substr(0, 4) == "hbeb" && seen[5] != 'b');
    };
    for (std::size_t i = 1; i + 1 < shape.size(); ++i) {
        if (!digit(i)) continue;
        std::size_t begin = i;
        std::size_t last = i;
        for (;;) {
            if (digit(last + 1)) {
                last += 1;
            } else if ((shape[last + 1] == 's' || shape[last + 1] == 'b') && digit(last + 2)) {
                last += 2;
            } else {
                break;
            }
        }
        i = last;
        const auto count = [&] {
            int digits = 0;
            for (std::size_t k = begin; k <= last; ++k) digits += digit(k);
            return digits;
        };
        if (count() < 5) continue;
        const auto numeral = [&](std::size_t k) { return shape[k] == 'n' || shape[k] == 'e'; };
        const std::string inside = shape.substr(begin + 1, last - begin - 1);
        const bool in_digits = inside.find_first_of("ne") == inside.npos;
        const char16_t lead = list[begin - 1].unit;
        const bool mobile = count() == 11 && (numeral(begin) ? kNumerals.at(lead) : lead) == u'1';
        const bool cut_first = in_digits && is_word(begin, -1, mobile);
        const bool cut_last = in_digits && is_word(last, 1, mobile);
        begin += cut_first;
        last -= cut_last;
        if (count() < 5) continue;
        for (std::size_t k = begin; k <= last; ++k) {
            if (numeral(k)) list[k - 1].unit = kNumerals.at(list[k - 1].unit);
        }
    }
}

struct Folded {
    std::u16string light;
    std::u16string dense;
    std::vector<std::uint16_t> light_offsets;
    std::vector<std::uint16_t> dense_offsets;
};

inline Folded fold(std::u16string_view source) {
    std::vector<Piece> list = pieces(source);
    plain_words(list);
    plain_numbers(list);
    Folded out;
    for (const Piece& piece : list) {
        out.light += piece.unit;
        out.light_offsets.push_back(static_cast<std::uint16_t>(piece.offset));
        if (!fold_data::in_dense(piece.unit)) continue;
        out.dense += piece.unit;
        out.dense_offsets.push_back(static_cast<std::uint16_t>(piece.offset));
    }
    return out;
}

}  // namespace ringfence::model
