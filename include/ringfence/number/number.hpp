// number.hpp - a telephone number of up to 15 digits as one integer.
//
// A string of L digits maps to its shortlex rank,
//
//     rank = (10^L - 1) / 9 + value          "" -> 0, "0" -> 1, "00" -> 11, "13800138000" -> ...
//
// which is below 1.112e15 < 2^50. Length and leading zeros survive, equality and hashing are one
// instruction, and 14 bits of a 64-bit word stay free for the tables. Rank 0, the empty string, is no
// number: tables use it as their empty marker.
//
// A Number carries its country code ("8695588" for China's 95588), so that a national short code
// cannot meet a foreign number. How an address becomes a Number is normalize.hpp's affair.
//
// Source: ITU-T E.164 clause 6 (at most 15 digits).
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace ringfence {

class Number {
public:
    static constexpr unsigned kMaxDigits = 15;
    static constexpr unsigned kRankBits = 50;

    constexpr Number() = default;

    // The number of these digits; the empty Number when there are none, more than kMaxDigits, or a
    // character that is no digit.
    // Threads: any thread.
    static constexpr Number from_digits(std::string_view digits);

    // The number of this rank; the empty Number for a rank that no number has.
    static constexpr Number from_rank(std::uint64_t rank) {
        Number number;
        if (rank < first_rank(kMaxDigits + 1)) number.rank_ = rank;
        return number;
    }

    constexpr std::uint64_t rank() const { return rank_; }
    constexpr bool empty() const { return rank_ == 0; }
    constexpr unsigned length() const;

    // The digits, written to `out`; returns how many.
    constexpr unsigned write_digits(std::array<char, kMaxDigits>& out) const;
    std::string digits() const;

    friend constexpr auto operator<=>(Number, Number) = default;

    // The rank of the string of `length` zeros, at most kMaxDigits + 1 of them: (10^length - 1) / 9.
    static constexpr std::uint64_t first_rank(unsigned length) { return kFirstRank[length]; }

private:
    static constexpr std::array<std::uint64_t, kMaxDigits + 2> kFirstRank = [] {
        std::array<std::uint64_t, kMaxDigits + 2> ranks{};
        for (unsigned i = 1; i < ranks.size(); ++i) ranks[i] = ranks[i - 1] * 10 + 1;
        return ranks;
    }();

    std::uint64_t rank_ = 0;
};

constexpr Number Number::from_digits(std::string_view digits) {
    if (digits.size() > kMaxDigits) return {};
    std::uint64_t value = 0;
    bool misfit = false;
    for (const char c : digits) {
        const auto digit = static_cast<unsigned char>(c - '0');
        misfit |= digit > 9;
        value = value * 10 + digit;
    }
    if (misfit) return {};
    return from_rank(first_rank(static_cast<unsigned>(digits.size())) + value);
}

// A number of b bits has floor(b * log10(2)) digits or one more: no branch, and no loop over the lengths.
constexpr unsigned Number::length() const {
    const auto bits = static_cast<unsigned>(std::bit_width(rank_));
    const unsigned least = bits * 1233 >> 12u;  // exact for up to 64 bits
    return least + (rank_ >= first_rank(least + 1) ? 1u : 0u);
}

constexpr unsigned Number::write_digits(std::array<char, kMaxDigits>& out) const {
    const unsigned size = length();
    std::uint64_t value = rank_ - first_rank(size);
    for (unsigned i = size; i-- > 0; value /= 10) out[i] = static_cast<char>('0' + value % 10);
    return size;
}

inline std::string Number::digits() const {
    std::array<char, kMaxDigits> buffer{};
    const unsigned size = write_digits(buffer);
    return std::string(buffer.data(), size);
}

}  // namespace ringfence
