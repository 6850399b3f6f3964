// Runs of plain characters: every form folds them as the generated table says, into both views, reads no unit that it must
// not, and sees the number runs that a plain search finds.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "src/kernel/fold_kernel.hpp"
#include "src/kernel/number_runs.hpp"
#include "tests/base/deep.hpp"
#include "tests/base/guarded_bytes.hpp"
#include "tests/text/fold_model.hpp"

namespace ringfence {
namespace {

using fold_data::Class;
using fold_data::Operation;

constexpr unsigned kSeed = 3;
constexpr std::size_t kLongest = 4'200;

bool is_numeral(Class kind) { return kind == Class::kNumeral || kind == Class::kEveryday; }

// What a run of plain characters comes to, one by one and by the generated table alone.
struct PlainRun {
    std::size_t size = 0;
    std::u16string light, dense;
    std::vector<std::uint16_t> offsets, dense_offsets;
    bool looks = false;
};

PlainRun run_of(std::u16string_view source, std::size_t place) {
    PlainRun run;
    for (; run.size < source.size(); ++run.size) {
        const fold_data::Entry entry = fold_data::entry_of(source[run.size]);
        if (entry.operation() != Operation::kKeep) break;
        run.looks |= entry.has_look_alike();
        run.light += static_cast<char16_t>(source[run.size] + entry.value());
        run.offsets.push_back(static_cast<std::uint16_t>(place + run.size));
        if (!fold_data::in_dense(run.light.back())) continue;
        run.dense += run.light.back();
        run.dense_offsets.push_back(run.offsets.back());
    }
    return run;
}

// The most members of a number run, with a numeral in it, that follow one another with at most one unit that is not dense
// between two.
std::size_t longest_number(std::u16string_view light) {
    const auto kind = [&](std::size_t i) { return fold_data::entry_of(light[i]).kind(); };
    const auto member = [&](std::size_t i) {
        return i < light.size() && (kind(i) == Class::kDigit || is_numeral(kind(i)));
    };
    std::size_t longest = 0;
    for (std::size_t i = 0; i < light.size(); ++i) {
        if (!member(i)) continue;
        std::size_t members = 0;
        bool numeral = false;
        for (;; ++i) {
            ++members;
            numeral |= is_numeral(kind(i));
            if (member(i + 1)) continue;
            if (!member(i + 2) || fold_data::in_dense(light[i + 1])) break;
            ++i;
        }
        if (numeral) longest = std::max(longest, members);
    }
    return longest;
}

TEST(UnitKinds, say_what_the_table_of_folding_says) {
    const kernel::UnitKinds& kinds = kernel::unit_kinds();
    std::size_t plain = 0, special = 0;
    for (unsigned unit = 0; unit < 0x10000; ++unit) {
        const std::u16string source(1, static_cast<char16_t>(unit));
        const PlainRun run = run_of(source, 0);
        const unsigned kind = kinds[unit];
        ASSERT_EQ(kind == kernel::kEnds, run.size == 0) << unit;
        if (run.size == 0) continue;
        const Class folds_to = fold_data::entry_of(run.light[0]).kind();
        ASSERT_EQ((kind & kernel::kInDense) != 0, !run.dense.empty()) << unit;
        ASSERT_EQ((kind & kernel::kIsNumeral) != 0, is_numeral(folds_to)) << unit;
        ASSERT_EQ((kind & kernel::kInNumber) != 0,
                  is_numeral(folds_to) || folds_to == Class::kDigit)
            << unit;
        ASSERT_EQ(kernel::folded_unit(source[0]), run.light[0]) << unit;
        ASSERT_EQ(kernel::looks_latin(kinds[unit]), run.looks) << unit;
        if ((kind & kernel::kSpecial) != 0) {
            ++special;
        } else {
            const auto moved = unit + kernel::kFoldDeltas[kind >> kernel::kDeltaShift];
            ASSERT_EQ(static_cast<char16_t>(moved), run.light[0]) << unit;
        }
        ++plain;
    }
    EXPECT_GT(plain, 55'000u);
    EXPECT_LT(special, 10'000u);
}

// What lets marks compose in both views where they stand.
TEST(UnitKinds, of_a_letter_and_its_composite_agree) {
    for (std::size_t i = 0; i < fold_data::kCompositionCount; ++i) {
        const fold_data::Composition& each = fold_data::kCompositions[i];
        const auto base = static_cast<char16_t>(each.base_and_mark >> 16u);
        EXPECT_EQ(fold_data::in_dense(base), fold_data::in_dense(each.composite)) << i;
        EXPECT_EQ(fold_data::entry_of(base).kind(), fold_data::entry_of(each.composite).kind())
            << i;
    }
}

// What lets numbers be found in the light view, and a letter take another's place in both.
TEST(UnitKinds, of_a_character_and_what_it_folds_to_agree) {
    const auto number = [](Class kind) { return std::min(kind, Class::kLatin); };
    for (char32_t c = 0; c < 0x110000; ++c) {
        const fold_data::Entry entry = fold_data::entry_of(c);
        const bool keep = entry.operation() == Operation::kKeep;
        if (!keep && entry.operation() != Operation::kAbsolute) continue;
        const auto unit = static_cast<char16_t>(keep ? c + entry.value() : entry.value());
        ASSERT_EQ(number(entry.kind()), number(fold_data::entry_of(unit).kind())) << unsigned{c};
        ASSERT_TRUE(!entry.has_look_alike() || fold_data::in_dense(unit)) << unsigned{c};
    }
    for (std::size_t i = 0; i < fold_data::kLookAlikeCount; ++i)
        ASSERT_TRUE(fold_data::in_dense(fold_data::kLookAlikes[i].plain)) << i;
}

class FoldKernels : public ::testing::TestWithParam<kernel::Isa> {
protected:
    void SetUp() override {
        fold_ = kernel::fold_kernel(GetParam());
        if (fold_ == nullptr) GTEST_SKIP() << "no " << name_of(GetParam()) << " on this processor";
    }

    // `size` units, behind which none can be read. Most are letters of `alphabet`, some are any.
    std::u16string_view text(std::size_t size, std::u16string_view alphabet) {
        auto* const units = reinterpret_cast<char16_t*>(bytes_.end()) - size;
        const auto rare = 2 + random_() % 100;
        for (std::size_t i = 0; i < size; ++i) {
            units[i] = random_() % rare == 0 ? static_cast<char16_t>(random_())
                                             : alphabet[random_() % alphabet.size()];
        }
        return {units, size};
    }

    // Folds the text behind `before` units of either view that are there already, and compares.
    void expect_folded(std::u16string_view source) {
        const std::size_t place = random_() % 60'000, before = random_() % 40;
        const PlainRun expected = run_of(source, place);
        const std::size_t room = before + source.size() + kernel::kFoldSlack;
        std::vector<char16_t> units(room + 1, u'#'), dense(room + 1, u'#');
        std::vector<std::uint16_t> offsets(room + 1, 7), dense_offsets(room + 1, 7);
        std::vector<std::uint8_t> kinds(kernel::kFoldLead + room + 1, 0);
        kinds.back() = 7;
        kernel::FoldedSoFar views;
        views.units = units.data();
        views.offsets = offsets.data();
        views.kinds = kinds.data() + kernel::kFoldLead;
        views.dense_units = dense.data();
        views.dense_offsets = dense_offsets.data();
        views.size = views.dense_size = before;
        const std::size_t size =
            fold_->plain(kernel::unit_kinds(), source.data(), source.size(), place, views);
        ASSERT_EQ(size, expected.size);
        ASSERT_EQ(views.size, before + size);
        ASSERT_EQ(views.dense_size, before + expected.dense.size());
        const std::u16string lead(before, u'#'), zeros(kernel::kFoldSlack, u'\0');
        ASSERT_EQ(std::u16string_view(units.data(), views.size + kernel::kFoldSlack),
                  lead + expected.light + zeros);
        ASSERT_EQ(std::u16string_view(dense.data(), views.dense_size + kernel::kFoldSlack),
                  lead + expected.dense + zeros);
        ASSERT_TRUE(
            std::equal(expected.offsets.begin(), expected.offsets.end(), offsets.data() + before));
        ASSERT_TRUE(std::equal(expected.dense_offsets.begin(), expected.dense_offsets.end(),
                               dense_offsets.data() + before));
        ASSERT_EQ(units.back(), u'#');
        ASSERT_EQ(dense.back(), u'#');
        ASSERT_EQ(offsets.back(), 7);
        ASSERT_EQ(dense_offsets.back(), 7);
        ASSERT_EQ(kinds.back(), 7);
        for (std::size_t i = 0; i < size; ++i)
            ASSERT_EQ(views.kinds[before + i] & 7u, kernel::unit_kinds()[expected.light[i]] & 7u);
        ASSERT_EQ(views.look_alikes, expected.looks);
        const std::size_t longest = longest_number(expected.light);
        ASSERT_TRUE(views.numeral_beside || longest < 2);
        ASSERT_EQ(kernel::may_have_number(views.kinds, views.size), longest >= 5);
        numbers_ += longest >= 5;
        alone_ += !views.numeral_beside;
        if (size == source.size()) ++whole_;
    }

    const kernel::FoldKernel* fold_ = nullptr;
    std::mt19937 random_{kSeed};
    const testing::GuardedBytes bytes_{2 * kLongest};
    std::size_t numbers_ = 0, alone_ = 0, whole_ = 0;
};

TEST_P(FoldKernels, fold_the_same_runs) {
    static const std::u16string_view kAlphabets[] = {
        u"加微信，。公司一二0189abcxyzABZ :/.([vtwq+-_￥“”", u"the quick BROWN fox 0123 @/:-\n\r",
        u"一二三四〇零贰0123456789-. 年", u"éàßж…加信оα"};
    for (std::size_t size = 0; size <= kLongest; size += size < 200 || test::deep() ? 1 : 97) {
        for (const std::u16string_view alphabet : kAlphabets) {
            ASSERT_NO_FATAL_FAILURE(expect_folded(text(size, alphabet))) << size;
            ASSERT_NO_FATAL_FAILURE(expect_folded(text(size, alphabet.substr(0, 24)))) << size;
        }
    }
    EXPECT_GT(numbers_, 200u);
    EXPECT_GT(alone_, 30u);
    EXPECT_GT(whole_, 100u);
}

TEST_P(FoldKernels, fold_every_unit_beside_every_kind_of_neighbour) {
    for (const char16_t beside : {u'a', u'加', u'1', u'一'}) {
        std::u16string source(40, beside);
        for (unsigned unit = 0; unit < 0x10000; unit += test::rerun() ? 7 : 1) {
            source[unit % source.size()] = static_cast<char16_t>(unit);
            const PlainRun expected = run_of(source, 0);
            char16_t units[40 + kernel::kFoldSlack], dense[40 + kernel::kFoldSlack];
            std::uint16_t offsets[40 + kernel::kFoldSlack], dense_offsets[40 + kernel::kFoldSlack];
            std::uint8_t kinds[kernel::kFoldLead + 40 + kernel::kFoldSlack] = {};
            kernel::FoldedSoFar views;
            views.units = units;
            views.offsets = offsets;
            views.kinds = kinds + kernel::kFoldLead;
            views.dense_units = dense;
            views.dense_offsets = dense_offsets;
            ASSERT_EQ(fold_->plain(kernel::unit_kinds(), source.data(), source.size(), 0, views),
                      expected.size)
                << unit;
            ASSERT_EQ(std::u16string_view(units, views.size), expected.light) << unit;
            ASSERT_EQ(std::u16string_view(dense, views.dense_size), expected.dense) << unit;
            source[unit % source.size()] = beside;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Forms, FoldKernels,
                         ::testing::Values(kernel::Isa::kScalar, kernel::Isa::kAvx2,
                                           kernel::Isa::kAvx512),
                         [](const auto& form) { return std::string(name_of(form.param)); });

}  // namespace
}  // namespace ringfence
