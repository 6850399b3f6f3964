#include "ringfence/text/extract.hpp"

#include <algorithm>

#include "src/text/extraction.hpp"

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

// A host with plain dots, and none at its ends.
std::u16string plain_host(std::u16string_view folded) {
    std::u16string host;
    for (std::size_t at = 0; at < folded.size();) {
        const std::size_t dot = dot_length(folded, at);
        host += dot != 0 ? u'.' : folded[at];
        at += std::max<std::size_t>(dot, 1);
    }
    while (host.ends_with(u'.')) host.pop_back();
    while (host.starts_with(u'.')) host.erase(0, 1);
    return host;
}

}  // namespace

std::string fold_key(FoundKind kind, std::string_view utf8) {
    std::u16string folded = fold_to_string(utf8, View::kLight);
    std::erase(folded, u' ');
    if (kind == FoundKind::kAccount || kind == FoundKind::kEmail) {
        if (folded.starts_with(u'@')) folded.erase(0, 1);
        const auto at = folded.rfind(u'@');
        if (at == folded.npos) return to_utf8(folded);
        const std::u16string host = plain_host(std::u16string_view(folded).substr(at + 1));
        folded.erase(at + 1);
        folded.erase(0, std::min(folded.find_first_not_of(kMailboxSigns), at));
        return to_utf8(folded + host);
    }
    if (kind == FoundKind::kNumber) return to_utf8(folded);
    const auto scheme = folded.find(u"://");
    if (scheme < folded.find_first_of(u"/?#")) folded.erase(0, scheme + 3);
    folded.erase(std::min(folded.find_first_of(u"/?#"), folded.size()));
    if (const auto user = folded.rfind(u'@'); user != folded.npos) folded.erase(0, user + 1);
    folded.erase(std::min(folded.find(u':'), folded.size()));
    return to_utf8(plain_host(folded));
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
