// Passes of the filter: every form gives what the scalar one does, and reads no unit beyond the overhang.
#include "src/kernel/gram_kernel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "base/deep.hpp"
#include "tests/base/guarded_bytes.hpp"

namespace ringfence {
namespace {

using kernel::GramFilter;
using kernel::GramKernel;

constexpr unsigned kSeed = 7;

class GramKernels : public ::testing::TestWithParam<kernel::Isa> {
protected:
    void SetUp() override {
        form_ = kernel::gram_kernel(GetParam());
        if (form_ == nullptr) GTEST_SKIP() << "no " << name_of(GetParam()) << " on this processor";
    }

    // Of one run, in order; nothing is written behind the slack.
    static std::vector<std::uint32_t> passes(decltype(GramKernel::usual) look,
                                             const char16_t* units, std::size_t first,
                                             std::size_t last, GramFilter filter) {
        const std::size_t room = 2 * (last - first) + kernel::kGramSlack;
        std::vector<std::uint32_t> made(room + 1, 0xABCD);
        const std::size_t count = look(units, first, last, filter, made.data());
        EXPECT_LE(count, 2 * (last - first));
        EXPECT_EQ(made[room], 0xABCDu);
        made.resize(count);
        std::sort(made.begin(), made.end());
        return made;
    }

    const GramKernel* form_ = nullptr;
};

TEST_P(GramKernels, passes_are_those_of_the_scalar_form) {
    std::mt19937 random(kSeed);
    constexpr std::size_t kLongest = 4'200;
    const testing::GuardedBytes bytes((kLongest + kernel::kGramOverhang) * sizeof(char16_t));
    const std::u16string letters = u"加微信我0189abcxyz ";
    std::size_t count = 0;
    for (std::size_t size = 0; size <= kLongest; size += size < 100 || test::deep() ? 1 : 37) {
        auto* const units = reinterpret_cast<char16_t*>(bytes.end()) - kernel::kGramOverhang - size;
        for (std::size_t i = 0; i < size + kernel::kGramOverhang; ++i)
            units[i] = random() % 8 == 0 ? static_cast<char16_t>(random())
                                         : letters[random() % letters.size()];
        const auto bits = static_cast<unsigned>(1 + random() % 12);
        std::vector<std::uint32_t> words(std::size_t{1} << bits);
        for (std::uint32_t& word : words) word = static_cast<std::uint32_t>(random() & random());
        const GramFilter filter{words.data(), 32 - bits};
        const std::size_t first = size == 0 ? 0 : random() % size;
        for (const auto look : {&GramKernel::usual, &GramKernel::tiny}) {
            const auto expected = passes(kernel::kGramScalar.*look, units, first, size, filter);
            ASSERT_EQ(passes(form_->*look, units, first, size, filter), expected) << size;
            count += expected.size();
        }
    }
    EXPECT_GT(count, 1'000u);
}

INSTANTIATE_TEST_SUITE_P(Forms, GramKernels,
                         ::testing::Values(kernel::Isa::kScalar, kernel::Isa::kAvx2,
                                           kernel::Isa::kAvx512),
                         [](const auto& form) { return std::string(name_of(form.param)); });

}  // namespace
}  // namespace ringfence
