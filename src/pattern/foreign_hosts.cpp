#include "src/pattern/foreign_hosts.hpp"

#include <algorithm>

#include "ringfence/text/extract.hpp"
#include "src/text/extraction.hpp"

namespace ringfence::pattern {
namespace {

bool lies_in(TextPlace inner, TextPlace outer) {
    return inner.offset >= outer.offset &&
           inner.offset + inner.length <= outer.offset + outer.length;
}

}  // namespace

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
        if (again_ == nullptr) again_ = std::make_unique<FoldedText>();
        fold({text_.light.data(), text_.light.size()}, *again_);
        folded_ = again_.get();
    }
    // An e-mail address is told of right before its domain.
    TextPlace address;
    auto take = [&](const Found& found) {
        if (found.kind == FoundKind::kEmail) address = found.place;
        if (found.kind == FoundKind::kDomain && !lies_in(found.place, address)) hosts_->add(found);
    };
    Extraction extraction(*folded_, nullptr, sink_of(take));
    find_domains(extraction);
}

bool ForeignHosts::names_foreign(std::span<const std::string> own) {
    if (!found_) find();
    return hosts_->truncated() ||
           std::any_of(hosts_->begin(), hosts_->end(),
                       [own](const auto& found) { return !is_own(found.key, own); });
}

}  // namespace ringfence::pattern
