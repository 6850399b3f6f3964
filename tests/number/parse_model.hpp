// parse_model.hpp - the plain model that `parse` is held against: strings cut and copied, one step after
// another, and octets unpacked into a list of halves.
#pragma once

#include <algorithm>
#include <cctype>
#include <cstddef>
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
    std::size_t local = 0;
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

// What full-width digits say in ASCII; empty when there is anything else.
inline std::string narrowed(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t width = 0;
        for (const char c : std::string("0123456789*#+ -./()")) {
            const unsigned wide = c == ' ' ? 0x3000u : 0xFF00u + static_cast<unsigned>(c) - 0x20u;
            const std::string utf8 = {static_cast<char>(0xE0 | wide >> 12),
                                      static_cast<char>(0x80 | (wide >> 6 & 0x3F)),
                                      static_cast<char>(0x80 | (wide & 0x3F))};
            if (text[i] == c) width = 1;
            if (text.compare(i, 3, utf8) == 0) width = 3;
            if (width == 0) continue;
            out += c;
            break;
        }
        if (width == 0) return {};
        i += width;
    }
    return out;
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
        for (const char* one : {"sip:", "sips:", "tel:", "urn:service:"})
            if (lowered(t.substr(0, std::string(one).size())) == one) return one;
        return "";
    };
    std::string rest = text;
    if (const std::size_t open = text.find('<'); open != std::string::npos)
        if (!scheme(text.substr(open + 1)).empty()) rest = before(text.substr(open + 1), '>');
    const std::string used = scheme(rest);
    const bool urn = used == "urn:service:";
    if (!urn) rest = rest.substr(used.size());
    if (used != "tel:" && !urn) rest = before(rest, '@');
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
        if (global.kind != AddressKind::kDigits || global.text.size() > 15) return number;
        number.plus = true;
        if (global.text.size() + number.text.size() <= Address::kMaxText)
            number.local = number.text.size();
        number.text = global.text + number.text;
        return number;
    }
    if (lowered(user) == "anonymous") return {AddressKind::kWithheld, false, false, "", 0};
    const std::string narrow = narrowed(used.empty() ? user : unescaped(user));
    if (!narrow.empty()) return {AddressKind::kAlphanumeric, false, false, narrow, 0};
    return {AddressKind::kAlphanumeric, false, false, used.empty() ? text : unescaped(user), 0};
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
