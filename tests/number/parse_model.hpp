// parse_model.hpp - the plain model that `parse` is held against: strings cut and copied, one step after
// another, and octets unpacked into a list of halves.
#pragma once

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <string>
#include <vector>

#include "ringfence/number/address.hpp"

namespace ringfence::model {

inline std::string lowered(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return text;
}

inline std::string unescaped(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && i + 2 < text.size() &&
                            std::isxdigit(static_cast<unsigned char>(text[i + 1])) &&
                            std::isxdigit(static_cast<unsigned char>(text[i + 2]));
        if (escape) {
            out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

struct ParsedText {
    AddressKind kind = AddressKind::kAbsent;
    bool plus = false;
    bool separators = false;
    std::string text;  // whole, however long
};

inline ParsedText read_digits(const std::string& raw) {
    ParsedText out;
    out.kind = AddressKind::kDigits;
    for (const char c : unescaped(raw)) {
        if (std::string(" \t-./()").find(c) != std::string::npos && c != '\0') {
            out.separators = true;
        } else if (c == '+' && out.text.empty() && !out.plus) {
            out.plus = true;
        } else if ((c >= '0' && c <= '9') || c == '*' || c == '#') {
            out.text += c;
            if (c == '*' || c == '#') out.kind = AddressKind::kService;
        } else {
            return {};
        }
    }
    return out.text.empty() ? ParsedText() : out;
}

inline std::string before(const std::string& text, char mark) {
    return text.substr(0, text.find(mark));
}

inline ParsedText parse_text(std::string text) {
    const std::string blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string::npos) return {};
    text = text.substr(first, text.find_last_not_of(blanks) - first + 1);

    const auto scheme = [](const std::string& t) -> std::string {
        for (const char* one : {"sip:", "sips:", "tel:"})
            if (lowered(t.substr(0, std::string(one).size())) == one) return one;
        return "";
    };
    std::string rest = text;
    if (const std::size_t open = text.find('<'); open != std::string::npos)
        if (!scheme(text.substr(open + 1)).empty()) rest = before(text.substr(open + 1), '>');
    const std::string used = scheme(rest);
    rest = rest.substr(used.size());
    if (used != "tel:") rest = before(rest, '@');
    std::string user = before(rest, ';');
    std::string parameters = user.size() < rest.size() ? rest.substr(user.size() + 1) : "";
    if (used == "sip:" || used == "sips:") user = before(user, ':');
    if (!used.empty() && user.empty()) return {};

    ParsedText number = read_digits(user);
    if (number.kind != AddressKind::kAbsent) {
        std::string context;
        while (!parameters.empty()) {
            const std::string one = before(parameters, ';');
            parameters = one.size() < parameters.size() ? parameters.substr(one.size() + 1) : "";
            if (lowered(one.substr(0, 14)) != "phone-context=") continue;
            context = one.substr(14);
            break;
        }
        if (!context.starts_with("+") && lowered(context.substr(0, 3)) != "%2b") context.clear();
        if (number.plus || number.kind != AddressKind::kDigits || context.empty()) return number;
        const ParsedText global = read_digits(context);
        if (global.kind == AddressKind::kAbsent) return number;
        number.plus = true;
        number.kind = global.kind;
        number.text = global.text + number.text;
        return number;
    }
    if (lowered(user) == "anonymous") return {AddressKind::kWithheld, false, false, ""};
    return {AddressKind::kAlphanumeric, false, false, used.empty() ? text : unescaped(user)};
}

// The digits of BCD octets; an odd count leaves out the last half.
inline ParsedText parse_halves(const std::vector<std::uint8_t>& octets, bool odd) {
    std::vector<unsigned> halves;
    for (const std::uint8_t octet : octets) {
        halves.push_back(octet % 16);
        halves.push_back(octet / 16);
    }
    if (odd && !halves.empty()) halves.pop_back();
    while (!halves.empty() && halves.back() == 15) halves.pop_back();
    ParsedText out;
    for (const unsigned half : halves) {
        if (out.kind != AddressKind::kService)
            out.kind = half > 9 ? AddressKind::kService : AddressKind::kDigits;
        out.text += "0123456789*#abcf"[half];
    }
    return out;
}

}  // namespace ringfence::model
