// [[list]]
#include <array>
#include <string>
#include <vector>

#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/normalize.hpp"
#include "ringfence/number/parse.hpp"
#include "ringfence/number/whole.hpp"
#include "ringfence/source/utf8.hpp"
#include "src/policy/policy_reader.hpp"

namespace ringfence {
namespace {

constexpr std::array<std::string_view, 4> kKeys = {"number", "sender", "domain", "account"};
constexpr std::array<EntryKind, 4> kKindOfKeys = {EntryKind::kExact, EntryKind::kSender,
                                                  EntryKind::kDomain, EntryKind::kAccount};
constexpr std::array<std::string_view, 5> kAuthorities = {"police", "card_state", "personal",
                                                          "tenant", "global"};
constexpr std::array<std::string_view, 3> kParties = {"calling", "called", "text"};

constexpr std::uint8_t party_bit(Party party) {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(party));
}

}  // namespace

Status PolicyReader::read_lists(const TomlTable& root) {
    const auto tables = root.tables("list");
    if (!tables) return tables.error();
    if (tables->size() > Policy::kMaxLists)
        return (*tables)[Policy::kMaxLists].error(ErrorCode::kTooLarge, "more than 4,096 lists");
    for (const TomlTable& table : *tables) {
        PolicyList list;
        Rule rule;
        rule.kind = RuleKind::kList;
        list.meaning.rule = static_cast<std::uint32_t>(policy_.rules.size());
        if (auto status = read_list(table, list, rule); !status) return status;
        policy_.lists.push_back(std::move(list));
        policy_.rules.push_back(std::move(rule));
    }
    return ok();
}

Status PolicyReader::read_list(const TomlTable& table, PolicyList& list, Rule& rule) {
    if (auto status =
            table.only_keys({"id",          "file",    "action",      "category",      "risk",
                             "shadow",      "enabled", "authority",   "party",         "tenant",
                             "subscriber",  "country", "keys",        "strict",        "wide",
                             "text_action", "rate",    "destination", "max_age_hours", "format",
                             "automatic"});
        !status)
        return status;
    auto id = read_id(table, rule_lines_);
    if (!id) return id.error();
    list.line = rule.line = table.line();
    list.source.id = rule.id = std::move(*id);
    auto file = read_path(table, "file");
    if (!file) return file.error();
    list.source.path = std::move(*file);

    const auto country = table.string_or("country", policy_.country.text());
    if (!country) return country.error();
    list.country = CountryCode(*country);
    list.source.format.plan = DialPlan::find(list.country);
    if (auto status = check_plan(*country, list.source.format.plan); !status)
        return table.error("country", status.error().code, status.error().text);
    if (const auto keys = table.find("keys")) {
        const auto chosen = keys->one_of(kKeys);
        if (!chosen) return chosen.error();
        list.source.format.exact = kKindOfKeys[*chosen];
    }
    if (const auto format = table.find("format")) {
        const auto chosen = format->one_of(kListFormatNames);
        if (!chosen) return chosen.error();
        list.source.file_format = static_cast<ListFormat>(*chosen);
    }
    const auto strict = table.boolean_or("strict", false);
    if (!strict) return strict.error();
    list.source.strict = *strict;
    const auto wide = table.boolean_or("wide", false);
    if (!wide) return wide.error();
    list.source.wide = *wide;
    const auto automatic = table.boolean_or("automatic", false);
    if (!automatic) return automatic.error();
    list.automatic = *automatic;
    const auto enabled = table.boolean_or("enabled", true);
    if (!enabled) return enabled.error();
    list.meaning.enabled = rule.enabled = *enabled;
    if (table.has("max_age_hours")) {
        constexpr std::int64_t kMost = 10 * 366 * 24;
        const auto hours = table.integer("max_age_hours", 1, kMost);
        if (!hours) return hours.error();
        list.max_age = Milliseconds(*hours * 3'600'000);
    }
    if (auto status = read_owner(table, list); !status) return status;
    if (auto status = read_parties(table, list); !status) return status;
    return read_actions(table, list, rule);
}

// Whose list it is. A tenant or a subscriber says so without an authority.
Status PolicyReader::read_owner(const TomlTable& table, PolicyList& list) {
    ListMeaning& meaning = list.meaning;
    if (table.has("tenant")) {
        const auto tenant = table.integer("tenant", 1, 0xFFFF'FFFF);
        if (!tenant) return tenant.error();
        meaning.tenant = static_cast<std::uint32_t>(*tenant);
        meaning.authority = Authority::kTenant;
    }
    if (table.has("subscriber")) {
        const auto subscriber = table.string("subscriber");
        if (!subscriber) return subscriber.error();
        const Normalized read =
            normalize(parse(AddressView(*subscriber)), *list.source.format.plan);
        // An event's subscriber is a whole number, so no other would ever be asked for.
        if (is_subscriber_number(read)) meaning.subscriber = read.number;
        if (meaning.subscriber.empty())
            return table.error("subscriber", ErrorCode::kSyntax,
                               "subscriber '" + printable(*subscriber) + "' is no number");
        meaning.authority = Authority::kPersonal;
    }
    if (const auto authority = table.find("authority")) {
        const auto chosen = authority->one_of(kAuthorities);
        if (!chosen) return chosen.error();
        meaning.authority = static_cast<Authority>(*chosen);
    }
    const auto refuse = [&](ErrorCode code, std::string_view what) {
        return table.error("authority", code, what);
    };
    if (meaning.authority == Authority::kTenant && meaning.tenant == 0)
        return refuse(ErrorCode::kMissing, "a tenant's list needs 'tenant', such as tenant = 7");
    // Of one subscriber, or else each row says of whom.
    list.source.by_subscriber =
        meaning.authority == Authority::kPersonal && meaning.subscriber.empty();
    if (list.source.by_subscriber && list.source.file_format != ListFormat::kCsv)
        return refuse(
            ErrorCode::kMissing,
            "a personal list needs 'subscriber', the number whose list it is, or a CSV file "
            "with a column of that name");
    if (list.source.by_subscriber && !policy_.image_path.empty())
        return refuse(
            ErrorCode::kOutOfRange,
            "a personal list by subscriber is not kept in images; remove 'screen.image', or "
            "give 'subscriber', the number whose list it is");
    if (list.source.by_subscriber && list.source.format.exact != EntryKind::kExact)
        return refuse(ErrorCode::kOutOfRange,
                      "a personal list by subscriber holds numbers alone; remove 'keys', or give "
                      "'subscriber', the number whose list it is");
    if (meaning.authority != Authority::kPersonal && !meaning.subscriber.empty())
        return refuse(ErrorCode::kOutOfRange,
                      "only a personal list has a subscriber; remove one of the two keys");
    const bool whole =
        meaning.authority != Authority::kPersonal && meaning.authority != Authority::kTenant;
    if (whole && meaning.tenant != 0)
        return refuse(
            ErrorCode::kOutOfRange,
            "only a tenant's or a personal list has a tenant; remove one of the two keys");
    return ok();
}

// About whom the list is: by default the caller, or for hosts and accounts what a text names.
Status PolicyReader::read_parties(const TomlTable& table, PolicyList& list) {
    const bool named_in_text = list.source.format.exact == EntryKind::kDomain ||
                               list.source.format.exact == EntryKind::kAccount;
    const auto value = table.find("party");
    if (!value) {
        list.meaning.parties = party_bit(named_in_text ? Party::kText : Party::kCalling);
        return ok();
    }
    const auto names = value->strings();
    if (!names) return names.error();
    if (names->empty())
        return value->error(ErrorCode::kOutOfRange,
                            "'party' is empty; give calling, called, text or several");
    std::vector<TomlValue> items = {*value};
    if (value->type() == TomlType::kArray) items = *value->array();
    for (const TomlValue& item : items) {
        const auto party = item.one_of(kParties);
        if (!party) return party.error();
        list.meaning.parties |= party_bit(static_cast<Party>(*party));
    }
    return ok();
}

Status PolicyReader::read_actions(const TomlTable& table, PolicyList& list, Rule& rule) {
    const bool only_text = list.meaning.parties == party_bit(Party::kText);
    rule.action = Action::kTag;
    if (!only_text || table.has("action")) {
        const auto action = read_action(table, "action");
        if (!action) return action.error();
        rule.action = *action;
    }
    // A number that a text merely names tags, unless the list is about texts or says otherwise.
    Action in_text = only_text ? rule.action : Action::kTag;
    if (table.has("text_action")) {
        const auto action = read_action(table, "text_action");
        if (!action) return action.error();
        if ((list.meaning.parties & party_bit(Party::kText)) == 0)
            return table.error("text_action", ErrorCode::kOutOfRange,
                               "'text_action' is for lists about texts; add \"text\" to 'party'");
        in_text = *action;
    }
    if (auto status = read_category_and_risk(table, rule.action, rule); !status) return status;
    if (auto status = read_params(table, rule); !status) return status;
    if (auto status = check_params(table, rule); !status) return status;
    Rule of_text = rule;
    of_text.action = in_text;
    if (auto status = check_params(table, of_text); !status) return status;

    list.source.allows = stage_of(list.meaning.authority) != Stage::kOrder;
    list.source.has_rate = !rule.rate.empty();
    list.source.has_destination = !rule.destination.empty();
    if (!list.source.allows && (rule.action == Action::kAllow || in_text == Action::kAllow))
        return table.error("action", ErrorCode::kOutOfRange,
                           "orders and card states cannot allow; make it a list of authority "
                           "global, tenant or personal");
    list.meaning.action = rule.action;
    list.meaning.text_action = in_text;
    list.meaning.category = rule.category;
    list.meaning.risk = rule.risk;
    list.meaning.shadow = rule.shadow;
    return ok();
}

}  // namespace ringfence
