// Texts as octets and back: every row of two corpora, whole and in parts.
#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "ringfence/text/decode.hpp"
#include "ringfence/text/fold.hpp"
#include "ringfence/text/reassembly.hpp"
#include "tests/text/corpus.hpp"
#include "tests/text/encode.hpp"

namespace ringfence {
namespace {

constexpr std::size_t kUcs2Part = 66;  // units beside the longer of the two headers

struct Counts {
    std::size_t gsm7 = 0;
    std::size_t ucs2 = 0;
    std::size_t parts = 0;
};

SmsContent content_of(const test::Octets& octets, ContentForm form, std::uint8_t scheme,
                      bool udhi) {
    SmsContent content;
    content.octets = octets;
    content.form = form;
    content.scheme = scheme;
    content.udhi = udhi;
    return content;
}

class RoundTrip : public ::testing::Test {
protected:
    RoundTrip()
        : reassembler_(Reassembler::Options{std::size_t{1} << 20u, Milliseconds(1000), 3}) {}

    void expect_back(std::u16string_view text, const SmsContent& content) {
        ASSERT_EQ(decode(content, decoded_), DecodeStatus::kText);
        ASSERT_EQ(to_utf8(decoded_.text()), to_utf8(text));
        ASSERT_EQ(decoded_.oddities, DecodeOddity::kNone);
    }

    // Each way a gateway may carry `text`, and in parts by either concatenation element.
    void go(std::u16string_view text, Counts& counts) {
        const auto septets = test::gsm7_septets(text);
        if (septets) {
            ++counts.gsm7;
            expect_back(text, content_of(*septets, ContentForm::kShortMessage, 0, false));
            expect_back(text,
                        content_of(test::pack({}, *septets), ContentForm::kUserData, 0, false));
        }
        ++counts.ucs2;
        expect_back(text, content_of(test::ucs2(text), ContentForm::kUserData, 0x08, false));
        expect_back(text, content_of(test::ucs2(text), ContentForm::kShortMessage, 8, false));
        const std::string utf8 = to_utf8(text);
        const test::Octets octets(utf8.begin(), utf8.end());
        expect_back(text, content_of(octets, ContentForm::kText, 0, false));
        if (septets && septets->size() > 160) {
            in_parts(
                text, counts,
                [&](std::size_t i, std::size_t n) { return gsm7_part(*septets, i, n); },
                gsm7_count(*septets), 0x00);
        } else if (!septets && text.size() > 70) {
            in_parts(
                text, counts, [&](std::size_t i, std::size_t n) { return ucs2_part(text, i, n); },
                (text.size() + kUcs2Part - 1) / kUcs2Part, 0x08);
        }
    }

private:
    template <class Part>
    void in_parts(std::u16string_view text, Counts& counts, Part&& part, std::size_t total,
                  std::uint8_t dcs) {
        ++ref_;
        for (std::size_t k = 0; k < total; ++k) {
            const std::size_t i = (k + ref_) % total;  // not in order
            const test::Octets octets = part(i, total);
            ASSERT_LE(octets.size(), 140u);
            ASSERT_EQ(decode(content_of(octets, ContentForm::kUserData, dcs, true), decoded_),
                      DecodeStatus::kText);
            ++counts.parts;
            MessagePart piece;
            piece.sender = "sender";
            piece.recipient = "recipient";
            piece.place = decoded_.concatenation;
            piece.text = decoded_.text();
            piece.oddities = decoded_.oddities;
            ASSERT_EQ(reassembler_.add(piece, whole_),
                      k + 1 == total ? PartOutcome::kComplete : PartOutcome::kIncomplete);
        }
        ASSERT_EQ(to_utf8(whole_.text()), to_utf8(text));
        ASSERT_EQ(whole_.oddities, DecodeOddity::kNone);
    }

    test::Octets header(std::size_t i, std::size_t total) const {
        const auto n = static_cast<std::uint8_t>(total);
        const auto seq = static_cast<std::uint8_t>(i + 1);
        return ref_ % 2 == 0 ? test::concatenation8(static_cast<std::uint8_t>(ref_), n, seq)
                             : test::concatenation16(ref_, n, seq);
    }

    // An escape and its code stay together (TS 23.038 6.2.1.1), so parts differ in length.
    static std::vector<std::pair<std::size_t, std::size_t>> gsm7_cuts(const test::Octets& septets) {
        std::vector<std::pair<std::size_t, std::size_t>> cuts;
        for (std::size_t at = 0; at < septets.size();) {
            std::size_t end = std::min(at + 152, septets.size());
            if (end < septets.size() && septets[end - 1] == gsm7::kEscape) --end;
            if (septets[end - 1] == 0) --end;  // an '@' on the octet border reads as padding
            cuts.emplace_back(at, end);
            at = end;
        }
        return cuts;
    }
    static std::size_t gsm7_count(const test::Octets& septets) { return gsm7_cuts(septets).size(); }

    test::Octets gsm7_part(const test::Octets& septets, std::size_t i, std::size_t total) const {
        const auto [begin, end] = gsm7_cuts(septets)[i];
        return test::pack(header(i, total),
                          test::Octets(septets.begin() + static_cast<std::ptrdiff_t>(begin),
                                       septets.begin() + static_cast<std::ptrdiff_t>(end)));
    }
    test::Octets ucs2_part(std::u16string_view text, std::size_t i, std::size_t total) const {
        return test::joined(header(i, total), test::ucs2(text.substr(i * kUcs2Part, kUcs2Part)));
    }

    Reassembler reassembler_;
    DecodedText decoded_;
    DecodedText whole_;
    std::uint16_t ref_ = 0;
};

TEST_F(RoundTrip, gives_back_random_texts) {
    constexpr unsigned kSeed = 11;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    Counts counts;
    for (int round = 0; round < 2000 && !HasFatalFailure(); ++round) {
        std::u16string text;
        const bool plain = random() % 2 == 0;
        for (std::size_t i = random() % 500; i > 0; --i) {
            const char16_t any = static_cast<char16_t>(0x4E00 + random() % 0x5000);
            char16_t unit = plain ? gsm7::kDefault[random() % 128] : any;
            if (plain && random() % 20 == 0) unit = u'\x20AC';
            if (unit == u'\r') unit = u'\n';
            text += unit;
        }
        if (plain) text += u'.';  // without TP-UDL an '@' at the very end may read as padding
        if (!plain && text.size() > 2) {
            text[text.size() / 2 - 1] = 0xD83D;
            text[text.size() / 2] = 0xDE00;
        }
        go(text, counts);
    }
    EXPECT_GT(counts.parts, 1000u);
}

void all_rows(std::string_view name, std::size_t column,
              const std::function<void(std::u16string_view)>& go, std::size_t& rows,
              std::string& why) {
    for (const std::string& row : test::corpus(name, column, why)) {
        go(to_utf16(row));
        ++rows;
    }
}

TEST_F(RoundTrip, gives_back_every_row_of_the_corpora) {
    for (const char* name : {"zh-sms-operator-11k", "en-mishra-soni"}) {
        std::string why;
        std::size_t rows = 0;
        Counts counts;
        all_rows(
            name, 1,
            [&](std::u16string_view text) {
                if (!HasFatalFailure()) go(text, counts);
            },
            rows, why);
        if (rows == 0) GTEST_SKIP() << why;
        std::printf("%s: %zu rows back, %zu also as GSM 7-bit, %zu parts\n", name, rows,
                    counts.gsm7, counts.parts);
    }
}

}  // namespace
}  // namespace ringfence
