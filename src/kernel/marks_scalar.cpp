// marks_scalar.cpp - the truth that the vector forms are compared with.
#include <algorithm>
#include <array>
#include <iterator>

#include "src/kernel/marks_kernel.hpp"

namespace ringfence::kernel {
namespace {

enum : std::uint8_t { kDigit = 1, kJoint = 2, kLabel = 4, kStop = 8, kFirst = 16 };

// What a unit may be whatever stands beside it.
constexpr std::uint8_t class_of(char16_t c) {
    unsigned is = 0;
    if (is_digit(c)) is |= kDigit;
    if (is_label_unit(c)) is |= kLabel;
    if (std::ranges::find(kPlainJoints, c) != std::end(kPlainJoints) ||
        std::ranges::find(kOtherJoints, c) != std::end(kOtherJoints)) {
        is |= kJoint;
    }
    if (c == u'.' || c == kIdeographicStop || c == u'[' || c == u'(' || c == u':') is |= kStop;
    if (may_begin_name(c, u'e', u'a') || may_begin_name(c, u'e', u'l') ||
        may_begin_name(c, u'v', 0))
        is |= kFirst;
    return static_cast<std::uint8_t>(is);
}

constexpr std::array<std::uint8_t, 0x80> kPlainClasses = [] {
    std::array<std::uint8_t, 0x80> classes{};
    for (unsigned c = 0; c < classes.size(); ++c) classes[c] = class_of(static_cast<char16_t>(c));
    return classes;
}();

// Of what is neither ASCII nor a letter of labels few mean anything: a bit for the lowest six bits of each that does.
constexpr std::uint64_t kRareEnds = [] {
    std::uint64_t ends = std::uint64_t{1} << kIdeographicStop % 64;
    for (const char16_t c : kOtherJoints) ends |= std::uint64_t{1} << c % 64;
    for (const char16_t c : kHanNameFirsts) ends |= std::uint64_t{1} << c % 64;
    return ends;
}();

unsigned class_at(const char16_t* at) {
    const char16_t c = *at;
    if (c < kPlainClasses.size()) return kPlainClasses[c];
    return c <= kLastLabelLetter || (kRareEnds >> c % 64 & 1u) != 0 ? class_of(c) : 0u;
}

// `at` has a unit behind it: zeros stand behind the text.
bool is_stop(const char16_t* units, std::size_t at) {
    if (at == 0 || !is_label_unit(units[at - 1])) return false;
    if (units[at] == u'[' || units[at] == u'(') return true;
    if (units[at] == u':') return units[at + 1] == u'/';
    return at % 64 == 63 || is_label_unit(units[at + 1]);
}

bool is_name(const char16_t* units, std::size_t at) {
    const bool inside_word = is_lower(units[at]) && at > 0 && is_lower(units[at - 1]);
    const bool unknown = units[at] >= 0x80 && at % 64 == 63;
    return !inside_word && may_begin_name(units[at], unknown ? u' ' : units[at + 1], units[at + 2]);
}

Marked mark(const char16_t* units, std::size_t size, MarkWord* words) {
    Marked any{};
    std::uint64_t digit_before = 0;
    for (std::size_t word = 0; word <= size / 64; ++word) {
        MarkWord marks{};
        for (std::size_t at = 64 * word; at < std::min(size, 64 * word + 64); ++at) {
            const unsigned is = class_at(units + at);
            const std::size_t place = at % 64;
            const std::uint64_t bit = std::uint64_t{1} << place;
            marks.digits |= std::uint64_t{(is & kDigit) != 0} << place;
            marks.joints |= std::uint64_t{(is & kJoint) != 0} << place;
            marks.labels |= std::uint64_t{(is & kLabel) != 0} << place;
            if ((is & kStop) != 0 && is_stop(units, at)) marks.stops |= bit;
            if ((is & kFirst) != 0 && is_name(units, at)) marks.names |= bit;
        }
        marks.numbers = number_starts(marks.digits, marks.joints, digit_before);
        digit_before = marks.digits >> 63;
        words[word] = marks;
        any.numbers |= marks.numbers;
        any.stops |= marks.stops;
        any.names |= marks.names;
    }
    return any;
}

}  // namespace

const MarksKernel kMarksScalar = {Isa::kScalar, mark};

}  // namespace ringfence::kernel
