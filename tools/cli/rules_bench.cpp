// `ringfence rules bench`: what packs cost to build, to keep, and a message.
#include <algorithm>
#include <array>
#include <cstdio>

#include "tools/cli/json.hpp"
#include "tools/cli/message_file.hpp"
#include "tools/cli/rules_verbs.hpp"
#include "tools/cli/terminal.hpp"

namespace ringfence::cli {
namespace {

constexpr std::size_t kRounds = 7;
constexpr double kNanoseconds = 1e9;

struct Both {
    std::u16string light, dense;
};

Both both_views(std::u16string_view text, FoldedText& folded) {
    fold(text, folded);
    return {std::u16string(folded.light().text()), std::u16string(folded.dense().text())};
}

// What to scan: the file's messages, or the samples of all rules.
Result<std::vector<Both>> messages_of(const RulesCommand& command, const RuleSet& rules) {
    constexpr std::size_t kMost = 1'000'000;
    std::vector<Both> messages;
    FoldedText folded;
    if (command.file.empty()) {
        for (const PatternRule& rule : rules.rules())
            for (const auto* samples : {&rule.must_match, &rule.must_not_match})
                for (const std::string& sample : *samples)
                    messages.push_back(both_views(to_utf16(sample), folded));
        return messages;
    }
    auto file = MessageFile::open(command.file);
    if (!file) return file.error();
    MessageText message;
    while (messages.size() < kMost) {
        const auto more = file->next(message);
        if (!more) return more.error();
        if (!*more) break;
        messages.push_back(both_views(message.text, folded));
    }
    if (messages.size() == kMost)
        say_warning(command.file + ": the first " + std::to_string(kMost) +
                    " messages are scanned");
    if (messages.empty())
        return Error{ErrorCode::kMissing,
                     command.file + ": no message with a text; give a file that has some"};
    return messages;
}

struct Cost {
    std::array<double, kRounds> ns{};  // a message, a round each, ascending
    std::size_t matched = 0;           // messages that a rule matches
};

Cost measure(const PatternSet& set, PatternScratch& scratch, const std::vector<Both>& messages) {
    Cost cost;
    for (double& ns : cost.ns) {
        cost.matched = 0;
        const double begun = seconds_now();
        for (const Both& one : messages)
            if (!set.scan(FoldedUnits{one.light, one.dense}, scratch).matches.empty())
                ++cost.matched;
        ns = (seconds_now() - begun) * kNanoseconds / static_cast<double>(messages.size());
    }
    std::ranges::sort(cost.ns);
    return cost;
}

}  // namespace

int bench_rules(const RulesCommand& command) {
    auto rules = load_packs(command);
    if (!rules) return give_up(rules.error());
    const auto messages = messages_of(command, *rules);
    if (!messages) return give_up(messages.error());
    const double begun = seconds_now();
    auto set =
        PatternSet::compile(std::move(*rules), {.check_samples = false, .limits = command.limits});
    const double built_s = seconds_now() - begun;
    if (!set) return give_up(set.error());
    auto scratch = set->make_scratch();
    if (!scratch) return give_up(scratch.error());

    std::array<std::size_t, 3> tiers{};
    for (std::size_t i = 0; i < set->rules().size(); ++i)
        ++tiers.at(static_cast<std::size_t>(set->tier_of(i).tier) - 1);
    const Cost cost = measure(*set, *scratch, *messages);
    const double median = cost.ns[kRounds / 2];
    if (command.json) {
        const Json object{{"rules", set->rules().size()},
                          {"phrase", tiers[0]},
                          {"gap", tiers[1]},
                          {"whole", tiers[2]},
                          {"build_s", built_s},
                          {"bytes", set->bytes()},
                          {"messages", messages->size()},
                          {"matched", cost.matched},
                          {"ns", median},
                          {"ns_rounds", cost.ns}};
        return write_out(object.dump() + "\n") ? kExitOk : kExitUnwritable;
    }
    std::array<char, 512> out{};
    std::snprintf(
        out.data(), out.size(),
        "%zu rules: %zu phrase, %zu gap, %zu whole; built in %.3f s, %zu bytes\n"
        "%zu messages, %zu matched: %.0f ns a message (median of %zu rounds, %.0f to %.0f)\n",
        set->rules().size(), tiers[0], tiers[1], tiers[2], built_s, set->bytes(), messages->size(),
        cost.matched, median, kRounds, cost.ns.front(), cost.ns.back());
    return write_out(out.data()) ? kExitOk : kExitUnwritable;
}

}  // namespace ringfence::cli
