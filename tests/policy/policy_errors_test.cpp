// Each way a policy can be wrong, with the place and the text it is refused by. kChina is lines 1 and 2.
#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "policy/policy_text.hpp"
#include "ringfence/number/dial_plan.hpp"
#include "source/files.hpp"
#include "src/policy/policy_reader.hpp"

namespace ringfence {
namespace {

using test::code_of;
using test::refused;

constexpr std::string_view kList = "[[list]]\nid = \"a\"\nfile = \"a.csv\"\naction = \"reject\"\n";

std::string list_with(std::string_view line) {
    return std::string(kList) + std::string(line) + "\n";
}

TEST(PolicyErrors, names_the_nearest_key) {
    EXPECT_EQ(refused("[[list]]\nid = \"a\"\nfile = \"a.csv\"\nactoin = \"reject\"\n"),
              "policy.toml:6: unknown key 'actoin' in 'list[0]'; did you mean 'action'?");
    EXPECT_EQ(refused("[failures]\n"),
              "policy.toml:3: unknown key 'failures'; did you mean 'failure'?");
    for (const auto* text :
         {"cuontry = \"CN\"\n", "[caller_id]\nregion = []\n",
          "[failure]\nfeed_misssing = \"allow\"\n", "[codes]\nsipp = 1\n",
          "[codes.sip]\nrejct = 608\n", "[codes.sip]\nallow = 608\n",
          "[[trunk]]\nid = \"t\"\nkind = \"national\"\nclis = []\n",
          "[[bind]]\nid = \"b\"\nsender = []\n", "[reassembly]\nslot = 1\n",
          "[behaviour]\nmemory = 1\n", "[expiry]\nwithin = 1\n", "[regex]\nseconds = 1\n",
          "[campaigns]\nsender = 1\n", "[[activity]]\nid = \"x\"\nwhenn = {}\n",
          "[[patterns]]\nfiles = \"x\"\n"})
        EXPECT_EQ(code_of(text), ErrorCode::kUnknownKey) << text << refused(text);
}

TEST(PolicyErrors, tells_wrong_types) {
    for (const auto* line :
         {"id2", "strict = \"yes\"", "shadow = 1", "risk = \"high\"", "tenant = \"7\"", "party = 3",
          "party = [1]", "max_age_hours = 1.5", "category = 7", "country = [\"FR\"]"}) {
        if (std::string(line) == "id2") continue;
        EXPECT_EQ(code_of(list_with(line)), ErrorCode::kWrongType) << line;
        EXPECT_EQ(refused(list_with(line)).rfind("policy.toml:7: ", 0), 0u)
            << refused(list_with(line));
    }
    for (const auto* text :
         {"[list]\nid = \"a\"\n", "[[failure]]\n", "[failure]\nbad_row = 1\n", "[codes]\nsip = 1\n",
          "[codes.sip]\nreject = \"608\"\n",
          "[[activity]]\nid = \"x\"\naction = \"tag\"\nwhen = \"calls\"\n",
          "[[activity]]\nid = \"x\"\naction = \"tag\"\nwhen = { calls_1h = 60 }\n",
          "trunk = \"x\"\n[[trunk]]\n"})
        EXPECT_NE(refused(text), "") << text;
}

TEST(PolicyErrors, tells_duplicate_ids_and_where_the_first_is) {
    EXPECT_EQ(refused(std::string(kList) + std::string(kList)),
              "policy.toml:8: id 'a' is taken by line 4; choose another");
    EXPECT_EQ(code_of(std::string(kList) +
                      "[[activity]]\nid = \"a\"\naction = \"tag\"\nwhen = { calls_1h = \">1\" }\n"),
              ErrorCode::kDuplicate);
    EXPECT_EQ(code_of("[[trunk]]\nid = \"t\"\nkind = \"roaming\"\n[[trunk]]\nid = \"t\"\n"),
              ErrorCode::kDuplicate);
    EXPECT_EQ(code_of("[[bind]]\nid = \"t\"\n[[bind]]\nid = \"t\"\n"), ErrorCode::kDuplicate);
    EXPECT_EQ(code_of("[caller_id]\nregions = [\"MM\", \"MM\"]\n"), ErrorCode::kDuplicate);
}

TEST(PolicyErrors, tells_ids_that_nothing_defines) {
    EXPECT_EQ(refused("[[trunk]]\nid = \"sbc-1\"\nkind = \"subscriber\"\n"
                      "[[bind]]\nid = \"b\"\ntrunk = \"sbc-2\"\n"),
              "policy.toml:8: no [[trunk]] has the id 'sbc-2'; did you mean 'sbc-1'?");
    EXPECT_EQ(code_of("[[bind]]\nid = \"b\"\ntrunk = \"x\"\n"), ErrorCode::kDangling);
}

TEST(PolicyErrors, tells_what_is_missing) {
    for (const auto* text :
         {"[[list]]\nfile = \"a.csv\"\naction = \"tag\"\n",
          "[[list]]\nid = \"a\"\naction = \"tag\"\n", "[[list]]\nid = \"a\"\nfile = \"a.csv\"\n",
          "[[activity]]\nid = \"x\"\naction = \"tag\"\n",
          "[[activity]]\nid = \"x\"\naction = \"tag\"\nwhen = {}\n", "[[trunk]]\nid = \"t\"\n",
          "[[patterns]]\n"})
        EXPECT_EQ(code_of(text), ErrorCode::kMissing) << refused(text);
    EXPECT_EQ(code_of(list_with("authority = \"tenant\"")), ErrorCode::kMissing);
    EXPECT_EQ(refused(list_with("authority = \"personal\"")), "");  // its rows say whose they are
    EXPECT_EQ(code_of(list_with("authority = \"personal\"\nformat = \"lines\"")),
              ErrorCode::kMissing);
    const auto nothing = Policy::parse("", "policy.toml");
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().code, ErrorCode::kMissing);
    EXPECT_NE(nothing.error().text.find("[screen]"), std::string::npos);
    const auto nowhere = Policy::parse("[screen]\n", "policy.toml");
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().code, ErrorCode::kMissing);
}

TEST(PolicyErrors, refuses_countries_without_a_plan_or_emergency_numbers) {
    const auto country = [](std::string_view name) {
        const auto policy =
            Policy::parse("[screen]\ncountry = \"" + std::string(name) + "\"\n", "p.toml");
        return policy ? "" : policy.error().text;
    };
    EXPECT_EQ(country("GB"), "");
    EXPECT_EQ(country("XX").rfind("p.toml:2: no dial plan is shipped for 'XX'; there are", 0), 0u)
        << country("XX");
    EXPECT_NE(country("ZW"), "");
    EXPECT_NE(country(""), "");
    EXPECT_NE(country("CHN"), "");
    EXPECT_EQ(refused(list_with("country = \"ZZ\"")).rfind("policy.toml:7: no dial plan", 0), 0u);

    data::PlanRow row = DialPlan::find(CountryCode("SG"))->row();
    row.emergency = {};
    const DialPlan silent(row);
    const auto status = check_plan("SG", &silent);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::kRefused);
}

TEST(PolicyErrors, refuses_regions_that_are_no_country) {
    EXPECT_EQ(refused("[caller_id]\nregions = [\"MM\", \"ZZ\"]\n"),
              "policy.toml:4: region 'ZZ' is no country; give ISO 3166 codes, such as \"MM\"");
    for (const auto* good : {"MM", "KH", "AE", "PH", "TH", "LA", "MY", "TR", "CA", "JM", "GG", "KZ",
                             "RE", "VA", "AX", "SJ", "PR"})
        EXPECT_EQ(refused("[caller_id]\nregions = [\"" + std::string(good) + "\"]\n"), "") << good;
}

TEST(PolicyErrors, refuses_a_subscriber_that_no_event_can_have) {
    EXPECT_EQ(refused(list_with("subscriber = \"13800001234\"")), "");
    for (const std::string slip : {"home", "", "1", "1380000123"})
        EXPECT_EQ(refused(list_with("subscriber = \"" + slip + "\"")),
                  "policy.toml:7: subscriber '" + slip + "' is no number");
}

TEST(PolicyErrors, tells_values_out_of_range) {
    for (const auto* line :
         {"risk = 1001", "risk = -1", "tenant = 0", "tenant = 4294967296", "max_age_hours = 0",
          "keys = \"numbers\"", "authority = \"polce\"", "party = []", "party = [\"caller\"]",
          "text_action = \"tag\"", "authority = \"police\"\ntenant = 3",
          "authority = \"global\"\nsubscriber = \"13800001234\"",
          "authority = \"personal\"\nkeys = \"domain\""})
        EXPECT_EQ(code_of(list_with(line)), ErrorCode::kOutOfRange)
            << line << refused(list_with(line));
    for (const auto* text :
         {"[codes.sip]\nreject = 200\n", "[codes.sip]\nreject = 700\n",
          "[codes.q850]\nreject = 128\n", "[codes.smpp]\nreject = -1\n",
          "[codes.smpp]\nreject = 0x100000000\n", "[reassembly]\nslots = 0\n",
          "[behaviour]\nmemory_mb = 0\n", "[expiry]\nwithin_s = -1\n",
          "[regex]\ncompile_seconds = 0\n", "[regex]\ncompile_seconds = 3601\n",
          "[regex]\ncompile_states = 0\n", "[regex]\ncompile_states = 10001\n",
          "[regex]\ncompile_mb = 0\n", "[regex]\nprogram = \"-\"\n",
          "[failure]\nbad_row = \"divert\"\n", "[[trunk]]\nid = \"t\"\nkind = \"none\"\n",
          "[[bind]]\nid = \"b\"\npacked = true\n"
          "default_alphabet = \"ucs2\"\n",
          "[[list]]\nid = \"a\"\nfile = \"-\"\naction = \"tag\"\n"})
        EXPECT_EQ(code_of(text), ErrorCode::kOutOfRange) << text << refused(text);
    EXPECT_NE(refused("[failure]\nbad_row = \"rejet\"\n").find("did you mean 'reject'?"),
              std::string::npos);
}

TEST(PolicyErrors, asks_for_the_parameter_of_an_action) {
    const auto rule = [](std::string_view rest) {
        return refused("[[activity]]\nid = \"x\"\nwhen = { calls_1h = \">1\" }\n" +
                       std::string(rest));
    };
    EXPECT_NE(rule("action = \"throttle\"\n").find("needs a rate"), std::string::npos);
    EXPECT_NE(rule("action = \"divert\"\n").find("needs a destination"), std::string::npos);
    EXPECT_EQ(rule("action = \"throttle\"\nrate = \"10/min\"\n"), "");
    for (const auto* rate : {"10", "/min", "0/s", "ten/s", "10/year", "1000000000/s"})
        EXPECT_NE(rule("action = \"throttle\"\nrate = \"" + std::string(rate) + "\"\n"), "")
            << rate;
}

TEST(PolicyErrors, lets_no_order_allow) {
    const std::string text = "[[list]]\nid = \"a\"\nfile = \"a\"\naction = \"allow\"\nauthority = ";
    EXPECT_EQ(code_of(text + "\"police\"\n"), ErrorCode::kOutOfRange);
    EXPECT_EQ(code_of(text + "\"card_state\"\n"), ErrorCode::kOutOfRange);
    EXPECT_EQ(refused(text + "\"global\"\n"), "");
}

TEST(PolicyErrors, tells_conditions_that_are_none) {
    const auto rule = [](std::string_view when) {
        return refused("[[activity]]\nid = \"x\"\naction = \"tag\"\nwhen = { " + std::string(when) +
                       " }\n");
    };
    EXPECT_EQ(rule("calls_1h = \">=60\""), "");
    EXPECT_NE(rule("cals_1h = \">=60\"").find("policy.toml:6: "), std::string::npos);
    EXPECT_NE(rule("cals_1h = \">=60\"").find("did you mean 'calls_1h'?"), std::string::npos);
    EXPECT_NE(rule("calls_1h = \"60\""), "");
    EXPECT_NE(rule("calls_1h = []"), "");
}

TEST(PolicyErrors, tells_trunks_that_cannot_be_read) {
    const auto trunk = [](std::string_view rest) {
        return refused("[[trunk]]\nid = \"t\"\nkind = \"national\"\n" + std::string(rest));
    };
    EXPECT_EQ(trunk("cli = [\"86755\"]\n").rfind("policy.toml:6: ", 0), 0u);
    EXPECT_EQ(trunk("cli = [\"+86755\"]\nprotected = [\"x\"]\n").rfind("policy.toml:7: ", 0), 0u);
}

TEST(PolicyErrors, refuses_ids_that_no_file_could_name) {
    for (const auto* id : {"", "a b", "a,b", "\\u00e9"})
        EXPECT_NE(refused("[[bind]]\nid = \"" + std::string(id) + "\"\n"), "") << id;
    EXPECT_NE(refused("[[bind]]\nid = \"" + std::string(65, 'a') + "\"\n"), "");
    EXPECT_EQ(refused("[[bind]]\nid = \"" + std::string(64, 'a') + "\"\n"), "");
}

// Every name that a policy chooses among: a slip is answered by the nearest, what is near to none by all.
TEST(PolicyErrors, offers_the_nearest_valid_name) {
    const auto activity = [](std::string_view when, std::string_view action) {
        return "[[activity]]\nid = \"x\"\nwhen = { " + std::string(when) + " }\naction = \"" +
               std::string(action) + "\"\n";
    };
    const std::pair<std::string, std::string> slips[] = {
        {list_with("party = \"caling\""), "calling"},
        {list_with("party = [\"text\", \"caled\"]"), "called"},
        {list_with("authority = \"polce\""), "police"},
        {list_with("keys = \"domian\""), "domain"},
        {list_with("format = \"csw\""), "csv"},
        {list_with("party = \"text\"\ntext_action = \"hodl\""), "hold"},
        {"[[list]]\nid = \"a\"\nfile = \"a.csv\"\naction = \"tagg\"\n", "tag"},
        {activity("callz = \">1\"", "tag"), "calls_1h"},
        {activity("calls_1h = \">1\"", "chalenge"), "challenge"},
        {"[failure]\nbad_row = \"alow\"\n", "allow"},
        {"[[trunk]]\nid = \"t\"\nkind = \"roming\"\n", "roaming"},
        {"[[trunk]]\nid = \"t\"\nkind = \"roaming\"\nformat = \"natoinal\"\n", "national"},
        {"[[bind]]\nid = \"b\"\ndefault_alphabet = \"gsm\"\n", "gsm7"},
        {"[codes.sip]\nrejekt = 603\n", "reject"},
        {"[codes.sip]\ncli_missng = 603\n", "cli_missing"}};
    for (const auto& [text, name] : slips) {
        EXPECT_NE(refused(text).find("; did you mean '" + name + "'?"), std::string::npos)
            << text << refused(text);
    }
    for (const auto& [text, names] :
         {std::pair<std::string, std::string>{list_with("party = \"xyz\""),
                                              "; use one of calling, called, text"},
          {activity("xyz = \">1\"", "tag"), "; use one of calls_1h calls_24h"}})
        EXPECT_NE(refused(text).find(names), std::string::npos) << refused(text);
}

TEST(PolicyErrors, tells_who_names_a_file_that_cannot_be_read) {
    const test::ScratchDir folder;
    const auto error_of = [&](std::string_view rules) {
        const auto policy = Policy::load(folder.file(
            "p.toml", std::string(test::kChina) + "\n[[patterns]]\n" + std::string(rules)));
        EXPECT_FALSE(policy);
        return policy ? "" : policy.error().text;
    };
    const std::string here = folder.path("p.toml") + ":5: '";
    EXPECT_EQ(error_of("file = \"none.toml\"\n"),
              here + folder.path("none.toml") + "' does not exist; check the path");
    EXPECT_EQ(error_of("file = \"../\"\n").rfind(here, 0), 0u);
    EXPECT_NE(error_of("file = \"../\"\n").find("' is a directory; name a file"),
              std::string::npos);

    // What is about the content of a file stands at its own place, and so does a file that it names.
    const std::string pack = folder.file("pack.toml", "[pack]\nid = \"p\"\ndata = [\"no.toml\"]\n");
    EXPECT_EQ(error_of("file = \"pack.toml\"\n"),
              pack + ":3: '" + folder.path("no.toml") + "' does not exist; check the path");
    folder.file("pack.toml", "[pack\n");
    EXPECT_EQ(error_of("file = \"pack.toml\"\n").rfind(pack + ":", 0), 0u);
}

TEST(PolicyErrors, bears_files_that_are_none) {
    const test::ScratchDir folder;
    for (const auto& path : {folder.path("absent.toml"), folder.path("")}) {
        const auto policy = Policy::load(path);
        ASSERT_FALSE(policy);
        EXPECT_EQ(policy.error().code, ErrorCode::kUnreadable);
        EXPECT_NE(policy.error().text.find(path), std::string::npos);
    }
    for (const auto* bytes :
         {"\xFF\xFE", "[screen", "[screen]\ncountry = \"CN\n", "a = 1\na = 2\n"}) {
        const auto policy = Policy::load(folder.file("bad.toml", bytes));
        ASSERT_FALSE(policy);
        EXPECT_EQ(policy.error().text.rfind(folder.path("bad.toml"), 0), 0u) << policy.error().text;
        EXPECT_EQ(policy.error().text.find('\n'), std::string::npos);
    }
    EXPECT_TRUE(
        Policy::load(folder.file("bom.toml", "\xEF\xBB\xBF[screen]\r\ncountry = \"CN\"\r\n")));
}

}  // namespace
}  // namespace ringfence
