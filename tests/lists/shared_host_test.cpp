// Hosts that strangers share are told from those that somebody owns.
#include "ringfence/lists/shared_host.hpp"

#include <gtest/gtest.h>

#include <string>

#include "ringfence/lists/size_guard.hpp"

namespace ringfence {
namespace {

ListEntry entry(EntryKind kind, const char* text) {
    ListEntry entry;
    entry.kind = kind;
    entry.text = text;
    return entry;
}

TEST(SharedHosts, public_suffixes_are_shared_and_names_below_them_are_not) {
    for (const char* host :
         {"com", "cn", "com.cn", "co.uk", "github.io", "blogspot.com", "xn--p1ai", "xn--55qx5d.cn"})
        EXPECT_EQ(shared_host(host), SharedHost::kPublicSuffix) << host;
    for (const char* host : {"example.com", "example.com.cn", "swindle.github.io", "icbc-jf.com"})
        EXPECT_EQ(shared_host(host), SharedHost::kNone) << host;
}

TEST(SharedHosts, shorteners_and_hosts_of_users_pages_are_shared) {
    for (const char* host : {"bit.ly", "www.bit.ly", "t.cn", "tinyurl.com"})
        EXPECT_EQ(shared_host(host), SharedHost::kShortener) << host;
    for (const char* host : {"t.me", "docs.google.com", "mp.weixin.qq.com"})
        EXPECT_EQ(shared_host(host), SharedHost::kUserPages) << host;
    EXPECT_EQ(shared_host("bit.ly.example.com"), SharedHost::kNone);
    EXPECT_EQ(shared_host("notbit.ly"), SharedHost::kNone);
}

TEST(SharedHosts, odd_hosts_are_answered) {
    EXPECT_EQ(shared_host(""), SharedHost::kNone);
    EXPECT_EQ(shared_host("localhost"), SharedHost::kNone);
    EXPECT_EQ(shared_host(std::string(253, 'a') + ".example"), SharedHost::kNone);
    EXPECT_EQ(shared_host("192.0.2.1"), SharedHost::kNone);
    shared_host("..");
    shared_host("\xff\xfe.com");
}

TEST(SharedHosts, an_entry_on_one_is_refused_by_name_and_so_is_one_without_a_dot) {
    const auto refused = check_width(entry(EntryKind::kDomain, "bit.ly"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kRefused);
    EXPECT_NE(refused.error().text.find("bit.ly is a link shortener"), std::string::npos);
    EXPECT_TRUE(check_width(entry(EntryKind::kDomain, "example.com")));
    const auto last_label = check_width(entry(EntryKind::kDomain, "example"));
    ASSERT_FALSE(last_label);
    EXPECT_NE(last_label.error().text.find("example has no dot"), std::string::npos)
        << last_label.error().text;
    EXPECT_TRUE(check_width(entry(EntryKind::kDomain, "16909060")));  // 1.2.3.4
    EXPECT_TRUE(check_width(entry(EntryKind::kSender, "t.me")));
}

}  // namespace
}  // namespace ringfence
