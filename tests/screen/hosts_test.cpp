// A host is one host in a list, in a rule and in a message, whatever way it is written; one that only looks like it is another.
#include <string>

#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

using test::open_screen;
using test::sms;

class Hosts : public testing::Test {
protected:
    Hosts() {
        folder_.write("policy.toml", R"(
[screen]
country = "GB"

[[list]]
id = "hosts"
file = "hosts.csv"
keys = "domain"
action = "reject"

[[list]]
id = "own"
file = "own.csv"
keys = "domain"
action = "allow"
tenant = 7

[[patterns]]
file = "rules.toml"
)");
        folder_.write("hosts.csv",
                      "number\nпример.рф\nxn--fsqu00a.xn--fiqs8s\nbücher.de\nevil.example\n가나."
                      "닷컴\nמשל.com\n");
        folder_.write("own.csv", "number\nlend.example\nländ.example\n");
        folder_.write("rules.toml", R"(
[pack]
id = "test"

[[rule]]
id = "test.bank"
category = "impersonation"
action = "hold"
text = ["locked"]
foreign_to = ["lend.example", "банк.рф"]
must_match = ["locked: http://evil.top"]
)");
    }

    Verdict verdict(Screen& screen, const std::string& text, std::uint32_t tenant = 0) {
        Session session = screen.session();
        Sms message = sms("+447700900001", "+447700900002", text);
        message.tenant = tenant;
        return session.screen(message);
    }

    test::PolicyFolder folder_;
};

TEST_F(Hosts, of_a_list_meet_messages_in_either_form) {
    Screen screen = open_screen(folder_);
    for (const char* link :
         {"http://пример.рф/x", "пример.рф", "http://xn--e1afmkfd.xn--p1ai", "a.ПРИМЕР.РФ",
          "http://例子.中国/x", "http://xn--fsqu00a.xn--fiqs8s/x", "http://ｘｎ－－fsqu00a。中国",
          "http://가나.닷컴/x", "http://משל.com/x", "bücher.de", "BU\u0308CHER.DE",
          "http://xn--bcher-kva.de", "http://evil.example"})
        EXPECT_EQ(verdict(screen, std::string("see ") + link).action, Action::kReject) << link;
    for (const char* link : {"bucher.de", "http://evіl.example", "http://例子.中國/x"})
        EXPECT_EQ(verdict(screen, std::string("see ") + link).action, Action::kAllow) << link;
}

TEST_F(Hosts, changed_live_are_met_in_either_form) {
    Screen screen = open_screen(folder_);
    EXPECT_TRUE(screen.add({.list = "hosts", .entry = "москва.рф"}));
    EXPECT_EQ(verdict(screen, "see http://xn--80adxhks.xn--p1ai/").action, Action::kReject);
    EXPECT_TRUE(screen.remove({.list = "hosts", .entry = "XN--80ADXHKS.XN--P1AI"}));
    EXPECT_EQ(verdict(screen, "see http://москва.рф/").action, Action::kAllow);
}

TEST_F(Hosts, that_only_look_like_an_allowed_one_are_not_it) {
    Screen screen = open_screen(folder_);
    EXPECT_EQ(verdict(screen, "see http://lend.example", 7).stage, Stage::kTenant);
    EXPECT_EQ(verdict(screen, "see http://xn--lnd-qla.example", 7).stage, Stage::kTenant);
    for (const char* spoof :
         {"lеnd.example" /* Cyrillic ie */, "lénd.example", "lеnd.xn--p1ai", "lend.example.公司/x",
          "lend.example.한국", "lend.example!@1.2.3.4", "lend.example&a=b@16909060/x",
          "가lend.example", "😀lend.example", "lend.example%2Eevil.公司"})
        EXPECT_NE(verdict(screen, std::string("see http://") + spoof, 7).stage, Stage::kTenant)
            << spoof;
}

TEST_F(Hosts, that_only_look_like_a_brands_own_are_foreign_to_it) {
    Screen screen = open_screen(folder_);
    for (const char* own : {"lend.example", "www.lend.example", "ＬＥＮＤ．ＥＸＡＭＰＬＥ",
                            "ⓛⓔⓝⓓ.example", "банк.рф", "xn--80ab2al.xn--p1ai", "m.БАНК.рф"}) {
        EXPECT_EQ(verdict(screen, std::string("locked: http://") + own + "/x").action,
                  Action::kAllow)
            << own;
    }
    for (const char* foreign :
         {"lеnd.example" /* Cyrillic ie */, "lend.еxample", "lénd.example", "ʟend.example",
          "xn--lnd-rdd.example", "lend.example\u2044x.evil.top", "бaнк.рф" /* Latin a */,
          "lend.example.公司", "lend.example.ישראל", "lend.example!@1.2.3.4",
          "lend.example&a=b@16909060", "가lend.example", "คlend.example", "😀lend.example",
          "lend.example%2Eevil.公司"}) {
        EXPECT_EQ(verdict(screen, std::string("locked: http://") + foreign + "/x").action,
                  Action::kHold)
            << foreign;
    }
}

}  // namespace
}  // namespace ringfence
