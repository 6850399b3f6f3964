// Real messages as the octets of GSM 7-bit and UCS-2, in parts where they are long: they are read back as they
// were written, and judged as their text is.
#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <tuple>
#include <vector>

#include "base/deep.hpp"
#include "real/message_screen.hpp"
#include "real/real_data.hpp"

namespace ringfence {
namespace {

auto meaning_of(const Verdict& v) {
    return std::make_tuple(v.action, v.reason, v.rule, v.category, v.risk, v.match_offset,
                           v.match_length);
}

struct Source {
    const char* corpus;
    const char* country;
    const char* pack;
    std::size_t rows;
};
constexpr Source kSources[] = {{"zh-sms-operator-11k", "CN", "zh-fraud", 4'733},
                               {"en-mishra-soni", "GB", "en-smishing", 3'499}};

TEST(Messages, are_read_back_from_every_carriage) {
    const bool deep = test::deep();
    for (const Source& source : kSources) {
        std::string why;
        const auto messages = test::labelled_messages(source.corpus, why);
        if (messages.empty()) GTEST_SKIP() << why;
        EXPECT_EQ(messages.size(), source.rows);
        test::MessageScreen one(source.country, {source.pack});
        std::size_t gsm7 = 0;
        std::size_t parts = 0;
        std::size_t row = 0;
        std::uint16_t reference = 0;
        for (const auto& [label, text] : messages) {
            const std::u16string units = to_utf16(text);
            ASSERT_EQ(to_utf8(units), text);
            for (const test::Carriage carriage : test::kCarriages) {
                const test::Delivery sent = test::deliver(units, carriage, ++reference);
                if (carriage == test::Carriage::kUserData8) gsm7 += sent.gsm7;
                parts += sent.parts.size();
                // An explanation opens a session: one carriage a row, all of them in long runs.
                if (!deep && carriage != test::kCarriages[row % 4]) continue;
                std::string whole;
                for (const Sms& part : one.messages_of(sent)) {
                    const Explanation told = *one.screen().explain(part);
                    ASSERT_EQ(told.decode_status, "text") << text;
                    whole += told.text;
                }
                ASSERT_EQ(whole, text);
            }
            ++row;
        }
        std::printf("  %s: %zu rows, %zu as GSM 7-bit, %zu parts\n", source.corpus, messages.size(),
                    gsm7, parts);
    }
}

TEST(Messages, are_judged_as_their_text_is) {
    for (const Source& source : kSources) {
        std::string why;
        const auto messages = test::labelled_messages(source.corpus, why);
        if (messages.empty()) GTEST_SKIP() << why;
        test::MessageScreen one(source.country, {source.pack});
        std::size_t found = 0;
        std::size_t row = 0;
        for (const auto& [label, text] : messages) {
            const Verdict plain = one.judge_text(text);
            found += plain.action != Action::kAllow;
            const std::u16string units = to_utf16(text);
            for (const test::Carriage carriage : test::kCarriages)
                ASSERT_EQ(meaning_of(one.judge_octets(units, carriage, row)), meaning_of(plain))
                    << text;
            ++row;
        }
        EXPECT_GT(found, messages.size() / 20);
    }
}

}  // namespace
}  // namespace ringfence
