#include "ringfence/table/number_table.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>

#include "number_model.hpp"

namespace ringfence {
namespace {

using Lists = std::vector<ListIndex>;

const Number kAlice = Number::from_digits("8617000001234");
const Number kBob = Number::from_digits("442079460123");

NumberTable table_for(std::uint64_t numbers) {
    NumberTableOptions options;
    options.numbers = numbers;
    auto table = NumberTable::create(options);
    EXPECT_TRUE(table) << table.error().text;
    return std::move(*table);
}

TEST(NumberTable, finds_nothing_when_empty) {
    const NumberTable table = table_for(100);
    EXPECT_EQ(table.find(kAlice), kNoList);
    EXPECT_EQ(table.view().find(kAlice), kNoList);
    EXPECT_TRUE(table.lists(kAlice).empty());
}

TEST(NumberTable, an_empty_view_misses) {
    EXPECT_EQ(NumberView().find(kAlice), kNoList);
    EXPECT_TRUE(NumberView().lists(kAlice).empty());
}

TEST(NumberTable, tells_the_lists_of_a_number_in_order) {
    NumberTable table = table_for(100);
    for (const ListIndex list : Lists{7, 2, 65535, 0}) ASSERT_TRUE(*table.insert(kAlice, list));
    EXPECT_EQ(model::lists_of(table, kAlice), (Lists{0, 2, 7, 65535}));
    EXPECT_TRUE(table.lists(kBob).empty());
    EXPECT_EQ(table.size(), 1u);
}

TEST(NumberTable, says_when_nothing_changed) {
    NumberTable table = table_for(100);
    EXPECT_TRUE(*table.insert(kAlice, 3));
    EXPECT_FALSE(*table.insert(kAlice, 3));
    EXPECT_FALSE(*table.erase(kAlice, 4));
    EXPECT_FALSE(*table.erase(kBob, 3));
    EXPECT_TRUE(*table.erase(kAlice, 3));
    EXPECT_FALSE(*table.erase(kAlice, 3));
    EXPECT_EQ(table.find(kAlice), kNoList);
    EXPECT_EQ(table.size(), 0u);
}

TEST(NumberTable, gives_numbers_of_equal_lists_one_payload) {
    NumberTable table = table_for(100);
    ASSERT_TRUE(table.insert(kAlice, 1));
    ASSERT_TRUE(table.insert(kAlice, 2));
    ASSERT_TRUE(table.insert(kBob, 2));
    ASSERT_TRUE(table.insert(kBob, 1));
    EXPECT_EQ(table.find(kAlice), table.find(kBob));
}

TEST(NumberTable, takes_a_number_off_all_lists) {
    NumberTable table = table_for(100);
    ASSERT_TRUE(table.insert(kAlice, 1));
    ASSERT_TRUE(table.insert(kAlice, 2));
    EXPECT_TRUE(table.erase(kAlice));
    EXPECT_FALSE(table.erase(kAlice));
    EXPECT_TRUE(table.lists(kAlice).empty());
}

TEST(NumberTable, keeps_numbers_apart_that_differ_in_leading_zeros_or_length) {
    NumberTable table = table_for(100);
    ASSERT_TRUE(table.insert(Number::from_digits("01"), 1));
    EXPECT_EQ(table.find(Number::from_digits("1")), kNoList);
    EXPECT_EQ(table.find(Number::from_digits("001")), kNoList);
    EXPECT_NE(table.find(Number::from_digits("01")), kNoList);
}

TEST(NumberTable, holds_the_first_and_the_last_number_there_is) {
    NumberTable table = table_for(100);
    const Number first = Number::from_digits("0");
    const Number last = Number::from_digits("999999999999999");
    ASSERT_TRUE(table.insert(first, 1));
    ASSERT_TRUE(table.insert(last, 2));
    EXPECT_EQ(model::lists_of(table, first), Lists{1});
    EXPECT_EQ(model::lists_of(table, last), Lists{2});
}

TEST(NumberTable, refuses_the_empty_number) {
    NumberTable table = table_for(100);
    const auto refused = table.insert(Number(), 1);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
    EXPECT_FALSE(*table.erase(Number(), 1));
    EXPECT_FALSE(table.erase(Number()));
    EXPECT_EQ(table.find(Number()), kNoList);
}

TEST(NumberTable, says_that_it_is_full_and_stays_as_it_was) {
    NumberTable table = table_for(1000);
    const auto numbers = model::distinct_numbers(1001, 1);
    for (std::size_t i = 0; i < 1000; ++i) ASSERT_TRUE(table.insert(numbers[i], 5));
    const auto refused = table.insert(numbers[1000], 5);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kFull);
    EXPECT_NE(refused.error().text.find("1000 numbers"), std::string::npos);
    EXPECT_EQ(table.find(numbers[1000]), kNoList);
    EXPECT_EQ(table.size(), 1000u);
    EXPECT_TRUE(table.consistent());
    // What is there can still change.
    EXPECT_TRUE(*table.insert(numbers[0], 6));
    EXPECT_TRUE(*table.erase(numbers[1], 5));
    EXPECT_TRUE(*table.insert(numbers[1000], 5));
}

TEST(NumberTable, keeps_room_for_orders) {
    NumberTable table = table_for(1000);
    const auto numbers = model::distinct_numbers(1010, 2);
    for (std::size_t i = 0; i < 1000; ++i) ASSERT_TRUE(table.insert(numbers[i], 5));
    ASSERT_FALSE(table.insert(numbers[1000], 5));
    for (std::size_t i = 1000; i < 1010; ++i)
        EXPECT_TRUE(*table.insert(numbers[i], 1, RoomFor::kOrders));
    EXPECT_TRUE(table.consistent());
}

TEST(NumberTable, a_table_of_no_room_refuses_and_can_grow) {
    NumberTable table = table_for(0);
    ASSERT_FALSE(table.insert(kAlice, 1));
    auto grown = table.grown();
    ASSERT_TRUE(grown) << grown.error().text;
    EXPECT_TRUE(*grown->insert(kAlice, 1));
}

TEST(NumberTable, respects_the_memory_limit) {
    NumberTableOptions options;
    options.numbers = 1'000'000;
    options.memory_limit_bytes = 5'000'000;
    const auto refused = NumberTable::create(options);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kFull);
    EXPECT_NE(refused.error().text.find("5000000"), std::string::npos);

    options.numbers = 100'000;
    const auto table = NumberTable::create(options);
    ASSERT_TRUE(table) << table.error().text;
    const auto grown = table->grown(1'000'000);
    ASSERT_FALSE(grown);
    EXPECT_EQ(grown.error().code, ErrorCode::kFull);
}

TEST(NumberTable, refuses_what_no_machine_has) {
    NumberTableOptions options;
    options.load_percent = 95;
    EXPECT_EQ(NumberTable::create(options).error().code, ErrorCode::kOutOfRange);
    options.load_percent = 80;
    options.numbers = UINT64_MAX;
    EXPECT_EQ(NumberTable::create(options).error().code, ErrorCode::kOutOfRange);
    options.numbers = std::uint64_t{1} << 40u;
    options.memory_limit_bytes = std::uint64_t{1} << 36u;
    EXPECT_EQ(NumberTable::create(options).error().code, ErrorCode::kFull);
}

TEST(NumberTable, bulk_insert_says_how_far_it_came) {
    NumberTable table = table_for(1000);
    const auto numbers = model::distinct_numbers(1200, 3);
    ASSERT_TRUE(table.insert(numbers[7], 5));
    std::size_t done = 0;
    const auto added = table.insert(std::span(numbers).first(900), 5, &done);
    ASSERT_TRUE(added);
    EXPECT_EQ(*added, 899u);
    EXPECT_EQ(done, 900u);
    std::uint64_t fresh = 0;
    const auto full = table.insert(numbers, 5, &done, &fresh);
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, ErrorCode::kFull);
    EXPECT_EQ(done, 1000u);
    EXPECT_EQ(fresh, 100u);
    EXPECT_NE(full.error().text.find("full (1000 numbers)"), std::string::npos)
        << full.error().text;
    EXPECT_EQ(table.size(), 1000u);
}

TEST(NumberTable, takes_about_ten_bytes_a_number) {
    constexpr std::uint64_t kNumbers = 400'000;
    NumberTable table = table_for(kNumbers);
    ASSERT_TRUE(table.insert(model::distinct_numbers(kNumbers, 4), 1));
    const NumberTableStats stats = table.stats();
    EXPECT_EQ(stats.numbers, kNumbers);
    EXPECT_LT(static_cast<double>(stats.reader_bytes) / kNumbers, 10.3);
    EXPECT_LT(static_cast<double>(stats.writer_bytes) / kNumbers, 0.8);
    EXPECT_LE(stats.huge_page_bytes, stats.reserved_bytes);
    EXPECT_FALSE(stats.kernel.empty());
}

// How much of memory that was asked for as the table asks lies in huge pages.
std::size_t huge_bytes_to_be_had(std::size_t bytes) {
    constexpr std::size_t kHuge = std::size_t{2} << 20u;
    void* mapping =
        mmap(nullptr, bytes + kHuge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapping == MAP_FAILED) return 0;
    auto begin = reinterpret_cast<std::uintptr_t>(mapping);
    begin += (kHuge - begin % kHuge) % kHuge;
    madvise(reinterpret_cast<void*>(begin), bytes, MADV_HUGEPAGE);
    std::memset(reinterpret_cast<void*>(begin), 1, bytes);
    std::size_t huge = 0;
    std::ifstream maps("/proc/self/smaps");
    bool here = false;
    for (std::string line; std::getline(maps, line);) {
        std::uintptr_t first = 0;
        std::uintptr_t last = 0;
        unsigned long kilobytes = 0;
        if (std::sscanf(line.c_str(), "%lx-%lx ", &first, &last) == 2)
            here = first <= begin && begin < last;
        else if (here && std::sscanf(line.c_str(), "AnonHugePages: %lu kB", &kilobytes) == 1)
            huge += kilobytes << 10u;
    }
    munmap(mapping, bytes + kHuge);
    return huge;
}

TEST(NumberTable, lies_in_huge_pages_where_they_can_be_had_and_says_so) {
    constexpr std::size_t kBytes = std::size_t{32} << 20u;
    if (huge_bytes_to_be_had(kBytes) < kBytes) GTEST_SKIP() << "this machine gives no huge pages";
    const NumberTable table = table_for(4'000'000);
    const NumberTableStats stats = table.stats();
    // All of the lines, and no more than there is.
    EXPECT_GE(stats.huge_page_bytes, stats.slots * sizeof(std::uint64_t) / 2);
    EXPECT_LE(stats.huge_page_bytes, stats.reserved_bytes);
}

TEST(NumberTable, moves_with_its_readers_in_place) {
    NumberTable first = table_for(100);
    ASSERT_TRUE(first.insert(kAlice, 9));
    const NumberView view = first.view();
    const NumberTable second = std::move(first);
    EXPECT_NE(view.find(kAlice), kNoList);
    EXPECT_EQ(model::lists_of(second, kAlice), Lists{9});
}

}  // namespace
}  // namespace ringfence
