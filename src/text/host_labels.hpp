// host_labels.hpp - the labels of a host as they lie in a text, and what a browser makes of its escapes.
//
// Threads: any thread. Cost: labels lie in the marks of extraction, 64 units a look. No allocation.
// Source: RFC 3986 clause 3.2, WHATWG URL clause 3.5.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "src/text/data/fold_data.hpp"
#include "src/text/extraction.hpp"
#include "src/text/host_key.hpp"

namespace ringfence {

// What else a label behind a scheme may hold: letters, marks, signs and emoji of all scripts, but no punctuation of a text.
inline bool is_other_label_unit(char16_t c) {
    return c >= 0x80 && (fold_data::in_dense(c) || c == kOtherSymbol ||
                         (c >= 0x2070 && c < 0x3000) || (c >= 0x3040 && c < 0x3100));
}

// What ends user, host and port of a link for a browser: the begin of a path, blanks, brackets of texts, the end.
inline bool ends_authority(char16_t c) {
    return c <= u' ' || c == u'/' || c == u'?' || c == u'#' || c == u'\\' || c == u'<' ||
           c == u'>' || c == u'"';
}

inline bool is_hex(char16_t c) { return is_digit(c) || (c >= u'a' && c <= u'f'); }
inline unsigned hex_value(char c) {
    return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
}

// The key of a host as a browser reads it: "%2e" is a dot. Octets that are in no name of a host stay as they are, and all where
// there is an A-label, which must not change: such a key is nobody's.
inline void append_unescaped(std::string_view host, KeyText& key) {
    if (host.find("xn--") != host.npos) return key.append(host);
    for (std::size_t i = 0; i < host.size(); ++i) {
        char c = host[i];
        if (c == '%' && i + 2 < host.size() && is_hex(static_cast<unsigned char>(host[i + 1])) &&
            is_hex(static_cast<unsigned char>(host[i + 2]))) {
            unsigned octet = hex_value(host[i + 1]) << 4u | hex_value(host[i + 2]);
            if (octet >= 'A' && octet <= 'Z') octet += 'a' - 'A';
            const bool is_last_dot = octet == '.' && i + 3 == host.size() && key.size() > 0;
            if (is_last_dot) return;
            const auto unit = static_cast<char16_t>(octet);
            if (is_alnum(unit) || unit == u'-' || unit == u'_' || unit == u'.') {
                c = static_cast<char>(octet);
                i += 2;
            }
        }
        key.append(std::string_view(&c, 1));
    }
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
    bool escaped = false;     // a label may hold "%2e"

    std::size_t begin() const { return labels[0].begin; }
    std::size_t end() const { return labels[count - 1].end; }
};

// Labels from `at` on, as many as there are. A long chain of them keeps the last kMaxLabels.
template <class LabelEnd>
inline Host read_labels(const Extraction& text, std::size_t at, LabelEnd&& label_end) {
    Host host;
    for (;;) {
        const std::size_t end = label_end(at);
        host.scanned = end;
        if (end == at) break;
        if (host.count == Host::kMaxLabels) {
            std::copy(host.labels.begin() + 1, host.labels.end(), host.labels.begin());
            --host.count;
        }
        host.labels[host.count++] = {at, end};
        const std::size_t dot = dot_length(text.units, end);
        if (dot == 0) break;
        at = end + dot;
    }
    return host;
}

inline Host read_labels(const Extraction& text, std::size_t at) {
    return read_labels(text, at, [&](std::size_t begin) { return text.label_end(begin); });
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

}  // namespace ringfence
