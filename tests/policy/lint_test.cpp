#include "ringfence/policy/lint.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "policy/policy_text.hpp"
#include "ringfence/source/time_text.hpp"
#include "source/files.hpp"

namespace ringfence {
namespace {

class Lint : public testing::Test {
protected:
    // "kind: text" of each finding, the folder's path cut out.
    std::vector<std::string> lint_of(std::string_view text, std::optional<Time> now = {}) {
        const std::string path =
            folder_.file("policy.toml", std::string(test::kChina) + std::string(text));
        std::vector<std::string> texts;
        for (const LintFinding& finding : lint(path, now)) {
            std::string line = std::string(name_of(finding.kind)) + ": " + finding.text;
            for (std::size_t at; (at = line.find(folder_.path(""))) != std::string::npos;)
                line.erase(at, folder_.path("").size());
            texts.push_back(line);
        }
        return texts;
    }
    using Texts = std::vector<std::string>;

    test::ScratchDir folder_;
};

std::string list(std::string_view id, std::string_view action, std::string_view more = "") {
    return "[[list]]\nid = \"" + std::string(id) + "\"\nfile = \"" + std::string(id) +
           ".csv\"\naction = \"" + std::string(action) + "\"\n" + std::string(more);
}

TEST_F(Lint, has_nothing_to_say_about_a_sound_policy) {
    folder_.file("a.csv", "number,kind,action\n17000001234,,\n17000003,prefix,tag\n");
    folder_.file("b.csv", "number\n17000001235\n");
    EXPECT_EQ(lint_of(list("a", "reject") + list("b", "allow") +
                      "[[activity]]\nid = \"x\"\naction = \"tag\"\nwhen = { calls_1h = \">9\" }\n"),
              Texts{});
}

TEST_F(Lint, holds_each_subscribers_entries_apart) {
    folder_.file(
        "a.csv",
        "subscriber,number,action\n13800002222,17000001234,\n13800003333,17000001234,allow\n"
        "13800002222,17000001235,\n+86 138 0000 2222,17000001234,\n");
    EXPECT_EQ(
        lint_of(list("a", "reject", "authority = \"personal\"\n")),
        (Texts{"duplicate_entry: a.csv:5: '8617000001234' stands on line 2 already; remove one"}));
}

TEST_F(Lint, warns_of_a_rate_or_destination_that_nothing_uses) {
    folder_.file("a.csv", "number\n17000001234\n");
    folder_.file("b.csv", "number,action\n17000001235,throttle\n");
    folder_.file("c.csv", "number\n17000001236\n");
    folder_.file("p.toml",
                 "[pack]\nid = \"p\"\nview = \"dense\"\n[[rule]]\nid = \"p.one\"\ncategory = "
                 "\"x\"\naction = \"hold\"\ntext = [\"abcdef\"]\nmust_match = [\"abcdef\"]\n");
    const std::string rule = "when = { calls_1h = \">9\" }\nrate = \"1/s\"\n";
    EXPECT_EQ(
        lint_of(list("a", "reject", "rate = \"10/min\"\n") +
                list("b", "reject", "rate = \"10/min\"\n") +
                list("c", "divert", "destination = \"17000001111\"\n") +
                "[[activity]]\nid = \"x\"\naction = \"reject\"\n" + rule +
                "[[activity]]\nid = \"y\"\naction = \"throttle\"\n" +
                "when = { calls_1h = \">99\" }\nrate = \"1/s\"\n" +
                "[[patterns]]\nfile = \"p.toml\"\ndestination = \"17000001111\"\n"),
        (Texts{"no_effect: policy.toml:3: list 'a' has a rate, and neither it nor a row asks for "
               "throttle; remove 'rate' or change an action",
               "no_effect: policy.toml:18: activity rule 'x' has a rate, and nothing there asks "
               "for throttle; remove 'rate' or change the action",
               "no_effect: policy.toml:28: pack 'p.toml' has a destination, and nothing there "
               "asks for divert; remove 'destination' or change the action"}));
}

TEST_F(Lint, warns_of_a_brand_that_owns_a_public_suffix) {
    folder_.file("p.toml",
                 "[pack]\nid = \"p\"\n[[rule]]\nid = \"p.one\"\ncategory = \"x\"\n"
                 "action = \"tag\"\ntext = [\"abcdef\"]\nforeign_to = [\"com.cn\", "
                 "\"icbc.com.cn\", \"gov.uk\", \"gc.ca\", \"bit.ly\", \"1.2.3.4\"]\n"
                 "must_match = [\"abcdef http://a1.top\"]\n");
    EXPECT_EQ(lint_of("[[patterns]]\nfile = \"p.toml\"\n"),
              Texts{"too_wide: p.toml:4: rule 'p.one' takes 'com.cn' for its brand's own, a public "
                    "suffix below which anybody may have a host; name the brand's hosts in "
                    "'foreign_to'"});
}

TEST_F(Lint, warns_of_a_journal_in_a_folder_that_is_not_there) {
    const std::string path = folder_.file(
        "policy.toml", "[screen]\ncountry = \"CN\"\njournal = \"state/live.journal\"\n");
    const auto findings = lint(path);
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(name_of(findings[0].kind), "no_folder");
    EXPECT_FALSE(findings[0].is_error());
    EXPECT_NE(findings[0].text.find("state' of the journal is not there"), std::string::npos)
        << findings[0].text;
    folder_.file("policy.toml", "[screen]\ncountry = \"CN\"\njournal = \"live.journal\"\n");
    EXPECT_TRUE(lint(path).empty());
}

TEST_F(Lint, gives_the_error_of_a_policy_that_does_not_load) {
    EXPECT_EQ(lint_of("[lists]\n"),
              Texts{"error: policy.toml:3: unknown key 'lists'; did you mean 'list'?"});
}

TEST_F(Lint, warns_of_an_emergency_number_on_a_list_that_blocks) {
    folder_.file("a.csv", "number,kind,category\n110,,x\n11,prefix,\n17000001234,,\n");
    const Texts texts = lint_of(list("a", "reject", "party = [\"called\"]\n"));
    ASSERT_EQ(texts.size(), 2u) << testing::PrintToString(texts);
    EXPECT_EQ(texts[0],
              "emergency: a.csv:2: '86110' is the emergency number 110, calls to which are never "
              "blocked; there the entry does nothing");
    EXPECT_EQ(texts[1].rfind("emergency: a.csv:3: '8611' covers the emergency number ", 0), 0u)
        << texts[1];
    const Texts caller = lint_of(list("a", "reject"));
    ASSERT_FALSE(caller.empty());
    EXPECT_NE(caller[0].find("the entry only blocks calls that show it as the caller"),
              std::string::npos)
        << caller[0];
    EXPECT_EQ(lint_of(list("a", "tag")), Texts{});
    EXPECT_EQ(lint_of(list("a", "reject", "shadow = true\n")), Texts{});
}

TEST_F(Lint, reports_lists_that_cannot_be_read_and_bad_rows) {
    folder_.file("b.csv", "number\n1700000123x\n17000001234\n");
    folder_.file("c.csv", "number\n");
    const Texts texts = lint_of(list("a", "reject") + list("b", "tag") + list("c", "tag"));
    ASSERT_EQ(texts.size(), 3u);
    EXPECT_EQ(texts[0].rfind("error: a.csv", 0), 0u) << texts[0];
    EXPECT_EQ(texts[1].rfind("bad_row: b.csv:2: '1700000123x' has a letter at 11", 0), 0u)
        << texts[1];
    EXPECT_EQ(texts[2], "empty: c.csv: holds no entry");
}

TEST_F(Lint, finds_an_allow_against_a_block_at_the_same_place) {
    folder_.file("a.csv", "number,kind\n17000001234,\n17000003,prefix\n");
    folder_.file("b.csv", "number,kind\n170 0000 1234,\n17000003,prefix\n");
    EXPECT_EQ(lint_of(list("a", "allow") + list("b", "reject")),
              (Texts{"contradiction: b.csv:2: blocks '8617000001234', which a.csv:2 allows: tagged",
                     "contradiction: b.csv:3: blocks '8617000003', which a.csv:3 allows: tagged"}));
    // Another tier, owner or party is another place.
    const auto contradictions = [&](std::string_view of_a, std::string_view of_b) {
        const Texts texts = lint_of(list("a", "allow", of_a) + list("b", "reject", of_b));
        return std::count_if(texts.begin(), texts.end(), [](const std::string& text) {
            return text.rfind("contradiction", 0) == 0;
        });
    };
    EXPECT_EQ(contradictions("", ""), 2);
    EXPECT_EQ(contradictions("tenant = 7\n", ""), 0);
    EXPECT_EQ(contradictions("tenant = 7\n", "tenant = 7\n"), 2);
    EXPECT_EQ(contradictions("tenant = 7\n", "tenant = 8\n"), 0);
    EXPECT_EQ(contradictions("", "party = \"called\"\n"), 0);
    EXPECT_EQ(contradictions("shadow = true\n", ""), 0);
}

TEST_F(Lint, finds_entries_that_stand_twice_or_say_nothing_new) {
    folder_.file("a.csv",
                 "number,kind,action\n"
                 "17000001234,,\n"        // 2
                 "170-0000-1234,,\n"      // 3: twice
                 "17000001234,,allow\n"   // 4: contradiction
                 "17000003,prefix,\n"     // 5
                 "17000003123,,\n"        // 6: covered
                 "17000003124,,tag\n"     // 7: says something else
                 "170000031,prefix,\n"    // 8: covered
                 "17000004###,prefix,\n"  // 9
                 "17000004123,,\n");      // 10: covered
    EXPECT_EQ(
        lint_of(list("a", "reject")),
        (Texts{"duplicate_entry: a.csv:3: '8617000001234' stands on line 2 already; remove one",
               "contradiction: a.csv:4: '8617000001234' stands on line 2 already, and one allows "
               "what the other blocks: tagged",
               "shadowed: a.csv:6: '8617000003123' is covered by the prefix of line 5 with the "
               "same meaning",
               "shadowed: a.csv:8: '86170000031' is covered by the prefix of line 5 with the same "
               "meaning",
               "shadowed: a.csv:10: '8617000004123' is covered by the prefix of line 9 with the "
               "same meaning"}));
}

TEST_F(Lint, names_the_lines_of_entries_that_can_meet_nothing) {
    folder_.file("a.csv",
                 "number,kind\n"
                 "86138001,prefix\n"      // 2: +86138001
                 "138001380001,prefix\n"  // 3
                 "868613,prefix\n"        // 4
                 "*.example.com,domain\n"
                 "not a domain,domain\n"        // 6
                 "example,domain\n"             // 7
                 "wechat:abc12345,account\n");  // 8
    Texts starts;
    for (const std::string& text : lint_of(list("a", "reject")))
        starts.push_back(text.substr(0, text.find(' ', text.find("a.csv"))));
    std::ranges::sort(starts);
    EXPECT_EQ(starts, (Texts{"bad_row: a.csv:3:", "bad_row: a.csv:6:", "bad_row: a.csv:8:",
                             "too_wide: a.csv:7:", "unknown_range: a.csv:4:"}));
}

TEST_F(Lint, finds_prefixes_that_are_too_wide) {
    folder_.file("a.csv", "number,kind\n138,prefix\n");
    const Texts texts = lint_of(list("a", "reject"));
    ASSERT_EQ(texts.size(), 1u);
    EXPECT_EQ(texts[0].rfind("too_wide: a.csv:2: +86138 covers about", 0), 0u) << texts[0];
    EXPECT_EQ(lint_of(list("a", "reject", "wide = true\n")), Texts{});
}

TEST_F(Lint, warns_of_what_has_expired_and_what_is_to_come) {
    const Time now = *parse_time("2026-03-01");
    folder_.file("a.csv",
                 "number,expires,since\n17000001234,2026-03-01,\n17000001235,2026-02-01,x\n"
                 "17000001236,2020-01-01,2019-01-01\n");
    const std::string policy = list("a", "reject");
    const Texts dead = lint_of(policy, now);
    ASSERT_EQ(dead.size(), 2u);
    EXPECT_EQ(dead[0].rfind("bad_row: a.csv:3:", 0), 0u) << dead[0];
    EXPECT_EQ(dead[1],
              "due: a.csv: every row has expired by 2026-03-01T00:00:00Z, so that the list holds "
              "nothing; renew them or take the list out");
    EXPECT_EQ(lint_of(policy).size(), 1u) << "nobody said what time it is";
    folder_.file("a.csv",
                 "number,expires,since\n17000001234,2020-03-01,\n17000001235,,2026-03-02\n"
                 "17000001236,,2026-03-03\n");
    EXPECT_EQ(lint_of(policy, now),
              Texts{"future: a.csv:4: '8617000001236' is known since 2026-03-03T00:00:00Z, which "
                    "is to come; give the day since when it is known"});
    // The date of the file counts where rows take theirs from it.
    folder_.file("a.csv", "number\n17000001234\n");
    const Time old = *parse_time("2000-01-01");
    EXPECT_EQ(lint_of(policy, old), Texts{});
    for (const char* more : {"automatic = true\n", "max_age_hours = 48\n"}) {
        const Texts texts = lint_of(list("a", "reject", more), old);
        ASSERT_EQ(texts.size(), 1u) << more;
        EXPECT_EQ(texts[0].rfind("future: a.csv: the file is dated ", 0), 0u) << texts[0];
    }
}

TEST_F(Lint, finds_lists_that_nothing_can_meet) {
    folder_.file("a.csv", "number\nx1.example\n");
    EXPECT_EQ(lint_of(list("a", "tag", "keys = \"sender\"\nparty = \"text\"\n")).size(), 1u);
    EXPECT_EQ(
        lint_of(list("a", "tag", "keys = \"domain\"\nparty = \"calling\"\n")),
        Texts{"unreachable: policy.toml:3: list 'a' is of what only texts name; put \"text\" into "
              "'party'"});
}

std::string rule(std::string_view id, std::string_view action, std::string_view when,
                 std::string_view more = "") {
    return "[[activity]]\nid = \"" + std::string(id) + "\"\naction = \"" + std::string(action) +
           "\"\nwhen = { " + std::string(when) + " }\n" + std::string(more);
}

TEST_F(Lint, finds_behaviour_rules_that_never_hold_or_decide) {
    const auto kinds = [&](const std::string& text) {
        std::string all;
        for (const std::string& one : lint_of(text)) all += one.substr(0, one.find(':')) + " ";
        return all;
    };
    EXPECT_EQ(kinds(rule("a", "tag", "calls_1h = [\">=60\", \"<60\"]")), "unreachable ");
    EXPECT_EQ(kinds(rule("a", "tag", "calls_1h = [\">=60\", \"<0\"]")), "unreachable ");
    EXPECT_EQ(kinds(rule("a", "tag", "calls_1h = [\">=60\", \"<=60\"]")), "");
    EXPECT_EQ(kinds(rule("a", "tag", "callees = \">=60\"")), "no_gate ");

    const std::string wide = "calls_1h = \">=60\"";
    const std::string narrow = "calls_1h = \">=80\", callees = \"<10\"";
    // Wherever the narrow rule holds the wide one does: of two blocks the milder stands.
    EXPECT_EQ(kinds(rule("wide", "challenge", wide) + rule("narrow", "reject", narrow)),
              "unreachable ");
    EXPECT_EQ(kinds(rule("wide", "reject", wide) + rule("narrow", "challenge", narrow)), "");
    EXPECT_EQ(kinds(rule("wide", "reject", wide) + rule("narrow", "reject", narrow)),
              "unreachable ");
    EXPECT_EQ(kinds(rule("narrow", "reject", narrow) + rule("wide", "reject", wide)), "");
    EXPECT_EQ(
        kinds(rule("wide", "reject", wide) + rule("narrow", "reject", narrow, "risk = 900\n")), "");
    EXPECT_EQ(kinds(rule("wide", "allow", wide) + rule("narrow", "reject", narrow)),
              "contradiction ");
    EXPECT_EQ(kinds(rule("wide", "reject", wide) + rule("narrow", "tag", narrow)), "unreachable ");
    EXPECT_EQ(kinds(rule("wide", "tag", wide) + rule("narrow", "reject", narrow)), "");
    EXPECT_EQ(kinds(rule("wide", "challenge", wide, "shadow = true\n") +
                    rule("narrow", "reject", narrow)),
              "");
}

TEST_F(Lint, finds_trunk_keys_and_regions_without_effect) {
    EXPECT_EQ(lint_of("[[trunk]]\nid = \"t\"\nkind = \"international\"\nprotected = [\"96110\"]\n"
                      "[caller_id]\nregions = [\"CN\"]\n")
                  .size(),
              2u);
}

}  // namespace
}  // namespace ringfence
