#include "ringfence/pattern/rules.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <optional>

#include "ringfence/source/toml.hpp"
#include "ringfence/source/utf8.hpp"
#include "ringfence/text/extract.hpp"
#include "src/pattern/leet.hpp"
#include "src/pattern/regex.hpp"
#include "src/source/about_file.hpp"

namespace ringfence {
namespace {

constexpr std::size_t kMaxId = 128;
constexpr std::size_t kMaxSampleBytes = 4096;
constexpr std::size_t kMaxHostBytes = 1024;  // four octets a unit of RFC 1035's 253, and some

using AliasMap = std::map<std::string, std::vector<std::string>, std::less<>>;

bool is_alias_name(std::string_view name) {
    return !name.empty() && name[0] >= 'a' && name[0] <= 'z' &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
           });
}

// A primary subtag of BCP 47 (ISO 639), then a script and a region where they are told: "zh", "zh-Hant", "en-IN".
bool is_language(std::string_view tag) {
    const auto all = [](std::string_view text, char first, char last) {
        return std::all_of(text.begin(), text.end(),
                           [&](char c) { return c >= first && c <= last; });
    };
    const auto next = [&tag] {
        const std::string_view one = tag.substr(0, tag.find('-'));
        tag.remove_prefix(std::min(tag.size(), one.size() + 1));
        return one;
    };
    if (tag.ends_with('-')) return false;
    std::string_view part = next();
    if (part.size() < 2 || part.size() > 3 || !all(part, 'a', 'z')) return false;
    part = next();
    if (part.size() == 4 && all(part.substr(0, 1), 'A', 'Z') && all(part.substr(1), 'a', 'z'))
        part = next();
    if ((part.size() == 2 && all(part, 'A', 'Z')) || (part.size() == 3 && all(part, '0', '9')))
        part = next();
    return part.empty() && tag.empty();
}

// What the table says its language is, by default `fallback`.
Result<std::string> language_of(const TomlTable& table, const std::string& fallback) {
    if (!table.has("language")) return fallback;
    const auto text = table.string("language");
    if (!text) return text.error();
    if (is_language(*text)) return std::string(*text);
    return table.error(
        "language", ErrorCode::kSyntax,
        "'" + printable(*text, 40) +
            "' is no language; give language, then script, then region of BCP 47, in canonical "
            "case: \"en\", \"zh-Hant\", \"en-IN\"");
}

Result<TextView> view_of(const TomlTable& table, TextView fallback) {
    const auto value = table.find("view");
    if (!value) return fallback;
    constexpr std::array<std::string_view, 2> kNames = {"light", "dense"};
    const auto index = value->one_of(kNames);
    if (!index) return index.error();
    return *index == 0 ? TextView::kLight : TextView::kDense;
}

// One pack being read. Every step gives the first error, with its place.
class PackReader {
public:
    PackReader(const TomlDocument& document, std::string path)
        : document_(document), path_(std::move(path)) {}

    Status read(std::vector<PatternRule>& rules) {
        const TomlTable root = document_.root();
        if (auto status = root.only_keys({"pack", "rule"}); !status) return status;
        if (auto status = read_pack(root); !status) return status;
        const auto tables = root.tables("rule");
        if (!tables) return tables.error();
        if (tables->empty()) {
            return Error::at(ErrorCode::kMissing, path_, 0,
                             "no [[rule]] in it; a pack holds at least one");
        }
        if (tables->size() > RuleSet::kMaxRules) {
            return Error::at(ErrorCode::kTooLarge, path_, 0,
                             "more than " + std::to_string(RuleSet::kMaxRules) + " rules");
        }
        for (const TomlTable& table : *tables) {
            PatternRule rule;
            if (auto status = read_rule(table, rule); !status) return status;
            const auto [first, fresh] = lines_.try_emplace(rule.id, rule.line);
            if (!fresh) {
                return table.error("id", ErrorCode::kDuplicate,
                                   "a second rule '" + rule.id + "'; the first is in line " +
                                       std::to_string(first->second));
            }
            rules.push_back(std::move(rule));
        }
        return ok();
    }

private:
    Status read_pack(const TomlTable& root) {
        const auto pack = root.table("pack");
        if (!pack) return pack.error();
        if (!*pack)
            return root.error(ErrorCode::kMissing, "no [pack]; give it with at least an id");
        if (auto status = (*pack)->only_keys({"id", "language", "view", "data"}); !status)
            return status;
        if (const auto id = (*pack)->string("id"); !id) return id.error();
        auto language = language_of(**pack, "");
        if (!language) return language.error();
        language_ = *std::move(language);
        const auto view = view_of(**pack, TextView::kDense);
        if (!view) return view.error();
        view_ = *view;
        const auto files = (*pack)->strings("data");
        if (!files) return files.error();
        const auto folder = std::filesystem::path(path_).parent_path();
        for (const std::string_view file : *files) {
            const std::string path = (folder / file).string();
            const auto status = read_data(path);
            if (status) continue;
            const auto what = about_file(status.error(), path);
            return what ? (*pack)->error("data", status.error().code, *what) : status.error();
        }
        return ok();
    }

    Status read_data(const std::string& path) {
        const auto document = TomlDocument::read(path);
        if (!document) return document.error();
        const TomlTable root = document->root();
        if (auto status = root.only_keys({"alias"}); !status) return status;
        const auto table = root.table("alias");
        if (!table) return table.error();
        if (!*table) return root.error(ErrorCode::kMissing, "no [alias] in it");
        for (const TomlEntry& entry : (*table)->entries()) {
            const auto phrases = entry.value.strings();
            if (!phrases) return phrases.error();
            if (!is_alias_name(entry.key)) {
                return entry.value.error(ErrorCode::kSyntax,
                                         "'" + std::string(entry.key) +
                                             "' is no name; take a-z first, then a-z, 0-9 and _");
            }
            if (phrases->empty()) return entry.value.error(ErrorCode::kMissing, "no phrase in it");
            const auto [at, fresh] = aliases_.try_emplace(
                std::string(entry.key), std::vector<std::string>(phrases->begin(), phrases->end()));
            if (!fresh) {
                return entry.value.error(
                    ErrorCode::kDuplicate,
                    "a second '" + at->first + "' among the pack's data files");
            }
        }
        return ok();
    }

    Status read_rule(const TomlTable& table, PatternRule& rule) {
        if (auto status = table.only_keys({"id", "category", "action", "risk", "shadow", "language",
                                           "view", "text", "regex", "leet", "also", "unless",
                                           "foreign_to", "must_match", "must_not_match"});
            !status) {
            return status;
        }
        const auto id = table.string("id");
        if (!id) return id.error();
        if (id->empty() || id->size() > kMaxId) {
            return table.error("id", ErrorCode::kOutOfRange,
                               "an id of 1 to " + std::to_string(kMaxId) + " bytes");
        }
        rule.id = *id;
        rule.line = table.find("id")->line();
        if (auto status = read_meaning(table, rule); !status) return named(rule, status.error());
        if (auto status = read_looks(table, rule); !status) return named(rule, status.error());
        if (auto status = read_samples(table, rule); !status) return named(rule, status.error());
        return ok();
    }

    // Errors of the TOML reader name the place, not the rule.
    static Status named(const PatternRule& rule, const Error& error) {
        if (error.text.find("'" + rule.id + "'") != std::string::npos) return error;
        return Error{error.code, error.text + " (in rule '" + rule.id + "')"};
    }

    Status read_meaning(const TomlTable& table, PatternRule& rule) {
        const auto category = table.string("category");
        if (!category) return category.error();
        if (category->empty())
            return table.error("category", ErrorCode::kMissing, "an empty category");
        rule.category = *category;

        const auto action = table.find("action");
        if (!action)
            return table.error(ErrorCode::kMissing, "no 'action'; give one, such as \"tag\"");
        std::array<std::string_view, kActionCount> names;
        for (unsigned i = 0; i < kActionCount; ++i) names[i] = name_of(static_cast<Action>(i));
        const auto chosen = action->one_of(names);
        if (!chosen) return chosen.error();
        rule.action = static_cast<Action>(*chosen);

        const auto risk = table.integer_or("risk", rule.risk, 0, PatternRule::kMaxRisk);
        if (!risk) return risk.error();
        rule.risk = static_cast<std::uint16_t>(*risk);
        const auto shadow = table.boolean_or("shadow", false);
        if (!shadow) return shadow.error();
        rule.shadow = *shadow;
        auto language = language_of(table, language_);
        if (!language) return language.error();
        rule.language = *std::move(language);
        const auto view = view_of(table, view_);
        if (!view) return view.error();
        rule.view = *view;
        return ok();
    }

    Status read_looks(const TomlTable& table, PatternRule& rule) {
        if (table.has("text") == table.has("regex")) {
            return table.error(ErrorCode::kMissing, "exactly one of 'text' and 'regex' in a rule");
        }
        const auto leet = table.boolean_or("leet", false);
        if (!leet) return leet.error();
        if (*leet && table.has("regex")) {
            return table.error("leet", ErrorCode::kSyntax,
                               "only 'text' can be read so; write the digits into the regex");
        }
        if (auto status = expressions(table, "text", rule.view, rule.text); !status) return status;
        if (*leet) {
            if (auto status = spell_in_leet(table, rule.text); !status) return status;
        }
        if (auto status = expressions(table, "also", rule.view, rule.also); !status) return status;
        if (auto status = expressions(table, "unless", rule.view, rule.unless); !status)
            return status;
        if (auto status = hosts(table, rule.foreign_to); !status) return status;
        for (const Expression& expression : rule.text) {
            if (expression.view == rule.view) continue;
            return table.error(
                "text", ErrorCode::kSyntax,
                "'light:' and 'dense:' only in 'also' and 'unless'; set 'view' of the rule");
        }
        if (!table.has("regex")) {
            if (!rule.text.empty()) return ok();
            return table.error("text", ErrorCode::kMissing, "an empty list; give an expression");
        }
        const auto regex = table.string("regex");
        if (!regex) return regex.error();
        if (regex->empty() || regex->size() > RuleSet::kMaxRegexBytes) {
            return table.error(
                "regex", ErrorCode::kTooLarge,
                "a regex of 1 to " + std::to_string(RuleSet::kMaxRegexBytes) + " bytes");
        }
        auto folded = pattern::fold_regex(*regex, rule.view);
        if (!folded) {
            return table.error("regex", folded.error().code, quoted(*regex) + folded.error().text);
        }
        rule.regex = std::move(folded->text);
        rule.states = folded->states;
        return ok();
    }

    static std::string quoted(std::string_view text) {
        std::size_t shown = std::min<std::size_t>(text.size(), 60);
        while (shown > 0 && shown < text.size() && (text[shown] & 0xC0) == 0x80) --shown;
        return "'" + std::string(text.substr(0, shown)) + (shown < text.size() ? "...': " : "': ");
    }

    Status expressions(const TomlTable& table, std::string_view key, TextView view,
                       std::vector<Expression>& out) {
        const auto value = table.find(key);
        if (!value) return ok();
        const auto texts = value->strings();
        if (!texts) return texts.error();
        const AliasLookup lookup =
            [this](std::string_view name) -> const std::vector<std::string>* {
            const auto found = aliases_.find(name);
            return found == aliases_.end() ? nullptr : &found->second;
        };
        for (const std::string_view text : *texts) {
            auto expression = parse_expression(text, view, lookup);
            if (!expression) {
                return value->error(expression.error().code,
                                    quoted(text) + expression.error().text);
            }
            out.push_back(*std::move(expression));
        }
        return ok();
    }

    static Status spell_in_leet(const TomlTable& table, std::vector<Expression>& text) {
        for (Expression& expression : text) {
            auto spelled = pattern::spelled_in_leet(expression);
            if (!spelled) return table.error("leet", spelled.error().code, spelled.error().text);
            expression = *std::move(spelled);
        }
        return ok();
    }

    // Hosts, or aliases of which every phrase is one.
    Status hosts(const TomlTable& table, std::vector<std::string>& out) {
        const auto value = table.find("foreign_to");
        if (!value) return ok();
        const auto texts = value->strings();
        if (!texts) return texts.error();
        if (texts->empty())
            return value->error(ErrorCode::kMissing, "an empty list; give a host, or leave it out");
        for (const std::string_view text : *texts) {
            if (!text.starts_with('@')) {
                if (auto status = add_host(*value, text, out); !status) return status;
                continue;
            }
            const auto alias = aliases_.find(text.substr(1));
            if (alias == aliases_.end()) {
                return value->error(ErrorCode::kDangling, "no alias '" + std::string(text) +
                                                              "' in the pack's data files");
            }
            for (const std::string& host : alias->second)
                if (auto status = add_host(*value, host, out); !status) return status;
        }
        if (out.size() > PatternRule::kMaxHosts) {
            return value->error(ErrorCode::kTooLarge,
                                "more than " + std::to_string(PatternRule::kMaxHosts) + " hosts");
        }
        std::sort(out.begin(), out.end());
        out.erase(std::unique(out.begin(), out.end()), out.end());
        return ok();
    }

    static Status add_host(const TomlValue& value, std::string_view text,
                           std::vector<std::string>& out) {
        const std::string host = fold_key(FoundKind::kDomain, text);
        if (!is_whole_host(text, host)) {
            return value.error(ErrorCode::kSyntax,
                               "'" + printable(text, 60) +
                                   "': no host; give labels of letters, digits and hyphens with "
                                   "dots between, without scheme and path: icbc.com.cn");
        }
        out.push_back(host);
        return ok();
    }

    // Whether extraction finds `host`, and nothing less, where a link goes to `text`.
    static bool is_whole_host(std::string_view text, std::string_view host) {
        const auto is_refused = [](unsigned char c) { return c <= ' ' || c == 0x7F; };
        if (text.size() > kMaxHostBytes || host.find('.') == host.npos ||
            text.find_first_of("/:@?#") != text.npos || text.starts_with('.') ||
            text.ends_with('.') || std::any_of(text.begin(), text.end(), is_refused)) {
            return false;
        }
        for (std::size_t begin = 0; begin <= host.size();) {
            const std::string_view label =
                host.substr(begin, std::min(host.find('.', begin), host.size()) - begin);
            if (label.empty() || label.find_first_of("-_") == 0 || label.ends_with('-'))
                return false;
            begin += label.size() + 1;
        }
        const std::u16string link = to_utf16("http://" + std::string(text) + "/");
        FoldedText folded(FoldedText::kMaxExpansion * link.size());
        fold(link, folded);
        bool whole = false;
        extract(folded, nullptr, [&](const Found& found) {
            whole = whole || (found.kind == FoundKind::kDomain && found.key == host &&
                              found.place.offset == 0 && found.place.length == link.size());
        });
        return whole;
    }

    Status read_samples(const TomlTable& table, PatternRule& rule) {
        for (const auto& [key, out] : {std::pair("must_match", &rule.must_match),
                                       std::pair("must_not_match", &rule.must_not_match)}) {
            const auto samples = table.strings(key);
            if (!samples) return samples.error();
            for (const std::string_view sample : *samples) {
                if (sample.size() > kMaxSampleBytes) {
                    return table.error(
                        key, ErrorCode::kTooLarge,
                        "a sample of more than " + std::to_string(kMaxSampleBytes) + " bytes");
                }
                out->emplace_back(sample);
            }
        }
        if (!rule.must_match.empty()) return ok();
        return table.error(ErrorCode::kMissing,
                           "no 'must_match'; give at least one message that the rule is for");
    }

    const TomlDocument& document_;
    std::string path_;
    TextView view_ = TextView::kDense;
    std::string language_;
    AliasMap aliases_;
    std::map<std::string, std::uint32_t> lines_;
};

}  // namespace

Result<RuleSet> RuleSet::load(const std::string& path, const InputOptions& options) {
    const auto document = TomlDocument::read(path, options);
    if (!document) return document.error();
    return from(*document, path);
}

Result<RuleSet> RuleSet::parse(std::string_view toml, const std::string& path) {
    const auto document = TomlDocument::parse(toml, path);
    if (!document) return document.error();
    return from(*document, path);
}

Result<RuleSet> RuleSet::from(const TomlDocument& document, const std::string& path) {
    RuleSet set;
    set.files_.push_back(path);
    if (auto status = PackReader(document, path).read(set.rules_); !status) return status.error();
    return set;
}

Status RuleSet::add(RuleSet other) {
    if (rules_.size() + other.rules_.size() > kMaxRules) {
        return Error{ErrorCode::kTooLarge,
                     "more than " + std::to_string(kMaxRules) + " rules in all packs"};
    }
    std::map<std::string_view, const PatternRule*> known;
    for (const PatternRule& rule : rules_) known.emplace(rule.id, &rule);
    for (const PatternRule& rule : other.rules_) {
        const auto found = known.find(rule.id);
        if (found == known.end()) continue;
        return Error{ErrorCode::kDuplicate, other.place_of(rule) + ": a second rule '" + rule.id +
                                                "'; the first is " + place_of(*found->second)};
    }
    const auto shift = static_cast<std::uint32_t>(files_.size());
    for (PatternRule& rule : other.rules_) {
        rule.file += shift;
        rules_.push_back(std::move(rule));
    }
    for (std::string& file : other.files_) files_.push_back(std::move(file));
    return ok();
}

RuleSet RuleSet::only(std::size_t rule) const {
    RuleSet one;
    one.rules_ = {rules_[rule]};
    one.files_ = files_;
    return one;
}

std::string RuleSet::place_of(const PatternRule& rule) const {
    return files_[rule.file] + ":" + std::to_string(rule.line);
}

}  // namespace ringfence
