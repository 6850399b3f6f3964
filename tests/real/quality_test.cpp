// How well the packs that ship do on messages that people really got: precision and recall through a Screen, by
// category where the labels allow it. docs/results.md keeps the figures and says what the labels mean.
//
// Messages are in one of two halves by a hash of their text. Rules may be improved with an eye on the half `tuned`;
// `held out` shows what that is worth, and has the floors.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "real/message_screen.hpp"
#include "real/real_data.hpp"

namespace ringfence {
namespace {

using Words = std::vector<std::string>;

struct Measure {
    const char* corpus;
    const char* country;
    Words packs;
    Words wanted;    // beginnings of labels that the packs should find
    Words unwanted;  // and of those that they should leave alone; others are not counted
    // Floors on the half held out; 0 where a corpus has no side of that kind.
    double precision, recall;
    double wrong_share = 1;  // ceiling: of the unwanted, found all the same
};

const Words kFraud = {"zh-fraud"};
const Words kFraudAndAds = {"zh-fraud", "zh-ads"};
const Words kEnglish = {"en-smishing"};

const std::vector<Measure> kMeasures = {
    {"zh-sms-operator-11k", "CN", kFraud, {"1"}, {"0"}, 0.93, 0.08, 0.01},
    {"zh-sms-operator-11k", "CN", kFraudAndAds, {"1"}, {"0"}, 0.965, 0.56, 0.025},
    {"zh-sms-mudou", "CN", kFraud, {"1"}, {"0"}, 0.99, 0.12, 0.01},
    {"zh-sms-80w-subset", "CN", kFraud, {"1"}, {"0"}, 0.94, 0.075, 0.001},
    {"en-mishra-soni", "GB", kEnglish, {"spam", "smishing"}, {"ham"}, 0.995, 0.68, 0.002},
    {"en-mishra-soni", "GB", kEnglish, {"smishing"}, {"ham"}, 0.995, 0.83, 0.002},
    {"en-uci-sms", "GB", kEnglish, {"spam"}, {"ham"}, 0.995, 0.70, 0.002},
    {"en-hardhat-combined", "GB", kEnglish, {"spam", "smishing"}, {"ham"}, 0.995, 0.71, 0.002},
    {"multi-fable5-adversarial", "US", kEnglish, {"phishing"}, {"ham"}, 0.99, 0.25, 0.01},
};

// A label that means one category, or one of a few, of DOMAIN's taxonomy.
struct Kind {
    const char* label;
    Words categories;
    double recall;  // floor on the half held out, of whatever category
};
struct Kinds {
    const char* corpus;
    const char* country;
    Words packs;
    std::vector<Kind> kinds;
};

const std::vector<Kinds> kKinds = {
    {"zh-fbs-sms",
     "CN",
     kFraud,
     {{"FR:Phishing(Bank)", {"etc_points", "fake_authority", "fake_loan", "fake_bank"}, 0.96},
      {"FR:Financial", {"fake_investment", "fake_loan"}, 0.3},
      {"FR:Other", {}, 0.66},
      {"IL:Gambling", {"gambling"}, 0.82},
      {"IL:Fake_ID_and_invoice", {"invoice", "forged_papers", "card_trade"}, 0.89},
      {"IL:Escort_service", {"escort", "romance"}, 0.6},
      {"AD:Loan", {"fake_loan"}, 0},
      {"AD:Retail", {}, 0},
      {"AD:Network_service", {}, 0},
      {"AD:Real_estate", {}, 0}}},
    {"zh-sms-6class",
     "CN",
     kFraud,
     {{"loan_fraud", {"fake_loan"}, 0.65},
      {"bank_transfer_fraud", {"fake_boss_or_friend", "fake_authority"}, 0.65},
      {"recruitment", {}, 0},
      {"service_ad", {}, 0},
      {"real_estate", {}, 0},
      {"used_car", {}, 0}}},
    {"en-smishtank",
     "US",
     kEnglish,
     {{"Account Alert", {"fake_bank", "fake_authority", "etc_points"}, 0.78},
      {"Delivery", {"fake_courier_service"}, 0.78},
      {"Prize/Contest", {"fake_shopping"}, 0.55},
      {"Finance/Crypto", {"fake_investment", "fake_loan"}, 0.1},
      {"Loans/Credit", {"fake_loan"}, 0},
      {"Job Advertisement", {"task_rebate"}, 0},
      {"Lawsuits/Settlements", {"fake_authority"}, 0},
      {"Wrong Number/Romance Scam", {"romance"}, 0},
      {"Advertisement", {}, 0},
      {"Other", {}, 0}}},
};

enum Half : std::size_t { kTuned = 0, kHeldOut = 1 };
constexpr const char* kHalfNames[] = {"tuned", "held out"};

// FNV-1a over the text: the same text is in the same half of every corpus.
Half half_of(std::string_view text) {
    std::uint64_t hash = 0xCBF29CE484222325u;
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001B3u;
    }
    return (hash >> 33u & 1u) == 0 ? kTuned : kHeldOut;
}

bool begins_with_one(const std::string& label, const Words& of) {
    return std::any_of(of.begin(), of.end(), [&](const auto& b) { return label.starts_with(b); });
}

// A row of zh-fbs-sms as a message again: the blanks between words go, and something of the kind stands where its
// authors wrote CELLPHONE, URL and the like.
std::string restored(std::string text) {
    static const std::vector<std::pair<std::string, std::string>> kMarks = {
        {"CELLPHONE", "13800001234"},
        {"HOTLINE", "4000000000"},
        {"BANK", "6228000000000001234"},
        {"PHONE", "4000000000"},
        {"URL", " http://a1b2.cn/x "},
        {"WECHAT", "wx8899"},
        {"DIGIT", "5000"},
        {"QQ", "88990011"},
        {"NAME", "\xE5\xBC\xA0\xE4\xB8\x89"},
        {"PLACE", "\xE5\x8C\x97\xE4\xBA\xAC"}};
    std::erase(text, ' ');
    for (const auto& [mark, meant] : kMarks) {
        for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos;
             at += meant.size())
            text.replace(at, mark.size(), meant);
    }
    return text;
}

// Where a publisher wrote x for each digit, digits again: those of a mobile, or of a card for longer runs.
std::string unmasked(std::string text) {
    static constexpr std::string_view kDigits = "1380000123456789012345678901234567890";
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '/';
    };
    for (std::size_t at = 0; (at = text.find('x', at)) != std::string::npos;) {
        std::size_t end = std::min(text.find_first_not_of('x', at), text.size());
        const bool word = end - at == 1 && ((at > 0 && letter(text[at - 1])) ||
                                            (end < text.size() && letter(text[end])));
        for (std::size_t i = at; !word && i < end; ++i)
            text[i] = kDigits[(i - at) % kDigits.size()];
        at = end;
    }
    return text;
}

// A row as somebody got it, as far as that can be known.
std::string as_sent(std::string_view corpus, const std::string& row) {
    if (corpus == "zh-fbs-sms") return restored(row);
    if (corpus == "zh-sms-6class" || corpus == "zh-sms-80w-subset") return unmasked(row);
    return row;
}

struct Judged {
    std::string label;
    std::string category;  // of the rule that decided; empty: let through
    Half half = kTuned;
    bool severe = false;  // more than a tag
};

// Every message of `corpus`, as octets through a Screen with `packs`. RINGFENCE_SHOW_MISSES=label prints the
// messages of the half `tuned` under that label that pass, RINGFENCE_SHOW_HITS=label those that do not.
std::vector<Judged> judged(const char* corpus, const char* country, const Words& packs,
                           std::string& why) {
    const char* misses = std::getenv("RINGFENCE_SHOW_MISSES");
    const char* hits = std::getenv("RINGFENCE_SHOW_HITS");
    auto messages = test::labelled_messages(corpus, why);
    if (messages.empty()) return {};
    test::MessageScreen one(country, packs);
    std::vector<Judged> all;
    for (auto& [label, row] : messages) {
        const Half half = half_of(row);
        const std::string text = as_sent(corpus, row);
        const Verdict verdict = one.judge_octets(to_utf16(text), test::Carriage::kUserData8);
        const bool found = verdict.action != Action::kAllow;
        const char* shown = found ? hits : misses;
        if (half == kTuned && shown != nullptr && label.starts_with(shown))
            std::printf("%s %s|%s|%s\n", found ? "HIT" : "MISS", corpus,
                        one.screen().rule_id(verdict).c_str(), text.c_str());
        all.push_back({label, found ? one.screen().category(verdict) : "", half,
                       verdict.action > Action::kTag});
    }
    return all;
}

std::string joined(const Words& words) {
    std::string all;
    for (const auto& word : words) all += (all.empty() ? "" : ", ") + word;
    return all;
}

struct Tally {
    unsigned wanted = 0, found = 0, unwanted = 0, wrong = 0;
    double recall() const { return wanted > 0 ? double(found) / wanted : 0; }
    double precision() const { return found + wrong > 0 ? double(found) / (found + wrong) : 0; }
    double wrong_share() const { return unwanted > 0 ? double(wrong) / unwanted : 0; }
};

TEST(Quality, of_the_packs_on_labelled_messages) {
    std::string why;
    std::printf(
        "| corpus | packs | found of | left alone | half | recall | precision | wrongly |\n");
    bool any = false;
    for (const Measure& measure : kMeasures) {
        const auto all = judged(measure.corpus, measure.country, measure.packs, why);
        if (all.empty()) continue;
        any = true;
        std::array<Tally, 2> halves;
        std::map<std::string, Tally> categories;
        for (const Judged& one : all) {
            EXPECT_FALSE(one.severe) << "a pack that ships only tags";
            Tally& tally = halves[one.half];
            const bool found = !one.category.empty();
            if (begins_with_one(one.label, measure.wanted)) {
                ++tally.wanted;
                tally.found += found;
                if (found) ++categories[one.category].found;
            } else if (begins_with_one(one.label, measure.unwanted)) {
                ++tally.unwanted;
                tally.wrong += found;
                if (found) ++categories[one.category].wrong;
            }
        }
        for (const Half half : {kTuned, kHeldOut}) {
            const Tally& t = halves[half];
            std::printf("| %s | %s | %s | %s | %s | %.3f (%u of %u) | %.3f | %u of %u |\n",
                        measure.corpus, joined(measure.packs).c_str(),
                        joined(measure.wanted).c_str(), joined(measure.unwanted).c_str(),
                        kHalfNames[half], t.recall(), t.found, t.wanted, t.precision(), t.wrong,
                        t.unwanted);
        }
        std::printf("    by category:");
        for (const auto& [name, t] : categories)
            std::printf(" %s %u/%u", name.c_str(), t.found, t.wrong);
        std::printf("\n");
        EXPECT_GE(halves[kHeldOut].precision(), measure.precision) << measure.corpus;
        EXPECT_GE(halves[kHeldOut].recall(), measure.recall) << measure.corpus;
        EXPECT_LE(halves[kHeldOut].wrong_share(), measure.wrong_share) << measure.corpus;
    }
    if (!any) GTEST_SKIP() << why;
}

TEST(Quality, by_kind_of_fraud) {
    std::string why;
    std::printf("| corpus | label | half | found | of that category |\n");
    bool any = false;
    for (const Kinds& kinds : kKinds) {
        const auto all = judged(kinds.corpus, kinds.country, kinds.packs, why);
        if (all.empty()) continue;
        any = true;
        for (const Kind& kind : kinds.kinds) {
            for (const Half half : {kTuned, kHeldOut}) {
                unsigned rows = 0, found = 0, right = 0;
                for (const Judged& one : all) {
                    if (one.half != half || one.label != kind.label) continue;
                    ++rows;
                    found += !one.category.empty();
                    right += std::count(kind.categories.begin(), kind.categories.end(),
                                        one.category) != 0;
                }
                ASSERT_GT(rows, 0u) << kind.label;
                std::printf("| %s | %s | %s | %.3f (%u of %u) | %s |\n", kinds.corpus, kind.label,
                            kHalfNames[half], double(found) / rows, found, rows,
                            kind.categories.empty() ? "-" : std::to_string(right).c_str());
                const double floor = half == kHeldOut ? kind.recall : 0;
                EXPECT_GE(double(found) / rows, floor) << kind.label;
            }
        }
    }
    if (!any) GTEST_SKIP() << why;
}

// Pairs of a message and the form in which it passed real services: what the packs find in the first they find in
// the second.
TEST(Quality, of_the_packs_on_evading_forms) {
    std::string why;
    const auto rows = test::labelled_messages("en-spstudy-adversarial", why);
    if (rows.empty()) GTEST_SKIP() << why;
    test::MessageScreen one("US", kEnglish);
    struct Pairs {
        unsigned all = 0, plain = 0, evading = 0, kept = 0;
    };
    std::map<std::string, Pairs> tactics;  // "" has them all
    for (const auto& [service, row] : rows) {
        Words columns;
        for (std::size_t at = 0; at <= row.size();) {
            const std::size_t end = std::min(row.find(" | ", at), row.size());
            columns.push_back(row.substr(at, end - at));
            at = end + 3;
        }
        if (columns.size() < 3 || columns[0].starts_with("Messages")) continue;
        const auto found = [&](const std::string& text) {
            return one.judge_octets(to_utf16(text), test::Carriage::kUserData8).action !=
                   Action::kAllow;
        };
        const bool first = found(columns[0]);
        const bool second = found(columns[1]);
        for (const std::string& tactic : {std::string(), columns[2]}) {
            Pairs& pairs = tactics[tactic];
            ++pairs.all;
            pairs.plain += first;
            pairs.evading += second;
            pairs.kept += first && second;
        }
    }
    std::printf("| tactic | pairs | found plain | found evading | found both |\n");
    for (const auto& [tactic, n] : tactics)
        std::printf("| %s | %u | %u | %u | %u |\n", tactic.empty() ? "all" : tactic.c_str(), n.all,
                    n.plain, n.evading, n.kept);
    EXPECT_GT(tactics[""].all, 20u);
    EXPECT_GE(tactics[""].kept * 2, tactics[""].plain);
}

}  // namespace
}  // namespace ringfence
