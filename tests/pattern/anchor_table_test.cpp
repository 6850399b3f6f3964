// Anchors by the thousand: each is found wherever it stands, and nowhere else, whatever shares its grams.
#include "src/pattern/anchor_table.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace ringfence {
namespace {

using kernel::WindowHit;
using pattern::AnchorSpace;
using pattern::AnchorTable;
using pattern::AnchorTableBuilder;
using pattern::kNotOne;
using pattern::PaddedText;
using pattern::Sightings;

constexpr unsigned kSeed = 47;

// Phrases of a small alphabet, so that many begin alike and lie within each other.
class Words {
public:
    explicit Words(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t end) { return random_() % end; }

    std::u16string some(std::size_t least, std::size_t most) {
        static const std::u16string kHan = u"加微信我狠的号码", kAscii = u"abcde012./";
        const std::u16string& from = below(2) == 0 ? kHan : kAscii;
        std::u16string out(least + below(most - least + 1), u' ');
        for (char16_t& unit : out) unit = below(9) == 0 ? u'微' : from[below(from.size())];
        return out;
    }

private:
    std::mt19937 random_;
};

struct Found {
    std::uint32_t body = 0;  // or the rule, of an anchor that is all of one
    std::uint32_t begin = 0;
    friend auto operator<=>(const Found&, const Found&) = default;
};

class Anchors {
public:
    // Every third phrase is all of a rule of its number.
    explicit Anchors(const std::vector<std::u16string>& phrases) : phrases_(phrases) {
        AnchorTableBuilder builder;
        std::vector<std::uint32_t> rules;
        for (std::uint32_t i = 0; i < phrases.size(); ++i) {
            kernel::WindowCheck check;
            check.body = i;
            builder.add(phrases[i], check);
            rules.push_back(i % 3 == 0 ? i : kNotOne);
        }
        table_ = builder.build(rules);
        sightings_.reserve(phrases.size());
    }

    std::set<Found> found(const std::u16string& text) {
        std::u16string padded(pattern::kTextMargin, u'\0');
        padded += text;
        padded.append(pattern::kTextMargin, u'\0');
        const PaddedText units{padded.data() + pattern::kTextMargin,
                               static_cast<std::uint32_t>(text.size())};
        std::set<Found> all;
        sightings_.clear();
        table_.find(units, *space_, sightings_, [&](std::span<const WindowHit> hits) {
            for (const WindowHit& hit : hits) {
                for (std::uint32_t i = 0; i < hit.count; ++i) {
                    const std::uint32_t body = hit.checks[i].body;
                    EXPECT_EQ(hit.end - hit.begin, phrases_[body].size());
                    all.insert({body, hit.begin});
                }
            }
        });
        return all;
    }

    // Rules of anchors that are all of one, in the last text.
    std::set<std::uint32_t> sighted() {
        std::set<std::uint32_t> rules;
        for (const pattern::Sighting sighting : sightings_.best())
            rules.insert(pattern::match_of(sighting).rule);
        return rules;
    }

private:
    const std::vector<std::u16string>& phrases_;
    AnchorTable table_;
    Sightings sightings_;
    std::unique_ptr<AnchorSpace> space_ = std::make_unique<AnchorSpace>();
};

TEST(AnchorTable, finds_each_phrase_wherever_it_stands) {
    SCOPED_TRACE(kSeed);
    Words words(kSeed);
    for (const std::size_t count : {1u, 7u, 300u, 5'000u}) {
        std::vector<std::u16string> phrases;
        std::map<std::u16string, std::vector<std::uint32_t>> by_phrase;
        for (std::uint32_t i = 0; i < count; ++i) {
            phrases.push_back(words.below(20) == 0 ? words.some(1, 64) : words.some(1, 7));
            // Some phrases many times over, more than one anchor's checks among them.
            if (words.below(4) == 0) phrases.back() = i % 2 == 0 ? u"加微信" : u"./ab";
            by_phrase[phrases.back()].push_back(i);
        }
        Anchors anchors(phrases);
        std::size_t hits = 0;
        for (int t = 0; t < 40; ++t) {
            std::u16string text = words.some(0, t == 0 ? 5'000 : 90);
            for (int i = 0; i < 3; ++i)
                text.insert(words.below(text.size() + 1), phrases[words.below(count)]);
            std::set<Found> expected;
            std::set<std::uint32_t> rules;
            for (const auto& [phrase, bodies] : by_phrase) {
                for (std::size_t at = text.find(phrase); at != text.npos;
                     at = text.find(phrase, at + 1)) {
                    // An anchor of more checks is stored again; the last may be left with one.
                    const bool lone = bodies.size() % kernel::kMostChecks == 1;
                    for (const std::uint32_t body : bodies) {
                        if (lone && body == bodies.back() && body % 3 == 0) {
                            rules.insert(body);
                        } else {
                            expected.insert({body, static_cast<std::uint32_t>(at)});
                        }
                    }
                }
            }
            ASSERT_EQ(anchors.found(text), expected) << count;
            ASSERT_EQ(anchors.sighted(), rules) << count;
            hits += expected.size() + rules.size();
        }
        EXPECT_GE(hits, 40u);  // one a text, of a single phrase
    }
}

// One place, more anchors than a list of suspects holds.
TEST(AnchorTable, leaves_none_out_where_thousands_share_a_gram) {
    constexpr std::size_t kCount = 3 * AnchorSpace::kPasses;
    std::vector<std::u16string> phrases;
    for (std::size_t i = 0; i < kCount; ++i) {
        phrases.push_back(u"加微");
        for (std::size_t k = 0; k < i % 60; ++k)
            phrases.back() += static_cast<char16_t>(u'一' + i / 60);
    }
    Anchors anchors(phrases);
    EXPECT_EQ(anchors.found(u"我加微").size(), kCount / 60 + 1);
    EXPECT_EQ(anchors.found(u"加微加微").size(), 2 * (kCount / 60 + 1));
}

}  // namespace
}  // namespace ringfence
