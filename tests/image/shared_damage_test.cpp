// What stands in the memory was changed behind everybody's back: an error or a whole generation, and no crash.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <memory>
#include <random>
#include <thread>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "image/shared_fixture.hpp"

namespace ringfence {
namespace {

using namespace sample;
using std::chrono::milliseconds;

// Where in the memory.
constexpr std::uint64_t kWords = 65536;
constexpr std::uint64_t kArenas = std::uint64_t{4} << 20u;  // behind 2 MB of emergency calls
constexpr std::uint64_t kArena = std::uint64_t{2} << 20u;

TEST(SharedDamage, a_damaged_header_is_refused) {
    const std::string path = path_of("damaged");
    std::mt19937_64 random(3);
    for (unsigned at = 0; at < 48; ++at) {
        std::filesystem::remove(path);
        ASSERT_TRUE(SharedImage::create(path, kSmall));
        const auto bits = static_cast<std::uint8_t>(random() % 255 + 1);
        Octets(path).flip(at, bits);
        const auto opened = SharedImage::open(path);
        ASSERT_FALSE(opened) << at;
        EXPECT_EQ(opened.error().code, ErrorCode::kSyntax);
        Octets(path).flip(at, bits);
        EXPECT_TRUE(SharedImage::open(path));
    }
    std::filesystem::remove(path);
    ASSERT_TRUE(SharedImage::create(path, kSmall));
    Octets(path).cut(1 << 20);
    EXPECT_EQ(SharedImage::open(path).error().code, ErrorCode::kSyntax);
    std::filesystem::remove(path);
}

// Whatever stands in the words: an error or a whole generation, and no crash.
TEST(SharedDamage, damaged_words_give_errors) {
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
        if (!published) {  // a pin of somebody who may live, or of nobody
            EXPECT_TRUE(published.error().code == ErrorCode::kBusy ||
                        published.error().code == ErrorCode::kSyntax)
                << published.error().text;
        }
        EXPECT_TRUE(whole(SharedPin(*reader)));
    }
    for (unsigned slot = 1; slot < kSmall.readers; ++slot) {  // the damage may have taken them all
        octets.put(kWords + 128 + 64 * slot, std::uint64_t{0});
        octets.put(kWords + 128 + 64 * slot + 8, std::uint64_t{0});
    }
    constexpr std::uint64_t kHeader = 400;
    const std::uint64_t arena = kArenas + kArena * (shared->generation() & 1u);
    for (std::uint64_t at = 0; at < kHeader; ++at) {  // a header of tables
        const auto bits = static_cast<std::uint8_t>(random() % 255 + 1);
        octets.flip(arena + at, bits);
        auto fresh = SharedImage::open(path)->reader();
        ASSERT_TRUE(fresh) << fresh.error().text;
        {
            const SharedPin pin(*fresh);
            EXPECT_EQ(pin.tables(), nullptr) << at;
        }
        octets.flip(arena + at, bits);
        EXPECT_TRUE(whole(SharedPin(*fresh))) << at;
    }
    std::filesystem::remove(path);
}

TEST(SharedDamage, a_writer_goes_by_what_it_published) {
    const std::string path = path_of("remembers");
    const auto shared = SharedImage::create(path, kSmall);
    const Octets octets(path);
    auto reader = shared->reader();
    auto writer = shared->writer();
    ASSERT_TRUE(writer->publish(generation_lists(1).contents()));
    ASSERT_TRUE(writer->publish(generation_lists(2).contents()));
    const SharedPin pin(*reader);
    for (const std::uint64_t current : {std::uint64_t{1}, std::uint64_t{0}, std::uint64_t{3}}) {
        octets.put(kWords, current);
        const auto refused = writer->publish(generation_lists(current + 1).contents());
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::kSyntax);
        EXPECT_EQ(writer->release_spare().error().code, ErrorCode::kSyntax);
        EXPECT_EQ(octets.get<std::uint64_t>(kWords), current);
        EXPECT_TRUE(whole(pin));
    }
    octets.put(kWords, std::uint64_t{2});
    EXPECT_EQ(*writer->publish(generation_lists(3).contents()), 3u);
    EXPECT_TRUE(whole(pin));
    std::filesystem::remove(path);
}

// The reader lives and reads: whatever its slot says, its arena is not filled under it.
TEST(SharedDamage, a_reader_whose_slot_names_nobody_keeps_its_generation) {
    const std::string path = path_of("nobody");
    const auto shared = SharedImage::create(path, kSmall);
    const Octets octets(path);
    auto reader = shared->reader();
    auto writer = shared->writer();
    ASSERT_TRUE(writer->publish(generation_lists(1).contents()));
    {
        const SharedPin pin(*reader);
        ASSERT_TRUE(writer->publish(generation_lists(2).contents()));
        octets.put(kWords + 128, std::uint64_t{0});
        const auto refused = writer->publish(generation_lists(3).contents());
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::kSyntax) << refused.error().text;
        EXPECT_EQ(writer->release_spare().error().code, ErrorCode::kSyntax);
        auto other = shared->reader();
        ASSERT_TRUE(other);
        EXPECT_TRUE(whole(SharedPin(*other)));
        EXPECT_EQ(octets.get<std::uint64_t>(kWords + 128 + 8), 1u);
        EXPECT_TRUE(whole(pin));
    }
    const SharedPin lost(*reader);
    EXPECT_EQ(lost.tables(), nullptr);
    EXPECT_EQ(lost.status().error().code, ErrorCode::kSyntax);
    EXPECT_EQ(*writer->publish(generation_lists(3).contents()), 3u);
    auto next = shared->reader();  // in that slot
    const SharedPin pin(*next);
    reader = shared->reader();  // gives back nothing that is another's
    EXPECT_TRUE(whole(pin));
    EXPECT_EQ(octets.get<std::uint64_t>(kWords + 128 + 8), 3u);
    std::filesystem::remove(path);
}

// The slot was called that of a process which is no more, and another reader has it: its pin is not the first one's to end.
TEST(SharedDamage, a_pin_that_lost_its_slot_ends_no_others) {
    const std::string path = path_of("lost");
    const auto shared = SharedImage::create(path, {.arena_bytes = 1 << 20, .readers = 1});
    const Octets octets(path);
    auto writer = shared->writer();
    ASSERT_TRUE(writer->publish(generation_lists(1).contents()));
    Child dies([&] { return shared->reader() ? (::pause(), 1) : 2; });
    std::uint64_t dead = 0;
    while (dead == 0) {
        dead = octets.get<std::uint64_t>(kWords + 128);
        std::this_thread::sleep_for(milliseconds(1));
    }
    EXPECT_TRUE(dies.kill());
    auto first = shared->reader();
    ASSERT_TRUE(first);
    auto held = std::make_unique<SharedPin>(*first);
    ASSERT_TRUE(whole(*held));
    octets.put(kWords + 128, dead);
    auto second = shared->reader();
    ASSERT_TRUE(second) << second.error().text;
    const SharedPin pin(*second);
    ASSERT_TRUE(whole(pin));
    held.reset();
    EXPECT_EQ(octets.get<std::uint64_t>(kWords + 128 + 8), 1u);
    ASSERT_TRUE(writer->publish(generation_lists(2).contents()));
    const auto third = writer->publish(generation_lists(3).contents(), milliseconds(0));
    ASSERT_FALSE(third);
    EXPECT_EQ(third.error().code, ErrorCode::kBusy);
    EXPECT_TRUE(whole(pin));
    std::filesystem::remove(path);
}

TEST(SharedDamage, verify_notices_that_an_arena_came_to_hold_another_generation) {
    const std::string path = path_of("other-generation");
    const auto shared = SharedImage::create(path, kSmall);
    const Octets octets(path);
    auto reader = shared->reader();
    auto writer = shared->writer();
    ASSERT_TRUE(writer->publish(generation_lists(1).contents()));
    ASSERT_TRUE(writer->publish(generation_lists(2).contents()));
    const SharedPin pin(*reader);
    ASSERT_TRUE(pin.verify());
    using Block = std::array<std::byte, std::size_t{1} << 19u>;
    ASSERT_LE(pin.bytes(), sizeof(Block));                     // of an arena of 2 MB
    octets.put(kArenas, octets.get<Block>(kArenas + kArena));  // of 1, whole, where 2 was
    EXPECT_EQ(pin.verify().error().code, ErrorCode::kSyntax);
    std::filesystem::remove(path);
}

TEST(SharedDamage, a_file_of_another_place_is_refused) {
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
