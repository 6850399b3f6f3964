// Random UTF-16 in which the rules of folding have something to do: digits, numerals, look-alikes, marks,
// pairs and halves of pairs beside each other.
#pragma once

#include <random>
#include <string>

namespace ringfence::test {

inline char32_t random_character(std::mt19937& random) {
    static constexpr char32_t kLively[] =
        U"0123456789 "
        U"-.\u3000AbcXyz\u0430\u0435\u041E\u0421\u0399\u03BF\u0531\u13AA\u0301\u0306\u3099\u200B"
        U"\uFE0F\u96F6\u4E00\u4E8C\u4E09\u3007\u58F9\u52A0\u5FAE\u4FE1\u304B\u0438\u2460\u2469"
        U"\u00DF"
        U"\uFF11\uFF21\U0001F170\U0001F600\U0001D7CF\U00020BB7\u09BE";
    constexpr std::size_t kCount = sizeof kLively / sizeof kLively[0] - 1;
    switch (random() % 8) {
        case 0: return static_cast<char32_t>(random() % 0x110000);
        case 1: return static_cast<char32_t>(random() % 0x10000);
        case 2: return static_cast<char32_t>(0xD800 + random() % 0x800);
        case 3: return static_cast<char32_t>(random() % 0x600);
        default: return kLively[random() % kCount];
    }
}

inline std::u16string random_text(std::mt19937& random, std::size_t characters) {
    std::u16string text;
    for (std::size_t i = 0; i < characters; ++i) {
        const char32_t c = random_character(random);
        if (c < 0x10000) {
            text += static_cast<char16_t>(c);
        } else {
            text += static_cast<char16_t>(0xD7C0 + (c >> 10u));
            text += static_cast<char16_t>(0xDC00 + (c & 0x3FFu));
        }
    }
    return text;
}

// One of everything that folds, with blanks between.
inline std::u16string disguised_text() {
    std::u16string text;
    for (char32_t c = 0x20; c < 0xD800; ++c) {
        text += static_cast<char16_t>(c);
        text += u' ';
    }
    return text.substr(0, 60'000);
}

}  // namespace ringfence::test
