// Random pieces of addresses are read as the plain model reads them.
#include "number/parse_model.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "ringfence/number/parse.hpp"

namespace ringfence {
namespace {

TEST(ParseAgainstModel, agrees_on_texts_made_of_pieces) {
    constexpr unsigned kSeed = 2026;
    SCOPED_TRACE(kSeed);
    static constexpr std::string_view kPieces[] = {"sip:",
                                                   "SIPS:",
                                                   "tel:",
                                                   "<",
                                                   ">",
                                                   "@",
                                                   ";",
                                                   ":",
                                                   "phone-context=",
                                                   "+86",
                                                   "+",
                                                   "%2B",
                                                   "%30",
                                                   "%",
                                                   "13800138000",
                                                   "110",
                                                   "0",
                                                   " ",
                                                   "-",
                                                   "(",
                                                   "ICBC",
                                                   "anonymous",
                                                   "*",
                                                   "#",
                                                   "gw.example",
                                                   "\t",
                                                   "银行",
                                                   "urn:service:",
                                                   "sos",
                                                   "１１０",
                                                   "＋",
                                                   "%EF%BC%91",
                                                   "；",
                                                   "1234567890123456"};
    std::mt19937 random(kSeed);
    for (int round = 0; round < 200'000; ++round) {
        std::string text;
        for (std::size_t n = random() % 8; n > 0; --n)
            text += kPieces[random() % std::size(kPieces)];
        const Address address = parse(std::string_view(text));
        const model::ParsedText want = model::parse_text(text);
        ASSERT_EQ(address.kind, want.kind) << text;
        ASSERT_EQ(address.plus, want.plus) << text;
        ASSERT_EQ(address.separators, want.separators) << text;
        ASSERT_EQ(address.local, want.local) << text;
        ASSERT_EQ(address.truncated, want.text.size() > Address::kMaxText) << text;
        ASSERT_TRUE(want.text.starts_with(address.text())) << text;
    }
}

}  // namespace
}  // namespace ringfence
