// policy.hpp - the policy file, read, checked and numbered: what screening is to do.
//
// One TOML file says all; docs/policy.md has every key with its default. Paths in it are relative to it.
// Every key is checked: an unknown one, a wrong type, an id that nothing defines or two things do, is an
// error `policy.toml:12: what, and what to do`.
//
// Rules (lists, activity rules, pattern rules) have numbers from 1 in the order of the file, lists first, then
// activity, then patterns, then senders, the score, templates and campaigns; the number is what Finding::rule and Verdict::rule carry. 0 is no rule.
//
// Readers: after loading, a value that is only read; copies are deep. Lists are named here, not read: that is
// list_reader.hpp, with `list_source(i)`; what their rows intern goes into `categories` before publishing, and
// `meanings` then says what each list index means.
// Cost: about 1 KB a rule; loading is the packs' cost.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/activity/condition.hpp"
#include "ringfence/base/result.hpp"
#include "ringfence/caller_id/trunk_rules.hpp"
#include "ringfence/lists/list_reader.hpp"
#include "ringfence/lists/sub_lists.hpp"
#include "ringfence/number/country.hpp"
#include "ringfence/pattern/regex_limits.hpp"
#include "ringfence/pattern/rules.hpp"
#include "ringfence/policy/categories.hpp"
#include "ringfence/policy/codes.hpp"
#include "ringfence/policy/failure.hpp"
#include "ringfence/policy/list_meaning.hpp"
#include "ringfence/policy/score_rule.hpp"
#include "ringfence/policy/sender_rule.hpp"
#include "ringfence/policy/template_rule.hpp"

namespace ringfence {

class DialPlan;

enum class RuleKind : std::uint8_t {
    kNone = 0,
    kList = 1,
    kActivity = 2,
    kPattern = 3,
    kScore = 4,
    kSenders = 5,
    kTemplates = 6,
    kCampaigns = 7
};

// One numbered rule.
struct Rule {
    std::string id;
    RuleKind kind = RuleKind::kNone;
    Action action = Action::kAllow;
    std::uint16_t category = 0;
    std::uint16_t risk = 0;  // 0-1000
    bool shadow = false;
    bool enabled = true;      // false for a pattern rule that [[patterns]] disables
    std::string rate;         // of a throttle: "10/min"
    std::string destination;  // of a divert
    std::uint32_t line = 0;   // of the policy, or of a pack for a pattern rule
};

// [[list]]
struct PolicyList {
    ListSource source;  // id, path, format, strict
    CountryCode country;
    ListMeaning meaning;  // of rows that say nothing of their own
    std::optional<Milliseconds> max_age;
    bool automatic = false;  // a program fills it: source.lifetime is what [expiry] says
    std::uint32_t line = 0;
};

// [[activity]]
struct ActivityRule {
    std::string id;
    std::vector<ActivityCondition> when;
    ActivityGate gate;
    Finding finding;  // complete: stage kBehaviour, party kCalling
    std::uint32_t line = 0;
};

// [[patterns]]: one pack.
struct PatternPack {
    std::string path;
    std::uint32_t first_rule = 0;  // of the pack's rules in pattern_rules()
    std::uint32_t rules = 0;
    bool shadow = false;
    std::uint32_t line = 0;
};

// [[trunk]]
struct PolicyTrunk {
    std::string id;
    TrunkRules rules;
    std::uint32_t line = 0;
};

// What 0 in data_coding means on a bind.
enum class BindAlphabet : std::uint8_t {
    kGsm7 = 0,
    kAscii = 1,
    kLatin1 = 2,
    kUcs2 = 3,
    kUtf8 = 4,
    kCyrillic = 5,
    kHebrew = 6,
    kShiftJis = 7,
    kKsC5601 = 8,
    kGb18030 = 9,
};

// [[bind]]
struct PolicyBind {
    std::string id;
    BindAlphabet default_alphabet = BindAlphabet::kGsm7;
    bool packed = false;               // short_message holds GSM 7-bit packed
    std::vector<std::string> senders;  // folded (fold_key), sorted; empty: any sender
    std::optional<std::size_t> trunk;  // in trunks: whose rules hold for an SMS that names none
    std::uint32_t line = 0;

    // Whether this sender may appear on the bind; `folded` as fold_key gives it. Threads: any thread.
    bool may_send(std::string_view folded) const;
};

// [reassembly] and [behaviour]
struct ReassemblySettings {
    static constexpr std::size_t kMostSlots = std::size_t{1} << 22;

    std::size_t slots = 4096;
    Milliseconds timeout{300'000};
};
// [expiry]
struct ExpirySettings {
    Milliseconds within{60'000};  // an entry is off its list at the latest so long after it expired
    // How long an entry of an automatic list stays that names no expiry.
    Milliseconds automatic = std::chrono::days(30);
};
struct BehaviourSettings {
    std::size_t memory_bytes = std::size_t{64} << 20u;
    std::uint32_t short_call_s = 10;
};

struct Policy {
    static constexpr std::size_t kMaxLists = 4'096;
    static constexpr std::size_t kMaxActivityRules = 1'024;
    static constexpr std::size_t kMaxTemplates = 64;  // tables
    static constexpr std::size_t kMaxTrunks = 16'384;
    static constexpr std::size_t kMaxBinds = 16'384;
    static constexpr std::uint16_t kMaxRisk = 1'000;

    // The policy in the file at `path`, with its pattern packs (not compiled). Fails at the first error; a fault in
    // a list's file is none.
    // Threads: any thread.
    static Result<Policy> load(const std::string& path);

    // The same from text; `path` is what errors say and what paths are relative to. Threads: any thread.
    static Result<Policy> parse(std::string_view toml, const std::string& path);

    std::string path;
    const DialPlan* plan = nullptr;  // of `country`; never null after loading
    CountryCode country;
    std::string redress_address;  // of a 608 (RFC 8688); may be empty
    std::string journal_path;     // of live changes; empty: they live in memory
    std::string image_path;       // where the lists are read from; empty: from their files
    std::uint32_t image_line = 0;
    std::vector<CountryCode> regions;  // foreign regions that tag, sorted

    std::vector<PolicyList> lists;
    std::vector<ActivityRule> activity;
    ActivityGate activity_gate;  // before all activity rules
    std::vector<PatternPack> packs;
    RuleSet pattern_rules;
    RegexLimits regex_limits;
    std::uint32_t regex_line = 0;  // of a limit that [regex] sets; 0: it sets none
    std::optional<SenderRule> senders;
    std::optional<ScoreRule> score;
    std::vector<TemplateRule> templates;
    std::optional<CampaignRule> campaigns;
    std::vector<PolicyTrunk> trunks;
    std::vector<PolicyBind> binds;
    Failure failure;
    Codes codes;
    ReassemblySettings reassembly;
    BehaviourSettings behaviour;
    ExpirySettings expiry;

    Categories categories;
    std::vector<Rule> rules{1};  // [0] is no rule

    // The rule of list i, activity rule i, pattern rule i. Threads: any thread.
    std::uint32_t rule_of_list(std::size_t i) const { return static_cast<std::uint32_t>(1 + i); }
    std::uint32_t rule_of_activity(std::size_t i) const {
        return static_cast<std::uint32_t>(1 + lists.size() + i);
    }
    std::uint32_t rule_of_pattern(std::size_t i) const {
        return static_cast<std::uint32_t>(1 + lists.size() + activity.size() + i);
    }

    // The finding that a match of pattern rule i makes, but for its offset and length; one of stage kNone (which
    // decides nothing) when the policy disables the rule. Threads: any thread.
    Finding pattern_finding(std::size_t i) const;

    // Positions by id. Threads: any thread.
    std::optional<std::size_t> find_list(std::string_view id) const;
    std::optional<std::size_t> find_trunk(std::string_view id) const;
    std::optional<std::size_t> find_bind(std::string_view id) const;

    // What each index of `sub_lists` means; interns their categories. Fails as Categories::intern does.
    // Threads: one thread per object.
    Result<std::vector<ListMeaning>> meanings(const SubLists& sub_lists);

    // The parameter of a rule under an action: its rate for throttle, its destination for divert, else empty.
    // Threads: any thread.
    std::string_view param(std::uint32_t rule, Action action) const;
};

}  // namespace ringfence
