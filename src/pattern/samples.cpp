// The samples of every rule, run against the whole compiled set: a rule is tried in the company it will
// keep.
#include <algorithm>

#include "src/pattern/compiled_set.hpp"
#include "src/pattern/rule_fold.hpp"

namespace ringfence::pattern {
namespace {

bool matches(const PatternSet& set, PatternScratch& scratch, const std::string& sample,
             std::size_t rule) {
    const std::u16string light = fold_phrase(sample, TextView::kLight);
    const std::u16string dense = fold_phrase(sample, TextView::kDense);
    const auto found = set.scan(FoldedUnits{light, dense}, scratch).matches;
    return std::any_of(found.begin(), found.end(),
                       [rule](const PatternMatch& match) { return match.rule == rule; });
}

}  // namespace

Status check_samples(const PatternSet& set) {
    auto scratch = set.make_scratch();
    if (!scratch) return scratch.error();
    for (std::size_t i = 0; i < set.rules().size(); ++i) {
        const PatternRule& rule = set.rules()[i];
        const auto broken = [&](std::string_view what, const std::string& sample) {
            return Error{ErrorCode::kRefused, set.rule_set().place_of(rule) + ": rule '" + rule.id +
                                                  "' " + std::string(what) + " '" + sample + "'"};
        };
        for (const std::string& sample : rule.must_match) {
            if (!code_points(sample)) return broken("has a sample that is not UTF-8:", sample);
            if (!matches(set, *scratch, sample, i))
                return broken("does not match its sample", sample);
        }
        for (const std::string& sample : rule.must_not_match) {
            if (!code_points(sample)) return broken("has a sample that is not UTF-8:", sample);
            if (matches(set, *scratch, sample, i)) {
                return broken("matches a sample that it must not:", sample);
            }
        }
    }
    return ok();
}

}  // namespace ringfence::pattern
