// One writer and many readers on the same memory: what each sees, and what is refused.
#include "ringfence/image/shared_image.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <random>
#include <thread>

#include "image/shared_fixture.hpp"

namespace ringfence {
namespace {

using namespace sample;
using std::chrono::milliseconds;

constexpr SharedImageOptions kSmall{.arena_bytes = 1 << 20, .readers = 8};

// Made anew for each test, beside others that run at the same time.
std::string path_of(const char* name) {
    const std::string path =
        testing::TempDir() + "ringfence-shared-" + name + "-" + std::to_string(::getpid());
    std::filesystem::remove(path);
    return path;
}

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
    children.back().kill_only();  // its parent has not asked yet
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
    ::chmod(path.c_str(), 0602);
    EXPECT_EQ(SharedImage::open(path).error().code, ErrorCode::kRefused);
    std::filesystem::remove(path);
    for (const SharedImageOptions& bad :
         {SharedImageOptions{.arena_bytes = 0}, SharedImageOptions{.readers = 0},
          SharedImageOptions{.arena_bytes = UINT64_MAX}, SharedImageOptions{.readers = 5000}})
        EXPECT_EQ(SharedImage::create(bad).error().code, ErrorCode::kOutOfRange);
}

// Octets of the file, changed behind everybody's back.
class Octets {
public:
    explicit Octets(const std::string& path) : fd_(::open(path.c_str(), O_RDWR | O_CLOEXEC)) {}
    ~Octets() { ::close(fd_); }
    template <class Value>
    void put(std::uint64_t offset, const Value& value) const {
        ASSERT_EQ(::pwrite(fd_, &value, sizeof(value), static_cast<off_t>(offset)),
                  ssize_t{sizeof(value)});
    }
    void cut(std::uint64_t bytes) const {
        ASSERT_EQ(::ftruncate(fd_, static_cast<off_t>(bytes)), 0);
    }

private:
    int fd_;
};

TEST(SharedImage, a_damaged_header_is_refused) {
    const std::string path = path_of("damaged");
    std::mt19937_64 random(3);
    for (unsigned at = 0; at < 48; ++at) {
        std::filesystem::remove(path);
        ASSERT_TRUE(SharedImage::create(path, kSmall));
        Octets(path).put(at, static_cast<std::uint8_t>(random() | 1u));
        const auto opened = SharedImage::open(path);
        if (!opened) {
            EXPECT_EQ(opened.error().code, ErrorCode::kSyntax);
        }
    }
    std::filesystem::remove(path);
    ASSERT_TRUE(SharedImage::create(path, kSmall));
    Octets(path).cut(1 << 20);
    EXPECT_EQ(SharedImage::open(path).error().code, ErrorCode::kSyntax);
    std::filesystem::remove(path);
}

// Whatever stands in the words: an error or a whole generation, and no crash.
TEST(SharedImage, damaged_words_give_errors) {
    constexpr std::uint64_t kWords = 65536;
    constexpr std::uint64_t kArenas = std::uint64_t{2} << 20u;
    const std::string path = path_of("words");
    const auto shared = SharedImage::create(path, kSmall);
    const Octets octets(path);
    auto reader = shared->reader();
    {
        auto writer = shared->writer();
        ASSERT_TRUE(writer->publish(generation_lists(1).contents()));
        ASSERT_TRUE(writer->publish(generation_lists(2).contents()));
    }
    for (const std::uint64_t current : {std::uint64_t{3}, std::uint64_t{4}, UINT64_MAX,
                                        UINT64_MAX - 1, std::uint64_t{1} << 40u}) {
        octets.put(kWords, current);
        {
            const SharedPin pin(*reader);
            EXPECT_EQ(pin.tables(), nullptr);
            EXPECT_EQ(pin.status().error().code, ErrorCode::kSyntax);
            EXPECT_FALSE(pin.verify());
            EXPECT_FALSE(pin.lists());
        }
        EXPECT_EQ(shared->writer().error().code, ErrorCode::kSyntax);
    }
    octets.put(kWords, std::uint64_t{1});  // an older one is there, whole
    EXPECT_TRUE(whole(SharedPin(*reader)));
    octets.put(kWords, std::uint64_t{2});

    std::mt19937_64 random(8);
    for (unsigned round = 0; round < 300; ++round) {  // slots: owners and pins of nobody
        for (unsigned slot = 1; slot < kSmall.readers; ++slot) {
            octets.put(kWords + 128 + 64 * slot, random() >> random() % 64);
            octets.put(kWords + 128 + 64 * slot + 8, random() >> random() % 64);
        }
        auto writer = shared->writer();
        ASSERT_TRUE(writer) << writer.error().text;
        const auto published =
            writer->publish(generation_lists(shared->generation() + 1).contents(), milliseconds(0));
        if (!published) {
            EXPECT_EQ(published.error().code, ErrorCode::kBusy);
        }
        EXPECT_TRUE(whole(SharedPin(*reader)));
    }
    for (unsigned round = 0; round < 300; ++round) {  // a header of tables
        const std::uint64_t generation = shared->generation();
        auto fresh = SharedImage::open(path)->reader();
        if (!fresh) break;  // the damage above may have taken all slots
        const std::uint64_t at = kArenas * (1 + (generation & 1u)) + random() % 400;
        octets.put(at, random());
        const SharedPin pin(*fresh);
        EXPECT_EQ(pin.tables(), nullptr);
    }
    std::filesystem::remove(path);
}

TEST(SharedImage, a_file_of_another_place_is_refused) {
    const std::string path = path_of("place");
    ASSERT_TRUE(SharedImage::create(path, kSmall));
    struct {
        std::uint64_t magic, place, arena_bytes, readers, bytes;
    } header{};
    const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    ASSERT_EQ(::pread(fd, &header, sizeof(header), 0), ssize_t{sizeof(header)});
    ::close(fd);
    header.place ^= 1;
    Octets(path).put(0, header);
    Octets(path).put(sizeof(header), XXH3_64bits(&header, sizeof(header)));
    const auto opened = SharedImage::open(path);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::kRefused);
    std::filesystem::remove(path);
}

}  // namespace
}  // namespace ringfence
