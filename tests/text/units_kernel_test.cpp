// Runs of septets and of big-endian units: every form gives what the scalar one does, and reads no octet outside.
#include "src/kernel/units_kernel.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <random>
#include <vector>

#include "src/text/data/gsm7_data.hpp"
#include "src/text/message_layout.hpp"
#include "tests/base/deep.hpp"

namespace ringfence {
namespace {

constexpr std::size_t kLongest = 300;

// A page that ends where nothing may be read.
class GuardedPage {
public:
    GuardedPage() : size_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) {
        pages_ =
            mmap(nullptr, 2 * size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (pages_ == MAP_FAILED || mprotect(end(), size_, PROT_NONE) != 0) std::abort();
    }
    ~GuardedPage() { munmap(pages_, 2 * size_); }
    GuardedPage(const GuardedPage&) = delete;
    GuardedPage& operator=(const GuardedPage&) = delete;

    std::uint8_t* end() const { return static_cast<std::uint8_t*>(pages_) + size_; }

private:
    std::size_t size_;
    void* pages_ = nullptr;
};

class UnitsKernels : public ::testing::TestWithParam<kernel::Isa> {
protected:
    void SetUp() override {
        form_ = kernel::units_kernel(GetParam());
        if (form_ == nullptr) GTEST_SKIP() << "no " << name_of(GetParam()) << " on this processor";
    }

    // The forms agree on run and units, and write nothing behind `count` and the slack.
    void expect_alike(std::size_t count, const auto& ask) {
        const std::size_t room = count + kernel::kUnitsSlack;
        std::vector<char16_t> expected(room + 1, u'#');
        std::vector<char16_t> got(room + 1, u'#');
        const std::size_t run = ask(kernel::kUnitsScalar, expected.data());
#if defined(__x86_64__)
        // What the chosen form for AVX-512 does by VBMI, it does without elsewhere.
        if (GetParam() == kernel::Isa::kAvx512) {
            ASSERT_EQ(ask(kernel::kUnitsAvx512, got.data()), run) << count;
            ASSERT_TRUE(std::equal(got.begin(), got.begin() + static_cast<std::ptrdiff_t>(run),
                                   expected.begin()))
                << count;
        }
#endif
        ASSERT_EQ(ask(*form_, got.data()), run) << count;
        ASSERT_LE(run, count);
        ASSERT_TRUE(std::equal(got.begin(), got.begin() + static_cast<std::ptrdiff_t>(run),
                               expected.begin()))
            << count;
        ASSERT_EQ(got.back(), u'#');
        ASSERT_EQ(expected.back(), u'#');
    }

    const gsm7::Table& table() {
        const gsm7::Table* chosen = gsm7::kLocking[random_() % gsm7::kLanguages];
        return chosen != nullptr ? *chosen : gsm7::kDefault;
    }
    std::uint8_t* octets(std::size_t size, unsigned rare) {
        std::uint8_t* begin = page_.end() - size;
        for (std::size_t i = 0; i < size; ++i) {
            begin[i] = static_cast<std::uint8_t>(
                rare != 0 && random_() % rare == 0 ? random_() : 0x20 + random_() % 0x60);
        }
        return begin;
    }

    const kernel::UnitsKernel* form_ = nullptr;
    GuardedPage page_;
    std::mt19937 random_{7};
};

TEST_P(UnitsKernels, read_septets_as_the_scalar_form_does) {
    const int rounds = test::deep() ? 200 : 6;
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t size = 0; size <= kLongest; ++size) {
            const gsm7::Table& chosen = table();
            const std::uint8_t* begin = octets(size, round % 2 == 0 ? 0 : 30);
            expect_alike(size, [&](const kernel::UnitsKernel& form, char16_t* out) {
                return form.septets({begin, size}, chosen, out);
            });
        }
    }
}

TEST_P(UnitsKernels, end_a_run_at_every_code_that_is_not_one_unit) {
    for (const gsm7::Table* chosen : gsm7::kLocking) {
        if (chosen == nullptr) continue;
        for (unsigned code = 0; code < 256; ++code) {
            std::vector<std::uint8_t> text(40, 'a');
            text[code % 40] = static_cast<std::uint8_t>(code);
            std::vector<char16_t> out(text.size() + kernel::kUnitsSlack);
            const bool one = code < 0x80 && code != gsm7::kEscape && (*chosen)[code] != 0;
            ASSERT_EQ(form_->septets(text, *chosen, out.data()), one ? 40u : code % 40) << code;
            if (one) {
                ASSERT_EQ(out[code % 40], (*chosen)[code]);
            }
        }
    }
}

TEST_P(UnitsKernels, read_packed_septets_as_the_scalar_form_does) {
    const int rounds = test::deep() ? 200 : 6;
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t size = 0; size <= kLongest; ++size) {
            const gsm7::Table& chosen = table();
            const std::uint8_t* begin = octets(size, 1);
            const std::size_t first =
                size == 0 ? 0 : random_() % std::min<std::size_t>(8 * size, 60);
            const std::size_t most = (8 * size - first) / 7;
            const std::size_t count = round % 2 == 0 ? most : random_() % (most + 1);
            expect_alike(count, [&](const kernel::UnitsKernel& form, char16_t* out) {
                return form.packed({begin, size}, first, count, chosen, out);
            });
        }
    }
}

// The scalar form against one septet at a time.
TEST_P(UnitsKernels, find_each_packed_septet) {
    gsm7::Table plain;
    for (unsigned code = 0; code < 128; ++code) plain[code] = static_cast<char16_t>(code + 1);
    for (std::size_t size = 1; size <= 140; ++size) {
        std::uint8_t* begin = octets(size, 1);
        for (const std::size_t first : {std::size_t{0}, std::min<std::size_t>(49, size * 8)}) {
            const std::size_t count = (8 * size - first) / 7;
            std::vector<char16_t> out(count + kernel::kUnitsSlack);
            const std::size_t run = form_->packed({begin, size}, first, count, plain, out.data());
            for (std::size_t i = 0; i < run; ++i) {
                ASSERT_EQ(out[i] - 1, septet_at({begin, size}, first + 7 * i)) << size << " " << i;
            }
            if (run < count) {
                ASSERT_EQ(septet_at({begin, size}, first + 7 * run), gsm7::kEscape);
            }
        }
    }
}

TEST_P(UnitsKernels, read_big_endian_units_as_the_scalar_form_does) {
    const int rounds = test::deep() ? 200 : 6;
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t count = 0; count <= kLongest; ++count) {
            const std::uint8_t* begin = octets(2 * count, round % 2 == 0 ? 0 : 20);
            expect_alike(count, [&](const kernel::UnitsKernel& form, char16_t* out) {
                return form.big_endian(begin, count, out);
            });
        }
    }
    for (unsigned unit = 0; unit < 0x10000; unit += 0x80) {
        std::vector<std::uint8_t> text(90, 'a');
        text[44] = static_cast<std::uint8_t>(unit >> 8u);
        text[45] = static_cast<std::uint8_t>(unit);
        std::vector<char16_t> out(45 + kernel::kUnitsSlack);
        const bool half = unit >= 0xD800 && unit < 0xE000;
        ASSERT_EQ(form_->big_endian(text.data(), 45, out.data()), half ? 22u : 45u) << unit;
    }
}

INSTANTIATE_TEST_SUITE_P(Forms, UnitsKernels,
                         ::testing::Values(kernel::Isa::kScalar, kernel::Isa::kAvx2,
                                           kernel::Isa::kAvx512),
                         [](const auto& form) { return std::string(name_of(form.param)); });

}  // namespace
}  // namespace ringfence
