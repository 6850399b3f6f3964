// The eight defaults that hold under a policy that says nothing about them, each in one short test.
#include <chrono>

#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

using test::call;
using test::kNoon;
using test::open_screen;
using test::sms;

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kDay = 24 * 60 * kMinute;

class DomainDefaults : public testing::Test {
protected:
    // A policy of the country and nothing else but `more`.
    Screen open(const std::string& more = "", const std::string& screen = "") {
        folder_.write("policy.toml", "[screen]\ncountry = \"CN\"\n" + screen + more);
        return open_screen(folder_);
    }
    std::string list(const std::string& id, const std::string& action, const std::string& rows,
                     const std::string& more = "") {
        folder_.write(id + ".csv", "number,kind\n" + rows);
        return "[[list]]\nid = \"" + id + "\"\nfile = \"" + id + ".csv\"\naction = \"" + action +
               "\"\n" + more;
    }
    static Call on(TrunkId trunk, const char* calling) {
        Call event = call(calling, "13800002222");
        event.trunk = trunk;
        return event;
    }

    test::PolicyFolder folder_;
};

TEST_F(DomainDefaults, first_emergency_calls_are_allowed_before_all_else) {
    Screen screen =
        open(list("orders", "reject", "13800001111,\n", "authority = \"police\"\n") +
             list("callees", "drop", "1,prefix\n1101,\n", "party = \"called\"\nwide = true\n"));
    Session session = screen.session();
    for (const char* code : {"110", "119", "120", "122", "112", "12110", "12395", "95110"}) {
        for (const char* before : {"", "+86", "0086", "86", "010", "86010", "0", "+"}) {
            const std::string dialled = std::string(before) + code;
            const Verdict verdict = session.screen(call("13800001111", dialled.c_str()));
            EXPECT_EQ(verdict.action, Action::kAllow) << dialled;
            EXPECT_EQ(verdict.stage, Stage::kEmergency) << dialled;
        }
    }
    EXPECT_EQ(session.screen(call("13800001111", "12110755")).action, Action::kAllow);
    EXPECT_EQ(session.screen(call("13800003333", "1101")).action, Action::kDrop);
    Call flagged = call("13800001111", "13800002222");
    flagged.emergency = true;
    EXPECT_EQ(session.screen(flagged).action, Action::kAllow);
    folder_.write("policy.toml", "[screen]\ncountry = \"TH\"\n");
    EXPECT_FALSE(Screen::open(folder_.path("policy.toml")));
}

TEST_F(DomainDefaults, second_who_called_an_emergency_is_reached_for_90_minutes) {
    Screen screen = open(list("fraud", "reject", "17000001234,\n"));
    Session session = screen.session();
    EXPECT_EQ(session.screen(call("13800001111", "110")).action, Action::kAllow);
    const auto back = [&](std::int64_t minutes) {
        return session.screen(call("17000001234", "13800001111", kNoon + minutes * kMinute)).action;
    };
    EXPECT_LE(back(89), Action::kTag);
    EXPECT_EQ(back(91), Action::kReject);
}

TEST_F(DomainDefaults, third_a_protected_number_as_caller_is_not_trusted) {
    Screen screen = open("[[trunk]]\nid = \"gov\"\nkind = \"national\"\nprotected = [\"96110\"]\n");
    Session session = screen.session();
    const TrunkId abroad = screen.trunk_of_kind(TrunkKind::kInternational);
    const TrunkId home = screen.trunk_of_kind(TrunkKind::kNational);
    for (const char* number : {"96110", "12381", "95588", "10086", "01096110"}) {
        EXPECT_EQ(session.screen(on(abroad, number)).action, Action::kReject) << number;
        EXPECT_EQ(session.screen(on(home, number)).action, Action::kTag) << number;
    }
    const TrunkId gov = screen.trunk("gov");
    EXPECT_EQ(session.screen(on(gov, "96110")).action, Action::kAllow);
    EXPECT_EQ(session.screen(on(gov, "95588")).action, Action::kReject);
    EXPECT_EQ(session.screen(on(home, "110")).action, Action::kTag);
    for (const char* sender : {"95588", "1069012345678"})
        EXPECT_EQ(session.screen(sms(sender, "13800002222", "hello")).action, Action::kAllow);
}

TEST_F(DomainDefaults, fourth_an_allow_lifts_neither_an_order_nor_a_certain_spoof) {
    Screen screen = open(list("friends", "allow", "13800001111,\n13800001112,\n13800001113,\n") +
                         list("orders", "reject", "13800001111,\n", "authority = \"police\"\n") +
                         list("cards", "reject", "13800001112,\n", "authority = \"card_state\"\n") +
                         list("banks", "allow", "95588,\n"));
    Session session = screen.session();
    EXPECT_EQ(session.screen(call("13800001111", "13800002222")).reason, Reason::kPoliceOrder);
    EXPECT_EQ(session.screen(call("13800001112", "13800002222")).reason, Reason::kCardState);
    EXPECT_EQ(session.screen(call("13800001113", "13800002222")).action, Action::kAllow);
    EXPECT_EQ(session.screen(on(screen.trunk_of_kind(TrunkKind::kNational), "+95588")).action,
              Action::kReject);
}

TEST_F(DomainDefaults, fifth_what_cannot_be_read_is_let_through_and_said) {
    std::string rows;
    for (int i = 0; i < 2'000; ++i) rows += "1700000" + std::to_string(1'000 + i) + ",\n";
    const std::string lists = list("fraud", "reject", rows) + list("gone", "reject", "");
    folder_.remove("gone.csv");
    Screen screen = open(lists);
    Session session = screen.session();
    const Verdict open_list = session.screen(call("13800001111", "13800002222"));
    EXPECT_EQ(open_list.action, Action::kAllow);
    EXPECT_TRUE(open_list.has(VerdictFlag::kDegraded));
    EXPECT_EQ(session.screen(call("17000001234", "13800002222")).action, Action::kReject);

    Sms broken = sms("13800001111", "13800002222", "\x05\x00");
    broken.coding = SmsCoding::kPdu;
    broken.udhi = true;
    const Verdict undecodable = session.screen(broken);
    EXPECT_EQ(undecodable.action, Action::kAllow);
    EXPECT_TRUE(undecodable.has(VerdictFlag::kDegraded));

    folder_.write("fraud.csv", "number,kind\n");
    EXPECT_FALSE(screen.reload()) << "an empty file in place of 2,000 rows";
    EXPECT_EQ(session.screen(call("17000001234", "13800002222")).action, Action::kReject);
    EXPECT_TRUE(screen.remove({.list = "fraud", .entry = "17000001234"}));
}

TEST_F(DomainDefaults, sixth_a_caller_without_a_number_is_valid_and_no_number) {
    Screen screen = open(list("zero", "reject", "0,prefix\n", "keys = \"sender\"\n"));
    Session session = screen.session();
    for (const char* nobody : {"", "anonymous", "Alice"})
        EXPECT_EQ(session.screen(call(nobody, "13800002222")).action, Action::kAllow) << nobody;
    AddressView withheld("13800001111");
    withheld.presentation = Presentation::kRestricted;
    EXPECT_EQ(session.screen(Call{.calling = withheld, .called = "13800002222"}).action,
              Action::kAllow);
    for (const char* sender : {"ICBC", "", "ABC"})
        EXPECT_EQ(session.screen(sms(sender, "13800002222", "hello")).action, Action::kAllow)
            << sender;
}

TEST_F(DomainDefaults, seventh_no_attestation_is_neutral_and_a_good_one_allows_nothing) {
    Screen screen = open(list("fraud", "reject", "17000001234,\n"),
                         "redress = \"mailto:redress@example.com\"\n");
    Session session = screen.session();
    Call event = call("13800001111", "13800002222");
    EXPECT_EQ(session.screen(event).action, Action::kAllow);
    event.verstat = Verstat::kFailed;
    EXPECT_EQ(session.screen(event).action, Action::kTag);
    Call listed = call("17000001234", "13800002222");
    listed.attestation = Attestation::kA;
    listed.verstat = Verstat::kPassed;
    const Verdict verdict = session.screen(listed);
    EXPECT_EQ(verdict.action, Action::kReject);
    EXPECT_EQ(screen.sip_code(verdict), 608u);
    EXPECT_EQ(screen.redress_address(), "mailto:redress@example.com");
}

TEST_F(DomainDefaults, eighth_automatic_entries_expire_after_30_days) {
    folder_.write("model.csv",
                  "number,since,expires\n17000001234,2026-02-01,\n17000001235,2026-02-20,\n"
                  "17000001236,2026-02-01,2027-01-01\n");
    Screen screen = open(
        "[[list]]\nid = \"model\"\nfile = \"model.csv\"\naction = \"reject\"\n"
        "automatic = true\n" +
        list("hand", "reject", "17000001240,\n"));
    Session session = screen.session();
    const auto action_at = [&](const char* caller, std::int64_t day) {
        const std::int64_t ms = kNoon + day * kDay;
        // Once more where so many are due that one call does not take them all: here one is enough.
        EXPECT_TRUE(screen.advance(time_from_ms(ms)));
        return session.screen(call(caller, "13800002222", ms)).action;
    };
    ListChange added{.list = "model", .entry = "17000001237"};
    EXPECT_FALSE(screen.add(added)) << "nobody has said what time it is";
    // Noon of the first of March: 28 days after the first of February.
    EXPECT_EQ(action_at("17000001234", 0), Action::kReject);
    EXPECT_TRUE(screen.add(added));
    EXPECT_EQ(action_at("17000001234", 3), Action::kAllow);
    EXPECT_EQ(action_at("17000001235", 20), Action::kReject);
    EXPECT_EQ(action_at("17000001235", 25), Action::kAllow);
    EXPECT_EQ(action_at("17000001237", 29), Action::kReject);
    EXPECT_EQ(action_at("17000001237", 31), Action::kAllow);
    EXPECT_EQ(action_at("17000001236", 200), Action::kReject);
    EXPECT_EQ(action_at("17000001240", 400), Action::kReject);
}

}  // namespace
}  // namespace ringfence
