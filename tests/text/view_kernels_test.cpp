// Plain characters, the dense view and the marks of a text: every form gives what the scalar one does, and reads no unit
// that it must not.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include "ringfence/text/fold.hpp"
#include "src/kernel/fold_kernel.hpp"
#include "src/kernel/marks_kernel.hpp"
#include "tests/base/deep.hpp"
#include "tests/base/guarded_bytes.hpp"

namespace ringfence {
namespace {

constexpr unsigned kSeed = 3;
constexpr std::size_t kLongest = 4'200;

std::array<std::uint64_t, 6> as_array(const kernel::MarkWord& word) {
    return {word.digits, word.joints, word.numbers, word.labels, word.stops, word.names};
}

class ViewKernels : public ::testing::TestWithParam<kernel::Isa> {
protected:
    void SetUp() override {
        fold_ = kernel::fold_kernel(GetParam());
        marks_ = kernel::marks_kernel(GetParam());
        if (fold_ == nullptr) GTEST_SKIP() << "no " << name_of(GetParam()) << " on this processor";
    }

    // `size` units, behind which `behind` more can be read and no others.
    char16_t* text(std::size_t size, std::size_t behind) {
        static const std::u16string kLetters =
            u"加微信，。一二0189abcxyzABZ ://.([vtwqehgx+-_~)éж×·•ー電扣";
        auto* const units = reinterpret_cast<char16_t*>(bytes_.end()) - behind - size;
        const auto rare = 2 + random_() % 100;
        for (std::size_t i = 0; i < size + behind; ++i) {
            units[i] = random_() % rare == 0 ? static_cast<char16_t>(random_())
                                             : kLetters[random_() % kLetters.size()];
        }
        return units;
    }

    template <class Each>
    void each_size(Each&& each) {
        for (std::size_t size = 0; size <= kLongest; size += size < 150 || test::deep() ? 1 : 41) {
            for (int turn = 0; turn < 4; ++turn) each(size);
        }
    }

    const kernel::FoldKernel* fold_ = nullptr;
    const kernel::MarksKernel* marks_ = nullptr;
    std::mt19937 random_{kSeed};
    const testing::GuardedBytes bytes_{2 * (kLongest + FoldedText::kPadding)};
};

TEST_P(ViewKernels, fold_the_same_runs) {
    each_size([&](std::size_t size) {
        const char16_t* const source = text(size, 0);
        const std::size_t place = random_() % 60'000;
        std::vector<char16_t> units(size + 1, u'#'), expected(size + 1, u'#');
        std::vector<std::uint16_t> offsets(size + 1, 7), places(size + 1, 7);
        const std::size_t run =
            kernel::kFoldScalar.plain(source, size, place, expected.data(), places.data());
        ASSERT_EQ(fold_->plain(source, size, place, units.data(), offsets.data()), run);
        ASSERT_TRUE(std::equal(units.begin(), units.begin() + static_cast<std::ptrdiff_t>(run),
                               expected.begin()));
        ASSERT_TRUE(std::equal(offsets.begin(), offsets.begin() + static_cast<std::ptrdiff_t>(run),
                               places.begin()));
        ASSERT_EQ(units.back(), u'#');
        ASSERT_EQ(offsets.back(), 7);
    });
}

TEST_P(ViewKernels, keep_the_same_units_dense) {
    each_size([&](std::size_t size) {
        const char16_t* const light = text(size, 0);
        std::vector<std::uint16_t> places(size);
        for (std::size_t i = 0; i < size; ++i) places[i] = static_cast<std::uint16_t>(random_());
        const std::size_t room = size + kernel::kFoldSlack;
        std::vector<char16_t> units(room + 1, u'#'), expected(room);
        std::vector<std::uint16_t> offsets(room + 1, 7), kept(room);
        const std::size_t count =
            kernel::kFoldScalar.dense(light, places.data(), size, expected.data(), kept.data());
        ASSERT_EQ(fold_->dense(light, places.data(), size, units.data(), offsets.data()), count);
        const auto end = static_cast<std::ptrdiff_t>(count);
        ASSERT_TRUE(std::equal(units.begin(), units.begin() + end, expected.begin()));
        ASSERT_TRUE(std::equal(offsets.begin(), offsets.begin() + end, kept.begin()));
        ASSERT_EQ(units.back(), u'#');
        ASSERT_EQ(offsets.back(), 7);
    });
}

TEST_P(ViewKernels, set_the_same_marks) {
    std::array<std::size_t, 6> marked{};
    each_size([&](std::size_t size) {
        char16_t* const units = text(size, FoldedText::kPadding);
        std::fill_n(units + size, FoldedText::kPadding, u'\0');
        const std::size_t words = size / 64 + 1;
        constexpr kernel::MarkWord kUntouched{7, 7, 7, 7, 7, 7};
        std::vector<kernel::MarkWord> got(words + 1, kUntouched), expected(words);
        const kernel::Marked any = marks_->mark(units, size, got.data());
        const kernel::Marked all = kernel::kMarksScalar.mark(units, size, expected.data());
        ASSERT_EQ(any.numbers, all.numbers) << size;
        ASSERT_EQ(any.stops, all.stops) << size;
        ASSERT_EQ(any.names, all.names) << size;
        for (std::size_t i = 0; i < words; ++i)
            ASSERT_EQ(as_array(got[i]), as_array(expected[i])) << size << " word " << i;
        ASSERT_EQ(as_array(got.back()), as_array(kUntouched));
        for (std::size_t i = 0; i < marked.size(); ++i)
            for (const kernel::MarkWord& word : expected) marked[i] += as_array(word)[i] != 0;
    });
    for (const std::size_t texts : marked) EXPECT_GT(texts, 300u);
}

INSTANTIATE_TEST_SUITE_P(Forms, ViewKernels,
                         ::testing::Values(kernel::Isa::kScalar, kernel::Isa::kAvx2,
                                           kernel::Isa::kAvx512),
                         [](const auto& form) { return std::string(name_of(form.param)); });

}  // namespace
}  // namespace ringfence
