#include <algorithm>

#include "src/text/extraction.hpp"
#include "src/text/host_key.hpp"
#include "src/text/host_labels.hpp"
#include "src/text/top_level.hpp"

namespace ringfence {
namespace {

using kernel::is_label_unit;

bool is_mailbox_unit(char16_t c) { return is_label_unit(c) || c == u'.' || c == u'+' || c == u'%'; }

class DomainFinder {
public:
    explicit DomainFinder(Extraction& text) : text_(text), units_(text.units) {}

    // A word behind which no dot or scheme may stand is no host.
    void run() {
        for (std::size_t at = 0; at < units_.size();) {
            const std::size_t stop = text_.next_stop(at);
            if (stop == units_.size()) return;
            if (const std::size_t end = decimal_end(stop); end != stop && at != stop) {
                at = end;
                continue;
            }
            const std::size_t begin = may_go_on(stop) ? text_.label_begin(stop, at) : stop;
            at = begin == stop ? stop + 1 : look_at(begin);
        }
    }

private:
    // Where a second label ends that stands behind the dot `stop`, as in "3.5", if it is digits, the last one and no mailbox's:
    // look_at() finds nothing then, and most dots are such. `stop` where it is not so.
    std::size_t decimal_end(std::size_t stop) const {
        const std::size_t end = text_.label_end(stop + 1);
        const char16_t dot = units_[stop], next = text_.unit(end);
        const bool is_dot = (dot == u'.') | (dot == kernel::kIdeographicStop);
        const bool goes_on = (next == u'.') | (next == kernel::kIdeographicStop) | (next == u'[') |
                             (next == u'(') | (next == u'@');
        const bool is = is_dot & !goes_on & text_.all_digits(stop + 1, end);
        return is ? end : stop;
    }

    // Whether the stop is a dot between two labels, or the end of a scheme: the mark does not tell of brackets, nor of what
    // stands behind its word.
    bool may_go_on(std::size_t stop) const {
        if (units_[stop] == u':') return units_.substr(stop, 3) == u"://";
        const std::size_t dot = dot_length(units_, stop);
        return dot != 0 && is_label_unit(text_.unit(stop + dot));
    }

    // Looks at the word that begins at `at`; returns where to go on.
    std::size_t look_at(std::size_t at) {
        Host host = read_labels(text_, at);
        const std::size_t next = std::max(host.scanned, at + 1);
        if (host.count == 1 && units_.substr(host.end(), 3) == u"://") {
            return after_scheme(at, host.end() + 3);
        }
        if (host.count < 2) return next;
        // "first.last@example.com": what stands before the '@' is no host where one stands behind it.
        if (text_.unit(host.scanned) == u'@' && is_host(host.scanned + 1)) return host.scanned + 1;
        const bool address = is_ipv4(units_, host) && has_port_or_path(host.end());
        if (!address && !trim_to_domain(host)) return next;
        while (host.begin() < host.end() &&
               (units_[host.begin()] == u'-' || units_[host.begin()] == u'_')) {
            ++host.labels[0].begin;
        }
        if (host.labels[0].begin == host.labels[0].end) return next;
        return tell(host.begin(), host);
    }

    // Whether look_at would tell of the host that begins at `at`.
    bool is_host(std::size_t at) const {
        Host host = read_labels(text_, at);
        if (host.count < 2) return false;
        return (is_ipv4(units_, host) && has_port_or_path(host.end())) || trim_to_domain(host);
    }

    std::size_t after_scheme(std::size_t begin, std::size_t at) {
        Host host = read_labels(text_, at);
        if (!ends_authority(text_.unit(host.scanned))) return after_scheme_of_any(begin, at, host);
        if (host.count == 0) return at;
        if (host.count >= 2 && !is_ipv4(units_, host)) trim_to_domain(host);
        return tell(begin, host);
    }

    // The same where a user, a port, other scripts or the sentence stand behind the first labels. Schemes have slashes, which end
    // all that is read here: no unit is read behind two of them.
    [[gnu::noinline]] std::size_t after_scheme_of_any(std::size_t begin, std::size_t at,
                                                      Host& host) {
        const std::size_t host_at = behind_user(at);
        if (host_at != at) host = read_labels(text_, host_at);
        if (label_goes_on(host.scanned) != 0 && !ends_before_text(host))
            return after_scheme_in_any_script(begin, host_at);
        if (host.count == 0) return at;
        if (host.count >= 2 && !is_ipv4(units_, host)) trim_to_domain(host);
        return tell(begin, host);
    }

    [[gnu::noinline]] std::size_t after_scheme_in_any_script(std::size_t begin, std::size_t at) {
        Host host = read_wide_labels(at);
        const std::size_t read = host.scanned - host.begin();
        host.escaped = units_.substr(host.begin(), read).find(u'%') != units_.npos;
        if (host.count >= 2 && !is_ipv4(units_, host)) trim_wide_to_domain(host);
        return tell(begin, host);
    }

    // Behind the last '@' before the host ends: a bank's name may stand there, the host is what follows. Signs of other scripts,
    // those in full width too, are of the sentence.
    std::size_t behind_user(std::size_t at) const {
        std::size_t host_at = at;
        for (std::size_t i = text_.label_end(at); !ends_authority(text_.unit(i));
             i = text_.label_end(i + 1)) {
            const char16_t c = units_[i];
            const bool any_width = c == u'.' || c == u':' || c == u'@' || c == u'%' || c == u'+';
            if (!any_width && (c >= 0x80 || text_.source_unit(i) >= 0x80)) break;
            if (c == u'@') host_at = i + 1;
        }
        return host_at;
    }

    // How many units of a label behind a scheme stand at `at` that are of none elsewhere: one, or those of "%2e".
    std::size_t label_goes_on(std::size_t at) const {
        if (text_.unit(at) == u'%' && is_hex(text_.unit(at + 1)) && is_hex(text_.unit(at + 2)))
            return 3;
        return is_other_label_unit(text_.unit(at)) ? 1 : 0;
    }

    // Where the name of a top-level domain ends in front of other letters, as in "com" and a sentence in Han; `begin` where none does.
    std::size_t name_end(std::size_t begin, std::size_t end) const {
        const std::size_t plain = text_.label_end(begin);
        const bool is = plain < end && units_[plain] != u'%' &&
                        is_top_level(units_.substr(begin, plain - begin));
        return is ? plain : begin;
    }

    std::size_t wide_label_end(std::size_t begin) const {
        std::size_t end = text_.label_end(begin);
        while (const std::size_t more = label_goes_on(end)) end = text_.label_end(end + more);
        return end;
    }

    // Whether a label that ends at `end` is no sentence: a dot stands behind its letters.
    bool is_followed_by_label(std::size_t end) const {
        return dot_length(units_, end) != 0 && units_[end] != kernel::kIdeographicStop &&
               !is_label_unit(units_[end - 1]);
    }

    // Whether a sentence stands right behind the host, as it mostly does where letters of other scripts do.
    bool ends_before_text(const Host& host) const {
        return host.count >= 2 && host.end() == host.scanned && units_[host.scanned] != u'%' &&
               is_top_level(label(host, host.count - 1)) &&
               !is_followed_by_label(wide_label_end(host.scanned));
    }

    Host read_wide_labels(std::size_t host_at) const {
        return read_labels(text_, host_at, [&](std::size_t begin) {
            const std::size_t end = wide_label_end(begin);
            if (begin == host_at || end == begin) return end;
            const std::size_t name = name_end(begin, end);
            return name == begin || is_followed_by_label(end) ? end : name;
        });
    }

    std::u16string_view label(const Host& host, std::size_t i) const {
        return units_.substr(host.labels[i].begin, host.labels[i].end - host.labels[i].begin);
    }

    bool has_port_or_path(std::size_t at) const {
        return text_.unit(at) == u'/' || (text_.unit(at) == u':' && is_digit(text_.unit(at + 1)));
    }

    // "icbc.com" with an ideographic full stop behind it ends there.
    void end_at_stop(Host& host) const {
        for (std::size_t i = 1; i + 1 < host.count; ++i) {
            if (units_[host.labels[i].end] == 0x3002 && is_top_level(label(host, i))) {
                host.count = i + 1;
            }
        }
    }

    // Cuts labels that a missing blank joined to a domain; false when no domain is left.
    bool trim_to_domain(Host& host) const {
        end_at_stop(host);
        for (std::size_t count = host.count; count >= 2; --count) {
            if (!is_top_level(label(host, count - 1)) || ends_a_sentence(host, count - 1)) continue;
            host.count = count;
            return true;
        }
        return false;
    }

    // The same of labels in any letters: the longest host that ends with the name of a top-level domain, or with one in front of
    // other letters. A label with escapes is whatever they say.
    void trim_wide_to_domain(Host& host) const {
        end_at_stop(host);
        for (std::size_t count = host.count; count >= 2; --count) {
            auto& [begin, end] = host.labels[count - 1];
            const bool is_any = units_.substr(begin, end - begin).find(u'%') != units_.npos;
            if (!is_any && !is_top_level(label(host, count - 1))) {
                const std::size_t name = name_end(begin, end);
                if (name == begin) continue;
                end = name;
            }
            if (ends_a_sentence(host, count - 1)) continue;
            host.count = count;
            return;
        }
    }

    // A letter as it was written; of scripts that have capitals beyond ASCII, those that have names of top-level domains.
    bool is_small(std::size_t at) const {
        const char16_t c = text_.source_unit(at);
        return is_lower(c) || (is_of_script(c) && c == units_[at]);
    }
    bool is_capital(std::size_t at) const {
        const char16_t c = text_.source_unit(at);
        return (c >= u'A' && c <= u'Z') || (is_of_script(c) && c != units_[at]);
    }
    static bool is_of_script(char16_t c) { return c >= 0x370 && c <= 0x58F; }

    // "work.In" : a small letter, a dot, a capital and a small one: two sentences, not a domain of India.
    bool ends_a_sentence(const Host& host, std::size_t last) const {
        const auto [begin, end] = host.labels[last];
        return end - begin > 1 && is_small(host.labels[last - 1].end - 1) && is_capital(begin) &&
               is_small(begin + 1) && !has_port_or_path(end);
    }

    // Whether the unit belongs to a path: ASCII as it was written, or a letter or digit in disguise.
    bool in_path(std::size_t at) const {
        const char16_t c = units_[at];
        if (c <= u' ' || c >= 0x7F || c == u'<' || c == u'>' || c == u'"') return false;
        // In this order: nearly all is ASCII, and whether it is a digit or a letter has no rhythm.
        return text_.source_unit(at) < 0x80 || is_alnum(c);
    }

    std::size_t path_end(std::size_t at) const {
        std::size_t end = at;
        while (end < units_.size() && in_path(end)) ++end;
        constexpr std::u16string_view kTrailing = u".,;:!?)]}'";
        while (end > at + 1 && kTrailing.find(units_[end - 1]) != std::u16string_view::npos) --end;
        return end;
    }

    void append_labels(const Host& host, KeyText& key) const {
        for (std::size_t i = 0; i < host.count; ++i) {
            if (i > 0) key.append(".");
            const auto [begin, end] = host.labels[i];
            append_label(text_.folded, begin, end, i + 1 == host.count, key);
        }
    }

    // An escape of three units is one of the name.
    [[gnu::noinline]] bool write_escaped_host(const Host& host, KeyText& key) const {
        if (host.end() - host.begin() > 3 * kMaxHost) return false;
        KeyText written;
        append_labels(host, written);
        append_unescaped(written.text(), key);
        return !written.is_cut() && key.size() > 0;
    }

    // Its key; false when it is too long for a host.
    bool write_host(const Host& host, KeyText& key) const {
        if (host.escaped) return write_escaped_host(host, key);
        std::size_t units = host.count - 1;
        for (std::size_t i = 0; i < host.count; ++i) {
            const std::size_t size = label(host, i).size();
            if (size > kMaxLabel) return false;
            units += size;
        }
        if (units > kMaxHost) return false;
        // As it lies there, unless a dot or a letter is in disguise or of another script.
        if (units == host.end() - host.begin() &&
            is_plain(text_.folded, host.begin(), host.end())) {
            key.append_plain(units_.data() + host.begin(), units);
            return true;
        }
        append_labels(host, key);
        return !key.is_cut();
    }

    // Tells of `host` in a link from `begin` on; returns where the link ends.
    std::size_t tell(std::size_t begin, const Host& host) {
        const std::size_t host_end = host.end();
        std::size_t path = host_end;
        if (text_.unit(path) == u':' && is_digit(text_.unit(path + 1))) {
            ++path;
            while (is_digit(text_.unit(path))) ++path;
        }
        const char16_t next = text_.unit(path);
        const bool has_path = next == u'/' || next == u'?' || next == u'#';
        const std::size_t end = has_path ? path_end(path) : path;

        KeyText key;
        if (!write_host(host, key)) return host.scanned;
        if (begin == host.begin() && end == host_end) tell_mailbox(begin, key.text(), end);
        Found found;
        found.kind = FoundKind::kDomain;
        found.key = key.text();
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
        if (at - begin > kMaxMailbox + 1) return;  // longer than any
        while (begin < at - 1 && kMailboxSigns.find(units_[begin]) != kMailboxSigns.npos) ++begin;
        const std::u16string_view mailbox = units_.substr(begin, at - 1 - begin);
        if (mailbox.empty()) return;
        KeyText key;
        key.append(mailbox);
        key.append("@");
        key.append(host);
        Found found;
        found.kind = FoundKind::kEmail;
        found.key = key.text();
        found.place = text_.place(begin, end);
        if (!std::ranges::all_of(mailbox, is_digit)) text_.take(begin, at);
        text_.tell(found);
    }

    Extraction& text_;
    std::u16string_view units_;
};

}  // namespace

std::size_t dot_length(std::u16string_view units, std::size_t at) {
    if (at >= units.size()) return 0;
    const char16_t c = units[at];
    if (c == u'.' || c == kernel::kIdeographicStop) return 1;
    if (c != u'[' && c != u'(') return 0;
    const char16_t close = c == u'[' ? u']' : u')';
    for (const std::u16string_view middle : {u".", u"dot"}) {
        if (units.substr(at + 1, middle.size()) != middle) continue;
        const std::size_t end = at + 1 + middle.size();
        if (end < units.size() && units[end] == close) return middle.size() + 2;
    }
    return 0;
}

void find_domains(Extraction& text) {
    if (text.seen().stops != 0) DomainFinder(text).run();
}

}  // namespace ringfence
