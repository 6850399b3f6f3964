// option_values.hpp - options whose value is checked where it is read, so that the error names option and range.
#pragma once

#include <CLI/CLI.hpp>

#include <charconv>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "ringfence/number/country.hpp"
#include "ringfence/source/utf8.hpp"

namespace ringfence::cli {

// An option of a whole number from `least` to `most`, decimal or 0x and hexadecimal; anything else is refused in
// words that say so. The default is what `value` holds, and is shown.
template <class Number>
CLI::Option* number_option(CLI::App* command, const std::string& name, Number& value, Number least,
                           Number most, const std::string& help) {
    const auto read = [&value, name, least, most](const std::string& text) {
        const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
        const char* begin = text.data() + (hexadecimal ? 2 : 0);
        const char* end = text.data() + text.size();
        Number number{};
        const auto [stop, error] = std::from_chars(begin, end, number, hexadecimal ? 16 : 10);
        if (error != std::errc() || stop != end || number < least || number > most)
            throw CLI::ValidationError(name, "'" + printable(text) + "' is no whole number from " +
                                                 std::to_string(least) + " to " +
                                                 std::to_string(most));
        value = number;
    };
    CLI::Option* option = command->add_option_function<std::string>(name, read, help);
    return option->type_name("NUMBER");
}

// The same with the default shown.
template <class Number>
CLI::Option* number_option_of_default(CLI::App* command, const std::string& name, Number& value,
                                      Number least, Number most, const std::string& help) {
    return number_option(command, name, value, least, most, help)
        ->default_str(std::to_string(value));
}

// For options that name something: a file, a folder, a list.
inline const CLI::Validator& not_empty() {
    static const CLI::Validator validator(
        [](const std::string& text) {
            return std::string(text.empty() ? "is empty; leave it out or give a value" : "");
        },
        "", "not_empty");
    return validator;
}

// One of the words that a column of traffic takes, in any case of its letters.
template <class Names>
CLI::Validator one_of(const Names& names) {
    std::vector<std::string> words;
    for (const auto& name : names) words.emplace_back(name.first);
    return CLI::IsMember(std::move(words), CLI::ignore_case);
}

// An ISO 3166 alpha-2 code: of what else looks like none a call would be judged without it.
inline const CLI::Validator& country_code() {
    static const CLI::Validator validator(
        [](const std::string& text) {
            return CountryCode(text).empty()
                       ? "'" + printable(text) + "' is no code of two letters, as GB"
                       : std::string();
        },
        "", "country_code");
    return validator;
}

}  // namespace ringfence::cli
