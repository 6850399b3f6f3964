// Tables in a block of memory answer as the tables they were written from, wherever the block lies; a damaged block is
// refused, and what is not refused does not lead out of it.
#include "ringfence/table/flat_tables.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "base/deep.hpp"
#include "ringfence/table/table_set.hpp"
#include "src/table/flat_layout.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace ringfence {
namespace {

constexpr std::size_t kLists = 40;

Number number_of(std::uint64_t i) {
    return Number::from_digits("3363998" + std::to_string(10000 + i));
}

TableSet tables_of(std::mt19937_64& random, std::size_t numbers) {
    auto builder = TableSetBuilder::create({.numbers = 64, .seed = 5});
    for (std::size_t i = 0; i < numbers; ++i) {
        for (std::uint64_t lists = 1 + random() % 3; lists > 0; --lists)
            EXPECT_TRUE(builder->add(number_of(random() % (2 * numbers)),
                                     static_cast<ListIndex>(random() % kLists)));
    }
    TableRules& rules = builder->rules();
    for (std::size_t i = 0; i < numbers / 8; ++i) {
        const auto list = static_cast<ListIndex>(random() % kLists);
        const std::string text = std::to_string(random() % 1'000'000);
        EXPECT_TRUE(rules.prefixes.add({.prefix = text, .list = list}));
        EXPECT_TRUE(rules.keys.add(KeyKind::kSender, "s" + text, list));
        EXPECT_TRUE(rules.keys.add(KeyKind::kDomain, "bad" + text + ".example", list));
    }
    return *std::move(*builder).build();
}

// A block of pages, behind which nothing is mapped: a step over its end ends the test.
class Block {
public:
    explicit Block(std::size_t bytes) : pages_((bytes + 4095) / 4096 * 4096), bytes_(bytes) {
        memory_ = static_cast<std::byte*>(mmap(nullptr, pages_ + 4096, PROT_READ | PROT_WRITE,
                                               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        mprotect(memory_ + pages_, 4096, PROT_NONE);
    }
    ~Block() { munmap(memory_, pages_ + 4096); }
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;

    std::span<std::byte> octets() const { return {memory_, bytes_}; }

private:
    std::size_t pages_;
    std::size_t bytes_;
    std::byte* memory_;
};

std::vector<ListIndex> copy(std::span<const ListIndex> lists) {
    return {lists.begin(), lists.end()};
}

void expect_same_answers(const TableViews& views, const TableSet& tables, std::size_t numbers) {
    std::vector<Number> asked;
    for (std::size_t i = 0; i < 2 * numbers + 20; ++i) asked.push_back(number_of(i));
    std::vector<Payload> payloads(asked.size());
    std::vector<std::span<const PrefixHit>> hits(asked.size());
    views.find(asked, payloads);
    views.longest_match(asked, hits);
    for (std::size_t i = 0; i < asked.size(); ++i) {
        ASSERT_EQ(copy(views.numbers.lists(asked[i], payloads[i])),
                  copy(tables.numbers->lists(asked[i])));
        const auto expected = tables.prefixes->longest_match(asked[i]);
        ASSERT_TRUE(std::equal(hits[i].begin(), hits[i].end(), expected.begin(), expected.end()));
    }
    for (unsigned i = 0; i < 2000; ++i) {
        const std::string text = std::to_string(i * 511 % 1'000'000);
        ASSERT_EQ(copy(views.keys.find(KeyKind::kSender, "s" + text)),
                  copy(tables.keys->find(KeyKind::kSender, "s" + text)));
        ASSERT_EQ(views.keys.find_domain("www.bad" + text + ".example").length,
                  tables.keys->find_domain("www.bad" + text + ".example").length);
    }
}

TEST(FlatTables, answer_as_the_tables_they_were_written_from) {
    for (const std::size_t numbers : {0u, 1u, 300u, 30'000u}) {
        std::mt19937_64 random(numbers);
        const TableSet tables = tables_of(random, numbers);
        const auto flat = FlatTables::of(tables, "about these");
        ASSERT_TRUE(flat);
        const Block block(flat->bytes());
        flat->write(block.octets(), 9);
        FlatView view;
        ASSERT_EQ(view_flat(block.octets(), view), FlatFault::kNone);
        EXPECT_EQ(view.generation, 9u);
        EXPECT_EQ(view.bytes, flat->bytes());
        EXPECT_EQ(view.numbers, tables.numbers->size());
        EXPECT_EQ(view.about, "about these");
        expect_same_answers(view.tables, tables, numbers);
        EXPECT_TRUE(check_flat(block.octets(), view, kLists));
        EXPECT_FALSE(numbers > 1 &&
                     check_flat(block.octets(), view, 1));  // lists that there are not
    }
}

TEST(FlatTables, a_wide_set_is_found) {
    // More distinct sets than have narrow names.
    auto builder = TableSetBuilder::create({.numbers = 20'000, .seed = 3});
    for (std::uint64_t i = 0; i < 10'000; ++i) {
        for (ListIndex bit = 0; bit < 14; ++bit)
            if (((i + 1) >> bit & 1u) != 0) {
                ASSERT_TRUE(builder->add(number_of(i), bit));
            }
    }
    const TableSet tables = *std::move(*builder).build();
    ASSERT_GT(tables.numbers->stats().wide_numbers, 0u);
    const auto flat = FlatTables::of(tables, {});
    const Block block(flat->bytes());
    flat->write(block.octets(), 1);
    FlatView view;
    ASSERT_EQ(view_flat(block.octets(), view), FlatFault::kNone);
    ASSERT_TRUE(check_flat(block.octets(), view, 14));
    expect_same_answers(view.tables, tables, 5'000);
}

TEST(FlatTables, every_bit_of_a_damaged_block_is_noticed) {
    std::mt19937_64 random(11);
    const TableSet tables = tables_of(random, 40);
    const auto flat = FlatTables::of(tables, "x");
    const Block block(flat->bytes());
    flat->write(block.octets(), 1);
    FlatView view;
    ASSERT_EQ(view_flat(block.octets(), view), FlatFault::kNone);
    std::size_t between = 0;  // octets of no section
    for (std::size_t at = 0; at < block.octets().size(); at += test::deep()    ? 1
                                                               : test::rerun() ? 31
                                                                               : 7) {
        const unsigned bit = static_cast<unsigned>(random() % 8);
        block.octets()[at] ^= std::byte{1} << bit;
        if (at < sizeof(flat::Header)) {
            FlatView damaged;
            EXPECT_NE(view_flat(block.octets(), damaged), FlatFault::kNone) << at;
            EXPECT_FALSE(check_flat(block.octets(), view, kLists)) << at;
        } else {
            between += static_cast<bool>(check_flat(block.octets(), view, kLists));
        }
        block.octets()[at] ^= std::byte{1} << bit;
    }
    EXPECT_LT(between, 16 * FlatTables::kAlignment);
    for (std::size_t size = 0; size < block.octets().size(); size += 13)
        EXPECT_NE(view_flat(block.octets().first(size), view), FlatFault::kNone);
}

// A whole block is refused all the same when it is not the one that the views are of.
TEST(FlatTables, a_block_that_changed_under_its_views_is_noticed) {
    std::mt19937_64 random(14);
    const TableSet tables = tables_of(random, 40);
    const TableSet others = tables_of(random, 40);
    const auto flat = FlatTables::of(tables, "x");
    const auto other = FlatTables::of(others, "x");
    const Block block(std::max(flat->bytes(), other->bytes()));
    flat->write(block.octets(), 2);
    FlatView view;
    ASSERT_EQ(view_flat(block.octets(), view), FlatFault::kNone);
    ASSERT_TRUE(check_flat(block.octets(), view, kLists));
    flat->write(block.octets(), 4);  // the same tables
    EXPECT_FALSE(check_flat(block.octets(), view, kLists));
    other->write(block.octets(), 2);
    EXPECT_FALSE(check_flat(block.octets(), view, kLists));
    flat->write(block.octets(), 2);
    EXPECT_TRUE(check_flat(block.octets(), view, kLists));
}

// Whatever stands in the header, with a right checksum: an error, or views that lie in the block.
TEST(FlatTables, a_header_with_any_values_stays_in_bounds) {
    std::mt19937_64 random(12);
    const TableSet tables = tables_of(random, 200);
    const auto flat = FlatTables::of(tables, "x");
    const Block block(flat->bytes());
    const std::size_t rounds = test::deep() ? 1'000'000 : 20'000;
    std::size_t passed = 0;
    for (std::size_t round = 0; round < rounds; ++round) {
        if (round % 100 == 0) flat->write(block.octets(), 1);
        flat::Header header;
        std::memcpy(&header, block.octets().data(), sizeof(header));
        const flat::Header good = header;
        flat::Section& section = header.sections[random() % flat::kParts];
        std::uint64_t* const fields[] = {&section.offset, &section.bytes, &header.bytes,
                                         &header.key_labels, &header.generation};
        std::uint64_t& field = *fields[random() % std::size(fields)];
        switch (random() % 4) {
            case 0: field = random(); break;
            case 1: field += 64 * (random() % 64); break;
            case 2: field -= random() % 4096; break;
            default: field = random() % (2 * block.octets().size()); break;
        }
        header.checksum = XXH3_64bits(&header, offsetof(flat::Header, checksum));
        std::memcpy(block.octets().data(), &header, sizeof(header));
        FlatView view;
        if (view_flat(block.octets(), view) == FlatFault::kNone) {
            ++passed;
            // The ends of all arrays can be read.
            const auto touch = [](auto span) {
                unsigned sum = 0;
                for (const std::byte octet : std::as_bytes(span))
                    sum += static_cast<unsigned>(octet);
                return sum;
            };
            const NumberView& numbers = view.tables.numbers;
            volatile unsigned sum = touch(std::span(numbers.lines(), numbers.line_count())) +
                                    touch(view.tables.prefixes.arrays().entries) +
                                    touch(view.tables.keys.arrays().records) +
                                    touch(std::span(view.about));
            static_cast<void>(sum);
        }
        std::memcpy(block.octets().data(), &good, sizeof(good));
    }
    EXPECT_GT(passed, 0u);
    EXPECT_LT(passed, rounds);
}

// Sections with any octets and right checksums: refused, or look-ups end and stay inside.
TEST(FlatTables, what_was_checked_can_be_looked_up_in) {
    std::mt19937_64 random(13);
    const TableSet tables = tables_of(random, 200);
    const auto flat = FlatTables::of(tables, "x");
    const Block block(flat->bytes());
    const std::size_t rounds = test::deep() ? 100'000 : 3'000;
    std::size_t passed = 0;
    for (std::size_t round = 0; round < rounds; ++round) {
        flat->write(block.octets(), 1);
        flat::Header header;
        std::memcpy(&header, block.octets().data(), sizeof(header));
        flat::Section& section = header.sections[random() % flat::kParts];
        if (section.bytes == 0) continue;
        const auto octets = block.octets().subspan(section.offset, section.bytes);
        for (std::uint64_t n = 1 + random() % 4; n > 0; --n)
            octets[random() % octets.size()] = static_cast<std::byte>(random());
        section.checksum = XXH3_64bits(octets.data(), octets.size());
        header.checksum = XXH3_64bits(&header, offsetof(flat::Header, checksum));
        std::memcpy(block.octets().data(), &header, sizeof(header));
        FlatView view;
        ASSERT_EQ(view_flat(block.octets(), view), FlatFault::kNone);
        if (!check_flat(block.octets(), view, kLists)) continue;
        ++passed;
        for (unsigned i = 0; i < 300; ++i) {
            const Number number = number_of(random() % 500);
            for (const ListIndex list : view.tables.numbers.lists(number)) ASSERT_LT(list, kLists);
            for (const PrefixHit& hit : view.tables.prefixes.longest_match(number))
                ASSERT_LT(hit.list, kLists);
            const std::string text = std::to_string(random() % 1'000'000);
            for (const ListIndex list : view.tables.keys.find(KeyKind::kSender, "s" + text))
                ASSERT_LT(list, kLists);
            view.tables.keys.find_domain("www.bad" + text + ".example");
        }
    }
    EXPECT_GT(passed, 0u);
}

}  // namespace
}  // namespace ringfence
