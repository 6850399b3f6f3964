// Parts of messages in a chunk: each is judged as if it had come alone, however many wait in the chunk for record.
#include <random>

#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

using namespace test;

constexpr unsigned kSeed = 2026;

class PartBatch : public UsualPolicy {
protected:
    // Messages of some parts, mixed, so that a chunk holds parts of many; `longest` in ASCII letters a part.
    void make(std::size_t count, std::size_t longest) {
        std::mt19937 random(kSeed);
        for (std::size_t i = 0; i < count; ++i) {
            std::string text(random() % (longest + 1), static_cast<char>('a' + random() % 26));
            if (random() % 3 == 0) text.insert(text.size() / 2, " +86 138 0000 1111 ");
            if (random() % 9 == 0) text += '\xff';
            texts_.push_back(std::move(text));
            senders_.push_back("1380000" + std::to_string(2000 + random() % 40));
        }
        for (std::size_t i = 0; i < count; ++i) {
            Sms part = sms(senders_[i], random() % 50 == 0 ? "12110" : "13800002222", texts_[i],
                           kNoon + static_cast<std::int64_t>(i) * 10);
            part.sar_total = static_cast<std::uint8_t>(random() % 5);
            part.sar_seq = static_cast<std::uint8_t>(random() % 5);
            part.sar_ref = static_cast<std::uint16_t>(random() % 2);
            parts_.push_back(part);
        }
    }
    void expect_what_single_ones_get() {
        SCOPED_TRACE(kSeed);
        Screen one = open_screen(folder_), many = open_screen(folder_);
        Session single = one.session(), batch = many.session();
        std::vector<Verdict> verdicts(parts_.size());
        batch.screen(std::span<const Sms>(parts_), verdicts);
        unsigned complete = 0;
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            const Verdict alone = single.screen(parts_[i]);
            ASSERT_EQ(alone.action, verdicts[i].action) << i;
            ASSERT_EQ(alone.reason, verdicts[i].reason) << i;
            ASSERT_EQ(alone.flags, verdicts[i].flags) << i;
            ASSERT_EQ(alone.match_offset, verdicts[i].match_offset) << i;
            ASSERT_EQ(alone.match_length, verdicts[i].match_length) << i;
            complete += !alone.has(VerdictFlag::kPartial) && parts_[i].sar_total > 1;
        }
        EXPECT_GT(complete, parts_.size() / 50);
    }

    std::vector<std::string> texts_, senders_;
    std::vector<Sms> parts_;
};

TEST_F(PartBatch, gets_what_single_parts_do) {
    make(4'000, 140);
    expect_what_single_ones_get();
}

// More text in a chunk than a session keeps between prepare and record.
TEST_F(PartBatch, gets_the_same_of_parts_as_long_as_a_part_can_be) {
    make(2'000, 640);
    expect_what_single_ones_get();
}

TEST_F(PartBatch, gets_the_same_of_parts_that_are_too_long) {
    make(2'000, 4'000);
    expect_what_single_ones_get();
}

}  // namespace
}  // namespace ringfence
