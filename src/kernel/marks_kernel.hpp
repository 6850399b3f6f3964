// marks_kernel.hpp - the places of a folded text at which something that extraction looks for may begin or end.
//
// A bit a unit, 64 a word. What is marked is little of most texts, so that the finders go from mark to mark and never unit by
// unit, and leave a text at once that has none of theirs.
//
//     digits   0 to 9
//     joints   what may stand between two groups of digits of one number
//     numbers  where digits begin behind which there are five in one piece, or a second group
//     labels   units of labels of a host: letters, digits, '-', '_'
//     stops    a dot between two labels, a bracket that may hold one behind a label, or the ':' of a ":/" behind a label
//     names    where a name of a chat service may begin, as far as three units tell; not inside a word of small letters
//
// Numbers, stops and names of Han that need what stands behind their word of 64 are marked whatever stands there.
//
// One contract, three forms: marks_scalar.cpp is the truth, the others differ only in speed.
#pragma once

#include <cstddef>
#include <cstdint>

#include "src/kernel/isa.hpp"

namespace ringfence::kernel {

// What is marked of 64 units.
struct MarkWord {
    std::uint64_t digits, joints, numbers, labels, stops, names;
};

// Not zero where a text has any.
struct Marked {
    std::uint64_t numbers, stops, names;
};

constexpr bool is_digit(char16_t c) { return c >= u'0' && c <= u'9'; }
constexpr bool is_lower(char16_t c) { return c >= u'a' && c <= u'z'; }
constexpr bool is_alnum(char16_t c) { return is_digit(c) || is_lower(c); }

// Between two groups of digits: also a middle dot, a bullet, a katakana middle dot, a long vowel mark, which is a dash in
// Japanese numbers, and kOtherSymbol: emoji beyond the basic plane.
inline constexpr char16_t kPlainJoints[] = {u' ', u'-', u'.', u'(', u')', u'/', u'~'};
inline constexpr char16_t kOtherJoints[] = {0xB7, 0x2022, 0x30FB, 0x30FC, 0xFFFD};

// Letters of labels beyond ASCII: Latin, Greek, Cyrillic, Armenian, but for two signs. Han and scripts without blanks between
// words would take the sentence along.
inline constexpr char16_t kFirstLabelLetter = 0xC0, kLastLabelLetter = 0x58F, kTimes = 0xD7,
                          kDivided = 0xF7;
constexpr bool is_label_unit(char16_t c) {
    return is_alnum(c) || c == u'-' || c == u'_' ||
           (c >= kFirstLabelLetter && c <= kLastLabelLetter && c != kTimes && c != kDivided);
}

inline constexpr char16_t kIdeographicStop = 0x3002;

// The first unit of names that begin with Han, and the second ones beyond ASCII; src/text/find_accounts.cpp has the names.
inline constexpr char16_t kHanNameFirsts[] = {0x4F01, 0x52A0, 0x5A01, 0x5FAE, 0x5FBD,
                                              0x6263, 0x7535, 0x7EF4, 0x8587, 0x98DE};
inline constexpr char16_t kHanNameNexts[] = {0x4FE1, 0x5FAE, 0x6263, 0x62A5, 0x673A, 0x9E45};

// Signs that may stand between two Han characters of a name, as far as they are not ASCII.
inline constexpr char16_t kFirstHanSign = 0x3001, kLastHanSign = 0x301F, kMiddleDot = 0xB7;

// Whether it may stand behind the first character of a name that begins with Han: the second one, or what parts them. All signs
// and blanks of ASCII are let in.
constexpr bool may_follow_han_name(char16_t c) {
    if (c < 0x80) return !is_alnum(c) || c == u'x' || c == u'v';
    for (const char16_t next : kHanNameNexts)
        if (c == next) return true;
    return (c >= kFirstHanSign && c <= kLastHanSign) || c == kMiddleDot;
}

// Whether a name may begin with these three units: "wechat", "weixin", "whatsapp", "wx"; "telegram", "tg"; "qq", "vx" and those of
// one letter and Han, perhaps with a separator between; "+v"; or those of Han. Most words that begin with a 't' or a 'w' are none.
// A few of no name are let in that vectors cannot tell from these.
constexpr bool may_begin_name(char16_t first, char16_t next, char16_t third) {
    switch (first) {
        case u'w':
            return next == u'x' || ((next == u'e' || next == u'h') &&
                                    (third == u'a' || third == u'c' || third == u'i'));
        case u't': return next == u'g' || (next == u'e' && third == u'l');
        case u'q':
        case u'v':
            return next == u'q' || next == u'v' || next == u'x' || next < u'a' || next > u'z' ||
                   (next >= u'k' && next <= u'p');
        case u'+': return next == u'v';
        default:
            for (const char16_t han : kHanNameFirsts)
                if (first == han) return may_follow_han_name(next);
            return false;
    }
}

// MarkWord::numbers. `digit_before` is that of the unit before the word, in bit 0. Works on what is no digit and no joint, of
// which a shift brings none in behind the word.
constexpr std::uint64_t number_starts(std::uint64_t digits, std::uint64_t joints,
                                      std::uint64_t digit_before) {
    const std::uint64_t other = ~digits, no_joint = ~joints;
    const std::uint64_t in_two = other | other >> 1;
    const std::uint64_t in_five = in_two | in_two >> 2 | other >> 4;
    // Not the last digit of a group behind which stand one or two joints and another group.
    const std::uint64_t unlinked =
        other | no_joint >> 1 | (other >> 2 & (no_joint >> 2 | other >> 3));
    const std::uint64_t two_unlinked = unlinked & unlinked >> 1;
    const std::uint64_t four_unlinked = two_unlinked & two_unlinked >> 2;
    return digits & ~(digits << 1 | digit_before) & ~(in_five & four_unlinked);
}

inline constexpr std::size_t kMarksOverhang = 80;

struct MarksKernel {
    Isa isa = Isa::kScalar;

    // Marks the first `size` of `units`, behind which kMarksOverhang more can be read, of which the first 64 are zeros, in
    // size / 64 + 1 words, and says what there is at all.
    Marked (*mark)(const char16_t* units, std::size_t size, MarkWord* words) = nullptr;
};

// The form for `isa`; null when this processor or build lacks it. Threads: any thread.
const MarksKernel* marks_kernel(Isa isa);

// The form of chosen_isa(). Threads: any thread.
const MarksKernel& marks_kernel();

extern const MarksKernel kMarksScalar;
extern const MarksKernel kMarksAvx2;
extern const MarksKernel kMarksAvx512;

}  // namespace ringfence::kernel
