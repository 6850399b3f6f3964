#include "ringfence/source/csv_writer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <random>
#include <string>
#include <vector>

#include "ringfence/source/csv.hpp"
#include "source/files.hpp"

namespace ringfence {
namespace {

using test::contents;
using test::ScratchDir;

TEST(CsvWriter, quotes_only_what_needs_it) {
    const ScratchDir dir;
    auto writer = CsvWriter::create(dir.path("f.csv"), {"row", "text"});
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->field(1).field("plain text").end_row());
    ASSERT_TRUE(writer->field(-2).field("a,b").end_row());
    ASSERT_TRUE(
        writer->field(std::uint64_t{18'446'744'073'709'551'615u}).field("say \"no\"").end_row());
    ASSERT_TRUE(writer->field("").field("two\nlines\r").end_row());
    ASSERT_TRUE(writer->close());
    EXPECT_EQ(contents(dir.path("f.csv")),
              "row,text\n1,plain text\n-2,\"a,b\"\n18446744073709551615,\"say "
              "\"\"no\"\"\"\n,\"two\nlines\r\"\n");
}

TEST(CsvWriter, writes_a_row_of_nothing_so_that_it_is_read_back) {
    const ScratchDir dir;
    auto writer = CsvWriter::create(dir.path("f.csv"), {"only"});
    ASSERT_TRUE(writer->field("").end_row());
    ASSERT_TRUE(writer->close());
    EXPECT_EQ(contents(dir.path("f.csv")), "only\n\"\"\n");
}

TEST(CsvWriter, the_reader_gives_back_whatever_was_written) {
    constexpr unsigned kSeed = 2026;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    const ScratchDir dir;
    std::vector<std::string> written;
    {
        auto writer = CsvWriter::create(dir.path("f.csv"), {"a", "b"});
        ASSERT_TRUE(writer);
        for (int i = 0; i < 60'000; ++i) {
            std::string field(random() % 12, ' ');
            for (char& c : field) c = "ab,\"\n\r "[random() % 7];
            writer->field(field);
            if (i % 2 == 1) {
                ASSERT_TRUE(writer->end_row());
            }
            written.push_back(field);
        }
    }  // the destructor flushes
    auto reader = CsvReader::open(dir.path("f.csv"));
    ASSERT_TRUE(reader);
    CsvRow row;
    std::vector<std::string> read;
    for (auto more = reader->next(row); more && *more; more = reader->next(row)) {
        read.insert(read.end(), row.fields.begin(), row.fields.end());
    }
    EXPECT_TRUE(read == written);
}

TEST(CsvWriter, drops_the_row_that_was_not_ended) {
    const ScratchDir dir;
    {
        auto writer = CsvWriter::create(dir.path("f.csv"), {"a"});
        ASSERT_TRUE(writer->field("whole").end_row());
        writer->field("half");
    }
    EXPECT_EQ(contents(dir.path("f.csv")), "a\nwhole\n");
}

TEST(CsvWriter, reports_a_full_disk_and_goes_on_reporting_it) {
    auto writer = CsvWriter::create("/dev/full", {"a"});
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->field("x").end_row()) << "still buffered";
    const Status full = writer->flush();
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().text, "/dev/full: the disk is full; free some space");
    EXPECT_FALSE(writer->field("y").end_row());
    EXPECT_FALSE(writer->close());
}

TEST(CsvWriter, leaves_whole_rows_when_the_disk_fills_up_in_the_middle) {
    const ScratchDir dir;
    const std::string path = dir.path("f.csv");
    // A size limit on the files of a child stops a write in its middle as a full disk does.
    const pid_t child = ::fork();
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit = {600'001, 600'001};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        auto writer = CsvWriter::create(path, {"row", "text"});
        bool failed = !writer;
        for (int i = 0; i < 100'000 && !failed; ++i)
            failed = !writer->field(i).field("some text").end_row();
        ::_exit(failed ? 0 : 1);
    }
    int status = 1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0) << "the writer must have failed";
    auto reader = CsvReader::open(path);
    ASSERT_TRUE(reader);
    CsvRow row;
    std::size_t rows = 0;
    auto more = reader->next(row);
    for (; more && *more; more = reader->next(row)) {
        ++rows;
        EXPECT_EQ(row.fields[1], "some text");
    }
    EXPECT_TRUE(more);
    EXPECT_GT(rows, 10'000u);
    EXPECT_TRUE(contents(path).ends_with("\n"));
}

TEST(CsvWriter, reports_a_closed_pipe) {
    const ScratchDir dir;
    const std::string path = dir.path("pipe");
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    const int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK);
    auto writer = CsvWriter::create(path, {"a"});
    ASSERT_TRUE(writer);
    ::close(reader);
    const auto before = std::signal(SIGPIPE, SIG_IGN);
    const Status closed = writer->close();
    std::signal(SIGPIPE, before);
    ASSERT_FALSE(closed);
    EXPECT_EQ(closed.error().code, ErrorCode::kUnwritable);
}

}  // namespace
}  // namespace ringfence
