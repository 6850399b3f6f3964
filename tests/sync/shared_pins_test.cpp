// The protocol of two arenas in one process, where the thread sanitizer sees it; tests/image has it between processes.
#include "ringfence/sync/shared_pins.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <thread>
#include <vector>

#include "base/deep.hpp"

namespace ringfence {
namespace {

constexpr SharedPins::Owner kMe = 7;
constexpr SharedPins::Owner kOther = 8;
std::atomic<SharedPins::Owner> killed{0};
bool is_gone(SharedPins::Owner owner) noexcept { return owner == killed.load(); }

struct Words {
    SharedPinWords words;
    std::array<SharedPinSlot, 4> slots;
    SharedPins pins{words, slots, is_gone};

    Words() { killed = 0; }
};

TEST(SharedPins, a_pin_keeps_the_arena_and_no_other) {
    Words shared;
    const SharedPins& pins = shared.pins;
    const unsigned slot = *pins.claim_slot(kMe);
    EXPECT_EQ(pins.pin(slot), 0u);
    EXPECT_EQ(pins.in_the_way(kMe, pins.current()), std::nullopt);
    pins.publish(1);
    EXPECT_EQ(pins.pin(slot), 1u);
    EXPECT_EQ(pins.in_the_way(kMe, pins.current()), std::nullopt);  // 2 goes into the other arena
    pins.publish(2);
    EXPECT_EQ(pins.in_the_way(kMe, pins.current()), slot);
    pins.unpin(slot);
    EXPECT_EQ(pins.in_the_way(kMe, pins.current()), std::nullopt);
    EXPECT_EQ(pins.pin(slot), 2u);
    EXPECT_EQ(pins.in_the_way(kMe, pins.current()), std::nullopt);
}

TEST(SharedPins, slots_run_out_and_come_back) {
    Words shared;
    std::set<unsigned> slots;
    for (std::size_t i = 0; i < shared.slots.size(); ++i)
        slots.insert(*shared.pins.claim_slot(kMe));
    EXPECT_EQ(slots.size(), shared.slots.size());
    EXPECT_EQ(shared.pins.claim_slot(kOther), std::nullopt);
    shared.pins.release_slot(2);
    EXPECT_EQ(shared.pins.claim_slot(kOther), 2u);
    EXPECT_EQ(shared.pins.owner(2), kOther);
}

TEST(SharedPins, the_slots_of_a_killed_process_are_taken_over) {
    Words shared;
    for (unsigned i = 0; i < 4; ++i) ASSERT_EQ(shared.pins.claim_slot(i == 1 ? kOther : kMe), i);
    shared.pins.publish(1);
    shared.pins.pin(1);
    shared.pins.publish(2);
    EXPECT_EQ(shared.pins.in_the_way(kMe, shared.pins.current()), 1u);
    killed = kOther;
    EXPECT_EQ(shared.pins.in_the_way(kMe, shared.pins.current()), std::nullopt);
    EXPECT_EQ(shared.pins.owner(1), 0u);

    killed = 0;
    ASSERT_EQ(shared.pins.claim_slot(kOther), 1u);
    shared.pins.pin(1);
    killed = kOther;
    EXPECT_EQ(shared.pins.claim_slot(kMe), 1u);
    EXPECT_EQ(shared.slots[1].pinned, 0u);
}

// Its reader may live: the owner alone was damaged.
TEST(SharedPins, a_pin_that_is_nobodys_is_left_alone) {
    Words shared;
    const SharedPins& pins = shared.pins;
    pins.publish(1);
    const unsigned slot = *pins.claim_slot(kMe);
    const std::uint64_t turn = pins.turn(slot);
    EXPECT_TRUE(pins.owns(slot, kMe, turn));
    pins.pin(slot);
    pins.publish(2);
    shared.slots[slot].owner = 0;
    EXPECT_FALSE(pins.owns(slot, kMe, turn));
    EXPECT_EQ(pins.in_the_way(kMe, pins.current()), slot);
    EXPECT_TRUE(pins.is_damaged(slot));
    EXPECT_EQ(shared.slots[slot].pinned, 1u);
    for (unsigned i = 1; i < shared.slots.size(); ++i) EXPECT_NE(pins.claim_slot(kMe), slot);
    EXPECT_EQ(pins.claim_slot(kMe), std::nullopt);
    EXPECT_EQ(shared.slots[slot].pinned, 1u);
    pins.unpin(slot);
    EXPECT_FALSE(pins.is_damaged(slot));
    EXPECT_EQ(pins.in_the_way(kMe, pins.current()), std::nullopt);
    EXPECT_EQ(pins.claim_slot(kMe), slot);
    EXPECT_FALSE(pins.owns(slot, kMe, turn));  // of the same process, and another reader
    EXPECT_TRUE(pins.owns(slot, kMe, pins.turn(slot)));
}

// However often a slot is given out and back between two looks at it.
TEST(SharedPins, a_slot_that_comes_and_goes_is_not_damaged) {
    const unsigned turns = test::deep() ? 50'000'000 : 500'000;
    Words shared;
    shared.pins.publish(1);
    std::atomic<bool> done{false};
    std::thread reader([&] {
        for (unsigned i = 0; i < turns; ++i) {
            const auto slot = shared.pins.claim_slot(kMe);
            if (!slot) continue;
            shared.pins.pin(*slot);
            shared.pins.unpin(*slot);
            shared.pins.release_slot(*slot);
        }
        done = true;
    });
    unsigned damaged = 0;
    while (!done.load(std::memory_order_relaxed)) damaged += shared.pins.is_damaged(0);
    reader.join();
    EXPECT_EQ(damaged, 0u);
}

TEST(SharedPins, one_process_writes_until_it_ends) {
    Words shared;
    EXPECT_TRUE(shared.pins.claim_writer(kMe));
    EXPECT_FALSE(shared.pins.claim_writer(kOther));
    EXPECT_FALSE(shared.pins.claim_writer(kMe));
    EXPECT_EQ(shared.pins.writer(), kMe);
    killed = kMe;
    EXPECT_TRUE(shared.pins.claim_writer(kOther));
    shared.pins.release_writer();
    EXPECT_EQ(shared.pins.writer(), 0u);
}

// Arenas of plain memory, so that the thread sanitizer tells of any use beside a fill.
TEST(SharedPins, readers_never_meet_a_half_filled_arena) {
    constexpr std::size_t kWords = 64;
    const std::uint64_t generations = test::deep() ? 2'000 : 60;
    Words shared;
    std::array<std::array<std::uint64_t, kWords>, 2> arenas{};
    std::atomic<bool> done{false};
    std::atomic<std::uint64_t> looks{0};
    std::atomic<std::uint64_t> torn{0};
    const auto read = [&] {
        while (!done.load()) {
            const auto slot = shared.pins.claim_slot(kMe);
            if (!slot) continue;
            for (unsigned i = 0; i < 50; ++i) {
                const std::uint64_t held = shared.pins.pin(*slot);
                if (held != 0) {
                    for (const std::uint64_t word : arenas[held & 1u]) torn += word != held;
                    ++looks;
                    shared.pins.unpin(*slot);
                }
                std::this_thread::yield();  // or a thread that lost its core mostly lost it pinned
            }
            shared.pins.release_slot(*slot);
        }
    };
    std::vector<std::thread> readers;
    for (unsigned i = 0; i < 3; ++i) readers.emplace_back(read);
    for (std::uint64_t next = 1; next <= generations || looks < generations; ++next) {
        while (shared.pins.in_the_way(kMe, shared.pins.current())) std::this_thread::yield();
        arenas[next & 1u].fill(next);
        shared.pins.publish(next);
    }
    done = true;
    for (std::thread& reader : readers) reader.join();
    EXPECT_EQ(torn, 0u);
}

}  // namespace
}  // namespace ringfence
