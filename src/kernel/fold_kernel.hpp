// fold_kernel.hpp - both views of the characters that fold by themselves, in the form that suits the processor.
//
// Most characters of most texts fold to one unit whatever stands beside them. A run of them ends at one that does not: half
// a pair, one that is dropped, expands or composes. Who asked reads that one by itself and asks again. What depends on
// neighbours, numerals and look-alikes, is folded as if it did not, and told of: src/text/fold_context.hpp mends it.
//
//     source   W  e  C  h  a  t  :  U+200B  1  3  8
//     light    w  e  c  h  a  t  :                      the run ends: nothing comes of U+200B
//     dense    w  e  c  h  a  t
//
// One contract, three forms: fold_scalar.cpp is the truth, the others differ only in speed. The kinds of units (unit_kinds.hpp)
// are looked up one by one, straight into lanes, and all else follows from them in vectors: sixteen to a gather took three
// times as long on Zen 5. The dense view is made while the units are in registers: read back from memory, they
// would have to wait until they had arrived there.
#pragma once

#include <cstddef>
#include <cstdint>

#include "src/kernel/isa.hpp"
#include "src/kernel/unit_kinds.hpp"

namespace ringfence::kernel {

// So many units, offsets and kinds behind the end of either view can be written.
inline constexpr std::size_t kFoldSlack = 64;
inline constexpr std::size_t kFoldLead = 32;

// The views of a text as far as it was folded.
struct FoldedSoFar {
    char16_t* units = nullptr;
    std::uint16_t* offsets = nullptr;
    std::uint8_t* kinds =
        nullptr;  // of `units`: their lower four bits; kFoldLead zeros stand before
    std::size_t size = 0;
    char16_t* dense_units = nullptr;
    std::uint16_t* dense_offsets = nullptr;
    std::size_t dense_size = 0;
    bool look_alikes = false;  // some character of another script looks like a Latin letter
    bool numeral_beside =
        false;  // some numeral stands beside another member of a number (number_runs.hpp)
};

// Where the next units of both views go.
struct FoldEnds {
    char16_t* light;
    std::uint16_t* offsets;
    std::uint8_t* kinds;
    char16_t* dense;
    std::uint16_t* dense_offsets;
};

struct FoldKernel {
    Isa isa = Isa::kScalar;

    // Appends to both views what comes of the plain characters at the front of `source`; gives how many there were before the
    // first that is none. Offsets count from `place`. Behind the end of each view kFoldSlack units are zero
    // afterwards, and as many offsets and kinds undefined.
    std::size_t (*plain)(const UnitKinds& kinds, const char16_t* source, std::size_t count,
                         std::size_t place, FoldedSoFar& views) = nullptr;
};

// The form for `isa`; null when this processor or build lacks it. AVX-512 without VBMI2 (before Ice Lake and Zen 4) packs no
// 16-bit units: there the form of AVX2 stands for it. Threads: any thread.
const FoldKernel* fold_kernel(Isa isa);

// The form of chosen_isa(). Threads: any thread.
const FoldKernel& fold_kernel();

extern const FoldKernel kFoldScalar;
extern const FoldKernel kFoldAvx2;
extern const FoldKernel kFoldAvx512;

}  // namespace ringfence::kernel
