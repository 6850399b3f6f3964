// marks_kernel.hpp - the places of a folded text at which something that extraction looks for may begin or end.
//
// A bit a unit, 64 a word. What is marked is little of most texts, so that the finders go from mark to mark and never unit by
// unit.
//
//     digits   0 to 9
//     stops    what may be a dot between two labels, or the ':' of a scheme, right behind a unit of a label
//     names    the first unit of a name of a chat service, not inside a word of small letters
//
// One contract, three forms: marks_scalar.cpp is the truth, the others differ only in speed.
#pragma once

#include <cstddef>
#include <cstdint>

#include "src/kernel/isa.hpp"

namespace ringfence::kernel {

// Each has size / 64 + 1 words.
struct TextMarks {
    std::uint64_t* digits = nullptr;
    std::uint64_t* stops = nullptr;
    std::uint64_t* names = nullptr;
};

// Letters of labels beyond ASCII: Latin, Greek, Cyrillic, Armenian, but for two signs.
inline constexpr char16_t kFirstLabelLetter = 0xC0, kLastLabelLetter = 0x58F, kTimes = 0xD7,
                          kDivided = 0xF7;
inline constexpr char16_t kStops[] = {u'.', 0x3002, u'[', u'(', u':'};
// Of "qq", "telegram", "vx", "weixin", "+v" and those of Han; src/text/find_accounts.cpp has the names.
inline constexpr char16_t kNameFirsts[] = {u'+',   u'q',   u't',   u'v',   u'w',
                                           0x4F01, 0x52A0, 0x5A01, 0x5FAE, 0x5FBD,
                                           0x6263, 0x7535, 0x7EF4, 0x8587, 0x98DE};

struct MarksKernel {
    Isa isa = Isa::kScalar;

    // Marks the first `size` of `units`, behind which 64 more can be read.
    void (*mark)(const char16_t* units, std::size_t size, TextMarks marks) = nullptr;
};

// The form for `isa`; null when this processor or build lacks it. Threads: any thread.
const MarksKernel* marks_kernel(Isa isa);

// The form of chosen_isa(). Threads: any thread.
const MarksKernel& marks_kernel();

extern const MarksKernel kMarksScalar;
extern const MarksKernel kMarksAvx2;
extern const MarksKernel kMarksAvx512;

}  // namespace ringfence::kernel
