#include "src/kernel/isa.hpp"

#include <cstdlib>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#if defined(__SANITIZE_THREAD__)
#define RINGFENCE_SCALAR_ONLY 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define RINGFENCE_SCALAR_ONLY 1
#endif
#endif
#if !defined(__x86_64__)
#define RINGFENCE_SCALAR_ONLY 1
#endif

namespace ringfence::kernel {

#if !defined(RINGFENCE_SCALAR_ONLY)
namespace {

// Of the bit manipulations what both vector forms are built with.
bool has_bits() {
    return __builtin_cpu_supports("bmi") != 0 && __builtin_cpu_supports("bmi2") != 0 &&
           __builtin_cpu_supports("popcnt") != 0;
}

// AMD's name for the leaf is ABM; Clang 14 knows no name for it. Without it the instruction counts something else.
bool counts_leading_zeros() {
    unsigned eax = 0;
    unsigned ebx = 0;
    unsigned ecx = 0;
    unsigned edx = 0;
    return __get_cpuid(0x80000001u, &eax, &ebx, &ecx, &edx) != 0 && (ecx >> 5u & 1u) != 0;
}

}  // namespace
#endif

bool available(Isa isa) {
#if defined(RINGFENCE_SCALAR_ONLY)
    return isa == Isa::kScalar;
#else
    switch (isa) {
        case Isa::kScalar: return true;
        case Isa::kAvx2:
            return __builtin_cpu_supports("avx2") != 0 && has_bits() && counts_leading_zeros();
        case Isa::kAvx512:
            return __builtin_cpu_supports("avx512f") != 0 &&
                   __builtin_cpu_supports("avx512dq") != 0 &&
                   __builtin_cpu_supports("avx512cd") != 0 &&
                   __builtin_cpu_supports("avx512vl") != 0 &&
                   __builtin_cpu_supports("avx512bw") != 0 && has_bits() && counts_leading_zeros();
    }
    return false;
#endif
}

bool packs_units() {
#if defined(RINGFENCE_SCALAR_ONLY)
    return false;
#else
    return available(Isa::kAvx512) && __builtin_cpu_supports("avx512vbmi") != 0 &&
           __builtin_cpu_supports("avx512vbmi2") != 0;
#endif
}

std::string_view name_of(Isa isa) {
    switch (isa) {
        case Isa::kScalar: return "scalar";
        case Isa::kAvx2: return "avx2";
        case Isa::kAvx512: return "avx512";
    }
    return "scalar";
}

Isa chosen_isa() {
    static const Isa chosen = [] {
        // The environment is read once; a program that changes it from another thread does so too late.
        const char* text = std::getenv("RINGFENCE_ISA");
        const std::string_view mask = text != nullptr ? text : "";
        for (const Isa isa : {Isa::kAvx512, Isa::kAvx2}) {
            const bool masked = mask == name_of(Isa::kScalar) ||
                                (mask == name_of(Isa::kAvx2) && isa == Isa::kAvx512);
            if (!masked && available(isa)) return isa;
        }
        return Isa::kScalar;
    }();
    return chosen;
}

}  // namespace ringfence::kernel
