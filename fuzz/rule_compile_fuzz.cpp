// The text of a rule, and a message: whatever compiles must find what the plain matcher finds, and a regular expression what
// Hyperscan finds with it alone, whichever tier it is in.
//
// Input: a byte whose bits choose the view (1), a regex instead of text (2); the rule up to the first
// newline; the message behind it.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pattern/backtrack_model.hpp"
#include "ringfence/pattern/pattern_set.hpp"
#include "src/pattern/engine.hpp"
#include "src/pattern/rule_fold.hpp"
#include "src/pattern/utf8.hpp"

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

// Where `regex` matches first; `usable` is false where Hyperscan refuses it.
std::optional<pattern::EngineMatch> first_match(const std::string& regex, std::u16string_view text,
                                                bool& usable) {
    std::size_t bad = 0;
    const auto engine = pattern::Engine::compile({regex}, bad);
    pattern::EngineScratch scratch;
    usable = static_cast<bool>(engine) && static_cast<bool>(engine->reserve(scratch));
    if (!usable) return std::nullopt;
    std::vector<char> utf8(text.size() * 3 + pattern::kSpareBytes);
    const std::size_t size = pattern::encode_utf8(text, utf8.data());
    std::optional<pattern::EngineMatch> first;
    const auto take = [](void* context, const pattern::EngineMatch& match) {
        auto& best = *static_cast<std::optional<pattern::EngineMatch>*>(context);
        if (!best || match.end < best->end || (match.end == best->end && match.begin < best->begin))
            best = match;
    };
    if (!engine->scan(utf8.data(), size, scratch, take, &first)) std::abort();
    if (first) {
        first->begin = pattern::count_units(utf8.data(), first->begin);
        first->end = pattern::count_units(utf8.data(), first->end);
    }
    return first;
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
    if (regex) {
        bool usable = false;
        const auto first =
            first_match(set->rules()[0].regex, light ? folded_light : folded_dense, usable);
        if (!usable) return 0;  // a linear one may be too large for it
        const bool found = !result.matches.empty();
        if (found != first.has_value()) std::abort();
        if (found &&
            (result.matches[0].begin != first->begin || result.matches[0].end != first->end))
            std::abort();
        return 0;
    }
    const auto truth = model::scan(set->rules(), folded_light, folded_dense);
    if (truth &&
        !std::equal(truth->begin(), truth->end(), result.matches.begin(), result.matches.end())) {
        std::abort();
    }
    return 0;
}
