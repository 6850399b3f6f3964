// A message that names more listed things than there is room for findings is judged as by all of them.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/screen/fixture.hpp"

namespace ringfence::test {
namespace {

constexpr const char* kRecipient = "13800009999";
constexpr const char* kListed = "13800001111";    // the sender of senders.csv
constexpr const char* kUnlisted = "17000009999";  // a sender of no list

// "17000000000 17000000001 ...": that many numbers of tagged.csv, which has 40.
std::string numbers(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += std::to_string(17'000'000'000 + i) + " ";
    return text;
}

class Truncated : public testing::Test {
protected:
    Truncated() {
        std::string rows = "number\n";
        for (int i = 0; i < 40; ++i) rows += std::to_string(17'000'000'000 + i) + "\n";
        folder_.write("tagged.csv", rows);
        folder_.write("senders.csv", "number,kind\n1380000,prefix\n");
    }

    Screen open_with(const std::string& rest) {
        folder_.write("policy.toml", "[screen]\ncountry = \"CN\"\n" + rest);
        return open_screen(folder_);
    }

    // The verdict of a text with 31, 32 and 40 listed numbers in it, before and behind, is that of few but for
    // where the match stands.
    static void expect_alike(Screen& screen, const char* sender, const std::string& text,
                             BindId bind = {}) {
        const auto judged = [&](const std::string& content) {
            Session session = screen.session();
            Sms message = sms(sender, kRecipient, content);
            message.bind = bind;
            return session.screen(message);
        };
        const Verdict few = judged(numbers(3) + text);
        EXPECT_GT(few.action, Action::kTag);
        for (const int count : {31, 32, 40}) {
            for (const std::string& flood : {numbers(count) + text, text + " " + numbers(count)}) {
                const Verdict many = judged(flood);
                SCOPED_TRACE(std::to_string(count) + " numbers");
                EXPECT_EQ(name_of(many.action), name_of(few.action));
                EXPECT_EQ(name_of(many.stage), name_of(few.stage));
                EXPECT_EQ(name_of(many.reason), name_of(few.reason));
                EXPECT_EQ(screen.rule_id(many), screen.rule_id(few));
                EXPECT_EQ(screen.category(many), screen.category(few));
                EXPECT_EQ(many.risk, few.risk);
                EXPECT_EQ(many.shadow_action, few.shadow_action);
                EXPECT_EQ(many.has(VerdictFlag::kTruncated), count >= 32);
            }
        }
    }

    PolicyFolder folder_;
};

constexpr const char* kTagged = R"(
[[list]]
id = "tagged"
file = "tagged.csv"
action = "tag"
party = "text"
)";

constexpr const char* kSenders = R"(
[[list]]
id = "senders"
file = "senders.csv"
action = "reject"
category = "fraud_card"
risk = 700
)";

TEST_F(Truncated, a_blocked_sender_stays_blocked) {
    Screen screen = open_with(std::string(kTagged) + kSenders);
    expect_alike(screen, kListed, "hello");
}

TEST_F(Truncated, a_burst_stays_blocked) {
    Screen screen = open_with(std::string(kTagged) + R"(
[[activity]]
id = "burst"
when = { sms_1h = ">=1" }
action = "reject"
)");
    expect_alike(screen, kUnlisted, "hello");
}

TEST_F(Truncated, a_pattern_stays_blocked) {
    folder_.write("rules.toml", R"(
[pack]
id = "p"
[[rule]]
id = "p.r1"
category = "x"
action = "reject"
text = ["winprizenow"]
must_match = ["win prize now"]
)");
    Screen screen = open_with(std::string(kTagged) + "[[patterns]]\nfile = \"rules.toml\"\n");
    expect_alike(screen, kUnlisted, "win prize now");
}

constexpr const char* kPolice = R"(
[[list]]
id = "police"
file = "tagged.csv"
action = "reject"
authority = "police"
party = ["calling", "text"]
[[list]]
id = "police-prefix"
file = "senders.csv"
action = "drop"
authority = "police"
[[bind]]
id = "b"
senders = ["ICBC"]
)";

TEST_F(Truncated, a_police_order_stands) {
    Screen screen = open_with(kPolice);
    expect_alike(screen, kListed, "hello");
}

TEST_F(Truncated, so_does_a_sender_that_its_bind_does_not_have) {
    Screen screen = open_with(kPolice);
    expect_alike(screen, kUnlisted, "hello", screen.bind("b"));
}

TEST_F(Truncated, shadow_rules_say_what_they_would_have_done) {
    Screen screen = open_with(std::string(kTagged) + kSenders + "shadow = true\n");
    Session session = screen.session();
    const std::string text = numbers(40);
    const Verdict verdict = session.screen(sms(kListed, kRecipient, text));
    EXPECT_EQ(verdict.action, Action::kTag);
    EXPECT_TRUE(verdict.has(VerdictFlag::kShadow));
    EXPECT_EQ(verdict.shadow_action, Action::kReject);
}

TEST_F(Truncated, a_call_back_after_an_emergency_call_is_still_let_through) {
    Screen screen = open_with(std::string(kTagged) + kSenders);
    Session session = screen.session();
    session.screen(call(kRecipient, "110"));
    for (const int count : {0, 40}) {
        const std::string text = "x " + numbers(count);
        const Verdict verdict = session.screen(sms(kListed, kRecipient, text, kNoon + 60'000));
        EXPECT_EQ(verdict.action, Action::kTag) << count;
        EXPECT_EQ(verdict.reason, Reason::kEmergencyCallback) << count;
        EXPECT_EQ(screen.rule_id(verdict), "senders") << count;
        EXPECT_TRUE(verdict.has(VerdictFlag::kEmergency)) << count;
    }
}

// What stands in the part alone but not in the whole is gone with the part: here a listed number that goes on.
TEST_F(Truncated, a_whole_message_is_judged_by_itself_however_much_its_last_part_named) {
    folder_.write("cut.csv", "number\n17000005555\n");
    Screen screen = open_with(std::string(kTagged) + kSenders +
                              "[[list]]\nid = \"cut\"\nfile = \"cut.csv\"\naction = \"drop\"\n"
                              "party = \"text\"\nauthority = \"police\"\n");
    Session session = screen.session();
    const auto part = [&](std::uint8_t place, const std::string& text) {
        Sms message = sms(kListed, kRecipient, text);
        message.sar_ref = 9;
        message.sar_total = 2;
        message.sar_seq = place;
        return session.screen(message);
    };
    const std::string second = "17000005555 " + numbers(40);
    EXPECT_EQ(part(1, "9").action, Action::kReject);
    const Verdict whole = part(2, second);
    EXPECT_FALSE(whole.has(VerdictFlag::kPartial));
    EXPECT_EQ(whole.action, Action::kReject);
    EXPECT_EQ(screen.rule_id(whole), "senders");
}

TEST_F(Truncated, a_part_that_completes_a_message_to_one_called_back_is_tagged) {
    Screen screen = open_with(std::string(kTagged) + kSenders);
    Session session = screen.session();
    session.screen(call(kRecipient, "110"));
    for (const std::uint8_t place : {std::uint8_t{1}, std::uint8_t{2}}) {
        const std::string text = numbers(40);
        Sms message = sms(kListed, kRecipient, text, kNoon + 60'000);
        message.sar_ref = 9;
        message.sar_total = 2;
        message.sar_seq = place;
        const Verdict verdict = session.screen(message);
        EXPECT_EQ(verdict.action, Action::kTag);
        EXPECT_EQ(verdict.reason, Reason::kEmergencyCallback);
    }
}

// Parts of several messages in one chunk, where only the last one's text is still at hand when it is recorded.
TEST_F(Truncated, a_chunk_of_parts_gives_what_single_parts_would) {
    const std::string texts[] = {"one " + numbers(20), "two " + numbers(40), "three", "four"};
    std::vector<Sms> parts;
    for (std::uint8_t i = 0; i < 4; ++i) {
        Sms message = sms(i % 2 == 0 ? kListed : kUnlisted, kRecipient, texts[i]);
        message.sar_ref = 9;
        message.sar_total = 2;
        message.sar_seq = static_cast<std::uint8_t>(1 + i / 2);
        parts.push_back(message);
    }
    Screen one = open_with(std::string(kTagged) + kSenders);
    Screen other = open_screen(folder_);
    Session together = one.session();
    Session singly = other.session();
    std::vector<Verdict> verdicts(parts.size());
    together.screen(parts, verdicts);
    for (std::size_t i = 0; i < parts.size(); ++i)
        EXPECT_EQ(verdicts[i], singly.screen(parts[i])) << i;
    EXPECT_EQ(counter(one, "reassembly.completed"), 2u);
}

}  // namespace
}  // namespace ringfence::test
