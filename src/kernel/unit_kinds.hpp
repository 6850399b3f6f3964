// unit_kinds.hpp - what folding has to know of a UTF-16 unit, in one octet.
//
//     delta 4 | special 1 | numeral 1 | number 1 | dense 1        (bits 4-7, 3, 2, 1, 0)
//
//     delta     its place in kFoldDeltas: the unit folds to itself plus that; most of most texts is Han, which folds to itself
//     special   its delta is none of those, and the number in `delta` says what then: kEnds, kMoved or kLooks
//     numeral   a Chinese numeral
//     number    a digit or a Chinese numeral
//     dense     what it folds to stays in the dense view
//
// A unit that kEnds does not fold by itself, or not to one unit: half a pair, one that is dropped, expands or composes. One
// that kLooks folds to one, and looks like a Latin letter.
// Cost: 64 KB, made with the first FoldedText. A Chinese message touches some 40 lines of the 20 KB that Han has there, which
// stay in the first-level cache; 16-bit units in their place did not.
#pragma once

#include <array>
#include <cstdint>

#include "src/text/data/fold_data.hpp"

namespace ringfence::kernel {

enum UnitKind : std::uint8_t {
    kInDense = 1u << 0,
    kInNumber = 1u << 1,
    kIsNumeral = 1u << 2,
    kSpecial = 1u << 3,
    kEnds = kSpecial,
    kMoved = kSpecial | 1u << 4,
    kLooks = kSpecial | 2u << 4,
};
inline constexpr unsigned kDeltaShift = 4;

// The bits in which special kinds differ.
inline constexpr unsigned kWhichSpecial = 0xF8;
constexpr bool looks_latin(std::uint8_t kind) { return (kind & kWhichSpecial) == kLooks; }

// What the commonest units move by. The first is no move.
inline constexpr std::array<std::uint16_t, 16> kFoldDeltas = [] {
    constexpr char16_t kMoves[][2] = {
        {u'0', u'0'},    {u'A', u'a'},   {0xFF01, u'!'}, {0xFF21, u'a'},   // capitals, full width
        {u'\n', u' '},   {u'\r', u' '},  {u'\t', u' '},  {0x00A0, u' '},   // blanks
        {0x3000, u' '},  {0x201C, u'"'}, {0x201D, u'"'}, {0x2018, u'\''},  // quotes
        {0x2019, u'\''}, {0x2013, u'-'}, {0x2014, u'-'}, {0xFFE5, 0xA5},   // dashes, yuan
    };
    std::array<std::uint16_t, 16> deltas{};
    for (std::size_t i = 0; i < deltas.size(); ++i)
        deltas[i] = static_cast<std::uint16_t>(kMoves[i][1] - kMoves[i][0]);
    return deltas;
}();

using UnitKinds = std::array<std::uint8_t, 0x10000>;

// Threads: any thread.
const UnitKinds& unit_kinds();

// The lower bits of what a character of that class folds to.
inline std::uint8_t bits_of(fold_data::Class kind, char16_t folded) {
    using fold_data::Class;
    const bool numeral = kind == Class::kNumeral || kind == Class::kEveryday;
    unsigned bits = 0;
    if (fold_data::in_dense(folded)) bits |= kInDense;
    if (numeral) bits |= kIsNumeral;
    if (numeral || kind == Class::kDigit) bits |= kInNumber;
    return static_cast<std::uint8_t>(bits);
}

// What a unit that does not end a run folds to.
inline char16_t folded_unit(char16_t unit) {
    return static_cast<char16_t>(unit + fold_data::entry_of(unit).value());
}

}  // namespace ringfence::kernel
