// commands.hpp - the commands of the program: each takes its options, and gives an exit code.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ringfence/pattern/regex_limits.hpp"

namespace CLI {
class App;
}

namespace ringfence::cli {

struct ScreenCommand {
    std::string policy, calls, sms, out, labels;
    unsigned threads = 1;
    bool json = false;
    bool force = false;
};
int run(const ScreenCommand& command);

struct ExplainCommand {
    std::string policy, what;        // "call" or "sms"
    std::vector<std::string> given;  // the options that were given: "--calling", ...
    std::string calling, called, trunk, trunk_id, redirecting, roaming, text, pdu, short_message,
        bind, time, subscriber;
    std::string verstat, presentation, calling_ton, called_ton, serving_country;
    unsigned coding = 0;
    std::uint32_t tenant = 0;
    bool udhi = false;
    bool emergency = false;
    bool json = false;
};
int run(const ExplainCommand& command);

struct NumberCommand {
    std::string country, file;
    bool json = false;
};
int run(const NumberCommand& command);

struct DecodeCommand {
    std::string file, country;
    bool json = false;
};
int run(const DecodeCommand& command);

struct CampaignsCommand {
    std::string file;
    std::uint64_t least = 2;  // messages of a campaign that is shown
    std::uint32_t window_s = 3'600;
    std::uint32_t campaigns = 65'536;
    unsigned similarity = 50;
    bool json = false;
};
int run(const CampaignsCommand& command);

struct TrainCommand {
    std::string spam, ham, out;
    std::string view = "light";
    std::uint64_t seed = 1;
    unsigned bits = 16;
    unsigned epochs = 20;
    unsigned folds = 5;
    bool json = false;
};
int run(const TrainCommand& command);

// A verb of `rules`: check, tier, try, mine or bench.
struct RulesCommand {
    std::string verb, rule, file, spam, ham;
    std::vector<std::string> packs;
    std::string view = "dense";
    std::uint64_t least = 10;  // mine: messages that a phrase must be in
    unsigned precision = 980;  // mine: in thousandths
    unsigned min_units = 2;    // mine: of a phrase
    unsigned max_units = 12;
    std::uint64_t most = 100;  // mine: phrases
    RegexLimits limits;        // all but mine: of compiling regular expressions
    bool show = false;         // try: the messages
    bool json = false;
};
void add_rules(CLI::App& app, RulesCommand& options);
int run(const RulesCommand& command);

struct LintCommand {
    std::string policy;
    bool json = false;
};
int run(const LintCommand& command);

struct CompileCommand {
    std::string policy, out;
    bool force = false;
    bool json = false;
};
int run(const CompileCommand& command);

struct GenerateCommand {
    std::uint64_t seed = 1;
    std::uint64_t calls = 200'000;
    std::uint64_t sms = 60'000;
    std::string out;
    bool json = false;
};
int run(const GenerateCommand& command);

// A verb of `lists`: load, add, remove, expire, show, diff, reconcile, stats or export.
struct ListsCommand {
    std::string verb, policy, list, entry, file, other, expires, source, since, now, subscriber;
    std::string format = "csv";
    std::string country = "CN";
    std::string out = "-";
    int confidence = -1;  // none
    bool force = false;
    bool dry_run = false;
    bool json = false;
};
void add_lists(CLI::App& app, ListsCommand& options);
int run(const ListsCommand& command);

}  // namespace ringfence::cli
