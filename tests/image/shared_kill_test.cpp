// Readers of several processes beside a writer, and kill -9 of either at any moment: every pin gives one whole generation, and
// the writer, or the next one, goes on.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <random>
#include <thread>

#include "base/deep.hpp"
#include "image/shared_fixture.hpp"

namespace ringfence {
namespace {

using namespace sample;
using std::chrono::microseconds;

const Lists& lists_for(std::uint64_t generation) {
    static const std::vector<Lists> kAll = [] {
        std::vector<Lists> all;
        for (std::uint64_t i = 0; i < 16; ++i) all.push_back(generation_lists(i));
        return all;
    }();
    return kAll[generation % 16];
}

Result<std::uint64_t> publish_next(const SharedImage& shared, SharedWriter& writer) {
    return writer.publish(lists_for(shared.generation() + 1).contents(), std::chrono::seconds(20));
}

// Reads until generation `last` came; 0 when all it met was whole and in order.
int read_until(const SharedImage& shared, std::uint64_t last) {
    auto reader = shared.reader();
    if (!reader) return 1;
    std::uint64_t before = 0;
    for (unsigned i = 0;; ++i) {
        const SharedPin pin(*reader);
        if (pin.generation() < before || !whole(pin)) return 2;
        before = pin.generation();
        if (i % 8 == 0) {  // what is published meanwhile must not show
            std::this_thread::sleep_for(microseconds(200));
            if (!whole(pin)) return 3;
        }
        if (before >= last) return 0;
        std::this_thread::yield();  // on a busy machine a reader mostly loses its core pinned
    }
}

TEST(SharedImageKill, every_look_up_of_every_process_is_of_one_generation) {
    const std::uint64_t last = test::deep() ? 4'000 : 400;
    const auto shared = SharedImage::create(kSmall);
    ASSERT_TRUE(shared) << shared.error().text;
    auto writer = shared->writer();
    ASSERT_TRUE(publish_next(*shared, *writer));
    std::vector<Child> children;
    for (unsigned i = 0; i < 4; ++i)
        children.emplace_back([&] { return read_until(*shared, last); });
    while (shared->generation() < last) {
        const auto published = publish_next(*shared, *writer);
        ASSERT_TRUE(published) << published.error().text;
    }
    for (Child& child : children) EXPECT_EQ(child.wait(), 0);
}

TEST(SharedImageKill, readers_killed_anywhere_do_not_stop_the_writer) {
    const unsigned rounds = test::deep() ? 500 : 60;
    const auto shared = SharedImage::create(kSmall);
    auto writer = shared->writer();
    ASSERT_TRUE(publish_next(*shared, *writer));
    std::mt19937_64 random(21);
    for (unsigned round = 0; round < rounds; ++round) {
        int ready[2];
        ASSERT_EQ(::pipe(ready), 0);
        Child reading([&] {
            auto reader = shared->reader();
            if (!reader) return 1;
            const char done = '1';
            static_cast<void>(!::write(ready[1], &done, 1));
            for (;;) {
                const SharedPin pin(*reader);
                if (!whole(pin)) ::_exit(2);
                std::this_thread::sleep_for(microseconds(500));  // pinned
                if (!whole(pin)) ::_exit(2);
            }
        });
        char done = 0;
        ASSERT_EQ(::read(ready[0], &done, 1), 1);
        ::close(ready[0]);
        ::close(ready[1]);
        // Published beside it, so that what it meets can be torn.
        const auto until = std::chrono::steady_clock::now() + microseconds(random() % 3'000);
        do {
            const auto published = publish_next(*shared, *writer);
            ASSERT_TRUE(published) << published.error().text;
        } while (std::chrono::steady_clock::now() < until);
        // Every other one is not asked after yet.
        ASSERT_TRUE(round % 2 == 0 ? reading.kill_only() : reading.kill())
            << "it met a generation that was not whole";
        for (unsigned i = 0; i < 3; ++i) {
            const auto published = publish_next(*shared, *writer);
            ASSERT_TRUE(published) << published.error().text;
        }
        auto reader = shared->reader();
        ASSERT_TRUE(reader) << "the slots of the dead came back";
        ASSERT_TRUE(whole(SharedPin(*reader)));
    }
}

// One that is killed for certain while it holds the generation before the current one.
TEST(SharedImageKill, a_reader_killed_while_pinned_is_taken_over) {
    const auto shared = SharedImage::create(kSmall);
    auto writer = shared->writer();
    ASSERT_TRUE(publish_next(*shared, *writer));
    int ready[2];
    ASSERT_EQ(::pipe(ready), 0);
    Child holding([&] {
        auto reader = shared->reader();
        const SharedPin pin(*reader);
        const char done = '1';
        static_cast<void>(!::write(ready[1], &done, 1));
        for (;;) ::pause();
        return 0;
    });
    char done = 0;
    ASSERT_EQ(::read(ready[0], &done, 1), 1);
    ASSERT_TRUE(publish_next(*shared, *writer));
    const auto refused = writer->publish(lists_for(3).contents(), std::chrono::milliseconds(10));
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().text.find("process " + std::to_string(holding.id())),
              std::string::npos)
        << refused.error().text;
    ASSERT_TRUE(holding.kill_only());
    EXPECT_TRUE(writer->publish(lists_for(3).contents(), std::chrono::milliseconds(0)));
    ::close(ready[0]);
    ::close(ready[1]);
}

TEST(SharedImageKill, a_writer_killed_anywhere_leaves_the_last_generation) {
    const unsigned rounds = test::deep() ? 500 : 60;
    const auto shared = SharedImage::create(kSmall);
    {
        auto writer = shared->writer();
        ASSERT_TRUE(publish_next(*shared, *writer));
    }
    auto reader = shared->reader();
    std::mt19937_64 random(22);
    std::uint64_t before = 1;
    unsigned of_the_killed = 0;
    std::uint64_t most = 5'000;  // microseconds that a writer lives
    for (unsigned round = 0; round < rounds; ++round) {
        const std::uint64_t at_first = shared->generation();
        Child writing([&] {
            auto writer = shared->writer();
            if (!writer) return 1;
            while (publish_next(*shared, *writer)) {
            }
            return 2;
        });
        const auto until = std::chrono::steady_clock::now() + microseconds(500 + random() % most);
        do {
            const SharedPin pin(*reader);
            ASSERT_GE(pin.generation(), before);
            ASSERT_TRUE(whole(pin));
            before = pin.generation();
        } while (std::chrono::steady_clock::now() < until);
        ASSERT_TRUE(round % 2 == 0 ? writing.kill_only() : writing.kill())
            << "it could not publish";
        {
            const SharedPin pin(*reader);
            ASSERT_TRUE(whole(pin));
            ASSERT_TRUE(pin.verify());
            if (pin.generation() > at_first)
                ++of_the_killed;
            else
                most = std::min(2 * most, std::uint64_t{200'000});  // a slow machine
        }
        auto writer = shared->writer();
        ASSERT_TRUE(writer) << writer.error().text;
        ASSERT_TRUE(publish_next(*shared, *writer));
        ASSERT_TRUE(whole(SharedPin(*reader)));
    }
    EXPECT_GT(of_the_killed, rounds / 10) << "rounds in which the killed writer had published";
}

}  // namespace
}  // namespace ringfence
