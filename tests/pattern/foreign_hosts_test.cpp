// `foreign_to`: a name beside a host that is not its owner's.
#include <gtest/gtest.h>

#include <algorithm>

#include "ringfence/text/fold.hpp"
#include "src/pattern/foreign_hosts.hpp"
#include "tests/pattern/fixtures.hpp"

namespace ringfence {
namespace {

using testing::compile;
using testing::found;

const std::vector<std::string> kBank = {
    "text = \"工行\"\nforeign_to = [\"icbc.com.cn\", \"ICBC.cn\"]"};

// By the way of a Screen: a text with its source.
bool matches(const std::vector<std::string>& rules, std::string_view text) {
    const auto set = compile(rules);
    if (!set) {
        ADD_FAILURE() << set.error().text;
        return false;
    }
    auto scratch = set->make_scratch();
    if (!scratch) return false;
    const std::u16string source = to_utf16(text);
    FoldedText folded;
    fold(source, folded);
    return !set->scan(folded, *scratch).matches.empty();
}

TEST(ForeignHosts, own_hosts_and_what_lies_below_are_left_alone) {
    for (const char* own : {"icbc.com.cn", "m.icbc.com.cn", "a.b.icbc.cn", "ICBC.COM.CN"}) {
        EXPECT_FALSE(matches(kBank, std::string("工行：请登录 http://") + own + "/x")) << own;
    }
    for (const char* foreign : {"icbc.com", "myicbc.com.cn", "icbc.com.cn.a1.top", "icbc-cn.cc",
                                "a1.top", "1.2.3.4", "icbc.com.cn@a1.top", "icbc．com．top"}) {
        EXPECT_TRUE(matches(kBank, std::string("工行：请登录 http://") + foreign + "/x"))
            << foreign;
    }
}

// The host of a link is what DNS is asked for, not what it looks like (src/text/host_key.hpp).
TEST(ForeignHosts, what_looks_like_an_own_host_is_none) {
    const std::vector<std::string> bank = {
        "text = \"工行\"\nforeign_to = [\"icbc.com.cn\", \"工行.cn\"]"};
    for (const char* own : {"工行.cn", "m.工行.cn", "xn--estv75g.cn", "ｉｃｂｃ．ｃｏｍ．ｃｎ",
                            "ⓘⓒⓑⓒ.com.cn", "i\u200Bcbc.com.cn"}) {
        EXPECT_FALSE(matches(bank, std::string("工行：请登录 http://") + own + "/x")) << own;
    }
    for (const char* foreign : {"іcbc.com.cn" /* Ukrainian i */, "ıcbc.com.cn", "ícbc.com.cn",
                                "icbc.соm.cn", "xn--cbc-mrc.com.cn", "icbc.com.cn\u2215x.a1.top"}) {
        EXPECT_TRUE(matches(bank, std::string("工行：请登录 http://") + foreign + "/x")) << foreign;
        EXPECT_TRUE(matches(bank, std::string("工行：请登录 ") + foreign)) << foreign;
    }
}

TEST(ForeignHosts, a_text_without_a_host_is_left_alone) {
    EXPECT_FALSE(matches(kBank, "工行：请到柜台办理"));
    EXPECT_FALSE(matches(kBank, "工行：请致电 95588"));
    EXPECT_FALSE(matches(kBank, "请登录 http://a1.top/x"));
}

TEST(ForeignHosts, where_an_address_is_kept_is_no_host_of_the_text) {
    for (const char* mail :
         {"service@gmail.com", "liming@qq.com", "li.ming@qq.com", "95588@a1.top",
          "icbc.com.cn@a1.top", "mailto:service@gmail.com", "ｓｅｒｖｉｃｅ＠ｇｍａｉｌ．ｃｏｍ"}) {
        EXPECT_FALSE(matches(kBank, std::string("工行客服邮箱 ") + mail)) << mail;
        EXPECT_FALSE(matches(kBank, std::string("工行客服邮箱 ") + mail + " http://icbc.cn/x"))
            << mail;
        EXPECT_TRUE(matches(kBank, std::string("工行客服邮箱 ") + mail + "，http://b1.top/x"))
            << mail;
        EXPECT_EQ(found(kBank, std::string("工行客服邮箱 ") + mail), "") << mail;
    }
    // A link that has a user, or an address with a path, goes to the host.
    EXPECT_TRUE(matches(kBank, "工行 http://service@gmail.com"));
    EXPECT_TRUE(matches(kBank, "工行 icbc.com.cn@a1.top/x"));
    EXPECT_TRUE(matches(kBank, "工行 service@gmail.com gmail.com")) << "once by itself";
}

TEST(ForeignHosts, one_foreign_host_among_own_ones_is_enough) {
    EXPECT_TRUE(matches(kBank, "工行 http://icbc.com.cn 或 http://a1.top"));
    EXPECT_TRUE(matches(kBank, "http://a1.top 工行 http://icbc.com.cn"));
    EXPECT_FALSE(matches(kBank, "工行 http://icbc.com.cn 或 http://m.icbc.com.cn"));
    std::string many = "工行";
    for (std::size_t i = 0; i <= FoundList::kMaxItems; ++i) many += " http://icbc.com.cn/";
    EXPECT_TRUE(matches(kBank, many)) << "more hosts than can be kept";
}

TEST(ForeignHosts, views_alone_say_the_same) {
    const auto set = compile(kBank);
    ASSERT_TRUE(set) << set.error().text;
    EXPECT_EQ(found(*set, "工行 www.icbc.com.cn"), "");
    EXPECT_EQ(found(*set, "工行 www.icbc-x.cn"), "0:0-2");
    EXPECT_EQ(found(*set, "工行 www.icbc.com.cn"), "") << "nothing is left of the text before";
}

TEST(ForeignHosts, stand_beside_the_other_conditions) {
    const std::vector<std::string> rules = {
        "text = \"工行\"\nalso = \"升级\"\nunless = \"反诈\"\nforeign_to = \"icbc.com.cn\"",
        "text = \"工行\"\nforeign_to = \"a1.top\"", "text = \"工行\""};
    EXPECT_EQ(found(rules, "工行升级 http://a1.top"), "0:0-2 2:0-2");
    EXPECT_EQ(found(rules, "工行 http://b1.top"), "1:0-2 2:0-2");
    EXPECT_EQ(found(rules, "工行升级 反诈 http://a1.top"), "2:0-2");
}

TEST(ForeignHosts, aliases_stand_for_hosts_and_faults_are_named) {
    const auto refusal = [](const std::string& list) {
        const auto set = testing::rule_set({"text = \"a\"\nforeign_to = " + list});
        return set ? std::string("accepted") : set.error().text;
    };
    EXPECT_EQ(refusal("[\"a.com\"]"), "accepted");
    EXPECT_NE(refusal("[]").find("test.toml:10: an empty list"), std::string::npos)
        << refusal("[]");
    for (const char* good : {"www.icbc.com.cn", "ICBC．COM．CN", "icbc。com", "xn--fiq.cn",
                             "1.2.3.4", "工行.com", "a_b.com", "3.cn"}) {
        EXPECT_EQ(refusal("[\"" + std::string(good) + "\"]"), "accepted") << good;
    }
    for (const char* bad :
         {"com",           "http://a.com",  "a.com/x",       "",
          "*.icbc.com.cn", "icbc..com",     "-a.b",          "a-.com",
          "_a.com",        ".a.com",        "a.com.",        "a b.com",
          "a.com ",        "a\\u0000b.com", "a.com\\u0000",  "a,b.com",
          "a.com:80",      "u@a.com",       "a.com?x",       "a.com#x",
          "a(b).com",      "a.com, b.com",  "a.com\\nb.com", "\\u200ba\\u0001.com"}) {
        const std::string text = refusal("[\"" + std::string(bad) + "\"]");
        EXPECT_NE(text.find("no host; give labels"), std::string::npos) << bad << ": " << text;
        EXPECT_EQ(text.find("test.toml:10: "), 0u) << text;
        EXPECT_TRUE(std::ranges::all_of(text, [](char c) {
            return static_cast<unsigned char>(c) >= ' ';
        })) << bad;
    }
    EXPECT_NE(refusal("[\"" + std::string(64, 'a') + ".com\"]").find("no host"), std::string::npos);
    EXPECT_NE(refusal("[\"" + std::string(70'000, 'a') + ".com\"]").find("no host"),
              std::string::npos);
    EXPECT_NE(refusal("[\"@bank\"]").find("no alias '@bank'"), std::string::npos);
}

TEST(ForeignHosts, own_means_whole_labels) {
    const std::vector<std::string> own = {"a.com", "b.cn"};
    EXPECT_TRUE(pattern::is_own("a.com", own));
    EXPECT_TRUE(pattern::is_own("x.y.b.cn", own));
    EXPECT_FALSE(pattern::is_own("xa.com", own));
    EXPECT_FALSE(pattern::is_own("a.com.cn", own));
    EXPECT_FALSE(pattern::is_own("com", own));
    EXPECT_FALSE(pattern::is_own("", own));
}

}  // namespace
}  // namespace ringfence
