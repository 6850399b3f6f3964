#include "src/pattern/foreign_hosts.hpp"

#include <algorithm>

#include "ringfence/text/extract.hpp"

namespace ringfence::pattern {

bool is_own(std::string_view host, std::span<const std::string> own) {
    for (;;) {
        if (std::binary_search(own.begin(), own.end(), host)) return true;
        const std::size_t dot = host.find('.');
        if (dot == host.npos) return false;
        host.remove_prefix(dot + 1);
    }
}

ForeignHosts::ForeignHosts() : hosts_(std::make_unique<FoundList>()) {}

void ForeignHosts::begin(const FoldedUnits& text, const FoldedText* folded) {
    text_ = text;
    folded_ = folded;
    found_ = false;
}

void ForeignHosts::find() {
    found_ = true;
    hosts_->clear();
    if (folded_ == nullptr) {
        fold({text_.light.data(), text_.light.size()}, again_);
        folded_ = &again_;
    }
    extract(*folded_, nullptr, [this](const Found& found) {
        if (found.kind == FoundKind::kDomain) hosts_->add(found);
    });
}

bool ForeignHosts::names_foreign(std::span<const std::string> own) {
    if (!found_) find();
    return hosts_->truncated() ||
           std::any_of(hosts_->begin(), hosts_->end(),
                       [own](const auto& found) { return !is_own(found.key, own); });
}

}  // namespace ringfence::pattern
