// parse.inl - bodies of parse.hpp.
#pragma once

#include <cstddef>

#include "ringfence/base/trimmed.hpp"
#include "ringfence/number/emergency_forms.hpp"
#include "ringfence/number/parse.hpp"

namespace ringfence {
namespace detail {

constexpr int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char small = lower(c);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

// The next character of `text`, a %HH escape as one; removes it.
constexpr char take_escaped(std::string_view& text) {
    const char c = text.front();
    if (c == '%' && text.size() >= 3 && hex_value(text[1]) >= 0 && hex_value(text[2]) >= 0) {
        const int value = hex_value(text[1]) * 16 + hex_value(text[2]);
        text.remove_prefix(3);
        return static_cast<char>(static_cast<unsigned char>(value));
    }
    text.remove_prefix(1);
    return c;
}

constexpr void keep(Address& address, char c) {
    if (address.size < Address::kMaxText) {
        address.chars[address.size++] = c;
    } else {
        address.truncated = true;
    }
}

// Reads `text` as digits with separators, behind what `address` already holds. False, and `address` is
// to be thrown away, when it is no number.
constexpr bool read_number(Address& address, std::string_view text) {
    bool any = false;
    while (!text.empty()) {
        switch (const char c = take_escaped(text)) {
            case '0':
            case '1':
            case '2':
            case '3':
            case '4':
            case '5':
            case '6':
            case '7':
            case '8':
            case '9':
                keep(address, c);
                any = true;
                break;
            case '*':
            case '#':
                keep(address, c);
                any = true;
                address.kind = AddressKind::kService;
                break;
            case '+':
                if (any || address.plus) return false;
                address.plus = true;
                break;
            case ' ':
            case '\t':
            case '-':
            case '.':
            case '/':
            case '(':
            case ')': address.separators = true; break;
            default: return false;
        }
    }
    if (any && address.kind == AddressKind::kAbsent) address.kind = AddressKind::kDigits;
    return any;
}

// The characters of numbers in full width (U+FF01 to U+FF5E) and the ideographic blank as ASCII; 0 for
// others. Removes what it reads.
constexpr char take_narrowed(std::string_view& text, bool escaped) {
    const auto take = [&] {
        if (text.empty()) return '\0';
        if (escaped) return take_escaped(text);
        const char c = text.front();
        text.remove_prefix(1);
        return c;
    };
    const auto first = static_cast<unsigned char>(take());
    unsigned c = first;
    if (first >= 0x80) {
        const auto second = static_cast<unsigned char>(take());
        const auto third = static_cast<unsigned char>(take());
        if ((second & 0xC0) != 0x80 || (third & 0xC0) != 0x80) return '\0';
        c = (first & 0x0Fu) << 12 | (second & 0x3Fu) << 6 | (third & 0x3Fu);
        if (first >> 4 != 0xE || (c != 0x3000 && (c < 0xFF01 || c > 0xFF5E))) return '\0';
        c = c == 0x3000 ? ' ' : c - 0xFF00 + 0x20;
    }
    constexpr std::string_view kOfNumbers = "0123456789*#+ -./()";
    const char narrow = static_cast<char>(c);
    return kOfNumbers.find(narrow) != std::string_view::npos ? narrow : '\0';
}

// A name that is a number in full width, kept in ASCII. False, and `address` is to be thrown away, for
// other names.
constexpr bool read_wide_number(Address& address, std::string_view text, bool escaped) {
    address.kind = AddressKind::kAlphanumeric;
    while (!text.empty()) {
        const char c = take_narrowed(text, escaped);
        if (c == '\0') return false;
        keep(address, c);
    }
    return address.size != 0;
}

// UTF-8 of a name, cut between two characters.
constexpr void read_name(Address& address, std::string_view text, bool escaped) {
    address.kind = AddressKind::kAlphanumeric;
    while (!text.empty() && !address.truncated) {
        if (escaped) {
            keep(address, take_escaped(text));
        } else {
            keep(address, text.front());
            text.remove_prefix(1);
        }
        if (!address.truncated) continue;
        // The character that did not fit continues the last one: that goes too.
        const auto at = [&](unsigned i) { return static_cast<unsigned char>(address.chars[i]); };
        unsigned start = address.size;
        while (start > 0 && address.size - start < 4 && (at(start - 1) & 0xC0) == 0x80) --start;
        if (start > 0 && at(start - 1) >= 0xC0) {
            const unsigned lead = at(start - 1);
            const unsigned length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
            if (start - 1 + length > address.size)
                address.size = static_cast<std::uint8_t>(start - 1);
        }
    }
}

// The value of `phone-context` among the parameters, if it is a '+' and digits (RFC 3966 clause 5.1.5).
constexpr std::string_view global_context(std::string_view parameters) {
    constexpr std::string_view kName = "phone-context=";
    while (!parameters.empty()) {
        const std::size_t end = parameters.find(';');
        const std::string_view one = parameters.substr(0, end);
        if (begins_as(one, kName)) {
            const std::string_view value = one.substr(kName.size());
            return value.starts_with('+') || begins_as(value, "%2b") ? value : std::string_view();
        }
        if (end == std::string_view::npos) break;
        parameters.remove_prefix(end + 1);
    }
    return {};
}

struct TextParts {
    std::string_view user;        // the number or name
    std::string_view parameters;  // what stands behind its first ';'
    bool uri = false;
};

constexpr TextParts split_text(std::string_view text) {
    TextParts parts;
    const auto is_urn = [](std::string_view t) { return begins_as(t, kServiceUrn); };
    const auto is_uri = [&](std::string_view t) {
        return begins_as(t, "sip:") || begins_as(t, "sips:") || begins_as(t, "tel:") || is_urn(t);
    };
    if (const std::size_t open = text.find('<');
        open != std::string_view::npos && is_uri(text.substr(open + 1))) {
        text.remove_prefix(open + 1);
        text = text.substr(0, text.find('>'));
    }
    parts.uri = is_uri(text);
    const bool urn = is_urn(text);
    const bool tel = urn || begins_as(text, "tel:");  // neither has a host or a password
    if (parts.uri && !urn) text.remove_prefix(text.find(':') + 1);
    if (!tel) text = text.substr(0, text.find('@'));
    const std::size_t semicolon = text.find(';');
    parts.user = text.substr(0, semicolon);
    if (semicolon != std::string_view::npos) parts.parameters = text.substr(semicolon + 1);
    if (parts.uri && !tel) parts.user = parts.user.substr(0, parts.user.find(':'));  // no password
    return parts;
}

// Bare digits with or without a '+', as most numbers come. False, and `address` is unchanged but for what
// its size does not cover, when there is more to it.
constexpr bool read_bare(Address& address, std::string_view text) {
    const bool plus = text.starts_with('+');
    if (plus) text.remove_prefix(1);
    if (text.empty() || text.size() > Address::kMaxText) return false;
    unsigned misfit = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        misfit |= static_cast<unsigned>(static_cast<unsigned char>(text[i] - '0') > 9);
        address.chars[i] = text[i];
    }
    if (misfit != 0) return false;
    address.kind = AddressKind::kDigits;
    address.plus = plus;
    address.size = static_cast<std::uint8_t>(text.size());
    return true;
}

constexpr void read_text(Address& address, std::string_view text) {
    if (read_bare(address, text)) return;
    text = trimmed(text, " \t\r\n");
    if (text.empty()) return;
    const TextParts parts = split_text(text);
    if (parts.user.empty() && parts.uri) return;
    Address attempt = address;
    if (read_number(attempt, parts.user)) {
        address = attempt;
        const std::string_view context = global_context(parts.parameters);
        if (attempt.plus || attempt.kind != AddressKind::kDigits || context.empty()) return;
        Address global;
        global.ton = address.ton;
        global.presentation = address.presentation;
        global.screening = address.screening;
        constexpr unsigned kMostDigits = 15;  // of a global number
        const bool is_context = read_number(global, context) && global.size <= kMostDigits &&
                                global.kind == AddressKind::kDigits;
        if (is_context && read_number(global, attempt.text())) {
            global.truncated = global.truncated || attempt.truncated;
            if (!global.truncated) global.local = attempt.size;
            global.separators = attempt.separators;
            address = global;
        }
        return;
    }
    if (parts.user.size() == 9 && begins_as(parts.user, "anonymous")) {
        address.kind = AddressKind::kWithheld;
        return;
    }
    attempt = address;
    if (read_wide_number(attempt, parts.user, parts.uri)) {
        address = attempt;
        return;
    }
    read_name(address, parts.uri ? parts.user : text, parts.uri);
}

// Two digits an octet, the earlier in the low half; `halves` says how many halves there are.
constexpr void read_halves(Address& address, std::span<const std::uint8_t> octets,
                           std::size_t halves) {
    constexpr std::string_view kDigitOfHalf = "0123456789*#abcf";
    constexpr unsigned kFiller = 0xF;
    const auto half = [&](std::size_t i) {
        return static_cast<unsigned>(i % 2 == 0 ? octets[i / 2] & 0xF : octets[i / 2] >> 4);
    };
    while (halves > 0 && half(halves - 1) == kFiller) --halves;
    if (halves == 0) return;
    address.kind = AddressKind::kDigits;
    for (std::size_t i = 0; i < halves; ++i) {
        if (half(i) > 9) address.kind = AddressKind::kService;
        keep(address, kDigitOfHalf[half(i)]);
    }
}

constexpr void read_q763(Address& address, std::span<const std::uint8_t> octets) {
    if (octets.size() < 2) return;
    switch (octets[0] & 0x7F) {
        case 1: address.ton = TypeOfNumber::kSubscriber; break;
        case 3: address.ton = TypeOfNumber::kNational; break;
        case 4: address.ton = TypeOfNumber::kInternational; break;
        case 5: address.ton = TypeOfNumber::kNetworkSpecific; break;
        default: address.ton = TypeOfNumber::kUnknown; break;
    }
    switch (octets[1] >> 2 & 3) {
        case 0: address.presentation = Presentation::kAllowed; break;
        case 2: address.presentation = Presentation::kUnavailable; break;
        default: address.presentation = Presentation::kRestricted; break;  // by user or network
    }
    address.screening = static_cast<Screening>(octets[1] & 3);
    const std::span<const std::uint8_t> digits = octets.subspan(2);
    const bool odd = (octets[0] & 0x80) != 0 && !digits.empty();
    read_halves(address, digits, digits.size() * 2 - (odd ? 1 : 0));
}

}  // namespace detail

constexpr Address parse(const AddressView& view) {
    Address address;
    address.ton = view.ton;
    address.presentation = view.presentation;
    address.screening = view.screening;
    switch (view.coding) {
        case AddressCoding::kText: detail::read_text(address, view.text); break;
        case AddressCoding::kTbcd:
            if (view.ton == TypeOfNumber::kAlphanumeric) {
                for (const std::uint8_t octet : view.octets) {
                    if (address.truncated) break;
                    detail::keep(address, static_cast<char>(octet));
                }
                if (address.size != 0) address.kind = AddressKind::kAlphanumeric;
            } else {
                detail::read_halves(address, view.octets, view.octets.size() * 2);
            }
            break;
        case AddressCoding::kQ763: detail::read_q763(address, view.octets); break;
    }
    if (address.presentation == Presentation::kRestricted) address.kind = AddressKind::kWithheld;
    return address;
}

}  // namespace ringfence
