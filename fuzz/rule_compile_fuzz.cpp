// The text of a rule, and a message: whatever compiles must find what the plain matcher finds.
//
// Input: a byte whose bits choose the view (1), a regex instead of text (2); the rule up to the first
// newline; the message behind it.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "pattern/backtrack_model.hpp"
#include "ringfence/pattern/pattern_set.hpp"
#include "src/pattern/rule_fold.hpp"

namespace {

using namespace ringfence;

constexpr std::size_t kMaxRule = 120, kMaxMessage = 160;

// A TOML string of any bytes; nothing where TOML has no way to write them.
std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte == 0x7F) {
            const char* digits = "0123456789ABCDEF";
            out += "\\u00";
            out += digits[byte >> 4];
            out += digits[byte & 15];
        } else {
            out += c;
        }
    }
    return out + '"';
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const bool light = data[0] & 1, regex = data[0] & 2;
    const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::size_t line = std::min(rest.find('\n'), rest.size());
    const std::string_view rule = rest.substr(0, std::min(line, kMaxRule));
    std::string_view message = rest.substr(std::min(line + 1, rest.size()));
    message = message.substr(0, kMaxMessage);

    std::string toml = "[pack]\nid = \"f\"\nview = ";
    toml += light ? "\"light\"" : "\"dense\"";
    toml += "\n[[rule]]\nid = \"f\"\ncategory = \"f\"\naction = \"tag\"\nmust_match = \"f\"\n";
    toml += (regex ? "regex = " : "text = ") + quoted(rule) + "\n";
    auto rules = RuleSet::parse(toml, "fuzz.toml");
    if (!rules) {
        if (rules.error().text.find("fuzz.toml") == std::string::npos) std::abort();
        return 0;
    }
    const auto set = PatternSet::compile(*std::move(rules), {.check_samples = false});
    if (!set) return 0;
    auto scratch = set->make_scratch();
    if (!scratch) return 0;

    const std::u16string folded_light = fold_to_string(message, View::kLight);
    const std::u16string folded_dense = fold_to_string(message, View::kDense);
    const ScanResult result = set->scan(FoldedUnits{folded_light, folded_dense}, *scratch);
    if (result.status != ScanStatus::kOk) std::abort();
    for (const PatternMatch& match : result.matches) {
        const std::size_t units = (light ? folded_light : folded_dense).size();
        if (match.begin > match.end || match.end > units) std::abort();
    }
    if (regex) return 0;
    const auto truth = model::scan(set->rules(), folded_light, folded_dense);
    if (truth &&
        !std::equal(truth->begin(), truth->end(), result.matches.begin(), result.matches.end())) {
        std::abort();
    }
    return 0;
}
