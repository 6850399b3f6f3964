// A document either fails with one line that names its place, or every value in it answers to
// exactly the getters of its type, and is found again under its key.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/source/toml.hpp"

namespace {

using namespace ringfence;

void check(bool holds) {
    if (!holds) std::abort();
}

void check_error(const Error& error) {
    check(error.text.starts_with("fuzz.toml:"));
    check(error.text.find_first_of("\n\r") == std::string::npos);
}

// Counts one when it succeeded; its error must be well-formed otherwise.
template <class T>
int succeeded(const Result<T>& result) {
    if (!result) check_error(result.error());
    return result ? 1 : 0;
}

void check_table(const TomlTable& table, std::uint32_t lines);

void check_value(const TomlValue& value, std::uint32_t lines) {
    check(value.line() >= 1 && value.line() <= lines);
    check(value.path().find('\n') == std::string::npos);
    const int string = succeeded(value.string());
    const int integer = succeeded(value.integer());
    const int number = succeeded(value.number());
    const int boolean = succeeded(value.boolean());
    const int table = succeeded(value.table());
    const int array = succeeded(value.array());
    const int strings = succeeded(value.strings());
    switch (value.type()) {
        case TomlType::kString: check(string == 1 && strings == 1); break;
        case TomlType::kInteger: check(integer == 1 && number == 1); break;
        case TomlType::kFloat: break;  // infinities and not-a-number are outside every range
        case TomlType::kBoolean: check(boolean == 1); break;
        case TomlType::kDateTime: check(string + integer + number == 0); break;
        case TomlType::kArray: check(array == 1); break;
        case TomlType::kTable: check(table == 1); break;
    }
    check(string + integer + boolean + table + array <= 1);
    if (array == 1) {
        for (const TomlValue& element : *value.array()) check_value(element, lines);
    }
    if (table == 1) check_table(*value.table(), lines);
}

void check_table(const TomlTable& table, std::uint32_t lines) {
    const auto entries = table.entries();
    std::vector<std::string_view> keys;
    for (const TomlEntry& entry : entries) {
        check(entry.line >= 1 && entry.line <= lines);
        check(table.has(entry.key) && table.find(entry.key)->line() == entry.value.line());
        check_value(entry.value, lines);
        succeeded(table.string(entry.key));
        succeeded(table.integer_or(entry.key, 0, -5, 5));
        succeeded(table.number_or(entry.key, 0, -5, 5));
        succeeded(table.boolean_or(entry.key, false));
        succeeded(table.strings(entry.key));
        succeeded(table.tables(entry.key));
        succeeded(table.table(entry.key));
        keys.push_back(entry.key);
    }
    check(succeeded(table.only_keys(keys)) == 1);
    if (keys.empty()) return;
    keys.pop_back();
    check(succeeded(table.only_keys(keys)) == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    auto document = ringfence::TomlDocument::parse(text, "fuzz.toml");
    if (!document) {
        check_error(document.error());
        return 0;
    }
    std::uint32_t lines = 1;
    for (const char c : text) lines += c == '\n' ? 1u : 0u;
    check_table(document->root(), lines);
    return 0;
}
