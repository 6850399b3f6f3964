// number_avx512.cpp - a line as one vector.
#include "src/kernel/number_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx512f,avx512dq,bmi2")))

struct Probed {
    std::uint32_t payload;
    std::uint32_t more;
};

RINGFENCE_TARGET inline Probed probe(const NumberLine& line, std::uint64_t rank,
                                     unsigned key_class) {
    __m512i words = _mm512_load_si512(&line);
    asm("" : "+v"(words));  // loaded once: see number_kernel.hpp
    // The zeroing form with every lane kept: the plain one makes GCC 12 warn inside its own header.
    const __mmask8 equal =
        _mm512_cmpeq_epi64_mask(_mm512_maskz_srli_epi64(0xFF, words, NumberSlot::kRankShift),
                                _mm512_set1_epi64(static_cast<long long>(rank)));
    const std::uint32_t filter = _cvtmask8_u32(_mm512_test_epi64_mask(
        words, _mm512_set1_epi64(static_cast<long long>(NumberSlot::kFilterBit))));
    // The first lane that is equal, moved to the front. For the empty number any free slot, whose payload is 0.
    const __m512i found = _mm512_maskz_compress_epi64(equal, words);
    const std::uint32_t payload = static_cast<std::uint32_t>(_mm512_cvtsi512_si32(found)) &
                                  static_cast<std::uint32_t>(NumberSlot::kPayloadMask);
    // From the comparison, not from the payload, which comes some cycles later.
    const std::uint32_t missed = (_cvtmask8_u32(equal) - 1u) >> 31u;
    return {payload, filter >> key_class & missed};
}

#include "src/kernel/number_batch.inl"

#undef RINGFENCE_TARGET

}  // namespace

const NumberKernel kNumberAvx512 = {Isa::kAvx512, find, find_batch, find_each};

}  // namespace ringfence::kernel
#endif
