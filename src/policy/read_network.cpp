// [[trunk]], [[bind]], [failure] and [codes]
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "ringfence/base/nearest.hpp"
#include "ringfence/number/dial_plan.hpp"
#include "ringfence/source/utf8.hpp"
#include "src/policy/policy_reader.hpp"

namespace ringfence {
namespace {

constexpr std::array<std::string_view, 4> kTrunkKinds = {"subscriber", "national", "international",
                                                         "roaming"};
constexpr std::array<std::string_view, 3> kTrunkFormats = {"auto", "e164", "national"};
constexpr std::array<std::string_view, 10> kAlphabets = {
    "gsm7",     "ascii",  "latin1",    "ucs2",      "utf8",
    "cyrillic", "hebrew", "shift_jis", "ks_c_5601", "gb18030"};

// What a failure may come to: there is no rule behind it that could have a rate or a destination.
constexpr std::array<std::string_view, 6> kFailureActions = {"allow", "tag",    "challenge",
                                                             "hold",  "reject", "drop"};

// The reason of that name, or kNone.
Reason reason_from_name(std::string_view name) {
    constexpr unsigned kPastReasons = 128;
    for (unsigned i = 1; i < kPastReasons; ++i) {
        if (name_of(static_cast<Reason>(i)) == name && name != "unknown")
            return static_cast<Reason>(i);
    }
    return Reason::kNone;
}

// The keys of a code table: the actions that refuse or might, and every reason.
std::vector<std::string_view> code_keys() {
    std::vector<std::string_view> keys;
    for (unsigned i = static_cast<unsigned>(Action::kChallenge); i < kActionCount; ++i)
        keys.push_back(name_of(static_cast<Action>(i)));
    constexpr unsigned kPastReasons = 128;
    for (unsigned i = 1; i < kPastReasons; ++i) {
        const std::string_view name = name_of(static_cast<Reason>(i));
        if (name != "unknown") keys.push_back(name);
    }
    return keys;
}

}  // namespace

Status PolicyReader::read_trunks(const TomlTable& root) {
    const auto tables = root.tables("trunk");
    if (!tables) return tables.error();
    if (tables->size() > Policy::kMaxTrunks)
        return (*tables)[Policy::kMaxTrunks].error(ErrorCode::kTooLarge, "more than 16,384 trunks");
    Lines taken;
    for (const TomlTable& table : *tables) {
        PolicyTrunk trunk;
        auto id = read_id(table, taken);
        if (!id) return id.error();
        trunk.id = std::move(*id);
        if (auto status = read_trunk(table, trunk); !status) return status;
        policy_.trunks.push_back(std::move(trunk));
    }
    return ok();
}

Status PolicyReader::read_trunk(const TomlTable& table, PolicyTrunk& trunk) {
    if (auto status = table.only_keys({"id", "kind", "format", "cli", "protected"}); !status)
        return status;
    trunk.line = table.line();
    const auto kind = table.find("kind");
    if (!kind)
        return table.error(ErrorCode::kMissing,
                           "no 'kind'; give subscriber, national, international or roaming");
    const auto kind_index = kind->one_of(kTrunkKinds);
    if (!kind_index) return kind_index.error();
    TrunkFormat format = TrunkFormat::kAuto;
    if (const auto value = table.find("format")) {
        const auto index = value->one_of(kTrunkFormats);
        if (!index) return index.error();
        format = *trunk_format_from_name(kTrunkFormats[*index]);
    }
    const auto cli = table.strings("cli");
    if (!cli) return cli.error();
    const auto protected_numbers = table.strings("protected");
    if (!protected_numbers) return protected_numbers.error();
    auto rules = make_trunk_rules(*trunk_kind_from_name(kTrunkKinds[*kind_index]), format, *cli,
                                  *protected_numbers, *policy_.plan);
    if (!rules) {
        // Which of the two keys is at fault: try the first alone.
        const bool first = !make_trunk_rules(TrunkKind::kNational, format, *cli, {}, *policy_.plan);
        return table.error(first ? "cli" : "protected", rules.error().code, rules.error().text);
    }
    trunk.rules = std::move(*rules);
    return ok();
}

Status PolicyReader::read_binds(const TomlTable& root) {
    const auto tables = root.tables("bind");
    if (!tables) return tables.error();
    if (tables->size() > Policy::kMaxBinds)
        return (*tables)[Policy::kMaxBinds].error(ErrorCode::kTooLarge, "more than 16,384 binds");
    Lines taken;
    for (const TomlTable& table : *tables) {
        PolicyBind bind;
        auto id = read_id(table, taken);
        if (!id) return id.error();
        bind.id = std::move(*id);
        if (auto status = read_bind(table, bind); !status) return status;
        policy_.binds.push_back(std::move(bind));
    }
    return ok();
}

Status PolicyReader::read_bind(const TomlTable& table, PolicyBind& bind) {
    if (auto status = table.only_keys({"id", "default_alphabet", "packed", "senders", "trunk"});
        !status)
        return status;
    bind.line = table.line();
    if (const auto alphabet = table.find("default_alphabet")) {
        const auto index = alphabet->one_of(kAlphabets);
        if (!index) return index.error();
        bind.default_alphabet = static_cast<BindAlphabet>(*index);
    }
    const auto packed = table.boolean_or("packed", false);
    if (!packed) return packed.error();
    bind.packed = *packed;
    if (bind.packed && bind.default_alphabet != BindAlphabet::kGsm7)
        return table.error("packed", ErrorCode::kOutOfRange,
                           "only the alphabet gsm7 can be packed; remove one of the two keys");
    const auto senders = table.strings("senders");
    if (!senders) return senders.error();
    for (const std::string_view sender : *senders) {
        std::string folded;
        fold_key(EntryKind::kSender, sender, folded);
        if (folded.empty())
            return table.error("senders", ErrorCode::kOutOfRange, "a sender is empty");
        bind.senders.push_back(std::move(folded));
    }
    std::sort(bind.senders.begin(), bind.senders.end());
    if (const auto trunk = table.find("trunk")) {
        const auto id = trunk->string();
        if (!id) return id.error();
        bind.trunk = policy_.find_trunk(*id);
        if (!bind.trunk) {
            std::vector<std::string_view> ids;
            for (const PolicyTrunk& one : policy_.trunks) ids.push_back(one.id);
            std::string text = "no [[trunk]] has the id '" + printable(*id) + "'";
            const std::string_view nearest = nearest_name(*id, ids);
            if (!nearest.empty()) text.append("; did you mean '").append(nearest).append("'?");
            return trunk->error(ErrorCode::kDangling, text);
        }
    }
    return ok();
}

Status PolicyReader::read_failure(const TomlTable& root) {
    const auto table = root.table("failure");
    if (!table) return table.error();
    if (!*table) return ok();
    std::array<std::string_view, kFailureCauseCount> causes;
    for (unsigned i = 0; i < kFailureCauseCount; ++i)
        causes[i] = name_of(static_cast<FailureCause>(i));
    if (auto status = (*table)->only_keys(causes); !status) return status;
    for (unsigned i = 0; i < kFailureCauseCount; ++i) {
        const auto value = (*table)->find(causes[i]);
        if (!value) continue;
        const auto action = action_of(*value, kFailureActions);
        if (!action) return action.error();
        policy_.failure.actions[i] = *action;
    }
    return ok();
}

Status PolicyReader::read_codes(const TomlTable& root) {
    const auto codes = root.table("codes");
    if (!codes) return codes.error();
    if (!*codes) return ok();
    struct Protocol {
        std::string_view key;
        std::int64_t least;
        std::int64_t most;
        CodeMap* map;
    };
    // SIP: a final response other than success; Q.850 causes are 7 bits; command_status 32.
    const std::array<Protocol, 4> protocols = {
        {{"sip", 300, 699, &policy_.codes.sip},
         {"q850", 1, 127, &policy_.codes.q850},
         {"smpp", 1, 0xFFFF'FFFF, &policy_.codes.smpp},
         {"smpp_deliver", 1, 0xFFFF'FFFF, &policy_.codes.smpp_deliver}}};
    if (auto status = (*codes)->only_keys({"sip", "q850", "smpp", "smpp_deliver"}); !status)
        return status;
    for (const Protocol& protocol : protocols) {
        const auto table = (*codes)->table(protocol.key);
        if (!table) return table.error();
        if (!*table) continue;
        if (auto status = read_code_map(**table, protocol.least, protocol.most, *protocol.map);
            !status)
            return status;
    }
    return ok();
}

Status PolicyReader::read_code_map(const TomlTable& table, std::int64_t least, std::int64_t most,
                                   CodeMap& map) {
    const std::vector<std::string_view> keys = code_keys();
    if (auto status = table.only_keys(keys); !status) return status;
    for (const TomlEntry& entry : table.entries()) {
        // 0 sends nothing: the switch acts itself.
        const auto none = entry.value.integer();
        if (!none) return none.error();
        const auto code = *none == 0 ? none : entry.value.integer(least, most);
        if (!code) return Error{code.error().code, code.error().text + ", or 0 to send none"};
        const auto value = static_cast<std::uint32_t>(*code);
        if (const auto action = action_from_name(entry.key)) {
            map.actions[static_cast<unsigned>(*action)] = value;
        } else {
            map.reasons[reason_from_name(entry.key)] = value;
        }
    }
    return ok();
}

}  // namespace ringfence
