// ringfence - screens calls and SMS from the command line.
#include <CLI/CLI.hpp>

#include <csignal>
#include <limits>
#include <span>

#include "ringfence/base/nearest.hpp"
#include "ringfence/source/utf8.hpp"
#include "ringfence/study/train.hpp"
#include "ringfence/traffic/fields.hpp"
#include "ringfence/version.h"
#include "tools/cli/commands.hpp"
#include "tools/cli/option_values.hpp"
#include "tools/cli/terminal.hpp"

namespace {

using namespace ringfence::cli;

template <class Number>
constexpr Number kMostOf = std::numeric_limits<Number>::max();

constexpr const char* kFooter =
    "Exit codes: 0 done; 1 lint or rules check found errors; 2 usage, or an input that cannot be "
    "used;\n"
    "3 output could not be written; 130 screen was interrupted by Ctrl-C or SIGTERM (its files\n"
    "hold whole rows; a second signal ends it at once).\n"
    "Rows that cannot be read are no error: they get a verdict with the reason bad_row.\n"
    "NO_COLOR switches colours off.";

void add_screen(CLI::App& app, ScreenCommand& options) {
    auto* command = app.add_subcommand("screen", "Give every call and SMS of a file its verdict");
    command
        ->add_option("--policy", options.policy,
                     "the policy (TOML); paths in it are relative to it")
        ->required()
        ->check(not_empty());
    command->add_option("--calls", options.calls, "calls.csv, plain or zstd; - reads a pipe")
        ->check(not_empty());
    command->add_option("--sms", options.sms, "sms.csv, plain or zstd; - reads a pipe")
        ->check(not_empty());
    command->add_option("--out", options.out, "folder for calls.csv, sms.csv and summary.json")
        ->required()
        ->check(not_empty());
    number_option_of_default(command, "--threads", options.threads, 1u, 128u,
                             "threads; any number gives the verdicts of one");
    command
        ->add_option("--labels", options.labels,
                     "folder with calls_labels.csv and sms_labels.csv to compare with")
        ->check(not_empty());
    command->add_flag("--force", options.force, "load lists that the size guards refuse");
    command->add_flag("--json", options.json, "print the summary as JSON");
    command->footer(
        "Example: ringfence screen --policy examples/policy.toml --calls day/calls.csv --out "
        "verdicts\n"
        "Given both files, calls and SMS are screened in the order of time.\n"
        "calls.csv needs the columns time,calling,called; sms.csv time,sender,recipient and one "
        "of\n"
        "text, pdu (with dcs), short_message (with data_coding). Times are RFC 3339 or seconds "
        "since\n"
        "1970, UTC. docs/traffic.md has the other columns, and those of the files in --out; files "
        "of\n"
        "an earlier run there are removed first.");
}

void add_explain(CLI::App& app, ExplainCommand& options) {
    auto* command =
        app.add_subcommand("explain", "Every finding about one call or SMS, which won and why");
    command->add_option("what", options.what, "call or sms")
        ->required()
        ->check(CLI::IsMember({"call", "sms"}));
    command->add_option("--policy", options.policy, "the policy (TOML)")
        ->required()
        ->check(not_empty());
    command->add_option("--calling,--sender", options.calling, "who calls or sends");
    command->add_option("--called,--recipient", options.called, "who is called or sent to");
    command->add_option("--trunk", options.trunk, "subscriber, national, international or roaming")
        ->check(CLI::IsMember({"subscriber", "national", "international", "roaming"}));
    command->add_option("--trunk-id", options.trunk_id, "a [[trunk]] of the policy")
        ->check(not_empty());
    command->add_option("--redirecting", options.redirecting,
                        "the number that redirected the call");
    command->add_option("--roaming", options.roaming, "yes, no or unknown")
        ->check(CLI::IsMember({"yes", "no", "unknown"}));
    command
        ->add_option("--calling-ton,--sender-ton", options.calling_ton,
                     "how the digits of who calls or sends are read: international, national, ...")
        ->check(one_of(ringfence::traffic::kTonNames));
    command->add_option("--called-ton", options.called_ton, "how those of who is called are")
        ->check(one_of(ringfence::traffic::kTonNames));
    command->add_option("--presentation", options.presentation, "allowed, restricted, unavailable")
        ->check(one_of(ringfence::traffic::kPresentationNames));
    command->add_option("--verstat", options.verstat, "STIR/SHAKEN: none, passed, failed, ...")
        ->check(one_of(ringfence::traffic::kVerstatNames));
    command
        ->add_option("--serving-country", options.serving_country,
                     "the country that serves a caller abroad, as GB")
        ->check(country_code());
    command->add_flag("--emergency", options.emergency, "flagged as emergency by the switch");
    command->add_option("--text", options.text, "the SMS as UTF-8 text");
    command->add_option("--pdu", options.pdu,
                        "the SMS as TP-UD octets in hexadecimal; --coding is its DCS");
    command->add_option("--short-message", options.short_message,
                        "the SMS as SMPP octets in hexadecimal; --coding is data_coding");
    number_option(command, "--coding", options.coding, 0u, 255u, "TP-DCS or data_coding");
    command->add_flag("--udhi", options.udhi, "a user data header leads the octets");
    command->add_option("--bind", options.bind, "a [[bind]] of the policy")->check(not_empty());
    command
        ->add_option("--time", options.time,
                     "when it happens, RFC 3339 or seconds since 1970; default now")
        ->check(not_empty());
    number_option(command, "--tenant", options.tenant, std::uint32_t{0}, kMostOf<std::uint32_t>,
                  "whose tenant lists apply");
    command
        ->add_option("--subscriber", options.subscriber,
                     "whose personal lists apply; default the called number")
        ->check(not_empty());
    command->add_flag("--json", options.json, "one JSON object");
    command->footer(
        "Example: ringfence explain call --policy examples/policy.toml --calling +95588 --called "
        "13800000000 --trunk international");
}

void add_number(CLI::App& app, NumberCommand& options) {
    auto* command = app.add_subcommand(
        "number", "What each number of a file means under a country's dial plan");
    command->add_option("--country", options.country, "CN, US, GB, DE, FR, SG or IN")->required();
    command->add_flag("--json", options.json, "one JSON object a line");
    command->add_option("file", options.file, "one number a line, no header; - reads a pipe")
        ->required()
        ->check(not_empty());
    command->footer("Example: ringfence number --country GB --json numbers.txt");
}

void add_decode(CLI::App& app, DecodeCommand& options) {
    auto* command = app.add_subcommand(
        "decode", "The text of each message of an sms.csv, folded, and what it names");
    command->add_flag("--json", options.json, "one JSON object a line");
    command->add_option("--country", options.country, "whose numbers to look for")
        ->default_val("CN");
    command->add_option("file", options.file, "sms.csv, plain or zstd; - reads a pipe")
        ->required()
        ->check(not_empty());
    command->footer("Example: ringfence decode --json day/sms.csv");
}

void add_campaigns(CLI::App& app, CampaignsCommand& options) {
    auto* command = app.add_subcommand(
        "campaigns",
        "Near-copies among the messages of an sms.csv: how many, from how many senders");
    command->add_option("file", options.file, "sms.csv, plain or zstd; - reads a pipe")
        ->required()
        ->check(not_empty());
    number_option_of_default(command, "--min", options.least, std::uint64_t{1},
                             kMostOf<std::uint64_t>, "messages that a campaign must have");
    number_option_of_default(command, "--similarity", options.similarity, 30u, 100u,
                             "of near-copies, in hundredths");
    number_option_of_default(command, "--window", options.window_s, 1u, 31'536'000u,
                             "seconds over which bursts are counted");
    number_option_of_default(command, "--campaigns", options.campaigns, 1u, 1u << 24u,
                             "how many are remembered at a time, at 760 octets each");
    command->add_flag("--json", options.json, "one JSON object a line");
    command->footer(
        "Example: ringfence campaigns --min 20 day/sms.csv\n"
        "The largest first. Numbers, sums and codes make no difference, nor do disguises. No text "
        "and\n"
        "no number is shown: rows (the first ten, the first data row is 0) say where to look.");
}

void add_train(CLI::App& app, TrainCommand& options) {
    using ringfence::ScoreModel;
    using ringfence::TrainOptions;
    auto* command = app.add_subcommand(
        "train", "A score model from messages that are spam and messages that are not");
    command
        ->add_option(
            "--spam", options.spam,
            "spam: an sms.csv, or a message of UTF-8 a line, plain or zstd; - reads a pipe")
        ->required()
        ->check(not_empty());
    command->add_option("--ham", options.ham, "honest messages, likewise")
        ->required()
        ->check(not_empty());
    command->add_option("--out", options.out, "the model to write")->required()->check(not_empty());
    number_option_of_default(command, "--seed", options.seed, std::uint64_t{0},
                             kMostOf<std::uint64_t>, "the same seed gives the same model");
    number_option_of_default(command, "--folds", options.folds, 2u, TrainOptions::kMostFolds,
                             "parts, each of which is scored by a model of the others");
    number_option_of_default(command, "--epochs", options.epochs, 1u, TrainOptions::kMostEpochs,
                             "times that training sees each message");
    number_option_of_default(command, "--bits", options.bits, ScoreModel::kLeastBits,
                             ScoreModel::kMostBits, "the model has 2^bits weights of two octets");
    command
        ->add_option("--view", options.view, "light, with blanks and marks, or dense, without them")
        ->check(CLI::IsMember({"light", "dense"}))
        ->default_str(options.view);
    command->add_flag("--json", options.json, "print the report as JSON");
    command->footer(
        "Example: ringfence train --spam spam.txt --ham ham.txt --out messages.model\n"
        "Then give the policy [score] model = \"messages.model\". The report is of messages that\n"
        "the model at hand was not trained on; near-copies of them it may have seen. No text is\n"
        "in the model, and none is shown.");
}

void add_lint(CLI::App& app, LintCommand& options) {
    auto* command =
        app.add_subcommand("lint", "Errors and warnings of a policy and its lists and rules");
    command->add_option("policy", options.policy, "the policy (TOML)")
        ->required()
        ->check(not_empty());
    command->add_flag("--json", options.json, "one JSON object a line");
    command->footer("Example: ringfence lint examples/policy.toml");
}

void add_compile(CLI::App& app, CompileCommand& options) {
    auto* command = app.add_subcommand(
        "compile", "The lists of a policy as one checked image, which a switch opens at once");
    command->add_option("policy", options.policy, "the policy (TOML)")
        ->required()
        ->check(not_empty());
    command
        ->add_option("--out", options.out,
                     "the image to write; default what the policy's [screen] image says")
        ->check(not_empty());
    command->add_flag("--force", options.force,
                      "take what the guards refuse, and go on without files that are absent");
    command->add_flag("--json", options.json, "print what was made as JSON");
    command->footer(
        "Example: ringfence compile examples/policy.toml --out lists.rft\n"
        "Then give the policy [screen] image = \"lists.rft\": a screen reads that in place of the\n"
        "lists' files, and applies the journal of live changes to it. Compile again whenever a "
        "list's\n"
        "file changes: an image that is older than a file is refused, here and at a reload. The "
        "image\n"
        "is written beside the old one and renamed, so it is the old or the new one, whole. Rows "
        "that\n"
        "cannot be read are warned of here. It names numbers: guard it like the lists (mode "
        "0600).");
}

void add_generate(CLI::App& app, GenerateCommand& options) {
    auto* command = app.add_subcommand("generate", "The day of a small synthetic city, labelled");
    constexpr std::uint64_t kMostEvents = 20'000'000;
    constexpr std::uint64_t kNone = 0;
    number_option_of_default(command, "--seed", options.seed, kNone, kMostOf<std::uint64_t>,
                             "the same seed gives the same bytes");
    number_option_of_default(command, "--calls", options.calls, kNone, kMostEvents, "calls");
    number_option_of_default(command, "--sms", options.sms, kNone, kMostEvents, "messages");
    command->add_option("--out", options.out, "folder for the files")
        ->required()
        ->check(not_empty());
    command->add_flag("--json", options.json, "print what was made as JSON");
    command->footer("Example: ringfence generate --seed 1 --calls 200000 --sms 60000 --out day");
}

// Says in one line what is wrong with the command line, and where its help is.
int refuse(const CLI::App& app, std::span<char*> words, const CLI::ParseError& error) {
    const CLI::App* command = &app;
    std::string path = "ringfence";
    std::vector<std::string_view> names;
    while (true) {
        names.clear();
        const CLI::App* chosen = nullptr;
        for (const CLI::App* one : command->get_subcommands([](const CLI::App*) { return true; })) {
            names.push_back(one->get_name());
            if (!words.empty() && one->get_name() == words.front()) chosen = one;
        }
        if (chosen == nullptr) break;
        command = chosen;
        path.append(" ").append(words.front());
        words = words.subspan(1);
    }
    std::string text(path == "ringfence" ? "" : path.substr(path.find(' ') + 1) + ": ");
    if (names.empty()) {
        text.append(error.what());
    } else {
        if (words.empty()) {
            text.append("no command is given");
        } else {
            const std::string_view word = words.front();
            const std::string_view nearest = ringfence::nearest_name(word, names);
            text.append("there is no ").append(word.starts_with('-') ? "option" : "command");
            text.append(" '").append(ringfence::printable(word)).append("'");
            if (!nearest.empty()) text.append("; did you mean '").append(nearest).append("'?");
        }
        text.append("; give one of");
        for (const std::string_view name : names) text.append(" ").append(name);
    }
    say_error(text + "; see " + path + " --help");
    return kExitBadInput;
}

// The names of the options that the command line gives, as the help writes them first.
std::vector<std::string> given_to(const CLI::App& command) {
    std::vector<std::string> given;
    for (const CLI::Option* option : command.get_options())
        if (option->count() != 0) given.push_back(option->get_name());
    return given;
}

}  // namespace

int main(int argc, char** argv) {
    // A reader that went away, or a file that may not grow, is an error to report, not a signal to die of.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);

    CLI::App app("Ringfence screens calls and SMS for fraud, with a verdict and its reason.",
                 "ringfence");
    app.set_version_flag("--version", std::string("ringfence ") + RINGFENCE_VERSION);
    app.require_subcommand(1);
    app.footer(kFooter);

    ScreenCommand screen;
    ExplainCommand explain;
    NumberCommand number;
    DecodeCommand decode;
    CampaignsCommand campaigns;
    TrainCommand train;
    LintCommand lint;
    CompileCommand compile;
    GenerateCommand generate;
    ListsCommand lists;
    RulesCommand rules;
    add_screen(app, screen);
    add_explain(app, explain);
    add_number(app, number);
    add_decode(app, decode);
    add_campaigns(app, campaigns);
    add_train(app, train);
    add_lint(app, lint);
    add_compile(app, compile);
    add_generate(app, generate);
    add_lists(app, lists);
    add_rules(app, rules);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error);
        return refuse(app, std::span(argv, static_cast<std::size_t>(argc)).subspan(1), error);
    }
    try {
        if (app.got_subcommand("screen")) return run(screen);
        if (app.got_subcommand("explain")) {
            explain.given = given_to(*app.get_subcommand("explain"));
            return run(explain);
        }
        if (app.got_subcommand("number")) return run(number);
        if (app.got_subcommand("decode")) return run(decode);
        if (app.got_subcommand("campaigns")) return run(campaigns);
        if (app.got_subcommand("train")) return run(train);
        if (app.got_subcommand("lint")) return run(lint);
        if (app.got_subcommand("compile")) return run(compile);
        if (app.got_subcommand("lists")) return run(lists);
        if (app.got_subcommand("rules")) return run(rules);
        return run(generate);
    } catch (const std::exception& error) {
        say_error(error.what());
        return kExitBadInput;
    }
}
