// fold_data.hpp - the layout of the generated fold table.
//
//     kStage1[cp >> 6] -> block    kStage2[block << 6 | cp & 63] -> entry
//
//     entry   look-alike 1 | class 4 | operation 4 | value 16        (bits 24, 20-23, 16-19, 0-15)
//
// Readers: any thread; everything is constant. Writer: tools/gen_fold.py, whose numbers these are.
// Cost: about 210 KB, of which a message touches a few lines; blocks without a change are shared.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ringfence::fold_data {

enum class Operation : std::uint8_t {
    kKeep = 0,      // the unit is cp + value, modulo 2^16
    kDrop = 1,      // nothing comes out
    kExpand = 2,    // kPool[value] units follow at kPool[value + 1]
    kMark = 3,      // a combining mark: composes with the unit before, or is dropped
    kAbsolute = 4,  // the unit is value
};

// How a character behaves in a word and in a number run.
enum class Class : std::uint8_t {
    kOther = 0,  // punctuation, symbols
    kBlank = 1,
    kSeparator =
        2,  // '-', '.', and other signs and symbols that may stand between the digits of a number
    kDigit = 3,
    kNumeral = 4,   // a Chinese numeral
    kEveryday = 5,  // a Chinese numeral that also stands in everyday words
    kHan = 6,       // Han, kana, Hangul: no words between blanks
    kLatin = 7,
    kGreek = 8,
    kCyrillic = 9,
    kArmenian = 10,
    kCherokee = 11,
    kOtherLookAlike = 12,  // a letter of another script that looks Latin
    kLetter = 13,          // any other letter
};

struct Entry {
    std::uint32_t bits = 0;

    constexpr char16_t value() const { return static_cast<char16_t>(bits & 0xFFFFu); }
    constexpr Operation operation() const { return static_cast<Operation>(bits >> 16u & 0xFu); }
    constexpr Class kind() const { return static_cast<Class>(bits >> 20u & 0xFu); }
    constexpr bool has_look_alike() const { return (bits >> 24u & 1u) != 0; }
};

struct LookAlike {
    char32_t source;
    char16_t plain;
};
struct Composition {
    std::uint32_t base_and_mark;  // base << 16 | mark
    char16_t composite;
};
struct Numeral {
    char16_t unit;
    std::uint8_t value;
    bool everyday;
};

inline constexpr unsigned kBlockBits = 6;

extern const std::uint16_t kStage1[];
extern const std::uint32_t kStage2[];
extern const char16_t kPool[];
extern const LookAlike kLookAlikes[];  // ascending
extern const std::size_t kLookAlikeCount;
extern const Composition kCompositions[];  // ascending
extern const std::size_t kCompositionCount;
extern const std::uint64_t kDense[];  // bit per folded unit: it stays in the dense view
extern const Numeral kNumerals[];     // ascending
extern const std::size_t kNumeralCount;

// The entry of a code point up to U+10FFFF.
inline Entry entry_of(char32_t code_point) {
    const std::size_t block = kStage1[code_point >> kBlockBits];
    return {kStage2[block << kBlockBits | (code_point & ((1u << kBlockBits) - 1u))]};
}

inline bool in_dense(char16_t unit) { return (kDense[unit >> 6u] >> (unit & 63u) & 1u) != 0; }

}  // namespace ringfence::fold_data
