#include "ringfence/text/decode.hpp"

#include <gtest/gtest.h>

#include <random>

#include "ringfence/text/reassembly.hpp"
#include "tests/text/buffer.hpp"
#include "tests/text/decode_model.hpp"
#include "tests/text/encode.hpp"

namespace ringfence {
namespace {

using test::buffer;
using test::Octets;

std::u16string decoded(const SmsContent& content) {
    decode(content, buffer());
    return std::u16string(buffer().text());
}

SmsContent user_data(const Octets& octets, std::uint8_t dcs, bool udhi = false) {
    SmsContent content;
    content.octets = octets;
    content.form = ContentForm::kUserData;
    content.scheme = dcs;
    content.udhi = udhi;
    return content;
}

SmsContent short_message(const Octets& octets, std::uint8_t coding, bool udhi = false) {
    SmsContent content = user_data(octets, coding, udhi);
    content.form = ContentForm::kShortMessage;
    return content;
}

Octets octets_of(std::string_view text) { return Octets(text.begin(), text.end()); }

bool odd(DecodeOddity bit) { return has(buffer().oddities, bit); }

TEST(Decode, reads_packed_septets) {
    // "hellohello" of TS 23.038 textbooks.
    const Octets octets{0xE8, 0x32, 0x9B, 0xFD, 0x46, 0x97, 0xD9, 0xEC, 0x37};
    EXPECT_EQ(decoded(user_data(octets, 0)), u"hellohello");
    EXPECT_EQ(buffer().alphabet, Alphabet::kGsm7);
    EXPECT_EQ(buffer().oddities, DecodeOddity::kNone);
}

TEST(Decode, drops_a_last_septet_of_padding_on_the_octet_border) {
    const Octets seven = test::pack({}, *test::gsm7_septets(u"1234567"));
    ASSERT_EQ(seven.size(), 7u);  // the encoder filled with CR
    EXPECT_EQ(decoded(user_data(seven, 0)), u"1234567");
    Octets zero = seven;
    zero[6] &= 0x01;  // ... and others fill with 00
    EXPECT_EQ(decoded(user_data(zero, 0)), u"1234567");
    const Octets eight = test::pack({}, *test::gsm7_septets(u"12345678"));
    EXPECT_EQ(decoded(user_data(eight, 0)), u"12345678");
}

TEST(Decode, keeps_an_at_sign_that_is_not_padding) {
    EXPECT_EQ(decoded(user_data(test::pack({}, *test::gsm7_septets(u"a@b@@")), 0)), u"a@b@@");
}

TEST(Decode, reads_the_extension_table) {
    const std::u16string text = u"^{}\\[~]|\x20AC";
    EXPECT_EQ(decoded(user_data(test::pack({}, *test::gsm7_septets(text)), 0)), text);
    EXPECT_EQ(decoded(short_message(*test::gsm7_septets(text), 0)), text);
}

TEST(Decode, shows_the_plain_character_for_an_unknown_escape) {
    EXPECT_EQ(decoded(short_message({0x1B, 'A'}, 0)), u"A");
    EXPECT_TRUE(odd(DecodeOddity::kUnknownEscape));
    EXPECT_EQ(decoded(short_message({0x1B, 0x1B}, 0)), u" ");
}

TEST(Decode, shows_a_blank_for_an_escape_at_the_end) {
    EXPECT_EQ(decoded(short_message({'A', 0x1B}, 0)), u"A ");
    EXPECT_TRUE(odd(DecodeOddity::kTruncated));
}

TEST(Decode, skips_fill_bits_behind_a_header) {
    for (const Octets& header :
         {Octets{5, 0, 3, 7, 2, 1}, Octets{6, 8, 4, 1, 2, 2, 1}, Octets{2, 0x70, 0}, Octets{0}}) {
        for (std::size_t size = 0; size < 20; ++size) {
            const std::u16string text(size, u'x');
            const Octets octets = test::pack(header, *test::gsm7_septets(text));
            ASSERT_EQ(decoded(user_data(octets, 0, true)), text) << header.size() << " " << size;
        }
    }
}

TEST(Decode, reads_unpacked_septets_of_smpp) {
    EXPECT_EQ(decoded(short_message(octets_of("Pay 5"), 0)), u"Pay 5");
    EXPECT_EQ(decoded(short_message({0x00, 0x01, 0x02}, 0)), u"@\xA3$");
    EXPECT_EQ(decoded(short_message({'a', 0x80, 'b'}, 0)),
              u"a\xFFFD"
              u"b");
    EXPECT_TRUE(odd(DecodeOddity::kInvalidOctet));
}

TEST(Decode, reads_packed_septets_of_smpp_where_the_bind_says_so) {
    const Octets octets = test::pack({}, *test::gsm7_septets(u"hellohello"));
    SmsContent content = short_message(octets, 0);
    content.packed = true;
    EXPECT_EQ(decoded(content), u"hellohello");
}

TEST(Decode, takes_the_default_alphabet_from_the_bind) {
    const Octets octets{'a', 0xE9};
    SmsContent content = short_message(octets, 0);
    content.default_alphabet = Alphabet::kLatin1;
    EXPECT_EQ(decoded(content), u"a\xE9");
    content.default_alphabet = Alphabet::kUtf8;
    const Octets utf8{0xE5, 0xBE, 0xAE};
    content.octets = utf8;
    EXPECT_EQ(decoded(content), u"\x5FAE");
}

TEST(Decode, reads_ucs2_with_surrogate_pairs) {
    const std::u16string text = u"\x5FAE\x4FE1 \xD83D\xDE00";
    EXPECT_EQ(decoded(user_data(test::ucs2(text), 0x08)), text);
    EXPECT_EQ(buffer().oddities, DecodeOddity::kNone);
}

TEST(Decode, replaces_a_lone_surrogate_and_says_so) {
    for (const std::u16string& text : {std::u16string(u"a\xD83D"
                                                      u"b"),
                                       std::u16string(u"a\xDE00"
                                                      u"b")}) {
        EXPECT_EQ(decoded(user_data(test::ucs2(text), 0x08)),
                  u"a\xFFFD"
                  u"b");
        EXPECT_TRUE(odd(DecodeOddity::kLoneSurrogate));
    }
}

TEST(Decode, keeps_half_a_pair_at_the_edge_of_a_part) {
    const Octets octets = test::joined(test::concatenation8(1, 2, 1), test::ucs2(u"a\xD83D"));
    EXPECT_EQ(decoded(user_data(octets, 0x08, true)), u"a\xD83D");
    EXPECT_TRUE(odd(DecodeOddity::kLoneSurrogate));
}

TEST(Decode, says_when_half_a_unit_is_left) {
    EXPECT_EQ(decoded(user_data({0x00, 0x41, 0x00}, 0x08)), u"A");
    EXPECT_TRUE(odd(DecodeOddity::kTruncated));
}

TEST(Decode, refuses_octets_of_which_none_is_text) {
    for (const Octets& octets : {Octets{0x61}, Octets{0xFE, 0xFF, 0x61}}) {
        EXPECT_EQ(decode(user_data(octets, 0x08), buffer()), DecodeStatus::kError);
        EXPECT_EQ(buffer().text(), u"");
        EXPECT_TRUE(odd(DecodeOddity::kTruncated));
    }
    const Octets part = test::joined(test::concatenation8(1, 2, 1), Octets{0x61});
    EXPECT_EQ(decode(user_data(part, 0x08, true), buffer()), DecodeStatus::kError);
    EXPECT_EQ(buffer().concatenation, (Concatenation{1, 2, 1}));
    // No octets are the empty text, and so is a byte order mark alone.
    EXPECT_EQ(decode(user_data({}, 0x08), buffer()), DecodeStatus::kText);
    EXPECT_EQ(decode(user_data({0xFE, 0xFF}, 0x08), buffer()), DecodeStatus::kText);
    // A surrogate alone is text, and odd.
    EXPECT_EQ(decode(user_data({0xD8, 0x3D}, 0x08), buffer()), DecodeStatus::kText);
    EXPECT_EQ(buffer().text(), u"\xFFFD");
    EXPECT_TRUE(odd(DecodeOddity::kLoneSurrogate));
}

TEST(Decode, finds_no_text_where_no_octet_is_any) {
    const Octets kSayHello = {0xC4, 0xE3, 0xBA, 0xC3};  // two Han of GB 18030
    for (const std::uint8_t scheme :
         {std::uint8_t{0}, std::uint8_t{1}}) {  // as GSM 7-bit, one septet an octet; as ASCII
        EXPECT_EQ(decode(short_message(kSayHello, scheme), buffer()), DecodeStatus::kError);
        EXPECT_EQ(buffer().text(), std::u16string(4, u'\xFFFD'));
        EXPECT_TRUE(odd(DecodeOddity::kInvalidOctet));
    }
    EXPECT_EQ(decode(short_message(Octets(20, 0xFF), 0x0F), buffer()), DecodeStatus::kError);
    // One octet that is makes it text.
    EXPECT_EQ(decode(short_message({0xC4, 'a', 0xE3}, 0x01), buffer()), DecodeStatus::kText);
    EXPECT_EQ(buffer().text(), u"\xFFFD\x61\xFFFD");
}

TEST(Decode, follows_a_byte_order_mark) {
    EXPECT_EQ(decoded(user_data({0xFE, 0xFF, 0x00, 0x41}, 0x08)), u"A");
    EXPECT_TRUE(odd(DecodeOddity::kByteOrder));
    EXPECT_EQ(decoded(user_data({0xFF, 0xFE, 0x41, 0x00}, 0x08)), u"A");
}

TEST(Decode, reads_the_groups_of_ts_23_038) {
    const struct {
        std::uint8_t dcs;
        DecodeStatus status;
        Alphabet alphabet;
    } kRows[] = {
        {0x00, DecodeStatus::kText, Alphabet::kGsm7},
        {0x10, DecodeStatus::kText, Alphabet::kGsm7},
        {0x04, DecodeStatus::kBinary, Alphabet::kOctets},
        {0x08, DecodeStatus::kText, Alphabet::kUtf16},
        {0x18, DecodeStatus::kText, Alphabet::kUtf16},
        {0x0C, DecodeStatus::kText, Alphabet::kGsm7},
        {0x20, DecodeStatus::kBinary, Alphabet::kGsm7},
        {0x48, DecodeStatus::kText, Alphabet::kUtf16},
        {0x90, DecodeStatus::kText, Alphabet::kGsm7},
        {0xC8, DecodeStatus::kText, Alphabet::kGsm7},
        {0xD0, DecodeStatus::kText, Alphabet::kGsm7},
        {0xE8, DecodeStatus::kText, Alphabet::kUtf16},
        {0xF1, DecodeStatus::kText, Alphabet::kGsm7},
        {0xF5, DecodeStatus::kBinary, Alphabet::kOctets},
    };
    const Octets octets{0x41, 0x42};
    for (const auto& row : kRows) {
        EXPECT_EQ(decode(user_data(octets, row.dcs), buffer()), row.status) << unsigned{row.dcs};
        EXPECT_EQ(buffer().alphabet, row.alphabet) << unsigned{row.dcs};
        if (row.status == DecodeStatus::kBinary) {
            EXPECT_TRUE(buffer().text().empty());
        }
    }
    decode(user_data(octets, 0x20), buffer());
    EXPECT_TRUE(odd(DecodeOddity::kCompressed));
    decode(user_data(octets, 0x0C), buffer());
    EXPECT_TRUE(odd(DecodeOddity::kReservedCoding));
}

TEST(Decode, reads_message_class_waiting_and_automatic_deletion) {
    const Octets octets{0x41};
    decode(user_data(octets, 0x10), buffer());
    EXPECT_EQ(buffer().marks.message_class, 0);  // flash
    decode(user_data(octets, 0xF2), buffer());
    EXPECT_EQ(buffer().marks.message_class, 2);
    decode(user_data(octets, 0x00), buffer());
    EXPECT_EQ(buffer().marks.message_class, MessageMarks::kNoClass);
    EXPECT_EQ(buffer().marks.waiting, MessageWaiting::kNone);
    decode(user_data(octets, 0x40), buffer());
    EXPECT_TRUE(buffer().marks.auto_delete);
}

TEST(Decode, tells_what_is_waiting) {
    const Octets octets{0x00, 0x41};
    for (const unsigned group : {0xC0u, 0xD0u, 0xE0u}) {
        for (const unsigned kind : {0u, 1u, 2u, 3u}) {
            for (const bool active : {true, false}) {
                const auto scheme = static_cast<std::uint8_t>(group | (active ? 0x8u : 0u) | kind);
                for (const SmsContent& content :
                     {user_data(octets, scheme), short_message(octets, scheme)}) {
                    decode(content, buffer());
                    EXPECT_EQ(buffer().marks.waiting, static_cast<MessageWaiting>(1 + kind));
                    EXPECT_EQ(buffer().marks.waiting_active, active) << unsigned{scheme};
                }
            }
        }
    }
    EXPECT_EQ(name_of(MessageWaiting::kVoicemail), "voicemail");
    EXPECT_EQ(name_of(MessageWaiting::kOther), "other");
}

TEST(Decode, reads_the_data_codings_of_smpp) {
    EXPECT_EQ(decoded(short_message({0x41, 0xE9}, 3)), u"A\xE9");
    EXPECT_EQ(decoded(short_message({0x41}, 1)), u"A");
    EXPECT_EQ(decoded(short_message(test::ucs2(u"\x5FAE"), 8)), u"\x5FAE");
    EXPECT_EQ(decoded(short_message({0xBF, 0xE0}, 6)), u"\x041F\x0440");
    EXPECT_EQ(decoded(short_message({0xE0, 0xE1}, 7)), u"\x05D0\x05D1");
    EXPECT_EQ(decode(short_message({1, 2}, 2), buffer()), DecodeStatus::kBinary);
    EXPECT_EQ(decode(short_message({1, 2}, 4), buffer()), DecodeStatus::kBinary);
}

TEST(Decode, refuses_a_coding_it_cannot_read) {
    for (const unsigned coding : {9u, 11u, 12u}) {
        EXPECT_EQ(decode(short_message({0x41}, static_cast<std::uint8_t>(coding)), buffer()),
                  DecodeStatus::kError);
        EXPECT_TRUE(odd(DecodeOddity::kUnsupportedCoding));
        EXPECT_TRUE(buffer().text().empty());
    }
}

TEST(Decode, refuses_a_header_longer_than_the_data) {
    for (const Octets& octets : {Octets{}, Octets{5, 0, 3, 1, 2}, Octets{255}}) {
        EXPECT_EQ(decode(user_data(octets, 0x08, true), buffer()), DecodeStatus::kError);
        EXPECT_TRUE(odd(DecodeOddity::kHeaderBeyondData));
    }
    EXPECT_EQ(decode(user_data({5, 0, 3, 1, 2, 1}, 0x08, true), buffer()), DecodeStatus::kText);
}

TEST(Decode, reads_both_concatenation_elements) {
    decode(user_data(test::concatenation8(200, 3, 2), 0x08, true), buffer());
    EXPECT_EQ(buffer().concatenation, (Concatenation{200, 3, 2}));
    decode(user_data(test::concatenation16(0x1234, 255, 255), 0x08, true), buffer());
    EXPECT_EQ(buffer().concatenation, (Concatenation{0x1234, 255, 255}));
}

TEST(Decode, lets_the_last_of_two_concatenations_count) {
    decode(user_data({10, 0, 3, 1, 2, 1, 0, 3, 9, 4, 3}, 0x08, true), buffer());
    EXPECT_EQ(buffer().concatenation, (Concatenation{9, 4, 3}));
}

TEST(Decode, ignores_an_impossible_part) {
    for (const auto& [total, seq] : {std::pair{0, 0}, {0, 1}, {2, 0}, {2, 3}}) {
        const auto header = test::concatenation8(1, static_cast<std::uint8_t>(total),
                                                 static_cast<std::uint8_t>(seq));
        decode(user_data(header, 0x08, true), buffer());
        EXPECT_EQ(buffer().concatenation, Concatenation{}) << total << seq;
        EXPECT_TRUE(odd(DecodeOddity::kBadConcatenation));
    }
}

TEST(Decode, reads_sar_parameters_unless_the_header_says_more) {
    const Octets plain{0x41};
    SmsContent content = short_message(plain, 3);
    content.sar_ref = 500;
    content.sar_total = 2;
    content.sar_seq = 1;
    decode(content, buffer());
    EXPECT_EQ(buffer().concatenation, (Concatenation{500, 2, 1}));
    const Octets header = test::concatenation8(7, 3, 3);
    content.octets = header;
    content.udhi = true;
    decode(content, buffer());
    EXPECT_EQ(buffer().concatenation, (Concatenation{7, 3, 3}));
}

TEST(Decode, passes_over_unknown_elements) {
    const Octets octets{8, 0x70, 1, 0xAA, 0, 3, 1, 2, 1, 0x00, 0x41};
    EXPECT_EQ(decoded(user_data(octets, 0x08, true)), u"A");
    EXPECT_EQ(buffer().concatenation, (Concatenation{1, 2, 1}));
    EXPECT_TRUE(odd(DecodeOddity::kUnknownElement));
}

TEST(Decode, says_when_an_element_claims_more_than_the_header) {
    const Octets octets{3, 0x70, 9, 0xAA, 0x00, 0x41};
    EXPECT_EQ(decoded(user_data(octets, 0x08, true)), u"A");
    EXPECT_TRUE(odd(DecodeOddity::kElementBeyondHeader));
}

TEST(Decode, reads_port_addresses) {
    decode(user_data({6, 5, 4, 0x0B, 0x84, 0x23, 0xF0}, 0x04, true), buffer());
    EXPECT_EQ(buffer().status, DecodeStatus::kBinary);
    EXPECT_TRUE(buffer().marks.has_ports);
    EXPECT_EQ(buffer().marks.destination_port, 2948);  // WAP push
    EXPECT_EQ(buffer().marks.source_port, 9200);
}

TEST(Decode, replaces_ill_formed_utf8_as_unicode_advises) {
    SmsContent content;
    const auto text = [&](const Octets& octets) {
        content.octets = octets;
        return decoded(content);
    };
    // The Unicode Standard, table 3-8 and 3-11.
    EXPECT_EQ(text({0xC0, 0xAF, 0xE0, 0x80, 0xBF, 0x41}),
              u"\xFFFD\xFFFD\xFFFD\xFFFD\xFFFD"
              u"A");
    EXPECT_EQ(text({0xE1, 0x80, 0xE2, 0xF0, 0x91, 0x92, 0xF1, 0xBF, 0x41}),
              u"\xFFFD\xFFFD\xFFFD\xFFFD"
              u"A");
    EXPECT_EQ(text({0xED, 0xA0, 0x80}), u"\xFFFD\xFFFD\xFFFD");
    EXPECT_TRUE(odd(DecodeOddity::kInvalidOctet));
    EXPECT_EQ(text({0x41, 0xE5, 0xBE}), u"A\xFFFD");
    EXPECT_TRUE(odd(DecodeOddity::kTruncated));
    EXPECT_EQ(text({0xF0, 0x9F, 0x98, 0x80, 0x00, 0x42}), std::u16string(u"\xD83D\xDE00\0B", 4));
    EXPECT_EQ(buffer().oddities, DecodeOddity::kNone);
}

TEST(Decode, cuts_what_the_buffer_cannot_hold_and_says_so) {
    DecodedText small(3);
    SmsContent content;
    const Octets octets = octets_of("abcd");
    content.octets = octets;
    EXPECT_EQ(decode(content, small), DecodeStatus::kText);
    EXPECT_EQ(small.text(), u"abc");
    EXPECT_TRUE(has(small.oddities, DecodeOddity::kTooLong));
    const Octets huge(10u << 20u, 'x');
    content.octets = huge;
    EXPECT_EQ(decoded(content).size(), DecodedText::kMaxUnits);
    EXPECT_TRUE(odd(DecodeOddity::kTooLong));
}

TEST(Decode, finds_the_octets_of_a_stretch_of_text) {
    const auto place = [](const SmsContent& content, std::size_t begin, std::size_t length) {
        const ContentPlace p = place_in_content(content, begin, length);
        return std::tuple(p.unit == ContentPlace::Unit::kSeptet, p.begin, p.length);
    };
    const Octets wide = test::joined({5, 0, 3, 1, 2, 1}, test::ucs2(u"a\xD83D\xDE00z"));
    const SmsContent ucs2 = user_data(wide, 0x08, true);
    EXPECT_EQ(place(ucs2, 0, 1), std::tuple(false, 6u, 2u));
    EXPECT_EQ(place(ucs2, 1, 1), std::tuple(false, 8u, 4u));
    EXPECT_EQ(place(ucs2, 2, 2), std::tuple(false, 8u, 6u));
    EXPECT_EQ(place(ucs2, 4, 9), std::tuple(false, 14u, 0u));
    const Octets packed = test::pack({}, *test::gsm7_septets(u"a{b"));
    EXPECT_EQ(place(user_data(packed, 0), 1, 2), std::tuple(true, 1u, 3u));
    SmsContent text;
    const Octets utf8{'a', 0xE5, 0xBE, 0xAE, 'b'};
    text.octets = utf8;
    EXPECT_EQ(place(text, 1, 2), std::tuple(false, 1u, 4u));
}

TEST(Decode, finds_the_octets_that_hold_packed_septets) {
    const auto octets = [](const SmsContent& content, std::size_t begin, std::size_t length) {
        const ContentPlace p = place_in_content(content, begin, length);
        return std::pair(p.first_octet, p.octets);
    };
    const Octets packed = test::pack({}, *test::gsm7_septets(u"a{b"));  // bits 0, 7 to 20, 21
    EXPECT_EQ(octets(user_data(packed, 0), 0, 1), std::pair(0u, 1u));
    EXPECT_EQ(octets(user_data(packed, 0), 1, 1), std::pair(0u, 3u));
    EXPECT_EQ(octets(user_data(packed, 0), 2, 1), std::pair(2u, 2u));
    EXPECT_EQ(octets(user_data(packed, 0), 3, 1), std::pair(3u, 0u));
    // Behind a header of six octets the text begins at bit 49.
    const Octets part = test::pack({5, 0, 3, 1, 2, 1}, *test::gsm7_septets(u"abcdefgh"));
    EXPECT_EQ(octets(user_data(part, 0, true), 0, 1), std::pair(6u, 1u));
    EXPECT_EQ(octets(user_data(part, 0, true), 1, 1), std::pair(7u, 1u));
    EXPECT_EQ(octets(user_data(part, 0, true), 0, 8), std::pair(6u, 8u));
    const Octets wide = test::joined({5, 0, 3, 1, 2, 1}, test::ucs2(u"abc"));
    EXPECT_EQ(octets(user_data(wide, 8, true), 1, 1), std::pair(8u, 2u));
}

TEST(Decode, finds_a_stretch_of_a_joined_text_in_its_parts) {
    const Octets first = test::joined({5, 0, 3, 1, 3, 1}, test::ucs2(u"ab\xD83D"));
    const Octets second = test::joined({5, 0, 3, 1, 3, 2}, test::ucs2(u"\xDE00z"));
    const Octets binary = {1, 2, 3};
    const Octets last = test::pack({5, 0, 3, 1, 3, 3}, *test::gsm7_septets(u"xyz"));
    const std::vector<SmsContent> parts = {user_data(first, 8, true), user_data(second, 8, true),
                                           user_data(binary, 4), user_data(last, 0, true)};
    const auto place = [&](std::size_t begin, std::size_t length) {
        const PartPlace p = place_in_parts(parts, begin, length);
        return std::tuple(p.part, p.place.first_octet, p.place.octets, p.units);
    };
    using Place = std::tuple<std::size_t, std::uint32_t, std::uint32_t, std::size_t>;
    EXPECT_EQ(place(0, 2), Place(0, 6, 4, 2));
    EXPECT_EQ(place(1, 4), Place(0, 8, 4, 2));  // b and half of the pair,
    EXPECT_EQ(place(3, 2), Place(1, 6, 4, 2));  // the other half and z
    EXPECT_EQ(place(4, 9), Place(1, 8, 2, 1));
    EXPECT_EQ(place(5, 8), Place(3, 6, 3, 3));
    EXPECT_EQ(place(8, 1), Place(4, 0, 0, 0));
    EXPECT_EQ(place_in_parts({}, 0, 1).part, 0u);
}

TEST(Decode, places_end_where_a_text_that_is_cut_does) {
    constexpr std::size_t kMost = DecodedText::kMaxUnits;
    const Octets huge(kMost + 9'000, 'x');
    SmsContent content;
    content.octets = huge;
    EXPECT_EQ(place_in_content(content, kMost - 1, 100).octets, 1u);
    EXPECT_EQ(place_in_content(content, kMost + 5, 100).octets, 0u);
    EXPECT_EQ(place_in_content(content, 7, SIZE_MAX).octets, kMost - 7);
    const PartPlace last = place_in_parts({&content, 1}, kMost - 1, 10);
    EXPECT_EQ(last.place.octets, 1u);
    EXPECT_EQ(last.units, 1u);
    EXPECT_EQ(place_in_parts({&content, 1}, kMost, 10).part, 1u);
}

TEST(Decode, a_stretch_of_nothing_lies_where_it_begins_and_in_no_part) {
    const Octets wide = test::ucs2(u"abc");
    const SmsContent content = user_data(wide, 8);
    for (const std::size_t begin : {0u, 1u, 3u}) {
        const ContentPlace place = place_in_content(content, begin, 0);
        EXPECT_EQ(place.first_octet, 2 * begin);
        EXPECT_EQ(place.octets, 0u);
    }
    EXPECT_EQ(place_in_parts({&content, 1}, 1, 0).part, 1u);
    EXPECT_EQ(place_in_parts({&content, 1}, 1, 0).units, 0u);
}

TEST(Decode, finds_places_as_parts_are_joined) {
    static DecodedText whole(1000, DecodedText::Use::kJoin);
    Reassembler joiner({});
    const std::vector<Octets> octets = {{0xFF, 0xFF}, {0x01}, {'a', 0xFF}, {'b'}};
    std::vector<SmsContent> parts;
    for (std::uint8_t i = 0; i < octets.size(); ++i) {
        parts.push_back(short_message(octets[i], i == 1 ? 4 : 1));  // the second is 8-bit data
        parts.back().sar_total = 4;
        parts.back().sar_seq = static_cast<std::uint8_t>(i + 1);
        decode(parts.back(), buffer());
        joiner.add({.sender = "1",
                    .recipient = "2",
                    .place = buffer().concatenation,
                    .text = buffer().text(),
                    .oddities = buffer().oddities},
                   whole);
    }
    ASSERT_EQ(whole.text(),
              u"\xFFFD\xFFFD"
              u"a\xFFFD"
              u"b");
    std::string found;
    for (std::size_t unit = 0; unit < whole.text().size(); ++unit)
        found += std::to_string(place_in_parts(parts, unit, 1).part);
    EXPECT_EQ(found, "00223");
}

TEST(Decode, agrees_with_the_plain_decoder_on_random_octets) {
    constexpr unsigned kSeed = 2026;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    auto seen = DecodeOddity::kNone;
    for (int round = 0; round < 60'000; ++round) {
        Octets octets(random() % 150);
        const bool mild = random() % 2 == 0;
        for (auto& octet : octets) {
            octet = static_cast<std::uint8_t>(mild && random() % 4 != 0 ? random() % 8 * 0x1B
                                                                        : random());
        }
        // One after the other: compilers take arguments in any order.
        const bool has_header = random() % 2 == 0;
        const auto scheme = static_cast<std::uint8_t>(random());
        SmsContent content = user_data(octets, scheme, has_header);
        if (content.udhi && !octets.empty() && random() % 4 != 0) {
            octets[0] = static_cast<std::uint8_t>(random() % 12);
            if (octets.size() > 4 && random() % 2 == 0) {
                octets[1] = static_cast<std::uint8_t>(0x24 + random() % 2);
                octets[2] = 1;
                octets[3] = static_cast<std::uint8_t>(random() % 16);
            }
        }
        if (random() % 2 == 0) content.form = ContentForm::kShortMessage;
        if (random() % 2 == 0) content.scheme %= 16;
        content.packed = random() % 2 == 0;
        if (random() % 4 == 0) content.default_alphabet = Alphabet::kLatin1;
        content.sar_total = static_cast<std::uint8_t>(random() % 3);
        content.sar_seq = static_cast<std::uint8_t>(random() % 3);
        decode(content, buffer());
        ASSERT_EQ(model::difference(model::decode(content), buffer()), "") << round;
        seen |= buffer().oddities;
    }
    // All but what needs a longer text, and what joining parts tells.
    EXPECT_EQ(names_of(seen).size(), 13u);
}

TEST(Decode, names_every_oddity) {
    for (unsigned bit = 0; bit < 14; ++bit) {
        EXPECT_FALSE(name_of(static_cast<DecodeOddity>(1u << bit)).empty()) << bit;
    }
    EXPECT_EQ(name_of(DecodeOddity::kTruncated | DecodeOddity::kTooLong), "");
}

}  // namespace
}  // namespace ringfence
