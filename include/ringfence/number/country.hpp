// country.hpp - a country by its ISO 3166 alpha-2 code.
#pragma once

#include <array>
#include <compare>
#include <string_view>

namespace ringfence {

struct CountryCode {
    std::array<char, 2> letters{};  // upper case; zeros for none

    constexpr CountryCode() = default;
    // The country of a two-letter code in either case; none for anything else.
    constexpr explicit CountryCode(std::string_view code) {
        if (code.size() != 2) return;
        for (unsigned i = 0; i < 2; ++i) {
            const char c = code[i];
            letters[i] = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
            if (letters[i] < 'A' || letters[i] > 'Z') {
                letters = {};
                return;
            }
        }
    }

    constexpr bool empty() const { return letters[0] == 0; }
    constexpr std::string_view text() const { return {letters.data(), empty() ? 0u : 2u}; }
    friend constexpr auto operator<=>(const CountryCode&, const CountryCode&) = default;
};

}  // namespace ringfence
