// What `extract` finds of what people wrote: the links of reported messages, and the cases of libphonenumber's tests of
// numbers in free text. Recall and precision become the figures of `tools/compare text`; docs/results.md keeps them, with
// the reasons of what is missed. RINGFENCE_SHOW=1 prints the misses.
#include "ringfence/text/extract.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "real/real_data.hpp"
#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/normalize.hpp"
#include "ringfence/number/parse.hpp"
#include "tests/base/source_folder.hpp"

namespace ringfence {
namespace {

struct Item {
    FoundKind kind;
    std::string key;
    std::string shown;
    TextPlace place;
};

std::vector<Item> found(std::string_view utf8, const DialPlan* plan) {
    static FoldedText folded;
    const std::u16string source = to_utf16(utf8);
    fold(source, folded);
    std::vector<Item> items;
    extract(folded, plan, [&](const Found& f) {
        items.push_back(
            {f.kind, std::string(f.key),
             to_utf8(std::u16string_view(source).substr(f.place.offset, f.place.length)), f.place});
    });
    return items;
}

void show(const char* what, const std::string& wanted, const std::string& text) {
    if (std::getenv("RINGFENCE_SHOW") != nullptr)
        std::printf("  %s %s in: %s\n", what, wanted.c_str(), text.c_str());
}

class Tally {
public:
    void ask(bool hit) {
        ++asked_;
        right_ += hit ? 1 : 0;
    }
    void wrong() { ++wrong_; }

    double recall() const { return share(asked_); }
    double precision() const { return share(right_ + wrong_); }

    // Prints both, and records the recall as the figure `name`.
    void report(const char* what, const char* name) const {
        std::printf("  %s: recall %.4f (%zu of %zu), precision %.4f (%zu wrong)\n", what, recall(),
                    right_, asked_, precision(), wrong_);
        testing::Test::RecordProperty(name, std::to_string(recall()));
    }

private:
    double share(std::size_t of) const {
        return of == 0 ? 0 : static_cast<double>(right_) / static_cast<double>(of);
    }

    std::size_t asked_ = 0;
    std::size_t right_ = 0;
    std::size_t wrong_ = 0;
};

// A link as it is compared: without a scheme, blanks (which reading a screenshot puts in) and a slash at the end.
std::string plain_link(std::string_view utf8) {
    std::u16string link = fold_to_string(utf8, View::kLight);
    std::erase(link, u' ');
    if (const auto scheme = link.find(u"://"); scheme != link.npos) link.erase(0, scheme + 3);
    while (link.ends_with(u'/')) link.pop_back();
    return to_utf8(link);
}

TEST(Extraction, finds_the_links_that_were_reported) {
    std::string why;
    const auto rows = test::corpus_rows("en-smishtank", why);
    if (rows.empty()) GTEST_SKIP() << why;
    const DialPlan* plan = DialPlan::find(CountryCode("US"));
    Tally hosts;
    std::size_t whole = 0;
    for (const auto& row : rows) {
        ASSERT_GE(row.size(), 3u);
        const std::string host = fold_key(FoundKind::kDomain, row[2]);
        bool by_host = false;
        bool by_link = false;
        for (const Item& item : found(row[1], plan)) {
            if (item.kind != FoundKind::kDomain) continue;
            by_host |= item.key == host;
            by_link |= plain_link(item.shown) == plain_link(row[2]);
            if (item.key == host) continue;
            hosts.wrong();
            show("unasked", item.shown, row[1]);
        }
        if (host.empty()) continue;
        hosts.ask(by_host);
        whole += by_link ? 1 : 0;
        if (!by_host) show("missed", row[2], row[1]);
    }
    hosts.report("links of en-smishtank, by host", "extraction_recall_smishtank_urls");
    std::printf("  with their path to the letter: %zu\n", whole);
    EXPECT_GE(hosts.recall(), 0.99);
    EXPECT_GE(hosts.precision(), 0.95);
}

// The digits of a number as it is written in a test, without what stands behind it as an extension.
std::string digits_of(const std::string& written) {
    std::string digits;
    for (const char16_t c : fold_to_string(written, View::kLight)) {
        if (c == u'+' && digits.empty()) digits = "+";
        if (c >= u'0' && c <= u'9') digits += static_cast<char>(c);
        if ((c >= u'a' && c <= u'z') || c == u'#') break;
    }
    return digits;
}

// A text of those tests, and the numbers that are to be found in it.
struct Wanted {
    std::string key;
    std::size_t begin = 0;
    std::size_t end = 0;
};
struct NumberCase {
    const DialPlan* plan = nullptr;
    std::vector<Wanted> wanted = {};
    bool left_out = false;
};

TEST(Extraction, finds_the_numbers_of_another_finders_tests) {
    RINGFENCE_REAL_FILE(path, "libphonenumber/libphonenumber-resources.tar.xz");
    std::string why;
    std::istringstream lines(test::output_of(
        "tar -xJOf '" + path + "' --wildcards '*/PhoneNumberMatcherTest.java' | python3 '" +
            test::source_folder() + "tests/real/matcher_cases.py'",
        why));
    ASSERT_EQ(why, "");
    std::map<std::pair<std::string, std::string>, NumberCase> cases;
    std::size_t of_no_plan = 0;
    std::size_t no_number = 0;
    for (std::string line; std::getline(lines, line);) {
        const auto row = nlohmann::json::parse(line);
        const std::string text = row["text"];
        const std::string region = row["region"].is_null() ? "" : row["region"];
        NumberCase& one = cases[{region, text}];
        if (!region.empty()) one.plan = DialPlan::find(CountryCode(region));
        if (row["number"].is_null() || row["possible"].get<bool>()) continue;
        const std::string number = row["number"];
        const std::string digits = digits_of(number);
        const DialPlan& plan = one.plan == nullptr ? DialPlan::all().front() : *one.plan;
        const Normalized read = normalize(parse(AddressView(digits)), plan);
        const bool no_plan = one.plan == nullptr && !digits.starts_with('+');
        if (no_plan || !read.valid) {
            ++(no_plan ? of_no_plan : no_number);
            if (!no_plan) show("no number today:", number, text);
            one.left_out = true;
            continue;
        }
        const std::size_t begin = row["begin"];
        one.wanted.push_back({std::string(read.digits()), begin, begin + to_utf16(number).size()});
    }
    Tally numbers;
    for (const auto& [where, one] : cases) {
        const std::string& text = where.second;
        std::vector<bool> hit(one.wanted.size());
        for (const Item& item : found(text, one.plan)) {
            if (item.kind != FoundKind::kNumber) continue;
            bool right = false;
            for (std::size_t i = 0; i < one.wanted.size(); ++i) {
                const Wanted& wanted = one.wanted[i];
                if (item.key == wanted.key && item.place.offset < wanted.end &&
                    item.place.offset + item.place.length > wanted.begin)
                    right = hit[i] = true;
            }
            // A number that is there and was not asked for is written with its '+'.
            if (right || one.left_out || item.shown[0] == '+') continue;
            numbers.wrong();
            show("wrong", item.shown, text);
        }
        for (std::size_t i = 0; i < hit.size(); ++i) {
            numbers.ask(hit[i]);
            if (!hit[i]) show("missed", one.wanted[i].key, text);
        }
    }
    std::printf(
        "  left out: %zu cases of countries without a plan here, %zu that are no number of today's "
        "plans\n",
        of_no_plan, no_number);
    numbers.report("numbers of PhoneNumberMatcherTest", "extraction_recall_phone_matcher_tests");
    EXPECT_GE(numbers.recall(), 0.99);
    EXPECT_GE(numbers.precision(), 0.97);
}

}  // namespace
}  // namespace ringfence
