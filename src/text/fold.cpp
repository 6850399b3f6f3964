#include "ringfence/text/fold.hpp"

#include <algorithm>
#include <cassert>
#include <optional>

#include "src/kernel/fold_kernel.hpp"
#include "src/text/data/fold_data.hpp"
#include "src/text/utf.hpp"

namespace ringfence {
namespace {

using fold_data::Class;
using fold_data::Entry;
using fold_data::Operation;

constexpr std::size_t kMaxSource = 65'535;
constexpr std::size_t kLeastDigits = 5;  // of a number run

bool is_numeral(Class kind) { return kind == Class::kNumeral || kind == Class::kEveryday; }
bool in_number(Class kind) { return kind == Class::kDigit || is_numeral(kind); }
bool in_word(Class kind) { return kind == Class::kDigit || kind >= Class::kLatin; }
bool mixes(Class kind) { return kind >= Class::kLatin && kind <= Class::kOtherLookAlike; }

// The ASCII letter a character looks like; the caller knows that there is one.
char16_t look_alike_of(char32_t code_point) {
    const auto* first = fold_data::kLookAlikes;
    const auto* last = first + fold_data::kLookAlikeCount;
    const auto* found = std::lower_bound(
        first, last, code_point, [](const auto& look, char32_t c) { return look.source < c; });
    assert(found != last && found->source == code_point);
    return found->plain;
}

// The composite of a unit and the mark behind it, or 0.
char16_t composed(char16_t base, char16_t mark) {
    const std::uint32_t key = std::uint32_t{base} << 16u | mark;
    const auto* first = fold_data::kCompositions;
    const auto* last = first + fold_data::kCompositionCount;
    const auto* found = std::lower_bound(
        first, last, key, [](const auto& c, std::uint32_t k) { return c.base_and_mark < k; });
    return found != last && found->base_and_mark == key ? found->composite : char16_t{0};
}

char16_t digit_of(char16_t numeral) {
    const auto* first = fold_data::kNumerals;
    const auto* last = first + fold_data::kNumeralCount;
    const auto* found = std::lower_bound(
        first, last, numeral, [](const auto& n, char16_t unit) { return n.unit < unit; });
    assert(found != last && found->unit == numeral);
    return static_cast<char16_t>(u'0' + found->value);
}

// Folds into the light view: one pass, with two small machines beside it that look back over the word
// and over the number run when they end.
class Folder {
public:
    Folder(std::u16string_view source, char16_t* units, std::uint16_t* offsets,
           std::size_t capacity)
        : source_(source), units_(units), offsets_(offsets), capacity_(capacity) {}

    void run() {
        for (std::size_t at = 0; at < source_.size();) {
            const utf::CodePoint c = utf::at_utf16(source_, at);
            take(c.value, at);
            at += c.size;
        }
        end_word();
        end_number(Class::kOther);
    }

    std::size_t size() const { return size_; }
    bool truncated() const { return truncated_; }

private:
    void take(char32_t code_point, std::size_t at) {
        const Entry entry = fold_data::entry_of(code_point);
        switch (entry.operation()) {
            case Operation::kKeep:
                step(entry, static_cast<char16_t>(code_point + entry.value()), at);
                return;
            case Operation::kAbsolute: step(entry, entry.value(), at); return;
            case Operation::kDrop: return;
            case Operation::kMark: compose(entry.value()); return;
            case Operation::kExpand: expand(entry, at); return;
        }
    }

    void step(Entry entry, char16_t unit, std::size_t at) {
        const Class kind = entry.kind();
        follow_word(kind, entry.has_look_alike());
        follow_number(kind);
        emit(unit, at);
    }

    void expand(Entry entry, std::size_t at) {
        const char16_t* pool = fold_data::kPool + entry.value();
        for (std::size_t i = 1; i <= pool[0]; ++i) {
            const Class kind = fold_data::entry_of(pool[i]).kind();
            follow_word(kind, false);
            follow_number(kind);
            emit(pool[i], at);
        }
    }

    void compose(char16_t mark) {
        if (size_ == 0) return;
        const char16_t composite = composed(units_[size_ - 1], mark);
        if (composite != 0) units_[size_ - 1] = composite;
    }

    void emit(char16_t unit, std::size_t at) {
        if (size_ == capacity_) {
            truncated_ = true;
            return;
        }
        units_[size_] = unit;
        offsets_[size_] = static_cast<std::uint16_t>(at);
        ++size_;
    }

    void follow_word(Class kind, bool has_look_alike) {
        if (!in_word(kind)) {
            end_word();
            return;
        }
        word_begin_ = std::min(word_begin_, size_);
        if (mixes(kind)) scripts_ |= 1u << static_cast<unsigned>(kind);
        word_looks_ |= has_look_alike;
    }

    // A word of several scripts: what looks Latin becomes Latin.
    void end_word() {
        if (word_looks_ && (scripts_ & (scripts_ - 1)) != 0) {
            for (std::size_t i = word_begin_; i < size_; ++i) {
                const char32_t c = utf::at_utf16(source_, offsets_[i]).value;
                if (fold_data::entry_of(c).has_look_alike()) units_[i] = look_alike_of(c);
            }
        }
        scripts_ = 0;
        word_looks_ = false;
        word_begin_ = static_cast<std::size_t>(-1);
    }

    void follow_number(Class kind) {
        if (in_number(kind)) {
            if (digits_ == 0) {
                number_begin_ = size_;
                before_number_ = last_;
            }
            ++digits_;
            numerals_ |= is_numeral(kind);
            number_end_ = size_ + 1;
        } else if (digits_ != 0 &&
                   ((kind != Class::kBlank && kind != Class::kSeparator) || size_ != number_end_)) {
            // A second separator, or anything that is none.
            end_number(size_ == number_end_ ? kind : Class::kOther);
        }
        last_ = kind;
    }

    // A number run of at least five: its Chinese numerals become digits, but for one at an edge that
    // belongs to the Han text beside it, in a run that is written in digits otherwise.
    void end_number(Class next) {
        if (numerals_ && digits_ >= kLeastDigits) {
            std::size_t begin = number_begin_;
            std::size_t end = std::min(number_end_, size_);
            if (!numeral_between(begin + 1, end - 1)) {
                if (before_number_ == Class::kHan && is_everyday(begin)) ++begin, --digits_;
                if (next == Class::kHan && is_everyday(end - 1)) --end, --digits_;
            }
            for (std::size_t i = begin; i < end && digits_ >= kLeastDigits; ++i) {
                if (is_numeral(fold_data::entry_of(units_[i]).kind()))
                    units_[i] = digit_of(units_[i]);
            }
        }
        digits_ = 0;
        numerals_ = false;
    }

    bool numeral_between(std::size_t begin, std::size_t end) const {
        for (std::size_t i = begin; i < end && i < size_; ++i) {
            if (is_numeral(fold_data::entry_of(units_[i]).kind())) return true;
        }
        return false;
    }
    bool is_everyday(std::size_t at) const {
        return at < size_ && fold_data::entry_of(units_[at]).kind() == Class::kEveryday;
    }

    std::u16string_view source_;
    char16_t* units_;
    std::uint16_t* offsets_;
    std::size_t capacity_;
    std::size_t size_ = 0;
    bool truncated_ = false;

    unsigned scripts_ = 0;  // bit per Class seen in this word
    bool word_looks_ = false;
    std::size_t word_begin_ = static_cast<std::size_t>(-1);

    Class last_ = Class::kOther;
    Class before_number_ = Class::kOther;
    std::size_t digits_ = 0;
    bool numerals_ = false;
    std::size_t number_begin_ = 0;
    std::size_t number_end_ = 0;
};

// The light view of a text in which nothing depends on what stands beside it: runs of plain characters by a kernel, others
// one by one. Gives up at what could: look-alikes, and numerals beside digits.
class PlainFolder {
public:
    PlainFolder(std::u16string_view source, char16_t* units, std::uint16_t* offsets)
        : source_(source), units_(units), offsets_(offsets) {}

    // How many units; nothing where it gave up. There is room for kMaxExpansion units a character.
    std::optional<std::size_t> run() {
        const kernel::FoldKernel& kernel = kernel::fold_kernel();
        for (std::size_t at = 0;;) {
            const std::size_t plain = kernel.plain(source_.data() + at, source_.size() - at, at,
                                                   units_ + size_, offsets_ + size_);
            at += plain;
            size_ += plain;
            if (at == source_.size()) return size_;
            const utf::CodePoint c = utf::at_utf16(source_, at);
            if (!take(fold_data::entry_of(c.value), c.value, at)) return std::nullopt;
            at += c.size;
        }
    }

private:
    bool take(Entry entry, char32_t code_point, std::size_t at) {
        switch (entry.operation()) {
            case Operation::kKeep:
                return emit(entry, static_cast<char16_t>(code_point + entry.value()), at);
            case Operation::kAbsolute: return emit(entry, entry.value(), at);
            case Operation::kDrop: return true;
            case Operation::kMark: {
                const char16_t composite =
                    size_ == 0 ? char16_t{0} : composed(units_[size_ - 1], entry.value());
                if (composite != 0) units_[size_ - 1] = composite;
                return true;
            }
            case Operation::kExpand: break;
        }
        const char16_t* pool = fold_data::kPool + entry.value();
        for (std::size_t i = 1; i <= pool[0]; ++i) {
            const Entry each = fold_data::entry_of(pool[i]);
            if (in_number(each.kind())) return false;
            units_[size_] = pool[i];
            offsets_[size_++] = static_cast<std::uint16_t>(at);
        }
        return true;
    }

    bool emit(Entry entry, char16_t unit, std::size_t at) {
        if (entry.has_look_alike()) return false;
        if (in_number(entry.kind()) && may_be_number(at)) return false;
        units_[size_] = unit;
        offsets_[size_++] = static_cast<std::uint16_t>(at);
        return true;
    }

    // Whether the digit or numeral at `at` may be one of five in a number run: those behind and before it, with at most one
    // unit between two, count. What is not sure counts as one.
    bool may_be_number(std::size_t at) const {
        std::size_t digits = 1;
        for (std::size_t i = size_, others = 0; i-- > 0 && others < 2 && digits < kLeastDigits;) {
            const bool digit = in_number(fold_data::entry_of(units_[i]).kind());
            digits += digit;
            others = digit ? 0 : others + 1;
        }
        at += utf::at_utf16(source_, at).size;
        for (std::size_t others = 0; at < source_.size() && others < 2 && digits < kLeastDigits;) {
            const utf::CodePoint c = utf::at_utf16(source_, at);
            const Entry entry = fold_data::entry_of(c.value);
            at += c.size;
            if (entry.operation() == Operation::kDrop || entry.operation() == Operation::kMark)
                continue;
            const bool digit = in_number(entry.kind()) || entry.operation() == Operation::kExpand;
            digits += digit;
            others = digit ? 0 : others + 1;
        }
        return digits >= kLeastDigits;
    }

    std::u16string_view source_;
    char16_t* units_;
    std::uint16_t* offsets_;
    std::size_t size_ = 0;
};

}  // namespace

FoldedText::FoldedText(std::size_t capacity)
    : units_(std::make_unique_for_overwrite<char16_t[]>(
          2 * (std::min(capacity, kMaxUnits) + kPadding))),
      offsets_(std::make_unique_for_overwrite<std::uint16_t[]>(
          2 * (std::min(capacity, kMaxUnits) + kPadding))),
      capacity_(std::min(capacity, kMaxUnits)) {
    light_ = {units_.get(), offsets_.get(), 0};
    dense_ = {units_.get() + capacity_ + kPadding, offsets_.get() + capacity_ + kPadding, 0};
    fold({}, *this);
    static_cast<void>(kernel::plain_units());  // made here and not by the first message
}

TextPlace FoldedText::place(View which, std::size_t begin, std::size_t end) const {
    const FoldedView& folded = view(which);
    end = std::min(end, folded.size);
    if (begin >= end) {
        const std::size_t at = begin < folded.size ? folded.offsets[begin] : source_.size();
        return {static_cast<std::uint16_t>(std::min(at, kMaxSource)), 0};
    }
    const std::size_t first = folded.offsets[begin];
    const std::size_t last = folded.offsets[end - 1];
    const std::size_t stop = last + utf::at_utf16(source_, last).size;
    return {static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(stop - first)};
}

void fold(std::u16string_view source, FoldedText& out) {
    out.source_ = source.substr(0, kMaxSource);
    char16_t* const units = out.units_.get();
    std::uint16_t* const offsets = out.offsets_.get();
    std::optional<std::size_t> plain;
    if (out.source_.size() * FoldedText::kMaxExpansion <= out.capacity_)
        plain = PlainFolder(out.source_, units, offsets).run();
    out.truncated_ = source.size() > kMaxSource;
    if (plain) {
        out.light_.size = *plain;
    } else {
        Folder folder(out.source_, units, offsets, out.capacity_);
        folder.run();
        out.light_.size = folder.size();
        out.truncated_ |= folder.truncated();
    }

    char16_t* const dense = units + out.capacity_ + FoldedText::kPadding;
    std::uint16_t* const dense_offsets = offsets + out.capacity_ + FoldedText::kPadding;
    const std::size_t size =
        kernel::fold_kernel().dense(units, offsets, out.light_.size, dense, dense_offsets);
    out.dense_.size = size;
    std::fill_n(units + out.light_.size, FoldedText::kPadding, char16_t{0});
    std::fill_n(dense + size, FoldedText::kPadding, char16_t{0});
}

std::u16string fold_to_string(std::u16string_view text, View which) {
    FoldedText folded(std::min(text.size() * FoldedText::kMaxExpansion, FoldedText::kMaxUnits));
    fold(text, folded);
    return std::u16string(folded.view(which).text());
}

std::u16string fold_to_string(std::string_view utf8, View which) {
    return fold_to_string(to_utf16(utf8), which);
}

std::string to_utf8(std::u16string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const utf::CodePoint c = utf::at_utf16(text, at);
        char octets[4];
        out.append(octets, utf::write_utf8(c.valid ? c.value : 0xFFFD, octets));
        at += c.size;
    }
    return out;
}

std::u16string to_utf16(std::string_view utf8) {
    const std::span octets(reinterpret_cast<const std::uint8_t*>(utf8.data()), utf8.size());
    std::u16string out;
    out.reserve(utf8.size());
    for (std::size_t at = 0; at < octets.size();) {
        const utf::CodePoint c = utf::at_utf8(octets, at);
        utf::write_utf16(c.value, [&](char16_t unit) { out.push_back(unit); });
        at += c.size;
    }
    return out;
}

}  // namespace ringfence
