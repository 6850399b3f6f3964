#include "ringfence/pattern/pattern_set.hpp"

#include "src/pattern/compiled_set.hpp"

namespace ringfence {

using pattern::CompiledSet;
using pattern::ScanSpace;

std::string_view name_of(PatternTier tier) {
    switch (tier) {
        case PatternTier::kPhrase: return "phrase";
        case PatternTier::kGap: return "gap";
        case PatternTier::kWhole: break;
    }
    return "whole";
}

struct PatternSet::Impl {
    RuleSet rules;
    CompiledSet compiled;
};

struct PatternScratch::Impl {
    ScanSpace space;
};

PatternScratch::PatternScratch() = default;
PatternScratch::~PatternScratch() = default;
PatternScratch::PatternScratch(PatternScratch&&) noexcept = default;
PatternScratch& PatternScratch::operator=(PatternScratch&&) noexcept = default;

PatternSet::PatternSet(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
PatternSet::PatternSet(PatternSet&&) noexcept = default;
PatternSet& PatternSet::operator=(PatternSet&&) noexcept = default;
PatternSet::~PatternSet() = default;

Result<PatternSet> PatternSet::compile(RuleSet rules, const CompileOptions& options) {
    auto impl = std::make_unique<Impl>();
    impl->rules = std::move(rules);
    auto compiled = CompiledSet::compile(impl->rules, options.limits);
    if (!compiled) return compiled.error();
    impl->compiled = *std::move(compiled);
    PatternSet set(std::move(impl));
    if (options.check_samples) {
        if (auto status = pattern::check_samples(set); !status) return status.error();
    }
    return set;
}

Result<PatternScratch> PatternSet::make_scratch() const {
    auto space = impl_->compiled.make_space();
    if (!space) return space.error();
    PatternScratch scratch;
    scratch.impl_ = std::make_unique<PatternScratch::Impl>();
    scratch.impl_->space = *std::move(space);
    return scratch;
}

ScanResult PatternSet::scan(const FoldedUnits& text, PatternScratch& scratch) const {
    return impl_->compiled.scan(text, nullptr, scratch.impl_->space);
}

ScanResult PatternSet::scan(const FoldedText& text, PatternScratch& scratch) const {
    const FoldedUnits units{text.light().text(), text.dense().text()};
    ScanResult result = impl_->compiled.scan(units, &text, scratch.impl_->space);
    if (text.truncated() && result.status == ScanStatus::kOk)
        result.status = ScanStatus::kTruncated;
    return result;
}

const std::vector<PatternRule>& PatternSet::rules() const { return impl_->rules.rules(); }
const RuleSet& PatternSet::rule_set() const { return impl_->rules; }
RuleTier PatternSet::tier_of(std::size_t i) const { return pattern::tier_of(rules()[i]); }
std::size_t PatternSet::bytes() const { return impl_->compiled.bytes(); }

}  // namespace ringfence
