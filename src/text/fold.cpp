#include "ringfence/text/fold.hpp"

#include <algorithm>

#include "src/kernel/fold_kernel.hpp"
#include "src/kernel/number_runs.hpp"
#include "src/text/data/fold_data.hpp"
#include "src/text/fold_context.hpp"
#include "src/text/utf.hpp"

namespace ringfence {
namespace {

using fold_data::Class;
using fold_data::Entry;
using fold_data::Operation;

constexpr std::size_t kMaxSource = 65'535;
constexpr std::size_t kAlone = 2;
static_assert(FoldedText::kPadding == kernel::kFoldSlack);

// The composite of a unit and the mark behind it, or 0.
char16_t composed(char16_t base, char16_t mark) {
    const std::uint32_t key = std::uint32_t{base} << 16u | mark;
    const auto* first = fold_data::kCompositions;
    const auto* last = first + fold_data::kCompositionCount;
    const auto* found = std::lower_bound(
        first, last, key, [](const auto& c, std::uint32_t k) { return c.base_and_mark < k; });
    return found != last && found->base_and_mark == key ? found->composite : char16_t{0};
}

// The first step of folding: each character by itself, runs of plain ones by a kernel, others one by one.
class Folder {
public:
    Folder(std::u16string_view source, std::size_t capacity, kernel::FoldedSoFar& views)
        : source_(source), capacity_(capacity), views_(views) {}

    // False when there was more than there is room for; the rest is in neither view.
    bool run() {
        const std::size_t at = plain(0);
        return at == source_.size() || go_on(at);
    }

private:
    // As many plain characters from `at` on as there is room for: where the next one stands.
    std::size_t plain(std::size_t at) {
        static const kernel::FoldKernel& kernel = kernel::fold_kernel();
        static const kernel::UnitKinds& kinds = kernel::unit_kinds();
        const std::size_t count = std::min(source_.size() - at, capacity_ - views_.size);
        return at + kernel.plain(kinds, source_.data() + at, count, at, views_);
    }

    // Apart, for it is seldom needed. Behind a character that ends a run some are looked at one by one: where the next such is
    // near, as between disguised letters, a kernel's step would be for those few.
    [[gnu::noinline]] bool go_on(std::size_t at) {
        while (at < source_.size()) {
            at += take(at);
            std::size_t alone = 0;
            for (; alone < kAlone && at < source_.size() && !ends_run(source_[at]); ++alone)
                at += take(at);
            if (alone == kAlone) at = plain(at);
        }
        plain(at);  // which pads the views
        return fits_;
    }

    static bool ends_run(char16_t unit) { return kernel::unit_kinds()[unit] == kernel::kEnds; }

    // Folds the character at `at`; gives how many units it has.
    std::size_t take(std::size_t at) {
        const utf::CodePoint c = utf::at_utf16(source_, at);
        take(fold_data::entry_of(c.value), c.value, at);
        return c.size;
    }

    void take(Entry entry, char32_t code_point, std::size_t at) {
        views_.look_alikes |= entry.has_look_alike();
        switch (entry.operation()) {
            case Operation::kKeep:
                emit(entry.kind(), static_cast<char16_t>(code_point + entry.value()), at);
                return;
            case Operation::kAbsolute: emit(entry.kind(), entry.value(), at); return;
            case Operation::kDrop: return;
            case Operation::kMark: compose(entry.value()); return;
            case Operation::kExpand: break;
        }
        const char16_t* pool = fold_data::kPool + entry.value();
        for (std::size_t i = 1; i <= pool[0]; ++i)
            emit(fold_data::entry_of(pool[i]).kind(), pool[i], at);
    }

    void emit(Class kind, char16_t unit, std::size_t at) {
        fits_ &= views_.size < capacity_;
        if (views_.size == capacity_) return;
        const std::uint8_t bits = kernel::bits_of(kind, unit);
        const auto offset = static_cast<std::uint16_t>(at);
        std::uint8_t* const kinds = views_.kinds + views_.size;
        *kinds = bits;
        // What follows may be a digit, and is not always compared with this one.
        const unsigned beside = kernel::numeral_beside<unsigned>(*(kinds - 2), *(kinds - 1), bits);
        views_.numeral_beside |= ((bits | beside) & kernel::kIsNumeral) != 0;
        views_.units[views_.size] = unit;
        views_.offsets[views_.size++] = offset;
        if ((bits & kernel::kInDense) == 0) return;
        views_.dense_units[views_.dense_size] = unit;
        views_.dense_offsets[views_.dense_size++] = offset;
    }

    // A composite is in the dense view if its base was.
    void compose(char16_t mark) {
        if (views_.size == 0) return;
        char16_t& last = views_.units[views_.size - 1];
        const char16_t composite = composed(last, mark);
        if (composite == 0) return;
        last = composite;
        if (fold_data::in_dense(composite)) views_.dense_units[views_.dense_size - 1] = composite;
    }

    std::u16string_view source_;
    std::size_t capacity_;
    kernel::FoldedSoFar& views_;
    bool fits_ = true;
};

// The second step.
[[gnu::noinline]] void mend(std::u16string_view source, const kernel::FoldedSoFar& views) {
    if (views.numeral_beside && kernel::may_have_number(views.kinds, views.size))
        mend_numbers(views);
    if (views.look_alikes) mend_words(source, views);
}

}  // namespace

FoldedText::FoldedText(std::size_t capacity)
    : units_(std::make_unique_for_overwrite<char16_t[]>(2 * std::min(capacity, kMaxUnits) +
                                                        3 * kMargin)),
      offsets_(std::make_unique_for_overwrite<std::uint16_t[]>(
          2 * (std::min(capacity, kMaxUnits) + kPadding))),
      kinds_(std::make_unique_for_overwrite<std::uint8_t[]>(
          kernel::kFoldLead + std::min(capacity, kMaxUnits) + kPadding)),
      capacity_(std::min(capacity, kMaxUnits)) {
    // margin | light | margin | dense | margin
    char16_t* const light = units_.get() + kMargin;
    char16_t* const dense = light + capacity_ + kMargin;
    light_ = {light, offsets_.get(), 0};
    dense_ = {dense, offsets_.get() + capacity_ + kPadding, 0};
    light[-1] = dense[-1] = 0;
    std::fill_n(kinds_.get(), kernel::kFoldLead, std::uint8_t{0});
    fold({}, *this);  // so that the table of kinds is made here and not by the first message
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
    const std::size_t dense = out.capacity_ + FoldedText::kPadding;
    kernel::FoldedSoFar views;
    views.units = out.units_.get() + FoldedText::kMargin;
    views.offsets = out.offsets_.get();
    views.kinds = out.kinds_.get() + kernel::kFoldLead;
    views.dense_units = views.units + out.capacity_ + FoldedText::kMargin;
    views.dense_offsets = out.offsets_.get() + dense;
    const bool fits = Folder(out.source_, out.capacity_, views).run();
    if (views.numeral_beside || views.look_alikes) mend(out.source_, views);
    out.light_.size = views.size;
    out.dense_.size = views.dense_size;
    out.truncated_ = !fits || source.size() > kMaxSource;
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
