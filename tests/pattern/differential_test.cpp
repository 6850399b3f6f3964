// Three routes to one answer: the compiled set, the plain backtracking matcher, and each expression as one
// regular expression in the engine.
#include <gtest/gtest.h>

#include <random>

#include "base/deep.hpp"
#include "src/pattern/engine.hpp"
#include "src/pattern/regex.hpp"
#include "src/pattern/utf8.hpp"
#include "tests/pattern/backtrack_model.hpp"
#include "tests/pattern/fixtures.hpp"

namespace ringfence {
namespace {

constexpr unsigned kSeed = 20261124;

std::string pick(std::mt19937& random, const std::vector<std::string>& from) {
    return from[random() % from.size()];
}

// Few letters, so that random texts meet random rules.
const std::vector<std::string> kLetters = {"加", "微", "信", "我", "狠", "a", "b", "1", "2"};

std::string random_letters(std::mt19937& random, unsigned most) {
    std::string out;
    for (auto n = 1 + random() % most; n > 0; --n) out += pick(random, kLetters);
    return out;
}

std::string bounds(std::mt19937& random, unsigned most) {
    const auto low = random() % 3, high = low + 1 + random() % most;
    return "{" + std::to_string(low) + "," + std::to_string(high) + "}";
}

std::string random_expression(std::mt19937& random, bool light) {
    std::string out;
    for (auto n = 1 + random() % 4; n > 0; --n) {
        switch (random() % 6) {
            case 0: out += "[" + pick(random, {"加信", "a-b", "0-9", "^微", "^a-z"}) + "]"; break;
            case 1:
                out += "[" + pick(random, {"加信我", "a-b1", "^加"}) + "]" + bounds(random, 3);
                break;
            case 2:
                out += "(" + random_letters(random, 2) + "|" + random_letters(random, 3) + ")";
                break;
            case 3: out += "(" + random_letters(random, 2) + ")?"; break;
            case 4: out += light ? pick(random, {"<a", "b>", "<1>", "- "}) : "@wechat"; break;
            default: out += random_letters(random, 3);
        }
        if (n > 1 && random() % 2) out += bounds(random, 4);
    }
    return out;
}

std::u16string random_text(std::mt19937& random, bool light) {
    static const std::u16string kDense = u"加微信我狠ab12";
    static const std::u16string kLight = u"加微信我ab12 -_";
    const std::u16string& from = light ? kLight : kDense;
    std::u16string text(random() % 24, u' ');
    for (char16_t& unit : text) unit = from[random() % from.size()];
    return text;
}

std::string as_regex(const Expression& expression) {
    std::string out;
    for (const Element& e : expression.elements) {
        const std::string count = "{" + std::to_string(e.min) + "," + std::to_string(e.max) + "}";
        switch (e.kind) {
            case Element::Kind::kWordStart:
            case Element::Kind::kWordEnd: out += "\\b"; break;
            case Element::Kind::kGap: out += "." + count; break;
            case Element::Kind::kUnits:
                out += e.negated ? "[^" : "[";
                for (const UnitRange& range : e.ranges) {
                    pattern::append_escaped(out, range.first);
                    out += "-";
                    pattern::append_escaped(out, range.last);
                }
                out += "]" + count;
                break;
            case Element::Kind::kPhrases:
                out += "(?:";
                for (const auto& phrase : e.phrases) {
                    if (&phrase != &e.phrases.front()) out += "|";
                    for (const char16_t unit : phrase) pattern::append_escaped(out, unit);
                }
                out += ")";
        }
    }
    return out;
}

struct Best {
    bool any = false;
    std::uint32_t begin = 0, end = 0;
};

TEST(Differential, compiled_sets_agree_with_the_backtracker_and_with_whole_regexes) {
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    const int sets = test::deep() ? 2000 : 60, texts = test::deep() ? 500 : 60;
    std::size_t hits = 0, regexes = 0;
    for (int s = 0; s < sets; ++s) {
        const bool light = s % 2;
        std::vector<std::string> rules;
        while (rules.size() < 6) {
            const std::string text = random_expression(random, light);
            if (!testing::parse(text, light ? TextView::kLight : TextView::kDense)) continue;
            // A third of the rules also look elsewhere.
            std::string more;
            if (random() % 3 == 0) more += "\nalso = '" + random_letters(random, 2) + "'";
            if (random() % 3 == 0) more += "\nunless = '" + random_letters(random, 2) + "'";
            if (text.find('@') != std::string::npos) continue;
            rules.push_back("text = '" + text + "'" + more);
        }
        const auto set = testing::compile(rules, light ? "light" : "dense");
        ASSERT_TRUE(set) << set.error().text;
        auto scratch = set->make_scratch();
        ASSERT_TRUE(scratch);

        std::vector<std::string> patterns;
        for (const PatternRule& rule : set->rules()) patterns.push_back(as_regex(rule.text[0]));
        std::size_t bad = 0;
        const auto engine =
            pattern::Engine::compile(pattern::Engine::Kind::kExtents, patterns, bad);
        pattern::EngineScratch engine_scratch;
        if (engine) {
            ++regexes;
            ASSERT_TRUE(engine->reserve(engine_scratch));
        }

        for (int t = 0; t < texts; ++t) {
            const std::u16string text = random_text(random, light);
            const auto ours = set->scan(FoldedUnits{text, text}, *scratch);
            ASSERT_EQ(ours.status, ScanStatus::kOk);
            const auto truth = model::scan(set->rules(), text, text);
            ASSERT_TRUE(truth);
            ASSERT_EQ(std::vector<PatternMatch>(ours.matches.begin(), ours.matches.end()), *truth);
            hits += truth->size();
            if (!engine) continue;

            std::vector<char> utf8(text.size() * 3 + pattern::kSpareBytes);
            const std::size_t size = pattern::encode_utf8(text, utf8.data());
            std::vector<Best> best(rules.size());
            ASSERT_TRUE(engine->scan(
                utf8.data(), size, engine_scratch,
                [](void* context, const pattern::EngineMatch& m) {
                    Best& b = (*static_cast<std::vector<Best>*>(context))[m.id];
                    if (!b.any || m.end < b.end || (m.end == b.end && m.begin < b.begin)) {
                        b = {true, m.begin, m.end};
                    }
                },
                &best));
            for (std::size_t r = 0; r < rules.size(); ++r) {
                PatternRule bare = set->rules()[r];
                bare.also.clear();
                bare.unless.clear();
                const auto alone = model::scan({bare}, text, text);
                ASSERT_EQ(best[r].any, !alone->empty()) << patterns[r];
                if (!best[r].any) continue;
                EXPECT_EQ(pattern::count_units(utf8.data(), best[r].end), (*alone)[0].end)
                    << patterns[r];
                EXPECT_EQ(pattern::count_units(utf8.data(), best[r].begin), (*alone)[0].begin)
                    << patterns[r];
            }
        }
    }
    EXPECT_GT(hits, static_cast<std::size_t>(sets * texts / 4));
    // The engine refuses some as too large to keep the begin of a match: fewer than a third.
    EXPECT_GT(regexes, static_cast<std::size_t>(sets) * 2 / 3);
}

}  // namespace
}  // namespace ringfence
