#include "ringfence/table/key_table.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>

#include "ringfence/table/parts.hpp"

namespace ringfence {
namespace {

using Lists = std::vector<ListIndex>;

KeyTable built(const KeyRules& rules) {
    auto table = rules.build();
    EXPECT_TRUE(table) << table.error().text;
    return std::move(*table);
}

Lists lists(std::span<const ListIndex> found) { return {found.begin(), found.end()}; }

// Every suffix of the host that is listed, longest first, as text.
std::vector<std::string> domains(const KeyTable& table, const std::string& host) {
    std::vector<std::string> found;
    for (auto hit = table.find_domain(host); hit.length != 0;
         hit = table.find_domain(host, hit.length))
        found.push_back(host.substr(host.size() - hit.length));
    return found;
}

TEST(KeyTable, finds_nothing_when_empty) {
    EXPECT_TRUE(KeyTable().find(KeyKind::kSender, "icbc").empty());
    EXPECT_EQ(KeyTable().find_domain("example.com").length, 0u);
    EXPECT_TRUE(built(KeyRules()).find(KeyKind::kSender, "icbc").empty());
}

TEST(KeyTable, finds_a_text_of_its_kind_whole) {
    KeyRules rules;
    ASSERT_TRUE(rules.add(KeyKind::kSender, "icbc", 3));
    ASSERT_TRUE(rules.add(KeyKind::kSender, "icbc", 1));
    ASSERT_TRUE(rules.add(KeyKind::kAccount, "icbc", 2));
    const KeyTable table = built(rules);
    EXPECT_EQ(lists(table.find(KeyKind::kSender, "icbc")), (Lists{1, 3}));
    EXPECT_EQ(lists(table.find(KeyKind::kAccount, "icbc")), Lists{2});
    EXPECT_TRUE(table.find(KeyKind::kDomain, "icbc").empty());
    for (const char* other : {"icb", "icbcc", "ICBC", "", "icbc "})
        EXPECT_TRUE(table.find(KeyKind::kSender, other).empty()) << other;
    EXPECT_TRUE(table.find(KeyKind::kSender, std::string(10'000, 'x')).empty());
}

TEST(KeyTable, texts_may_hold_any_octets) {
    KeyRules rules;
    const std::string odd("a\0b\xFF", 4);
    ASSERT_TRUE(rules.add(KeyKind::kSender, odd, 1));
    const KeyTable table = built(rules);
    EXPECT_EQ(lists(table.find(KeyKind::kSender, odd)), Lists{1});
    EXPECT_TRUE(table.find(KeyKind::kSender, "a").empty());
}

TEST(KeyTable, matches_domains_on_label_borders_the_longest_first) {
    KeyRules rules;
    ASSERT_TRUE(rules.add(KeyKind::kDomain, "example.com", 1));
    ASSERT_TRUE(rules.add(KeyKind::kDomain, "a.b.example.com", 2));
    ASSERT_TRUE(rules.add(KeyKind::kDomain, "com", 3));
    const KeyTable table = built(rules);
    using Found = std::vector<std::string>;
    EXPECT_EQ(domains(table, "example.com"), (Found{"example.com", "com"}));
    EXPECT_EQ(domains(table, "x.a.b.example.com"),
              (Found{"a.b.example.com", "example.com", "com"}));
    EXPECT_EQ(domains(table, "b.example.com"), (Found{"example.com", "com"}));
    EXPECT_EQ(domains(table, "badexample.com"), (Found{"com"}));
    EXPECT_EQ(domains(table, "example.org"), Found{});
    EXPECT_EQ(domains(table, "xcom"), Found{});
    EXPECT_EQ(domains(table, ""), Found{});
    EXPECT_EQ(domains(table, "."), Found{});
    EXPECT_EQ(domains(table, "..."), Found{});
    EXPECT_EQ(lists(table.find_domain("a.b.example.com").lists), Lists{2});
}

TEST(KeyTable, looks_at_the_end_of_hosts_longer_than_any_key) {
    KeyRules rules;
    ASSERT_TRUE(rules.add(KeyKind::kDomain, "example.com", 1));
    const KeyTable table = built(rules);
    EXPECT_EQ(table.find_domain(std::string(300, 'x') + ".example.com").length, 11u);
    EXPECT_EQ(table.find_domain(std::string(300, 'x') + "example.com").length, 0u);
    // The cut falls just before "example.com": the label it stands in is longer.
    const std::string cut = "bad" + std::string("example.com.") + std::string(244, 'y');
    ASSERT_TRUE(rules.add(KeyKind::kDomain, cut.substr(cut.size() - 255), 2));
    EXPECT_EQ(built(rules).find_domain(cut).length, 0u);
    std::string many;
    for (int i = 0; i < 200; ++i) many += "a.";
    EXPECT_EQ(table.find_domain(many + "example.com").length, 11u);
}

TEST(KeyTable, keeps_long_digit_strings_whole) {
    KeyRules rules;
    const std::string port = "10691234567890123456";
    ASSERT_TRUE(rules.add(KeyKind::kDigits, port, 7));
    const KeyTable table = built(rules);
    EXPECT_EQ(lists(table.find(KeyKind::kDigits, port)), Lists{7});
    EXPECT_TRUE(table.find(KeyKind::kDigits, port + "0").empty());
    EXPECT_TRUE(table.find(KeyKind::kDigits, "0" + port).empty());
}

TEST(KeyTable, refuses_what_makes_no_sense) {
    KeyRules rules;
    EXPECT_EQ(rules.add(KeyKind::kSender, "", 1).error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(rules.add(KeyKind::kSender, std::string(256, 'x'), 1).error().code,
              ErrorCode::kTooLarge);
    EXPECT_TRUE(rules.add(KeyKind::kSender, std::string(255, 'x'), 1));
    for (const std::string& digits :
         {std::string(15, '1'), std::string(25, '1'), std::string("1234567890123456x")})
        EXPECT_EQ(rules.add(KeyKind::kDigits, digits, 1).error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(rules.size(), 1u);
}

TEST(KeyTable, says_when_nothing_changed) {
    KeyRules rules;
    EXPECT_TRUE(*rules.add(KeyKind::kSender, "icbc", 1));
    EXPECT_FALSE(*rules.add(KeyKind::kSender, "icbc", 1));
    EXPECT_FALSE(rules.remove(KeyKind::kSender, "icbc", 2));
    EXPECT_FALSE(rules.remove(KeyKind::kAccount, "icbc", 1));
    EXPECT_TRUE(rules.remove(KeyKind::kSender, "icbc", 1));
    EXPECT_EQ(rules.size(), 0u);
}

TEST(KeyTable, agrees_with_a_plain_map) {
    constexpr std::uint64_t kSeed = 301;
    SCOPED_TRACE(kSeed);
    std::mt19937_64 random(kSeed);
    const auto text = [&] {
        std::string name;
        const auto labels = 1 + random() % 4;
        for (std::uint64_t i = 0; i < labels; ++i) {
            if (i != 0) name += '.';
            const auto letters = 1 + random() % 3;
            for (std::uint64_t j = 0; j < letters; ++j)
                name += static_cast<char>('a' + random() % 3);
        }
        return name;
    };
    std::map<std::pair<KeyKind, std::string>, std::set<ListIndex>> truth;
    KeyRules rules;
    for (int i = 0; i < 6'000; ++i) {
        const auto kind = static_cast<KeyKind>(random() % 3);
        const std::string name = text();
        const auto list = static_cast<ListIndex>(random() % 5);
        if (random() % 3 == 0) {
            const auto at = truth.find({kind, name});
            const bool there = at != truth.end() && at->second.erase(list) != 0;
            if (there && at->second.empty()) truth.erase(at);
            ASSERT_EQ(rules.remove(kind, name, list), there);
        } else {
            const bool added = truth[{kind, name}].insert(list).second;
            ASSERT_EQ(*rules.add(kind, name, list), added);
        }
    }
    const KeyTable table = built(rules);
    ASSERT_EQ(table.size(), truth.size());
    for (int i = 0; i < 30'000; ++i) {
        const auto kind = static_cast<KeyKind>(random() % 3);
        const std::string name = text();
        const auto at = truth.find({kind, name});
        const Lists expected =
            at == truth.end() ? Lists{} : Lists(at->second.begin(), at->second.end());
        ASSERT_EQ(lists(table.find(kind, name)), expected) << name;

        std::vector<std::string> suffixes;
        for (std::size_t begin = 0;; ++begin) {
            const bool listed = truth.contains({KeyKind::kDomain, name.substr(begin)});
            if (listed) suffixes.push_back(name.substr(begin));
            begin = name.find('.', begin);
            if (begin == std::string::npos) break;
        }
        ASSERT_EQ(domains(table, name), suffixes) << name;
    }
}

// Whoever chooses the names that get on a list may not choose where in the table they lie.
TEST(KeyTable, lies_differently_each_time_it_is_built) {
    KeyRules rules;
    ASSERT_TRUE(rules.add(KeyKind::kDomain, "evil.example", 1));
    const KeyTable first = built(rules);
    const KeyTable second = built(rules);
    EXPECT_NE(first.view().arrays().seed, second.view().arrays().seed);
    std::set<std::uint64_t> seeds;
    const auto parts = parts_of(first);
    ASSERT_TRUE(parts);
    for (int i = 0; i < 8; ++i) {
        const auto again = table_of(*parts, 2);
        ASSERT_TRUE(again);
        seeds.insert(again->view().arrays().seed);
        EXPECT_EQ(lists(again->find(KeyKind::kDomain, "evil.example")), Lists{1});
    }
    EXPECT_EQ(seeds.size(), 8u);
}

}  // namespace
}  // namespace ringfence
