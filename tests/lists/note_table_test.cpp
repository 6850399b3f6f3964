#include "src/lists/note_table.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <unordered_map>

namespace ringfence {
namespace {

KeptNote note_of(std::mt19937_64& random) {
    KeptNote note;
    note.expires = static_cast<std::uint32_t>(random());
    note.source = static_cast<std::uint32_t>(random()) & KeptNote::kMaxSource;
    note.since = static_cast<std::uint16_t>(random());
    note.confidence = static_cast<std::uint8_t>(random() % 128);
    return note;
}

// Small tables, tables that split and tables that shrink again, each against std::unordered_map.
TEST(NoteTable, agrees_with_a_plain_map) {
    for (const std::uint64_t keys : {20u, 3'000u, 150'000u}) {
        const std::uint64_t seed = 11 + keys;
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937_64 random(seed);
        NoteTable table;
        std::unordered_map<std::uint64_t, KeptNote> model;
        for (std::uint64_t step = 0; step < 4 * keys; ++step) {
            const std::uint64_t rank = 1 + random() % keys;
            // Erasing wins in the last quarter.
            const bool erase = random() % 8 < (step > 3 * keys ? 7u : 1u);
            if (erase) {
                ASSERT_EQ(table.erase(rank), model.erase(rank) == 1);
            } else {
                const KeptNote note = note_of(random);
                table.put(rank, note);
                model[rank] = note;
            }
            ASSERT_EQ(table.size(), model.size());
        }
        for (std::uint64_t rank = 1; rank <= keys; ++rank) {
            const auto at = model.find(rank);
            const auto found = table.find(rank);
            ASSERT_EQ(found.has_value(), at != model.end());
            if (found) {
                ASSERT_EQ(*found, at->second);
            }
        }
        std::size_t seen = 0;
        table.each([&](std::uint64_t rank, const KeptNote& note) {
            ++seen;
            ASSERT_EQ(note, model.at(rank));
        });
        EXPECT_EQ(seen, model.size());
    }
}

TEST(NoteTable, keeps_the_largest_rank_and_values) {
    NoteTable table;
    constexpr std::uint64_t kLast = (std::uint64_t{1} << 50u) - 1;
    const KeptNote note{KeptNote::kNever - 1, KeptNote::kMaxSource, 65'535, 100};
    table.put(kLast, note);
    ASSERT_TRUE(table.find(kLast));
    EXPECT_EQ(*table.find(kLast), note);
    EXPECT_FALSE(table.find(kLast - 1));
    EXPECT_TRUE(table.erase(kLast));
    EXPECT_FALSE(table.erase(kLast));
}

TEST(NoteTable, gives_memory_back_when_most_is_gone) {
    NoteTable table;
    for (std::uint64_t rank = 1; rank <= 200'000; ++rank) table.put(rank, {});
    const std::size_t full = table.memory_bytes();
    EXPECT_LT(full, 200'000u * 25);
    for (std::uint64_t rank = 1; rank <= 199'000; ++rank) table.erase(rank);
    EXPECT_LT(table.memory_bytes(), full / 8);
}

}  // namespace
}  // namespace ringfence
