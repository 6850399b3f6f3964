// fold.hpp - one internal form of text, in which disguises are gone.
//
// Full and half width, circled, squared and mathematical letters and digits, traditional characters,
// capitals, accents on Latin letters, zero-width and bidi marks: `fold` maps them all onto one 16-bit
// unit a character through a generated table. Each unit keeps the place of the character that made it.
//
//     source   W  e   C  h  a  t  ':'  U+200B  U+2460    (UTF-16, with the places 0..8)
//     light    w  e   c  h  a  t   :              1      light.offsets  0 1 2 3 4 5 6 8
//     dense    w  e   c  h  a  t                  1      dense.offsets  0 1 2 3 4 5   8
//
// `light` keeps separators, for numbers and addresses; `dense` drops blanks, punctuation and symbols,
// for phrases. Patterns are folded by the same function, so both sides agree.
//
// Decisions:
// - A character beyond the basic plane becomes a letter or digit where it is a styled one, otherwise
//   kOtherLetter or kOtherSymbol: one unit. A few characters (U+2469 "10", U+00DF "ss") become up to
//   kMaxExpansion units, all with the place of their one source character.
// - Letters of other scripts that look Latin become Latin only in a word that mixes scripts. The key of a host is read from the
//   source (extract.hpp), so that a spoofed one is not the true one's.
// - Chinese numerals become digits only inside a number run: five or more digits and numerals with at
//   most one separator between two (a blank, a dash, an emoji or the like, no comma). A numeral of everyday words
//   (yi, er, ...) at the edge of a run of digits stays a word, with a Han character right beside it, or with a blank on either
//   side of it, a number without blanks before and a Han character behind.
// - Accents are taken off Latin letters only; Cyrillic, Greek and kana are composed, never stripped.
//
// Readers: one buffer a thread, reused message after message.
// Cost: one pass that writes both views, some 15 cycles and 0.3 to 1 a character with AVX-512; no allocation. A text of
// the default capacity holds 0.6 MB.
// Source: Unicode 14 NFKC_Casefold, UTS #39 confusables, OpenCC data; see tools/gen_fold.py.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace ringfence {

inline constexpr char16_t kOtherLetter = 0xE000;  // a letter beyond the basic plane; stays in dense
inline constexpr char16_t kOtherSymbol = 0xFFFD;  // a symbol, an emoji, half a pair; not in dense

enum class View : std::uint8_t { kLight = 0, kDense = 1 };

// One view: units, and for each the place in the source of the character that made it. Offsets never
// descend. kMargin units before the begin and behind the end can be read: the kPadding behind it are zero, and so is the
// one before.
struct FoldedView {
    const char16_t* units = nullptr;
    const std::uint16_t* offsets = nullptr;
    std::size_t size = 0;

    std::u16string_view text() const { return {units, size}; }
};

// A stretch of the source text, in UTF-16 units.
struct TextPlace {
    std::uint16_t offset = 0;
    std::uint16_t length = 0;
    friend constexpr bool operator==(TextPlace, TextPlace) = default;
};

class FoldedText {
public:
    static constexpr std::size_t kMaxUnits = 65'472;  // places in a view fit 16 bits
    static constexpr std::size_t kMaxExpansion = 4;
    static constexpr std::size_t kPadding = 64;
    static constexpr std::size_t kMargin = 128;

    // `capacity` in folded units, at most kMaxUnits. Allocates; nothing later does.
    explicit FoldedText(std::size_t capacity = kMaxUnits);

    const FoldedView& light() const { return light_; }
    const FoldedView& dense() const { return dense_; }
    const FoldedView& view(View which) const { return which == View::kLight ? light_ : dense_; }

    // The text that was folded: borrowed, valid as long as the caller keeps it.
    std::u16string_view source() const { return source_; }
    // The text was longer than the capacity; what did not fit is in neither view.
    bool truncated() const { return truncated_; }

    // Where units [begin, end) of a view came from. An empty stretch gives length 0.
    TextPlace place(View which, std::size_t begin, std::size_t end) const;

private:
    friend void fold(std::u16string_view source, FoldedText& out);

    std::unique_ptr<char16_t[]> units_;
    std::unique_ptr<std::uint16_t[]> offsets_;
    std::unique_ptr<std::uint8_t[]> kinds_;  // of the light view's units, for fold alone
    std::size_t capacity_ = 0;
    std::u16string_view source_;
    FoldedView light_;
    FoldedView dense_;
    bool truncated_ = false;
};

// Folds `source` (UTF-16, lone surrogates allowed, at most 65,535 units: the rest is cut and
// `truncated` set) into both views of `out`, whose former text is forgotten.
// Threads: any thread; `out` belongs to one.
void fold(std::u16string_view source, FoldedText& out);

// One view of a folded text as a string of its own, for builders: rules, aliases, list keys. `utf8` may
// hold anything; ill-formed octets fold as kOtherSymbol. Allocates.
// Threads: any thread.
std::u16string fold_to_string(std::string_view utf8, View which);
std::u16string fold_to_string(std::u16string_view text, View which);

// UTF-8 of UTF-16 units and back, for builders and reports; what is ill-formed becomes U+FFFD. Allocates.
// Threads: any thread.
std::string to_utf8(std::u16string_view text);
std::u16string to_utf16(std::string_view utf8);

}  // namespace ringfence
