#include "ringfence/number/parse_digits.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "src/kernel/digits_kernel.hpp"

namespace ringfence {
namespace {

using kernel::DigitsKernel;
using kernel::Isa;

// The kernels that this processor and build have.
std::vector<const DigitsKernel*> kernels() {
    std::vector<const DigitsKernel*> all;
    for (const Isa isa : {Isa::kScalar, Isa::kAvx2, Isa::kAvx512})
        if (const DigitsKernel* one = kernel::digits_kernel(isa)) all.push_back(one);
    return all;
}

// What the contract says, by from_digits.
Number plainly(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    return Number::from_digits(text);
}

Number by(const DigitsKernel& kernel, std::string_view text) {
    Number number = Number::from_rank(77);
    kernel.parse(&text, &number, 1);
    return number;
}

// A page of memory between two that nobody may touch.
class GuardedPage {
public:
    GuardedPage() : size_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) {
        void* pages = mmap(nullptr, 3 * size_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (pages == MAP_FAILED) return;
        pages_ = static_cast<char*>(pages);
        if (mprotect(begin(), size_, PROT_READ | PROT_WRITE) != 0) size_ = 0;
    }
    GuardedPage(const GuardedPage&) = delete;
    GuardedPage& operator=(const GuardedPage&) = delete;
    ~GuardedPage() {
        if (pages_ != nullptr) munmap(pages_, 3 * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)));
    }
    bool usable() const { return pages_ != nullptr && size_ != 0; }
    char* begin() const { return pages_ + static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }
    char* end() const { return begin() + size_; }

private:
    std::size_t size_;
    char* pages_ = nullptr;
};

TEST(ParseDigits, reads_each_text_to_its_place) {
    const std::array<std::string_view, 6> texts = {
        "8613800138000", "+33639980001", "86 138", "", "+", "0"};
    std::array<Number, 6> numbers;
    parse_digits(texts, numbers);
    EXPECT_EQ(numbers[0].digits(), "8613800138000");
    EXPECT_EQ(numbers[1].digits(), "33639980001");
    EXPECT_TRUE(numbers[2].empty());
    EXPECT_TRUE(numbers[3].empty());
    EXPECT_TRUE(numbers[4].empty());
    EXPECT_EQ(numbers[5].digits(), "0");
}

TEST(ParseDigits, takes_a_plus_in_front_alone_and_fifteen_digits_at_most) {
    for (const DigitsKernel* kernel : kernels()) {
        SCOPED_TRACE(kernel::name_of(kernel->isa));
        EXPECT_EQ(by(*kernel, "+999999999999999").digits(), "999999999999999");
        EXPECT_EQ(by(*kernel, "000000000000000").digits(), "000000000000000");
        for (const std::string_view text :
             {"++1", "1+", "1+2", "+1234567890123456", "1234567890123456", " 1", "1 ", "12345678x",
              "x12345678", "1234567/", "1234567:"})
            EXPECT_TRUE(by(*kernel, text).empty()) << text;
    }
}

TEST(ParseDigits, refuses_any_other_octet_at_any_place_of_any_length) {
    for (const DigitsKernel* kernel : kernels()) {
        SCOPED_TRACE(kernel::name_of(kernel->isa));
        for (std::size_t size = 1; size <= 17; ++size) {
            for (std::size_t at = 0; at < size; ++at) {
                for (unsigned octet = 0; octet < 256; ++octet) {
                    std::string text(size, '7');
                    text[at] = static_cast<char>(octet);
                    ASSERT_EQ(by(*kernel, text), plainly(text))
                        << size << ' ' << at << ' ' << octet;
                }
            }
        }
    }
}

TEST(ParseDigits, touches_no_octet_outside_of_the_text) {
    const GuardedPage page;
    ASSERT_TRUE(page.usable());
    std::memset(page.begin(), '3', static_cast<std::size_t>(page.end() - page.begin()));
    for (const DigitsKernel* kernel : kernels()) {
        SCOPED_TRACE(kernel::name_of(kernel->isa));
        for (std::size_t size = 0; size <= 64; ++size) {
            for (const bool plus : {false, true}) {
                for (std::size_t off = 0; off < 64; ++off) {
                    char* const first = page.begin() + off;
                    char* const last = page.end() - off - size;
                    for (char* const begin : {first, last}) {
                        if (plus && size != 0) *begin = '+';
                        const std::string_view text(begin, size);
                        ASSERT_EQ(by(*kernel, text), plainly(text)) << size << ' ' << off;
                        if (size != 0) *begin = '3';
                    }
                }
            }
        }
    }
}

TEST(ParseDigits, agrees_with_the_plain_way_on_random_texts) {
    constexpr unsigned kSeed = 20'261'124;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    constexpr std::string_view kOthers = "+ -/:x\0\xB0\xFF,";
    std::vector<std::string> kept;
    for (int i = 0; i < 50'000; ++i) {
        std::string text(random() % 3 == 0 ? "+" : "");
        const std::size_t size = random() % 19;
        for (std::size_t k = 0; k < size; ++k)
            text.push_back(random() % 40 == 0 ? kOthers[random() % kOthers.size()]
                                              : static_cast<char>('0' + random() % 10));
        kept.push_back(std::move(text));
    }
    const std::vector<std::string_view> texts(kept.begin(), kept.end());
    for (const DigitsKernel* kernel : kernels()) {
        std::vector<Number> numbers(texts.size(), Number::from_rank(77));
        kernel->parse(texts.data(), numbers.data(), texts.size());
        for (std::size_t i = 0; i < texts.size(); ++i)
            ASSERT_EQ(numbers[i], plainly(texts[i]))
                << kernel::name_of(kernel->isa) << " '" << texts[i] << "'";
    }
}

}  // namespace
}  // namespace ringfence
