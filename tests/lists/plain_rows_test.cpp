// Rows read in runs, against the same rows read one at a time.
#include "src/lists/plain_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "base/deep.hpp"
#include "ringfence/lists/list_reader.hpp"
#include "ringfence/number/dial_plan.hpp"
#include "source/files.hpp"

namespace ringfence {
namespace {

using Random = std::mt19937;

ListSource source_of(const DialPlan& plan) {
    ListSource source;
    source.id = "list";
    source.path = "list.csv";
    source.format.plan = &plan;
    return source;
}

// What a row says, as text, so that a difference can be read.
std::string said(std::string_view digits, const ListRow& row, std::uint64_t line) {
    std::string text = std::to_string(line) + " " + std::string(digits) + " " +
                       std::string(row.category) + " " + std::string(row.note.source);
    text += row.action ? " " + std::string(name_of(*row.action)) : " -";
    text += row.note.expires ? " " + std::to_string(to_ms(*row.note.expires)) : " -";
    text += row.note.since ? " " + std::to_string(to_ms(*row.note.since)) : " -";
    text += row.note.confidence ? " " + std::to_string(*row.note.confidence) : " -";
    return text;
}

struct Read {
    std::vector<std::string> rows;
    std::vector<std::string> told;  // errors and warnings, and how it ended
    std::uint64_t good = 0;
    std::uint64_t in_runs = 0;
};

Read read_all(Result<ListReader> reader, const ListSource& source, bool runs) {
    Read read;
    if (!reader) {
        read.told.push_back(reader.error().text);
        return read;
    }
    ListRow row;
    for (;;) {
        const auto more = reader->next(row);
        if (!more) read.told.push_back(more.error().text);
        if (!more || !*more) break;
        read.rows.push_back(said(row.entry.text + "/" + row.entry.last, row, row.line) + " " +
                            std::string(name_of(row.entry.kind)));
        while (runs) {
            const ListRun run = reader->next_run();
            if (run.numbers.empty()) break;
            for (std::size_t i = 0; i < run.numbers.size(); ++i)
                read.rows.push_back(said(run.numbers[i].digits() + "/", *run.says, run.line + i) +
                                    " exact");
            read.in_runs += run.numbers.size();
        }
    }
    for (const std::string& line : reader->report().lines(source.path)) read.told.push_back(line);
    read.good = reader->report().rows;
    return read;
}

// Reads the text both ways; gives how many rows came in runs.
std::uint64_t expect_same(std::string_view text, const ListSource& source) {
    const Read one = read_all(ListReader::from_text(text, source), source, false);
    const Read many = read_all(ListReader::from_text(text, source), source, true);
    EXPECT_EQ(one.told, many.told);
    EXPECT_EQ(one.good, many.good);
    EXPECT_EQ(one.rows.size(), many.rows.size());
    for (std::size_t i = 0; i < std::min(one.rows.size(), many.rows.size()); ++i) {
        if (one.rows[i] == many.rows[i]) continue;
        EXPECT_EQ(one.rows[i], many.rows[i]);
        break;
    }
    return many.in_runs;
}

std::string digits_of(Random& random, std::size_t size) {
    std::string digits;
    while (digits.size() < size) digits.push_back(static_cast<char>('0' + random() % 10));
    return digits;
}

// A number, or what could be taken for one, as lists of the plan's country have it.
std::string written(Random& random, const DialPlan& plan) {
    const std::string code(plan.country_calling_code());
    const std::string trunk(plan.trunk_prefix());
    const std::string begins[] = {code,         "+" + code,
                                  trunk,        "",
                                  "+",          std::string(plan.international_prefix()) + code,
                                  code + trunk, "+" + code + trunk,
                                  trunk + code, "00",
                                  "000",        "+1",
                                  "+44",        "+3933",
                                  "17951"};
    std::string text = begins[random() % std::size(begins)];
    if (random() % 3 == 0 && code == "86") text += "13";
    if (random() % 3 == 0 && code == "44") text += "7";
    if (random() % 3 == 0 && code == "33") text += "6";
    return text + digits_of(random, random() % 13);
}

// A head that says something about a number says what read_entry does.
TEST(PlainHeads, say_of_all_that_begin_alike_what_read_entry_says) {
    const unsigned rounds = test::deep() ? 100'000 : 3'000;
    for (const DialPlan& plan : DialPlan::all()) {
        const unsigned seed = 23;
        SCOPED_TRACE(std::string(plan.country().text()) + " seed " + std::to_string(seed));
        Random random(seed);
        PlainHeads heads(plan);
        EntryFormat format;
        format.plan = &plan;
        unsigned said = 0;
        for (unsigned i = 0; i < rounds; ++i) {
            const std::string one = written(random, plan);
            const bool plus = one.starts_with('+');
            const std::string digits = one.substr(plus ? 1 : 0);
            if (digits.size() < 8 || digits.size() > 15) continue;
            heads.learn(digits, plus);
            for (unsigned k = 0; k < 16; ++k) {
                std::string like = digits;
                if (k != 0) {
                    const std::size_t same = k % 2 == 0 ? 5 : 7;
                    like = digits.substr(0, same) + digits_of(random, digits.size() - same);
                    // Ranges are cut where digits are few: the next ones at their least and greatest too.
                    if (k % 4 == 2) like[same] = '0';
                    if (k % 4 == 3) like[same] = '9';
                }
                const Number number = heads.apply(like, plus);
                if (number.empty()) continue;
                ++said;
                ListEntry entry;
                bool unknown_range = false;
                const auto status = read_entry((plus ? "+" : "") + like, EntryKind::kExact, format,
                                               entry, &unknown_range);
                ASSERT_TRUE(status) << like << " after " << one << ": " << status.error().text;
                ASSERT_EQ(number.digits(), entry.text) << like << " after " << one;
                ASSERT_FALSE(unknown_range) << like << " after " << one;
            }
        }
        EXPECT_GT(said, rounds / 2);
    }
}

TEST(PlainRows, come_in_runs_between_rows_of_other_shapes) {
    const DialPlan& plan = *DialPlan::find(CountryCode("CN"));
    std::string text = "number,action,source\n";
    for (int i = 0; i < 10; ++i) text += "1380000123" + std::to_string(i) + ",reject,police\n";
    text +=
        "138 0000 1240,reject,police\n\n13800001241,reject,bank\n13800001242,reject,bank\n"
        "13800001243,reject,bank,\n13800001244,reject,bank\r\n\"13800001245\",reject,bank\n"
        "1380000124x,reject,bank\n13800001246,reject,bank";
    EXPECT_EQ(expect_same(text, source_of(plan)), 10u);
}

TEST(PlainRows, keep_what_the_row_before_said_while_the_block_is_filled_anew) {
    const DialPlan& plan = *DialPlan::find(CountryCode("CN"));
    const ListSource source = source_of(plan);
    Random random(5);
    std::string text = "source,number,expires,confidence,category\r\n";
    for (int i = 0; i < 30'000; ++i)
        text += "police of somewhere,138" + digits_of(random, 8) + ",2027-01-31,90,fraud\r\n";
    test::ScratchDir folder;
    ListSource from_file = source;
    from_file.path = folder.file("list.csv", text);
    const Read one = read_all(ListReader::open(from_file), from_file, false);
    const Read many = read_all(ListReader::open(from_file), from_file, true);
    EXPECT_EQ(one.rows, many.rows);
    EXPECT_EQ(one.told, many.told);
    EXPECT_GT(many.in_runs, 29'000u);
}

TEST(PlainRows, say_what_the_general_way_says_of_any_number_of_any_plan) {
    const unsigned rounds = test::deep() ? 200'000 : 6'000;
    for (const DialPlan& plan : DialPlan::all()) {
        const unsigned seed = 11;
        SCOPED_TRACE(std::string(plan.country().text()) + " seed " + std::to_string(seed));
        Random random(seed);
        std::string text = "number\n";
        for (unsigned i = 0; i < rounds; ++i) {
            const std::string one = written(random, plan);
            text += one + "\n";
            // Its neighbours, which begin as it does.
            const std::size_t same = random() % 2 == 0 ? 6 : 8;
            for (unsigned k = random() % 8; k > 0 && one.size() > 8; --k)
                text += one.substr(0, same) + digits_of(random, one.size() - same) + "\n";
        }
        expect_same(text, source_of(plan));
    }
}

TEST(PlainRows, say_what_the_general_way_says_of_any_file) {
    constexpr std::string_view kHeaders[] = {"number", "number,kind,source", "source,number",
                                             "confidence,number,category,action"};
    constexpr std::string_view kOthers[] = {"",      "exact",    "prefix", "tag", "50",    "101",
                                            "\"a\"", "\xC3\xA9", "\xFF",   "x y", "reject"};
    const unsigned rounds = test::deep() ? 20'000 : 400;
    for (unsigned seed = 1; seed <= rounds; ++seed) {
        SCOPED_TRACE(seed);
        Random random(seed);
        const DialPlan& plan = DialPlan::all()[random() % DialPlan::all().size()];
        const std::string_view header = kHeaders[random() % std::size(kHeaders)];
        const auto columns =
            static_cast<std::size_t>(std::count(header.begin(), header.end(), ','));
        const auto at = static_cast<std::size_t>(
            std::count(header.begin(),
                       header.begin() + static_cast<std::ptrdiff_t>(header.find("number")), ','));
        std::string text = std::string(header) + "\n";
        std::vector<std::string> fields(columns + 1);
        for (unsigned i = 0; i < 120; ++i) {
            for (std::size_t k = 0; k <= columns; ++k)
                if (k != at && random() % 20 == 0)
                    fields[k] = kOthers[random() % std::size(kOthers)];
            fields[at] = written(random, plan);
            std::string row = fields[0];
            for (std::size_t k = 1; k <= columns; ++k) row += "," + fields[k];
            row += random() % 30 == 0 ? "\r\n" : "\n";
            if (random() % 25 == 0) row[random() % row.size()] = static_cast<char>(random());
            if (random() % 60 == 0) row.insert(random() % row.size(), 1, '"');
            text += row;
        }
        if (random() % 3 == 0) text.resize(text.size() - random() % 20);
        ListSource source = source_of(plan);
        source.strict = random() % 10 == 0;
        expect_same(text, source);
    }
}

TEST(PlainRows, are_read_alike_by_every_kernel) {
    const DialPlan& plan = *DialPlan::find(CountryCode("CN"));
    PlainHeads heads(plan);
    Random random(3);
    constexpr std::size_t kRoom = 64;
    const std::string after = ",police\n";
    const int rounds = test::deep() ? 20'000 : 500;
    for (int round = 0; round < rounds; ++round) {
        std::string text;
        for (int i = 0; i < 20; ++i) {
            const std::string one = written(random, plan);
            const bool plus = one.starts_with('+');
            const std::string_view digits = std::string_view(one).substr(plus ? 1 : 0);
            if (digits.size() >= 8 && digits.size() <= 15 && random() % 8 != 0)
                heads.learn(digits, plus);
            text += "x," + one + after;
        }
        if (random() % 2 == 0) text[random() % text.size()] = '7';
        const std::size_t size = text.size() - random() % 12;
        text.resize(size);
        text.append(kernel::kRowsPadding, '5');
        const kernel::RowShape shape{"x,", after};
        for (const char* at = text.data(); at < text.data() + size;) {
            std::array<Number, kRoom> expected;
            const auto truth = kernel::kDigitsScalar.read_rows(
                at, text.data() + size, shape, heads.table(), expected.data(), kRoom);
            for (const auto isa : {kernel::Isa::kAvx2, kernel::Isa::kAvx512}) {
                const kernel::DigitsKernel* kernel = kernel::digits_kernel(isa);
                if (kernel == nullptr) continue;
                std::array<Number, kRoom> numbers;
                const auto got = kernel->read_rows(at, text.data() + size, shape, heads.table(),
                                                   numbers.data(), kRoom);
                ASSERT_EQ(got.count, truth.count);
                ASSERT_EQ(got.at, truth.at);
                ASSERT_EQ(numbers, expected);
            }
            at = truth.at + 1;
        }
    }
}

}  // namespace
}  // namespace ringfence
