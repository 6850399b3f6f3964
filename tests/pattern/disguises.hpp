// disguises.hpp - the ways in which a text is written so that no filter knows it and every reader does.
//
// Each changes the characters that it can, or a share of them, and leaves the rest: a text that comes back unchanged has
// nothing for it. Those that put something between characters leave links alone where a link would no longer lead anywhere.
#pragma once

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ringfence::test {

class Disguiser {
public:
    // `share` of the characters in a hundred that are changed, where they can be.
    Disguiser(unsigned seed, unsigned share) : random_(seed), share_(share) {}

    bool chosen() { return random_() % 100 < share_; }
    char32_t one_of(std::u32string_view all) { return all[random_() % all.size()]; }
    std::size_t below(std::size_t count) { return random_() % count; }

private:
    std::mt19937 random_;
    unsigned share_;
};

using Disguise = std::u32string (*)(std::u32string_view text, Disguiser& by);

namespace disguise {

inline bool is_small(char32_t c) { return c >= U'a' && c <= U'z'; }
inline bool is_capital(char32_t c) { return c >= U'A' && c <= U'Z'; }
inline bool is_letter(char32_t c) { return is_small(c) || is_capital(c); }
inline bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
inline bool is_han(char32_t c) { return c >= 0x3400 && c < 0xA000; }

template <class Change>
std::u32string each(std::u32string_view text, Disguiser& by, Change&& change) {
    std::u32string out(text);
    for (char32_t& c : out)
        if (by.chosen()) c = change(c);
    return out;
}

// Letters and digits that lie in rows elsewhere; 0 where there is no such row.
struct Rows {
    char32_t capitals, smalls, zero, one;
};
inline std::u32string in_rows(std::u32string_view text, Disguiser& by, const Rows& rows) {
    return each(text, by, [&](char32_t c) -> char32_t {
        if (is_capital(c) && rows.capitals != 0) return rows.capitals + (c - U'A');
        if (is_small(c) && rows.smalls != 0) return rows.smalls + (c - U'a');
        if (c == U'0' && rows.zero != 0) return rows.zero;
        if (is_digit(c) && c != U'0' && rows.one != 0) return rows.one + (c - U'1');
        return c;
    });
}

inline std::u32string random_case(std::u32string_view text, Disguiser& by) {
    return each(text, by, [&](char32_t c) {
        return is_letter(c) && by.below(2) == 0 ? c ^ char32_t { 32 } : c;
    });
}
inline std::u32string full_width(std::u32string_view text, Disguiser& by) {
    return each(text, by, [](char32_t c) -> char32_t {
        if (c == U' ') return 0x3000;
        return c > U' ' && c < 0x7F ? c + 0xFEE0 : c;
    });
}
inline std::u32string circled(std::u32string_view text, Disguiser& by) {
    return in_rows(text, by, {0x24B6, 0x24D0, 0x24EA, 0x2460});
}
inline std::u32string bracketed(std::u32string_view text, Disguiser& by) {
    return in_rows(text, by, {0x1F110, 0x249C, 0, 0x2474});
}
inline std::u32string squared(std::u32string_view text, Disguiser& by) {
    if (by.below(2) == 0) return in_rows(text, by, {0x1F130, 0x1F130, 0, 0});
    return in_rows(text, by, {0x1F170, 0x1F170, 0x24FF, 0x2776});  // in black
}
inline std::u32string bold(std::u32string_view text, Disguiser& by) {
    return in_rows(text, by, {0x1D400, 0x1D41A, 0x1D7CE, 0x1D7CF});
}
inline std::u32string script(std::u32string_view text, Disguiser& by) {
    if (by.below(2) == 0) return in_rows(text, by, {0x1D4D0, 0x1D4EA, 0, 0});
    return in_rows(text, by, {0x1D56C, 0x1D586, 0, 0});  // Fraktur
}
inline std::u32string double_struck(std::u32string_view text, Disguiser& by) {
    if (by.below(2) == 0) return in_rows(text, by, {0, 0x1D552, 0x1D7D8, 0x1D7D9});
    return in_rows(text, by, {0x1D670, 0x1D68A, 0x1D7F6, 0x1D7F7});  // of one width
}
inline std::u32string regional(std::u32string_view text, Disguiser& by) {
    return in_rows(text, by, {0x1F1E6, 0x1F1E6, 0, 0});
}
inline std::u32string small_capitals(std::u32string_view text, Disguiser& by) {
    // No small capital Q and X.
    static constexpr std::u32string_view kRow = U"ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘqʀꜱᴛᴜᴠᴡxʏᴢ";
    return each(text, by, [](char32_t c) { return is_letter(c) ? kRow[(c | 32u) - U'a'] : c; });
}
inline std::u32string accents(std::u32string_view text, Disguiser& by) {
    static const std::map<char32_t, std::u32string_view> kAccented = {
        {U'a', U"àáâãäåāăąǎạ"}, {U'b', U"ḃḅƀ"},  {U'c', U"çćĉċč"},     {U'd', U"ďđḍ"},
        {U'e', U"èéêëēĕėęě"},   {U'f', U"ḟ"},    {U'g', U"ĝğġģ"},      {U'h', U"ĥħḥ"},
        {U'i', U"ìíîïĩīĭįı"},   {U'j', U"ĵ"},    {U'k', U"ķḳ"},        {U'l', U"ĺļľł"},
        {U'm', U"ṁṃ"},          {U'n', U"ñńņň"}, {U'o', U"òóôõöøōŏő"}, {U'p', U"ṕṗ"},
        {U'r', U"ŕŗř"},         {U's', U"śŝşš"}, {U't', U"ţťŧ"},       {U'u', U"ùúûüũūŭůűų"},
        {U'v', U"ṽṿ"},          {U'w', U"ŵẁẃẅ"}, {U'x', U"ẋẍ"},        {U'y', U"ýÿŷ"},
        {U'z', U"źżž"}};
    return each(text, by, [&](char32_t c) {
        const auto found = kAccented.find(is_capital(c) ? c | 32u : c);
        return found == kAccented.end() ? c : by.one_of(found->second);
    });
}

// Of every word some letters, but not all: a word wholly of another script is another word.
inline std::u32string look_alikes(std::u32string_view text, Disguiser& by,
                                  const std::map<char32_t, char32_t>& row) {
    std::u32string out(text);
    for (std::size_t begin = 0; begin < out.size();) {
        std::size_t end = begin;
        while (end < out.size() && is_letter(out[end])) ++end;
        std::vector<std::size_t> places;
        for (std::size_t i = begin; i < end; ++i)
            if (row.count(out[i] | 32u) != 0 && by.chosen()) places.push_back(i);
        if (places.size() == end - begin && !places.empty())
            places.erase(places.begin() + static_cast<std::ptrdiff_t>(by.below(places.size())));
        for (const std::size_t i : places) out[i] = row.at(out[i] | 32u);
        begin = end + 1;
    }
    return out;
}
inline std::u32string cyrillic(std::u32string_view text, Disguiser& by) {
    static const std::map<char32_t, char32_t> kRow = {
        {U'a', U'а'}, {U'c', U'с'}, {U'd', U'ԁ'}, {U'e', U'е'}, {U'h', U'һ'},
        {U'i', U'і'}, {U'j', U'ј'}, {U'l', U'ӏ'}, {U'o', U'о'}, {U'p', U'р'},
        {U'q', U'ԛ'}, {U's', U'ѕ'}, {U'w', U'ԝ'}, {U'x', U'х'}, {U'y', U'у'},
        {U'b', U'В'}, {U'k', U'К'}, {U'm', U'М'}, {U't', U'Т'}};
    return look_alikes(text, by, kRow);
}
inline std::u32string greek(std::u32string_view text, Disguiser& by) {
    static const std::map<char32_t, char32_t> kRow = {
        {U'a', U'α'}, {U'b', U'Β'}, {U'e', U'Ε'}, {U'h', U'Η'}, {U'i', U'ι'}, {U'k', U'Κ'},
        {U'm', U'Μ'}, {U'n', U'Ν'}, {U'o', U'ο'}, {U'p', U'ρ'}, {U't', U'Τ'}, {U'u', U'υ'},
        {U'v', U'ν'}, {U'x', U'Χ'}, {U'y', U'γ'}, {U'z', U'Ζ'}};
    return look_alikes(text, by, kRow);
}

// Numbers of five digits and more, which nobody reads as a quantity.
inline std::u32string numerals_of(std::u32string_view text, Disguiser& by,
                                  std::u32string_view row) {
    constexpr std::size_t kLeast = 5;
    std::u32string out(text);
    for (std::size_t begin = 0; begin < out.size();) {
        std::size_t end = begin;
        while (end < out.size() && is_digit(out[end])) ++end;
        for (std::size_t i = begin; i < end && end - begin >= kLeast; ++i)
            if (by.chosen()) out[i] = row[out[i] - U'0'];
        begin = end + 1;
    }
    return out;
}
inline std::u32string numerals(std::u32string_view text, Disguiser& by) {
    return numerals_of(text, by,
                       by.below(2) == 0 ? U"〇一二三四五六七八九" : U"零幺两三四五六七八九");
}
inline std::u32string capital_numerals(std::u32string_view text, Disguiser& by) {
    return numerals_of(text, by,
                       by.below(2) == 0 ? U"零壹贰叁肆伍陆柒捌玖" : U"零壹貳參肆伍陸柒捌玖");
}

// Which characters belong to a link, in whatever letters: what has a dot or a scheme inside, between blanks and Han.
inline std::vector<bool> links(std::u32string_view text) {
    static constexpr std::u32string_view kMarks = U",;!\uFF0C\uFF1B\uFF01";
    std::vector<bool> all(text.size());
    const auto in_link = [](char32_t c) {
        return c > U' ' && !is_han(c) && (c < 0x3000 || c > 0x303F) &&
               kMarks.find(c) == kMarks.npos;
    };
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = begin;
        bool inside = false;
        for (; end < text.size() && in_link(text[end]); ++end) {
            if (end == begin || end + 1 == text.size()) continue;
            const bool dot = text[end] == U'.' || text[end] == 0xFF0E;
            const bool colon = text[end] == U':' || text[end] == 0xFF1A;
            const bool slash = text[end + 1] == U'/' || text[end + 1] == 0xFF0F;
            inside |= (dot && in_link(text[end + 1])) || (colon && slash);
        }
        for (std::size_t i = begin; i < end; ++i) all[i] = inside;
        begin = end + 1;
    }
    return all;
}

// `what()` between characters of a word; in links too where `everywhere`.
template <class What>
std::u32string between(std::u32string_view text, Disguiser& by, bool everywhere, What&& what) {
    const std::vector<bool> link = links(text);
    const auto in_word = [](char32_t c) {
        return c >= 0x80 ? c != 0x3000 && (c < 0x3001 || c > 0x303F) && (c < 0xFF00 || c > 0xFF0F)
                         : is_letter(c) || is_digit(c);
    };
    std::u32string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        out += text[i];
        if (i + 1 == text.size() || (link[i] && !everywhere) || !by.chosen()) continue;
        if (in_word(text[i]) && in_word(text[i + 1])) out += what();
    }
    return out;
}
inline std::u32string zero_width(std::u32string_view text, Disguiser& by) {
    return between(text, by, true, [&] { return by.one_of(U"\u200B\u200C\u200D\u2060\uFEFF"); });
}
inline std::u32string bidi(std::u32string_view text, Disguiser& by) {
    return between(text, by, true, [&] {
        return by.one_of(U"\u200E\u200F\u061C\u202A\u202B\u202C\u202D\u2066\u2067\u2068\u2069");
    });
}
inline std::u32string tags(std::u32string_view text, Disguiser& by) {
    return between(text, by, true, [&] { return static_cast<char32_t>(0xE0020 + by.below(0x60)); });
}
inline std::u32string soft_hyphens(std::u32string_view text, Disguiser& by) {
    return between(text, by, true,
                   [&] { return by.one_of(U"\u00AD\u034F\u180E\uFE00\uFE0F\u2061\U000E0100"); });
}
inline std::u32string marks(std::u32string_view text, Disguiser& by) {
    return between(text, by, true, [&] {
        return by.one_of(U"\u0300\u0301\u0308\u0323\u0332\u0335\u0336\u0489\u20DD\u20E3");
    });
}
inline std::u32string blanks(std::u32string_view text, Disguiser& by) {
    return between(text, by, false, [&] { return by.one_of(U"  \u00A0\u2003\u2009\u3000"); });
}
inline std::u32string dots(std::u32string_view text, Disguiser& by) {
    const char32_t dot = by.one_of(U".·-*~、★|");
    return between(text, by, false, [&] { return dot; });
}
inline std::u32string emoji(std::u32string_view text, Disguiser& by) {
    return between(text, by, false, [&] { return by.one_of(U"😀💰🔥❤☎✅⭐"); });
}

}  // namespace disguise

struct NamedDisguise {
    std::string_view name;
    Disguise apply;
};

// What replaces characters comes before what stands between them. Traditional characters are the caller's: it needs a
// table of them.
inline std::vector<NamedDisguise> disguises(Disguise traditional) {
    using namespace disguise;
    return {{"case", random_case},
            {"traditional", traditional},
            {"numerals", numerals},
            {"capital numerals", capital_numerals},
            {"Cyrillic", cyrillic},
            {"Greek", greek},
            {"accents", accents},
            {"small capitals", small_capitals},
            {"full width", full_width},
            {"circled", circled},
            {"bracketed", bracketed},
            {"squared", squared},
            {"bold", bold},
            {"script", script},
            {"double struck", double_struck},
            {"regional", regional},
            {"zero width", zero_width},
            {"bidi", bidi},
            {"tags", tags},
            {"soft hyphens", soft_hyphens},
            {"marks", marks},
            {"blanks", blanks},
            {"dots", dots},
            {"emoji", emoji}};
}

}  // namespace ringfence::test
