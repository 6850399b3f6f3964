// Texts as octets and back, whole and in parts. Real ones: tests/real/messages_test.cpp.
#include <gtest/gtest.h>

#include <random>

#include "ringfence/text/decode.hpp"
#include "ringfence/text/fold.hpp"
#include "ringfence/text/reassembly.hpp"
#include "tests/text/encode.hpp"
#include "tests/text/gateway.hpp"

namespace ringfence {
namespace {

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

    // `text` in one piece of each coding, then as gateways carry it.
    void go(std::u16string_view text) {
        if (const auto septets = test::gsm7_septets(text)) {
            expect_back(text, content_of(*septets, ContentForm::kShortMessage, 0, false));
            expect_back(text,
                        content_of(test::pack({}, *septets), ContentForm::kUserData, 0, false));
        }
        expect_back(text, content_of(test::ucs2(text), ContentForm::kUserData, 0x08, false));
        expect_back(text, content_of(test::ucs2(text), ContentForm::kShortMessage, 8, false));
        const std::string utf8 = to_utf8(text);
        const test::Octets octets(utf8.begin(), utf8.end());
        expect_back(text, content_of(octets, ContentForm::kText, 0, false));
        for (const test::Carriage carriage : test::kCarriages) {
            ++ref_;
            const test::Delivery sent = test::deliver(text, carriage, ref_);
            if (sent.udhi) in_parts(text, sent);
        }
    }

    std::size_t parts_ = 0;

private:
    void in_parts(std::u16string_view text, const test::Delivery& sent) {
        const std::size_t total = sent.parts.size();
        for (std::size_t k = 0; k < total; ++k) {
            const test::Octets& octets = sent.parts[(k + ref_) % total];  // not in order
            const auto form = sent.packed ? ContentForm::kUserData : ContentForm::kShortMessage;
            ASSERT_LE(octets.size(), sent.packed || !sent.gsm7 ? 140u : 160u);
            ASSERT_EQ(decode(content_of(octets, form, sent.gsm7 ? 0 : 8, true), decoded_),
                      DecodeStatus::kText);
            ++parts_;
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

    Reassembler reassembler_;
    DecodedText decoded_;
    DecodedText whole_;
    std::uint16_t ref_ = 0;
};

TEST_F(RoundTrip, gives_back_random_texts) {
    constexpr unsigned kSeed = 11;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
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
        go(text);
    }
    EXPECT_GT(parts_, 1000u);
}

}  // namespace
}  // namespace ringfence
