// Octets that are not an image, or no longer: a clear error, or tables whose every answer is well-formed.
#include <gtest/gtest.h>

#include "base/deep.hpp"
#include "image/answers.hpp"
#include "image/sample.hpp"

namespace ringfence {
namespace {

using sample::field;
using sample::octets_of;
using sample::put;
using sample::repair;

Error error_of(const std::string& octets) {
    const auto image = Image::from_bytes(octets, "lists.rft");
    return image ? Error{} : image.error();
}

bool is_clear(const Error& error) {
    return error.text.starts_with("lists.rft: ") && error.text.find("; ") != std::string::npos &&
           (error.code == ErrorCode::kSyntax || error.code == ErrorCode::kUnsupported);
}

TEST(ImageDamage, every_flipped_bit_is_told) {
    std::string small = octets_of(sample::fiction_of_files());
    ASSERT_FALSE(small.empty());
    std::string whole = octets_of(sample::fiction());
    const auto [roots, roots_bytes] = sample::section(whole, 6);
    const auto flip = [](std::string& octets, std::size_t bit) {
        octets[bit / 8] = static_cast<char>(octets[bit / 8] ^ 1 << bit % 8);
    };
    for (std::string* octets : {&small, &whole}) {
        for (std::size_t bit = 0; bit < octets->size() * 8; bit += test::rerun() ? 13 : 1) {
            const bool in_roots =
                octets == &whole && bit / 8 >= roots && bit / 8 < roots + roots_bytes;
            if (octets == &whole && !test::deep() && (in_roots ? bit % 4'999 != 0 : bit % 7 != 0))
                continue;
            flip(*octets, bit);
            const Error error = error_of(*octets);
            flip(*octets, bit);
            ASSERT_TRUE(is_clear(error)) << "bit " << bit << ": " << error.text;
        }
    }
}

TEST(ImageDamage, every_cut_is_told) {
    const std::string octets = octets_of(sample::fiction_of_files());
    for (std::size_t size = 0; size < octets.size(); ++size)
        ASSERT_TRUE(is_clear(error_of(octets.substr(0, size)))) << size;
    ASSERT_TRUE(is_clear(error_of(octets + '\0')));
}

// As an attacker would: what the checksums say is always right.
TEST(ImageDamage, corruption_with_right_checksums_is_told_or_harmless) {
    const std::uint64_t seed = test::deep() ? std::random_device{}() : 613;
    std::mt19937_64 random(seed);
    SCOPED_TRACE(seed);
    const std::string originals[] = {octets_of(sample::fiction_of_files()),
                                     octets_of(sample::fiction())};
    const unsigned rounds = test::deep() ? 1'000'000 : 20'000;
    unsigned read = 0;
    for (unsigned i = 0; i < rounds; ++i) {
        std::string octets = originals[i % 8 == 0 ? 1 : 0];
        // Mostly in one section, so that small ones have their share.
        const auto [offset, bytes] =
            sample::section(octets, random() % field<std::uint32_t>(octets, sample::kSectionsAt));
        const bool anywhere = bytes == 0 || random() % 4 == 0;
        const unsigned changes = 1 + static_cast<unsigned>(random() % 4);
        for (unsigned k = 0; k < changes; ++k) {
            const std::size_t at = anywhere ? random() % octets.size() : offset + random() % bytes;
            const std::uint64_t value = random() % 3 == 0 ? random() : random() % 3 - 1;
            switch (random() % 5) {
                case 0: put(octets, at, static_cast<std::uint8_t>(value)); break;
                case 1: put(octets, at, static_cast<std::uint16_t>(value)); break;
                case 2: put(octets, at & ~std::size_t{3}, static_cast<std::uint32_t>(value)); break;
                case 3: put(octets, at & ~std::size_t{7}, value); break;
                default: {  // something that is well-formed elsewhere
                    const std::size_t from = random() % octets.size();
                    const std::size_t size = std::min<std::size_t>(
                        {std::size_t{8} << random() % 4, octets.size() - from, octets.size() - at});
                    octets.replace(at, size, octets.substr(from, size));
                    break;
                }
            }
        }
        repair(octets);
        const auto image = Image::from_bytes(octets, "lists.rft");
        if (!image) {
            ASSERT_TRUE(is_clear(image.error()) || image.error().code == ErrorCode::kOutOfMemory)
                << i << ": " << image.error().text;
            continue;
        }
        ++read;
        ASSERT_EQ(sample::fault_in_answers(*image, random), "") << i;
    }
    EXPECT_GT(read, rounds / 100);  // some damage is another image
    EXPECT_LT(read, rounds);
}

TEST(ImageDamage, a_later_version_and_an_unknown_required_feature_are_told_apart_from_damage) {
    const std::string octets = octets_of(sample::fiction(false));
    std::string later = octets;
    put(later, sample::kVersionAt, std::uint32_t{2});
    repair(later);
    EXPECT_EQ(error_of(later).code, ErrorCode::kUnsupported);
    EXPECT_EQ(
        error_of(later).text,
        "lists.rft: is an image of version 2, this library reads up to 1; update the library, or "
        "compile with this one");
    std::string needs = octets;
    put(needs, sample::kRequiredAt, std::uint64_t{1} << 40u);
    repair(needs);
    EXPECT_EQ(error_of(needs).code, ErrorCode::kUnsupported);
    EXPECT_EQ(error_of(needs).text,
              "lists.rft: needs feature 40, which this library does not know; update it");
}

TEST(ImageDamage, unknown_optional_features_and_sections_are_passed_over) {
    std::string octets = octets_of(sample::fiction(false));
    put(octets, sample::kOptionalAt, ~std::uint64_t{1});
    repair(octets);
    EXPECT_TRUE(Image::from_bytes(octets, "x"));
    std::string promised = octets;  // bit 0 is the section of origins
    put(promised, sample::kOptionalAt, ~std::uint64_t{0});
    repair(promised);
    EXPECT_EQ(error_of(promised).text,
              "lists.rft: its section origins and its feature bit do not agree; compile it again");

    // One more section behind the others: the table grows by 32 octets, so all of them move by 64.
    const auto count = field<std::uint32_t>(octets, sample::kSectionsAt);
    const std::size_t table_end = sample::kHeaderBytes + sample::kSectionBytes * count;
    const std::size_t first = sample::section(octets, 0).first;
    std::string grown = octets.substr(0, table_end);
    const std::size_t new_first = (table_end + sample::kSectionBytes + 63) / 64 * 64;
    for (std::size_t i = 0; i < count; ++i)
        put(grown, sample::kHeaderBytes + sample::kSectionBytes * i + 8,
            sample::section(octets, i).first - first + new_first);
    std::string body = octets.substr(first);
    const std::size_t offset = (new_first + body.size() + 63) / 64 * 64;
    const auto with = [&](std::uint32_t kind) {
        std::string image = grown;
        image.append(sample::kSectionBytes, '\0');
        put(image, table_end, kind);
        put(image, table_end + 8, std::uint64_t{offset});
        put(image, table_end + 16, std::uint64_t{5});
        image.resize(new_first, '\0');
        image += body;
        image.resize(offset, '\0');
        image += "extra";
        put(image, sample::kSectionsAt, count + 1);
        put(image, sample::kFileBytesAt, std::uint64_t{image.size()});
        repair(image);
        return image;
    };
    const auto optional = Image::from_bytes(with(0x80000012u), "x");
    EXPECT_TRUE(optional) << optional.error().text;
    EXPECT_EQ(error_of(with(18)).code, ErrorCode::kUnsupported);
    std::string damaged = with(0x80000012u);
    damaged.back() = 'A';
    EXPECT_NE(error_of(damaged).text.find("kind 2147483666 is damaged"), std::string::npos);
}

TEST(ImageDamage, an_error_names_section_offset_and_what_to_do) {
    std::string octets = octets_of(sample::fiction(false));
    const std::uint64_t lines = sample::section(octets, 5).first;
    std::string bad = octets;
    put(bad, lines + 8, ~std::uint64_t{0});
    repair(bad);
    EXPECT_EQ(error_of(bad).text,
              "lists.rft: section lines at offset " + std::to_string(lines + 8) +
                  ": holds no number; compile the image again, or copy it again");
    bad = octets;
    bad[lines] = static_cast<char>(bad[lines] ^ 1);
    const Error damaged = error_of(bad);
    EXPECT_TRUE(is_clear(damaged));
    EXPECT_NE(damaged.text.find("section lines at offset"), std::string::npos) << damaged.text;
}

}  // namespace
}  // namespace ringfence
