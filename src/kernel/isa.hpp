// isa.hpp - which vector instructions the kernels may use.
//
// Chosen once, when first asked: the best that processor and build have, no better than what the environment
// variable RINGFENCE_ISA (scalar, avx2 or avx512) allows; other values of it allow all. Under the thread
// sanitizer only the scalar forms are available, since it cannot see the order of vector loads.
#pragma once

#include <cstdint>
#include <string_view>

namespace ringfence::kernel {

enum class Isa : std::uint8_t { kScalar = 0, kAvx2 = 1, kAvx512 = 2 };

// Whether this processor and this build have it. Threads: any thread.
bool available(Isa isa);

// What to use. Threads: any thread.
Isa chosen_isa();

// Whether AVX-512 moves single octets and 16-bit units between lanes and packs them (VBMI and VBMI2: Ice Lake, Zen 4 and
// later). Threads: any thread.
bool packs_units();

std::string_view name_of(Isa isa);

}  // namespace ringfence::kernel
