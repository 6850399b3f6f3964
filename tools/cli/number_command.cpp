
#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/format.hpp"
#include "ringfence/number/normalize.hpp"
#include "ringfence/number/parse.hpp"
#include "ringfence/source/file.hpp"
#include "ringfence/source/utf8.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/json.hpp"
#include "tools/cli/lines.hpp"
#include "tools/cli/terminal.hpp"

namespace ringfence::cli {
namespace {

Json oddities_of(Oddity oddities) {
    Json names = Json::array();
    for_each_oddity(oddities, [&](Oddity bit) { names.push_back(name_of(bit)); });
    return names;
}

// "+44...", or null for no number and for one over 15 digits unless the national plan has it.
Json number_of(const Normalized& number) {
    if (!number.number.empty()) return format_e164(number.number).text();
    if (number.long_national) return "+" + std::string(number.digits());
    return nullptr;
}

Json error_of(std::string_view line, const Address& address, const Normalized& number) {
    if (!number_of(number).is_null()) return nullptr;
    if (!is_utf8(line)) return "not UTF-8";
    switch (address.kind) {
        case AddressKind::kAbsent: return "empty";
        case AddressKind::kAlphanumeric: return "a name, not a number";
        case AddressKind::kService: return "a service code, not a number";
        default: break;
    }
    return address.truncated || has(number.oddities, Oddity::kTooLong)
               ? "more digits than a number has"
               : "no number";
}

Json describe(std::string_view line, const DialPlan& plan) {
    const Address address = parse(AddressView(line));
    const Normalized number = normalize(address, plan);
    return {{"input", line},
            {"number", number_of(number)},
            {"form", name_of(number.form)},
            {"kind", name_of(number.kind)},
            {"country", number.country.empty() ? Json(nullptr) : Json(number.country.text())},
            {"oddities", oddities_of(number.oddities)},
            {"error", error_of(line, address, number)}};
}

std::string as_text(const Json& object) {
    std::string out = on_one_line(object["input"].get<std::string>());
    out.append("\t").append(object["number"].is_null() ? "-" : object["number"].get<std::string>());
    out.append("\t").append(object["form"].get<std::string>());
    out.append("\t").append(object["kind"].get<std::string>());
    out.append("\t").append(object["country"].is_null() ? "-"
                                                        : object["country"].get<std::string>());
    for (const auto& oddity : object["oddities"])
        out.append("\t").append(oddity.get<std::string>());
    if (!object["error"].is_null()) out.append("\t").append(object["error"].get<std::string>());
    return out;
}

}  // namespace

int run(const NumberCommand& command) {
    const DialPlan* plan = DialPlan::find(CountryCode(command.country));
    if (plan == nullptr) {
        std::string known;
        for (const DialPlan& one : DialPlan::all()) known.append(" ").append(one.country().text());
        say_error("--country '" + command.country + "': there is no plan for it; give one of" +
                  known);
        return kExitBadInput;
    }
    auto lines = LineReader::open(command.file);
    if (!lines) return give_up(lines.error());
    std::string line;
    Progress progress("reading numbers", Progress::kBesideRows);
    for (std::uint64_t rows = 0;; progress.show(++rows)) {
        const auto more = lines->next(line);
        if (!more) return give_up(more.error());
        if (!*more) return kExitOk;
        const Json object = describe(line, *plan);
        const std::string out = command.json ? one_line(object) : as_text(object);
        if (!write_out(out + "\n")) return kExitUnwritable;
    }
}

}  // namespace ringfence::cli
