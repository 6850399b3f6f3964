// toml_value.cpp - what is asked of a document that was read.
#include <algorithm>
#include <charconv>

#include "ringfence/base/nearest.hpp"
#include "ringfence/source/utf8.hpp"
#include "src/source/toml_tree.hpp"

namespace ringfence {
namespace {

using toml_detail::Node;

std::string in_quotes(std::string_view text) { return "'" + printable(text) + "'"; }

std::string path_of(const Node* node) {
    // Outermost last while climbing.
    std::vector<const Node*> steps;
    for (; node->parent != nullptr; node = node->parent) steps.push_back(node);
    std::string path;
    while (!steps.empty()) {
        const Node* step = steps.back();
        steps.pop_back();
        if (step->parent->type == TomlType::kArray) {
            path.append("[").append(std::to_string(step->index)).append("]");
        } else {
            if (!path.empty()) path.append(".");
            path.append(printable(step->key));
        }
    }
    return path;
}

std::string number_text(double number) {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    return std::string(digits, end);
}

std::string describe(const Node& node) {
    switch (node.type) {
        case TomlType::kString: return in_quotes(node.text);
        case TomlType::kInteger: return std::to_string(node.integer);
        case TomlType::kFloat: return number_text(node.number);
        case TomlType::kBoolean: return node.boolean ? "true" : "false";
        case TomlType::kDateTime: return "a date or time";
        case TomlType::kArray: return "an array";
        case TomlType::kTable: return "a table";
    }
    return "unknown";
}

std::string did_you_mean(std::string_view wanted, std::span<const std::string_view> names) {
    if (const auto nearest = nearest_name(wanted, names); !nearest.empty()) {
        return "; did you mean " + in_quotes(nearest) + "?";
    }
    constexpr std::size_t kMaxNamed = 16;
    std::string list = "; use one of";
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i == kMaxNamed) return list.append(", ...");
        list.append(i == 0 ? " " : ", ").append(printable(names[i]));
    }
    return names.empty() ? "; remove it" : list;
}

}  // namespace

TomlType TomlValue::type() const { return node_->type; }
std::uint32_t TomlValue::line() const { return node_->line; }
std::string TomlValue::path() const { return path_of(node_); }

Error TomlValue::error(ErrorCode code, std::string_view what) const {
    return Error::at(code, tree_->name, node_->line, what);
}

Error TomlValue::wrong_type(std::string_view wanted) const {
    return error(ErrorCode::kWrongType,
                 "'" + path() + "' is " + describe(*node_) + "; give " + std::string(wanted));
}

Result<std::string_view> TomlValue::string() const {
    if (node_->type != TomlType::kString) return wrong_type("a string in quotes");
    return std::string_view(node_->text);
}

Result<std::int64_t> TomlValue::integer(std::int64_t min, std::int64_t max) const {
    if (node_->type != TomlType::kInteger) return wrong_type("a whole number");
    if (node_->integer < min || node_->integer > max) {
        return error(ErrorCode::kOutOfRange,
                     "'" + path() + "' is " + describe(*node_) + "; give a whole number from " +
                         std::to_string(min) + " to " + std::to_string(max));
    }
    return node_->integer;
}

Result<double> TomlValue::number(double min, double max) const {
    if (node_->type != TomlType::kInteger && node_->type != TomlType::kFloat) {
        return wrong_type("a number");
    }
    // Written so that not-a-number is outside.
    if (!(node_->number >= min && node_->number <= max)) {
        return error(ErrorCode::kOutOfRange, "'" + path() + "' is " + describe(*node_) +
                                                 "; give a number from " + number_text(min) +
                                                 " to " + number_text(max));
    }
    return node_->number;
}

Result<bool> TomlValue::boolean() const {
    if (node_->type != TomlType::kBoolean) return wrong_type("true or false");
    return node_->boolean;
}

Result<TomlTable> TomlValue::table() const {
    if (node_->type != TomlType::kTable) return wrong_type("a table");
    return TomlTable(*this);
}

Result<std::vector<TomlValue>> TomlValue::array() const {
    if (node_->type != TomlType::kArray) return wrong_type("an array");
    std::vector<TomlValue> values;
    values.reserve(node_->children.size());
    for (const auto& child : node_->children) values.push_back(TomlValue(tree_, child.get()));
    return values;
}

Result<std::vector<std::string_view>> TomlValue::strings() const {
    if (node_->type == TomlType::kString) return std::vector<std::string_view>{node_->text};
    if (node_->type != TomlType::kArray) return wrong_type("strings in quotes, between brackets");
    std::vector<std::string_view> texts;
    texts.reserve(node_->children.size());
    for (const auto& child : node_->children) {
        auto text = TomlValue(tree_, child.get()).string();
        if (!text) return text.error();
        texts.push_back(*text);
    }
    return texts;
}

Result<std::size_t> TomlValue::one_of(std::span<const std::string_view> names) const {
    auto text = string();
    if (!text) return text.error();
    const auto found = std::find(names.begin(), names.end(), *text);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    return error(ErrorCode::kOutOfRange,
                 "'" + path() + "' is " + in_quotes(*text) + did_you_mean(*text, names));
}

std::optional<TomlValue> TomlTable::find(std::string_view key) const {
    for (const auto& child : value_.node_->children) {
        if (child->key == key) return TomlValue(value_.tree_, child.get());
    }
    return std::nullopt;
}

std::vector<TomlEntry> TomlTable::entries() const {
    std::vector<TomlEntry> entries;
    entries.reserve(value_.node_->children.size());
    for (const auto& child : value_.node_->children) {
        entries.push_back({child->key, child->key_line, TomlValue(value_.tree_, child.get())});
    }
    return entries;
}

Status TomlTable::only_keys(std::initializer_list<std::string_view> keys) const {
    return only_keys(std::span(keys.begin(), keys.size()));
}

Status TomlTable::only_keys(std::span<const std::string_view> keys) const {
    for (const auto& child : value_.node_->children) {
        if (std::find(keys.begin(), keys.end(), child->key) != keys.end()) continue;
        std::string what = "unknown key " + in_quotes(child->key);
        if (value_.node_->parent != nullptr) what.append(" in '").append(path()).append("'");
        return Error::at(ErrorCode::kUnknownKey, value_.tree_->name, child->key_line,
                         what.append(did_you_mean(child->key, keys)));
    }
    return ok();
}

Error TomlTable::error(std::string_view key, ErrorCode code, std::string_view what) const {
    const auto value = find(key);
    return value ? value->error(code, what) : error(code, what);
}

Result<TomlValue> TomlTable::required(std::string_view key, std::string_view what) const {
    if (const auto value = find(key)) return *value;
    const std::string name = printable(key);
    const std::string where = value_.node_->parent == nullptr ? "the document" : "'" + path() + "'";
    return error(ErrorCode::kMissing,
                 where + " has no '" + name + "'; add " + name + " = " + std::string(what));
}

Result<std::string_view> TomlTable::string(std::string_view key) const {
    auto value = required(key, "\"...\"");
    return value ? value->string() : value.error();
}

Result<std::string_view> TomlTable::string_or(std::string_view key,
                                              std::string_view fallback) const {
    const auto value = find(key);
    return value ? value->string() : fallback;
}

Result<std::int64_t> TomlTable::integer(std::string_view key, std::int64_t min,
                                        std::int64_t max) const {
    auto value = required(key, "a whole number");
    return value ? value->integer(min, max) : value.error();
}

Result<std::int64_t> TomlTable::integer_or(std::string_view key, std::int64_t fallback,
                                           std::int64_t min, std::int64_t max) const {
    const auto value = find(key);
    return value ? value->integer(min, max) : fallback;
}

Result<double> TomlTable::number_or(std::string_view key, double fallback, double min,
                                    double max) const {
    const auto value = find(key);
    return value ? value->number(min, max) : fallback;
}

Result<bool> TomlTable::boolean_or(std::string_view key, bool fallback) const {
    const auto value = find(key);
    return value ? value->boolean() : fallback;
}

Result<std::vector<std::string_view>> TomlTable::strings(std::string_view key) const {
    const auto value = find(key);
    return value ? value->strings() : std::vector<std::string_view>{};
}

Result<std::vector<TomlTable>> TomlTable::tables(std::string_view key) const {
    std::vector<TomlTable> tables;
    const auto value = find(key);
    if (!value) return tables;
    const std::string wanted = "one or more tables, each under [[" + printable(key) + "]]";
    if (value->type() != TomlType::kArray) return value->wrong_type(wanted);
    for (const auto& child : value->node_->children) {
        const TomlValue element(value_.tree_, child.get());
        if (element.type() != TomlType::kTable) return element.wrong_type(wanted);
        tables.push_back(TomlTable(element));
    }
    return tables;
}

Result<std::optional<TomlTable>> TomlTable::table(std::string_view key) const {
    const auto value = find(key);
    if (!value) return std::optional<TomlTable>();
    auto table = value->table();
    if (!table) return table.error();
    return std::optional<TomlTable>(*table);
}

}  // namespace ringfence
