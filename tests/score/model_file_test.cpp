// A model's file: what is written is read, and what is not whole is refused with a remedy.
#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <string>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "ringfence/score/model.hpp"
#include "tests/base/source_folder.hpp"
#include "tests/score/sample_model.hpp"
#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

using test::made;
using test::sample_parts;

ScoreParts small_parts() {
    ScoreParts parts = sample_parts({{u"win", 1'000}, {u"hom", -1'500}}, -1.5, 8);
    parts.view = View::kDense;
    parts.seed = 0x0123456789ABCDEF;
    return parts;
}

// With the checksum made right, as who wants to do damage would.
std::string repaired(std::string octets) {
    constexpr std::size_t kChecksumAt = 64;
    std::memset(octets.data() + kChecksumAt, 0, 8);
    const std::uint64_t head = XXH3_64bits(octets.data(), ScoreModel::kHeaderBytes);
    const std::uint64_t all = XXH3_64bits_withSeed(octets.data() + ScoreModel::kHeaderBytes,
                                                   octets.size() - ScoreModel::kHeaderBytes, head);
    std::memcpy(octets.data() + kChecksumAt, &all, sizeof all);
    return octets;
}

template <class Value>
std::string with(std::size_t offset, Value value) {
    std::string octets = made(small_parts()).to_bytes();
    std::memcpy(octets.data() + offset, &value, sizeof value);
    return repaired(octets);
}

std::string refused(const std::string& octets) {
    const auto model = ScoreModel::from_bytes(octets, "m.model");
    return model ? "" : model.error().text;
}

TEST(ScoreModelFile, gives_back_what_was_written) {
    const ScoreParts parts = small_parts();
    const std::string octets = made(parts).to_bytes();
    EXPECT_EQ(octets.size(), ScoreModel::kHeaderBytes + 2 * 256);
    const auto again = ScoreModel::from_bytes(octets, "m.model");
    ASSERT_TRUE(again) << again.error().text;
    EXPECT_EQ(again->parts(), parts);
    EXPECT_EQ(again->to_bytes(), octets);
    EXPECT_EQ(repaired(octets), octets);

    test::PolicyFolder folder;
    ASSERT_TRUE(made(parts).save(folder.path("m.model")));
    const auto loaded = ScoreModel::load(folder.path("m.model"));
    ASSERT_TRUE(loaded) << loaded.error().text;
    EXPECT_EQ(loaded->parts(), parts);
}

TEST(ScoreModelFile, refuses_every_file_with_a_bit_turned_over) {
    const std::string good = made(small_parts()).to_bytes();
    for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
        std::string octets = good;
        octets[bit / 8] = static_cast<char>(octets[bit / 8] ^ 1 << bit % 8);
        const std::string text = refused(octets);
        ASSERT_TRUE(text.starts_with("m.model: ")) << bit << text;
        ASSERT_NE(text.find("; train the model again"), text.npos) << bit << text;
    }
}

TEST(ScoreModelFile, refuses_every_file_that_is_cut_or_goes_on) {
    const std::string good = made(small_parts()).to_bytes();
    for (std::size_t size = 0; size < good.size(); ++size) {
        ASSERT_NE(refused(good.substr(0, size)).find("octets"), std::string::npos) << size;
        if (size >= ScoreModel::kHeaderBytes) {
            ASSERT_NE(refused(repaired(good.substr(0, size))), "") << size;
        }
    }
    EXPECT_NE(refused(good + '\0'), "");
    EXPECT_NE(refused(repaired(good + '\0')), "");
}

// A checksum that is right says nothing about what it sums.
TEST(ScoreModelFile, checks_what_it_says_of_itself) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(refused(with<char>(0, 'r')), "");
    EXPECT_EQ(
        refused(with<std::uint32_t>(8, 2)),
        "m.model: is a model of version 2.1, and this is read here: 1.1; train the model again");
    EXPECT_NE(refused(with<std::uint32_t>(12, 2)), "");
    EXPECT_NE(refused(with<std::uint64_t>(16, 593)), "");
    EXPECT_NE(refused(with<std::uint32_t>(24, 2)), "");
    for (const std::uint32_t bits : {0u, 7u, 9u, 20u, 21u, 31u, 32u, 63u, 64u, 0xFFFFFFFFu})
        EXPECT_NE(refused(with<std::uint32_t>(28, bits)), "") << bits;
    EXPECT_NE(refused(with<double>(32, kNone)), "");
    EXPECT_NE(refused(with<double>(40, kNone)), "");
    EXPECT_NE(refused(with<double>(40, 0)), "");
    EXPECT_NE(refused(with<double>(40, -1)), "");
    EXPECT_EQ(refused(with<std::uint32_t>(48, 0)), "");
    EXPECT_NE(refused(with<std::uint64_t>(72, 1)), "");
    EXPECT_NE(refused(with<std::int16_t>(80, -32'768)), "");
    EXPECT_EQ(refused(with<std::int16_t>(80, -32'767)), "");
}

// A model made by the first version. The file may change only together with the number of its version or features.
TEST(ScoreModelFile, reads_what_version_1_wrote) {
    const auto model =
        ScoreModel::load(std::string(test::source_folder()) + "/tests/score/sample_v1.model");
    ASSERT_TRUE(model) << model.error().text;
    EXPECT_EQ(model->spam(), 48u);
    EXPECT_EQ(model->ham(), 48u);
    EXPECT_EQ(model->view(), View::kLight);
    EXPECT_EQ(model->score(test::folded_text(u"You won a holiday, claim it")), 1'000u);
    EXPECT_EQ(model->score(test::folded_text(u"Dinner in the garden")), 0u);
}

TEST(ScoreModelFile, says_when_there_is_none) {
    test::PolicyFolder folder;
    const auto absent = ScoreModel::load(folder.path("m.model"));
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().code, ErrorCode::kUnreadable);
    folder.write("m.model", std::string(3 << 20, 'x'));
    const auto large = ScoreModel::load(folder.path("m.model"));
    ASSERT_FALSE(large);
    EXPECT_EQ(large.error().code, ErrorCode::kTooLarge);
    EXPECT_FALSE(made(small_parts()).save(folder.path("no/folder/m.model")));
}

}  // namespace
}  // namespace ringfence
