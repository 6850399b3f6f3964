// number_avx512.cpp - a line as one vector, eight hashes at once.
//
// A batch flows through in groups of eight numbers, each at its stage:
//
//     make      hash eight numbers: the next of the batch, or eight that must go on along their chains
//     ask       for their lines, kHashAhead groups later
//     look      at the lines, kAskAhead groups later: each gives one word
//     settle    kSettleAfter groups later: payloads out, and those that must go on into a queue, from which they come
//               as a group again
//
// Lines are asked for at an even pace, one with each look: where asking pauses, for second lines or for sums, memory
// idles (0.50 of the speed of mere reading on a Zen 5; so it is 0.75). No stage reads what was stored just before
// it: a vector that gathers narrow stores waits until they have left the core. Nothing branches on hit or miss.
#include "src/kernel/number_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include "src/kernel/rank_hash_avx512.hpp"

namespace ringfence::kernel {
namespace {

using namespace avx512;

#define RINGFENCE_TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,bmi2,popcnt")))

static_assert(sizeof(NumberLine) == 1u << 6u && sizeof(Number) == sizeof(std::uint64_t));

RINGFENCE_TARGET inline __m512i load(const NumberLine& line) {
    __m512i words = _mm512_load_si512(&line);
    asm("" : "+v"(words));  // loaded once: see number_kernel.hpp
    return words;
}

RINGFENCE_TARGET inline __mmask8 equal_to(std::uint64_t rank, __m512i words) {
    return _mm512_cmpeq_epi64_mask(_mm512_maskz_srli_epi64(kAll, words, NumberSlot::kRankShift),
                                   all(rank));
}

// One number alone: what decides whether to go on must come early, so the filter bits are asked beside.
RINGFENCE_TARGET inline Probed probe(const NumberLine& line, std::uint64_t rank,
                                     unsigned key_class) {
    const __m512i words = load(line);
    const __mmask8 equal = equal_to(rank, words);
    const std::uint32_t filter =
        _cvtmask8_u32(_mm512_test_epi64_mask(words, all(NumberSlot::kFilterBit)));
    // The first lane that is equal, moved to the front. For the empty number any free slot, whose payload is 0.
    const __m512i found = _mm512_maskz_compress_epi64(equal, words);
    const std::uint32_t payload = static_cast<std::uint32_t>(_mm512_cvtsi512_si32(found)) &
                                  static_cast<std::uint32_t>(NumberSlot::kPayloadMask);
    // From the comparison, not from the payload, which comes some cycles later.
    const std::uint32_t missed = (_cvtmask8_u32(equal) - 1u) >> 31u;
    return {payload, filter >> key_class & missed};
}

#include "src/kernel/number_chain.inl"

constexpr std::size_t kGroup = 8;
constexpr std::size_t kHashAhead = 2;    // groups made before their lines are asked for
constexpr std::size_t kAskAhead = 16;    // groups asked for before they are looked at
constexpr std::size_t kSettleAfter = 2;  // groups looked at before they are settled
constexpr std::size_t kReadAhead = 256;  // numbers
constexpr std::size_t kGroups = 32;      // a power of two, above the sum of those
static_assert(kGroups > kHashAhead + kAskAhead + kSettleAfter + 2);

// The way of a number: its class, how many lines it has behind it, and its place in the batch.
constexpr unsigned kDepthShift = 3;
constexpr std::uint64_t kDepthOne = std::uint64_t{1} << kDepthShift;
constexpr std::uint64_t kDepthMask = 0x7F * kDepthOne;
constexpr unsigned kIndexShift = 10;
static_assert(NumberLine::kSlots == 1u << kDepthShift && NumberChain::kMaxLines <= 0x7F);

struct alignas(kCacheLine) Group {
    std::uint64_t rank[kGroup];
    std::uint64_t hash[kGroup];    // of the line
    std::uint64_t offset[kGroup];  // of the line, in bytes
    std::uint64_t way[kGroup];
    std::uint64_t word[kGroup];  // what the line said
    __mmask8 valid;
    bool fresh;  // numbers that follow each other in the batch
};

// Numbers that must go on. Settling a group adds up to eight; eight are taken as soon as there are as many.
struct Queue {
    std::uint64_t rank[3 * kGroup];
    std::uint64_t hash[3 * kGroup];
    std::uint64_t way[3 * kGroup];
};

RINGFENCE_TARGET inline __mmask8 first_of(std::size_t count) {
    return count < kGroup ? static_cast<__mmask8>((1u << count) - 1u) : kAll;
}

RINGFENCE_TARGET inline void place(const RankHash& hash, __m512i hashes, Group& group) {
    _mm512_store_si512(group.hash, hashes);
    _mm512_store_si512(group.offset, _mm512_maskz_slli_epi64(kAll, hash.line(hashes), 6));
}

// Of numbers `at` to `at` + 7 of the batch, or those that there are.
RINGFENCE_TARGET inline void make_fresh(const RankHash& hash, const Number* numbers, std::size_t at,
                                        std::size_t count, Group& group) {
    const __m512i places = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
    group.valid = first_of(count - at);
    group.fresh = true;
    const __m512i ranks = group.valid == kAll ? _mm512_loadu_si512(numbers + at)
                                              : _mm512_maskz_loadu_epi64(group.valid, numbers + at);
    const __m512i hashes = hash.first(ranks);
    const __m512i index =
        _mm512_maskz_slli_epi64(kAll, _mm512_add_epi64(all(at), places), kIndexShift);
    _mm512_store_si512(group.rank, ranks);
    _mm512_store_si512(group.way, _mm512_or_si512(index, _mm512_and_si512(hashes, all(7))));
    place(hash, hashes, group);
}

// Of the last of the queue, which has `count` after it.
RINGFENCE_TARGET inline void make_further(const RankHash& hash, const Queue& queue,
                                          std::size_t from, std::size_t count, Group& group) {
    group.valid = first_of(count);
    group.fresh = false;
    _mm512_store_si512(group.rank, _mm512_maskz_loadu_epi64(group.valid, queue.rank + from));
    _mm512_store_si512(group.way, _mm512_maskz_loadu_epi64(group.valid, queue.way + from));
    place(hash, _mm512_maskz_loadu_epi64(group.valid, queue.hash + from), group);
}

RINGFENCE_TARGET inline void ask(const NumberLine* lines, const Group& group, std::size_t i) {
    // Into the second-level cache, which takes more at a time than the first.
    __builtin_prefetch(reinterpret_cast<const char*>(lines) + group.offset[i], 0, 2);
}

// What a line says of a rank: the first word that holds it (for the empty number any free slot,
// whose payload is 0), else the word of the class, whose filter bit tells whether to go on. Of `key_class` only the
// three low bits count.
RINGFENCE_TARGET inline std::uint64_t ask_line(const NumberLine& line, std::uint64_t rank,
                                               std::uint64_t key_class) {
    const __m512i words = load(line);
    const __mmask8 equal = equal_to(rank, words);
    const __m512i of_class = _mm512_maskz_permutexvar_epi64(
        kAll, _mm512_zextsi128_si512(_mm_cvtsi64_si128(static_cast<long long>(key_class))), words);
    return static_cast<std::uint64_t>(_mm512_mask_compress_epi64(of_class, equal, words)[0]);
}

RINGFENCE_TARGET inline void look(const NumberLine* lines, Group& group, std::size_t i) {
    const auto* line =
        reinterpret_cast<const NumberLine*>(reinterpret_cast<const char*>(lines) + group.offset[i]);
    group.word[i] = ask_line(*line, group.rank[i], group.way[i]);
}

// Gives the payloads out, and queues who must go on behind the `count` that wait; gives how many wait now.
RINGFENCE_TARGET inline std::size_t settle(const Group& group, Payload* payloads, Queue& queue,
                                           std::size_t count) {
    const __m512i way = _mm512_load_si512(group.way);
    const __m512i rank = _mm512_load_si512(group.rank);
    const __m512i word = _mm512_load_si512(group.word);
    const __mmask8 hit =
        _mm512_cmpeq_epi64_mask(_mm512_maskz_srli_epi64(kAll, word, NumberSlot::kRankShift), rank);
    const __m128i payload =
        _mm512_maskz_cvtepi64_epi16(hit, _mm512_and_si512(word, all(NumberSlot::kPayloadMask)));
    if (group.fresh && group.valid == kAll) {
        _mm_storeu_si128(reinterpret_cast<__m128i*>(payloads + (group.way[0] >> kIndexShift)),
                         payload);
    } else {
        alignas(16) Payload each[kGroup];
        _mm_store_si128(reinterpret_cast<__m128i*>(each), payload);
        for (unsigned i = 0; i < kGroup && (group.valid >> i & 1u) != 0; ++i)
            payloads[group.way[i] >> kIndexShift] = each[i];
    }

    const __mmask8 missed = _mm512_mask_test_epi64_mask(static_cast<__mmask8>(group.valid & ~hit),
                                                        word, all(NumberSlot::kFilterBit));
    const __mmask8 further =
        _mm512_mask_cmplt_epu64_mask(missed, _mm512_and_si512(way, all(kDepthMask)),
                                     all((NumberChain::kMaxLines - 1) * kDepthOne));
    const __m512i hash = _mm512_load_si512(group.hash);
    const __m512i next =
        _mm512_add_epi64(_mm512_maskz_mullo_epi64(kAll, _mm512_maskz_ror_epi64(kAll, hash, 32),
                                                  all(NumberChain::kNextFactor)),
                         all(NumberChain::kNextTerm));
    _mm512_storeu_si512(queue.rank + count, _mm512_maskz_compress_epi64(further, rank));
    _mm512_storeu_si512(queue.hash + count, _mm512_maskz_compress_epi64(further, next));
    _mm512_storeu_si512(queue.way + count, _mm512_maskz_compress_epi64(
                                               further, _mm512_add_epi64(way, all(kDepthOne))));
    return count + static_cast<std::size_t>(__builtin_popcount(further));
}

RINGFENCE_TARGET void find_batch(const NumberView& view, const Number* numbers, Payload* payloads,
                                 std::size_t count) {
    // A line is chosen by 32 bits of the hash at a time; a larger table is for the scalar form.
    if (view.line_count() > UINT32_MAX)
        return kNumberScalar.find_batch(view, numbers, payloads, count);
    if (count < kGroup) return find_each(view, numbers, payloads, count);
    const RankHash hash(view.seed(), view.line_count());
    const NumberLine* lines = view.lines();
    Group groups[kGroups];
    Queue queue;
    std::size_t waiting = 0;  // in the queue
    // Groups through each stage, so far.
    std::size_t made = 0;
    std::size_t asked = 0;
    std::size_t looked = 0;
    std::size_t settled = 0;
    const auto group = [&](std::size_t i) -> Group& { return groups[i % kGroups]; };

    for (std::size_t at = 0; at < count;) {
        if (waiting >= kGroup) {
            waiting -= kGroup;
            make_further(hash, queue, waiting, kGroup, group(made++));
        } else {
            __builtin_prefetch(numbers + at + kReadAhead);  // past the end too: it never faults
            make_fresh(hash, numbers, at, count, group(made++));
            at += kGroup;
        }
        if (made - asked <= kHashAhead) continue;
        const Group& next = group(asked++);
        if (asked - looked <= kAskAhead) {
            for (std::size_t i = 0; i < kGroup; ++i) ask(lines, next, i);
            continue;
        }
        Group& here = group(looked++);
#pragma GCC unroll 8
        for (std::size_t i = 0; i < kGroup; ++i) {
            ask(lines, next, i);
            look(lines, here, i);
        }
        if (looked - settled > kSettleAfter)
            waiting = settle(group(settled++), payloads, queue, waiting);
    }
    // What is on its way, without waiting for more. Whether anyone must go on is asked last: that answer comes from
    // memory, and cannot be foreseen.
    while (settled < made) {
        for (; asked < made; ++asked)
            for (std::size_t i = 0; i < kGroup; ++i) ask(lines, group(asked), i);
        for (; looked < asked; ++looked)
            for (std::size_t i = 0; i < kGroup; ++i) look(lines, group(looked), i);
        while (settled < looked) {
            waiting = settle(group(settled++), payloads, queue, waiting);
            if (waiting < kGroup && (settled < made || waiting == 0)) continue;
            const std::size_t taken = waiting < kGroup ? waiting : kGroup;
            waiting -= taken;
            make_further(hash, queue, waiting, taken, group(made++));
        }
    }
}

RINGFENCE_TARGET inline SlotMasks slots_of(const NumberLine& line, std::uint64_t rank) {
    const __m512i words = _mm512_load_si512(&line);
    const __m512i ranks = _mm512_maskz_srli_epi64(kAll, words, NumberSlot::kRankShift);
    return {_cvtmask8_u32(_mm512_cmpeq_epi64_mask(ranks, all(rank))),
            _cvtmask8_u32(_mm512_testn_epi64_mask(ranks, ranks)),
            _cvtmask8_u32(_mm512_test_epi64_mask(words, all(NumberSlot::kFilterBit)))};
}

#include "src/kernel/number_fill.inl"

#undef RINGFENCE_TARGET

}  // namespace

const NumberKernel kNumberAvx512 = {Isa::kAvx512, find, find_batch, find_each, fill};

}  // namespace ringfence::kernel
#endif
