#include "ringfence/text/extract.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "ringfence/number/dial_plan.hpp"
#include "ringfence/text/decode.hpp"
#include "tests/text/encode.hpp"
#include "tests/text/random_text.hpp"

namespace ringfence {
namespace {

struct Item {
    FoundKind kind;
    std::string key;
    std::string shown;  // the stretch of the original
    std::string path;
    AccountService service;
    Number number;
};

std::vector<Item> found(std::string_view utf8, std::string_view country = "CN") {
    static FoldedText folded;
    const std::u16string source = to_utf16(utf8);
    fold(source, folded);
    std::vector<Item> items;
    const auto cut = [&](TextPlace place) {
        return to_utf8(std::u16string_view(source).substr(place.offset, place.length));
    };
    const DialPlan* plan = country.empty() ? nullptr : DialPlan::find(CountryCode(country));
    extract(folded, plan, [&](const Found& f) {
        items.push_back(
            {f.kind, std::string(f.key), cut(f.place), cut(f.path), f.service, f.number});
    });
    return items;
}

std::string keys(FoundKind kind, std::string_view text, std::string_view country = "CN") {
    std::string all;
    for (const Item& item : found(text, country)) {
        if (item.kind != kind) continue;
        if (!all.empty()) all += ' ';
        if (kind == FoundKind::kAccount) all.append(name_of(item.service)).append(":");
        all += item.key;
    }
    return all;
}
std::string numbers(std::string_view text, std::string_view country = "CN") {
    return keys(FoundKind::kNumber, text, country);
}
std::string domains(std::string_view text) { return keys(FoundKind::kDomain, text); }
std::string accounts(std::string_view text) { return keys(FoundKind::kAccount, text); }
std::string emails(std::string_view text) { return keys(FoundKind::kEmail, text); }

TEST(ExtractNumber, finds_plain_ones) {
    EXPECT_EQ(numbers("请联系13800001234，谢谢"), "8613800001234");
    EXPECT_EQ(numbers("客服95588或10086"), "8695588 8610086");
    EXPECT_EQ(numbers("电话010-62345678"), "861062345678");
    EXPECT_EQ(numbers("+44 20 7946 0123 or 0044 20 7946 0123"), "442079460123 442079460123");
}

TEST(ExtractNumber, finds_them_in_disguise) {
    for (const char* text :
         {"１３８００００１２３４", "①③⑧⓪⓪⓪⓪①②③④", "壹叁捌零零零零壹贰叁肆",
          "一三八零零零零一二三四", "1 3 8 0 0 0 0 1 2 3 4", "138-0000-1234", "138.0000.1234",
          "138 0000 1234", "(138)00001234", "1三8零00零1二3四", "13⑧0000一二34",
          "1️⃣3️⃣8️⃣00001234", "1\u200B3\u200B8\u200B00001234", "+86 138 0000 1234",
          "(+86)13800001234", "0086-138-0000-1234", "𝟏𝟑𝟖𝟎𝟎𝟎𝟎𝟏𝟐𝟑𝟒"}) {
        EXPECT_EQ(numbers(text), "8613800001234") << text;
        EXPECT_EQ(numbers(std::string("加我") + text + "吧"), "8613800001234") << text;
    }
    EXPECT_EQ(numbers("壹叁玖零零零零壹贰叁肆"), "8613900001234");
    EXPECT_EQ(numbers("1 3 9-0000 1 2 3 4"), "8613900001234");
    EXPECT_EQ(numbers("1.3.9.0.0.0.0.1.2.3.4"), "8613900001234");
    EXPECT_EQ(numbers("四〇〇 零零零 零零零零"), "864000000000");
    EXPECT_EQ(numbers("1😀3😀9😀0😀0🔥0😀0🔥1💰2😀3😀4"), "8613900001234");
    EXPECT_EQ(numbers("壹😀3😀玖😀零😀0🔥零😀0🔥1💰贰😀3😀肆"), "8613900001234");
    EXPECT_EQ(numbers("13800001234😀17000001234"), "8613800001234 8617000001234");
    EXPECT_EQ(numbers("四〇〇-000-0000"), "864000000000");
}

TEST(ExtractNumber, says_where_they_stood) {
    const auto items = found("😀电话：１３８　００００　１２３４。");
    ASSERT_EQ(items.size(), 1u);
    EXPECT_EQ(items[0].shown, "１３８　００００　１２３４");
    EXPECT_EQ(items[0].number, Number::from_digits("8613800001234"));
    const auto plus = found("call +86 13800001234 now");
    ASSERT_EQ(plus.size(), 1u);
    EXPECT_EQ(plus[0].shown, "+86 13800001234");
}

TEST(ExtractNumber, tells_two_numbers_apart) {
    EXPECT_EQ(numbers("13800001234 17000001234"), "8613800001234 8617000001234");
    EXPECT_EQ(numbers("13800001234/17000001234"), "8613800001234 8617000001234");
    EXPECT_EQ(numbers("95588 13800001234"), "8695588 8613800001234");
}

TEST(ExtractNumber, keeps_to_digit_boundaries) {
    EXPECT_EQ(numbers("单号813800001234567"), "");
    EXPECT_EQ(numbers("a13800001234b"), "8613800001234");
    EXPECT_EQ(numbers("x7y13800001234"), "");
    EXPECT_EQ(numbers("order_13800001234"), "");
    EXPECT_EQ(numbers("tel13800001234"), "8613800001234");
    EXPECT_EQ(numbers("6217****95588"), "");
}

TEST(ExtractNumber, leaves_dates_amounts_and_fractions_alone) {
    EXPECT_EQ(numbers("20120102 08:00", "US"), "");
    EXPECT_EQ(numbers("201-201-0208 08:00", "US"), "12012010208");
    for (const char* text : {"2013-05-20 17:59", "2013.10.20", "人民币95588元", "$95588",
                             "95588.00", "1,95588", "14:12至16:30", "净值1.10086"}) {
        EXPECT_EQ(numbers(text), "") << text;
    }
}

TEST(ExtractNumber, leaves_the_edge_of_a_word_alone) {
    EXPECT_EQ(numbers("请加13800001234一起赚"), "8613800001234");
}

TEST(ExtractNumber, finds_long_sms_ports) {
    const auto items = found("发送至1069012345678901");
    ASSERT_EQ(items.size(), 1u);
    EXPECT_TRUE(items[0].number.empty());
    EXPECT_EQ(items[0].key, "861069012345678901");
}

TEST(ExtractNumber, reads_under_the_plan_given) {
    EXPECT_EQ(numbers("call 020 7946 0123", "GB"), "442079460123");
    EXPECT_EQ(numbers("text 07700 900123 now", "GB"), "447700900123");
    EXPECT_EQ(numbers("call (212) 555-0123", "US"), "12125550123");
    EXPECT_EQ(numbers("call +1 212-555-0123", ""), "12125550123");
    EXPECT_EQ(numbers("call 212-555-0123", ""), "");
}

TEST(ExtractDomain, finds_urls_and_bare_domains) {
    EXPECT_EQ(domains("详情 http://wap.example.com/r/mY 退订"), "wap.example.com");
    EXPECT_EQ(domains("t.cn/8sKVdxN。"), "t.cn");
    EXPECT_EQ(domains("登录example.com点击"), "example.com");
    EXPECT_EQ(domains("see a.example.co.uk."), "a.example.co.uk");
    EXPECT_EQ(domains("WWW.Example.COM"), "www.example.com");
    EXPECT_EQ(domains("https://user:pw@evil.example/login?x=1"), "evil.example");
    EXPECT_EQ(domains("http://icbc.com.cn@203.0.113.9/x"), "203.0.113.9");
    EXPECT_EQ(domains("mail bob@example.com"), "example.com");
}

TEST(ExtractDomain, finds_them_in_disguise) {
    for (const char* text : {"ｅｘａｍｐｌｅ．ｃｏｍ", "example。com", "example[.]com",
                             "example(.)com", "example[dot]com", "hxxps://example.com",
                             "EXAMPLE.COM", "e\u200Bxample.c\u00ADom", "𝐞𝐱𝐚𝐦𝐩𝐥𝐞.com"}) {
        EXPECT_EQ(domains(text), "example.com") << text;
    }
    EXPECT_EQ(domains("ｉｃｂｃ－ｊｆ．ｃｏｍ"), "icbc-jf.com");
}

TEST(ExtractDomain, finds_every_part_of_a_link_in_disguise) {
    EXPECT_EQ(domains("hxxps://evil[.]example[.]com/a"), "evil.example.com");
    EXPECT_EQ(domains("hxxp://203[.]0[.]113[.]9:8080/a"), "203.0.113.9");
    EXPECT_EQ(domains("ｈｔｔｐ：／／ｂｏｂ：ｐｗ＠ｅｘａｍｐｌｅ。ｃｏｍ：８０８０／ａ"),
              "example.com");
    EXPECT_EQ(domains("http://bob@пример.xn--p1ai/x"), "xn--e1afmkfd.xn--p1ai");
    EXPECT_EQ(domains("icbc｡example｡com"), "icbc.example.com");
    EXPECT_EQ(domains("203.0.113.9/x"), "203.0.113.9");
}

TEST(ExtractDomain, gives_the_whole_link_and_its_path) {
    const auto items = found("点http://Example.com:8080/a/B?c=1,）请");
    ASSERT_EQ(items.size(), 1u);
    EXPECT_EQ(items[0].key, "example.com");
    EXPECT_EQ(items[0].shown, "http://Example.com:8080/a/B?c=1");
    EXPECT_EQ(items[0].path, "/a/B?c=1");
    EXPECT_EQ(found("t.cn/abc，请").at(0).path, "/abc");
    EXPECT_EQ(found("see example.com.").at(0).shown, "example.com");
    EXPECT_EQ(found("example.com").at(0).path, "");
}

TEST(ExtractDomain, reads_hosts_in_other_scripts) {
    EXPECT_EQ(domains("http://中国移动.com/x"), "xn--fiq02ib9d179b.com");
    EXPECT_EQ(domains("банк.com"), "xn--80ab2al.com");
    EXPECT_EQ(domains("http://=\u0338/x http://a.<\u0338/"), "xn--1ch a.xn--gdh");
    EXPECT_EQ(domains("http://xn--fiqs8s.xn--fiqs8s/"), "xn--fiqs8s.xn--fiqs8s");
    EXPECT_EQ(domains("на пример.рф/вход или Παράδειγμα.ΕΛ"),
              "xn--e1afmkfd.xn--p1ai xn--hxajbheg2az3al.xn--qxam");
    EXPECT_EQ(domains("мы ждём.Дети любят.ком."), "xn--90atw0cg.xn--j1aef");
}

TEST(ExtractDomain, reads_addresses_as_hosts_behind_a_scheme_or_before_a_path) {
    EXPECT_EQ(domains("http://203.0.113.9"), "203.0.113.9");
    EXPECT_EQ(domains("203.0.113.9:8080/sta"), "203.0.113.9");
    EXPECT_EQ(domains("版本1.2.3.4更新"), "");
}

TEST(ExtractDomain, leaves_sentences_alone) {
    for (const char* text : {"see you at work.In the morning", "Mr.Smith and U.S.A", "3.5折",
                             "ok...fine", "e.g. this", "end.Have a good day", "no.1"}) {
        EXPECT_EQ(domains(text), "") << text;
    }
    EXPECT_EQ(domains("visit example.com.Reply STOP"), "example.com");
}

TEST(ExtractDomain, hides_the_digits_of_a_link_from_the_numbers) {
    EXPECT_EQ(numbers("http://example.com/13800001234 和 17000001234"), "8617000001234");
}

TEST(ExtractEmail, finds_addresses_and_their_hosts) {
    EXPECT_EQ(emails("mail Bob.Jones+x@Mail.Example.com."), "bob.jones+x@mail.example.com");
    EXPECT_EQ(domains("mail john.me@example.com"), "example.com");
    EXPECT_EQ(emails("邮箱ａｂｃ＠ｅｘａｍｐｌｅ．ｃｏｍ联系"), "abc@example.com");
    EXPECT_EQ(emails("abc@example[.]com"), "abc@example.com");
    EXPECT_EQ(found("请发至abc@example.com，谢谢").at(0).shown, "abc@example.com");
    for (const char* text : {"http://bob@example.com/x", "http://bob@example.com", "@example.com",
                             "icbc.com@example.com/pay", "bob @ home", "a@b"})
        EXPECT_EQ(emails(text), "") << text;
    EXPECT_EQ(domains("icbc.com@example.com/pay"), "example.com");
    EXPECT_EQ(emails("иван.петров2@example.ru и Ωmega@example.com, _bob@example.com"),
              "иван.петров2@example.ru ωmega@example.com bob@example.com");
    EXPECT_EQ(emails(std::string(64, 'a') + "@example.com"), std::string(64, 'a') + "@example.com");
    EXPECT_EQ(emails(std::string(65, 'a') + "@example.com"), "");
}

// What stands behind an '@' hides no host before it, unless it is one.
TEST(ExtractEmail, hides_no_host_behind_which_none_stands) {
    for (const char* text : {"win at evil.com@now", "evil.com@-", "evil.com@x", "evil.com @a",
                             "evil.com@a.b", "evil.com@x/pay", "evil.com@1.2.3"})
        EXPECT_EQ(domains(text), "evil.com") << text;
    EXPECT_EQ(domains("icbc.com@203.0.113.9/x"), "203.0.113.9");
    EXPECT_EQ(domains("a.com@b.com@evil.top"), "evil.top");
}

TEST(ExtractEmail, hides_no_number_that_is_a_mailbox) {
    EXPECT_EQ(emails("13800001234@example.com"), "13800001234@example.com");
    EXPECT_EQ(numbers("13800001234@example.com"), "8613800001234");
    EXPECT_EQ(numbers("bob13800001234@example.com"), "");
}

TEST(ExtractAccount, finds_ids_near_their_names) {
    EXPECT_EQ(accounts("加微信：abc_123456"), "wechat:abc_123456");
    EXPECT_EQ(accounts("微 信 号 johnsmith"), "wechat:johnsmith");
    EXPECT_EQ(accounts("V信abc12345"), "wechat:abc12345");
    EXPECT_EQ(accounts("vx:Abc-12345"), "wechat:abc-12345");
    EXPECT_EQ(accounts("薇信同号 zz998877"), "wechat:zz998877");
    EXPECT_EQ(accounts("WeChat ID: johnsmith"), "wechat:johnsmith");
    EXPECT_EQ(accounts("QQ:12345678"), "qq:12345678");
    EXPECT_EQ(accounts("扣扣 1 2 3 4 5 6 7 8"), "qq:12345678");
    EXPECT_EQ(accounts("ＱＱ群１２３４５６７８９"), "qq:123456789");
    EXPECT_EQ(accounts("Telegram: @some_name1"), "telegram:some_name1");
    EXPECT_EQ(accounts("电报@somename"), "telegram:somename");
    EXPECT_EQ(accounts("https://t.me/some_name"), "telegram:some_name");
    EXPECT_EQ(accounts("https://wa.me/+442079460123"), "whatsapp:442079460123");
    EXPECT_EQ(accounts("WhatsApp +44 7700 900123"), "whatsapp:447700900123");
}

TEST(ExtractAccount, says_where_the_id_stood) {
    const auto items = found("请加微信：ａｂｃ12345。");
    ASSERT_EQ(items.size(), 1u);
    EXPECT_EQ(items[0].shown, "ａｂｃ12345");
}

TEST(ExtractAccount, tells_a_number_that_is_an_id_as_both) {
    EXPECT_EQ(accounts("微信同号13800001234"), "wechat:13800001234");
    EXPECT_EQ(numbers("微信同号13800001234"), "8613800001234");
    EXPECT_EQ(numbers("QQ 13800001234"), "");
}

TEST(ExtractAccount, leaves_other_talk_alone) {
    for (const char* text : {"微信支付1673.00元", "wechat thanks for that", "qqq 12345678",
                             "telegram yesterday", "我的微信", "QQ", "飞机 晚点"}) {
        EXPECT_EQ(accounts(text), "") << text;
    }
}

TEST(Extract, leads_from_a_finding_to_the_octets_that_made_it) {
    const std::u16string text = u"\xD83D\xDE00\u52A0\xFF11\xFF13\xFF18 00001234\u5427";
    const test::Octets octets = test::joined(test::concatenation8(1, 2, 1), test::ucs2(text));
    SmsContent content;
    content.octets = octets;
    content.form = ContentForm::kUserData;
    content.scheme = 0x08;
    content.udhi = true;
    DecodedText decoded;
    FoldedText folded;
    FoundList list;
    decode(content, decoded);
    fold(decoded.text(), folded);
    extract(folded, DialPlan::find(CountryCode("CN")), [&](const Found& f) { list.add(f); });
    ASSERT_EQ(list.size(), 1u);
    EXPECT_EQ(list[0].key, "8613800001234");
    EXPECT_EQ(list[0].place, (TextPlace{3, 12}));
    const ContentPlace place =
        place_in_content(content, list[0].place.offset, list[0].place.length);
    EXPECT_EQ(place.begin, 6u + 6u);
    EXPECT_EQ(place.length, 24u);
}

TEST(Extract, folds_list_keys_the_same_way) {
    EXPECT_EQ(fold_key(FoundKind::kDomain, " HTTPS://Bob@Ｅxample。com:80/path "), "example.com");
    EXPECT_EQ(fold_key(FoundKind::kDomain, "example[.]com."), "example.com");
    EXPECT_EQ(fold_key(FoundKind::kDomain, "example.com/go?to=https://other.example"),
              "example.com");
    EXPECT_EQ(fold_key(FoundKind::kAccount, "@Some_Name"), "some_name");
    EXPECT_EQ(fold_key(FoundKind::kEmail, " Bob@Ｅxample.com"), "bob@example.com");
    EXPECT_EQ(fold_key(FoundKind::kAccount, "_bob@evil[.]com."), "bob@evil.com");
    EXPECT_EQ(fold_key(FoundKind::kEmail, "bob@"), "bob@");
    EXPECT_EQ(fold_key(FoundKind::kEmail, "+@"), "@");
    EXPECT_EQ(fold_key(FoundKind::kDomain, "..."), "");
}

TEST(Extract, keeps_what_a_list_can_hold_and_says_when_it_cannot) {
    static FoundList list;
    Found item;
    item.key = "example.com";
    for (std::size_t i = 0; i < FoundList::kMaxItems; ++i) list.add(item);
    EXPECT_EQ(list.size(), FoundList::kMaxItems);
    EXPECT_FALSE(list.truncated());
    EXPECT_NE(list[0].key.data(), item.key.data());
    EXPECT_EQ(list[255].key, "example.com");
    list.add(item);
    EXPECT_TRUE(list.truncated());
    list.clear();
    EXPECT_TRUE(list.empty());
    const std::string big(FoundList::kMaxKeyOctets + 1, 'x');
    item.key = big;
    list.add(item);
    EXPECT_TRUE(list.truncated());
    EXPECT_TRUE(list.empty());
}

TEST(Extract, stays_inside_random_text) {
    constexpr unsigned kSeed = 99;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    static constexpr std::u16string_view kPieces[] = {u"http://",
                                                      u"://",
                                                      u"@",
                                                      u".",
                                                      u"[.]",
                                                      u"com",
                                                      u"t.me/",
                                                      u"wa.me/+",
                                                      u"qq",
                                                      u"\u5FAE\u4FE1",
                                                      u":",
                                                      u"+",
                                                      u"(",
                                                      u"138",
                                                      u"0000",
                                                      u"1234",
                                                      u" ",
                                                      u"-",
                                                      u"wxid_",
                                                      u"\u3002",
                                                      u"telegram",
                                                      u"/a,",
                                                      u"\u4E00",
                                                      u"95588",
                                                      u"\u52A0",
                                                      u"xn--",
                                                      u"1.2.3.4",
                                                      u"$",
                                                      u"1,000",
                                                      u"\u5143",
                                                      u"\u9A8C\u8BC1\u7801",
                                                      u"code",
                                                      u"4829"};
    FoldedText folded;
    for (int round = 0; round < 30'000; ++round) {
        std::u16string source;
        for (std::size_t i = random() % 16; i > 0; --i) {
            source += random() % 4 == 0 ? test::random_text(random, 2)
                                        : std::u16string(kPieces[random() % std::size(kPieces)]);
        }
        fold(source, folded);
        const auto look = [&](const Found& f) {
            ASSERT_GT(f.place.length, 0) << to_utf8(source);
            ASSERT_LE(f.place.offset + f.place.length, source.size());
            ASSERT_LE(f.path.offset + f.path.length, source.size());
            ASSERT_FALSE(f.key.empty());
            ASSERT_LE(f.key.size(), 1012u);
            if (f.kind == FoundKind::kDomain) {
                ASSERT_GE(f.path.offset, f.place.offset);
            }
        };
        extract(folded, DialPlan::find(CountryCode("CN")), look);
        extract_values(folded, look);
    }
}

}  // namespace
}  // namespace ringfence
