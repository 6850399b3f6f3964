#include "tools/cli/summary.hpp"

#include <algorithm>
#include <optional>

#include "ringfence/traffic/fields.hpp"
#include "tools/cli/json.hpp"
#include "tools/cli/printed.hpp"

namespace ringfence::cli {
namespace {

Json to_json_object(const Tally& tally) {
    Json actions = Json::object();
    for (unsigned i = 0; i < kActionCount; ++i) {
        if (tally.by_action[i] != 0)
            actions[std::string(name_of(static_cast<Action>(i)))] = tally.by_action[i];
    }
    Json reasons = Json::object();
    for (const auto& [reason, count] : tally.by_reason) reasons[std::string(reason)] = count;
    return {{"rows", tally.rows},
            {"bad_rows", tally.bad_rows},
            {"by_action", actions},
            {"by_reason", reasons}};
}

Json to_json_object(const LabelTally& tally) {
    Json types = Json::object();
    for (const auto& [type, counts] : tally.by_type) {
        types[type] = {{"caught", counts.first}, {"of", counts.second}};
    }
    return {{"fraud", tally.fraud},
            {"fraud_caught", tally.fraud_caught},
            {"fraud_stopped", tally.fraud_stopped},
            {"honest", tally.honest},
            {"honest_tagged", tally.honest_tagged},
            {"honest_stopped", tally.honest_stopped},
            {"unlabelled", tally.unlabelled},
            {"by_type", types}};
}

// Those that found anything.
Json to_json_object(const std::vector<RuleCounter>& rules) {
    Json object = Json::object();
    for (const RuleCounter& rule : rules) {
        if (rule.hits + rule.shadow_hits == 0) continue;
        object[rule.id] = {
            {"hits", rule.hits}, {"shadow_hits", rule.shadow_hits}, {"decided", rule.decided}};
    }
    return object;
}

void append_tally(std::string& out, const char* what, const Tally& tally) {
    if (tally.rows == 0) return;
    out += printed("%s: %llu rows\n", what, static_cast<unsigned long long>(tally.rows));
    for (unsigned i = 0; i < kActionCount; ++i) {
        if (tally.by_action[i] == 0) continue;
        out += printed(
            "  %-10s %10llu  (%.2f %%)\n", std::string(name_of(static_cast<Action>(i))).c_str(),
            static_cast<unsigned long long>(tally.by_action[i]),
            100.0 * static_cast<double>(tally.by_action[i]) / static_cast<double>(tally.rows));
    }
    std::vector<std::pair<std::uint64_t, std::string_view>> reasons;
    for (const auto& [reason, count] : tally.by_reason) {
        if (reason != "none") reasons.emplace_back(count, reason);
    }
    std::sort(reasons.rbegin(), reasons.rend());
    if (!reasons.empty()) out += "  for the reasons\n";
    for (const auto& [count, reason] : reasons) {
        out += printed("    %-24s %8llu\n", std::string(reason).c_str(),
                       static_cast<unsigned long long>(count));
    }
}

double percent(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

struct Verdicted {
    Action action;
    bool labelled;
};

// The actions of a verdict file, whose rows are 0, 1, 2...
Result<std::vector<Verdicted>> read_actions(const std::string& verdicts) {
    auto file = CsvReader::open(verdicts, {.input = {.streams = true}});
    if (!file) return file.error();
    const auto column = file->header().column("action");
    std::vector<Verdicted> actions;
    CsvRow row;
    while (true) {
        const auto more = file->next(row);
        if (!more) return more.error();
        if (!*more) return actions;
        actions.push_back({action_from_name(row.get(column)).value_or(Action::kAllow), false});
    }
}

Error bad_label(ErrorCode code, const CsvReader& file, const CsvRow& row, std::string_view what) {
    return Error::at(code, file.name(), row.line, what);
}

}  // namespace

void Tally::add(const Verdict& verdict) {
    ++rows;
    ++by_action[static_cast<unsigned>(verdict.action)];
    ++by_reason[name_of(verdict.reason)];
}

void LabelTally::add(Action action, bool is_fraud, std::string_view type) {
    const bool caught = action != Action::kAllow;
    const bool stopped = action > Action::kTag;
    if (is_fraud) {
        ++fraud;
        fraud_caught += caught ? 1u : 0u;
        fraud_stopped += stopped ? 1u : 0u;
        auto& [of_type_caught, of_type] = by_type[std::string(type)];
        of_type_caught += caught ? 1u : 0u;
        ++of_type;
    } else {
        ++honest;
        honest_tagged += caught && !stopped ? 1u : 0u;
        honest_stopped += stopped ? 1u : 0u;
    }
}

void Tally::add(const Tally& other) {
    rows += other.rows;
    bad_rows += other.bad_rows;
    for (unsigned i = 0; i < kActionCount; ++i) by_action[i] += other.by_action[i];
    for (const auto& [reason, count] : other.by_reason) by_reason[reason] += count;
}

Result<CsvReader> open_labels(const std::string& labels) {
    auto file = CsvReader::open(labels, {.input = {.streams = true}});
    if (!file) return file.error();
    if (auto status = file->header().require({"row", "label"}); !status) return status.error();
    return file;
}

Result<LabelTally> compare_with_labels(const std::string& verdicts, const std::string& labels) {
    auto actions = read_actions(verdicts);
    if (!actions) return actions.error();
    auto file = open_labels(labels);
    if (!file) return file.error();
    const auto row_column = file->header().column("row");
    const auto label_column = file->header().column("label");
    const auto type_column = file->header().column("fraud_type");

    LabelTally tally;
    tally.unlabelled = actions->size();
    CsvRow label;
    while (true) {
        const auto more = file->next(label);
        if (!more) return more.error();
        if (!*more) return tally;
        const std::string_view row_text = label.get(row_column);
        std::uint64_t row = 0;
        if (row_text.empty() || !traffic::read_whole(row_text, row))
            return bad_label(ErrorCode::kSyntax, *file, label, "the row is no whole number");
        if (row >= actions->size()) {
            return bad_label(ErrorCode::kMissing, *file, label,
                             "row " + std::to_string(row) + " is none of the " +
                                 std::to_string(actions->size()) +
                                 " that were screened, from 0; give the labels of that file");
        }
        Verdicted& verdict = (*actions)[row];
        if (verdict.labelled) {
            return bad_label(ErrorCode::kDuplicate, *file, label,
                             "row " + std::to_string(row) + " is labelled twice; keep one");
        }
        verdict.labelled = true;
        const std::string_view name = label.get(label_column);
        if (name != "fraud" && name != "honest") {
            return bad_label(ErrorCode::kSyntax, *file, label,
                             "the label is neither fraud nor honest");
        }
        --tally.unlabelled;
        tally.add(verdict.action, name == "fraud", label.get(type_column));
    }
}

std::string Summary::to_json() const {
    Json object{{"policy", policy},
                {"out", out},
                {"generation", generation},
                {"threads", threads},
                {"interrupted", interrupted},
                {"wall_s", wall_s},
                {"screening_ns_per_event", screening_ns},
                {"calls", to_json_object(calls)},
                {"sms", to_json_object(messages)},
                {"rules", to_json_object(rules)},
                {"warnings", warnings}};
    for (const auto& [kind, tally] : labels) object["labels"][kind] = to_json_object(tally);
    return object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string Summary::to_text() const {
    std::string out_text;
    for (const std::string& warning : warnings)
        out_text.append("warning: ").append(warning).append("\n");
    append_tally(out_text, "calls", calls);
    append_tally(out_text, "sms", messages);
    const std::uint64_t bad = calls.bad_rows + messages.bad_rows;
    if (bad != 0) {
        out_text += printed(
            "%llu rows could not be read in full; those that could not be judged without what "
            "was wrong stand in the verdict files as bad_row\n",
            static_cast<unsigned long long>(bad));
    }
    for (const auto& [kind, tally] : labels) {
        out_text += printed(
            "against the labels of %s: caught %llu of %llu fraudulent (%.1f %%; %llu stopped),\n",
            kind.c_str(), static_cast<unsigned long long>(tally.fraud_caught),
            static_cast<unsigned long long>(tally.fraud), percent(tally.fraud_caught, tally.fraud),
            static_cast<unsigned long long>(tally.fraud_stopped));
        out_text +=
            printed("  wrongly stopped %llu of %llu honest (%.3f %%), tagged %llu (%.3f %%)\n",
                    static_cast<unsigned long long>(tally.honest_stopped),
                    static_cast<unsigned long long>(tally.honest),
                    percent(tally.honest_stopped, tally.honest),
                    static_cast<unsigned long long>(tally.honest_tagged),
                    percent(tally.honest_tagged, tally.honest));
        if (tally.unlabelled != 0) {
            out_text += printed("  %llu rows have no label and count in neither\n",
                                static_cast<unsigned long long>(tally.unlabelled));
        }
        for (const auto& [type, counts] : tally.by_type) {
            out_text += printed("    %-24s %8llu of %llu\n", type.c_str(),
                                static_cast<unsigned long long>(counts.first),
                                static_cast<unsigned long long>(counts.second));
        }
    }
    out_text += printed("screened in %.2f s with %u thread%s, %.0f ns an event (files aside)\n",
                        wall_s, threads, threads == 1 ? "" : "s", screening_ns);
    if (interrupted) out_text += "interrupted: the files hold the rows screened so far\n";
    return out_text;
}

}  // namespace ringfence::cli
