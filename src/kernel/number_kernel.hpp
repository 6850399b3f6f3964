// number_kernel.hpp - finds in a number table, in the form that suits the processor.
//
// One contract, three forms: number_scalar.cpp is the truth, the others differ only in speed. All read beside
// one writer, as number_view.hpp says. The scalar form loads with acquire. The vector forms load a whole line
// at once and rest on this, documented nowhere but true of every x86-64 processor with these instructions: an
// aligned 8-byte lane of a vector load is not torn (411 M loads against a writer: none), and loads are not
// reordered with later loads. Each loads a line once, into a register that the compiler may not fill again
// from memory, or rank and payload could come from two moments.
#pragma once

#include <cstddef>
#include <string_view>

#include "ringfence/number/number.hpp"
#include "ringfence/table/number_view.hpp"
#include "src/kernel/isa.hpp"

namespace ringfence::kernel {

// What one line says about one number: its payload, and 1 when the number may lie further along its chain, else 0.
struct Probed {
    std::uint32_t payload = kNoList;
    std::uint32_t more = 0;
};

// Which slots of a line hold a number, which are free, which have their filter bit set: a bit a slot.
struct SlotMasks {
    unsigned equal = 0;
    unsigned free = 0;
    unsigned filter = 0;
};

// Numbers to put into a table, each on the lists that `payload` names.
struct FillOrder {
    NumberLine* lines = nullptr;
    std::uint64_t line_count = 0;
    std::uint64_t seed = 0;
    Payload payload = kNoList;
    const std::uint32_t* counters =
        nullptr;               // the writer's, one a line: asked for where they will be needed
    std::uint64_t placed = 0;  // out: how many were put
    // Takes a number that is in its first line already, or cannot go there, or is empty. False: stop at it.
    bool (*other)(void* context, Number number) = nullptr;
    void* context = nullptr;
};

struct NumberKernel {
    Isa isa = Isa::kScalar;

    // The payload of one number. The view has at least one line.
    Payload (*find)(const NumberView& view, Number number) = nullptr;

    // The payloads of `count` numbers, with some hundred lines asked for ahead.
    void (*find_batch)(const NumberView& view, const Number* numbers, Payload* payloads,
                       std::size_t count) = nullptr;

    // The same one after another without asking ahead: what lone calls cost, free of the call through here.
    void (*find_each)(const NumberView& view, const Number* numbers, Payload* payloads,
                      std::size_t count) = nullptr;

    // Puts numbers that are new, and whose first line has a free slot and leads no further for their class, there: the
    // store is all that it takes. Gives how many it did: all, or up to the one that `other` stopped at.
    // The writer alone.
    std::size_t (*fill)(FillOrder& order, const Number* numbers, std::size_t count) = nullptr;
};

// The form for `isa`; null when this processor or build lacks it. Threads: any thread.
const NumberKernel* number_kernel(Isa isa);

// The form of chosen_isa(). Threads: any thread.
const NumberKernel& number_kernel();

extern const NumberKernel kNumberScalar;
extern const NumberKernel kNumberAvx2;
extern const NumberKernel kNumberAvx512;

}  // namespace ringfence::kernel
