#include "src/policy/policy_reader.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "ringfence/number/data/ranges.hpp"
#include "ringfence/number/dial_plan.hpp"
#include "ringfence/source/utf8.hpp"
#include "src/source/about_file.hpp"

namespace ringfence {
namespace {

constexpr std::size_t kMaxId = 64;
constexpr std::size_t kMaxParam = 128;

bool is_id(std::string_view id) {
    return !id.empty() && id.size() <= kMaxId && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
    });
}

// Whether any number belongs to the country.
bool has_numbers(CountryCode country) {
    return !country.empty() &&
           std::any_of(data::kRegions.begin(), data::kRegions.end(), [&](const auto& region) {
               return std::string_view(region, 2) == country.text();
           });
}

bool is_rate(std::string_view rate) {
    const std::size_t slash = rate.find('/');
    if (slash == 0 || slash == std::string_view::npos || slash > 6) return false;
    const std::string_view unit = rate.substr(slash + 1);
    return rate[0] != '0' &&
           std::all_of(rate.begin(), rate.begin() + static_cast<std::ptrdiff_t>(slash),
                       [](char c) { return c >= '0' && c <= '9'; }) &&
           (unit == "s" || unit == "min" || unit == "h" || unit == "day");
}

}  // namespace

Status check_plan(std::string_view country, const DialPlan* plan) {
    if (!plan) {
        std::string text = "no dial plan is shipped for '" + printable(country) + "'; there are";
        for (const DialPlan& one : DialPlan::all()) text.append(" ").append(one.country().text());
        return Error{ErrorCode::kOutOfRange, std::move(text)};
    }
    if (plan->emergency_numbers().empty())
        return Error{ErrorCode::kRefused, "the plan of '" + printable(country) +
                                              "' has no emergency numbers, and calls to them "
                                              "could be refused; use another country"};
    return ok();
}

Result<Policy> PolicyReader::read() {
    const TomlTable root = document_.root();
    if (auto status =
            root.only_keys({"screen", "list", "activity", "patterns", "failure", "codes", "trunk",
                            "bind", "caller_id", "reassembly", "behaviour", "expiry", "score",
                            "senders", "regex", "templates", "campaigns"});
        !status)
        return status.error();
    policy_.codes = Codes::defaults();
    using Step = Status (PolicyReader::*)(const TomlTable&);
    constexpr std::array<Step, 15> kSteps = {
        &PolicyReader::read_screen,   &PolicyReader::read_caller_id, &PolicyReader::read_lists,
        &PolicyReader::read_activity, &PolicyReader::read_trunks,    &PolicyReader::read_binds,
        &PolicyReader::read_failure,  &PolicyReader::read_codes,     &PolicyReader::read_settings,
        &PolicyReader::read_regex,    &PolicyReader::read_patterns,  &PolicyReader::read_senders,
        &PolicyReader::read_score,    &PolicyReader::read_templates, &PolicyReader::read_campaigns};
    for (const Step step : kSteps) {
        if (auto status = (this->*step)(root); !status) return status.error();
    }
    return std::move(policy_);
}

Status PolicyReader::read_screen(const TomlTable& root) {
    const auto table = root.table("screen");
    if (!table) return table.error();
    if (!*table)
        return root.error(ErrorCode::kMissing,
                          "no [screen]; write one with the country, such as country = \"CN\"");
    const TomlTable& screen = **table;
    if (auto status = screen.only_keys({"country", "redress", "journal", "image"}); !status)
        return status;
    const auto country = screen.string("country");
    if (!country) return country.error();
    policy_.country = CountryCode(*country);
    policy_.plan = DialPlan::find(policy_.country);
    if (auto status = check_plan(*country, policy_.plan); !status)
        return screen.error("country", status.error().code, status.error().text);
    const auto redress = screen.string_or("redress", "");
    if (!redress) return redress.error();
    // RFC 8688 4: the address is a jCard; an operator's policy gives what goes into it.
    constexpr std::size_t kMaxRedress = 256;
    if (redress->size() > kMaxRedress)
        return screen.error("redress", ErrorCode::kTooLarge, "'screen.redress' is over 256 octets");
    policy_.redress_address = *redress;
    if (screen.has("journal")) {
        auto journal = read_path(screen, "journal");
        if (!journal) return journal.error();
        policy_.journal_path = std::move(*journal);
    }
    if (const auto image = screen.find("image")) {
        auto path = read_path(screen, "image");
        if (!path) return path.error();
        policy_.image_path = std::move(*path);
        policy_.image_line = image->line();
    }
    return ok();
}

Status PolicyReader::read_caller_id(const TomlTable& root) {
    const auto table = root.table("caller_id");
    if (!table) return table.error();
    if (!*table) return ok();
    if (auto status = (*table)->only_keys({"regions"}); !status) return status;
    const auto regions = (*table)->strings("regions");
    if (!regions) return regions.error();
    for (const std::string_view name : *regions) {
        const CountryCode region(name);
        const auto refuse = [&](ErrorCode code, std::string_view what) {
            return (*table)->error("regions", code,
                                   "region '" + printable(name) + "' " + std::string(what));
        };
        if (!has_numbers(region))
            return refuse(ErrorCode::kOutOfRange,
                          "is no country; give ISO 3166 codes, such as \"MM\"");
        if (std::find(policy_.regions.begin(), policy_.regions.end(), region) !=
            policy_.regions.end())
            return refuse(ErrorCode::kDuplicate, "stands there twice");
        policy_.regions.push_back(region);
    }
    std::sort(policy_.regions.begin(), policy_.regions.end());
    return ok();
}

Status PolicyReader::read_settings(const TomlTable& root) {
    const auto reassembly = root.table("reassembly");
    if (!reassembly) return reassembly.error();
    if (*reassembly) {
        const TomlTable& table = **reassembly;
        if (auto status = table.only_keys({"slots", "timeout_s"}); !status) return status;
        constexpr auto kMostSlots = static_cast<std::int64_t>(ReassemblySettings::kMostSlots);
        constexpr std::int64_t kLongest = 7 * kDayS;
        const auto slots = table.integer_or("slots", 4096, 1, kMostSlots);
        if (!slots) return slots.error();
        const auto timeout = table.integer_or("timeout_s", 300, 1, kLongest);
        if (!timeout) return timeout.error();
        policy_.reassembly = {static_cast<std::size_t>(*slots), Milliseconds(*timeout * 1000)};
    }
    const auto behaviour = root.table("behaviour");
    if (!behaviour) return behaviour.error();
    if (*behaviour) {
        const TomlTable& table = **behaviour;
        if (auto status = table.only_keys({"memory_mb", "short_call_s"}); !status) return status;
        constexpr std::int64_t kMostMegabytes = 1 << 20;
        const auto megabytes = table.integer_or("memory_mb", 64, 1, kMostMegabytes);
        if (!megabytes) return megabytes.error();
        const auto seconds = table.integer_or("short_call_s", 10, 1, 3600);
        if (!seconds) return seconds.error();
        policy_.behaviour = {static_cast<std::size_t>(*megabytes) << 20u,
                             static_cast<std::uint32_t>(*seconds)};
    }
    const auto expiry = root.table("expiry");
    if (!expiry) return expiry.error();
    if (*expiry) {
        const TomlTable& table = **expiry;
        if (auto status = table.only_keys({"within_s", "automatic_days"}); !status) return status;
        const auto within = table.integer_or("within_s", 60, 0, kDayS);
        if (!within) return within.error();
        policy_.expiry.within = Milliseconds(*within * 1000);
        const auto days = table.integer_or("automatic_days", 30, 1, 3'650);
        if (!days) return days.error();
        policy_.expiry.automatic = std::chrono::days(*days);
    }
    for (PolicyList& list : policy_.lists)
        if (list.automatic) list.source.lifetime = policy_.expiry.automatic;
    return ok();
}

Result<std::string> PolicyReader::read_id(const TomlTable& table, Lines& taken) {
    const auto id = table.string("id");
    if (!id) return id.error();
    if (!is_id(*id))
        return table.error("id", ErrorCode::kSyntax,
                           "id '" + printable(*id) +
                               "' is not 1 to 64 letters, digits, hyphens, dots and underscores");
    const auto [first, fresh] = taken.emplace(*id, table.find("id")->line());
    if (!fresh)
        return table.error("id", ErrorCode::kDuplicate,
                           "id '" + std::string(*id) + "' is taken by line " +
                               std::to_string(first->second) + "; choose another");
    return std::string(*id);
}

Result<std::string> PolicyReader::read_id_or(const TomlTable& table, std::string_view usual,
                                             Lines& taken) {
    if (table.has("id")) return read_id(table, taken);
    const auto [first, fresh] = taken.emplace(usual, table.line());
    if (!fresh)
        return table.error(ErrorCode::kDuplicate,
                           "the usual id '" + std::string(usual) + "' is taken by line " +
                               std::to_string(first->second) + "; give an 'id' of its own");
    return std::string(usual);
}

Result<std::string> PolicyReader::read_path(const TomlTable& table, std::string_view key) {
    const auto file = table.string(key);
    if (!file) return file.error();
    if (file->empty() || *file == "-" || file->find('\0') != std::string_view::npos)
        return table.error(key, ErrorCode::kOutOfRange,
                           "'" + printable(*file) + "' is no path of a file");
    const std::filesystem::path folder = std::filesystem::path(path_).parent_path();
    return (folder / *file).lexically_normal().string();
}

Result<Action> PolicyReader::read_action(const TomlTable& table, std::string_view key) {
    const auto value = table.find(key);
    if (!value)
        return table.error(ErrorCode::kMissing,
                           "no '" + std::string(key) + "'; give one, such as \"tag\"");
    std::array<std::string_view, kActionCount> names;
    for (unsigned i = 0; i < kActionCount; ++i) names[i] = name_of(static_cast<Action>(i));
    return action_of(*value, names);
}

Result<Action> action_of(const TomlValue& value, std::span<const std::string_view> names) {
    const auto chosen = value.one_of(names);
    if (!chosen) return chosen.error();
    return *action_from_name(names[*chosen]);
}

Error PolicyReader::about_key(const TomlTable& table, std::string_view key, const std::string& path,
                              const Error& error) {
    const auto what = about_file(error, path);
    return what ? table.error(key, error.code, *what) : error;
}

Finding PolicyReader::finding_of_next(const Rule& rule, Reason reason, Stage stage) const {
    Finding finding;
    finding.rule = static_cast<std::uint32_t>(policy_.rules.size());
    finding.reason = reason;
    finding.category = rule.category;
    finding.risk = rule.risk;
    finding.action = rule.action;
    finding.stage = stage;
    finding.shadow = rule.shadow;
    return finding;
}

Status PolicyReader::read_category_and_risk(const TomlTable& table, Action action, Rule& rule,
                                            std::uint16_t usual_risk) {
    const auto category = table.string_or("category", "");
    if (!category) return category.error();
    for (const char c : *category) {
        if (static_cast<unsigned char>(c) < ' ')
            return table.error("category", ErrorCode::kSyntax,
                               "the category has a control character");
    }
    const auto number = policy_.categories.intern(*category);
    if (!number) return table.error("category", number.error().code, number.error().text);
    rule.category = *number;
    const std::int64_t usual = action == Action::kAllow ? 0 : usual_risk;
    const auto risk = table.integer_or("risk", usual, 0, Policy::kMaxRisk);
    if (!risk) return risk.error();
    rule.risk = static_cast<std::uint16_t>(*risk);
    const auto shadow = table.boolean_or("shadow", false);
    if (!shadow) return shadow.error();
    rule.shadow = *shadow;
    return ok();
}

Status PolicyReader::read_params(const TomlTable& table, Rule& rule) {
    const auto rate = table.string_or("rate", "");
    if (!rate) return rate.error();
    if (table.has("rate") && !is_rate(*rate))
        return table.error("rate", ErrorCode::kSyntax,
                           "rate '" + printable(*rate) +
                               "' is not 1 to 999999 a unit; write \"10/min\" (s, min, h, day)");
    rule.rate = *rate;
    const auto destination = table.string_or("destination", "");
    if (!destination) return destination.error();
    if (table.has("destination") && (destination->empty() || destination->size() > kMaxParam))
        return table.error("destination", ErrorCode::kOutOfRange,
                           "a destination has 1 to 128 octets, such as \"+8696110\"");
    rule.destination = *destination;
    return ok();
}

Status PolicyReader::check_params(const TomlTable& table, const Rule& rule) {
    if (rule.action == Action::kThrottle && rule.rate.empty())
        return table.error("action", ErrorCode::kMissing,
                           "action throttle needs a rate, such as rate = \"10/min\"");
    if (rule.action == Action::kDivert && rule.destination.empty())
        return table.error("action", ErrorCode::kMissing,
                           "action divert needs a destination, such as destination = \"+8696110\"");
    return ok();
}

}  // namespace ringfence
