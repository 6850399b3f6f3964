// What `ringfence lists` asks for, and the help that teaches it.
#include <CLI/CLI.hpp>

#include "tools/cli/commands.hpp"
#include "tools/cli/option_values.hpp"

namespace ringfence::cli {
namespace {

constexpr const char* kListsFooter =
    "What these commands act on: the files that the policy's lists name, and the policy's journal\n"
    "of live changes. load and reconcile write the list's file (beside it first, then in its\n"
    "place); add, remove and expire write the journal; show, stats, export and diff only read.\n"
    "\n"
    "A running switch holds the journal, and reads the files when it is told to: add and remove\n"
    "then fail and say so, and after load or reconcile tell the switch, which follows without a\n"
    "rebuild: Screen::reconcile(list), or reload. One process at a time holds a journal.\n"
    "\n"
    "Formats of FILE: csv, lines, patterns, phoneblock, secfilter, secfilter-dst, htable; any may\n"
    "be compressed with zstd. docs/lists.md describes them.\n"
    "\n"
    "Exit codes: 0 done; 2 usage, an input that cannot be used, or a change that was refused;\n"
    "3 output could not be written.";

CLI::App* add_verb(CLI::App& lists, ListsCommand& options, const char* verb, const char* help) {
    CLI::App* command = lists.add_subcommand(verb, help);
    command->add_flag("--json", options.json, "JSON, an object a line");
    command->callback([&options, verb] { options.verb = verb; });
    return command;
}

void policy_of(CLI::App* command, ListsCommand& options) {
    command->add_option("--policy", options.policy, "the policy (TOML)")
        ->required()
        ->check(not_empty());
}
void list_of(CLI::App* command, ListsCommand& options) {
    command->add_option("list", options.list, "id of a [[list]] of the policy")
        ->required()
        ->check(not_empty());
}
void subscriber_of(CLI::App* command, ListsCommand& options, const char* help) {
    command->add_option("--subscriber", options.subscriber, help)->check(not_empty());
}
void dry_run_of(CLI::App* command, ListsCommand& options) {
    command->add_flag("--dry-run", options.dry_run, "say what would be done, and do nothing");
}
void now_of(CLI::App* command, ListsCommand& options) {
    command->add_option("--now", options.now, "the time to judge expiry by; default the clock")
        ->check(not_empty());
}
void format_of(CLI::App* command, ListsCommand& options) {
    command->add_option("--format", options.format, "the shape of the file")->capture_default_str();
}

}  // namespace

void add_lists(CLI::App& app, ListsCommand& options) {
    auto* lists = app.add_subcommand("lists", "Load, change, compare and look up a policy's lists");
    lists->require_subcommand(1);
    lists->footer(kListsFooter);

    auto* load = add_verb(*lists, options, "load", "Put a file in place of the list's own");
    auto* reconcile = add_verb(*lists, options, "reconcile",
                               "The same, told entry by entry: added, removed, changed");
    for (CLI::App* command : {load, reconcile}) {
        policy_of(command, options);
        list_of(command, options);
        command->add_option("file", options.file, "the new rows")->required()->check(not_empty());
        format_of(command, options);
        command->add_flag("--force", options.force,
                          "take a file that is empty, a fifth smaller or half as large again");
        dry_run_of(command, options);
    }
    load->footer(
        "Example: ringfence lists load --policy policy.toml --format phoneblock spam "
        "blocklist.json");
    reconcile->footer(
        "Example: ringfence lists reconcile --policy policy.toml --dry-run fraud "
        "fraud-new.csv.zst\n"
        "Nothing is written when nothing differs; the file of an automatic list then takes the "
        "date\n"
        "of the new one, so that what it confirms stays.");

    auto* add = add_verb(*lists, options, "add", "Put an entry on a list, in the journal");
    policy_of(add, options);
    list_of(add, options);
    add->add_option("entry", options.entry,
                    "a number, \"+33162*\", \"33162######\", \"A..B\", a sender, host or account")
        ->required();
    subscriber_of(add, options, "whose entry it is, on a personal list by subscriber");
    add->add_option("--expires", options.expires, "until when; default without end")
        ->check(not_empty());
    add->add_option("--source", options.source, "who says so")->check(not_empty());
    add->add_option("--since", options.since, "since when; default now")->check(not_empty());
    number_option(add, "--confidence", options.confidence, 0, 100, "how sure, in percent");
    add->add_flag("--force", options.force, "take a prefix that covers over a million numbers");
    dry_run_of(add, options);
    add->footer(
        "Example: ringfence lists add --policy policy.toml --expires 2027-01-31 --source "
        "police fraud +8617000001234");

    auto* remove = add_verb(*lists, options, "remove",
                            "Take an entry off a list, in the journal; the file stays as it is");
    policy_of(remove, options);
    list_of(remove, options);
    remove->add_option("entry", options.entry, "as it was added")->required();
    subscriber_of(remove, options, "whose entry it is, on a personal list by subscriber");
    dry_run_of(remove, options);

    auto* expire =
        add_verb(*lists, options, "expire", "Take live entries that are due out of the journal");
    policy_of(expire, options);
    now_of(expire, options);
    dry_run_of(expire, options);

    auto* show = add_verb(*lists, options, "show",
                          "Every list a number, sender, host or account is on, and who says so");
    policy_of(show, options);
    show->add_option("number", options.entry, "as it may be dialled in the list's country")
        ->required();
    subscriber_of(show, options, "of personal entries only those of this subscriber");
    show->footer(
        "Example: ringfence lists show --policy policy.toml +8617000001234\n"
        "Gives list, entry that covers it, source, since when, until when, confidence.");

    auto* diff = add_verb(*lists, options, "diff", "What two files of a list differ in");
    diff->add_option("old", options.file, "a list's file")->required()->check(not_empty());
    diff->add_option("new", options.other, "another")->required()->check(not_empty());
    diff->add_option("--country", options.country, "whose numbers they are")->capture_default_str();
    format_of(diff, options);
    diff->footer(
        "+ added, - removed, ~ changed. Example: ringfence lists diff --country FR "
        "old.csv new.csv");

    auto* stats = add_verb(*lists, options, "stats",
                           "Rows, expiry, memory and disk of every list, and of the journal");
    policy_of(stats, options);
    now_of(stats, options);

    auto* exported = add_verb(*lists, options, "export",
                              "A list as it stands, file and live changes together, as CSV");
    policy_of(exported, options);
    list_of(exported, options);
    exported->add_option("--out", options.out, "a file; - is standard output")
        ->capture_default_str()
        ->check(not_empty());
}

}  // namespace ringfence::cli
