#include "src/study/encode_sms.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ringfence/text/fold.hpp"

namespace ringfence::study {
namespace {

std::vector<std::uint8_t> septets_of(std::string_view text) {
    std::vector<std::uint8_t> septets;
    EXPECT_TRUE(to_septets(text, septets));
    return septets;
}

// The septets of user data as the standard numbers them: from its first bit, header included.
std::vector<std::uint8_t> unpacked(const std::string& octets, std::size_t count) {
    std::vector<std::uint8_t> septets;
    for (std::size_t i = 0; i < count; ++i) {
        unsigned septet = 0;
        for (std::size_t bit = 0; bit < 7; ++bit) {
            const std::size_t at = i * 7 + bit;
            const unsigned octet = static_cast<unsigned char>(octets.at(at / 8));
            septet |= (octet >> (at % 8) & 1u) << bit;
        }
        septets.push_back(static_cast<std::uint8_t>(septet));
    }
    return septets;
}

TEST(EncodeSms, packs_the_textbook_example) {
    const auto parts =
        gsm_parts(septets_of("hellohello"), Packing::kPacked, Concatenation::kHeader8, 1);
    ASSERT_EQ(parts.size(), 1u);
    EXPECT_EQ(parts[0].octets, "\xE8\x32\x9B\xFD\x46\x97\xD9\xEC\x37");
    EXPECT_FALSE(parts[0].udhi);
}

TEST(EncodeSms, knows_the_characters_that_ascii_puts_elsewhere) {
    EXPECT_EQ(septets_of("@$_[a]"),
              (std::vector<std::uint8_t>{0x00, 0x02, 0x11, 0x1B, 0x3C, 'a', 0x1B, 0x3E}));
    std::vector<std::uint8_t> septets;
    EXPECT_FALSE(to_septets("`", septets));
    EXPECT_FALSE(to_septets("\xE4\xBD\xA0", septets));
}

TEST(EncodeSms, divides_at_160_septets_and_never_inside_an_escape) {
    for (const auto concatenation : {Concatenation::kHeader8, Concatenation::kHeader16}) {
        const std::size_t udh = concatenation == Concatenation::kHeader8 ? 6 : 7;
        for (std::size_t size = 1; size < 480; ++size) {
            const std::string text(size, size % 2 == 0 ? '[' : 'a');
            const auto septets = septets_of(text);
            const auto parts = gsm_parts(septets, Packing::kPacked, concatenation, 0xAB);
            EXPECT_EQ(parts.size() == 1, septets.size() <= 160) << size;
            std::vector<std::uint8_t> together;
            for (const SmsPart& part : parts) {
                ASSERT_LE(part.octets.size(), 140u);
                const std::size_t skipped = part.udhi ? (udh * 8 + 6) / 7 : 0;
                auto all = unpacked(part.octets, part.octets.size() * 8 / 7);
                all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(skipped));
                // Seven spare bits look like one more '@'.
                if (!all.empty() && all.back() == 0) all.pop_back();
                ASSERT_NE(all.back(), 0x1B);
                together.insert(together.end(), all.begin(), all.end());
                if (!part.udhi) continue;
                EXPECT_EQ(static_cast<unsigned char>(part.octets[0]), udh - 1);
                EXPECT_EQ(static_cast<unsigned char>(part.octets[udh - 2]), parts.size());
                EXPECT_EQ(static_cast<unsigned char>(part.octets[udh - 1]), part.seq);
            }
            ASSERT_EQ(together, septets) << size;
        }
    }
}

TEST(EncodeSms, divides_ucs2_at_70_units_and_never_inside_a_pair) {
    const std::u16string cake = to_utf16("\xF0\x9F\x8E\x82");
    ASSERT_EQ(cake, u"\xD83C\xDF82");
    for (std::size_t size = 1; size < 220; ++size) {
        std::u16string text(size % 3, u'a');
        while (text.size() < size) text += cake;
        const auto parts = ucs2_parts(text, Concatenation::kHeader16, 7);
        EXPECT_EQ(parts.size() == 1, text.size() <= 70) << size;
        std::u16string together;
        for (const SmsPart& part : parts) {
            ASSERT_LE(part.octets.size(), 140u);
            for (std::size_t i = part.udhi ? 7 : 0; i < part.octets.size(); i += 2) {
                together.push_back(
                    static_cast<char16_t>(static_cast<unsigned char>(part.octets[i]) << 8 |
                                          static_cast<unsigned char>(part.octets[i + 1])));
            }
            ASSERT_FALSE(together.back() >= 0xD800 && together.back() < 0xDC00);
        }
        ASSERT_EQ(together, text);
    }
}

TEST(EncodeSms, sends_a_septet_an_octet_and_no_header_where_smpp_numbers_the_parts) {
    const auto parts =
        gsm_parts(septets_of(std::string(200, 'x')), Packing::kOctet, Concatenation::kSar, 9);
    ASSERT_EQ(parts.size(), 2u);
    EXPECT_EQ(parts[0].octets, std::string(160, 'x'));
    EXPECT_EQ(parts[1].octets, std::string(40, 'x'));
    EXPECT_EQ(parts[1].seq, 2u);
    EXPECT_FALSE(parts[1].udhi);
}

}  // namespace
}  // namespace ringfence::study
