// Who loses messages when more parts wait than there is room for, and how many may wait before anyone does.
#include "base/deep.hpp"
#include "ringfence/text/reassembly.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/text/message_parts.hpp"

namespace ringfence {
namespace {

class ReassemblyRoom : public ::testing::Test {
protected:
    PartOutcome add(Reassembler& to, std::string_view sender, unsigned ref, unsigned total,
                    unsigned seq, std::u16string_view text = u"x") {
        return to.add(test::message_part(sender, ref, total, seq, text), whole_);
    }

    // As many first parts as it takes to fill `to`, and then many more.
    void flood(Reassembler& to, unsigned rounds, unsigned senders) {
        for (unsigned i = 0; i < rounds; ++i) {
            add(to, "attacker" + std::to_string(i % senders), flooded_ % 65536,
                2 + flooded_ / 65536 % 250, 1);
            ++flooded_;
        }
    }

    // How many of `messages` are whole when all their first parts came before their second ones, and so on.
    unsigned complete(Reassembler& to, unsigned messages, unsigned senders, unsigned total) {
        const std::u16string text(153, u'x');
        unsigned whole = 0;
        for (unsigned seq = 1; seq <= total; ++seq) {
            for (unsigned i = 0; i < messages; ++i) {
                const std::string sender = "sender" + std::to_string(i % senders);
                whole += add(to, sender, i, total, seq, text) == PartOutcome::kComplete;
            }
        }
        return whole;
    }

    DecodedText whole_;
    unsigned flooded_ = 0;
};

TEST_F(ReassemblyRoom, of_a_bulk_sender_stays_its_own_under_a_flood_of_another) {
    Reassembler parts(test::reassembly_options(std::size_t{1} << 20u));
    constexpr unsigned kMessages = 200;
    const unsigned rounds = test::rerun() ? 100'000 : 1'000'000;
    flood(parts, 20'000, 1);
    for (unsigned ref = 0; ref < kMessages; ++ref) {
        ASSERT_EQ(add(parts, "bulk", ref, 2, 1), PartOutcome::kIncomplete);
        flood(parts, rounds / kMessages, 1);
    }
    unsigned complete = 0;
    for (unsigned ref = 0; ref < kMessages; ++ref)
        complete += add(parts, "bulk", ref, 2, 2) == PartOutcome::kComplete;
    EXPECT_EQ(complete, kMessages);
}

// Five share a shard's 128 messages then; the bulk sender has 12 or so in each of eight.
TEST_F(ReassemblyRoom, of_a_bulk_sender_stays_its_own_up_to_a_fair_share) {
    Reassembler parts(test::reassembly_options(std::size_t{1} << 20u));
    constexpr unsigned kMessages = 100;
    flood(parts, 20'000, 4);
    for (unsigned ref = 0; ref < kMessages; ++ref) {
        add(parts, "bulk", ref, 2, 1);
        flood(parts, 1000, 4);
    }
    unsigned complete = 0;
    for (unsigned ref = 0; ref < kMessages; ++ref)
        complete += add(parts, "bulk", ref, 2, 2) == PartOutcome::kComplete;
    EXPECT_EQ(complete, kMessages);
}

TEST_F(ReassemblyRoom, of_a_bulk_sender_is_not_taken_by_huge_messages) {
    Reassembler parts(test::reassembly_options(0));  // one shard
    constexpr unsigned kMessages = 30;
    const std::u16string big(Reassembler::kMaxPartUnits, u'z');
    const auto flood_blocks = [&] {
        for (unsigned seq = 1; seq <= 250; ++seq) add(parts, "attacker", seq % 3, 255, seq, big);
    };
    flood_blocks();
    for (unsigned ref = 0; ref < kMessages; ++ref) {
        add(parts, "bulk", ref, 3, 1);
        add(parts, "bulk", ref, 3, 3);
        flood_blocks();
    }
    for (unsigned ref = 0; ref < kMessages; ++ref)
        ASSERT_EQ(add(parts, "bulk", ref, 3, 2), PartOutcome::kComplete) << ref;
}

// Truth: how many messages each sender has waiting in the one shard.
TEST_F(ReassemblyRoom, is_made_by_whoever_has_the_most) {
    constexpr unsigned kSeed = 9;
    SCOPED_TRACE(kSeed);
    std::mt19937 engine(kSeed);
    const auto random = [&](unsigned below) { return static_cast<unsigned>(engine() % below); };
    Reassembler parts(test::reassembly_options(0));
    std::map<std::string, unsigned> waiting;
    unsigned ref = 0;
    unsigned dropped = 0;
    for (int round = 0; round < 20'000; ++round) {
        // Some send far more than others, and each in turn.
        const unsigned turn = static_cast<unsigned>(round) / 2000;
        const unsigned least = std::min(random(12), random(12));
        const std::string sender = std::to_string((least + turn) % 12);
        ASSERT_EQ(add(parts, sender, ref++, 2, 1), PartOutcome::kIncomplete);
        ++waiting[sender];
        unsigned most = 0;
        for (const auto& [name, count] : waiting) most = std::max(most, count);
        parts.expire({}, [&](const GivenUpMessage& message) {
            ++dropped;
            unsigned& held = waiting[std::string(message.sender)];
            EXPECT_EQ(held, most) << round;
            // Of several that have the most it is the one who adds.
            EXPECT_TRUE(waiting[sender] < most || message.sender == sender) << round;
            --held;
        });
        if (HasFailure()) return;
    }
    EXPECT_GT(dropped, 19'000u);
    EXPECT_EQ(parts.counters().displaced, dropped);
}

TEST_F(ReassemblyRoom, is_there_for_as_many_messages_as_were_asked_for) {
    for (const unsigned messages : {1u, 8u, 72u, 73u, 500u, 4096u}) {
        for (const unsigned senders : {1u, 20u, 4096u}) {
            for (const unsigned total : {2u, 3u}) {
                SCOPED_TRACE(messages);
                SCOPED_TRACE(senders);
                for (std::uint64_t seed = 1; seed <= 3; ++seed) {
                    Reassembler parts(
                        test::reassembly_options(Reassembler::bytes_for(messages), seed));
                    ASSERT_EQ(complete(parts, messages, senders, total), messages) << total;
                    ASSERT_EQ(parts.counters().displaced, 0u);
                }
            }
        }
    }
}

// What is displaced is lost, but its late parts push nothing out that may still be whole.
TEST_F(ReassemblyRoom, is_put_to_use_when_more_messages_wait_than_it_is_for) {
    constexpr unsigned kMessages = 1000;
    for (const unsigned senders : {1u, 7u, 100'000u}) {
        for (const unsigned times : {2u, 3u, 10u}) {
            Reassembler parts(test::reassembly_options(Reassembler::bytes_for(kMessages)));
            EXPECT_GE(complete(parts, times * kMessages, senders, 2), kMessages)
                << senders << " senders, " << times << " times as many";
        }
    }
}

TEST_F(ReassemblyRoom, is_made_for_the_first_parts_of_new_senders) {
    Reassembler parts(test::reassembly_options(0));
    for (unsigned i = 0; i < 1000; ++i) add(parts, "sender" + std::to_string(i), 1, 2, 1);
    EXPECT_EQ(add(parts, "new", 1, 2, 1), PartOutcome::kIncomplete);
    EXPECT_EQ(add(parts, "new", 1, 2, 2), PartOutcome::kComplete);
}

// Whoever holds parts learns of the late ones too.
TEST_F(ReassemblyRoom, that_a_late_part_does_not_find_is_told_of) {
    Reassembler parts(test::reassembly_options(0));
    unsigned sent = 0;
    std::map<unsigned, unsigned> told;  // by reference
    const auto tell = [&](const GivenUpMessage& message) {
        EXPECT_EQ(message.sender, "bulk");
        EXPECT_EQ(message.parts, 1u);
        EXPECT_FALSE(message.timed_out);
        ++told[message.ref];
    };
    while (told.empty()) {
        add(parts, "bulk", sent++, 2, 1);
        parts.expire({}, tell);
    }
    EXPECT_TRUE(told.contains(0));
    EXPECT_EQ(add(parts, "bulk", 0, 2, 2), PartOutcome::kIncomplete);
    parts.expire({}, tell);
    EXPECT_EQ(told, (std::map<unsigned, unsigned>{{0, 2}}));
    for (unsigned ref = 1; ref < sent; ++ref)
        ASSERT_EQ(add(parts, "bulk", ref, 2, 2), PartOutcome::kComplete) << ref;
    EXPECT_EQ(parts.counters().displaced, 2u);
}

TEST_F(ReassemblyRoom, for_what_is_told_is_shared_like_that_for_messages) {
    Reassembler parts(test::reassembly_options(0));
    for (unsigned ref = 0; ref < 5; ++ref) add(parts, "honest", ref, 2, 1, u"old");
    flood(parts, 1000, 1);
    // Its references again: the old messages are given up.
    for (unsigned ref = 0; ref < 5; ++ref) add(parts, "honest", ref, 2, 1, u"new");
    flood(parts, 1000, 1);
    std::map<std::string, unsigned> told;
    parts.expire({}, [&](const GivenUpMessage& message) { ++told[std::string(message.sender)]; });
    EXPECT_EQ(told, (std::map<std::string, unsigned>{{"attacker0", 11}, {"honest", 5}}));
}

TEST_F(ReassemblyRoom, of_as_many_messages_as_asked_for_takes_two_kilobytes_each) {
    for (const std::size_t messages : {1000u, 4096u, 65'536u}) {
        const Reassembler parts(test::reassembly_options(Reassembler::bytes_for(messages)));
        EXPECT_EQ(parts.bytes(), Reassembler::bytes_for(messages));
        EXPECT_LE(parts.bytes(), messages * 2000);
    }
}

}  // namespace
}  // namespace ringfence
