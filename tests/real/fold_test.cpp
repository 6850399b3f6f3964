// Real messages fold as the slow plain model folds them.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "real/real_data.hpp"
#include "ringfence/text/fold.hpp"
#include "text/fold_model.hpp"

namespace ringfence {
namespace {

constexpr const char* kCorpora[] = {"zh-sms-operator-11k", "zh-sms-mudou", "en-uci-sms",
                                    "en-smishtank"};

TEST(Fold, of_real_messages_is_that_of_the_plain_model) {
    std::size_t messages = 0;
    FoldedText folded;
    for (const char* corpus : kCorpora) {
        std::string why;
        const auto rows = test::labelled_messages(corpus, why);
        if (rows.empty()) GTEST_SKIP() << why;
        for (const auto& [label, text] : rows) {
            const std::u16string source = to_utf16(text);
            fold(source, folded);
            const model::Folded expected = model::fold(source);
            ASSERT_EQ(folded.light().text(), expected.light) << text;
            ASSERT_EQ(folded.dense().text(), expected.dense) << text;
            ASSERT_TRUE(std::equal(expected.light_offsets.begin(), expected.light_offsets.end(),
                                   folded.light().offsets))
                << text;
            ASSERT_TRUE(std::equal(expected.dense_offsets.begin(), expected.dense_offsets.end(),
                                   folded.dense().offsets))
                << text;
            ++messages;
        }
    }
    EXPECT_GT(messages, 9'000u);
}

}  // namespace
}  // namespace ringfence
