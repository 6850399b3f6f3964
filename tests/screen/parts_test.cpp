// Messages in parts under a policy that holds them: by whatever bind they come, until they are whole or given up.
#include <map>
#include <string>
#include <vector>

#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

using namespace test;

class HeldParts : public UsualPolicy {
protected:
    HeldParts() { write(""); }

    void write(const std::string& more) {
        folder_.write(
            "policy.toml",
            "[screen]\ncountry = \"CN\"\n[[patterns]]\nfile = \"rules.toml\"\n"
            "[failure]\npart_missing = \"hold\"\npart_timeout = \"drop\"\n"
            "[reassembly]\ntimeout_s = 60\n"
            "[[bind]]\nid = \"one\"\n[[bind]]\nid = \"other\"\ndefault_alphabet = \"utf8\"\n" +
                more);
    }

    static Sms part(std::string_view text, unsigned ref, unsigned total, unsigned seq,
                    std::int64_t time = kNoon) {
        Sms message = sms("10690000000001", "13800002222", text, time);
        message.sar_ref = static_cast<std::uint16_t>(ref);
        message.sar_total = static_cast<std::uint8_t>(total);
        message.sar_seq = static_cast<std::uint8_t>(seq);
        return message;
    }

    struct Told {
        std::string sender, recipient;
        unsigned ref = 0, total = 0, parts = 0;
        Action action = Action::kAllow;
        bool timed_out = false;
    };
    static std::vector<Told> advance(Screen& screen, std::int64_t time) {
        std::vector<Told> told;
        const Status done =
            screen.advance(time_from_ms(time), [&](const ReleasedMessage& released) {
                EXPECT_EQ(released.reason, Reason::kPartTimeout);
                const GivenUpMessage& from = released.message;
                told.push_back({std::string(from.sender), std::string(from.recipient), from.ref,
                                from.total, from.parts, released.action, from.timed_out});
            });
        EXPECT_TRUE(done);
        return told;
    }
};

TEST_F(HeldParts, are_released_by_the_verdict_of_the_whole) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    const Verdict first = session.screen(part("good ", 1, 2, 1));
    EXPECT_EQ(first.action, Action::kHold);
    EXPECT_EQ(first.reason, Reason::kPartMissing);
    const Verdict whole = session.screen(part("morning", 1, 2, 2));
    EXPECT_EQ(whole.action, Action::kAllow);
    EXPECT_FALSE(whole.has(VerdictFlag::kPartial));
    EXPECT_TRUE(advance(screen, kNoon + 3'600'000).empty());
}

TEST_F(HeldParts, meet_whatever_bind_and_session_they_come_by) {
    Screen screen = open_screen(folder_);
    Session one = screen.session();
    Session other = screen.session();
    Sms first = part("\u7ED9\u4E3B\u64AD\u70B9\u8D5E", 5, 2, 1);  // as a text
    first.bind = screen.bind("one");
    EXPECT_EQ(one.screen(first).action, Action::kHold);
    // The second half in UCS-2, on another bind, with the sender as an international number.
    const std::vector<std::uint8_t> tail = {0x5C, 0x31, 0x8F, 0xD4, 0x4F, 0x63};
    Sms second = part("", 5, 2, 2);
    second.bind = screen.bind("other");
    second.coding = SmsCoding::kShortMessage;
    second.coding_scheme = 8;
    second.content = tail;
    second.recipient.text = "+8613800002222";
    const Verdict whole = other.screen(second);
    EXPECT_EQ(whole.action, Action::kHold);
    EXPECT_EQ(whole.reason, Reason::kPattern);
    EXPECT_FALSE(whole.has(VerdictFlag::kPartial));
}

TEST_F(HeldParts, are_judged_by_themselves_first) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    const Verdict fraud =
        session.screen(part("\u7ED9\u4E3B\u64AD\u70B9\u8D5E\u5C31\u8FD4\u4F63", 6, 3, 1));
    EXPECT_EQ(fraud.reason, Reason::kPattern);
    EXPECT_TRUE(fraud.has(VerdictFlag::kPartial));
}

TEST_F(HeldParts, are_told_of_when_the_others_do_not_come) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    session.screen(part("a", 7, 4, 4));
    session.screen(part("b", 7, 4, 2, kNoon + 1000));
    session.screen(part("c", 8, 2, 1, kNoon + 30'000));
    EXPECT_TRUE(advance(screen, kNoon + 60'000).empty());
    const auto told = advance(screen, kNoon + 60'001);
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told[0].sender, "8610690000000001");
    EXPECT_EQ(told[0].recipient, "8613800002222");
    EXPECT_EQ(told[0].ref, 7u);
    EXPECT_EQ(told[0].total, 4u);
    EXPECT_EQ(told[0].parts, 2u);
    EXPECT_EQ(told[0].action, Action::kDrop);
    EXPECT_TRUE(told[0].timed_out);
    // Without a sink it is given up all the same.
    EXPECT_TRUE(screen.advance(time_from_ms(kNoon + 100'000)));
    EXPECT_TRUE(advance(screen, kNoon + 200'000).empty());
}

TEST_F(HeldParts, are_told_of_when_their_reference_is_used_again) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    session.screen(part("old", 9, 2, 1));
    session.screen(part("new", 9, 2, 1, kNoon + 10));
    const auto told = advance(screen, kNoon + 20);
    ASSERT_EQ(told.size(), 1u);
    EXPECT_FALSE(told[0].timed_out);
    EXPECT_EQ(session.screen(part(" and whole", 9, 2, 2, kNoon + 30)).action, Action::kAllow);
}

TEST_F(HeldParts, may_be_screened_again_by_who_is_told) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    session.screen(part("late", 3, 2, 1));
    unsigned told = 0;
    const Status done = screen.advance(time_from_ms(kNoon + 100'000), [&](const ReleasedMessage&) {
        ++told;
        EXPECT_TRUE(screen.reload());
        session.screen(part("late", 3, 2, 1, kNoon + 100'000));
    });
    EXPECT_TRUE(done);
    EXPECT_EQ(told, 1u);
}

TEST_F(HeldParts, wait_in_as_many_messages_as_there_are_slots) {
    constexpr unsigned kSlots = 4096;  // the usual number
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    for (unsigned seq = 1; seq <= 2; ++seq)
        for (unsigned ref = 0; ref < kSlots; ++ref)
            session.screen(part("good morning ", ref, 2, seq));
    EXPECT_EQ(counter(screen, "reassembly.completed"), kSlots);
    EXPECT_EQ(counter(screen, "reassembly.displaced"), 0u);
}

TEST_F(HeldParts, come_once_more_and_begin_a_message) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    session.screen(part("good ", 1, 2, 1));
    EXPECT_EQ(session.screen(part("morning", 1, 2, 2)).action, Action::kAllow);
    const Verdict again = session.screen(part("morning", 1, 2, 2, kNoon + 1000));
    EXPECT_EQ(again.action, Action::kHold);
    EXPECT_TRUE(again.has(VerdictFlag::kPartial));
    EXPECT_EQ(advance(screen, kNoon + 61'001).size(), 1u);
}

TEST_F(HeldParts, are_not_kept_when_longer_than_640_units) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    const Verdict longer = session.screen(part(std::string(641, 'x'), 1, 2, 1));
    EXPECT_EQ(longer.reason, Reason::kPartMissing);
    EXPECT_TRUE(longer.has(VerdictFlag::kPartial));
    EXPECT_TRUE(advance(screen, kNoon + 100'000).empty());
    session.screen(part(std::string(640, 'x'), 1, 2, 1, kNoon + 100'000));
    EXPECT_EQ(session.screen(part("y", 1, 2, 2, kNoon + 100'000)).action, Action::kAllow);
}

}  // namespace
}  // namespace ringfence
