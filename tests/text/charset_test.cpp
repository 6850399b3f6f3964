// Codings that the C library reads: what gateways send as JIS, KS C 5601 and GB 18030.
#include "src/text/charset.hpp"

#include <gtest/gtest.h>
#include <iconv.h>

#include <algorithm>
#include <random>
#include <string_view>

#include "tests/base/deep.hpp"
#include "tests/text/buffer.hpp"
#include "tests/text/decode_model.hpp"
#include "tests/text/encode.hpp"

namespace ringfence {
namespace {

using test::buffer;
using test::Octets;

Octets from_hex(std::string_view hex) {
    Octets octets;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        octets.push_back(
            static_cast<std::uint8_t>(std::stoul(std::string(hex.substr(i, 2)), nullptr, 16)));
    }
    return octets;
}

SmsContent content_of(const Octets& octets, unsigned coding) {
    SmsContent content;
    content.octets = octets;
    content.form = ContentForm::kShortMessage;
    content.scheme = static_cast<std::uint8_t>(coding);
    return content;
}

std::u16string decoded(const Octets& octets, unsigned coding) {
    decode(content_of(octets, coding), buffer());
    return std::u16string(buffer().text());
}

class Coding : public ::testing::Test {
protected:
    void SetUp() override {
        Charsets all;
        for (unsigned i = static_cast<unsigned>(Alphabet::kShiftJis);
             i <= static_cast<unsigned>(Alphabet::kGb18030); ++i) {
            if (!all.of(static_cast<Alphabet>(i)).open())
                GTEST_SKIP() << "the C library lacks " << name_of(static_cast<Alphabet>(i));
        }
    }
};

// The octets are those of Python's codecs.
TEST_F(Coding, reads_what_other_programs_write) {
    const struct {
        unsigned coding;
        Alphabet alphabet;
        std::string_view octets;
        std::u16string_view text;
    } kRows[] = {
        {15, Alphabet::kGb18030, "BCD3CED2CEA2D0C5C1ECC8A1BDB1C0F820A3A4313030209439FC36A2E3",
         u"\u52A0\u6211\u5FAE\u4FE1\u9886\u53D6\u5956\u52B1 \uFFE5100 \U0001F600\u20AC"},
        {15, Alphabet::kGb18030, "C4FABAC3A3ACC4FAB5C4BFECB5DDD2D1B5BD",
         u"\u60A8\u597D\uFF0C\u60A8\u7684\u5FEB\u9012\u5DF2\u5230"},
        {15, Alphabet::kGb18030, "9C79D487B7B1F377C563E667",
         u"\u6E2C\u8A66\u7E41\u9AD4\u8207\u9394"},
        {14, Alphabet::kKsC5601, "BEC8B3E7C7CFBCBCBFE420313538382D30303030208C63B9E6B0A2C7CF",
         u"\uC548\uB155\uD558\uC138\uC694 1588-0000 \uB620\uBC29\uAC01\uD558"},
        {14, Alphabet::kKsC5601, "B0E8C1C2B9F8C8A3B8A620BECBB7C1C1D6BCBCBFE4",
         u"\uACC4\uC88C\uBC88\uD638\uB97C \uC54C\uB824\uC8FC\uC138\uC694"},
        {5, Alphabet::kShiftJis,
         "82A890A2986282C982C882C182C482A882E882DC82B78142B6C52030332D30303030208740EEE0",
         u"\u304A\u4E16\u8A71\u306B\u306A\u3063\u3066\u304A\u308A\u307E\u3059\u3002\uFF76\uFF85 "
         u"03-0000 \u2460\u9AD9"},
        {5, Alphabet::kIso2022Jp, "1B24424576412A2437245E2437243F1B284220616263",
         u"\u5F53\u9078\u3057\u307E\u3057\u305F abc"},
        {10, Alphabet::kIso2022Jp, "1B24424576412A2437245E2437243F1B284220616263",
         u"\u5F53\u9078\u3057\u307E\u3057\u305F abc"},
        {13, Alphabet::kIso2022Jp, "1B242844302130221B2842201B244234413B7A1B2842",
         u"\u4E02\u4E04 \u6F22\u5B57"},
        {13, Alphabet::kEucJp, "BFB6B9FEC0E8208EB68EC5", u"\u632F\u8FBC\u5148 \uFF76\uFF85"},
    };
    for (const auto& row : kRows) {
        EXPECT_EQ(decoded(from_hex(row.octets), row.coding), row.text) << row.octets;
        EXPECT_EQ(buffer().status, DecodeStatus::kText);
        EXPECT_EQ(buffer().alphabet, row.alphabet);
        EXPECT_EQ(buffer().oddities, DecodeOddity::kNone);
    }
}

TEST_F(Coding, is_read_behind_a_header) {
    const Octets octets = test::joined(test::concatenation8(1, 2, 1), {0xBC, 0xD3, 0xCE, 0xD2});
    SmsContent content = content_of(octets, 15);
    content.udhi = true;
    decode(content, buffer());
    EXPECT_EQ(buffer().text(), u"\u52A0\u6211");
    EXPECT_EQ(buffer().concatenation, (Concatenation{1, 2, 1}));
}

TEST_F(Coding, may_be_the_default_of_a_bind) {
    const Octets octets{0xBC, 0xD3};
    SmsContent content = content_of(octets, 0);
    content.default_alphabet = Alphabet::kGb18030;
    decode(content, buffer());
    EXPECT_EQ(buffer().text(), u"\u52A0");
}

TEST_F(Coding, says_what_is_wrong) {
    EXPECT_EQ(decoded({'a', 0xFF, 0xBC, 0xD3}, 15), u"a\uFFFD\u52A0");
    EXPECT_EQ(buffer().oddities, DecodeOddity::kInvalidOctet);
    EXPECT_EQ(decoded({0xBC, 0xD3, 0xCE}, 15), u"\u52A0\uFFFD");
    EXPECT_EQ(buffer().oddities, DecodeOddity::kTruncated);
    EXPECT_EQ(decoded({'a', 0x80}, 10), u"a\uFFFD");
    EXPECT_EQ(buffer().oddities, DecodeOddity::kInvalidOctet);
    EXPECT_EQ(decoded({}, 15), u"");
    EXPECT_EQ(buffer().status, DecodeStatus::kText);
}

TEST_F(Coding, reads_on_in_step_behind_a_pair_that_is_none) {
    // The pair that KS C 5601 leaves free, between Hangul and before ASCII.
    EXPECT_EQ(decoded(from_hex("BEC8A2E8BEC8"), 14), u"\uC548\uFFFD\uC548");
    EXPECT_EQ(decoded(from_hex("A2E847"), 14), u"\uFFFDG");
    EXPECT_EQ(decoded(from_hex("A2E8"), 14), u"\uFFFD");
    EXPECT_EQ(buffer().oddities, DecodeOddity::kInvalidOctet);
    // A pair whose second half is ASCII gives it back.
    EXPECT_EQ(decoded(from_hex("BCD3812041BCD3"), 15), u"\u52A0\uFFFD A\u52A0");
    EXPECT_EQ(decoded(from_hex("82A0EFFF82A0"), 5), u"\u3042\uFFFD\u3042");
    EXPECT_EQ(decoded(from_hex("1B24422422297E24221B2842"), 10), u"\u3042\uFFFD\u3042");
}

TEST_F(Coding, begins_every_message_in_the_first_state) {
    decoded(from_hex("1B24424576"), 10);  // left in two-octet mode
    EXPECT_EQ(decoded({'E', 'v', 'A'}, 10), u"EvA");
}

TEST_F(Coding, drops_what_the_buffer_cannot_hold_and_says_so) {
    DecodedText small(2);
    const Octets octets = from_hex("BCD3CED2CEA2");
    decode(content_of(octets, 15), small);
    EXPECT_EQ(small.text(), u"\u52A0\u6211");
    EXPECT_EQ(small.oddities, DecodeOddity::kTooLong);
    const Octets just = from_hex("BCD3CED2");
    decode(content_of(just, 15), small);
    EXPECT_EQ(small.oddities, DecodeOddity::kNone);
}

TEST_F(Coding, is_not_read_into_a_text_for_joining) {
    DecodedText joining(16, DecodedText::Use::kJoin);
    const Octets octets{0xBC, 0xD3};
    EXPECT_EQ(decode(content_of(octets, 15), joining), DecodeStatus::kError);
    EXPECT_EQ(joining.oddities, DecodeOddity::kUnsupportedCoding);
    EXPECT_EQ(decode(content_of(octets, 3), joining), DecodeStatus::kText);
}

TEST_F(Coding, has_places_in_the_octets) {
    const Octets octets = from_hex("61BCD39439FC36FF62");
    const SmsContent content =
        content_of(octets, 15);  // a, two octets, four for a pair, one bad, b
    const auto place = [&](std::size_t begin, std::size_t length) {
        const ContentPlace p = place_in_content(content, begin, length);
        return std::pair(p.begin, p.length);
    };
    EXPECT_EQ(decoded(octets, 15), u"a\u52A0\U0001F600\uFFFDb");
    EXPECT_EQ(place(0, 1), std::pair(0u, 1u));
    EXPECT_EQ(place(1, 1), std::pair(1u, 2u));
    EXPECT_EQ(place(2, 1), std::pair(3u, 4u));
    EXPECT_EQ(place(2, 3), std::pair(3u, 5u));
    EXPECT_EQ(place(5, 1), std::pair(8u, 1u));
}

// At once, one character at a time for the places, and one octet at a time in the model: the same text.
TEST_F(Coding, agrees_with_itself_octet_by_octet) {
    constexpr unsigned kSeed = 5;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    const Octets seven_bits = {0x1B, '$', '(', 'B', 'D', 'J', '@', 'A', 'I', '!', '0', 'v', 0x0E};
    const int rounds = test::deep() ? 400'000 : test::rerun() ? 1'000 : 4'000;
    for (int round = 0; round < rounds; ++round) {
        Octets octets(random() % 24);
        const bool jis = random() % 3 == 0;
        for (auto& octet : octets) {
            const auto eight_bits =
                static_cast<std::uint8_t>(random() % 2 == 0 ? 0x81 + random() % 0x7E : random());
            octet = jis ? seven_bits[random() % seven_bits.size()] : eight_bits;
        }
        constexpr unsigned kCodings[] = {5, 10, 13, 14, 15};
        const SmsContent content = content_of(octets, kCodings[random() % 5]);
        decode(content, buffer());
        ASSERT_EQ(model::difference(model::decode(content), buffer()), "") << round;
        std::size_t end = 0;
        for (std::size_t i = 0; i < buffer().text().size(); ++i) {
            const ContentPlace place = place_in_content(content, i, 1);
            ASSERT_GT(place.length, 0u) << round;
            ASSERT_GE(place.begin + place.length, end) << round;
            end = place.begin + place.length;
        }
        ASSERT_LE(end, octets.size()) << round;
    }
}

// The alphabets of one octet a character, which this library reads by itself, against the C library's.
TEST(SingleOctets, agree_with_the_c_library) {
    for (const auto& [coding, name] :
         {std::pair{3u, "ISO-8859-1"}, {6u, "ISO-8859-5"}, {7u, "ISO-8859-8"}}) {
        Octets all(256);
        for (std::size_t i = 0; i < 256; ++i) all[i] = static_cast<std::uint8_t>(i);
        const std::vector<unsigned> octets(all.begin(), all.end());
        auto odd = DecodeOddity::kNone;
        EXPECT_EQ(decoded(all, coding), model::charset_text(name, octets, odd)) << name;
        EXPECT_EQ(buffer().oddities, odd) << name;
    }
}

}  // namespace
}  // namespace ringfence
