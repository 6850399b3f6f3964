// What lies beside shared tables: which entries end when. Read back as it was written, and bounded whatever the octets are.
#include "src/image/shared_ends.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "base/deep.hpp"
#include "image/shared_fixture.hpp"

namespace ringfence {
namespace {

using namespace sample;

NextEnds some_ends() {
    NextEnds ends;
    ends.numbers = {{861'700, 10, 3}, {861'701, 10, 0}, {861'702, 12, 9}};
    ends.rules.push_back({11, 2, entry(EntryKind::kPrefix, "3363997")});
    ends.rules.back().entry.min_length = 11;
    ends.rules.back().entry.max_length = 12;
    ends.rules.push_back({12, 4, entry(EntryKind::kRange, "33639980000", "33639980099")});
    ends.rules.push_back({13, 5, entry(EntryKind::kSender, std::string(253, 'x'))});
    ends.rest = {{14, 1, 0}, {14, 4, 0}, {99, 7, 0}};
    return ends;
}

// On a border of 8, as an arena has it.
std::string_view aligned(std::vector<std::uint64_t>& room, std::string_view octets) {
    room.assign(octets.size() / 8 + 1, 0);
    std::memcpy(room.data(), octets.data(), octets.size());
    return {reinterpret_cast<const char*>(room.data()), octets.size()};
}

TEST(SharedEnds, come_back_as_they_were) {
    std::vector<std::uint64_t> room;
    const NextEnds ends = some_ends();
    const std::string written = image::about_of("the catalogue", ends);
    const std::string_view about = aligned(room, written);
    EXPECT_EQ(image::catalogue_in(about), "the catalogue");
    const auto read = image::ends_in(about);
    ASSERT_TRUE(read) << read.error().text;
    ASSERT_EQ(read->numbers.size(), 3u);
    EXPECT_EQ(read->numbers[2].rank, 861'702u);
    EXPECT_EQ(read->numbers[2].second, 12u);
    EXPECT_EQ(read->numbers[2].list, 9u);
    ASSERT_EQ(read->rules.size(), 3u);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(read->rules[i].entry, ends.rules[i].entry);
        EXPECT_EQ(read->rules[i].second, ends.rules[i].second);
        EXPECT_EQ(read->rules[i].list, ends.rules[i].list);
    }
    EXPECT_EQ(read->rest, ends.rest);
    const std::string none = image::about_of("", {});
    const auto nothing = image::ends_in(aligned(room, none));
    ASSERT_TRUE(nothing);
    EXPECT_TRUE(nothing->numbers.empty() && nothing->rules.empty() && nothing->rest.empty());
}

TEST(SharedEnds, damage_is_an_error_or_lies_inside) {
    std::vector<std::uint64_t> room;
    const std::string whole = image::about_of("the catalogue", some_ends());
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(image::ends_in(aligned(room, whole.substr(0, size)))) << size;
    std::mt19937_64 random(6);
    const unsigned rounds = test::deep() ? 1'000'000 : 20'000;
    for (unsigned round = 0; round < rounds; ++round) {
        std::string damaged = whole;
        for (unsigned i = 0; i < 1 + round % 3; ++i)
            damaged[random() % damaged.size()] = static_cast<char>(random() >> random() % 64);
        const std::string_view about = aligned(room, damaged);
        const std::string_view catalogue = image::catalogue_in(about);
        EXPECT_LE(catalogue.size(), about.size());
        const auto read = image::ends_in(about);
        if (!read) {
            EXPECT_EQ(read.error().code, ErrorCode::kSyntax);
            continue;
        }
        std::uint64_t sum = 0;
        for (const auto& end : read->numbers) sum += end.rank;
        for (const auto& end : read->rules) sum += end.entry.text.size();
        EXPECT_GE(sum + 1, 1u);
    }
}

TEST(SharedEnds, of_what_is_published_are_given_by_a_pin) {
    const auto shared = SharedImage::create(kSmall);
    auto writer = shared->writer();
    Lists lists = generation_lists(1);
    EntryNote note;
    note.expires = time_from_ms(5'000'000);
    lists.book.note(0, shared_number(1), note);
    lists.book.note(1, entry(EntryKind::kDomain, "bad.example"), note);
    ASSERT_TRUE(writer->publish(lists.contents()));
    auto reader = shared->reader();
    const SharedPin pin(*reader);
    ASSERT_TRUE(pin.verified_lists());
    const auto ends = pin.ends();
    ASSERT_TRUE(ends) << ends.error().text;
    ASSERT_EQ(ends->numbers.size(), 1u);
    EXPECT_EQ(ends->numbers[0].rank, shared_number(1).rank());
    EXPECT_EQ(ends->numbers[0].second, 5'000u);
    ASSERT_EQ(ends->rules.size(), 1u);
    EXPECT_EQ(ends->rules[0].entry.text, "bad.example");
    EXPECT_TRUE(ends->rest.empty());
}

// The last go first, of numbers and rules alike, and no more than it takes.
TEST(SharedEnds, the_last_are_left_out) {
    const std::size_t whole = image::about_of("the catalogue", some_ends()).size();
    struct {
        std::uint64_t bytes;
        std::size_t numbers, rules;
        std::vector<NextEnds::OfList> rest;
    } const cases[] = {
        {0, 3, 3, {{14, 1, 0}, {14, 4, 0}, {99, 7, 0}}},
        {1, 3, 2, {{13, 5, 0}, {14, 1, 0}, {14, 4, 0}, {99, 7, 0}}},
        {12 + 253 - 8, 3, 2, {{13, 5, 0}, {14, 1, 0}, {14, 4, 0}, {99, 7, 0}}},
        {12 + 253 - 7, 2, 2, {{12, 9, 0}, {13, 5, 0}, {14, 1, 0}, {14, 4, 0}, {99, 7, 0}}},
        // The range of list 4, which stands there already, takes no more room.
        {265 + 16 + 34 - 2 * 8, 2, 1, {{12, 4, 0}, {12, 9, 0}, {13, 5, 0}, {14, 1, 0}, {99, 7, 0}}},
    };
    for (const auto& [bytes, numbers, rules, rest] : cases) {
        SCOPED_TRACE(bytes);
        NextEnds ends = some_ends();
        image::leave_out(ends, bytes);
        EXPECT_EQ(ends.numbers.size(), numbers);
        EXPECT_EQ(ends.rules.size(), rules);
        EXPECT_EQ(ends.rest, rest);
        EXPECT_LE(image::about_of("the catalogue", ends).size(), whole - bytes);
    }
    NextEnds ends = some_ends();
    image::leave_out(ends, 1'000'000);
    EXPECT_TRUE(ends.numbers.empty() && ends.rules.empty());
    const std::vector<NextEnds::OfList> all{{10, 0, 0}, {10, 3, 0}, {11, 2, 0}, {12, 4, 0},
                                            {12, 9, 0}, {13, 5, 0}, {14, 1, 0}, {99, 7, 0}};
    EXPECT_EQ(ends.rest, all);
}

// The tables come first: of the ends there are those that the arena has room for.
TEST(SharedEnds, give_way_where_the_arena_is_small) {
    constexpr unsigned kNumbers = 100'000;
    std::vector<Entry> entries;
    for (unsigned i = 0; i < kNumbers; ++i) {
        EntryNote note;
        note.expires = time_from_ms(1'772'366'400'000 + std::int64_t{1000} * i);
        entries.push_back(
            {0, entry(EntryKind::kExact, "33639" + std::to_string(100'000 + i)), note});
    }
    const Lists lists = lists_of({{"fraud", CountryCode("FR"), {}, {}}}, SubLists(1), entries,
                                 {.numbers = kNumbers});
    const auto ends_of = [&](std::uint64_t arena_bytes) {
        const auto shared = SharedImage::create({.arena_bytes = arena_bytes, .readers = 2});
        auto writer = shared->writer();
        const auto published = writer->publish(lists.contents());
        EXPECT_TRUE(published) << published.error().text;
        auto reader = shared->reader();
        const SharedPin pin(*reader);
        EXPECT_TRUE(pin.verified_lists());
        const auto ends = pin.ends();
        EXPECT_TRUE(ends);
        const bool all = ends->numbers.size() + ends->rules.size() == lists.book.size();
        EXPECT_EQ(ends->rest.empty(), all);
        if (!all && ends->rest.size() == 1) {
            EXPECT_EQ(ends->rest[0].list, 0u);
            if (!ends->numbers.empty()) {
                EXPECT_LE(ends->numbers.back().second, ends->rest[0].second);
            }
            EXPECT_GT(pin.bytes() + 512, shared->arena_bytes());  // as many as fit
        }
        return ends->numbers.size() + ends->rules.size();
    };
    EXPECT_EQ(ends_of(4 << 20), kNumbers);
    const std::size_t some = ends_of(2 << 20);
    EXPECT_GT(some, 20'000u);
    EXPECT_LT(some, kNumbers);
}

// So it is where most of them are no numbers.
TEST(SharedEnds, of_names_give_way_too) {
    constexpr unsigned kNames = 15'000;
    std::vector<Entry> entries;
    for (unsigned i = 0; i < kNames; ++i) {
        EntryNote note;
        note.expires = time_from_ms(1'772'366'400'000 + std::int64_t{1000} * i);
        const std::string name = std::to_string(100'000 + i) + std::string(50, 'x') + ".example";
        entries.push_back({0, entry(EntryKind::kDomain, name), note});
    }
    const Lists lists =
        lists_of({{"fraud", CountryCode("FR"), {}, {}}}, SubLists(1), entries, {.numbers = 64});
    const auto shared = SharedImage::create({.arena_bytes = 2 << 20, .readers = 2});
    auto writer = shared->writer();
    const auto published = writer->publish(lists.contents());
    ASSERT_TRUE(published) << published.error().text;
    auto reader = shared->reader();
    const SharedPin pin(*reader);
    ASSERT_TRUE(pin.verified_lists());
    const auto ends = pin.ends();
    ASSERT_TRUE(ends);
    EXPECT_GT(ends->rules.size(), 1'000u);
    EXPECT_LT(ends->rules.size(), kNames);
    ASSERT_EQ(ends->rest.size(), 1u);
    EXPECT_EQ(ends->rest[0].second, ends->rules.back().second + 1);
    EXPECT_GT(pin.bytes() + 512, shared->arena_bytes());  // as many as fit
}

}  // namespace
}  // namespace ringfence
