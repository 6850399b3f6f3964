// `ringfence rules tier` and `ringfence rules try`: one rule, looked at.
#include <algorithm>

#include "ringfence/base/nearest.hpp"
#include "tools/cli/json.hpp"
#include "tools/cli/message_file.hpp"
#include "tools/cli/rules_verbs.hpp"
#include "tools/cli/terminal.hpp"

namespace ringfence::cli {
namespace {

// The place of the command's rule in the set; an error that names the nearest id where there is none.
Result<std::size_t> place_of(const std::vector<PatternRule>& rules, const std::string& id) {
    const auto found = std::ranges::find(rules, id, &PatternRule::id);
    if (found != rules.end()) return static_cast<std::size_t>(found - rules.begin());
    std::vector<std::string_view> ids;
    ids.reserve(rules.size());
    for (const PatternRule& rule : rules) ids.push_back(rule.id);
    const std::string_view nearest = nearest_name(id, ids);
    return Error{ErrorCode::kDangling,
                 "no rule '" + id + "' in the packs" +
                     (nearest.empty() ? "" : "; did you mean '" + std::string(nearest) + "'?")};
}

Result<PatternSet> compile_packs(const RulesCommand& command) {
    auto rules = load_packs(command);
    if (!rules) return rules.error();
    return PatternSet::compile(std::move(*rules), {.limits = command.limits});
}

// What a rule did over a file.
struct Radius {
    static constexpr std::size_t kRowsNamed = 10;

    std::uint64_t messages = 0;
    std::uint64_t without_text = 0;
    std::uint64_t matched = 0;
    std::uint64_t alone = 0;  // matched, and by no other rule
    std::uint64_t unsure =
        0;  // the engine failed, or the message was too long: matches may be missing
    std::vector<std::uint64_t> rows;
};

Json as_json(const PatternRule& rule, const Radius& radius) {
    return {
        {"rule", rule.id},       {"messages", radius.messages},         {"matched", radius.matched},
        {"alone", radius.alone}, {"without_text", radius.without_text}, {"unsure", radius.unsure},
        {"rows", radius.rows},   {"language", language_of(rule)}};
}

std::string as_text(const PatternRule& rule, const Radius& radius) {
    std::string out = rule.id + (rule.language.empty() ? "" : " (" + rule.language + ")") +
                      ": matches " + std::to_string(radius.matched) + " of " +
                      std::to_string(radius.messages) + " messages, " +
                      std::to_string(radius.alone) + " of them found by no other rule";
    for (std::size_t i = 0; i < radius.rows.size(); ++i)
        out.append(i == 0 ? "\nrows " : ", ").append(std::to_string(radius.rows[i]));
    if (radius.matched > radius.rows.size()) out.append(", ...");
    if (radius.without_text != 0)
        out.append("\n" + std::to_string(radius.without_text) + " rows have no text");
    if (radius.unsure != 0)
        out.append("\n" + std::to_string(radius.unsure) + " messages could not be scanned whole");
    return out;
}

}  // namespace

int show_tiers(const RulesCommand& command) {
    auto set = compile_packs(command);
    if (!set) return give_up(set.error());
    std::size_t begin = 0;
    std::size_t end = set->rules().size();
    if (!command.rule.empty()) {
        const auto place = place_of(set->rules(), command.rule);
        if (!place) return give_up(place.error());
        begin = *place;
        end = begin + 1;
    }
    for (std::size_t i = begin; i < end; ++i) {
        const RuleTier tier = set->tier_of(i);
        const PatternRule& rule = set->rules()[i];
        const std::string line = command.json ? Json{{"rule", rule.id},
                                                     {"tier", name_of(tier.tier)},
                                                     {"why", tier.why},
                                                     {"language", language_of(rule)}}
                                                    .dump()
                                              : rule.id + "\t" + std::string(name_of(tier.tier)) +
                                                    "\t" + tier.why + "\t" + shown_language(rule);
        if (!write_out(line + "\n")) return kExitUnwritable;
    }
    return kExitOk;
}

int try_rule(const RulesCommand& command) {
    auto set = compile_packs(command);
    if (!set) return give_up(set.error());
    const auto place = place_of(set->rules(), command.rule);
    if (!place) return give_up(place.error());
    auto scratch = set->make_scratch();
    if (!scratch) return give_up(scratch.error());
    auto file = MessageFile::open(command.file);
    if (!file) return give_up(file.error());

    const PatternRule& rule = set->rules()[*place];
    Radius radius;
    FoldedText folded;
    MessageText message;
    Progress progress("messages");
    while (true) {
        const auto more = file->next(message);
        if (!more) return give_up(more.error());
        if (!*more) break;
        progress.show(++radius.messages);
        fold(message.text, folded);
        const ScanResult found = set->scan(folded, *scratch);
        if (found.status != ScanStatus::kOk) ++radius.unsure;
        const auto match = std::ranges::find(found.matches, *place, &PatternMatch::rule);
        if (match == found.matches.end()) continue;
        ++radius.matched;
        if (found.matches.size() == 1) ++radius.alone;
        if (radius.rows.size() < Radius::kRowsNamed) radius.rows.push_back(message.row);
        if (!command.show) continue;
        const TextPlace at = folded.place(rule.view, match->begin, match->end);
        const std::string text = to_utf8(message.text);
        const std::string line = command.json
                                     ? Json{{"row", message.row},
                                            {"text", text},
                                            {"offset", at.offset},
                                            {"length", at.length}}
                                           .dump()
                                     : std::to_string(message.row) + "\t" + on_one_line(text);
        if (!write_out(line + "\n")) return kExitUnwritable;
    }
    radius.without_text = file->without_text();
    const std::string out = command.json ? as_json(rule, radius).dump() : as_text(rule, radius);
    return write_out(out + "\n") ? kExitOk : kExitUnwritable;
}

}  // namespace ringfence::cli
