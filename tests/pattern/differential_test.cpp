// Three routes to one answer: the compiled set, the plain backtracking matcher, and every rule as one regular expression
// in Hyperscan over the UTF-8 of the same text.
#include <gtest/gtest.h>

#include "base/deep.hpp"
#include "src/pattern/engine.hpp"
#include "src/pattern/linear.hpp"
#include "src/pattern/utf8.hpp"
#include "tests/pattern/backtrack_model.hpp"
#include "tests/pattern/fixtures.hpp"
#include "tests/pattern/random_rules.hpp"

namespace ringfence {
namespace {

using testing::RandomRules;

constexpr unsigned kSeed = 20261124;
constexpr std::size_t kRules = 6;

// At full length 10,000 sets of rules x 1,000 texts.
std::size_t set_count() { return test::deep() ? 10'000 : test::rerun() ? 40 : 200; }
std::size_t text_count() { return test::deep() ? 1'000 : 500; }

// Every rule in the engine: where each matches first.
class WholeEngine {
public:
    // False where the engine refuses a rule as too large to keep the begin of its match.
    bool build(const std::vector<PatternRule>& rules) {
        std::vector<std::string> patterns;
        for (const PatternRule& rule : rules) {
            patterns.push_back(rule.regex.empty() ? testing::as_regex(rule.text[0]) : rule.regex);
        }
        std::size_t bad = 0;
        auto engine = pattern::Engine::compile(patterns, bad);
        if (!engine || !engine->reserve(scratch_)) return false;
        engine_.emplace(*std::move(engine));
        first_.resize(rules.size());
        return true;
    }

    // Without `also` and `unless`.
    std::vector<PatternMatch> scan(std::u16string_view text) {
        std::vector<char> utf8(text.size() * 3 + pattern::kSpareBytes);
        const std::size_t size = pattern::encode_utf8(text, utf8.data());
        for (auto& first : first_) first.reset();
        EXPECT_TRUE(engine_->scan(utf8.data(), size, scratch_, take, this));
        std::vector<PatternMatch> matches;
        for (std::size_t i = 0; i < first_.size(); ++i) {
            if (!first_[i]) continue;
            const auto unit = [&](std::uint32_t byte) {
                return static_cast<std::uint16_t>(pattern::count_units(utf8.data(), byte));
            };
            matches.push_back(
                {static_cast<std::uint32_t>(i), unit(first_[i]->begin), unit(first_[i]->end)});
        }
        return matches;
    }

private:
    static void take(void* self, const pattern::EngineMatch& m) {
        auto& first = static_cast<WholeEngine*>(self)->first_[m.id];
        if (!first || m.end < first->end || (m.end == first->end && m.begin < first->begin))
            first = m;
    }

    std::optional<pattern::Engine> engine_;
    pattern::EngineScratch scratch_;
    std::vector<std::optional<pattern::EngineMatch>> first_;
};

std::vector<PatternMatch> found(const PatternSet& set, std::u16string_view text,
                                PatternScratch& scratch) {
    const ScanResult result = set.scan(FoldedUnits{text, text}, scratch);
    EXPECT_EQ(result.status, ScanStatus::kOk);
    return {result.matches.begin(), result.matches.end()};
}

std::string shown(const PatternSet& set) {
    std::string out;
    for (const PatternRule& rule : set.rules())
        out += (rule.regex.empty() ? testing::as_regex(rule.text[0]) : rule.regex) + "\n";
    return out;
}

TEST(Differential, compiled_sets_agree_with_the_backtracker) {
    SCOPED_TRACE(kSeed);
    std::size_t hits = 0, given_up = 0;
    for (std::size_t s = 0; s < set_count(); ++s) {
        const bool light = s % 2;
        RandomRules random(kSeed + static_cast<unsigned>(s), light);
        std::vector<std::string> rules;
        while (rules.size() < kRules) {
            const std::string text = random.expression();
            if (!testing::parse(text, light ? TextView::kLight : TextView::kDense)) continue;
            // A third of the rules also look elsewhere.
            std::string more;
            if (random.chance(3)) more += "\nalso = '" + random.letters(2) + "'";
            if (random.chance(3)) more += "\nunless = ['" + random.letters(2) + "', '[0-9]{4}']";
            rules.push_back("text = '" + text + "'" + more);
        }
        const auto set = testing::compile(rules, light ? "light" : "dense");
        ASSERT_TRUE(set) << set.error().text;
        auto scratch = set->make_scratch();
        ASSERT_TRUE(scratch);
        for (std::size_t t = 0; t < text_count(); ++t) {
            const PatternRule& rule = set->rules()[random.below(kRules)];
            const std::u16string text =
                t % 3 == 0 ? random.text(24) : random.near_match(rule.text[0], t % 3 == 1 ? 4 : 12);
            const auto truth = model::scan(set->rules(), text, text);
            if (!truth) {
                ++given_up;
                continue;
            }
            ASSERT_EQ(found(*set, text, *scratch), *truth) << shown(*set) << to_utf8(text);
            hits += truth->size();
        }
    }
    EXPECT_GT(hits, set_count() * text_count() / 4);
    // Gaps in gaps are too many ways for it: one text in a thousand.
    EXPECT_LT(given_up, set_count() * text_count() / 1'000);
}

TEST(Differential, compiled_sets_agree_with_all_rules_in_the_engine) {
    SCOPED_TRACE(kSeed);
    std::size_t hits = 0, compared = 0;
    std::size_t tiers[4] = {};
    for (std::size_t s = 0; s < set_count(); ++s) {
        const bool light = s % 2;
        RandomRules random(kSeed - 1 - static_cast<unsigned>(s), light);
        std::vector<std::string> rules;
        while (rules.size() < kRules) {
            const bool regex = random.chance(2);
            const std::string rule = regex ? "regex = \"" + random.regex() + "\""
                                           : "text = '" + random.expression() + "'";
            // What the engine refuses by itself, as one that matches the empty text, is no rule.
            if (testing::compile({rule}, light ? "light" : "dense")) rules.push_back(rule);
        }
        const auto set = testing::compile(rules, light ? "light" : "dense");
        ASSERT_TRUE(set) << set.error().text;
        WholeEngine engine;
        if (!engine.build(set->rules())) continue;
        ++compared;
        std::vector<Expression> expressions(1);
        for (std::size_t i = 0; i < kRules; ++i) {
            ++tiers[static_cast<std::size_t>(set->tier_of(i).tier)];
            const PatternRule& rule = set->rules()[i];
            const auto linear = pattern::linear_form(rule.regex, rule.view).expressions;
            const auto& of_rule = rule.regex.empty() ? rule.text : linear;
            expressions.insert(expressions.end(), of_rule.begin(), of_rule.end());
        }
        auto scratch = set->make_scratch();
        ASSERT_TRUE(scratch);
        for (std::size_t t = 0; t < text_count(); ++t) {
            const auto& near = expressions[random.below(expressions.size())];
            const std::u16string text =
                t % 3 == 0 ? random.text(24) : random.near_match(near, t % 3 == 1 ? 4 : 12);
            const auto truth = engine.scan(text);
            ASSERT_EQ(found(*set, text, *scratch), truth) << shown(*set) << to_utf8(text);
            hits += truth.size();
        }
    }
    EXPECT_GT(hits, compared * text_count() / 4);
    // Fewer than a third are too large for the engine; every tier takes part.
    EXPECT_GT(compared, set_count() * 2 / 3);
    for (std::size_t tier = 1; tier < 4; ++tier) EXPECT_GT(tiers[tier], compared / 10) << tier;
}

}  // namespace
}  // namespace ringfence
