#include "ringfence/source/file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <random>
#include <string>
#include <thread>

#include "ringfence/source/fresh_file.hpp"
#include "source/files.hpp"

namespace ringfence {
namespace {

using test::compressed;
using test::ScratchDir;

std::string error_of(const Result<std::string>& result) {
    return result ? "no error" : result.error().text;
}

TEST(File, reads_all_of_a_file) {
    const ScratchDir dir;
    const std::string text(300'000, 'x');
    EXPECT_EQ(*read_file(dir.file("a", text), text.size()), text);
    EXPECT_EQ(*read_file(dir.file("b", ""), 10), "");
    EXPECT_EQ(*read_file(dir.file("c", "ab"), 10), "ab");
}

TEST(File, refuses_more_than_the_bound) {
    const ScratchDir dir;
    const std::string path = dir.file("a", "12345");
    EXPECT_TRUE(read_file(path, 5));
    const auto refused = read_file(path, 4);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kTooLarge);
    EXPECT_EQ(refused.error().text, path + ": holds more than 4 bytes; split it");
}

TEST(File, names_an_absent_file_and_a_directory) {
    const ScratchDir dir;
    EXPECT_EQ(error_of(read_file(dir.path("none"), 10)),
              dir.path("none") + ": does not exist; check the path");
    EXPECT_EQ(error_of(read_file(dir.path(""), 10)),
              dir.path("") + ": is a directory; name a file");
}

TEST(File, opens_no_pipe_device_or_socket_unless_asked) {
    const ScratchDir dir;
    const std::string pipe = dir.path("pipe");
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_EQ(error_of(read_file(pipe, 10)), pipe + ": is a pipe; name a file");
    EXPECT_EQ(error_of(read_file("/dev/zero", 10)), "/dev/zero: is a device; name a file");
    std::filesystem::create_symlink("/dev/zero", dir.path("link"));
    EXPECT_EQ(error_of(read_file(dir.path("link"), 10)),
              dir.path("link") + ": is a device; name a file");
    std::filesystem::create_symlink(dir.file("a", "content"), dir.path("good"));
    EXPECT_EQ(*read_file(dir.path("good"), 10), "content");
    EXPECT_EQ(error_of(read_file("-", 10)), "-: does not exist; check the path");
    auto zero = InputFile::open("/dev/zero", {.streams = true});
    ASSERT_TRUE(zero) << zero.error().text;
    char buffer[4] = {1, 1, 1, 1};
    EXPECT_EQ(*zero->read(buffer), sizeof buffer);
    EXPECT_EQ(std::string(buffer, 4), std::string(4, '\0'));
    EXPECT_EQ(InputFile::open(dir.path(""), {.streams = true}).error().text,
              dir.path("") + ": is a directory; name a file");
}

TEST(File, names_a_file_that_may_not_be_read) {
    const ScratchDir dir;
    const std::string path = dir.file("a", "secret");
    ASSERT_EQ(::chmod(path.c_str(), 0), 0);
    ASSERT_EQ(::chmod(dir.path("").c_str(), 0755), 0);
    EXPECT_TRUE(test::holds_without_privilege([&] {
        return error_of(read_file(path, 10)) == path + ": may not be read; check its permissions";
    }));
}

TEST(File, names_a_file_whose_reading_fails) {
    // The first page of a process is never mapped, so this reads as a failing disk does.
    const auto text = read_file("/proc/self/mem", 10);
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().code, ErrorCode::kUnreadable);
    EXPECT_TRUE(text.error().text.starts_with("/proc/self/mem: cannot be read: "))
        << text.error().text;
}

TEST(File, unpacks_zstd_by_content_whatever_its_name) {
    const ScratchDir dir;
    std::string text;
    std::mt19937 random(2026);
    for (int i = 0; i < 500'000; ++i) text.push_back(static_cast<char>('a' + random() % 20));
    EXPECT_EQ(*read_file(dir.file("plain-name", compressed(text)), text.size()), text);
    EXPECT_EQ(*read_file(dir.file("two-frames", compressed("one,") + compressed("two")), 10),
              "one,two");
    EXPECT_EQ(*read_file(dir.file("empty.zst", compressed("")), 10), "");
    EXPECT_EQ(*read_file(dir.file("plain.zst", "not packed"), 10), "not packed");
}

TEST(File, bounds_what_a_small_file_unpacks_to) {
    const ScratchDir dir;
    const std::string bomb = compressed(std::string(20'000'000, '0'));
    ASSERT_LT(bomb.size(), 10'000u);
    const auto refused = read_file(dir.file("bomb.zst", bomb), 1'000'000);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kTooLarge);
}

TEST(File, tells_a_cut_stream_from_a_damaged_one) {
    const ScratchDir dir;
    const std::string whole = compressed(std::string(100'000, 'a') + std::string(100'000, 'b'));
    const std::string cut = dir.file("cut.zst", whole.substr(0, whole.size() - 3));
    EXPECT_EQ(error_of(read_file(cut, 1u << 20u)),
              cut + ": ends inside its zstd stream; get the whole file");
    std::string spoilt = whole;
    spoilt[4] = '\xFF';
    spoilt[9] = static_cast<char>(~spoilt[9]);
    const std::string path = dir.file("spoilt.zst", spoilt);
    EXPECT_TRUE(
        error_of(read_file(path, 1u << 20u)).starts_with(path + ": its zstd stream is damaged ("))
        << error_of(read_file(path, 1u << 20u));
}

TEST(File, says_what_to_do_with_gzip) {
    const ScratchDir dir;
    const auto refused = read_file(dir.file("a.gz", "\x1f\x8b\x08 and so on"), 100);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
}

extern "C" void do_nothing(int) {}

// Runs `read` in a thread, and sends that thread `signals` signals, whose handler interrupts system calls.
template <class Read>
void interrupt_while(Read read, int signals) {
    struct sigaction action = {};
    struct sigaction before = {};
    action.sa_handler = do_nothing;
    ASSERT_EQ(sigaction(SIGUSR1, &action, &before), 0);
    std::thread reader(read);
    for (int i = 0; i < signals; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        pthread_kill(reader.native_handle(), SIGUSR1);
    }
    reader.join();
    ASSERT_EQ(sigaction(SIGUSR1, &before, nullptr), 0);
}

TEST(File, reads_on_when_a_signal_cuts_it_short) {
    const ScratchDir dir;
    const std::string path = dir.path("fifo");
    ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
    std::thread writer([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        const int fd = open(path.c_str(), O_WRONLY);
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        EXPECT_EQ(write(fd, "abcdef", 6), 6);
        close(fd);
    });
    std::string text;
    interrupt_while(
        [&] {
            auto file = InputFile::open(path, {.streams = true});
            ASSERT_TRUE(file) << file.error().text;
            char buffer[10];
            while (const std::size_t got = *file->read(buffer)) text.append(buffer, got);
        },
        15);
    writer.join();
    EXPECT_EQ(text, "abcdef");
}

TEST(File, ends_a_wait_when_woken_and_not_by_a_signal) {
    const ScratchDir dir;
    const std::string path = dir.path("fifo");
    ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
    int wake[2];
    ASSERT_EQ(pipe(wake), 0);
    auto file = InputFile::open(path, {.streams = true, .wake = wake[0]});  // waits for no writer
    ASSERT_TRUE(file) << file.error().text;
    std::atomic<bool> ended{false};
    std::thread waker([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(150));
        EXPECT_FALSE(ended);
        EXPECT_EQ(write(wake[1], "", 1), 1);
    });
    char buffer[8];
    interrupt_while(
        [&] {
            const auto got = file->read(buffer);
            ended = true;
            ASSERT_FALSE(got);
            EXPECT_EQ(got.error().code, ErrorCode::kUnreadable);
            EXPECT_EQ(got.error().text, path + ": reading was interrupted; start again");
        },
        5);
    waker.join();
    close(wake[0]);
    close(wake[1]);
}

TEST(File, writes_what_is_read_back) {
    const ScratchDir dir;
    ASSERT_TRUE(write_file(dir.path("a"), "first, and longer"));
    ASSERT_TRUE(write_file(dir.path("a"), "second"));
    EXPECT_EQ(test::contents(dir.path("a")), "second");
}

TEST(File, reports_a_full_disk) {
    const Status full = write_file("/dev/full", "x");
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, ErrorCode::kUnwritable);
    EXPECT_EQ(full.error().text, "/dev/full: the disk is full; free some space");
}

TEST(File, reports_where_nothing_can_be_written) {
    const ScratchDir dir;
    EXPECT_EQ(write_file(dir.path("none/a"), "x").error().text,
              dir.path("none/a") + ": its directory does not exist; make it first");
    EXPECT_EQ(write_file(dir.path(""), "x").error().text,
              dir.path("") + ": is a directory; name a file");
}

TEST(File, replaces_a_file_whole_or_not_at_all) {
    ScratchDir dir;
    const std::string path = dir.file("state", "before");
    ASSERT_TRUE(replace_file(path, "after"));
    EXPECT_EQ(*read_file(path, 100), "after");
    EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms(0600));
    EXPECT_EQ(dir.names(), std::vector<std::string>{"state"});
    const auto before = std::signal(SIGXFSZ, SIG_IGN);
    rlimit old{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
    const rlimit tight{10, old.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
    const Status lost = replace_file(path, "longer than ten octets");
    ::setrlimit(RLIMIT_FSIZE, &old);
    std::signal(SIGXFSZ, before);
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code, ErrorCode::kUnwritable);
    EXPECT_EQ(lost.error().text.rfind(path + ": may not grow", 0), 0u) << lost.error().text;
    EXPECT_EQ(*read_file(path, 100), "after");
    EXPECT_EQ(dir.names(), std::vector<std::string>{"state"});
}

TEST(File, replaces_nothing_but_what_it_was_asked_to) {
    ScratchDir dir;
    const std::string path = dir.file("state", "before");
    const std::string pid = std::to_string(::getpid());
    // The names that a fresh file may have next are another's.
    const std::string next = FreshFile::beside(path, 0600)->name();
    const std::size_t dash = next.rfind('-');
    const unsigned count = static_cast<unsigned>(std::stoul(next.substr(dash + 1)));
    std::vector<std::string> others = {path + ".new"};
    for (unsigned i = 1; i <= 3; ++i)
        others.push_back(path + "." + pid + "-" + std::to_string(count + i) + ".new");
    for (const std::string& other : others) ASSERT_TRUE(write_file(other, "another's"));
    std::filesystem::create_symlink(dir.path("aim"),
                                    path + "." + pid + "-" + std::to_string(count + 4) + ".new");
    ASSERT_TRUE(replace_file(path, "after"));
    EXPECT_EQ(*read_file(path, 100), "after");
    EXPECT_FALSE(std::filesystem::exists(dir.path("aim")));
    for (const std::string& other : others) EXPECT_EQ(*read_file(other, 100), "another's") << other;
}

TEST(File, replaces_the_file_that_a_link_leads_to) {
    ScratchDir dir;
    std::filesystem::create_directory(dir.path("far"));
    dir.file("far/state", "before");
    std::filesystem::create_symlink("far/state", dir.path("link"));
    ASSERT_TRUE(replace_file(dir.path("link"), "after"));
    EXPECT_TRUE(std::filesystem::is_symlink(dir.path("link")));
    EXPECT_EQ(*read_file(dir.path("far/state"), 100), "after");
    EXPECT_EQ(dir.names(), (std::vector<std::string>{"far", "link"}));
}

TEST(File, makes_the_file_that_a_link_leads_to) {
    ScratchDir dir;
    std::filesystem::create_directory(dir.path("far"));
    std::filesystem::create_symlink("far/state", dir.path("second"));
    std::filesystem::create_symlink(dir.path("second"), dir.path("link"));
    std::filesystem::create_symlink("round", dir.path("round"));
    std::filesystem::create_symlink("nowhere/state", dir.path("lost"));
    ASSERT_TRUE(replace_file(dir.path("link"), "after"));
    EXPECT_TRUE(std::filesystem::is_symlink(dir.path("link")));
    EXPECT_TRUE(std::filesystem::is_symlink(dir.path("second")));
    EXPECT_EQ(*read_file(dir.path("far/state"), 100), "after");
    EXPECT_FALSE(replace_file(dir.path("round"), "x"));
    EXPECT_FALSE(replace_file(dir.path("lost"), "x"));
    EXPECT_EQ(dir.names(), (std::vector<std::string>{"far", "link", "lost", "round", "second"}));
}

TEST(File, keeps_the_mode_of_what_it_replaces_when_asked) {
    ScratchDir dir;
    const std::string path = dir.file("state", "before");
    for (const unsigned mode : {0640u, 0600u, 0644u, 0400u}) {
        ASSERT_EQ(::chmod(path.c_str(), mode), 0);
        auto fresh = FreshFile::beside(path, 0666, FreshFile::OldMode::kKept);
        ASSERT_TRUE(fresh);
        ASSERT_TRUE(fresh->put_in_place());
        struct stat about = {};
        ASSERT_EQ(::stat(path.c_str(), &about), 0);
        EXPECT_EQ(about.st_mode & 0777u, mode);
    }
}

TEST(File, replaces_no_pipe_device_or_folder) {
    ScratchDir dir;
    const std::string pipe = dir.path("pipe");
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    std::filesystem::create_symlink("/dev/null", dir.path("null"));
    std::filesystem::create_directory(dir.path("folder"));
    for (const std::string name : {"pipe", "null"}) {
        const Status refused = replace_file(dir.path(name), "x");
        ASSERT_FALSE(refused) << name;
        EXPECT_EQ(refused.error().text,
                  dir.path(name) + ": is no regular file, and would be lost; name another");
    }
    EXPECT_EQ(replace_file(dir.path("folder"), "x").error().text,
              dir.path("folder") + ": is a directory; name a file");
    EXPECT_EQ(dir.names(), (std::vector<std::string>{"folder", "null", "pipe"}));
}

TEST(File, opens_no_other_file_than_the_path_says) {
    ScratchDir dir;
    const std::string path = dir.file("a", "content") + std::string("\0zzz", 4);
    for (const Status& status :
         {Status(InputFile::open(path).error()), Status(OutputFile::create(path).error()),
          replace_file(path, "x")}) {
        EXPECT_EQ(status.error().code, ErrorCode::kInvalidArgument);
        EXPECT_NE(status.error().text.find("holds a NUL"), std::string::npos);
    }
    EXPECT_EQ(*read_file(dir.path("a"), 100), "content");
}

TEST(File, reports_a_closed_pipe) {
    ScratchDir dir;
    const std::string path = dir.path("pipe");
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    const int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK);
    auto file = OutputFile::create(path);
    ASSERT_TRUE(file);
    ::close(reader);
    const auto before = std::signal(SIGPIPE, SIG_IGN);
    const Status closed = file->write("x");
    std::signal(SIGPIPE, before);
    ASSERT_FALSE(closed);
    EXPECT_EQ(closed.error().code, ErrorCode::kUnwritable);
    EXPECT_EQ(closed.error().text,
              path + ": nobody reads the pipe any more; keep the reader running");
}

}  // namespace
}  // namespace ringfence
