// The engine reads past its input on some processors: with the spare bytes that `scan` asks for, the page
// behind them is never touched.
#include <gtest/gtest.h>

#include <random>

#include "src/pattern/engine.hpp"
#include "tests/base/guarded_bytes.hpp"
#include "tests/pattern/fixtures.hpp"

namespace ringfence {
namespace {

using pattern::Engine;
using pattern::EngineScratch;
using pattern::kSpareBytes;
using testing::GuardedBytes;

constexpr unsigned kSeed = 520;
constexpr std::size_t kLongest = 4200;  // bytes, and units

std::string random_pattern(std::mt19937& random) {
    static const std::vector<std::string> kParts = {"加微信",   "free",  "[0-9]{3,6}", "验证",
                                                    "a.{0,3}b", "click", "返佣",       "[a-f]x"};
    std::string out;
    for (auto n = 1 + random() % 3; n > 0; --n) out += kParts[random() % kParts.size()];
    return out;
}

TEST(GuardPage, no_scan_reads_beyond_the_spare_bytes) {
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    const GuardedBytes bytes(kLongest + kSpareBytes);
    for (int database = 0; database < 12; ++database) {
        std::vector<std::string> patterns(1 + random() % 40);
        for (std::string& one : patterns) one = random_pattern(random);
        std::size_t bad = 0;
        const auto engine = Engine::compile(patterns, bad);
        ASSERT_TRUE(engine) << engine.error().text;
        EngineScratch scratch;
        ASSERT_TRUE(engine->reserve(scratch));
        for (std::size_t size = 0; size <= kLongest; ++size) {
            char* text = bytes.end() - kSpareBytes - size;
            for (std::size_t i = 0; i < size; ++i) text[i] = "abfrexclik0123"[random() % 14];
            ASSERT_TRUE(engine->scan(
                text, size, scratch, [](void*, const pattern::EngineMatch&) {}, nullptr));
        }
    }
}

// The units themselves may end at the end of a page: no tier reads beyond them.
TEST(GuardPage, no_scan_reads_beyond_the_units) {
    std::mt19937 random(kSeed);
    const auto set = testing::compile({"text = '微信'", "text = '加'", "text = '加{0,6}(微信|qq)'",
                                       "text = '[0-9]{4,6}'", "text = '加{0,80}微信{0,80}qq'",
                                       "regex = 'a.{1,3}b'", "regex = 'a+b'", "regex = '^加'",
                                       "text = 'light:free'\nview = 'light'"});
    ASSERT_TRUE(set) << set.error().text;
    auto scratch = set->make_scratch();
    ASSERT_TRUE(scratch);
    const GuardedBytes bytes(2 * kLongest);
    const std::u16string letters = u"加微信q1ab ";
    for (std::size_t size = 0; size <= kLongest; ++size) {
        auto* units = reinterpret_cast<char16_t*>(bytes.end() - 2 * size);
        for (std::size_t i = 0; i < size; ++i) units[i] = letters[random() % letters.size()];
        const std::span<const char16_t> text(units, size);
        ASSERT_EQ(set->scan(FoldedUnits{text, text}, *scratch).status, ScanStatus::kOk);
    }
}

}  // namespace
}  // namespace ringfence
