#include "ringfence/text/reassembly.hpp"
#include "base/deep.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <map>
#include <new>
#include <random>
#include <thread>
#include <vector>

#include "tests/text/message_parts.hpp"

namespace {

// Of this program, on all threads.
std::atomic<std::uint64_t> allocations{0};

void* counted(std::size_t size) {
    ++allocations;
    void* block = std::malloc(size == 0 ? 1 : size);
    if (block == nullptr) throw std::bad_alloc();
    return block;
}

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* block) noexcept { std::free(block); }
void operator delete[](void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }
void operator delete[](void* block, std::size_t) noexcept { std::free(block); }

namespace ringfence {
namespace {

class Reassembly : public ::testing::Test {
protected:
    static PartOutcome add(Reassembler& to, std::string_view sender, unsigned ref, unsigned total,
                           unsigned seq, std::u16string_view text, std::int64_t ms,
                           DecodedText& whole) {
        return to.add(test::message_part(sender, ref, total, seq, text, ms), whole);
    }
    PartOutcome add(Reassembler& to, std::string_view sender, unsigned ref, unsigned total,
                    unsigned seq, std::u16string_view text, std::int64_t ms = 0) {
        return add(to, sender, ref, total, seq, text, ms, whole_);
    }

    DecodedText whole_;
};

TEST_F(Reassembly, joins_parts_in_any_order) {
    Reassembler parts(test::reassembly_options());
    std::vector<unsigned> order{1, 2, 3, 4};
    const std::u16string_view pieces[] = {u"one ", u"two ", u"", u"four"};
    unsigned ref = 0;
    do {
        ++ref;
        for (std::size_t i = 0; i < 4; ++i) {
            const PartOutcome outcome = add(parts, "a", ref, 4, order[i], pieces[order[i] - 1]);
            ASSERT_EQ(outcome, i == 3 ? PartOutcome::kComplete : PartOutcome::kIncomplete);
        }
        ASSERT_EQ(whole_.text(), u"one two four");
    } while (std::next_permutation(order.begin(), order.end()));
    EXPECT_EQ(parts.counters().waiting, 0u);
    EXPECT_EQ(parts.counters().completed, 24u);
}

TEST_F(Reassembly, tells_messages_apart_by_sender_recipient_reference_and_total) {
    Reassembler parts(test::reassembly_options());
    add(parts, "a", 1, 2, 1, u"x");
    EXPECT_EQ(add(parts, "b", 1, 2, 2, u"y"), PartOutcome::kIncomplete);
    EXPECT_EQ(add(parts, "a", 2, 2, 2, u"y"), PartOutcome::kIncomplete);
    EXPECT_EQ(add(parts, "a", 1, 3, 2, u"y"), PartOutcome::kIncomplete);
    MessagePart other;
    other.sender = "a";
    other.recipient = "someone else";
    other.place = {1, 2, 2};
    EXPECT_EQ(parts.add(other, whole_), PartOutcome::kIncomplete);
    // "ab" + "c" is not "a" + "bc".
    EXPECT_EQ(parts.counters().waiting, 5u);
    EXPECT_EQ(add(parts, "a", 1, 2, 2, u"z"), PartOutcome::kComplete);
    EXPECT_EQ(whole_.text(), u"xz");
}

TEST_F(Reassembly, ignores_a_part_that_comes_twice) {
    Reassembler parts(test::reassembly_options());
    add(parts, "a", 1, 2, 1, u"x");
    EXPECT_EQ(add(parts, "a", 1, 2, 1, u"x"), PartOutcome::kDuplicate);
    EXPECT_EQ(add(parts, "a", 1, 2, 2, u"y"), PartOutcome::kComplete);
    EXPECT_EQ(whole_.text(), u"xy");
    EXPECT_EQ(parts.counters().duplicates, 1u);
}

TEST_F(Reassembly, begins_anew_when_a_reference_is_used_again) {
    Reassembler parts(test::reassembly_options());
    add(parts, "a", 1, 3, 1, u"old1");
    add(parts, "a", 1, 3, 2, u"old2");
    EXPECT_EQ(add(parts, "a", 1, 3, 1, u"new1"), PartOutcome::kIncomplete);
    add(parts, "a", 1, 3, 2, u"new2");
    EXPECT_EQ(add(parts, "a", 1, 3, 3, u"new3"), PartOutcome::kComplete);
    EXPECT_EQ(whole_.text(), u"new1new2new3");
    EXPECT_EQ(parts.counters().superseded, 1u);
}

TEST_F(Reassembly, refuses_what_is_no_part) {
    Reassembler parts(test::reassembly_options());
    EXPECT_EQ(add(parts, "a", 1, 1, 1, u"x"), PartOutcome::kRefused);
    EXPECT_EQ(add(parts, "a", 1, 0, 0, u"x"), PartOutcome::kRefused);
    EXPECT_EQ(add(parts, "a", 1, 2, 0, u"x"), PartOutcome::kRefused);
    EXPECT_EQ(add(parts, "a", 1, 2, 3, u"x"), PartOutcome::kRefused);
    const std::u16string big(Reassembler::kMaxPartUnits + 1, u'x');
    EXPECT_EQ(add(parts, "a", 1, 2, 1, big), PartOutcome::kRefused);
    EXPECT_EQ(parts.counters().waiting, 0u);
}

TEST_F(Reassembly, holds_the_longest_message) {
    Reassembler parts(test::reassembly_options());
    const std::u16string piece(153, u'x');
    for (unsigned seq = 255; seq > 1; --seq) {
        ASSERT_EQ(add(parts, "a", 9, 255, seq, piece), PartOutcome::kIncomplete);
    }
    ASSERT_EQ(add(parts, "a", 9, 255, 1, piece), PartOutcome::kComplete);
    EXPECT_EQ(whole_.text().size(), 255u * 153u);
}

TEST_F(Reassembly, joins_parts_longer_than_a_block) {
    Reassembler parts(test::reassembly_options());
    std::u16string first(Reassembler::kMaxPartUnits, u'a');
    first[200] = u'b';
    add(parts, "a", 1, 2, 1, first);
    EXPECT_EQ(add(parts, "a", 1, 2, 1, first), PartOutcome::kDuplicate);
    EXPECT_EQ(add(parts, "a", 1, 2, 2, u"end"), PartOutcome::kComplete);
    EXPECT_EQ(whole_.text(), first + u"end");
}

TEST_F(Reassembly, mends_a_pair_that_was_split_between_parts) {
    Reassembler parts(test::reassembly_options());
    MessagePart part;
    part.sender = "a";
    part.place = {1, 2, 1};
    part.text = u"a\xD83D";
    part.oddities = DecodeOddity::kLoneSurrogate | DecodeOddity::kUnknownElement;
    parts.add(part, whole_);
    part.place.seq = 2;
    part.text =
        u"\xDE00"
        u"b";
    ASSERT_EQ(parts.add(part, whole_), PartOutcome::kComplete);
    EXPECT_EQ(whole_.text(),
              u"a\xD83D\xDE00"
              u"b");
    EXPECT_EQ(whole_.oddities, DecodeOddity::kUnknownElement);
}

TEST_F(Reassembly, forgets_what_waited_too_long) {
    Reassembler::Options made = test::reassembly_options();
    made.timeout = Milliseconds(1000);
    Reassembler parts(made);
    add(parts, "a", 1, 2, 1, u"x", 5000);
    add(parts, "a", 2, 2, 1, u"x", 5500);
    EXPECT_EQ(parts.expire(time_from_ms(6000)), 0u);
    EXPECT_EQ(parts.expire(time_from_ms(4000)), 0u);  // a clock gone backwards
    EXPECT_EQ(parts.expire(time_from_ms(6001)), 1u);
    EXPECT_EQ(add(parts, "a", 1, 2, 2, u"y", 6002), PartOutcome::kIncomplete);
    EXPECT_EQ(add(parts, "a", 2, 2, 2, u"y", 6002), PartOutcome::kComplete);
    EXPECT_EQ(parts.counters().expired, 1u);
}

TEST_F(Reassembly, tells_of_what_it_gives_up) {
    Reassembler::Options made = test::reassembly_options();
    made.timeout = Milliseconds(1000);
    Reassembler parts(made);
    add(parts, "late", 7, 5, 4, u"x", 5000);
    add(parts, "late", 7, 5, 1, u"x", 5400);
    add(parts, "again", 9, 2, 1, u"old", 5500);
    add(parts, "again", 9, 2, 1, u"new", 5900);
    add(parts, "whole", 1, 2, 1, u"x", 5000);
    add(parts, "whole", 1, 2, 2, u"y", 5000);
    std::vector<std::string> told;
    const auto tell = [&](const GivenUpMessage& message) {
        EXPECT_EQ(message.recipient, "447700900123");
        std::string line(message.sender);
        line += " " + std::to_string(message.ref) + " " + std::to_string(message.parts) + "/" +
                std::to_string(message.total) + " " + std::to_string(to_ms(message.first)) +
                (message.timed_out ? " late" : " dropped");
        for (unsigned seq = 1; seq <= message.total; ++seq)
            if (message.has(static_cast<std::uint8_t>(seq))) line += " #" + std::to_string(seq);
        told.push_back(line);
    };
    EXPECT_EQ(parts.expire(time_from_ms(6500), tell), 1u);
    std::sort(told.begin(), told.end());
    EXPECT_EQ(told, (std::vector<std::string>{"again 9 1/2 5500 dropped #1",
                                              "late 7 2/5 5000 late #1 #4"}));
    told.clear();
    EXPECT_EQ(parts.expire(time_from_ms(6500), tell), 0u);
    EXPECT_TRUE(told.empty());
    EXPECT_EQ(parts.expire(time_from_ms(9000), tell), 1u);
    EXPECT_EQ(told, std::vector<std::string>{"again 9 1/2 5900 late #1"});
}

TEST_F(Reassembly, may_be_added_to_by_who_is_told) {
    Reassembler parts(test::reassembly_options());
    add(parts, "a", 1, 2, 1, u"x", 0);
    const std::size_t expired =
        parts.expire(time_from_ms(10'000'000), [&](const GivenUpMessage& message) {
            EXPECT_EQ(message.sender, "a");
            EXPECT_EQ(add(parts, "a", 1, 2, 2, u"y", 10'000'000), PartOutcome::kIncomplete);
        });
    EXPECT_EQ(expired, 1u);
    EXPECT_EQ(parts.counters().waiting, 1u);
}

TEST_F(Reassembly, cuts_long_names_of_what_it_tells) {
    Reassembler parts(test::reassembly_options());
    const std::string name(40, 's');
    add(parts, name, 1, 2, 1, u"x", 0);
    parts.expire(time_from_ms(10'000'000), [&](const GivenUpMessage& message) {
        EXPECT_EQ(message.sender, name.substr(0, Reassembler::kMaxName));
    });
}

TEST_F(Reassembly, tells_of_an_honest_message_in_spite_of_a_flood) {
    Reassembler parts(test::reassembly_options());  // one shard
    add(parts, "honest", 1, 2, 1, u"old");
    for (unsigned i = 0; i < 1000; ++i) add(parts, "attacker", i, 2, 1, u"flood");
    add(parts, "honest", 1, 2, 1, u"new");  // its reference again: the old one is given up
    for (unsigned i = 0; i < 1000; ++i) add(parts, "attacker", 1000 + i, 2, 1, u"flood");
    std::map<std::string, unsigned> told;
    parts.expire(time_from_ms(0),
                 [&](const GivenUpMessage& message) { ++told[std::string(message.sender)]; });
    EXPECT_EQ(told["attacker"], 15u);
    EXPECT_EQ(told["honest"], 1u);
    EXPECT_GT(parts.counters().untold, 1000u);
}

TEST_F(Reassembly, lets_a_flood_of_references_displace_only_itself) {
    Reassembler parts(test::reassembly_options(std::size_t{1} << 20u));
    constexpr unsigned kHonest = 200;
    std::vector<std::string> honest;
    for (unsigned i = 0; i < kHonest; ++i) honest.push_back("honest" + std::to_string(i));
    std::vector<std::string> late;
    for (unsigned i = 0; i < 50; ++i) late.push_back("late" + std::to_string(i));
    const std::size_t bytes = parts.bytes();
    for (unsigned i = 0; i < kHonest; ++i) add(parts, honest[i], i, 2, 1, u"x");
    const unsigned rounds = test::deep() ? 10'000'000u : 200'000u;
    const std::uint64_t before = allocations;
    for (unsigned i = 0; i < rounds; ++i) {
        add(parts, "attacker", i % 65536, 2 + i / 65536 % 250, 1, u"flood");
        // New honest messages find room too.
        if (i % 1000 == 0) add(parts, late[i / 1000 % 50], 7, 3, 1, u"x");
    }
    EXPECT_EQ(allocations, before);
    EXPECT_EQ(parts.bytes(), bytes);
    EXPECT_GT(parts.counters().displaced, rounds / 2);
    for (unsigned i = 0; i < kHonest; ++i) {
        ASSERT_EQ(add(parts, honest[i], i, 2, 2, u"y"), PartOutcome::kComplete) << i;
    }
    for (const std::string& name : late) {
        ASSERT_EQ(add(parts, name, 7, 3, 2, u"x"), PartOutcome::kIncomplete) << name;
        ASSERT_EQ(add(parts, name, 7, 3, 3, u"x"), PartOutcome::kComplete) << name;
    }
}

TEST_F(Reassembly, lets_one_huge_message_displace_only_itself) {
    Reassembler parts(test::reassembly_options());  // one shard: 320 blocks
    for (unsigned i = 0; i < 20; ++i) {
        for (unsigned seq = 1; seq <= 5; ++seq)
            add(parts, "honest" + std::to_string(i), 1, 6, seq, u"x");
    }
    const std::u16string big(Reassembler::kMaxPartUnits, u'z');
    for (unsigned seq = 1; seq <= 250; ++seq) add(parts, "attacker", 1, 255, seq, big);
    for (unsigned i = 0; i < 20; ++i) {
        ASSERT_EQ(add(parts, "honest" + std::to_string(i), 1, 6, 6, u"x"), PartOutcome::kComplete)
            << i;
    }
}

TEST_F(Reassembly, takes_memory_once) {
    Reassembler parts(test::reassembly_options(std::size_t{3} << 20u));
    EXPECT_LE(parts.bytes(), std::size_t{3} << 20u);
    EXPECT_GT(parts.bytes(), std::size_t{2} << 20u);
}

// Truth: a map of parts. With room for all, both complete the same messages with the same text.
TEST_F(Reassembly, agrees_with_a_map_of_parts) {
    constexpr unsigned kSeed = 4;
    SCOPED_TRACE(kSeed);
    std::mt19937 engine(kSeed);
    const auto random = [&] { return static_cast<unsigned>(engine()); };
    Reassembler parts(test::reassembly_options(std::size_t{8} << 20u));
    std::map<std::tuple<unsigned, unsigned, unsigned>, std::map<unsigned, std::u16string>> model;
    for (int round = 0; round < 50'000; ++round) {
        const unsigned sender = random() % 20;
        const unsigned ref = random() % 4;
        const unsigned total = 2 + random() % 4;
        const unsigned seq = 1 + random() % total;
        const std::u16string text(random() % 3 * 150, static_cast<char16_t>(u'a' + random() % 2));
        const auto outcome = add(parts, std::to_string(sender), ref, total, seq, text);
        auto& waiting = model[{sender, ref, total}];
        if (waiting.contains(seq) && waiting[seq] == text) {
            ASSERT_EQ(outcome, PartOutcome::kDuplicate) << round;
            continue;
        }
        if (waiting.contains(seq)) waiting.clear();
        waiting[seq] = text;
        if (waiting.size() < total) {
            ASSERT_EQ(outcome, PartOutcome::kIncomplete) << round;
            continue;
        }
        std::u16string whole;
        for (const auto& [number, piece] : waiting) whole += piece;
        ASSERT_EQ(outcome, PartOutcome::kComplete) << round;
        ASSERT_EQ(whole_.text(), whole) << round;
        waiting.clear();
    }
    EXPECT_EQ(parts.counters().displaced, 0u);
}

TEST_F(Reassembly, joins_parts_that_come_on_two_threads) {
    Reassembler parts(test::reassembly_options(std::size_t{8} << 20u));
    constexpr unsigned kMessages = 2000;
    std::atomic<unsigned> complete{0};
    std::atomic<unsigned> wrong{0};
    const auto bind = [&](unsigned seq) {
        DecodedText whole(16);
        for (unsigned ref = 0; ref < kMessages; ++ref) {
            const std::u16string text(1, static_cast<char16_t>(u'0' + seq));
            if (add(parts, std::to_string(ref % 7), ref, 2, seq, text, 0, whole) ==
                PartOutcome::kComplete) {
                ++complete;
                if (whole.text() != u"12") ++wrong;
            }
            if (ref % 100 == 0) parts.expire(time_from_ms(0));
        }
    };
    std::thread first(bind, 1);
    std::thread second(bind, 2);
    first.join();
    second.join();
    EXPECT_EQ(wrong, 0u);
    // One thread may run far ahead; what it loses for want of room never joins.
    const Reassembler::Counters after = parts.counters();
    EXPECT_EQ(complete, after.completed);
    EXPECT_EQ(2 * after.completed + after.displaced + after.waiting, 2 * kMessages);
}

}  // namespace
}  // namespace ringfence
