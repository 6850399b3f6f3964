// gram_kernel.hpp - the places of a text at which something known may stand, told by a few units there.
//
// A gram is two to six units of an anchor, wherever they are rarest in it. A filter is a Bloom filter in words of 32
// bits. The hash of the brief gram at a place chooses the word; two bits of it must be set for the brief gram, or two
// for the full one, which begins with the same units:
//
//     usual    two units and three; where the first two are ASCII, four and six
//     tiny     one unit and two, for anchors that hold no usual gram
//
//     place    j -> word filter[brief >> shift] -> bits brief 0..4 and 5..9, bits full 0..4 and 5..9
//
// One contract, three forms: gram_scalar.cpp is the truth, the others differ only in speed and in the order of passes.
// Cost: some 12 ns for 16 places with AVX-512 while the filter is in the first cache.
#pragma once

#include <cstddef>
#include <cstdint>

#include "src/kernel/isa.hpp"

namespace ringfence::kernel {

// Units that can be read behind the last place asked about.
inline constexpr std::size_t kGramOverhang = 64;

struct GramFilter {
    const std::uint32_t* words = nullptr;
    unsigned shift = 31;  // 32 less the binary logarithm of how many words; 1 to 31
};

// Passes of one run are places, with this bit where it is the full gram that passes; room for two a place and kGramSlack
// more.
inline constexpr std::uint32_t kFullPass = std::uint32_t{1} << 31u;
inline constexpr std::size_t kGramSlack = 16;

struct GramKernel {
    Isa isa = Isa::kScalar;

    // The passes among the places `first` to `last` - 1 of `units`, in no order within 32 places; gives how many.
    std::size_t (*usual)(const char16_t* units, std::size_t first, std::size_t last,
                         GramFilter filter, std::uint32_t* passes) = nullptr;
    std::size_t (*tiny)(const char16_t* units, std::size_t first, std::size_t last,
                        GramFilter filter, std::uint32_t* passes) = nullptr;
};

// Hashes of the grams at a place; each is also the key of its gram, `full` with kFullMark.
struct Grams {
    std::uint32_t brief = 0;
    std::uint32_t full = 0;
};

inline constexpr std::uint32_t kGramFirst = 0x9E3779B1u;  // odd, bits well spread: xxHash's primes
inline constexpr std::uint32_t kGramSecond = 0x85EBCA77u;
inline constexpr std::uint32_t kGramThird = 0xC2B2AE3Du;
inline constexpr std::uint32_t kFullMark =
    0x5BD1E995u;  // so that a full gram's key is no brief one's
inline constexpr std::uint32_t kBeyondAscii = 0xFF80FF80u;

constexpr std::uint32_t unit_pair(const char16_t* units) {
    return static_cast<std::uint32_t>(units[0]) | static_cast<std::uint32_t>(units[1]) << 16u;
}

constexpr std::uint32_t mixed(std::uint32_t hash) { return hash ^ hash >> 15u; }

// `a` or `b`, in bits: what compilers make of a condition is a branch, and which of them it is no processor learns.
constexpr std::uint32_t either(bool first, std::uint32_t a, std::uint32_t b) {
    return b ^ ((a ^ b) & (0u - static_cast<std::uint32_t>(first)));
}

template <class T>
const T* either(bool first, const T* a, const T* b) {
    const auto mask = std::uintptr_t{0} - static_cast<std::uintptr_t>(first);
    const auto from = reinterpret_cast<std::uintptr_t>(a), to = reinterpret_cast<std::uintptr_t>(b);
    return reinterpret_cast<const T*>(to ^ ((from ^ to) & mask));
}

// Reads six units, and takes no branch on what they are. Threads: any thread.
constexpr Grams usual_grams(const char16_t* units) {
    const std::uint32_t pair = unit_pair(units), next = unit_pair(units + 2);
    const bool ascii = (pair & kBeyondAscii) == 0;
    const std::uint32_t two = pair * kGramFirst, three = two + units[2] * kGramSecond;
    const std::uint32_t four = two + next * kGramSecond;
    const std::uint32_t six = four + unit_pair(units + 4) * kGramThird;
    return {mixed(either(ascii, four, two)), mixed(either(ascii, six, three))};
}

// Reads two units. Threads: any thread.
constexpr Grams tiny_grams(const char16_t* units) {
    const std::uint32_t hash = units[0] * kGramFirst;
    return {mixed(hash), mixed(hash + units[1] * kGramSecond)};
}

// Units of the full gram that begins with the pair `units`. Threads: any thread.
constexpr std::size_t usual_full_size(const char16_t* units) {
    return (unit_pair(units) & kBeyondAscii) == 0 ? 6 : 3;
}
constexpr std::size_t tiny_full_size(const char16_t*) { return 2; }

// The key of the gram that passes. Threads: any thread.
constexpr std::uint32_t key_of(const Grams& grams, bool full) {
    return either(full, grams.full ^ kFullMark, grams.brief);
}

// The bits that a gram sets in its word.
constexpr std::uint32_t gram_bits(std::uint32_t hash) {
    return std::uint32_t{1} << (hash & 31u) | std::uint32_t{1} << (hash >> 5u & 31u);
}

// The form for `isa`; null when this processor or build lacks it. Threads: any thread.
const GramKernel* gram_kernel(Isa isa);

// The form of chosen_isa(). Threads: any thread.
const GramKernel& gram_kernel();

extern const GramKernel kGramScalar;
extern const GramKernel kGramAvx2;
extern const GramKernel kGramAvx512;

}  // namespace ringfence::kernel
