#include "tools/cli/summary.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "ringfence/source/csv.hpp"

namespace ringfence::cli {
namespace {

using Json = nlohmann::ordered_json;

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
            {"by_type", types}};
}

std::string line(const char* format, auto... values) {
    char buffer[256];
    std::snprintf(buffer, sizeof buffer, format, values...);
    return buffer;
}

void append_tally(std::string& out, const char* what, const Tally& tally) {
    if (tally.rows == 0) return;
    out += line("%s: %llu rows\n", what, static_cast<unsigned long long>(tally.rows));
    for (unsigned i = 0; i < kActionCount; ++i) {
        if (tally.by_action[i] == 0) continue;
        out += line(
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
        out += line("    %-24s %8llu\n", std::string(reason).c_str(),
                    static_cast<unsigned long long>(count));
    }
}

double percent(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
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

void Tally::add(const Tally& other) {
    rows += other.rows;
    bad_rows += other.bad_rows;
    for (unsigned i = 0; i < kActionCount; ++i) by_action[i] += other.by_action[i];
    for (const auto& [reason, count] : other.by_reason) by_reason[reason] += count;
}

Result<LabelTally> compare_with_labels(const std::string& verdicts, const std::string& labels) {
    auto verdict_file = CsvReader::open(verdicts);
    if (!verdict_file) return verdict_file.error();
    auto label_file = CsvReader::open(labels);
    if (!label_file) return label_file.error();
    if (auto status = label_file->header().require({"row", "label"}); !status)
        return status.error();
    const auto action_column = verdict_file->header().column("action");
    const auto label_column = label_file->header().column("label");
    const auto type_column = label_file->header().column("fraud_type");

    LabelTally tally;
    CsvRow verdict, label;
    while (true) {
        const auto more = label_file->next(label);
        if (!more) return more.error();
        if (!*more) return tally;
        const auto beside = verdict_file->next(verdict);
        if (!beside) return beside.error();
        if (!*beside) {
            return bad_label(ErrorCode::kMissing, *label_file, label,
                             "there is no verdict for this row; label the file that was screened");
        }
        const std::string_view name = label.get(label_column);
        if (name != "fraud" && name != "honest") {
            return bad_label(ErrorCode::kSyntax, *label_file, label,
                             "the label is neither fraud nor honest");
        }
        const auto action = action_from_name(verdict.get(action_column)).value_or(Action::kAllow);
        const bool caught = action != Action::kAllow;
        const bool stopped = action > Action::kTag;
        if (name == "fraud") {
            ++tally.fraud;
            tally.fraud_caught += caught ? 1u : 0u;
            tally.fraud_stopped += stopped ? 1u : 0u;
            auto& [of_type_caught, of_type] = tally.by_type[std::string(label.get(type_column))];
            of_type_caught += caught ? 1u : 0u;
            ++of_type;
        } else {
            ++tally.honest;
            tally.honest_tagged += caught && !stopped ? 1u : 0u;
            tally.honest_stopped += stopped ? 1u : 0u;
        }
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
        out_text +=
            line("%llu rows could not be read; they stand in the verdict files as bad_row\n",
                 static_cast<unsigned long long>(bad));
    }
    for (const auto& [kind, tally] : labels) {
        out_text += line(
            "against the labels of %s: caught %llu of %llu fraudulent (%.1f %%; %llu stopped),\n",
            kind.c_str(), static_cast<unsigned long long>(tally.fraud_caught),
            static_cast<unsigned long long>(tally.fraud), percent(tally.fraud_caught, tally.fraud),
            static_cast<unsigned long long>(tally.fraud_stopped));
        out_text += line("  wrongly stopped %llu of %llu honest (%.3f %%), tagged %llu (%.3f %%)\n",
                         static_cast<unsigned long long>(tally.honest_stopped),
                         static_cast<unsigned long long>(tally.honest),
                         percent(tally.honest_stopped, tally.honest),
                         static_cast<unsigned long long>(tally.honest_tagged),
                         percent(tally.honest_tagged, tally.honest));
        for (const auto& [type, counts] : tally.by_type) {
            out_text += line("    %-24s %8llu of %llu\n", type.c_str(),
                             static_cast<unsigned long long>(counts.first),
                             static_cast<unsigned long long>(counts.second));
        }
    }
    out_text += line("screened in %.2f s with %u thread%s, %.0f ns an event (files aside)\n",
                     wall_s, threads, threads == 1 ? "" : "s", screening_ns);
    if (interrupted) out_text += "interrupted: the files hold the rows screened so far\n";
    return out_text;
}

}  // namespace ringfence::cli
