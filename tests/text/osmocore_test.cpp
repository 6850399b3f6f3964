// GSM 7-bit and data coding schemes against libosmocore, where it is installed.
#include <gtest/gtest.h>

#include "ringfence/text/decode.hpp"
#include "tests/base/deep.hpp"
#include "tests/text/buffer.hpp"
#include "tests/text/encode.hpp"

#if defined(RINGFENCE_HAS_OSMOCORE)

#include <cstdint>
#include <ctime>
#include <random>
#include <string>

// Its headers are C's, and each leaves to the one before what it needs.
extern "C" {
#include <osmocom/gsm/protocol/gsm_04_11.h>
//
#include <osmocom/gsm/gsm0411_utils.h>
#include <osmocom/gsm/gsm_utils.h>
}

namespace ringfence {
namespace {

using test::buffer;
using test::Octets;

SmsContent user_data(const Octets& octets, unsigned dcs, bool udhi) {
    SmsContent content;
    content.octets = octets;
    content.form = ContentForm::kUserData;
    content.scheme = static_cast<std::uint8_t>(dcs);
    content.udhi = udhi;
    return content;
}

// What libosmocore reads; `septets` counts the header's too, as TP-UDL does.
std::string read_by_osmocore(const Octets& octets, std::size_t septets, bool udhi) {
    char text[512] = {};
    const int size = gsm_7bit_decode_n_hdr(text, sizeof text, octets.data(),
                                           static_cast<std::uint8_t>(septets), udhi ? 1 : 0);
    return {text, static_cast<std::size_t>(size)};
}

// The septets whose characters both sides have in ASCII.
const Octets& ascii_septets() {
    static const Octets codes = [] {
        Octets found;
        for (unsigned code = 0; code < 128; ++code) {
            const char16_t unit = gsm7::kDefault[code];
            if (code != gsm7::kEscape && unit >= 0x20 && unit < 0x7F) {
                found.push_back(static_cast<std::uint8_t>(code));
            }
        }
        return found;
    }();
    return codes;
}

TEST(Osmocore, unpacks_the_same_septets_with_and_without_a_header) {
    constexpr unsigned kSeed = 17;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    const int rounds = test::deep() ? 1'000'000 : 20'000;
    for (int round = 0; round < rounds; ++round) {
        Octets septets(random() % 150);
        for (auto& septet : septets) septet = ascii_septets()[random() % ascii_septets().size()];
        if (!septets.empty()) septets.back() = 'x';  // no '@', which may be padding
        Octets header;
        if (random() % 2 == 0) {
            header.resize(1 + random() % 8);
            header[0] = static_cast<std::uint8_t>(header.size() - 1);
        }
        const std::size_t border = (header.size() * 8 + 6) / 7;
        Octets packed = header;
        packed.resize(((border + septets.size()) * 7 + 7) / 8);
        Octets body(packed.size() + 8);
        const auto fill = static_cast<std::uint8_t>(border * 7 - header.size() * 8);
        const int written = gsm_septet_pack(body.data(), septets.data(), septets.size(), fill);
        ASSERT_GE(written, 0);
        std::copy_n(body.begin(), packed.size() - header.size(),
                    packed.begin() + static_cast<std::ptrdiff_t>(header.size()));
        const std::string expected =
            read_by_osmocore(packed, border + septets.size(), !header.empty());
        decode(user_data(packed, 0, !header.empty()), buffer());
        ASSERT_EQ(std::string(buffer().text().begin(), buffer().text().end()), expected) << round;
        ASSERT_EQ(expected.size(), septets.size()) << round;
    }
}

TEST(Osmocore, reads_the_same_signs_of_the_extension_table) {
    for (const char16_t sign : std::u16string(u"^{}\\[~]|")) {
        const Octets packed = test::pack({}, *test::gsm7_septets(std::u16string(3, sign) + u"x"));
        decode(user_data(packed, 0, false), buffer());
        EXPECT_EQ(std::string(buffer().text().begin(), buffer().text().end()),
                  read_by_osmocore(packed, 7, false));
    }
}

TEST(Osmocore, chooses_the_same_alphabet_for_a_data_coding_scheme) {
    unsigned compared = 0;
    for (unsigned dcs = 0; dcs < 256; ++dcs) {
        if (dcs < 0x80 && (dcs & 0x20u) != 0) continue;  // compressed: it knows none
        const int alphabet = gsm338_get_sms_alphabet(static_cast<std::uint8_t>(dcs));
        if (alphabet == DCS_NONE) continue;  // nor these
        const Octets octets{0x41, 0x42};
        decode(user_data(octets, dcs, false), buffer());
        const Alphabet wanted = alphabet == DCS_UCS2        ? Alphabet::kUtf16
                                : alphabet == DCS_8BIT_DATA ? Alphabet::kOctets
                                                            : Alphabet::kGsm7;
        EXPECT_EQ(name_of(buffer().alphabet), name_of(wanted)) << dcs;
        ++compared;
    }
    EXPECT_GT(compared, 80u);
}

}  // namespace
}  // namespace ringfence

#else

TEST(Osmocore, reads_gsm7_alike) {
    GTEST_SKIP() << "libosmocore was not there when this was built (libosmocore-dev)";
}

#endif
