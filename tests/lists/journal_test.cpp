#include "ringfence/lists/journal.hpp"
#include "base/deep.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "source/files.hpp"

namespace ringfence {
namespace {

JournalRecord add(std::string digits, std::optional<Time> expires = {}, std::string source = {}) {
    JournalRecord record;
    record.list = "fraud-cards";
    record.entry.text = std::move(digits);
    record.expires = expires;
    record.source = std::move(source);
    return record;
}

struct Opened {
    Result<Journal> journal = Error{};
    std::vector<JournalRecord> records;
};

Opened open(const std::string& path) {
    Opened opened;
    opened.journal =
        Journal::open(path, [&](const JournalRecord& record) { opened.records.push_back(record); });
    return opened;
}

// Whether `holds` is true in a child, whose limits go with it.
template <class Check>
bool holds_in_child(Check holds) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(holds() ? 0 : 1);
    int status = 0;
    return child > 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

std::vector<JournalRecord> samples() {
    JournalRecord remove = add("8617000001234");
    remove.kind = JournalRecord::Kind::kRemove;
    JournalRecord range = add("33639980000");
    range.entry.kind = EntryKind::kRange;
    range.entry.last = "33639980099";
    range.entry.min_length = range.entry.max_length = 11;
    JournalRecord domain = add("a b%c.example\x7F\n", {}, "\xE8\xAD\xA6\xE6\x96\xB9 1");
    domain.entry.kind = EntryKind::kDomain;
    JournalRecord sure = add("8617000001236", {}, "feed");
    sure.since = time_from_ms(1'772'352'000'000);
    sure.confidence = 90;
    JournalRecord unsure = add("8617000001237");
    unsure.confidence = 0;
    return {add("8617000001234", time_from_ms(1'772'352'000'123), "police"),
            remove,
            range,
            domain,
            sure,
            unsure,
            add("1", time_from_ms(-5))};
}

TEST(Journal, gives_back_after_a_restart_what_was_appended) {
    const test::ScratchDir folder;
    const std::string path = folder.path("live.journal");
    {
        auto first = open(path);
        ASSERT_TRUE(first.journal) << first.journal.error().text;
        EXPECT_TRUE(first.records.empty());
        for (const auto& record : samples()) ASSERT_TRUE(first.journal->append(record));
        ASSERT_TRUE(first.journal->sync());
    }
    const auto again = open(path);
    ASSERT_TRUE(again.journal);
    EXPECT_EQ(again.records, samples());
    EXPECT_TRUE(again.journal->damage().empty());
    EXPECT_EQ(again.journal->bytes(), std::filesystem::file_size(path));
}

TEST(Journal, is_readable_by_its_owner_alone) {
    const test::ScratchDir folder;
    const std::string path = folder.path("live.journal");
    ASSERT_TRUE(open(path).journal);
    struct stat facts {};
    ASSERT_EQ(::stat(path.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777u, 0600u);
}

// Cut anywhere, the whole records before the cut are given back, and what is appended then is too.
TEST(Journal, survives_a_tail_torn_anywhere) {
    const test::ScratchDir folder;
    const std::string path = folder.path("live.journal");
    {
        auto journal = open(path);
        for (const auto& record : samples()) ASSERT_TRUE(journal.journal->append(record));
    }
    const std::string whole = test::contents(path);
    const std::size_t step = test::deep() ? 1 : 3;
    for (std::size_t size = 0; size <= whole.size(); size += step) {
        folder.file("live.journal", whole.substr(0, size));
        std::size_t lines = 0;
        for (std::size_t i = 0; i < size; ++i) lines += whole[i] == '\n';
        const std::size_t records = lines == 0 ? 0 : lines - 1;
        {
            auto torn = open(path);
            ASSERT_TRUE(torn.journal) << size << " " << torn.journal.error().text;
            ASSERT_EQ(torn.records.size(), records) << size;
            const bool clean = size == 0 || lines == 0 || whole[size - 1] == '\n';
            ASSERT_EQ(torn.journal->damage().empty(), clean) << size;
            ASSERT_TRUE(torn.journal->append(add("8617000009999")));
        }
        const auto after = open(path);
        ASSERT_EQ(after.records.size(), records + 1) << size;
        ASSERT_EQ(after.records.back().entry.text, "8617000009999");
        ASSERT_TRUE(after.journal->damage().empty());
    }
}

TEST(Journal, skips_and_reports_a_damaged_record_in_the_middle) {
    const test::ScratchDir folder;
    const std::string path = folder.path("live.journal");
    {
        auto journal = open(path);
        for (int i = 0; i < 3; ++i)
            ASSERT_TRUE(journal.journal->append(add("861700000123" + std::to_string(i))));
    }
    std::string bytes = test::contents(path);
    bytes[bytes.find("1231") + 3] = '7';
    folder.file("live.journal", bytes);
    const auto damaged = open(path);
    ASSERT_TRUE(damaged.journal);
    EXPECT_EQ(damaged.records.size(), 2u);
    ASSERT_EQ(damaged.journal->damage().size(), 1u);
    EXPECT_NE(damaged.journal->damage()[0].text.find("live.journal:3: "), std::string::npos);
}

TEST(Journal, bears_random_bytes) {
    const test::ScratchDir folder;
    const unsigned seed = 8;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    for (int round = 0; round < 100; ++round) {
        std::string bytes = "ringfence-journal 1\n";
        for (auto left = random() % 200; left > 0; --left)
            bytes.push_back("0a+- \n%\xFF\0="[random() % 10]);
        folder.file("random.journal", bytes);
        ASSERT_TRUE(open(folder.path("random.journal")).journal);
    }
}

TEST(Journal, has_one_writer) {
    const test::ScratchDir folder;
    const auto first = open(folder.path("live.journal"));
    ASSERT_TRUE(first.journal);
    const auto second = open(folder.path("live.journal"));
    ASSERT_FALSE(second.journal);
    EXPECT_EQ(second.journal.error().code, ErrorCode::kBusy);
}

// One opens, appends and closes, the other opens, compacts and closes: each waits for the other's lock, and none
// ever holds the lock of a file that has been replaced.
TEST(Journal, loses_nothing_that_is_appended_between_compactions_of_another) {
    const test::ScratchDir folder;
    const std::string path = folder.path("live.journal");
    const auto until =
        std::chrono::steady_clock::now() + std::chrono::seconds(test::deep() ? 8 : 1);
    std::atomic<bool> over{false};
    std::atomic<unsigned> surprises{0};
    const auto wait_out = [&](const Opened& opened) {
        const bool held =
            opened.journal.error().text.find("give each its own") != std::string::npos;
        if (!held) ++surprises;
    };
    std::thread compactor([&] {
        while (!over) {
            {
                auto opened = open(path);
                if (!opened.journal)
                    wait_out(opened);
                else if (!opened.journal->compact(opened.records))
                    ++surprises;
            }
            std::this_thread::yield();  // the lock is nobody's turn: let the other have it
        }
    });
    constexpr unsigned kLeast = 3;
    unsigned appended = 0;
    while (appended < kLeast || std::chrono::steady_clock::now() < until) {
        auto opened = open(path);
        if (!opened.journal)
            wait_out(opened);
        else if (opened.journal->append(add(std::to_string(10'000'000 + appended))))
            ++appended;
    }
    over = true;
    compactor.join();
    EXPECT_EQ(surprises, 0u);
    const auto after = open(path);
    ASSERT_TRUE(after.journal);
    EXPECT_TRUE(after.journal->damage().empty());
    EXPECT_EQ(after.records.size(), appended);
}

TEST(Journal, refuses_what_is_no_journal) {
    const test::ScratchDir folder;
    const auto other = open(folder.file("policy.toml", "[screen]\ncountry = \"CN\"\n"));
    ASSERT_FALSE(other.journal);
    EXPECT_EQ(other.journal.error().code, ErrorCode::kSyntax);
    EXPECT_EQ(test::contents(folder.path("policy.toml")), "[screen]\ncountry = \"CN\"\n");
    EXPECT_FALSE(open(folder.path("")).journal);
    EXPECT_FALSE(open(folder.path("absent/live.journal")).journal);
}

TEST(Journal, keeps_its_whole_records_when_the_disk_is_full) {
    const test::ScratchDir folder;
    const std::string path = folder.path("live.journal");
    const bool held = holds_in_child([&] {
        auto journal = open(path);
        if (!journal.journal || !journal.journal->append(add("8617000001234"))) return false;
        const rlim_t size = journal.journal->bytes();
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{size + 10, size + 10};  // room for a part of a record
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const auto full = journal.journal->append(add("8617000001235"));
        return !full && full.error().code == ErrorCode::kUnwritable &&
               journal.journal->bytes() == size;
    });
    EXPECT_TRUE(held);
    const auto again = open(path);
    ASSERT_EQ(again.records.size(), 1u);
    EXPECT_TRUE(again.journal->damage().empty());
}

TEST(Journal, compacts_to_what_still_holds) {
    const test::ScratchDir folder;
    const std::string path = folder.path("live.journal");
    {
        auto journal = open(path);
        for (int i = 0; i < 100; ++i)
            ASSERT_TRUE(journal.journal->append(add("861700000" + std::to_string(1000 + i))));
        const auto before = journal.journal->bytes();
        ASSERT_TRUE(journal.journal->compact({add("8617000001234")}));
        EXPECT_LT(journal.journal->bytes(), before);
        ASSERT_TRUE(journal.journal->append(add("8617000001235")));
        EXPECT_FALSE(open(path).journal);  // still held
    }
    const auto again = open(path);
    ASSERT_EQ(again.records.size(), 2u);
    EXPECT_EQ(again.records[1].entry.text, "8617000001235");
}

TEST(Journal, gives_a_host_that_was_written_in_its_letters_the_key_of_today) {
    test::ScratchDir folder;
    const std::string path = folder.path("live.journal");
    JournalRecord host = add("\xD0\xBF\xD1\x80\xD0\xB8\xD0\xBC\xD0\xB5\xD1\x80.example");
    host.entry.kind = EntryKind::kDomain;
    JournalRecord account = add("\xD0\xBF\xD1\x80\xD0\xB8");
    account.entry.kind = EntryKind::kAccount;
    {
        Opened opened = open(path);
        ASSERT_TRUE(opened.journal->append(host));
        ASSERT_TRUE(opened.journal->append(account));
    }
    const Opened again = open(path);
    ASSERT_EQ(again.records.size(), 2u);
    EXPECT_EQ(again.records[0].entry.text, "xn--e1afmkfd.example");
    EXPECT_EQ(again.records[1], account);
}

TEST(Journal, keeps_whose_an_entry_is) {
    test::ScratchDir folder;
    const std::string path = folder.path("live.journal");
    JournalRecord put = add("8617000001234", time_from_ms(5'000), "anna");
    put.entry.subscriber = Number::from_digits("8613800002222");
    put.confidence = 50;
    JournalRecord gone = add("8617000001235");
    gone.kind = JournalRecord::Kind::kRemove;
    gone.entry.subscriber = Number::from_digits("0");
    {
        Opened opened = open(path);
        ASSERT_TRUE(opened.journal);
        ASSERT_TRUE(opened.journal->append(put));
        ASSERT_TRUE(opened.journal->append(add("8617000001236")));
        ASSERT_TRUE(opened.journal->append(gone));
    }
    const Opened again = open(path);
    ASSERT_TRUE(again.journal);
    EXPECT_TRUE(again.journal->damage().empty());
    const std::vector<JournalRecord> expected = {put, add("8617000001236"), gone};
    EXPECT_EQ(again.records, expected);
    EXPECT_NE(Journal::line_of(put).find(" +@ fraud-cards 8613800002222 exact 0 24 8617000001234 "),
              std::string::npos);
}

}  // namespace
}  // namespace ringfence
