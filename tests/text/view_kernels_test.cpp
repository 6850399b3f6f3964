// The marks of a text: every form gives what the scalar one does, and reads no unit that it must not.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include "ringfence/text/fold.hpp"
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
        marks_ = kernel::marks_kernel(GetParam());
        if (marks_ == nullptr) GTEST_SKIP() << "no " << name_of(GetParam()) << " on this processor";
    }

    // `size` units, behind which `behind` more can be read and no others.
    char16_t* text(std::size_t size, std::size_t behind) {
        static const std::u16string kLetters =
            u"加微信，。一二0189abcxyzABZ ://.([vtwqehgx+-_~)éж×·•ー電扣企鹅飞机报、ilkpwe{";
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

    const kernel::MarksKernel* marks_ = nullptr;
    std::mt19937 random_{kSeed};
    const testing::GuardedBytes bytes_{2 * (kLongest + kernel::kMarksOverhang)};
};

TEST_P(ViewKernels, set_the_same_marks) {
    std::array<std::size_t, 6> marked{};
    each_size([&](std::size_t size) {
        char16_t* const units = text(size, kernel::kMarksOverhang);
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
