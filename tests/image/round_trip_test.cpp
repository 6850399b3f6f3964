// An image gives back the tables it was made of.
#include <gtest/gtest.h>

#include "image/answers.hpp"
#include "image/sample.hpp"
#include "table/number_model.hpp"
#include "table/prefix_model.hpp"

namespace ringfence {
namespace {

using sample::Folder;
using sample::octets_of;

std::vector<std::pair<ListEntry, EntryNote>> rules_of(const EntryBook& book, ListIndex list) {
    std::vector<std::pair<ListEntry, EntryNote>> rules;
    book.each_rule(
        list, [&](const ListEntry& entry) { rules.emplace_back(entry, *book.find(list, entry)); });
    return rules;
}

std::vector<std::pair<Number, EntryNote>> notes_of(const EntryBook& book, ListIndex list) {
    std::vector<std::pair<Number, EntryNote>> notes;
    book.each_number(
        list, [&](Number number, const EntryNote& note) { notes.emplace_back(number, note); });
    std::ranges::sort(notes, {}, &std::pair<Number, EntryNote>::first);
    return notes;
}

TEST(ImageRoundTrip, gives_back_lists_sub_lists_and_entries) {
    auto made = sample::fiction();
    made.origins = sample::fiction_of_files().origins;
    const auto image = Image::from_bytes(octets_of(made, 42), "x");
    ASSERT_TRUE(image) << image.error().text;
    EXPECT_EQ(image->serial(), 42u);
    EXPECT_EQ(image->origins(), made.origins);
    EXPECT_EQ(image->lists(), made.lists);
    ASSERT_EQ(image->sub_lists().all().size(), made.sub_lists.all().size());
    for (std::size_t i = 0; i < made.sub_lists.all().size(); ++i) {
        EXPECT_EQ(image->sub_lists().all()[i].list, made.sub_lists.all()[i].list);
        EXPECT_EQ(image->sub_lists().all()[i].action, made.sub_lists.all()[i].action);
        EXPECT_EQ(image->sub_lists().all()[i].category, made.sub_lists.all()[i].category);
    }
    const auto entries = image->entries();
    ASSERT_TRUE(entries) << entries.error().text;
    EXPECT_EQ(entries->book.size(), made.book.size());
    EXPECT_EQ(entries->rules.prefixes.size(), made.rules.prefixes.size());
    EXPECT_EQ(entries->rules.keys.size(), made.rules.keys.size());
    for (ListIndex list = 0; list < made.sub_lists.all().size(); ++list) {
        EXPECT_EQ(rules_of(entries->book, list), rules_of(made.book, list));
        EXPECT_EQ(notes_of(entries->book, list), notes_of(made.book, list));
    }
}

TEST(ImageRoundTrip, answers_like_the_tables_it_was_made_of) {
    const auto made = sample::fiction();
    const auto image = Image::from_bytes(octets_of(made), "x");
    ASSERT_TRUE(image) << image.error().text;
    for (unsigned i = 0; i < 10'000; ++i) {
        const std::string digits = std::to_string(33'639'980'000 + i);
        const Number number = Number::from_digits(digits);
        EXPECT_EQ(model::lists_of(*image->tables().numbers, number),
                  model::lists_of(*made.tables.numbers, number));
        EXPECT_TRUE(std::ranges::equal(image->tables().prefixes->longest_match(number),
                                       made.tables.prefixes->longest_match(number)));
    }
    const KeyTable& keys = *image->tables().keys;
    EXPECT_EQ(keys.size(), made.tables.keys->size());
    EXPECT_EQ(keys.find(KeyKind::kSender, "exemple").size(), 1u);
    EXPECT_EQ(keys.find_domain("www.bad.example").lists.size(), 2u);
    EXPECT_EQ(keys.find(KeyKind::kDigits, "3363998000000000").size(), 1u);
}

TEST(ImageRoundTrip, an_image_of_an_image_is_the_same_octets) {
    const std::string octets = octets_of(sample::fiction_of_files(), 9);
    auto image = Image::from_bytes(octets, "x");
    ASSERT_TRUE(image);
    auto entries = image->entries();
    ASSERT_TRUE(entries);
    const Folder folder;
    const auto wrote = write_image(
        folder / "b.rft",
        {image->tables(), image->sub_lists(), entries->book, image->lists(), 9, image->origins()});
    ASSERT_TRUE(wrote) << wrote.error().text;
    EXPECT_EQ(*read_file(folder / "b.rft", 1 << 30), octets);
}

TEST(ImageRoundTrip, origins_are_those_of_the_lists_or_none) {
    auto made = sample::fiction();
    EXPECT_TRUE(Image::from_bytes(octets_of(made), "x")->origins().empty());
    made.origins.resize(1);
    const Folder folder;
    const auto wrote = write_image(folder / "a.rft", made.contents());
    ASSERT_FALSE(wrote);
    EXPECT_EQ(wrote.error().code, ErrorCode::kInvalidArgument);
}

TEST(ImageRoundTrip, lists_of_nothing_at_all) {
    const auto made = sample::lists_of({}, SubLists(0), {}, {});
    const auto image = Image::from_bytes(octets_of(made), "x");
    ASSERT_TRUE(image) << image.error().text;
    EXPECT_EQ(image->tables().numbers->size(), 0u);
    EXPECT_TRUE(image->entries());
}

// More distinct sets than there are narrow names, and churn, so that chains, side entries and stale bits occur.
TEST(ImageRoundTrip, numbers_equal_the_model_wide_ones_too) {
    constexpr unsigned kLists = 140;
    constexpr std::uint64_t kSeed = 611;
    std::mt19937_64 random(kSeed);
    SCOPED_TRACE(kSeed);
    NumberTableOptions options;
    options.numbers = 16'000;
    options.load_percent = 90;
    options.wide_numbers = 16'000;
    options.membership_lists = 1 << 20;
    auto table = NumberTable::create(options);
    ASSERT_TRUE(table);
    model::NumberLists model;
    const auto numbers = model::distinct_numbers(30'000, kSeed);
    for (unsigned i = 0; i < 60'000; ++i) {
        const Number number = numbers[i % numbers.size()];
        const auto list = static_cast<ListIndex>(random() % kLists);
        while (table->size() > 15'000) {
            const Number old = numbers[random() % numbers.size()];
            table->erase(old);
            model.erase(old);
        }
        ASSERT_TRUE(table->insert(number, list, RoomFor::kOrders)) << i;
        model.insert(number, list);
    }
    for (unsigned i = 0; i < 14'000; ++i) {  // three lists each, mostly never seen together
        const Number number = numbers[numbers.size() - 1 - i];
        if (model.of(number).empty()) continue;
        for (unsigned k = 0; k < 2; ++k) {
            const auto list = static_cast<ListIndex>(random() % kLists);
            ASSERT_TRUE(table->insert(number, list, RoomFor::kOrders));
            model.insert(number, list);
        }
    }
    ASSERT_GT(table->stats().wide_numbers, 1'000u);
    std::vector<ImageList> lists;
    for (unsigned i = 0; i < kLists; ++i)
        lists.push_back({"list-" + std::to_string(i), {}, {}, {}});
    sample::Lists made;
    made.tables = {std::make_shared<NumberTable>(std::move(*table)),
                   std::make_shared<PrefixTable>(), std::make_shared<KeyTable>()};
    made.sub_lists = SubLists(kLists);
    made.lists = std::move(lists);
    const auto image = Image::from_bytes(octets_of(made), "x");
    ASSERT_TRUE(image) << image.error().text;

    NumberTable& read = *image->tables().numbers;
    EXPECT_TRUE(read.consistent());
    EXPECT_EQ(read.size(), model.lists.size());
    for (const Number number : numbers) EXPECT_EQ(model::lists_of(read, number), model.of(number));
    EXPECT_GT(read.stats().lines_per_hit, 1.01);

    // It goes on as if it had been built here.
    for (unsigned i = 0; i < 20'000; ++i) {
        const Number number = numbers[random() % numbers.size()];
        const auto list = static_cast<ListIndex>(random() % kLists);
        if (i % 2 == 0) {
            const auto added = read.insert(number, list, RoomFor::kOrders);
            if (!added) continue;
            EXPECT_EQ(*added, model.insert(number, list));
        } else {
            const auto gone = read.erase(number, list, RoomFor::kOrders);
            ASSERT_TRUE(gone);
            EXPECT_EQ(*gone, model.erase(number, list));
        }
    }
    EXPECT_TRUE(read.consistent());
    const auto grown = read.grown();
    ASSERT_TRUE(grown) << grown.error().text;
    for (const Number number : numbers) {
        EXPECT_EQ(model::lists_of(read, number), model.of(number));
        EXPECT_EQ(model::lists_of(*grown, number), model.of(number));
    }
}

TEST(ImageRoundTrip, prefixes_equal_the_model) {
    constexpr std::uint64_t kSeed = 612;
    std::mt19937_64 random(kSeed);
    SCOPED_TRACE(kSeed);
    for (const unsigned rules : {40u, 2'000u}) {  // roots of 4 and of 6 digits
        model::PrefixLists model;
        std::vector<sample::Entry> entries;
        const auto digits = [&](std::size_t length) {
            std::string text(length, '0');
            for (char& c : text) c = static_cast<char>('0' + random() % 3);
            return text;
        };
        for (unsigned i = 0; i < rules; ++i) {
            ListEntry entry = sample::entry(EntryKind::kPrefix, digits(1 + random() % 24));
            entry.min_length = static_cast<std::uint8_t>(entry.text.size());
            const auto list = static_cast<ListIndex>(random() % 5);
            model.prefixes.push_back({entry.text, entry.min_length, entry.max_length, list});
            entries.push_back({list, entry});
        }
        std::vector<ImageList> lists;
        for (const char* id : {"a", "b", "c", "d", "e"}) lists.push_back({id, {}, {}, {}});
        const auto made = sample::lists_of(lists, SubLists(5), entries, {});
        const auto image = Image::from_bytes(octets_of(made), "x");
        ASSERT_TRUE(image) << image.error().text;
        ASSERT_TRUE(image->entries());
        for (unsigned i = 0; i < 3'000; ++i) {
            const std::string text = digits(1 + random() % 24);
            const auto found = image->tables().prefixes->longest_match(text);
            ASSERT_TRUE(std::ranges::equal(found, made.tables.prefixes->longest_match(text)));
            if (i % 50 != 0) continue;
            auto expected = model.of(text);
            expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
            ASSERT_TRUE(std::ranges::equal(found, expected)) << text;
        }
    }
}

TEST(ImageRoundTrip, a_table_being_settled_is_refused) {
    NumberTableOptions options;
    options.numbers = 1'000;
    options.load_percent = 90;
    auto made = sample::lists_of({{"a", {}, {}, {}}}, SubLists(1), {}, options);
    NumberTable& numbers = *made.tables.numbers;
    const auto all = model::distinct_numbers(1'000, 614);
    for (const Number number : all) ASSERT_TRUE(numbers.insert(number, 0));
    for (unsigned i = 0; i < 500; ++i) numbers.erase(all[i]);
    ASSERT_GT(numbers.begin_settling(1'000), 0u);  // some had been displaced
    const Folder folder;
    const auto wrote = write_image(folder / "a.rft", made.contents());
    ASSERT_FALSE(wrote);
    EXPECT_EQ(wrote.error().code, ErrorCode::kBusy);
    EXPECT_FALSE(std::filesystem::exists(folder / "a.rft"));
    numbers.finish_settling();
    EXPECT_TRUE(write_image(folder / "a.rft", made.contents()));
}

}  // namespace
}  // namespace ringfence
