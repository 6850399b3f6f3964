// Random rules against the plain model; real prefixes when the corpora are at hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>

#include "number_model.hpp"
#include "prefix_model.hpp"
#include "src/kernel/prefix_kernel.hpp"

namespace ringfence {
namespace {

std::string random_digits(std::mt19937_64& random, std::size_t length, unsigned base) {
    std::string digits(length, '0');
    std::ranges::generate(digits, [&] { return static_cast<char>('0' + random() % base); });
    return digits;
}

// `base` digits in use: few of them make prefixes overlap.
void fill(PrefixRules& rules, model::PrefixLists& truth, std::mt19937_64& random, int count,
          unsigned base) {
    for (int i = 0; i < count; ++i) {
        const auto list = static_cast<ListIndex>(random() % 6);
        if (random() % 4 == 0) {
            const std::size_t length = 1 + random() % 12;
            std::string first = random_digits(random, length, base);
            std::string last = random_digits(random, length, base);
            if (first > last) first.swap(last);
            ASSERT_TRUE(rules.add_range(first, last, list));
            truth.ranges.push_back({first, last, list});
            continue;
        }
        const std::size_t length = random() % 8 == 0 ? random() % 25 : random() % 9;
        const std::string prefix = random_digits(random, length, base);
        auto min = static_cast<std::uint8_t>(random() % 3 == 0 ? random() % 25 : 0);
        auto max = static_cast<std::uint8_t>(random() % 3 == 0 ? random() % 25 : 24);
        if (std::max<std::size_t>(min, length) > max) {
            min = 0;
            max = 24;
        }
        ASSERT_TRUE(rules.add({prefix, min, max, list}));
        truth.prefixes.push_back({prefix, min, max, list});
    }
}

void compare(const PrefixTable& table, const model::PrefixLists& truth, std::mt19937_64& random,
             int count, unsigned base) {
    std::vector<Number> numbers;
    std::vector<std::vector<PrefixHit>> expected;
    for (int i = 0; i < count; ++i) {
        const std::string digits =
            random_digits(random, 1 + random() % 24, random() % 4 == 0 ? 10 : base);
        const auto truths = truth.of(digits);
        const auto by_text = table.longest_match(digits);
        ASSERT_EQ(std::vector(by_text.begin(), by_text.end()), truths) << digits;
        if (digits.size() > Number::kMaxDigits) continue;
        const auto by_number = table.longest_match(Number::from_digits(digits));
        ASSERT_EQ(std::vector(by_number.begin(), by_number.end()), truths) << digits;
        numbers.push_back(Number::from_digits(digits));
        expected.push_back(truths);
    }
    numbers.emplace_back();
    expected.emplace_back();
    std::vector<std::span<const PrefixHit>> found(numbers.size());
    const auto check = [&] {
        for (std::size_t i = 0; i < numbers.size(); ++i)
            ASSERT_TRUE(std::ranges::equal(found[i], expected[i])) << numbers[i].digits();
    };
    table.longest_match(numbers, found);
    check();
    if (table.view().empty()) return;
    for (const auto isa : {kernel::Isa::kScalar, kernel::Isa::kAvx2, kernel::Isa::kAvx512}) {
        const kernel::PrefixKernel* form = kernel::prefix_kernel(isa);
        if (form == nullptr) continue;
        SCOPED_TRACE(kernel::name_of(isa));
        for (const auto many : {form->find_batch, form->find_each}) {
            std::ranges::fill(found, std::span<const PrefixHit>());
            many(table.view(), numbers.data(), found.data(), numbers.size());
            check();
        }
        for (std::size_t i = 0; i < numbers.size(); ++i)
            found[i] = form->find(table.view(), numbers[i]);
        check();
    }
}

TEST(PrefixRandom, agrees_with_the_model) {
    const int scale = test::deep() ? 20 : 1;
    for (std::uint64_t seed = 201; seed < 201 + 12u * static_cast<unsigned>(scale); ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937_64 random(seed);
        const unsigned base = 2 + static_cast<unsigned>(random() % 9);
        PrefixRules rules;
        model::PrefixLists truth;
        fill(rules, truth, random, 1 + static_cast<int>(random() % 150), base);
        auto table = rules.build();
        ASSERT_TRUE(table) << table.error().text;
        compare(*table, truth, random, 2'000, base);

        // Half of it taken off again.
        for (int i = 0; i < 40 && truth.prefixes.size() > 1; ++i) {
            const auto rule = truth.prefixes[random() % truth.prefixes.size()];
            ASSERT_TRUE(rules.remove({rule.digits, static_cast<std::uint8_t>(rule.min_length),
                                      static_cast<std::uint8_t>(rule.max_length), rule.list}));
            std::erase_if(truth.prefixes, [&](const auto& other) {
                return other.digits == rule.digits && other.list == rule.list &&
                       std::max(other.min_length, rule.digits.size()) ==
                           std::max(rule.min_length, rule.digits.size()) &&
                       other.max_length == rule.max_length;
            });
        }
        table = rules.build();
        ASSERT_TRUE(table) << table.error().text;
        compare(*table, truth, random, 1'000, base);
    }
}

// Small and large tables.
TEST(PrefixRandom, agrees_with_the_model_however_many_rules_there_are) {
    for (const unsigned rules_count : {600u, 100'100u}) {
        constexpr std::uint64_t kSeed = 230;
        SCOPED_TRACE(testing::Message() << "seed " << kSeed << " rules " << rules_count);
        std::mt19937_64 random(kSeed);
        PrefixRules rules;
        model::PrefixLists truth;
        fill(rules, truth, random, 120, 3);
        // Many more where the compared numbers do not come: behind a 9.
        for (unsigned i = 0; rules.size() < rules_count; ++i)
            ASSERT_TRUE(rules.add({"9" + std::to_string(1'000'000 + i), 0, 24, 1}));
        const auto table = rules.build();
        ASSERT_TRUE(table) << table.error().text;
        std::mt19937_64 asking(kSeed);
        std::vector<Number> numbers;
        for (int i = 0; i < 2'000; ++i) {
            const std::string digits = random_digits(asking, 1 + asking() % 24, 3);
            const auto truths = truth.of(digits);
            const auto found = table->longest_match(digits);
            ASSERT_EQ(std::vector(found.begin(), found.end()), truths) << digits;
            if (digits.size() > Number::kMaxDigits) continue;
            numbers.push_back(Number::from_digits(digits));
            const auto same = table->longest_match(numbers.back());
            ASSERT_EQ(std::vector(same.begin(), same.end()), truths) << digits;
        }
        std::vector<std::span<const PrefixHit>> found(numbers.size());
        table->longest_match(numbers, found);
        for (std::size_t i = 0; i < numbers.size(); ++i)
            ASSERT_TRUE(std::ranges::equal(found[i], table->longest_match(numbers[i])));
    }
}

// The 804 patterns of the French do-not-answer list: "33162######".
TEST(PrefixRandom, finds_the_ends_of_each_real_pattern_and_not_what_lies_beside) {
    const char* data = std::getenv("RINGFENCE_DATA");
    if (data == nullptr) GTEST_SKIP() << "RINGFENCE_DATA is not set";
    std::ifstream file(std::string(data) + "/fr-saracroche/blocked-patterns.json");
    if (!file) GTEST_SKIP() << "no fr-saracroche/blocked-patterns.json below RINGFENCE_DATA";
    PrefixRules rules;
    model::PrefixLists truth;
    const std::string_view key = "\"pattern\": \"";
    for (std::string line; std::getline(file, line);) {
        const auto at = line.find(key);
        if (at == std::string::npos) continue;
        line.erase(0, at + key.size());
        const auto digits = std::min(line.find_first_not_of("0123456789"), line.size());
        const auto length = static_cast<std::uint8_t>(
            digits + static_cast<std::size_t>(std::ranges::count(line, '#')));
        if (digits == 0) continue;
        ASSERT_TRUE(rules.add({line.substr(0, digits), length, length, 1}));
        truth.prefixes.push_back({line.substr(0, digits), length, length, 1});
    }
    ASSERT_EQ(truth.prefixes.size(), 804u);
    const auto table = rules.build();
    ASSERT_TRUE(table);
    for (const auto& rule : truth.prefixes) {
        const std::size_t left = rule.max_length - rule.digits.size();
        const Number first = Number::from_digits(rule.digits + std::string(left, '0'));
        const Number last = Number::from_digits(rule.digits + std::string(left, '9'));
        for (const std::uint64_t rank :
             {first.rank() - 1, first.rank(), last.rank(), last.rank() + 1}) {
            const Number number = Number::from_rank(rank);
            const auto found = table->longest_match(number);
            ASSERT_EQ(std::vector(found.begin(), found.end()), truth.of(number.digits()))
                << number.digits();
        }
    }
}

}  // namespace
}  // namespace ringfence
