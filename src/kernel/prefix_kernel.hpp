// prefix_kernel.hpp - finds in a prefix table, in the form that suits the processor.
//
// One contract, three forms: prefix_scalar.cpp is the truth, the others differ only in speed. All do what
// PrefixView::longest_match does, from the parts of a look-up that it shows: so they count bits by an instruction,
// which a compiler may not use for every processor, and ask ahead for what a batch reads. The AVX-512 form takes the
// digits of eight numbers apart at once.
#pragma once

#include <cstddef>
#include <span>

#include "ringfence/number/number.hpp"
#include "ringfence/table/prefix_view.hpp"
#include "src/kernel/isa.hpp"

namespace ringfence::kernel {

struct PrefixKernel {
    Isa isa = Isa::kScalar;

    // The hits of one number. The view is not empty, here and below.
    std::span<const PrefixHit> (*find)(const PrefixView& view, Number number) = nullptr;

    // Those of `count` numbers, each step of many asked for ahead.
    void (*find_batch)(const PrefixView& view, const Number* numbers,
                       std::span<const PrefixHit>* found, std::size_t count) = nullptr;

    // The same one after another without asking ahead: what lone calls cost, free of the call through here.
    void (*find_each)(const PrefixView& view, const Number* numbers,
                      std::span<const PrefixHit>* found, std::size_t count) = nullptr;
};

// The form for `isa`; null when this processor or build lacks it. Threads: any thread.
const PrefixKernel* prefix_kernel(Isa isa);

// The form of chosen_isa(). Threads: any thread.
const PrefixKernel& prefix_kernel();

extern const PrefixKernel kPrefixScalar;
extern const PrefixKernel kPrefixAvx2;
extern const PrefixKernel kPrefixAvx512;

}  // namespace ringfence::kernel
