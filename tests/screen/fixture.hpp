// fixture.hpp - a policy and its lists in a folder of their own, for the tests of the screen.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "ringfence/screen/screen.hpp"

namespace ringfence::test {

inline constexpr std::int64_t kNoon = 1'772'366'400'000;  // 2026-03-01T12:00:00Z

class PolicyFolder {
public:
    PolicyFolder() {
        static int next = 0;
        path_ = std::filesystem::temp_directory_path() /
                ("ringfence-screen-" + std::to_string(getpid()) + "-" + std::to_string(next++));
        std::filesystem::create_directories(path_);
    }
    ~PolicyFolder() { std::filesystem::remove_all(path_); }
    PolicyFolder(const PolicyFolder&) = delete;
    PolicyFolder& operator=(const PolicyFolder&) = delete;

    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name) << text;
    }
    void remove(const std::string& name) const { std::filesystem::remove(path_ / name); }
    std::string path(const std::string& name) const { return (path_ / name).string(); }

    // The policy that most tests use: a fraud list, a partner list, one trunk, one activity rule.
    void write_usual() const {
        write("policy.toml", R"(
[screen]
country = "CN"

[[list]]
id = "fraud"
file = "fraud.csv"
action = "reject"
category = "fraud_card"
party = ["calling", "text"]

[[list]]
id = "partners"
file = "partners.csv"
action = "allow"
tenant = 7

[[list]]
id = "senders"
file = "senders.csv"
keys = "sender"
action = "hold"

[[list]]
id = "hosts"
file = "hosts.csv"
keys = "domain"
action = "reject"

[[activity]]
id = "burst"
when = { calls_1h = ">=20", calls_per_callee = "<1.5" }
action = "challenge"

[[patterns]]
file = "rules.toml"

[[trunk]]
id = "igw-1"
kind = "international"
)");
        write("fraud.csv",
              "number,kind,category\n13800001111,exact,\n1700000,prefix,prefix_fraud\n");
        write("partners.csv", "number\n13800001111\n");
        write("senders.csv", "number\nFakeBank\n");
        write("hosts.csv", "number\nphish.example.com\n");
        write("rules.toml", R"(
[pack]
id = "test"
view = "dense"

[[rule]]
id = "test.rebate"
category = "task_rebate"
action = "hold"
risk = 80
text = ["点赞{0,8}返佣"]
must_match = ["给主播点赞就返佣金"]
)");
    }

private:
    std::filesystem::path path_;
};

inline Screen open_screen(const PolicyFolder& folder) {
    ScreenOptions options;
    options.seed = 2026;  // two screens of one test judge alike
    auto screen = Screen::open(folder.path("policy.toml"), options);
    if (!screen) {
        ADD_FAILURE() << screen.error().text;
        std::abort();
    }
    return std::move(*screen);
}

inline Call call(const char* calling, const char* called, std::int64_t time_ms = kNoon) {
    return Call{.calling = calling, .called = called, .time = time_from_ms(time_ms)};
}

inline Sms sms(std::string_view sender, std::string_view recipient, std::string_view text,
               std::int64_t time_ms = kNoon) {
    Sms message{.sender = AddressView(sender), .recipient = AddressView(recipient)};
    message.content = {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
    message.time = time_from_ms(time_ms);
    return message;
}

// A test with the usual policy in a folder of its own.
class UsualPolicy : public testing::Test {
protected:
    UsualPolicy() { folder_.write_usual(); }
    PolicyFolder folder_;
};

inline std::uint64_t counter(const Screen& screen, std::string_view name) {
    for (const Counter& one : screen.counters()) {
        if (one.name == name) return one.value;
    }
    ADD_FAILURE() << "no counter " << name;
    return 0;
}

}  // namespace ringfence::test
