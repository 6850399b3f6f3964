// Real messages: what the packs that ship find in them, and a pack of rules made from their own words, is what Hyperscan finds
// in the UTF-8 of the same folded text, in both views, at the same places. At full length every row is scanned, and
// Hyperscan compiles what takes it up to some seconds; else a sample, and what it compiles in a moment (hyperscan_oracle.hpp).
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/deep.hpp"
#include "real/real_data.hpp"
#include "ringfence/text/fold.hpp"
#include "tests/base/source_folder.hpp"
#include "tests/pattern/fixtures.hpp"
#include "tests/pattern/hyperscan_oracle.hpp"

namespace ringfence {
namespace {

constexpr unsigned kSeed = 20261130;

// Rows of a corpus that are scanned, chosen by the seed; at full length all.
std::size_t row_count() { return test::deep() ? SIZE_MAX : test::rerun() ? 40 : 150; }
std::size_t rule_count() { return test::deep() ? 300 : test::rerun() ? 40 : 80; }
constexpr std::size_t kMostWork = 10'000;  // of HyperscanOracle, some seconds an expression

// Rules of pieces of the folded messages, as they stand or changed a little; half of them from the first 100.
class MinedRules {
public:
    MinedRules(unsigned seed, const std::vector<std::u16string>& texts)
        : random_(seed), texts_(texts) {}

    // The lines of a rule; some are refused.
    std::string rule() {
        const bool light = chance(2);
        fold(texts_[below(chance(2) ? texts_.size() : std::min<std::size_t>(texts_.size(), 100))],
             folded_);
        text_ = (light ? folded_.light() : folded_.dense()).text();
        if (text_.size() < 8) return {};
        std::string lines = chance(6) ? "regex = '" + regex() + "'" : "text = '" + text() + "'";
        if (lines.starts_with("text") && chance(10)) lines += "\nleet = true";
        if (chance(8)) lines += "\nalso = ['" + piece(2) + "', 'light:" + piece(3) + "']";
        if (chance(8)) lines += "\nunless = ['" + piece(2) + "', 'dense:[0-9]{4,8}']";
        return lines + (light ? "\nview = 'light'" : "\nview = 'dense'");
    }

private:
    std::size_t below(std::size_t end) { return random_() % end; }
    bool chance(std::size_t one_in) { return below(one_in) == 0; }

    static bool is_letter(char16_t c) {
        return model::is_word(std::u16string_view(&c, 1), 0) || (c > 0x7F && c < 0xD800);
    }

    // Up to `most` units of the message behind the last piece, from `at_` on.
    std::string piece(std::size_t most) {
        std::string out;
        const std::size_t size = 1 + below(most);
        at_ = std::min(at_, text_.size());
        std::size_t end = std::min(text_.size(), at_ + size);
        for (; at_ < end; ++at_) {
            const char16_t c = text_[at_];
            if (c == u'\'' || c == u'\\' || c < u' ' || c >= 0xD800) break;
            if (!is_letter(c) && c != u' ') out += '\\';
            out += to_utf8(std::u16string_view(&c, 1));
        }
        while (!out.empty() && out.back() == ' ') out.pop_back();
        return out.empty() ? "a" : out;
    }

    std::string skip(std::size_t most) {
        const std::size_t size = below(most + 1);
        at_ += size;
        // Too short a gap now and then.
        const std::size_t high = std::max<std::size_t>(chance(6) ? size / 2 : size + below(3), 1);
        return "{" + std::to_string(std::min(below(3), high)) + "," + std::to_string(high) + "}";
    }

    std::string text() {
        at_ = below(text_.size() - 4);
        std::string out;
        switch (below(6)) {
            case 0:
            case 1: return piece(8);
            case 2:
                out = piece(4);
                out += skip(20);
                return out + piece(4);
            case 3:
                out = "(" + piece(3) + "|" + piece(4) + ")";
                out += skip(30);
                out += piece(3) + skip(9);
                return out + "[0-9a-z]{2,6}";
            case 4:
                out = piece(3);
                out += chance(2) ? "[0-9]{1,11}" : "[^0-9]{1,4}";
                return out + (chance(2) ? "(" + piece(2) + ")?" : piece(2));
            default: return chance(2) ? "<" + piece(6) : piece(6) + ">";
        }
    }

    std::string regex() {
        at_ = below(text_.size() - 4);
        std::string out = piece(4);
        switch (below(6)) {
            case 0: return out + ".{0,9}" + piece(3);
            case 1: return out + "\\d+" + (chance(2) ? "$" : "");
            case 2: return "(?:" + out + "|" + piece(2) + "){1,3}[^0-9]";
            case 3: return (chance(2) ? "^" : "\\b") + out;
            case 4: return out + "\\W*" + piece(2);
            default: return out + "(?:" + piece(2) + ")?" + "[a-z]{2,}\\b";
        }
    }

    std::mt19937 random_;
    const std::vector<std::u16string>& texts_;
    FoldedText folded_;
    std::u16string_view text_;
    std::size_t at_ = 0;
};

// A set, and what Hyperscan says of its rules.
struct Compared {
    explicit Compared(PatternSet compiled) : set(std::move(compiled)) {
        auto made = set.make_scratch();
        if (!made) {
            why = made.error().text;
            return;
        }
        scratch = *std::move(made);
        why = oracle.build(set.rules(), test::deep() ? kMostWork : 0);
    }

    // How many rules match.
    std::size_t compare(const FoldedText& text) {
        const ScanResult result = set.scan(text, scratch);
        EXPECT_EQ(result.status, ScanStatus::kOk);
        const std::vector<PatternMatch> ours(result.matches.begin(), result.matches.end());
        const std::vector<PatternMatch> truth = oracle.scan(text);
        EXPECT_EQ(ours, truth) << to_utf8(text.light().text());
        for (const PatternMatch& match : truth) met.insert(match.rule);
        return truth.size();
    }

    PatternSet set;
    PatternScratch scratch;
    testing::HyperscanOracle oracle;
    std::string why;  // Hyperscan does not hold the rules; or empty
    std::set<std::uint32_t> met;
};

Compared& shipped() {
    static Compared& packs = *[] {
        RuleSet all;
        for (const char* name : {"zh-fraud", "zh-ads", "en-smishing"}) {
            auto pack = RuleSet::load(test::source_folder() + "rules/" + name + ".toml");
            if (!pack || !all.add(*std::move(pack))) ADD_FAILURE() << name;
        }
        return new Compared(*PatternSet::compile(std::move(all), {.check_samples = false}));
    }();
    return packs;
}

class Corpora : public ::testing::TestWithParam<const char*> {};

TEST_P(Corpora, whole_messages_give_what_all_rules_in_hyperscan_give) {
    std::string why;
    const auto rows = test::labelled_messages(GetParam(), why);
    if (rows.empty()) GTEST_SKIP() << why;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    std::vector<std::u16string> texts;
    for (const auto& [label, text] : rows) texts.push_back(to_utf16(text));
    std::shuffle(texts.begin(), texts.end(), random);

    std::vector<std::string> rules;
    for (MinedRules mined(kSeed, texts); rules.size() < rule_count();) {
        const std::string rule = mined.rule();
        if (!rule.empty() && testing::compile({rule})) rules.push_back(rule);
    }
    auto set = testing::compile(rules);
    ASSERT_TRUE(set) << set.error().text;
    Compared own(*std::move(set));
    ASSERT_EQ(own.why, "");
    ASSERT_EQ(shipped().why, "");

    FoldedText folded;
    std::size_t hits = 0, shipped_hits = 0;
    texts.resize(std::min(texts.size(), row_count()));
    for (const std::u16string& text : texts) {
        fold(text, folded);
        hits += own.compare(folded);
        shipped_hits += shipped().compare(folded);
        if (HasFailure()) return;
    }
    std::printf(
        "  %s: %zu messages; rules of their words matched %zu times, %zu of %zu of them; those "
        "that ship %zu times\n",
        GetParam(), texts.size(), hits, own.met.size(), rules.size(), shipped_hits);
    for (const Compared* one : {&own, &shipped()}) {
        const auto [held, walked] = one->oracle.counts();
        std::printf("  expressions in Hyperscan: %zu of %zu\n", held, held + walked);
    }
    EXPECT_GT(own.oracle.counts().first, 20 * own.oracle.counts().second);
    EXPECT_GT(own.met.size(), rules.size() / 10);
    std::size_t tiers[4] = {};
    for (std::size_t i = 0; i < rules.size(); ++i)
        ++tiers[static_cast<std::size_t>(own.set.tier_of(i).tier)];
    for (std::size_t tier = 1; tier < 4; ++tier) EXPECT_GT(tiers[tier], rules.size() / 20) << tier;
}

INSTANTIATE_TEST_SUITE_P(Real, Corpora,
                         ::testing::Values("zh-sms-operator-11k", "zh-sms-mudou", "zh-fbs-sms",
                                           "zh-sms-6class", "zh-sms-80w-subset",
                                           "zh-review-camouflage", "en-uci-sms", "en-smishtank",
                                           "en-hardhat-combined", "en-mishra-soni",
                                           "en-spstudy-adversarial", "multi-fable5-adversarial",
                                           "tr-sms-spam"));

}  // namespace
}  // namespace ringfence
