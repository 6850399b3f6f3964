#include "ringfence/source/utf8.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace ringfence {
namespace {

// Encodes as the table of RFC 3629 draws it.
std::string encode(std::uint32_t point) {
    const auto octet = [](std::uint32_t value) { return static_cast<char>(value); };
    if (point < 0x80) return {octet(point)};
    if (point < 0x800) return {octet(0xC0 | point >> 6), octet(0x80 | (point & 0x3F))};
    if (point < 0x10000) {
        return {octet(0xE0 | point >> 12), octet(0x80 | (point >> 6 & 0x3F)),
                octet(0x80 | (point & 0x3F))};
    }
    return {octet(0xF0 | point >> 18), octet(0x80 | (point >> 12 & 0x3F)),
            octet(0x80 | (point >> 6 & 0x3F)), octet(0x80 | (point & 0x3F))};
}

TEST(Utf8, takes_every_character_and_no_surrogate) {
    std::size_t wrong = 0;
    for (std::uint32_t point = 0; point < 0x110000; ++point) {
        const bool surrogate = point >= 0xD800 && point < 0xE000;
        if (is_utf8(encode(point)) == surrogate) ++wrong;
    }
    EXPECT_EQ(wrong, 0u);
    EXPECT_FALSE(is_utf8(encode(0x110000)));
}

TEST(Utf8, refuses_overlong_cut_and_stray_octets) {
    for (const std::string_view bad :
         {"\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "\x80", "\xFF", "\xE4\xBD",
          "\xF5\x80\x80\x80", "\xE4\xBD\x41"}) {
        EXPECT_EQ(valid_utf8_prefix("good " + std::string(bad) + " tail"), 5u) << printable(bad);
    }
    EXPECT_EQ(valid_utf8_prefix("12345678\xFF"), 8u);
}

TEST(Utf8, prints_on_one_line_what_would_not_print) {
    EXPECT_EQ(printable("你好 x"), "你好 x");
    EXPECT_EQ(printable(std::string_view("a\n\0\x7F\xFF", 5)), "a\\x0a\\x00\\x7f\\xff");
    EXPECT_EQ(printable("a\xC2\x9B\xC2\x85\xC2\xA0"), "a\\xc2\\x9b\\xc2\\x85\xC2\xA0");
    EXPECT_EQ(printable("abcdef", 4), "abcd...");
    EXPECT_EQ(printable("你好", 4), "你...");
    EXPECT_EQ(printable("你好", 6), "你好");
}

}  // namespace
}  // namespace ringfence
