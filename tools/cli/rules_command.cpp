// What `ringfence rules` asks for, and the help that teaches it.
#include <CLI/CLI.hpp>

#include "tools/cli/option_values.hpp"
#include "tools/cli/rules_verbs.hpp"
#include "tools/cli/terminal.hpp"

namespace ringfence::cli {
namespace {

constexpr const char* kRulesFooter =
    "For who writes rules: nothing here touches a policy or a running switch. docs/rules.md is "
    "the\n"
    "manual of the language.\n"
    "\n"
    "A FILE of messages is an sms.csv where its name ends in .csv or .csv.zst, and holds one "
    "message\n"
    "of UTF-8 a line otherwise. Messages are shown only where --show asks for it; mine shows\n"
    "phrases of them.\n"
    "\n"
    "Exit codes: 0 done; 1 check found an error; 2 usage, or an input that cannot be used;\n"
    "3 output could not be written.";

CLI::App* add_verb(CLI::App& rules, RulesCommand& options, const char* verb, const char* help) {
    CLI::App* command = rules.add_subcommand(verb, help);
    command->add_flag("--json", options.json, "JSON, an object a line");
    command->callback([&options, verb] { options.verb = verb; });
    return command;
}

void packs_of(CLI::App* command, RulesCommand& options) {
    command->add_option("packs", options.packs, "packs of rules (TOML)")
        ->required()
        ->check(not_empty());
}

void pack_option_of(CLI::App* command, RulesCommand& options) {
    command
        ->add_option("--pack", options.packs,
                     "the pack it is in; more of them, and it is tried in their company")
        ->required()
        ->check(not_empty());
}

// A policy sets them in [regex], and these verbs read none.
void limits_of(CLI::App* command, RulesCommand& options) {
    number_option_of_default(command, "--compile-seconds", options.limits.seconds, 1u,
                             RegexLimits::kMostSeconds,
                             "of processor time for a regular expression, as [regex] of a policy");
    number_option_of_default(command, "--compile-mb", options.limits.memory_mb, 1u,
                             RegexLimits::kMostMegabytes,
                             "of memory for regular expressions, as [regex] of a policy");
    number_option_of_default(command, "--compile-states", options.limits.states, 1u,
                             RegexLimits::kMostStates,
                             "positions of a regular expression, as [regex] of a policy");
}

void add_mine(CLI::App& rules, RulesCommand& options) {
    auto* command = add_verb(rules, options, "mine", "Propose phrases that tell spam from ham");
    command->add_option("--spam", options.spam, "messages that a rule should find")
        ->required()
        ->check(not_empty());
    command->add_option("--ham", options.ham, "messages that it must leave alone")
        ->required()
        ->check(not_empty());
    command->add_option("--view", options.view, "dense for Chinese, light for languages of words")
        ->capture_default_str()
        ->check(CLI::IsMember({"dense", "light"}));
    number_option_of_default(
        command, "--min", options.least, std::uint64_t{2},
        std::numeric_limits<std::uint64_t>::max(),
        "messages of spam, no two the same, that a phrase must be in, and must add");
    number_option_of_default(command, "--precision", options.precision, 0u, 1000u,
                             "of the messages that hold it, spam, in thousandths");
    number_option_of_default(command, "--shortest", options.min_units, 1u, 64u,
                             "units of a phrase");
    number_option_of_default(command, "--longest", options.max_units, 1u, 64u, "units of a phrase");
    number_option_of_default(command, "--most", options.most, std::uint64_t{1},
                             std::uint64_t{100'000}, "phrases proposed");
    command->footer(
        "Example: ringfence rules mine --spam spam.txt --ham ham.txt --view light --shortest 4 "
        "--longest 30\n"
        "It shows phrases of the spam: keep what it prints as you keep the messages.\n"
        "One phrase a row: in how much spam and ham it is, its precision, and how much spam it "
        "adds "
        "to\n"
        "the phrases above it. Proposals, folded: read them, and write rules with samples of your "
        "own.");
}

}  // namespace

void add_rules(CLI::App& app, RulesCommand& options) {
    auto* rules = app.add_subcommand("rules", "Check, try, measure and find content rules");
    rules->require_subcommand(1);
    rules->footer(kRulesFooter);

    auto* check = add_verb(*rules, options, "check",
                           "Samples, contradictions, doubles, and what each rule costs");
    packs_of(check, options);
    limits_of(check, options);
    check->footer("Example: ringfence rules check rules/zh-fraud.toml rules/zh-ads.toml");

    auto* tier = add_verb(*rules, options, "tier", "How a rule is looked for, and why");
    tier->add_option("rule", options.rule, "id of a rule; default all")->check(not_empty());
    pack_option_of(tier, options);
    limits_of(tier, options);
    tier->footer("Example: ringfence rules tier zh.task_rebate.likes --pack rules/zh-fraud.toml");

    auto* attempt = add_verb(*rules, options, "try", "What a rule would have matched in a corpus");
    attempt->add_option("rule", options.rule, "id of a rule")->required()->check(not_empty());
    attempt->add_option("file", options.file, "messages; - reads a pipe")
        ->required()
        ->check(not_empty());
    pack_option_of(attempt, options);
    limits_of(attempt, options);
    attempt->add_flag("--show", options.show, "print the messages that it matches");
    attempt->footer(
        "Example: ringfence rules try zh.task_rebate.likes day/sms.csv --pack "
        "rules/zh-fraud.toml\n"
        "Before a rule goes live: how many messages it matches, how many of them no other rule of "
        "the\n"
        "packs finds, and the rows of the first ten.");

    add_mine(*rules, options);

    auto* bench =
        add_verb(*rules, options, "bench", "What the packs cost: to build, to keep, a message");
    packs_of(bench, options);
    limits_of(bench, options);
    bench
        ->add_option("--messages", options.file, "messages to scan; default the packs' own samples")
        ->check(not_empty());
    bench->footer("Example: ringfence rules bench rules/zh-fraud.toml --messages day/sms.csv");
}

Result<RuleSet> load_packs(const RulesCommand& command) {
    RuleSet all;
    for (const std::string& path : command.packs) {
        auto pack = RuleSet::load(path, {.streams = true});
        if (!pack) return pack.error();
        if (Status added = all.add(std::move(*pack)); !added) return added.error();
    }
    return all;
}

int run(const RulesCommand& command) {
    if (command.verb == "check") return check_rules(command);
    if (command.verb == "tier") return show_tiers(command);
    if (command.verb == "try") return try_rule(command);
    if (command.verb == "mine") return mine_rules(command);
    return bench_rules(command);
}

}  // namespace ringfence::cli
