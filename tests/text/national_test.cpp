// National language tables of the GSM 7-bit alphabet: that the tables are the standard's, and that a header chooses them.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "ringfence/text/decode.hpp"
#include "src/text/data/gsm7_data.hpp"
#include "tests/base/source_folder.hpp"
#include "tests/text/buffer.hpp"
#include "tests/text/encode.hpp"

namespace ringfence {
namespace {

using test::buffer;
using test::Octets;

bool odd(DecodeOddity bit) { return has(buffer().oddities, bit); }

// `septets` behind a header of `elements`, a septet an octet and packed: both read alike.
std::u16string read(const Octets& elements, const Octets& septets) {
    const Octets header = test::joined({static_cast<std::uint8_t>(elements.size())}, elements);
    SmsContent content;
    content.udhi = true;
    content.form = ContentForm::kUserData;
    const Octets packed = test::pack(header, septets);
    content.octets = packed;
    decode(content, buffer());
    std::u16string from_packed(buffer().text());
    content.form = ContentForm::kShortMessage;
    const Octets unpacked = test::joined(header, septets);
    content.octets = unpacked;
    decode(content, buffer());
    EXPECT_EQ(buffer().text(), from_packed);
    return from_packed;
}

TEST(National, reads_a_locking_table) {
    EXPECT_EQ(read({0x25, 1, 6}, {0x2F, 0x2E, 0x4C, 0x5F, 0x26, 0x59}),
              u"\x0928.\x0938\x094D\x0923\x0947");
    EXPECT_EQ(buffer().marks.locking_language, 6);
    EXPECT_EQ(buffer().marks.single_language, 0);
    EXPECT_EQ(buffer().oddities, DecodeOddity::kNone);
    EXPECT_EQ(read({0x25, 1, 1}, {'A', 0x07, 0x40}), u"A\x0131\x0130");
}

TEST(National, reads_a_single_shift_table) {
    EXPECT_EQ(read({0x24, 1, 2}, {'D', 0x1B, 'i', 'a', 's'}),
              u"D\x00ED"
              u"as");
    EXPECT_EQ(buffer().marks.single_language, 2);
    EXPECT_EQ(read({0x24, 1, 13}, {0x1B, 0x1C, 0x1B, 0x3F, 0x1B, 0x65}), u"\x06F0\x06D4\x20AC");
}

TEST(National, reads_both_tables_together) {
    EXPECT_EQ(read({0x24, 1, 10, 0x25, 1, 10}, {0x4C, 0x24, 0x1B, 0x26, 0x1B, 'A'}),
              u"\x0A38\x0A21\x0A59"
              u"A");
    EXPECT_EQ(read({0x25, 1, 3, 0x24, 1, 1}, {0x15, 0x1B, 'G'}), u"\x221E\x011E");
}

TEST(National, shows_the_locking_table_s_character_for_an_unknown_escape) {
    EXPECT_EQ(read({0x24, 1, 5, 0x25, 1, 5}, {0x1B, 0x7F, 'x'}), u"\x0AF1x");
    EXPECT_TRUE(odd(DecodeOddity::kUnknownEscape));
}

TEST(National, shows_a_blank_for_a_code_without_a_character) {
    EXPECT_EQ(read({0x25, 1, 11}, {'a', 0x16, 'b'}), u"a b");
    EXPECT_TRUE(odd(DecodeOddity::kInvalidOctet));
    EXPECT_EQ(read({0x24, 1, 11, 0x25, 1, 11}, {0x1B, 0x7E, 0x1B, 0x2F, 0x1B, 0x27, 'x'}),
              u"\x0BF2\\\x0BF4x");
}

TEST(National, passes_over_a_language_that_is_reserved) {
    for (const unsigned element : {0x24u, 0x25u}) {
        for (const unsigned language : {0u, 14u, 255u}) {
            EXPECT_EQ(
                read({static_cast<std::uint8_t>(element), 1, static_cast<std::uint8_t>(language)},
                     {0, 0x1B, 0x65}),
                u"@\x20AC");
            EXPECT_TRUE(odd(DecodeOddity::kNationalLanguage));
        }
    }
    EXPECT_EQ(read({0x25, 1, 2}, {0x40, 'x'}), u"\x00A1x");  // Spanish has no locking table
    EXPECT_TRUE(odd(DecodeOddity::kNationalLanguage));
    EXPECT_EQ(read({0x25, 2, 1, 1}, {0x40, 'x'}), u"\x00A1x");
    EXPECT_TRUE(odd(DecodeOddity::kUnknownElement));
}

TEST(National, lets_the_last_of_two_languages_count) {
    EXPECT_EQ(read({0x25, 1, 6, 0x25, 1, 1}, {0x40, 'x'}), u"\x0130x");
}

TEST(National, leaves_other_alphabets_alone) {
    SmsContent content;
    const Octets octets = test::joined({3, 0x25, 1, 6}, test::ucs2(u"abc"));
    content.octets = octets;
    content.udhi = true;
    content.form = ContentForm::kUserData;
    content.scheme = 0x08;
    decode(content, buffer());
    EXPECT_EQ(buffer().text(), u"abc");
}

// The tables that are compiled in against the file that they were made of.
TEST(National, has_the_tables_of_the_data_file) {
    std::ifstream lines(test::source_folder() + "tools/data/gsm7_national.tsv");
    ASSERT_TRUE(lines);
    std::string line;
    std::size_t read = 0;
    while (std::getline(lines, line)) {
        if (line.starts_with("#")) continue;
        std::istringstream words(line);
        std::string table;
        std::string language;
        std::string clause;
        std::string first;
        std::size_t id = 0;
        words >> table >> language >> id >> clause >> first;
        const gsm7::Table* made = (table == "locking" ? gsm7::kLocking : gsm7::kSingle).at(id);
        ASSERT_NE(made, nullptr) << line;
        std::size_t code = std::stoul(first, nullptr, 16);
        for (std::string cell; words >> cell; ++code, ++read) {
            const unsigned long unit = cell == "-" ? 0 : std::stoul(cell, nullptr, 16);
            ASSERT_EQ((*made)[code], unit) << table << " " << language << " " << code;
        }
    }
    EXPECT_EQ(read, 25u * 128u);
}

// What all tables have alike: no character stands in a table twice but for the signs that the standard itself repeats.
TEST(National, has_digits_and_letters_where_every_locking_table_has_them) {
    for (std::size_t language = 0; language < gsm7::kLanguages; ++language) {
        const gsm7::Table* table = gsm7::kLocking[language];
        if (table == nullptr) {
            EXPECT_EQ(language, 2u);
            continue;
        }
        std::map<char16_t, unsigned> places;
        for (unsigned code = 0; code < 128; ++code) {
            if ((*table)[code] != 0) ++places[(*table)[code]];
        }
        for (const auto& [unit, times] : places) {
            EXPECT_EQ(times, unit == u' ' ? places[u' '] : 1u) << language << " " << unsigned{unit};
        }
        for (unsigned code = '0'; code <= '9'; ++code) EXPECT_EQ((*table)[code], code) << language;
        for (unsigned code = 'a'; code <= 'z'; ++code) EXPECT_EQ((*table)[code], code) << language;
        EXPECT_EQ((*table)[0x0A], u'\n');
        EXPECT_EQ((*table)[0x0D], u'\r');
    }
}

}  // namespace
}  // namespace ringfence
