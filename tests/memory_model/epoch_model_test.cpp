// The protocol of sync/epoch.hpp, step by step, under every interleaving of a reader that pins
// twice and a writer that publishes twice; and wrong twins of it, which must be caught, or the
// model proves nothing.
#include <gtest/gtest.h>

#include <array>

#include "memory_model/store_buffers.hpp"

namespace ringfence::model {
namespace {

// Objects are numbered 1, 2, 3; kFreed + n is 1 when object n is freed.
enum Word : unsigned { kEpoch = 0, kSlot = 1, kCurrent = 2, kFreed = 3 };
static_assert(kFreed + 3 < kWords);

struct Variant {
    bool weak_pin = false;       // R2 as a release store
    bool scan_first = false;     // W3 before W1
    bool advance_first = false;  // W2 before W1
};

Program reader(const Variant& variant) {
    Program steps;
    for (int round = 0; round < 2; ++round) {
        steps.push_back([](Machine& m) { m.reg(0) = m.load(kEpoch); });  // R1
        if (variant.weak_pin) {
            steps.push_back([](Machine& m) { m.store(kSlot, m.reg(0)); });  // R2
        } else {
            steps.push_back([](Machine& m) { m.store_seq_cst(kSlot, m.reg(0)); });
        }
        steps.push_back([](Machine& m) { m.reg(1) = m.load(kCurrent); });  // R3
        for (int use = 0; use < 2; ++use) {                                // R4
            steps.push_back([](Machine& m) {
                if (m.load(kFreed + static_cast<unsigned>(m.reg(1))) != 0)
                    m.fail("read what is freed");
            });
        }
        steps.push_back([](Machine& m) { m.store(kSlot, 0); });  // R5
    }
    return steps;
}

Program writer(const Variant& variant) {
    Program steps;
    for (int next = 2; next <= 3; ++next) {
        const Step publish = [next](Machine& m) { m.reg(0) = m.exchange(kCurrent, next); };  // W1
        const Step advance = [](Machine& m) {                                                // W2
            const int epoch = m.load(kEpoch);
            m.exchange(kEpoch, epoch + 1);
            m.reg(1) = epoch;
        };
        const Step scan = [](Machine& m) { m.reg(2) = m.load(kSlot); };  // W3
        const Step free = [](Machine& m) {                               // W4
            const bool held = m.reg(2) != 0 && m.reg(2) <= m.reg(1);
            if (!held) m.store(kFreed + static_cast<unsigned>(m.reg(0)), 1);
        };
        if (variant.scan_first) {
            steps.insert(steps.end(), {scan, publish, advance, free});
        } else if (variant.advance_first) {
            steps.insert(steps.end(), {advance, publish, scan, free});
        } else {
            steps.insert(steps.end(), {publish, advance, scan, free});
        }
    }
    return steps;
}

Outcome run(const Variant& variant) {
    State start;
    start.memory[kEpoch] = 1;
    start.memory[kCurrent] = 1;
    return explore({reader(variant), writer(variant)}, start);
}

TEST(EpochModel, no_reader_ever_reads_what_is_freed) {
    const Outcome outcome = run({});
    EXPECT_EQ(outcome.broken, "");
    EXPECT_GT(outcome.ends, 0u);
    EXPECT_GT(outcome.states, 500u);
}

TEST(EpochModel, a_pin_that_is_only_released_is_caught) {
    EXPECT_EQ(run({.weak_pin = true, .scan_first = false, .advance_first = false}).broken,
              "read what is freed");
}

TEST(EpochModel, a_scan_before_the_publish_is_caught) {
    EXPECT_EQ(run({.weak_pin = false, .scan_first = true, .advance_first = false}).broken,
              "read what is freed");
}

TEST(EpochModel, an_advance_before_the_publish_is_caught) {
    EXPECT_EQ(run({.weak_pin = false, .scan_first = false, .advance_first = true}).broken,
              "read what is freed");
}

// The machine itself: both threads may miss each other's buffered store, and neither a seq_cst one.
TEST(EpochModel, the_machine_shows_store_buffering) {
    for (const bool strong : {false, true}) {
        const auto program = [strong](unsigned mine, unsigned other) {
            Program steps;
            if (strong) {
                steps.push_back([mine](Machine& m) { m.store_seq_cst(mine, 1); });
            } else {
                steps.push_back([mine](Machine& m) { m.store(mine, 1); });
            }
            steps.push_back([other](Machine& m) { m.reg(0) = m.load(other); });
            steps.push_back([mine](Machine& m) { m.store(mine + 4, 1 + m.reg(0)); });
            // The last to arrive sees what both have seen.
            steps.push_back([](Machine& m) {
                if (m.load(4) == 1 && m.load(5) == 1) m.fail("both missed");
            });
            return steps;
        };
        const Outcome outcome = explore({program(0, 1), program(1, 0)}, State{});
        EXPECT_EQ(outcome.broken, strong ? "" : "both missed");
    }
}

}  // namespace
}  // namespace ringfence::model
