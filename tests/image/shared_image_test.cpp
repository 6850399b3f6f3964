// One writer and many readers on the same memory: what each sees, and what is refused.
#include "ringfence/image/shared_image.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <thread>

#include "image/shared_fixture.hpp"

namespace ringfence {
namespace {

using namespace sample;
using std::chrono::milliseconds;

TEST(SharedImage, a_reader_sees_what_was_published_last) {
    const auto shared = SharedImage::create(kSmall);
    ASSERT_TRUE(shared) << shared.error().text;
    auto reader = shared->reader();
    auto writer = shared->writer();
    ASSERT_TRUE(reader && writer);
    {
        const SharedPin pin(*reader);
        EXPECT_EQ(pin.tables(), nullptr);
        EXPECT_EQ(pin.status().error().code, ErrorCode::kMissing);
    }
    for (std::uint64_t generation = 1; generation <= 5; ++generation) {
        const auto published = writer->publish(generation_lists(generation).contents(generation));
        ASSERT_TRUE(published) << published.error().text;
        EXPECT_EQ(*published, generation);
        const SharedPin pin(*reader);
        EXPECT_EQ(pin.generation(), generation);
        EXPECT_TRUE(whole(pin));
        EXPECT_TRUE(pin.verify());
        const auto lists = pin.lists();
        ASSERT_TRUE(lists) << lists.error().text;
        EXPECT_EQ(lists->lists, generation_lists(generation).lists);
        EXPECT_EQ(lists->serial, generation);
    }
    EXPECT_EQ(shared->generation(), 5u);
}

TEST(SharedImage, an_image_of_a_file_is_published) {
    const std::string path = path_of("image.rft");
    ASSERT_TRUE(write_image(path, fiction().contents()));
    const auto image = Image::read(path);
    ASSERT_TRUE(image);
    const auto shared = SharedImage::create(kSmall);
    ASSERT_TRUE(shared->writer()->publish(*image));
    auto reader = shared->reader();
    const SharedPin pin(*reader);
    ASSERT_NE(pin.tables(), nullptr);
    EXPECT_TRUE(pin.verify());
    const Number listed = Number::from_digits("33639980010");
    const auto expected = image->tables().numbers->lists(listed);
    const auto found = pin.tables()->numbers.lists(listed);
    ASSERT_FALSE(expected.empty());
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), found.begin(), found.end()));
    EXPECT_EQ(pin.lists()->sub_lists.all().size(), image->sub_lists().all().size());
    std::filesystem::remove(path);
}

TEST(SharedImage, a_pin_keeps_its_generation_and_then_stops_the_writer) {
    const auto shared = SharedImage::create(kSmall);
    auto reader = shared->reader();
    auto writer = shared->writer();
    ASSERT_TRUE(writer->publish(generation_lists(1).contents()));
    {
        const SharedPin pin(*reader);
        ASSERT_TRUE(writer->publish(generation_lists(2).contents(), milliseconds(0)));
        const auto refused = writer->publish(generation_lists(3).contents(), milliseconds(5));
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::kBusy);
        EXPECT_NE(refused.error().text.find("process " + std::to_string(::getpid())),
                  std::string::npos);
        EXPECT_FALSE(writer->release_spare());
        EXPECT_EQ(pin.generation(), 1u);
        EXPECT_TRUE(whole(pin));
    }
    EXPECT_TRUE(writer->publish(generation_lists(3).contents(), milliseconds(0)));
}

TEST(SharedImage, a_second_writer_is_refused_while_the_first_lives) {
    const std::string path = path_of("second");
    const auto shared = SharedImage::create(path, kSmall);
    ASSERT_TRUE(shared) << shared.error().text;
    {
        auto writer = shared->writer();
        ASSERT_TRUE(writer);
        const auto refused = SharedImage::open(path)->writer();
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::kBusy);
        EXPECT_NE(refused.error().text.find("process " + std::to_string(::getpid())),
                  std::string::npos);
        Child child([&] { return SharedImage::open(path)->writer() ? 1 : 0; });
        EXPECT_EQ(child.wait(), 0);
    }
    EXPECT_TRUE(shared->writer());
    std::filesystem::remove(path);
}

TEST(SharedImage, readers_run_out_and_come_back) {
    const auto shared = SharedImage::create(kSmall);
    std::vector<SharedReader> readers;
    for (unsigned i = 0; i < kSmall.readers; ++i) {
        auto reader = shared->reader();
        ASSERT_TRUE(reader);
        readers.push_back(*std::move(reader));
    }
    const auto refused = shared->reader();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kFull);
    readers.pop_back();
    EXPECT_TRUE(shared->reader());
    readers.clear();
    std::vector<Child> children;
    int ready[2];
    ASSERT_EQ(::pipe(ready), 0);
    for (unsigned i = 0; i < kSmall.readers; ++i)
        children.emplace_back([&] {
            auto reader = shared->reader();
            const char done = reader ? '1' : '0';
            static_cast<void>(!::write(ready[1], &done, 1));
            ::pause();
            return 0;
        });
    char done = 0;
    for (unsigned i = 0; i < kSmall.readers; ++i) {
        ASSERT_EQ(::read(ready[0], &done, 1), 1);
        ASSERT_EQ(done, '1');
    }
    EXPECT_FALSE(shared->reader());
    ASSERT_TRUE(children.back().kill_only());  // its parent has not asked yet
    EXPECT_TRUE(shared->reader());
}

TEST(SharedImage, tables_larger_than_an_arena_are_refused) {
    const auto shared = SharedImage::create(kSmall);  // an arena is rounded up to 2 MB
    auto writer = shared->writer();
    ASSERT_TRUE(writer->publish(generation_lists(1).contents()));
    Lists large = generation_lists(2);
    for (unsigned i = 0; i < 300'000; ++i)
        if (!large.tables.numbers->insert(Number::from_digits("1555" + std::to_string(1000000 + i)),
                                          0)) {
            large.tables.numbers = std::make_shared<NumberTable>(*large.tables.numbers->grown());
            --i;
        }
    const auto refused = writer->publish(large.contents());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kFull);
    auto reader = shared->reader();
    const SharedPin pin(*reader);
    EXPECT_TRUE(whole(pin));
    EXPECT_EQ(pin.generation(), 1u);
}

TEST(SharedImage, a_spare_arena_is_given_back) {
    const auto shared = SharedImage::create(kSmall);
    auto writer = shared->writer();
    ASSERT_TRUE(writer->publish(generation_lists(1).contents()));
    const std::uint64_t one = shared->memory_bytes();
    ASSERT_TRUE(writer->publish(generation_lists(2).contents()));
    EXPECT_GT(shared->memory_bytes(), one);
    ASSERT_TRUE(writer->release_spare());
    EXPECT_LE(shared->memory_bytes(), one);
    auto reader = shared->reader();
    EXPECT_TRUE(whole(SharedPin(*reader)));
    ASSERT_TRUE(writer->publish(generation_lists(3).contents()));
    EXPECT_TRUE(whole(SharedPin(*reader)));
}

TEST(SharedImage, a_child_makes_its_own_and_leaves_its_parents_alone) {
    const auto shared = SharedImage::create(kSmall);
    auto writer = shared->writer();
    ASSERT_TRUE(writer->publish(generation_lists(1).contents()));
    std::optional<SharedReader> reader = *shared->reader();
    std::optional<SharedPin> pin(std::in_place, *reader);
    Child child([&] {
        if (writer->publish(generation_lists(2).contents())) return 1;
        pin.reset();  // the parent's
        const SharedPin forked(*reader);
        if (forked.tables() != nullptr ||
            forked.status().error().code != ErrorCode::kInvalidArgument)
            return 2;
        reader.reset();
        auto mine = shared->reader();
        if (!mine) return 3;
        const SharedPin own(*mine);
        return whole(own) ? 0 : 4;
    });
    EXPECT_EQ(child.wait(), 0);
    ASSERT_TRUE(writer->publish(generation_lists(2).contents()));
    EXPECT_FALSE(writer->publish(generation_lists(3).contents(), milliseconds(0)));  // still pinned
    EXPECT_TRUE(whole(*pin));
}

TEST(SharedImage, a_reader_has_one_pin_at_a_time) {
    const auto shared = SharedImage::create(kSmall);
    ASSERT_TRUE(shared->writer()->publish(generation_lists(1).contents()));
    auto reader = shared->reader();
    const SharedPin outer(*reader);
    {
        const SharedPin inner(*reader);
        EXPECT_EQ(inner.tables(), nullptr);
        EXPECT_EQ(inner.status().error().code, ErrorCode::kInvalidArgument);
    }
    EXPECT_TRUE(whole(outer));
}

TEST(SharedImage, files_are_made_once_and_opened_by_those_who_may) {
    const std::string path = path_of("file");
    EXPECT_EQ(SharedImage::open(path).error().code, ErrorCode::kUnreadable);
    ASSERT_TRUE(SharedImage::create(path, kSmall));
    EXPECT_EQ(SharedImage::create(path, kSmall).error().code, ErrorCode::kRefused);
    const auto opened = SharedImage::open(path);
    ASSERT_TRUE(opened) << opened.error().text;
    EXPECT_EQ(opened->readers(), kSmall.readers);
    EXPECT_EQ(opened->arena_bytes(), 2u << 20u);
    struct stat about = {};
    ASSERT_EQ(::stat(path.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777u, 0600u);
    for (const unsigned mode : {0602u, 0620u}) {
        ASSERT_EQ(::chmod(path.c_str(), mode), 0);
        EXPECT_EQ(SharedImage::open(path).error().code, ErrorCode::kRefused);
    }
    ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
    EXPECT_TRUE(SharedImage::open(path));
    constexpr unsigned kAnother = 12345;
    if (::chown(path.c_str(), kAnother, kAnother) == 0) {  // only root may
        EXPECT_EQ(SharedImage::open(path).error().code, ErrorCode::kRefused);
    }
    std::filesystem::remove(path);
    for (const SharedImageOptions& bad :
         {SharedImageOptions{.arena_bytes = 0}, SharedImageOptions{.readers = 0},
          SharedImageOptions{.arena_bytes = UINT64_MAX}, SharedImageOptions{.readers = 5000}})
        EXPECT_EQ(SharedImage::create(bad).error().code, ErrorCode::kOutOfRange);
}

TEST(SharedImage, an_endless_patience_is_one) {
    const auto shared = SharedImage::create(kSmall);
    auto reader = shared->reader();
    auto writer = shared->writer();
    ASSERT_TRUE(writer->publish(generation_lists(1).contents()));
    std::optional<SharedPin> pin(std::in_place, *reader);
    ASSERT_TRUE(writer->publish(generation_lists(2).contents()));
    std::thread publishing(
        [&] { EXPECT_TRUE(writer->publish(generation_lists(3).contents(), milliseconds::max())); });
    std::this_thread::sleep_for(milliseconds(50));
    pin.reset();
    publishing.join();
    EXPECT_EQ(shared->generation(), 3u);
}

// A worker that gave up its root, or is out of descriptors, goes on making readers.
TEST(SharedImage, a_process_is_known_by_what_it_was_at_first) {
    const auto shared = SharedImage::create(kSmall);
    ASSERT_TRUE(shared->writer()->publish(generation_lists(1).contents()));
    const auto reads_after = [&](const std::function<bool()>& change) {
        if (!shared->reader()) return 1;
        if (!change()) return 77;
        auto reader = shared->reader();
        if (!reader) return 2;
        return whole(SharedPin(*reader)) ? 0 : 3;
    };
    const auto no_descriptors = [] {
        const rlimit none{0, 0};
        return ::setrlimit(RLIMIT_NOFILE, &none) == 0;
    };
    EXPECT_EQ(Child([&] { return reads_after(no_descriptors); }).wait(), 0);
    // One that never was known cannot be: that is no other container.
    Child late([&] {
        if (!no_descriptors()) return 1;
        return shared->reader().error().code == ErrorCode::kUnsupported ? 0 : 2;
    });
    EXPECT_EQ(late.wait(), 0);
    const std::string root = path_of("root");
    std::filesystem::create_directory(root);
    const int chrooted =
        Child([&] { return reads_after([&] { return ::chroot(root.c_str()) == 0; }); }).wait();
    std::filesystem::remove(root);
    if (chrooted == 77) GTEST_SKIP() << "may not change its root";
    EXPECT_EQ(chrooted, 0);
}

// On a file system in memory that is full a store would end the process: what is written without asking is taken at first.
TEST(SharedImage, a_file_without_room_for_its_words_is_not_made) {
    const std::string folder = path_of("full");
    std::filesystem::create_directory(folder);
    Child child([&] {
        if (::unshare(CLONE_NEWNS) != 0 ||
            ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            ::mount("none", folder.c_str(), "tmpfs", 0, "size=2200k") != 0)
            return 77;
        const auto refused =
            SharedImage::create(folder + "/lists", {.arena_bytes = 1 << 20, .readers = 4096});
        if (refused) return 1;
        if (refused.error().code != ErrorCode::kUnwritable) return 2;
        const auto made =
            SharedImage::create(folder + "/lists", {.arena_bytes = 1 << 20, .readers = 256});
        return made && made->reader() ? 0 : 3;
    });
    const int found = child.wait();
    std::filesystem::remove(folder);
    if (found == 77) GTEST_SKIP() << "may not mount";
    EXPECT_EQ(found, 0);
}

}  // namespace
}  // namespace ringfence
