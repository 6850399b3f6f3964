// key.hpp - whom the activity room remembers: a number, a longer digit string, or a sender's name.
//
//     0                            nobody: withheld, absent
//     1 .. 1.112e15                the rank of a Number, exact
//     1.112e15 .. 2^50             a hash of 16-24 digits or of a name, 43.7 bits of it
//
// One word below 2^50, so that a slot of the table holds key, generation and state at once. Two of n
// hashed keys meet with chance n^2 / 3e13: one in 30 at a million names. Numbers never meet anything.
#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

#include "ringfence/number/address.hpp"
#include "ringfence/number/normalize.hpp"
#include "ringfence/number/number.hpp"

namespace ringfence {

class ActivityKey {
public:
    static constexpr unsigned kBits = 50;

    constexpr ActivityKey() = default;
    constexpr ActivityKey(Number number) : word_(number.rank()) {}

    // The key of a digit string beyond a Number's 15 digits, or of an alphanumeric sender; "ICBC" and
    // "icbc" are two names unless the caller folds them. Empty text is nobody.
    // Threads: any thread.
    static ActivityKey of_digits(std::string_view digits);
    static ActivityKey of_name(std::string_view name);

    // The key of what arrived and what it means: the Number where there is one, else the long national
    // number, else the name in small ASCII letters, as lists have it; nobody for the rest.
    // Threads: any thread.
    static ActivityKey of(const Address& address, const Normalized& normalized);

    constexpr bool empty() const { return word_ == 0; }
    constexpr std::uint64_t word() const { return word_; }

    friend constexpr auto operator<=>(ActivityKey, ActivityKey) = default;

private:
    std::uint64_t word_ = 0;
};

}  // namespace ringfence
