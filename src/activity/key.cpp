#include "ringfence/activity/key.hpp"

#include <algorithm>
#include <array>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace ringfence {
namespace {

// A hash of `text` into the words above every Number's rank.
std::uint64_t hashed(std::string_view text, std::uint64_t seed) {
    constexpr std::uint64_t kFirst = Number::first_rank(Number::kMaxDigits + 1);
    constexpr std::uint64_t kRoom = (std::uint64_t{1} << ActivityKey::kBits) - kFirst;
    return kFirst + XXH3_64bits_withSeed(text.data(), text.size(), seed) % kRoom;
}

}  // namespace

ActivityKey ActivityKey::of_digits(std::string_view digits) {
    const Number number = Number::from_digits(digits);
    if (!number.empty() || digits.empty()) return number;
    ActivityKey key;
    constexpr std::uint64_t kSeed = 1;  // apart from names
    key.word_ = hashed(digits, kSeed);
    return key;
}

ActivityKey ActivityKey::of_name(std::string_view name) {
    ActivityKey key;
    constexpr std::uint64_t kSeed = 2;
    if (!name.empty()) key.word_ = hashed(name, kSeed);
    return key;
}

ActivityKey ActivityKey::of(const Address& address, const Normalized& normalized) {
    if (!normalized.number.empty()) return normalized.number;
    if (normalized.long_national) return of_digits(normalized.digits());
    if (address.kind != AddressKind::kAlphanumeric) return {};
    std::array<char, Address::kMaxText> small{};
    std::ranges::transform(address.text(), small.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return of_name({small.data(), address.size});
}

}  // namespace ringfence
