// A scan never allocates: counted by replaced operators over texts that match and texts that do not.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "tests/pattern/fixtures.hpp"

namespace {
std::atomic<std::size_t> allocations = 0;
}

void* operator new(std::size_t size) {
    allocations.fetch_add(1, std::memory_order_relaxed);  // pairs with nothing: one thread counts
    if (void* made = std::malloc(size ? size : 1)) return made;
    throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    allocations.fetch_add(1, std::memory_order_relaxed);  // pairs with nothing: one thread counts
    return std::malloc(size ? size : 1);
}
void operator delete(void* held) noexcept { std::free(held); }
void operator delete(void* held, std::size_t) noexcept { std::free(held); }

namespace ringfence {
namespace {

TEST(Allocation, no_scan_allocates) {
    std::vector<std::string> rules = {"text = '加{0,6}(微信|qq)[0-9]{3,9}'", "regex = 'a.{1,3}b'",
                                      "text = '积分'\nalso = '兑换'\nunless = '反诈'",
                                      "view = 'light'\ntext = '<free>'"};
    for (int i = 0; i < 200; ++i) rules.push_back("text = '号" + std::to_string(i) + "'");
    const auto set = testing::compile(rules);
    ASSERT_TRUE(set) << set.error().text;
    auto scratch = set->make_scratch();
    ASSERT_TRUE(scratch);
    FoldedText folded;
    std::u16string crowded = u"加我微信12345 axxb 积分兑换 free ";
    for (int i = 0; i < 200; ++i) {
        crowded += u"号";
        for (const char c : std::to_string(i)) crowded += static_cast<char16_t>(c);
    }
    const std::u16string texts[] = {crowded, u"", u"晚上一起吃饭吗", std::u16string(60'000, u'微')};
    for (const std::u16string& text : texts) {
        fold(text, folded);
        const std::size_t before = allocations.load();
        std::size_t matches = 0;
        for (int i = 0; i < 20; ++i) matches += set->scan(folded, *scratch).matches.size();
        EXPECT_EQ(allocations.load(), before);
        const std::size_t wanted = &text == &texts[0] ? 20 * rules.size() : 0;
        EXPECT_EQ(matches, wanted);
    }
}

}  // namespace
}  // namespace ringfence
