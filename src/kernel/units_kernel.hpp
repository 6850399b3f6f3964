// units_kernel.hpp - the octets of a message as UTF-16, as far as one is a unit, in the form that suits the processor.
//
// One contract, three forms: units_scalar.cpp is the truth, the others differ only in speed. A run ends where a code
// is more than one unit or none; who asked reads that one by itself and asks again.
//
//     septet   0x1B an escape | over 0x7F none | without a character in the table      ends a run
//     units    D800 to DFFF, half a pair                                               ends a run
//
// Source: TS 23.038 clause 6.1.2.1 (packing).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "src/kernel/isa.hpp"
#include "src/text/gsm7.hpp"

namespace ringfence::kernel {

// So many units behind what is asked for can be written: whole vectors are, which who reads them next need not wait for.
inline constexpr std::size_t kUnitsSlack = 32;

struct UnitsKernel {
    Isa isa = Isa::kScalar;

    // The characters of septets that lie one an octet; gives how many came before the end of the run. `out` has room for
    // as many as there are octets and kUnitsSlack, and what lies there behind the run is undefined.
    std::size_t (*septets)(std::span<const std::uint8_t> octets, const gsm7::Table& table,
                           char16_t* out) = nullptr;

    // The same for `count` septets that lie packed from bit `first_bit` of `octets` on, and end inside them.
    std::size_t (*packed)(std::span<const std::uint8_t> octets, std::size_t first_bit,
                          std::size_t count, const gsm7::Table& table, char16_t* out) = nullptr;

    // The same for `count` units, more significant octet first.
    std::size_t (*big_endian)(const std::uint8_t* octets, std::size_t count,
                              char16_t* out) = nullptr;
};

// The form for `isa`; null when this processor or build lacks it. Threads: any thread.
const UnitsKernel* units_kernel(Isa isa);

// The form of chosen_isa(). Threads: any thread.
const UnitsKernel& units_kernel();

extern const UnitsKernel kUnitsScalar;
extern const UnitsKernel kUnitsAvx2;
extern const UnitsKernel kUnitsAvx512;

#if defined(__x86_64__)
// What AVX-512 has for `packed` where packs_units().
std::size_t packed_vbmi(std::span<const std::uint8_t> octets, std::size_t first_bit,
                        std::size_t count, const gsm7::Table& table, char16_t* out);
#endif

}  // namespace ringfence::kernel
