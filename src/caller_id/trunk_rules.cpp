#include "ringfence/caller_id/trunk_rules.hpp"

#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/parse.hpp"

namespace ringfence {
namespace {

Result<std::string> read_cli_prefix(std::string_view text) {
    const std::string_view digits = text.starts_with('+') ? text.substr(1) : std::string_view{};
    const bool plain = digits.find_first_not_of("0123456789") == std::string_view::npos;
    if (digits.empty() || digits.size() > Number::kMaxDigits || !plain || digits.front() == '0') {
        return Error{ErrorCode::kSyntax, "cli prefix '" + std::string(text) +
                                             "' is not '+', a country code and more digits, 15 at "
                                             "most; write it like \"+86755\""};
    }
    return std::string(digits);
}

}  // namespace

Result<TrunkRules> make_trunk_rules(TrunkKind kind, TrunkFormat format,
                                    std::span<const std::string_view> cli,
                                    std::span<const std::string_view> protected_numbers,
                                    const DialPlan& plan) {
    TrunkRules rules;
    rules.kind = kind;
    rules.format = format;
    for (const std::string_view text : cli) {
        auto prefix = read_cli_prefix(text);
        if (!prefix) return prefix.error();
        rules.cli.push_back(*std::move(prefix));
    }
    for (const std::string_view text : protected_numbers) {
        const Normalized normalized = normalize(parse(text), plan);
        if (normalized.number.empty()) {
            return Error{ErrorCode::kSyntax, "protected number '" + std::string(text) +
                                                 "' is no number of the dial plan"};
        }
        rules.protected_numbers.push_back(normalized.number);
    }
    return rules;
}

}  // namespace ringfence
