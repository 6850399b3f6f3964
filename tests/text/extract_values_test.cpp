// Amounts of money and one-time codes.
#include <gtest/gtest.h>

#include <string>

#include "ringfence/text/extract.hpp"

namespace ringfence {
namespace {

// The keys of one kind, or the stretches of the text.
std::string told(FoundKind kind, std::string_view utf8, bool shown = false) {
    static FoldedText folded;
    const std::u16string source = to_utf16(utf8);
    fold(source, folded);
    std::string all;
    extract_values(folded, [&](const Found& found) {
        if (found.kind != kind) return;
        if (!all.empty()) all += ", ";
        all += shown ? to_utf8(std::u16string_view(source).substr(found.place.offset,
                                                                  found.place.length))
                     : std::string(found.key);
    });
    return all;
}
std::string amounts(std::string_view text) { return told(FoundKind::kAmount, text); }
std::string codes(std::string_view text) { return told(FoundKind::kCode, text); }

TEST(ExtractAmount, finds_amounts_in_their_currency) {
    EXPECT_EQ(amounts("人民币1,280.50元"), "1280.5 CNY");
    EXPECT_EQ(amounts("￥９９.00，共3.5万元"), "99 CNY, 35000 CNY");
    EXPECT_EQ(amounts("亏损1.25亿元"), "125000000 CNY");
    EXPECT_EQ(amounts("your $863.35 refund, or US$ 20 or 15 USD"), "863.35 USD, 20 USD, 15 USD");
    EXPECT_EQ(amounts("Rs.1,500 debited; £5 fee; 20 euros; 300块"),
              "1500 INR, 5 GBP, 20 EUR, 300 CNY");
    EXPECT_EQ(told(FoundKind::kAmount, "转账５００元吧", true), "５００元");
    for (const char* text : {"打5折", "2万人", "3 users1", "1.500 hours", "$", "cars 5", "元旦5日",
                             "http://example.com/$500"})
        EXPECT_EQ(amounts(text), "") << text;
}

TEST(ExtractCode, finds_codes_near_their_names) {
    EXPECT_EQ(codes("您的验证码为482913，5分钟内有效"), "482913");
    EXPECT_EQ(codes("校验码：①②③④⑤⑥"), "123456");
    EXPECT_EQ(codes("663201（登录验证码）"), "663201");
    EXPECT_EQ(codes("G-220193 is your security code."), "220193");
    EXPECT_EQ(codes("Your one-time passcode for online banking is 771203."), "771203");
    EXPECT_EQ(codes("PIN: 4821"), "4821");
    EXPECT_EQ(codes("OTP is A7K29 for login"), "a7k29");
    EXPECT_EQ(told(FoundKind::kCode, "验证码：４８２９１３。", true), "４８２９１３");
    for (const char* text : {"验证码已发送", "barcode 482913", "code of conduct", "code 2026-11-30",
                             "您有500000元，无需验证码", "password http://example.com/482913"})
        EXPECT_EQ(codes(text), "") << text;
}

TEST(ExtractAmount, reads_ten_thousands_of_any_size) {
    EXPECT_EQ(amounts("12万亿元"), "12000000000000 CNY");
    EXPECT_EQ(amounts("1.5万亿元和2亿元"), "1500000000000 CNY, 200000000 CNY");
}

TEST(ExtractAmount, takes_no_sign_of_the_next_one) {
    EXPECT_EQ(amounts("Get 2 $50 vouchers"), "50 USD");
    EXPECT_EQ(amounts("2 £50 and 3€"), "50 GBP, 3 EUR");
    EXPECT_EQ(codes("code: 1234 $5 fee"), "1234");
}

TEST(ExtractAmount, says_nothing_of_figures_that_it_cannot_read) {
    for (const char* text : {"5 000 元", "20 000 USD", "1 000 000元", "$1 000", "NT$500", "R$500",
                             "C$500", "$1.5m", "$1.5 million", "$3k", "£2 thousand"})
        EXPECT_EQ(amounts(text), "") << text;
}

TEST(ExtractCode, is_mostly_digits) {
    EXPECT_EQ(codes("code ab12"), "");
    EXPECT_EQ(codes("code a123"), "a123");
}

}  // namespace
}  // namespace ringfence
