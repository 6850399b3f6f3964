#include "ringfence/activity/condition.hpp"

#include <optional>
#include <string>

#include "ringfence/base/nearest.hpp"
#include "ringfence/base/trimmed.hpp"

namespace ringfence {
namespace {

constexpr std::uint64_t kMostWhole = 4'000'000;  // in thousandths still below 2^32

std::optional<Comparator> take_comparator(std::string_view& text) {
    struct Spelling {
        std::string_view text;
        Comparator comparator;
    };
    constexpr Spelling kSpellings[] = {// longer ones first
                                       {">=", Comparator::kAtLeast}, {"<=", Comparator::kAtMost},
                                       {"==", Comparator::kEqual},   {">", Comparator::kAbove},
                                       {"<", Comparator::kBelow},    {"=", Comparator::kEqual}};
    for (const Spelling& one : kSpellings) {
        if (!text.starts_with(one.text)) continue;
        text.remove_prefix(one.text.size());
        return one.comparator;
    }
    return {};
}

// What is wrong with a value, or the value in thousandths.
Result<std::uint32_t> read_value(std::string_view text) {
    constexpr unsigned kDecimals = 3;
    std::uint64_t value = 0;
    unsigned whole = 0;
    unsigned decimals = 0;
    bool point = false;
    for (const char c : text) {
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9')
            return Error{ErrorCode::kSyntax, "has no plain number after the comparison"};
        if (point && ++decimals > kDecimals)
            return Error{ErrorCode::kSyntax, "has more than three decimals"};
        if (!point) ++whole;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
        if (value > kMostWhole * Features::kOne)
            return Error{ErrorCode::kOutOfRange, "is over 4,000,000"};
    }
    if (whole == 0 || (point && decimals == 0))
        return Error{ErrorCode::kSyntax, "has no plain number after the comparison"};
    for (; decimals < kDecimals; ++decimals) value *= 10;
    if (value > kMostWhole * Features::kOne)
        return Error{ErrorCode::kOutOfRange, "is over 4,000,000"};
    return static_cast<std::uint32_t>(value);
}

}  // namespace

Result<ActivityCondition> ActivityCondition::parse(std::string_view feature,
                                                   std::string_view comparison) {
    const auto known = feature_from_name(feature);
    if (!known) {
        std::string text = "no activity feature is called '" + std::string(feature) + "'";
        const std::string_view nearest = nearest_name(feature, feature_names());
        if (!nearest.empty()) {
            text.append("; did you mean '").append(nearest).append("'?");
        } else {
            text.append("; use one of");
            for (const std::string_view name : feature_names()) text.append(" ").append(name);
        }
        return Error{ErrorCode::kUnknownKey, std::move(text)};
    }
    const auto bad = [&](ErrorCode code, std::string_view what) {
        std::string text(feature);
        text.append(" = \"").append(comparison).append("\" ").append(what);
        text.append("; write it like \">=60\" or \"<1.5\"");
        return Error{code, std::move(text)};
    };
    std::string_view rest = trimmed(comparison);
    const auto comparator = take_comparator(rest);
    if (!comparator) return bad(ErrorCode::kSyntax, "has no comparison (>= > <= < ==)");
    const auto value = read_value(trimmed(rest));
    if (!value) return bad(value.error().code, value.error().text);
    return ActivityCondition{*known, *comparator, *value};
}

}  // namespace ringfence
