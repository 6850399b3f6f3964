#include "ringfence/source/csv.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>
#include <string>
#include <vector>

#include "ringfence/source/utf8.hpp"
#include "source/csv_model.hpp"
#include "source/files.hpp"

namespace ringfence {
namespace {

using test::ScratchDir;

CsvReader opened(std::string_view text, const CsvOptions& options = {}) {
    auto reader = CsvReader::from_text(text, "f.csv", options);
    EXPECT_TRUE(reader) << reader.error().text;
    return std::move(*reader);
}

// Rows as "line:a|b|c" or "line!error", one a line of text.
std::string rows(CsvReader reader) {
    std::string all;
    CsvRow row;
    for (;;) {
        auto more = reader.next(row);
        if (more && !*more) return all;
        all.append(std::to_string(row.line));
        if (!more) {
            all.append("!").append(more.error().text).append("\n");
            continue;
        }
        char apart = ':';
        for (const std::string_view field : row.fields) {
            all.append(1, apart).append(field);
            apart = '|';
        }
        all.append("\n");
    }
}

std::string open_error(std::string_view text) {
    const auto reader = CsvReader::from_text(text, "f.csv");
    return reader ? "no error" : reader.error().text;
}

TEST(Csv, reads_rows_under_a_header) {
    EXPECT_EQ(rows(opened("a,b\n1,2\n3,\n,\n")), "2:1|2\n3:3|\n4:|\n");
    EXPECT_EQ(rows(opened("a,b\n1,2")), "2:1|2\n") << "the last line needs no end";
    EXPECT_EQ(rows(opened("a\n")), "");
}

TEST(Csv, finds_columns_by_name) {
    auto reader = opened(" time ,calling\n1,2\n");
    const auto calling = reader.header().column("calling");
    CsvRow row;
    ASSERT_TRUE(*reader.next(row));
    EXPECT_EQ(row.get(reader.header().column("time")), "1");
    EXPECT_EQ(row.get(calling), "2");
    EXPECT_EQ(row.get(reader.header().column("called")), "");
    EXPECT_EQ(row.index, 0u);
}

TEST(Csv, reads_quoted_fields) {
    EXPECT_EQ(rows(opened("a,b\n\"1,5\",\"say \"\"no\"\"\"\n")), "2:1,5|say \"no\"\n");
    EXPECT_EQ(rows(opened("a,b\n\"\",\"\"\"\"\n")), "2:|\"\n");
    EXPECT_EQ(rows(opened("a,b\n\"two\nlines\",\"x\r\ny\"\n3,4\n")),
              "2:two\nlines|x\r\ny\n5:3|4\n");
    EXPECT_EQ(rows(opened("a,b\n1,\"2\"")), "2:1|2\n");
}

TEST(Csv, takes_a_quote_inside_a_plain_field_as_it_is) {
    EXPECT_EQ(rows(opened("a,b\nhe said \"hi\",5\"\n")), "2:he said \"hi\"|5\"\n");
}

TEST(Csv, reads_crlf_and_a_byte_order_mark) {
    EXPECT_EQ(rows(opened("\xEF\xBB\xBF"
                          "a,b\r\n1,\"2\"\r\n3,4\r\n")),
              "2:1|2\n3:3|4\n");
    EXPECT_EQ(rows(opened("a,b\nx\ry,\r\n")), "2:x\ry|\n");
}

TEST(Csv, skips_empty_lines_and_counts_them) {
    EXPECT_EQ(rows(opened("\n\r\na,b\n\n1,2\r\n\r\n3,4\n\n")), "5:1|2\n7:3|4\n");
    EXPECT_EQ(rows(opened("a\n\"\"\n")), "2:\n") << "an empty field in quotes is a row";
}

TEST(Csv, names_the_row_with_too_few_or_too_many_fields) {
    EXPECT_EQ(rows(opened("a,b\n1\n2,3,4\n5,6\n")),
              "2!f.csv:2: the row has 1 field, the header names 2; add or remove commas, or quote "
              "fields that "
              "hold one\n"
              "3!f.csv:3: the row has 3 fields, the header names 2; add or remove commas, or quote "
              "fields that "
              "hold one\n"
              "4:5|6\n");
}

TEST(Csv, a_stray_quote_costs_its_own_line_only) {
    EXPECT_EQ(rows(opened("a,b\n1,\"open\n2,x\n3,y\n")),
              "2!f.csv:2: the quote that opens field 2 is not closed; close it, or double "
              "it\n3:2|x\n4:3|y\n");
    EXPECT_EQ(rows(opened("a,b\n1,\"open\n2,\"x\"\n")),
              "2!f.csv:2: text stands behind the closing quote of field 2; double the quotes "
              "inside a quoted "
              "field\n3:2|x\n");
    EXPECT_EQ(rows(opened("a,b\n1,\"x\"y\n2,z\n")),
              "2!f.csv:2: text stands behind the closing quote of field 2; double the quotes "
              "inside a quoted "
              "field\n3:2|z\n");
}

TEST(Csv, looks_for_a_closing_quote_no_further_than_the_bound) {
    CsvOptions options;
    options.max_field_bytes = 10;
    EXPECT_EQ(rows(opened("a,b\n1,\"0123456789\"\n", options)), "2:1|0123456789\n");
    EXPECT_EQ(rows(opened("a,b\n1,\"0123456789\n2,y\n3,\"\n4,z\n", options)),
              "2!f.csv:2: the quote that opens field 2 is not closed within 10 bytes; close it, "
              "double it, or shorten the field\n"
              "3:2|y\n"
              "4!f.csv:4: the quote that opens field 2 is not closed; close it, or double it\n"
              "5:4|z\n");
}

TEST(Csv, a_field_past_the_bound_is_one_bad_row) {
    CsvOptions options;
    options.max_field_bytes = 10;
    EXPECT_EQ(rows(opened("a,b\n1,0123456789\n1,0123456789x\n2,y\n", options)),
              "2:1|0123456789\n3!f.csv:3: field 2 is longer than 10 bytes; shorten it\n4:2|y\n");
    EXPECT_EQ(rows(opened("a,b\n1," + std::string(50, 'x') + "\n2,y\n", options)),
              "2!f.csv:2: the row is longer than 40 bytes; shorten it\n3:2|y\n");
}

TEST(Csv, takes_a_10_mb_field_as_one_bad_row_in_bounded_memory) {
    const ScratchDir dir;
    for (const std::string_view quote : {"", "\""}) {
        std::string text = "a,b\n1,";
        text.append(quote).append(10'000'000, 'x').append(quote).append("\n2,y\n");
        const std::string path = dir.file("f.csv", text);
        auto reader = CsvReader::open(path);
        ASSERT_TRUE(reader);
        const std::string all = rows(std::move(*reader));
        EXPECT_EQ(all.substr(all.find('\n') + 1), "3:2|y\n");
        EXPECT_EQ(all.substr(0, 2), "2!");
    }
}

// One row came in, so one bad row comes out, whatever the field holds.
TEST(Csv, an_over_long_field_of_many_lines_is_one_bad_row) {
    const ScratchDir dir;
    for (const std::string_view line :
         {"x\n", "\n", "dear sir, hello\n", "\"\"\n", "a,b,c,d\r\n"}) {
        std::string text = "time,calling,called\n1,2,3\n4,\"";
        for (int i = 0; i < 1'200'000; ++i) text += line;
        text += "x, y\",110\r\n7,8,9\n";
        const auto line_behind = std::to_string(1'200'000 + 4);
        auto reader = CsvReader::open(dir.file("f.csv", text));
        ASSERT_TRUE(reader);
        CsvRow row;
        ASSERT_TRUE(*reader->next(row));
        const auto bad = reader->next(row);
        ASSERT_FALSE(bad);
        EXPECT_EQ(bad.error().text.substr(bad.error().text.find("f.csv")),
                  "f.csv:3: the quote that opens field 2 is not closed within 1048576 bytes; close "
                  "it, double it, or shorten the field");
        ASSERT_EQ(row.cut.size(), 3u);
        EXPECT_EQ(row.cut[0], "4");
        EXPECT_EQ(row.cut[1].size(), CsvRow::kCutBytes);
        EXPECT_EQ(row.cut[2], "110");
        EXPECT_EQ(rows(std::move(*reader)), line_behind + ":7|8|9\n") << line;
    }
}

TEST(Csv, a_row_of_many_long_fields_is_one_bad_row) {
    CsvOptions options;
    options.max_field_bytes = 10;
    const std::string field = "\"a\nb\nc\nd\ne\"";
    std::string text = "a,b\n1," + field;
    for (int i = 0; i < 9; ++i) text.append(",").append(field);
    EXPECT_EQ(rows(opened(text + "\n2,y\n", options)),
              "2!f.csv:2: the row is longer than 40 bytes; shorten it\n43:2|y\n");
}

// The rows behind a stray quote are more than the field that it would open may hold.
TEST(Csv, a_stray_quote_before_a_million_rows_costs_its_own_line_only) {
    const ScratchDir dir;
    for (const std::string_view end : {"", "4,\"x\"\n", "4,\"\"\n", "\"", "4,\"open\n"}) {
        std::string text = "a,b\n1,\"open\n";
        constexpr std::size_t kRows = 400'000;
        for (std::size_t i = 0; i < kRows; ++i) text += i % 3 == 0 ? "one field\n" : "2,y\n";
        text += end;
        auto reader = CsvReader::open(dir.file("f.csv", text));
        ASSERT_TRUE(reader);
        std::size_t good = 0;
        std::size_t bad = 0;
        for (const model::Row& row : model::all_rows(*reader)) ++(row.bad ? bad : good);
        EXPECT_EQ(good + bad, kRows + 1 + (end.empty() ? 0 : 1)) << end;
        EXPECT_GE(good, kRows - kRows / 3 - 1) << end;
    }
}

TEST(Csv, shows_what_could_be_cut_of_a_bad_row) {
    const auto cut = [](const std::string& row_text, const CsvOptions& options = {}) {
        auto reader = opened("a,b,c\n" + row_text, options);
        CsvRow row;
        EXPECT_FALSE(reader.next(row)) << row_text;
        EXPECT_TRUE(row.fields.empty());
        std::string all;
        for (const std::string_view field : row.cut) all.append(field).append("|");
        return all;
    };
    EXPECT_EQ(cut("1,2,110,\n"), "1|2|110||");
    EXPECT_EQ(cut("1,110\r\n"), "1|110|");
    EXPECT_EQ(cut("1,2,\"110\n"), "1|2|110|");
    EXPECT_EQ(cut("1,2,\"110\r\n3,4,5\n"), "1|2|110|");
    EXPECT_EQ(cut("1,\"2\"3,110"), "1|23|110|");
    EXPECT_EQ(cut("1,\"2\"3,110\r\n4,5,6\n"), "1|23|110|");
    CsvOptions options;
    options.max_field_bytes = 10;
    options.max_columns = 4;
    EXPECT_EQ(cut("1,2,aaaaaaaaaaaaaaaa\n", options), "1|2|aaaaaaaaaaaaaaaa|");
    EXPECT_EQ(cut("1,2,3,4,5,6\n", options), "1|2|3|4|");
    EXPECT_EQ(cut("1,\"a\nb\nc\nd,e\ne\nf\",110\n7,8,9\n", options), "1|a\nb\nc\nd,e\ne\nf|110|");
    EXPECT_EQ(cut("1,\"aaaaaaaaaaaaaaaa,110\n7,8,9\n", options), "1|aaaaaaaaaaaaaaaa|110|");
}

TEST(Csv, nul_bytes_make_a_row_bad_unless_wanted) {
    const std::string text("a,b\n1,x\0y\n2,z\n", 14);
    EXPECT_EQ(rows(opened(text)), "2!f.csv:2: the row holds a NUL byte; remove it\n3:2|z\n");
    CsvOptions options;
    options.refuse_nul = false;
    EXPECT_EQ(rows(opened(text, options)), std::string("2:1|x\0y\n3:2|z\n", 14));
}

TEST(Csv, bytes_that_are_not_utf8_pass_unless_refused) {
    const std::string text = "a,b\n1,\xFF\xFE\n2,好\n";
    EXPECT_EQ(rows(opened(text)), "2:1|\xFF\xFE\n3:2|好\n");
    CsvOptions options;
    options.refuse_bad_utf8 = true;
    EXPECT_EQ(rows(opened(text, options)),
              "2!f.csv:2: the row is not UTF-8; convert the file\n3:2|好\n");
}

TEST(Csv, a_bad_row_of_several_lines_ends_where_it_ends) {
    const std::string text("a,b\n1,\"x\0\ny\"\n2,z\n", 17);
    EXPECT_EQ(rows(opened(text)), "2!f.csv:2: the row holds a NUL byte; remove it\n4:2|z\n");
}

TEST(Csv, numbers_bad_rows_among_the_others) {
    auto reader = opened("a,b\n1,2\nbad\n3,4\n");
    CsvRow row;
    EXPECT_TRUE(reader.next(row));
    EXPECT_EQ(row.index, 0u);
    EXPECT_FALSE(reader.next(row));
    EXPECT_EQ(row.index, 1u);
    EXPECT_TRUE(row.fields.empty());
    EXPECT_TRUE(reader.next(row));
    EXPECT_EQ(row.index, 2u);
    EXPECT_EQ(row.fields[0], "3");
}

TEST(Csv, names_what_is_wrong_with_a_header) {
    EXPECT_EQ(open_error(""), "f.csv: is empty; its first line must name the columns");
    EXPECT_EQ(open_error("\n\n"), "f.csv: is empty; its first line must name the columns");
    EXPECT_EQ(open_error("\xEF\xBB\xBF"), "f.csv: is empty; its first line must name the columns");
    EXPECT_EQ(open_error("\na,b, a\n"), "f.csv:2: column 'a' stands twice; keep one");
    EXPECT_EQ(open_error("a,,\n"), "no error") << "columns without a name are just columns";
    EXPECT_EQ(open_error("a,\"b\n"),
              "f.csv:1: the quote that opens field 2 is not closed; close it, or double it");
    EXPECT_EQ(open_error("\xFF\xFE"
                         "a"),
              "f.csv:1: the text is UTF-16; save it as UTF-8");
    EXPECT_EQ(open_error(std::string("a\0,b\n", 5)),
              "f.csv:1: the row holds a NUL byte; remove it");
    EXPECT_EQ(open_error(std::string(2'000, ',') + "\n"),
              "f.csv:1: the row has more than 1024 fields; remove some");
}

TEST(Csv, names_a_missing_column_and_the_nearest) {
    const auto reader = opened("\ntime,caling\n");
    EXPECT_TRUE(reader.header().require({"time"}));
    EXPECT_EQ(reader.header().require({"time", "calling"}).error().text,
              "f.csv:2: no column 'calling'; is 'caling' meant to be it?");
    EXPECT_EQ(reader.header().require({"redirecting"}).error().text,
              "f.csv:2: no column 'redirecting'; add it to the header");
}

TEST(Csv, reads_rows_without_a_header) {
    CsvOptions options;
    options.header = false;
    options.max_columns = 3;
    EXPECT_EQ(rows(opened("1,2\n3\n1,2,3,4\n", options)),
              "1:1|2\n2:3\n3!f.csv:3: the row has more than 3 fields; remove some\n");
    EXPECT_EQ(rows(opened("", options)), "");
}

TEST(Csv, names_a_file_that_cannot_be_opened) {
    const ScratchDir dir;
    EXPECT_EQ(CsvReader::open(dir.path("none")).error().text,
              dir.path("none") + ": does not exist; check the path");
    EXPECT_EQ(CsvReader::open(dir.path("")).error().text,
              dir.path("") + ": is a directory; name a file");
}

TEST(Csv, a_file_that_breaks_off_gives_its_rows_and_one_error) {
    const ScratchDir dir;
    std::string text = "a,b\n";
    for (int i = 0; i < 100'000; ++i) text.append(std::to_string(i)).append(",x\n");
    const std::string packed = test::compressed(text);
    auto reader = CsvReader::open(dir.file("f.zst", packed.substr(0, packed.size() - 5)));
    ASSERT_TRUE(reader);
    CsvRow row;
    std::size_t good = 0;
    Result<bool> more = reader->next(row);
    for (; more && *more; more = reader->next(row)) ++good;
    ASSERT_FALSE(more);
    EXPECT_EQ(more.error().text,
              dir.path("f.zst") + ": ends inside its zstd stream; get the whole file");
    EXPECT_TRUE(reader->failed());
    EXPECT_GT(good, 1'000u);
    more = reader->next(row);
    ASSERT_TRUE(more);
    EXPECT_FALSE(*more) << "a loop that goes on after errors ends";
}

TEST(Csv, reads_a_zstd_file_and_a_pipe_that_comes_in_drops) {
    const ScratchDir dir;
    std::string text = "a,b\n";
    for (int i = 0; i < 2'000; ++i) {
        text.append(std::to_string(i)).append(i % 7 == 0 ? ",\"x\n\"\"y\"\n" : ",z\n");
    }
    const std::string expected = rows(opened(text));
    auto packed = CsvReader::open(dir.file("f", test::compressed(text)));
    ASSERT_TRUE(packed);
    EXPECT_EQ(rows(std::move(*packed)), expected);

    const std::string path = dir.path("pipe");
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    // A child writes: nothing of this file starts a thread, and so it is not run again under the thread sanitizer.
    const pid_t writer = ::fork();
    if (writer == 0) {
        const int fd = ::open(path.c_str(), O_WRONLY);
        for (std::size_t at = 0; at < text.size(); at += 7) {
            const std::string_view drop = std::string_view(text).substr(at, 7);
            if (::write(fd, drop.data(), drop.size()) < 0) break;
        }
        ::_exit(0);
    }
    EXPECT_EQ(CsvReader::open(path).error().text, path + ": is a pipe; name a file");
    CsvOptions options;
    options.input.streams = true;
    auto piped = CsvReader::open(path, options);
    ASSERT_TRUE(piped);
    EXPECT_EQ(rows(std::move(*piped)), expected);
    EXPECT_EQ(::waitpid(writer, nullptr, 0), writer);
}

// Random text of the characters that matter, against the plain model: in memory, and from a file
// longer than a block, so that rows meet every boundary.
TEST(Csv, gives_the_rows_of_the_plain_model) {
    constexpr unsigned kSeed = 2026;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    const auto text_of = [&](std::size_t size, std::string_view letters) {
        std::string text(size, ' ');
        for (char& c : text) c = letters[random() % letters.size()];
        return text;
    };
    CsvOptions options;
    options.header = false;
    options.max_field_bytes = 20;
    options.max_columns = 6;
    for (int round = 0; round < 20'000; ++round) {
        const std::string text =
            text_of(random() % 60, std::string_view("ab,,\"\"\n\n\r\0", round % 2 == 0 ? 10 : 11));
        auto reader = opened(text, options);
        ASSERT_EQ(model::all_rows(reader), model::CsvModel(text, options).rows(0))
            << printable(text);
    }
    options.header = true;
    for (int round = 0; round < 40'000; ++round) {
        options.max_field_bytes = 3 + static_cast<std::size_t>(round) % 9;
        const std::string text =
            "a,b\n" + text_of(random() % 90, std::string_view("ab,\"\"\n\n\r\0", 8));
        auto reader = opened(text, options);
        ASSERT_EQ(model::all_rows(reader), model::CsvModel(text, options).rows_under_header())
            << printable(text) << " " << options.max_field_bytes;
    }
    const ScratchDir dir;
    options.header = false;
    options.max_field_bytes = 300'000;
    for (const std::string_view letters :
         {"aaaaaaaaab,\"\n", "abcdefghijklmnopqrst,\n", "a\"\"\"\","}) {
        const std::string text = text_of(2'000'000, letters);
        auto reader = CsvReader::open(dir.file("f.csv", text), options);
        ASSERT_TRUE(reader);
        EXPECT_TRUE(model::all_rows(*reader) == model::CsvModel(text, options).rows(0)) << letters;
        CsvOptions under;
        under.max_field_bytes = 3'000;
        auto headed = CsvReader::open(dir.file("h.csv", "a,b\n" + text), under);
        ASSERT_TRUE(headed);
        EXPECT_TRUE(model::all_rows(*headed) ==
                    model::CsvModel("a,b\n" + text, under).rows_under_header())
            << letters;
    }
}

}  // namespace
}  // namespace ringfence
