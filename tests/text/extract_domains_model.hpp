// The plain model of src/text/find_domains.cpp: the labels of each word are read, and each is searched for among the names.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "src/text/data/fold_data.hpp"
#include "src/text/data/tld_data.hpp"
#include "src/text/utf.hpp"
#include "tests/text/extract_accounts_model.hpp"
#include "tests/text/extract_text_model.hpp"
#include "tests/text/host_key_model.hpp"

namespace ringfence::extract_model {

inline constexpr std::size_t kMaxHost = 253;  // RFC 1035 clause 2.3.4
inline constexpr std::size_t kMaxLabel = 63;
inline constexpr std::size_t kMaxMailbox = 64;  // RFC 5321 clause 4.5.3.1.1

// Letters that labels hold beside ASCII without a scheme in front: Latin, Greek, Cyrillic, Armenian. Han and
// scripts without blanks between words would take the sentence along.
inline bool is_label_letter(char16_t c) {
    return c >= 0xC0 && c <= 0x58F && c != 0xD7 && c != 0xF7;
}
inline bool is_label_unit(char16_t c) {
    return is_alnum(c) || c == u'-' || c == u'_' || is_label_letter(c);
}
inline constexpr std::u16string_view kMailboxSigns = u".+%-_";
inline bool is_mailbox_unit(char16_t c) {
    return is_label_unit(c) || c == u'.' || c == u'+' || c == u'%';
}
inline bool is_top_level(std::u16string_view label) {
    char name[kMaxLabel];
    if (label.size() < 2 || label.size() > kMaxLabel) return false;
    if (std::ranges::find(tld_data::kScriptNames, label) != tld_data::kScriptNames.end())
        return true;
    for (std::size_t i = 0; i < label.size(); ++i) {
        if (!is_alnum(label[i]) && label[i] != u'-') return false;
        name[i] = static_cast<char>(label[i]);
    }
    const std::string_view text(name, label.size());
    if (text.starts_with("xn--")) return true;
    return std::ranges::find(tld_data::kNames, text) != tld_data::kNames.end();
}

// A dot between two labels at `at`, in any of its disguises: how many units it has; 0 = none.
inline std::size_t dot_length(std::u16string_view units, std::size_t at) {
    if (at >= units.size()) return 0;
    const char16_t c = units[at];
    if (c == u'.' || c == 0x3002) return 1;
    if (c != u'[' && c != u'(') return 0;
    const char16_t close = c == u'[' ? u']' : u')';
    for (const std::u16string_view middle : {u".", u"dot"}) {
        if (units.substr(at + 1, middle.size()) != middle) continue;
        const std::size_t end = at + 1 + middle.size();
        if (end < units.size() && units[end] == close) return middle.size() + 2;
    }
    return 0;
}

// Unit by unit: none is half of a pair.
inline std::string utf8_of(std::u16string_view units) {
    std::string text;
    for (const char16_t unit : units) {
        std::array<char, 4> octets{};
        text.append(octets.data(), utf::write_utf8(unit, octets.data()));
    }
    return text;
}

// A host as it lies in the text: its labels, and where the last one ends.
struct Host {
    static constexpr std::size_t kMaxLabels = 32;
    struct Label {
        std::size_t begin;
        std::size_t end;
    };
    std::array<Label, kMaxLabels> labels;  // the first `count`
    std::size_t count = 0;
    std::size_t scanned = 0;  // everything before was looked at

    std::size_t begin() const { return labels[0].begin; }
    std::size_t end() const { return labels[count - 1].end; }
};

// Labels from `at` on, as many as there are. A long chain of them keeps the last kMaxLabels.
inline Host read_labels(std::u16string_view units, std::size_t at) {
    Host host;
    for (;;) {
        std::size_t end = at;
        while (end < units.size() && is_label_unit(units[end])) ++end;
        host.scanned = end;
        if (end == at) break;
        if (host.count == Host::kMaxLabels) {
            std::copy(host.labels.begin() + 1, host.labels.end(), host.labels.begin());
            --host.count;
        }
        host.labels[host.count++] = {at, end};
        const std::size_t dot = dot_length(units, end);
        if (dot == 0) break;
        at = end + dot;
    }
    return host;
}

inline bool is_ipv4(std::u16string_view units, const Host& host) {
    if (host.count != 4) return false;
    for (std::size_t i = 0; i < 4; ++i) {
        const auto [begin, end] = host.labels[i];
        unsigned value = 0;
        if (end - begin > 3) return false;
        for (std::size_t k = begin; k < end; ++k) {
            if (!is_digit(units[k])) return false;
            value = value * 10 + (units[k] - u'0');
        }
        if (value > 255) return false;
    }
    return true;
}

class DomainFinder {
public:
    explicit DomainFinder(Text& text) : text_(text), units_(text.units) {}

    // Each word is looked at, whatever stands behind it.
    void run() {
        for (std::size_t at = 0; at < units_.size();)
            at = is_label_unit(units_[at]) ? look_at(at) : at + 1;
    }

private:
    // Looks at the word that begins at `at`; returns where to go on.
    std::size_t look_at(std::size_t at) {
        Host host = read_labels(units_, at);
        const std::size_t next = std::max(host.scanned, at + 1);
        if (host.count == 1 && units_.substr(host.end(), 3) == u"://") {
            return after_scheme(at, host.end() + 3);
        }
        if (host.count < 2) return next;
        // "first.last@example.com": what stands before the '@' is no host where one stands behind it.
        if (text_.unit(host.scanned) == u'@') {
            Host behind = read_labels(units_, host.scanned + 1);
            const bool is_host = (is_ipv4(units_, behind) && has_port_or_path(behind.end())) ||
                                 (behind.count >= 2 && trim_to_domain(behind));
            if (is_host) return host.scanned + 1;
        }
        const bool address = is_ipv4(units_, host) && has_port_or_path(host.end());
        if (!address && !trim_to_domain(host)) return next;
        while (host.begin() < host.end() &&
               (units_[host.begin()] == u'-' || units_[host.begin()] == u'_')) {
            ++host.labels[0].begin;
        }
        if (host.labels[0].begin == host.labels[0].end) return next;
        return tell(host.begin(), host);
    }

    // RFC 3986 clause 3.2: [ userinfo "@" ] host [ ":" port ], up to the path or what ends a link in a text.
    std::size_t after_scheme(std::size_t begin, std::size_t at) {
        constexpr std::u16string_view kEnds = u"/?#\\<>\"";
        std::size_t authority_end = at;
        while (authority_end < units_.size() && units_[authority_end] > u' ' &&
               kEnds.find(units_[authority_end]) == kEnds.npos) {
            ++authority_end;
        }
        std::size_t user_end = at;
        while (user_end < authority_end && is_user_unit(user_end)) ++user_end;
        const std::size_t sign = units_.substr(at, user_end - at).rfind(u'@');
        const std::size_t host_at = sign == units_.npos ? at : at + sign + 1;

        Host host = read_labels(units_, host_at);
        const bool any_script = label_units(host.scanned) > 0;
        if (any_script) host = read_labels_of_any_script(host_at);
        if (host.count == 0) return at;
        if (host.count >= 2 && !is_ipv4(units_, host)) {
            if (any_script)
                trim_any_script(host);
            else
                trim_to_domain(host);
        }
        return tell(begin, host, any_script);
    }

    bool is_user_unit(std::size_t at) const {
        const char16_t c = units_[at];
        if (is_label_unit(c) || std::u16string_view(u".:@%+").find(c) != std::u16string_view::npos)
            return true;
        return c < 0x80 && text_.source_unit(at) < 0x80;
    }

    static bool is_hex(char16_t c) { return is_digit(c) || (c >= u'a' && c <= u'f'); }

    // The units at `at` that are of a label behind a scheme: 0 = none, 3 = "%2e".
    std::size_t label_units(std::size_t at) const {
        const char16_t c = text_.unit(at);
        if (c == u'%') return is_hex(text_.unit(at + 1)) && is_hex(text_.unit(at + 2)) ? 3 : 0;
        if (is_label_unit(c)) return 1;
        if (c < 0x80) return 0;
        const bool is_sign = (c >= 0x2070 && c < 0x3000) || c == 0xFFFD;
        const bool is_kana = c >= 0x3040 && c < 0x3100;
        return fold_data::in_dense(c) || is_sign || is_kana ? 1 : 0;
    }

    // How much of a label is the name of a top-level domain with letters of another script right behind.
    std::size_t name_before_text(std::u16string_view label) const {
        std::size_t size = 0;
        while (size < label.size() && is_label_unit(label[size])) ++size;
        if (size == label.size() || label[size] == u'%') return 0;
        return is_top_level(label.substr(0, size)) ? size : 0;
    }

    Host read_labels_of_any_script(std::size_t at) const {
        Host host;
        for (bool is_first = true;; is_first = false) {
            std::size_t end = at;
            while (const std::size_t more = label_units(end)) end += more;
            const std::size_t dot = dot_length(units_, end);
            const std::size_t name = name_before_text(units_.substr(at, end - at));
            const bool goes_on =
                dot > 0 && units_[end] != 0x3002 && !is_label_unit(units_[end - 1]);
            const bool is_last = !is_first && name > 0 && !goes_on;
            if (is_last) end = at + name;
            host.scanned = end;
            if (end == at) break;
            if (host.count == Host::kMaxLabels) {
                std::copy(host.labels.begin() + 1, host.labels.end(), host.labels.begin());
                --host.count;
            }
            host.labels[host.count++] = {at, end};
            if (is_last || dot == 0) break;
            at = end + dot;
        }
        return host;
    }

    // The longest host with a name of a top-level domain at its end.
    void trim_any_script(Host& host) const {
        end_at_ideographic_stop(host);
        for (std::size_t last = host.count - 1; last > 0; --last) {
            const std::u16string_view name = label(host, last);
            std::size_t size = name.size();
            if (name.find(u'%') == name.npos && !is_top_level(name)) size = name_before_text(name);
            if (size == 0) continue;
            host.labels[last].end = host.labels[last].begin + size;
            if (ends_a_sentence(host, last)) continue;
            host.count = last + 1;
            return;
        }
    }

    // What the escapes of a host say, those of letters, digits and signs of names.
    static std::string unescaped(const std::string& host) {
        if (host.find("xn--") != host.npos) return host;
        std::string text;
        for (std::size_t i = 0; i < host.size(); ++i) {
            const std::string hex = host[i] == '%' ? host.substr(i + 1, 2) : "";
            if (hex.size() == 2 && hex.find_first_not_of("0123456789abcdef") == hex.npos) {
                const auto octet = static_cast<char>(std::stoi(hex, nullptr, 16));
                const bool is_upper = octet >= 'A' && octet <= 'Z';
                const char c = is_upper ? static_cast<char>(octet + 32) : octet;
                if (c == '.' && i + 3 == host.size() && !text.empty()) return text;
                if (c == '.' || c == '-' || c == '_' ||
                    (c > 0 && is_alnum(static_cast<char16_t>(c)))) {
                    text += c;
                    i += 2;
                    continue;
                }
            }
            text += host[i];
        }
        return text;
    }

    std::u16string_view label(const Host& host, std::size_t i) const {
        return units_.substr(host.labels[i].begin, host.labels[i].end - host.labels[i].begin);
    }

    bool has_port_or_path(std::size_t at) const {
        return text_.unit(at) == u'/' || (text_.unit(at) == u':' && is_digit(text_.unit(at + 1)));
    }

    // "icbc.com" with an ideographic full stop behind it ends there.
    void end_at_ideographic_stop(Host& host) const {
        for (std::size_t i = 1; i + 1 < host.count; ++i) {
            if (units_[host.labels[i].end] == 0x3002 && is_top_level(label(host, i))) {
                host.count = i + 1;
            }
        }
    }

    // Cuts labels that a missing blank joined to a domain; false when no domain is left.
    bool trim_to_domain(Host& host) const {
        end_at_ideographic_stop(host);
        for (std::size_t count = host.count; count >= 2; --count) {
            if (!is_top_level(label(host, count - 1)) || ends_a_sentence(host, count - 1)) continue;
            host.count = count;
            return true;
        }
        return false;
    }

    // "work.In" : a small letter, a dot, a capital: two sentences, not a domain of India; of Greek, Cyrillic and Armenian too.
    bool ends_a_sentence(const Host& host, std::size_t last) const {
        const std::size_t at = host.labels[last].begin;
        const auto is_other = [](char16_t c) { return c >= 0x370 && c <= 0x58F; };
        const auto small = [&](std::size_t i) {
            const char16_t c = text_.source_unit(i);
            return is_lower(c) || (is_other(c) && units_[i] == c);
        };
        const char16_t first = text_.source_unit(at);
        const bool capital =
            (first >= u'A' && first <= u'Z') || (is_other(first) && units_[at] != first);
        return capital && host.labels[last].end > at + 1 && small(at + 1) &&
               small(host.labels[last - 1].end - 1) && !has_port_or_path(host.labels[last].end);
    }

    // Whether the unit belongs to a path: ASCII as it was written, or a letter or digit in disguise.
    bool in_path(std::size_t at) const {
        const char16_t c = units_[at];
        if (c <= u' ' || c >= 0x7F || c == u'<' || c == u'>' || c == u'"') return false;
        return is_alnum(c) || text_.source_unit(at) < 0x80;
    }

    std::size_t path_end(std::size_t at) const {
        std::size_t end = at;
        while (end < units_.size() && in_path(end)) ++end;
        constexpr std::u16string_view kTrailing = u".,;:!?)]}'";
        while (end > at + 1 && kTrailing.find(units_[end - 1]) != std::u16string_view::npos) --end;
        return end;
    }

    // Tells of `host` in a link from `begin` on; returns where the link ends.
    std::size_t tell(std::size_t begin, const Host& host, bool any_script = false) {
        const std::size_t host_end = host.end();
        std::size_t path = host_end;
        if (text_.unit(path) == u':' && is_digit(text_.unit(path + 1))) {
            ++path;
            while (is_digit(text_.unit(path))) ++path;
        }
        const char16_t next = text_.unit(path);
        const bool has_path = next == u'/' || next == u'?' || next == u'#';
        const std::size_t end = has_path ? path_end(path) : path;

        const std::size_t read = any_script ? host.scanned - host.begin() : 0;
        const bool has_escapes = units_.substr(host.begin(), read).find(u'%') != units_.npos;
        if (has_escapes && host_end - host.begin() > 3 * kMaxHost) return host.scanned;
        std::string key;
        std::size_t units = 0;
        for (std::size_t i = 0; i < host.count; ++i) {
            const std::u16string_view name = label(host, i);
            units += name.size() + (i > 0 ? 1 : 0);
            if (!has_escapes && (name.size() > kMaxLabel || units > kMaxHost)) return host.scanned;
            if (i > 0) key += '.';
            const auto [label_begin, label_end] = host.labels[i];
            key += label_key(text_.folded, label_begin, label_end, i + 1 == host.count);
        }
        if (key.size() > 4 * (kMaxHost + 1 + kMaxMailbox)) return host.scanned;
        if (has_escapes) key = unescaped(key);
        if (begin == host.begin() && end == host_end) tell_mailbox(begin, key, end);
        Found found;
        found.kind = FoundKind::kDomain;
        found.key = key;
        found.place = text_.place(begin, end);
        found.path = text_.place(path, end);
        text_.take(begin, end);
        text_.tell(found);
        if (has_path) tell_chat_link(text_, found.key, path, end);
        return std::max(end, begin + 1);
    }

    // Tells of the e-mail address whose host begins at `at`, where there is one. Its digits may be a telephone number too.
    void tell_mailbox(std::size_t at, std::string_view host, std::size_t end) {
        if (at == 0 || units_[at - 1] != u'@') return;
        std::size_t begin = at - 1;
        while (begin > 0 && at - begin <= kMaxMailbox + 1 && is_mailbox_unit(units_[begin - 1]))
            --begin;
        if (at - begin > kMaxMailbox + 1) return;
        while (begin < at - 1 && kMailboxSigns.find(units_[begin]) != kMailboxSigns.npos) ++begin;
        const std::u16string_view mailbox = units_.substr(begin, at - 1 - begin);
        if (mailbox.empty()) return;
        const std::string key = utf8_of(mailbox) + '@' + std::string(host);
        Found found;
        found.kind = FoundKind::kEmail;
        found.key = key;
        found.place = text_.place(begin, end);
        if (!std::ranges::all_of(mailbox, is_digit)) text_.take(begin, at);
        text_.tell(found);
    }

    Text& text_;
    std::u16string_view units_;
};

inline void find_domains(Text& text) { DomainFinder(text).run(); }

}  // namespace ringfence::extract_model
