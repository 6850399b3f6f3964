#include "ringfence/lists/load_list.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "ringfence/number/dial_plan.hpp"
#include "ringfence/table/number_table.hpp"
#include "source/files.hpp"

namespace ringfence {
namespace {

class LoadList : public testing::Test {
protected:
    ListSource source(std::string_view text, std::string_view country = "CN") {
        ListSource made;
        made.id = "fraud";
        made.path = folder_.file("fraud.csv", text);
        made.format.plan = DialPlan::find(CountryCode(country));
        return made;
    }
    Result<ListReport> load(const ListSource& from, LoadOptions options = {}) {
        return load_list(from, 0, options, {sub_lists_, tables_, book_});
    }

    test::ScratchDir folder_;
    SubLists sub_lists_{1};
    TableSetBuilder tables_ = *TableSetBuilder::create({});
    EntryBook book_;
};

TEST_F(LoadList, puts_each_kind_of_row_where_look_ups_find_it) {
    const auto report =
        load(source("number,kind,action,category,expires,source\n"
                    "170 0000 1234,,,,2027-01-01,police\n"
                    "1700001,prefix,tag,,,\n"
                    "17000020000..17000020009,range,,gambling,,\n"
                    "10690000123456789012,,,,,\n"
                    "ICBC,sender,,,,\n"
                    "evil.example,domain,,,,\n"
                    "some_body,account,,,,\n"
                    "170x,,,,,\n"));
    ASSERT_TRUE(report) << report.error().text;
    EXPECT_EQ(report->rows, 7u);
    EXPECT_EQ(report->bad_rows, 1u);
    auto built = std::move(tables_).build();
    ASSERT_TRUE(built);
    const TableSet& set = *built;

    const auto number = Number::from_digits("8617000001234");
    ASSERT_EQ(set.numbers->lists(number).size(), 1u);
    EXPECT_EQ(set.numbers->lists(number)[0], 0);
    ListEntry entry;
    entry.text = "8617000001234";
    ASSERT_TRUE(book_.find(0, entry));
    EXPECT_EQ(book_.find(0, entry)->source, "police");

    const auto hits = set.prefixes->longest_match("8617000011111");
    ASSERT_EQ(hits.size(), 1u);
    EXPECT_EQ(sub_lists_.all()[hits[0].list].action, Action::kTag);
    const auto in_range = set.prefixes->longest_match("8617000020005");
    ASSERT_EQ(in_range.size(), 1u);
    EXPECT_EQ(sub_lists_.all()[in_range[0].list].category, "gambling");
    EXPECT_TRUE(set.prefixes->longest_match("8617000020010").empty());

    EXPECT_EQ(set.keys->find(KeyKind::kDigits, "8610690000123456789012").size(), 1u);
    EXPECT_EQ(set.keys->find(KeyKind::kSender, "icbc").size(), 1u);
    EXPECT_EQ(set.keys->find_domain("a.evil.example").lists.size(), 1u);
    EXPECT_EQ(set.keys->find(KeyKind::kAccount, "some_body").size(), 1u);
}

TEST_F(LoadList, gives_rows_that_say_the_same_one_index) {
    ASSERT_TRUE(
        load(source("number,action,category\n"
                    "17000001230,reject,a\n17000001231,reject,a\n17000001232,reject,\n"
                    "17000001233,,a\n17000001234,,\n")));
    EXPECT_EQ(sub_lists_.all().size(), 4u);
    EXPECT_EQ(sub_lists_.indexes_of(0), (std::vector<ListIndex>{0, 1, 2, 3}));
}

// Rows that differ in their numbers alone are put in many at a time.
std::string many_rows(unsigned count, std::string_view rest) {
    std::string text;
    for (unsigned i = 0; i < count; ++i)
        text += "138" + std::to_string(10'000'000 + i * 7 % 5'000) + std::string(rest) + "\n";
    return text;
}

TEST_F(LoadList, puts_in_runs_what_rows_of_their_own_would) {
    const auto report =
        load(source("number,action,expires,source\n" + many_rows(6'000, ",tag,2027-01-01,police") +
                    many_rows(3'000, ",,2027-01-02,bank") + "138x,,,\n" + many_rows(10, ",,,")));
    ASSERT_TRUE(report) << report.error().text;
    EXPECT_EQ(report->rows, 9'010u);
    ASSERT_EQ(report->errors.size(), 1u);
    EXPECT_NE(report->errors[0].text.find(":9002: "), std::string::npos) << report->errors[0].text;
    auto built = std::move(tables_).build();
    ASSERT_TRUE(built);
    EXPECT_EQ(built->numbers->size(), 5'000u);
    for (unsigned i = 0; i < 5'000; ++i) {
        const std::string digits = "86138" + std::to_string(10'000'000 + i * 7 % 5'000);
        const Number number = Number::from_digits(digits);
        const auto lists = built->numbers->lists(number);
        ASSERT_EQ(lists.size(), i < 3'000 ? 2u : 1u) << digits;
        const auto tagged = book_.find(1, number);
        ASSERT_TRUE(tagged);
        ASSERT_EQ(tagged->source, "police");
        const auto own = book_.find(0, number);
        // What the last row says holds: nothing, of the first ten.
        ASSERT_EQ(own.has_value(), i >= 10 && i < 3'000) << i;
        if (own) {
            ASSERT_EQ(own->source, "bank");
        }
    }
}

// What load_list is: each row by itself, in order.
Status load_plainly(const ListSource& source, ListTarget target) {
    auto reader = ListReader::open(source);
    if (!reader) return reader.error();
    ListRow row;
    for (;;) {
        const auto more = reader->next(row);
        if (!more) return more.error();
        if (!*more) return ok();
        const auto at = [&](const Error& error) {
            return Error::at(error.code, source.path, row.line, error.text);
        };
        const auto index = target.sub_lists.index_of(0, row.action, row.category);
        if (!index) return at(index.error());
        const auto added = table_of(row.entry) == EntryTable::kNumbers
                               ? target.tables.add(row.entry.number(), *index)
                               : add_to(target.tables.rules(), row.entry, *index);
        if (!added) return at(added.error());
        target.book.note(*index, row.entry, row.note);
    }
}

TEST_F(LoadList, leaves_what_rows_put_in_one_by_one_leave) {
    for (unsigned seed = 1; seed <= 40; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 random(seed);
        std::string text = "number,kind,action,expires,source\n";
        std::string rest = ",,,,";
        for (int i = 0; i < 1'500; ++i) {
            if (random() % (seed % 2 == 0 ? 3 : 100) == 0) {
                rest = random() % 9 == 0 ? ",prefix" : ",";
                rest += random() % 3 == 0 ? ",tag" : ",";
                rest += random() % 2 == 0 ? ",2027-01-0" + std::to_string(1 + random() % 9) : ",";
                rest += ",office " + std::to_string(random() % 5);
            }
            text += "138" + std::to_string(10'000'000 + random() % 900) + rest + "\n";
            if (random() % 200 == 0) text += "13x,,,,\n";
        }
        ListSource from = source(text);
        from.strict = seed % 7 == 0;
        NumberTableOptions options;
        options.seed = seed;
        options.numbers = 64;
        if (seed % 5 == 0)
            options.memory_limit_bytes =
                NumberTable::create(options)->stats().reserved_bytes + 4'096;
        SubLists plain_lists(1);
        auto plain_tables = *TableSetBuilder::create(options);
        EntryBook plain_book;
        const auto plain = load_plainly(from, {plain_lists, plain_tables, plain_book});

        SubLists lists(1);
        auto tables = *TableSetBuilder::create(options);
        EntryBook book;
        const auto report = load_list(from, 0, {}, {lists, tables, book});
        ASSERT_EQ(static_cast<bool>(report), static_cast<bool>(plain));
        if (!report) {
            EXPECT_EQ(report.error().text, plain.error().text);
            continue;
        }
        ASSERT_EQ(lists.all().size(), plain_lists.all().size());
        const auto set = std::move(tables).build();
        const auto plain_set = std::move(plain_tables).build();
        ASSERT_TRUE(set && plain_set);
        EXPECT_EQ(set->numbers->size(), plain_set->numbers->size());
        EXPECT_EQ(book.size(), plain_book.size());
        for (unsigned i = 0; i < 900; ++i) {
            const auto number = Number::from_digits("86138" + std::to_string(10'000'000 + i));
            const auto on = set->numbers->lists(number);
            const auto plain_on = plain_set->numbers->lists(number);
            ASSERT_TRUE(std::equal(on.begin(), on.end(), plain_on.begin(), plain_on.end()));
            for (ListIndex list = 0; list < lists.all().size(); ++list)
                ASSERT_EQ(book.find(list, number), plain_book.find(list, number));
        }
    }
}

TEST_F(LoadList, names_the_row_for_which_there_is_no_room) {
    NumberTableOptions small;
    small.seed = 7;
    small.numbers = 100;
    small.memory_limit_bytes = NumberTable::create(small)->stats().reserved_bytes + 8'192;
    // The row that fails when each is put in by itself.
    auto single = *TableSetBuilder::create(small);
    unsigned put = 0;
    while (
        put < 5'000 &&
        single.add(Number::from_digits("86138" + std::to_string(10'000'000 + put * 7 % 5'000)), 0))
        ++put;
    ASSERT_LT(put, 5'000u);
    ASSERT_GE(put, 100u);
    tables_ = *TableSetBuilder::create(small);
    const auto report = load(source("number\n" + many_rows(5'000, "")));
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::kFull);
    EXPECT_NE(report.error().text.find("fraud.csv:" + std::to_string(put + 2) + ": "),
              std::string::npos)
        << report.error().text << " after " << put;
}

TEST_F(LoadList, refuses_a_list_that_shrank_unless_forced) {
    const ListSource small = source("number\n17000001234\n");
    const auto refused = load(small, {.force = false, .last_rows = 5'000});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kRefused);
    EXPECT_TRUE(load(small, {.force = true, .last_rows = 5'000}));
    EXPECT_TRUE(load(small, {.force = false, .last_rows = {}}));
}

TEST_F(LoadList, knows_about_how_many_rows_a_file_has) {
    const std::string rows = many_rows(20'000, ",police");
    const auto about = about_rows(source("number,source\n" + rows));
    EXPECT_GT(about, 19'500u);
    EXPECT_LT(about, 20'500u);
    EXPECT_EQ(about_rows(source("number\n13800001234\n13800001235")), 2u);
    EXPECT_EQ(about_rows(source("")), 0u);
    EXPECT_EQ(about_rows(source(test::compressed(rows))), 0u);
    // However short its lines are, no number is.
    EXPECT_LT(about_rows(source(std::string(300'000, '\n'))), 60'000u);
    ListSource names = source(rows);
    names.format.exact = EntryKind::kSender;
    EXPECT_EQ(about_rows(names), 0u);
    ListSource absent = source(rows);
    absent.path += ".absent";
    EXPECT_EQ(about_rows(absent), 0u);
}

TEST_F(LoadList, fails_with_the_place_when_the_file_is_absent) {
    ListSource absent = source("");
    absent.path = folder_.path("absent.csv");
    const auto report = load(absent);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::kUnreadable);
}

TEST_F(LoadList, takes_rules_out_again) {
    TableRules rules;
    ListEntry entry;
    const EntryFormat format{DialPlan::find(CountryCode("CN")), EntryKind::kExact};
    for (const auto* text : {"1700001*", "17000020000..17000020009", "10690000123456789012"}) {
        ASSERT_TRUE(read_entry(text, format, entry)) << text;
        EXPECT_TRUE(*add_to(rules, entry, 3));
        EXPECT_FALSE(*add_to(rules, entry, 3));
        EXPECT_TRUE(*remove_from(rules, entry, 3));
        EXPECT_FALSE(*remove_from(rules, entry, 3));
    }
    ASSERT_TRUE(read_entry("17000001234", format, entry));
    EXPECT_FALSE(add_to(rules, entry, 3));
}

// Rows of one subscriber that follow each other are read and put in many at a time.
TEST_F(LoadList, puts_many_rows_of_each_subscriber_as_it_puts_one) {
    std::string text = "subscriber,number,expires\n";
    const auto subscriber = [](unsigned i) { return "1380000" + std::to_string(2'000 + i); };
    const auto number = [](unsigned i) { return "1700000" + std::to_string(1'000 + i); };
    for (unsigned i = 0; i < 40; ++i)
        for (unsigned k = 0; k < 60; ++k)
            text +=
                subscriber(i) + "," + number(i * 7 + k) + (i % 3 == 0 ? ",2027-01-01\n" : ",\n");
    ListSource from = source(text);
    from.by_subscriber = true;
    PairTableOptions options;
    options.pairs = 100;  // grows on the way
    ASSERT_TRUE(tables_.hold_pairs(options));
    const auto report = load(from);
    ASSERT_TRUE(report) << report.error().text;
    EXPECT_EQ(report->rows, 2'400u);
    EXPECT_EQ(report->bad_rows, 0u);
    const auto built = std::move(tables_).build();
    ASSERT_TRUE(built);
    EXPECT_EQ(built->pairs->size(), 2'400u);
    EXPECT_TRUE(built->pairs->consistent());
    EXPECT_EQ(book_.size(), 14u * 60);
    for (unsigned i = 0; i < 40; ++i) {
        for (unsigned k = 0; k < 400; ++k) {
            ListEntry entry;
            entry.text = "86" + number(k);
            entry.subscriber = Number::from_digits("86" + subscriber(i));
            const bool listed = k >= i * 7 && k < i * 7 + 60;
            ASSERT_EQ(!built->pairs->lists({entry.subscriber, entry.number()}).empty(), listed);
            ASSERT_EQ(book_.find(0, entry).has_value(), listed && i % 3 == 0);
        }
    }
}

TEST_F(LoadList, puts_rows_of_subscribers_among_the_pairs) {
    ListSource from = source(
        "number,action,expires,subscriber\n"
        "170 0000 1234,,2027-01-01,138 0000 2222\n"
        "17000001234,tag,,13800003333\n"
        "17000001235,,,\n");
    from.by_subscriber = true;
    ASSERT_TRUE(tables_.hold_pairs({}));
    const auto report = load(from);
    ASSERT_TRUE(report) << report.error().text;
    EXPECT_EQ(report->rows, 2u);
    EXPECT_EQ(report->bad_rows, 1u);
    auto built = std::move(tables_).build();
    ASSERT_TRUE(built);
    EXPECT_EQ(built->numbers->size(), 0u);
    const Number listed = Number::from_digits("8617000001234");
    const Number anna = Number::from_digits("8613800002222");
    const Number ben = Number::from_digits("8613800003333");
    ASSERT_EQ(built->pairs->lists({anna, listed}).size(), 1u);
    EXPECT_EQ(built->pairs->lists({anna, listed})[0], 0u);
    ASSERT_EQ(built->pairs->lists({ben, listed}).size(), 1u);
    EXPECT_EQ(sub_lists_.all()[built->pairs->lists({ben, listed})[0]].action, Action::kTag);
    ListEntry entry;
    entry.text = "8617000001234";
    entry.subscriber = anna;
    EXPECT_TRUE(book_.find(0, entry)->expires);
    EXPECT_EQ(table_of(entry), EntryTable::kPairs);
    TableRules rules;
    EXPECT_EQ(add_to(rules, entry, 0).error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(remove_from(rules, entry, 0).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace ringfence
