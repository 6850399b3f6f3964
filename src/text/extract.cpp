#include "ringfence/text/extract.hpp"

#include <algorithm>

#include "src/text/data/fold_data.hpp"
#include "src/text/extraction.hpp"
#include "src/text/host_key.hpp"
#include "src/text/utf.hpp"

namespace ringfence {

void FoundList::add(const Found& found) {
    if (size_ == kMaxItems || found.key.size() > kMaxKeyOctets - used_) {
        truncated_ = true;
        return;
    }
    char* const key = keys_.data() + used_;
    std::copy(found.key.begin(), found.key.end(), key);
    used_ += found.key.size();
    items_[size_] = found;
    items_[size_].key = {key, found.key.size()};
    ++size_;
}

void extract(const FoldedText& folded, const DialPlan* plan, FoundSink sink) {
    Extraction text(folded, plan, sink);
    find_domains(text);
    find_accounts(text);
    find_numbers(text);
}

namespace {

// A text without its blanks, folded.
FoldedText folded_without_blanks(std::u16string& text) {
    std::u16string kept;
    for (std::size_t at = 0; at < text.size();) {
        const utf::CodePoint c = utf::at_utf16(text, at);
        if (fold_data::entry_of(c.value).kind() != fold_data::Class::kBlank)
            kept.append(text, at, c.size);
        at += c.size;
    }
    text = std::move(kept);
    FoldedText folded(std::min(text.size() * FoldedText::kMaxExpansion, FoldedText::kMaxUnits));
    fold(text, folded);
    return folded;
}

// The key of the host that is units [begin, end) of the light view: with plain dots, and none at its ends.
std::string host_key(const FoldedText& folded, std::size_t begin, std::size_t end) {
    const std::u16string_view units = folded.light().text().substr(0, end);
    KeyText key;
    std::size_t dots = 0;  // not written yet
    for (std::size_t at = begin; at < end;) {
        if (const std::size_t dot = dot_length(units, at); dot != 0) {
            if (key.size() > 0) ++dots;
            at += dot;
            continue;
        }
        std::size_t label_end = at + 1;
        while (label_end < end && dot_length(units, label_end) == 0) ++label_end;
        for (; dots > 0; --dots) key.append(".");
        append_label(folded, at, label_end, label_end == end, key);
        at = label_end;
    }
    return std::string(key.text());
}

}  // namespace

std::string fold_key(FoundKind kind, std::string_view utf8) {
    std::u16string source = to_utf16(utf8);
    const FoldedText folded = folded_without_blanks(source);
    const std::u16string_view text = folded.light().text();
    if (kind == FoundKind::kNumber) return to_utf8(text);
    if (kind == FoundKind::kAccount || kind == FoundKind::kEmail) {
        const std::size_t begin = text.starts_with(u'@') ? 1 : 0;
        const auto at = text.rfind(u'@');
        if (at == text.npos || at < begin) return to_utf8(text.substr(begin));
        const std::size_t mailbox = std::min(text.find_first_not_of(kMailboxSigns, begin), at);
        return to_utf8(text.substr(mailbox, at + 1 - mailbox)) +
               host_key(folded, at + 1, text.size());
    }
    std::size_t begin = 0;
    const auto scheme = text.find(u"://");
    if (scheme < text.find_first_of(u"/?#")) begin = scheme + 3;
    std::size_t end = std::min(text.find_first_of(u"/?#", begin), text.size());
    if (const auto user = text.substr(0, end).rfind(u'@'); user != text.npos && user >= begin)
        begin = user + 1;
    end = std::min(text.find(u':', begin), end);
    return host_key(folded, begin, end);
}

std::string_view name_of(FoundKind kind) {
    switch (kind) {
        case FoundKind::kNumber: return "number";
        case FoundKind::kDomain: return "domain";
        case FoundKind::kAccount: return "account";
        case FoundKind::kEmail: return "email";
        case FoundKind::kAmount: return "amount";
        case FoundKind::kCode: return "code";
    }
    return "";
}

std::string_view name_of(AccountService service) {
    switch (service) {
        case AccountService::kNone: return "";
        case AccountService::kWeChat: return "wechat";
        case AccountService::kQq: return "qq";
        case AccountService::kTelegram: return "telegram";
        case AccountService::kWhatsApp: return "whatsapp";
    }
    return "";
}

}  // namespace ringfence
