// fold_kernel.hpp - the characters of a text that fold by themselves, in the form that suits the processor.
//
// Most characters of most texts fold to one unit whatever stands beside them. A run of them ends at one that does not: half
// a pair, one that is dropped, expands, composes or looks Latin, or a Chinese numeral, which is a digit inside a number. Who
// asked reads that one by itself and asks again.
//
//     source   W  e  C  h  a  t  U+200B  1  3  8
//     units    w  e  c  h  a  t                      the run ends: nothing comes of U+200B
//
// One contract, three forms: fold_scalar.cpp is the truth, the others differ only in speed. A look-up in the table of units is
// quicker one by one than gathered (16 to a gather took three times as long on Zen 5), so that only ASCII, the
// offsets and the dense view are vectors.
// Cost: the table of plain units is 128 KB, made with the first FoldedText, of which a message touches a few lines.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "src/kernel/isa.hpp"

namespace ringfence::kernel {

struct FoldKernel {
    Isa isa = Isa::kScalar;

    // Folds plain characters from the front of `source`; gives how many there were before the first that is none. `offsets`
    // count from `place`. What lies behind the run, up to `count` units, is undefined afterwards.
    std::size_t (*plain)(const char16_t* source, std::size_t count, std::size_t place,
                         char16_t* units, std::uint16_t* offsets) = nullptr;

    // Copies the units that stay in the dense view, and their offsets; gives how many. kFoldSlack more of both may be
    // written.
    std::size_t (*dense)(const char16_t* units, const std::uint16_t* offsets, std::size_t count,
                         char16_t* dense_units, std::uint16_t* dense_offsets) = nullptr;
};
inline constexpr std::size_t kFoldSlack = 16;

// What each unit folds to, or 0 for one that ends a run. Threads: any thread.
using PlainUnits = std::array<char16_t, 0x10000>;
const PlainUnits& plain_units();

// As many units as are plain among the first `count`, one by one: `units` gets them. Threads: any thread.
inline std::size_t look_up_plain(const PlainUnits& plain, const char16_t* source, std::size_t count,
                                 char16_t* units) {
    bool ended = false;
    for (std::size_t i = 0; i < count; ++i) {
        units[i] = plain[source[i]];
        ended |= units[i] == 0;
    }
    if (!ended) return count;
    std::size_t run = 0;
    while (units[run] != 0) ++run;
    return run;
}

// The form for `isa`; null when this processor or build lacks it. Threads: any thread.
const FoldKernel* fold_kernel(Isa isa);

// The form of chosen_isa(). Threads: any thread.
const FoldKernel& fold_kernel();

extern const FoldKernel kFoldScalar;
extern const FoldKernel kFoldAvx2;
extern const FoldKernel kFoldAvx512;

}  // namespace ringfence::kernel
