// digits_kernel.hpp - reads digits into ranks (number.hpp), in the form that suits the processor.
//
// One contract, three forms: digits_scalar.cpp is the truth, the others differ only in speed. What they share:
//
//     "8613800138000"    0 0 0 8 6 1 3 8 0 0 1 3 8 0 0 0     sixteen bytes, the last digit last
//     times 10, 1        0   8   61  38  0   13  80  0
//     times 100, 1       8       6138    13      8000
//     times 10^4, 1      86138           138000
//
// Sources: W. Mula, "SIMD-ized parsing of numbers"; Intel SDM volume 2 (masked loads do not fault on what the mask
// leaves out).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ringfence/number/number.hpp"
#include "src/kernel/isa.hpp"

namespace ringfence::kernel {

// What the rows of a file have around their number; `after` ends with the line end.
struct RowShape {
    std::string_view before;
    std::string_view after;
};

// Numbers that begin alike, are as long and come both with or without '+' become others by one addition to their
// ranks: 0 or more digits are taken off in front and others put there, the same for all of them.
struct NumberHead {
    static constexpr std::uint64_t kUnlike = std::uint64_t{1}
                                             << 63u;       // no addition is right for all
    static constexpr std::uint64_t kDeeper = kUnlike + 1;  // ask with kLong digits

    static constexpr unsigned kShort = 5;  // digits that are looked at
    static constexpr unsigned kLong = 7;
    static constexpr unsigned kFewestDigits = 8;  // of the number
    static constexpr unsigned kBits = 14;         // of a place

    std::uint64_t head = 0;  // the digits as text, their length and '+' in the upper octet; 0: free
    std::uint64_t shift = 0;  // added to the rank, modulo 2^64

    // `text` is the first eight octets of the digits, in the order of memory.
    static constexpr std::uint64_t of(std::uint64_t text, unsigned digits, unsigned length,
                                      bool plus) {
        return (text & ((std::uint64_t{1} << 8 * digits) - 1)) |
               std::uint64_t{length | (plus ? 0x80u : 0u)} << 56u;
    }
    static constexpr std::size_t place(std::uint64_t head) {
        return static_cast<std::size_t>(head * 0x9E3779B97F4A7C15u >> (64 - kBits));
    }
};
using NumberHeads = std::array<NumberHead, std::size_t{1} << NumberHead::kBits>;

struct RowsRead {
    const char* at = nullptr;  // the first row that was not read
    std::size_t count = 0;
};

// Octets behind `end` that read_rows may load and never uses.
inline constexpr std::size_t kRowsPadding = 32;

struct DigitsKernel {
    Isa isa = Isa::kScalar;

    // The number of each text, which may begin with '+'; the empty Number for any that holds something else than
    // 1 to 15 digits. No octet outside of the texts is read.
    void (*parse)(const std::string_view* texts, Number* numbers, std::size_t count) = nullptr;

    // Reads rows of the shape `before`, perhaps '+', digits, `after`, from `at` on, until one is of another shape,
    // does not end before `end`, or begins with a head that is not there or unlike; at most `room`.
    RowsRead (*read_rows)(const char* at, const char* end, const RowShape& shape,
                          const NumberHeads& heads, Number* numbers, std::size_t room) = nullptr;
};

// The form for `isa`; null when this processor or build lacks it. Threads: any thread.
const DigitsKernel* digits_kernel(Isa isa);

// The form of chosen_isa(). Threads: any thread.
const DigitsKernel& digits_kernel();

extern const DigitsKernel kDigitsScalar;
extern const DigitsKernel kDigitsAvx2;
extern const DigitsKernel kDigitsAvx512;

}  // namespace ringfence::kernel
