// score_kernel.hpp - the weights of a text's grams, summed, in the form that suits the processor.
//
// One contract, three forms: score_scalar.cpp is the truth, the others differ only in speed. A gram is one, two or
// three units that stand side by side, every digit read as 0:
//
//     hash       u0 A + u1 B + u2 C, of as many units as the gram has      modulo 2^32
//     place      the upper `bits` of (hash ^ hash >> 15) M                 whose weight counts, once an occurrence
//
// Integers alone: the sum is the same to the last bit in every form.
#pragma once

#include <cstddef>
#include <cstdint>

#include "src/kernel/isa.hpp"

namespace ringfence::kernel {

inline constexpr unsigned kLongestGram = 3;
// Odd, so that no two single units share a hash: 2^32 over the golden ratio, and multipliers of xxHash and MurmurHash3.
inline constexpr std::uint32_t kGramFactors[kLongestGram] = {0x9E3779B1u, 0x85EBCA77u, 0xC2B2AE3Du};
inline constexpr std::uint32_t kGramMix = 0x85EBCA6Bu;

constexpr std::uint32_t gram_unit(char16_t unit) {
    return static_cast<std::uint32_t>(unit) - u'0' < 10u ? u'0' : unit;
}
// The hash of a gram of `size` units, longest kLongestGram.
constexpr std::uint32_t gram_hash(const char16_t* units, unsigned size) {
    std::uint32_t hash = 0;
    for (unsigned i = 0; i < size; ++i) hash += gram_unit(units[i]) * kGramFactors[i];
    return hash;
}
constexpr std::uint32_t gram_place(std::uint32_t hash, unsigned bits) {
    return (hash ^ hash >> 15u) * kGramMix >> (32u - bits);
}
// How many grams a text of `count` units has.
constexpr std::size_t gram_count(std::size_t count) { return count < 2 ? count : 3 * count - 3; }

struct ScoreKernel {
    Isa isa = Isa::kScalar;

    // The sum over all grams of `count` units, at most 2^17. `weights` are 2^bits, 4 <= bits <= 20, and one more behind
    // them may be read; so may kReadAhead units behind the text.
    static constexpr std::size_t kReadAhead = 32;
    std::int64_t (*sum)(const char16_t* units, std::size_t count, const std::int16_t* weights,
                        unsigned bits) = nullptr;
};

// The form for `isa`; null when this processor or build lacks it. Threads: any thread.
const ScoreKernel* score_kernel(Isa isa);

// The form of chosen_isa(). Threads: any thread.
const ScoreKernel& score_kernel();

extern const ScoreKernel kScoreScalar;
extern const ScoreKernel kScoreAvx2;
extern const ScoreKernel kScoreAvx512;

}  // namespace ringfence::kernel
