#include "ringfence/senders/register.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/parse.hpp"
#include "ringfence/source/time_text.hpp"

namespace ringfence {
namespace {

SenderSource source_of(const char* country = "CN") {
    SenderSource source;
    source.path = "senders.csv";
    source.plan = DialPlan::find(CountryCode(country));
    source.binds = {"agg-1", "agg-2", "agg-3"};
    source.trunks = {"bank", "gov"};
    return source;
}

SenderRegister::Loaded loaded(std::string_view rows, const SenderSource& source = source_of()) {
    auto made = SenderRegister::from_text(rows, source);
    EXPECT_TRUE(made) << (made ? "" : made.error().text);
    return made ? *std::move(made) : SenderRegister::Loaded{};
}

// Of a message at noon of 2026-03-01 that says neither bind nor trunk, unless told otherwise.
struct Ask {
    SenderOrigin origin = {};
    Time time = *parse_time("2026-03-01T12:00:00Z");
    const char* country = "CN";

    SenderRegister::Judgement whole(const SenderRegister& senders, std::string_view sender) const {
        const Address address = parse(AddressView(sender));
        return senders.judge(address, normalize(address, *DialPlan::find(CountryCode(country))),
                             sender, origin, time);
    }
    SenderStanding operator()(const SenderRegister& senders, std::string_view sender) const {
        return whole(senders, sender).standing;
    }
};

TEST(SenderRegister, knows_names_in_any_case_and_numbers_in_any_form) {
    const auto made = loaded("sender\nICBC\nMy Shop\n95588\n1069012345678\n");
    EXPECT_EQ(made.report.rows, 4u);
    const Ask ask;
    for (const char* known :
         {"ICBC", "icbc", "Icbc", " ICBC ", "my shop", "95588", "1069012345678"})
        EXPECT_EQ(ask(made.senders, known), SenderStanding::kRegistered) << known;
    for (const char* unknown : {"CCB", "ICBC1", "My-Shop", "MyShop", "IC"})
        EXPECT_EQ(ask(made.senders, unknown), SenderStanding::kUnregistered) << unknown;
    // Numbers that are not registered are no affair of the register.
    for (const char* number : {"95599", "13800001111", "+447700900123", "", "*123#", "anonymous"})
        EXPECT_EQ(ask(made.senders, number), SenderStanding::kNotJudged) << number;
}

TEST(SenderRegister, tells_what_looks_like_a_registered_one_in_any_script) {
    const auto made = loaded("sender\nICBC\n95588\nAmazon\npaypal\nСбербанк\n");
    const Ask ask;
    for (const char* alike : {"lCBC", "\u0399CBC", "1cbc", "\u0406\u0421\u0412\u0421", "IC\u200bBC",
                              "lcbc", "ＩＣＢＣ", "Arnazon", "AMAZ0N", "PayPaI", "PAYPAL\u200b"})
        EXPECT_EQ(ask(made.senders, alike), SenderStanding::kLookAlike) << alike;
    EXPECT_EQ(ask.whole(made.senders, "lCBC").like->written, "ICBC");
    EXPECT_EQ(ask.whole(made.senders, "PayPaI").like->written, "paypal");
    EXPECT_EQ(ask(made.senders, "СБЕРБАНК"), SenderStanding::kRegistered);
    EXPECT_EQ(ask(made.senders, "Cбербанк"), SenderStanding::kLookAlike);  // a Latin C
    // Digits in full width are a name, which looks like the code.
    EXPECT_EQ(ask(made.senders, "９５５８８"), SenderStanding::kLookAlike);
    EXPECT_EQ(ask(made.senders, "I-CBC"), SenderStanding::kUnregistered);
}

TEST(SenderRegister, sees_through_a_name_that_is_cut) {
    const auto made = loaded("sender\nICBC\n");
    std::string padded = "I";
    for (int i = 0; i < 20; ++i) padded += "\u200b";
    EXPECT_EQ(Ask()(made.senders, padded + "CBC"), SenderStanding::kLookAlike);
    EXPECT_EQ(Ask()(made.senders, "ICBC of a street far away from here"),
              SenderStanding::kUnregistered);
}

TEST(SenderRegister, asks_by_which_bind_and_trunk) {
    const auto made = loaded(
        "sender,binds,trunks\nICBC,agg-1 agg-2,\nCCB,,bank\nABC,agg-1,bank\nBOC,,\n95588,agg-3,\n");
    const auto stands = [&](std::string_view sender, SenderOrigin origin) {
        return Ask{.origin = origin}(made.senders, sender);
    };
    EXPECT_EQ(stands("ICBC", {.bind = 0}), SenderStanding::kRegistered);
    EXPECT_EQ(stands("icbc", {.bind = 1}), SenderStanding::kRegistered);
    EXPECT_EQ(stands("ICBC", {.bind = 2}), SenderStanding::kWrongWay);
    EXPECT_EQ(stands("ICBC", {.trunk = 0}), SenderStanding::kWrongWay);
    EXPECT_EQ(stands("ICBC", {.bind = 0, .trunk = 1}), SenderStanding::kRegistered);
    EXPECT_EQ(stands("ICBC", {.other_way = true}), SenderStanding::kWrongWay);
    EXPECT_EQ(stands("ICBC", {}), SenderStanding::kRegistered);  // nothing is known
    EXPECT_EQ(stands("CCB", {.trunk = 0}), SenderStanding::kRegistered);
    EXPECT_EQ(stands("CCB", {.bind = 0, .trunk = 1}), SenderStanding::kWrongWay);
    EXPECT_EQ(stands("ABC", {.bind = 2, .trunk = 0}), SenderStanding::kRegistered);
    EXPECT_EQ(stands("ABC", {.bind = 2, .trunk = 1}), SenderStanding::kWrongWay);
    EXPECT_EQ(stands("BOC", {.bind = 2, .other_way = true}), SenderStanding::kRegistered);
    EXPECT_EQ(stands("95588", {.bind = 2}), SenderStanding::kRegistered);
    EXPECT_EQ(stands("95588", {.bind = 1}), SenderStanding::kWrongWay);
}

TEST(SenderRegister, knows_since_and_until) {
    const auto made = loaded(
        "sender,since,until,binds\n"
        "ICBC,2026-01-01,2026-04-01,agg-1\n"
        "icbc,2026-04-01,,agg-2\n"
        "lCBC,2027-01-01,,\n");
    ASSERT_EQ(made.senders.senders().size(), 2u);
    const auto stands = [&](std::string_view sender, const char* time, std::uint32_t bind) {
        return Ask{.origin = {.bind = bind}, .time = *parse_time(time)}(made.senders, sender);
    };
    EXPECT_EQ(stands("ICBC", "2025-12-31T23:59:59Z", 0), SenderStanding::kUnregistered);
    EXPECT_EQ(stands("ICBC", "2026-01-01", 0), SenderStanding::kRegistered);
    EXPECT_EQ(stands("ICBC", "2026-03-31T23:59:59Z", 1), SenderStanding::kWrongWay);
    EXPECT_EQ(stands("ICBC", "2026-04-01", 1), SenderStanding::kRegistered);
    EXPECT_EQ(stands("ICBC", "2026-04-01", 0), SenderStanding::kWrongWay);
    // What is in force counts: nobody looks like a sender that is not registered yet, and one whose own row is not in
    // force may look like another.
    EXPECT_EQ(stands("lCBC", "2025-12-31", 0), SenderStanding::kUnregistered);
    EXPECT_EQ(stands("lCBC", "2026-02-01", 0), SenderStanding::kLookAlike);
    EXPECT_EQ(stands("lCBC", "2027-02-01", 0), SenderStanding::kRegistered);
    EXPECT_EQ(stands("1CBC", "2027-02-01", 0), SenderStanding::kLookAlike);
}

TEST(SenderRegister, tells_which_of_its_own_look_alike) {
    const auto made = loaded("sender\nICBC\nCCB\n1CBC\nlcbc\nccb\n");
    const auto pairs = made.senders.alike();
    ASSERT_EQ(pairs.size(), 2u);
    EXPECT_EQ(pairs[0].first->written, "ICBC");
    EXPECT_EQ(pairs[0].second->written, "1CBC");
    EXPECT_EQ(pairs[1].second->written, "lcbc");
    EXPECT_EQ(pairs[1].second->grants.front().line, 5u);
}

// Where no row is good the register is refused, with the same words before the rest.
std::string first_error(std::string_view rows) {
    constexpr std::string_view kRefused = "; no row is good, and the register is refused whole";
    const auto made = SenderRegister::from_text(rows, source_of());
    if (!made) {
        const std::string& text = made.error().text;
        EXPECT_TRUE(text.ends_with(kRefused)) << text;
        return text.substr(0, text.size() - std::min(text.size(), kRefused.size()));
    }
    EXPECT_NE(made->report.rows, 0u);
    EXPECT_EQ(made->report.bad_rows, made->report.errors.size());
    return made->report.errors.empty() ? "" : made->report.errors.front().text;
}

TEST(SenderRegister, reports_bad_rows_with_their_line) {
    EXPECT_EQ(first_error("sender,binds\nICBC,agg-1\n,agg-1\n"), "senders.csv:3: names no sender");
    EXPECT_EQ(first_error("sender,binds\nICBC,agg-1 agg-9\n"),
              "senders.csv:2: no [[bind]] has the id 'agg-9'; did you mean 'agg-1'?");
    EXPECT_EQ(first_error("sender,trunks\nICBC,agg-1\n"),
              "senders.csv:2: no [[trunk]] has the id 'agg-1'");
    EXPECT_EQ(first_error("sender,since\nICBC,soon\n"),
              "senders.csv:2: 'soon' is no time; write it like 2027-01-31 or 2027-01-31T08:00:00Z");
    EXPECT_EQ(first_error("sender,since,until\nICBC,2026-02-01,2026-02-01\n"),
              "senders.csv:2: ends at '2026-02-01', before it begins at '2026-02-01'");
    EXPECT_EQ(
        first_error("sender\nA bank with too long a name\n"),
        "senders.csv:2: 'A bank with too long a name' has more than 24 octets or digits, which no "
        "sender has");
    for (const char* none :
         {"９５５８８", "*100#", "anonymous", "sip:ICBC@example.net", "tel:95588x"})
        EXPECT_NE(
            first_error("sender\n" + std::string(none) + "\n").find("is neither a sender's name"),
            std::string::npos)
            << none << first_error("sender\n" + std::string(none) + "\n");
    EXPECT_NE(first_error("sender\nIC\x01"
                          "BC\n"),
              "");
    EXPECT_NE(first_error("sender\nIC\xFF"
                          "BC\n"),
              "");
    EXPECT_NE(first_error("sender,binds\nICBC\n"), "");
    // The rest is read all the same.
    const auto made = loaded("sender\nICBC\n\"\n*1#\nCCB\n");
    EXPECT_EQ(made.report.rows, 2u);
    EXPECT_EQ(made.report.bad_rows, 2u);
}

TEST(SenderRegister, is_refused_when_all_rows_are_bad) {
    const auto made = SenderRegister::from_text("sender\n*1#\nanonymous\n", source_of());
    ASSERT_FALSE(made);
    EXPECT_EQ(
        made.error().text,
        "senders.csv:2: '*1#' is neither a sender's name nor a number in plain digits; no row is "
        "good, and the register is refused whole");
    EXPECT_TRUE(SenderRegister::from_text("sender\n", source_of()));
    EXPECT_TRUE(SenderRegister::from_text("sender\n*1#\nICBC\n", source_of()));
}

TEST(SenderRegister, is_refused_whole_when_strict) {
    SenderSource source = source_of();
    source.strict = true;
    const auto made = SenderRegister::from_text("sender\nICBC\n*1#\n", source);
    ASSERT_FALSE(made);
    EXPECT_TRUE(made.error().text.starts_with("senders.csv:3: ")) << made.error().text;
    EXPECT_TRUE(made.error().text.ends_with("; the register is strict and is refused whole"));
}

TEST(SenderRegister, checks_its_header) {
    const auto refused = [](std::string_view text) {
        const auto made = SenderRegister::from_text(text, source_of());
        return made ? "" : made.error().text;
    };
    EXPECT_EQ(refused("sender,bind\nICBC,agg-1\n"),
              "senders.csv:1: 'bind' is no column of a register of senders; did you mean 'binds'?");
    EXPECT_NE(refused("name\nICBC\n"), "");
    EXPECT_NE(refused(""), "");
    EXPECT_EQ(refused("until,sender\n,ICBC\n"), "");
}

}  // namespace
}  // namespace ringfence
