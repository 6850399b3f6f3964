#include "src/lists/name_entry.hpp"

#include <algorithm>
#include <string>

#include "ringfence/base/trimmed.hpp"
#include "ringfence/source/utf8.hpp"
#include "src/kernel/marks_kernel.hpp"

namespace ringfence {
namespace {

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

// Whether all that is ASCII is a small letter, a digit or one of `signs`.
bool has_only(std::string_view text, std::string_view signs) {
    return std::ranges::all_of(text, [&](char c) {
        return !is_ascii(c) || kernel::is_alnum(static_cast<unsigned char>(c)) ||
               signs.find(c) != text.npos;
    });
}

// Blanks fall away where a name is folded, in front of a path they join what is no host.
bool has_blank(std::string_view written) {
    const std::size_t scheme = written.find("://");
    if (scheme != written.npos) written.remove_prefix(scheme + 3);
    const std::string_view host = written.substr(0, written.find_first_of("/?#"));
    return trimmed(host).find_first_of(" \t") != host.npos;
}

// Why no text names the host; empty when one may.
std::string_view objection_to_host(std::string_view host) {
    if (host.find("..") != host.npos) return "is no host: it has a label without a letter";
    if (!has_only(host, "-_.%"))
        return "is no host: it has more than letters, digits, '-', '_' and dots";
    return {};
}

std::string_view objection_to_mail(std::string_view mailbox, std::string_view host) {
    if (mailbox.empty() || host.find('.') == host.npos || !has_only(mailbox, "-_.+%") ||
        !objection_to_host(host).empty())
        return "is no e-mail address; write it like name@example.com";
    return {};
}

std::string_view objection_to_account(std::string_view written, std::string_view account) {
    if (const std::size_t at = account.rfind('@'); at != account.npos)
        return objection_to_mail(account.substr(0, at), account.substr(at + 1));
    if (std::ranges::all_of(account, is_ascii) && has_only(account, "-_") && !has_blank(written))
        return {};
    return "is no account: it has more than letters, digits, '-' and '_'; write the id alone, "
           "without '+' or the name of its service";
}

}  // namespace

Status read_name(std::string_view written, EntryKind kind, ListEntry& entry) {
    const auto bad = [&](std::string_view what) {
        return Error{ErrorCode::kSyntax, "'" + printable(written) + "' " + std::string(what)};
    };
    if (!is_utf8(written)) return bad("is not UTF-8");
    for (const char c : written) {
        if (static_cast<unsigned char>(c) < ' ') return bad("has a control character");
    }
    fold_key(kind, written, entry.text);
    std::string_view objection;
    if (kind == EntryKind::kDomain) {
        if (entry.text.starts_with("*.")) entry.text.erase(0, 2);
        objection = has_blank(trimmed(written)) ? "is no host: it has a blank"
                                                : objection_to_host(entry.text);
    } else if (kind == EntryKind::kAccount) {
        objection = objection_to_account(trimmed(written), entry.text);
    }
    if (entry.text.empty())
        return bad("is no " + std::string(name_of(kind)) + " once blanks are cut");
    if (!objection.empty()) return bad(objection);
    if (entry.text.size() > ListEntry::kMaxText) return bad("has more than 253 octets");
    return ok();
}

}  // namespace ringfence
