// city_callers.hpp - who calls in the example city, how much of it, and from where.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "src/study/city.hpp"

namespace ringfence::study {

// Calls of each kind in ten thousand; ordinary calls are the rest.
inline constexpr std::uint64_t kCourierShare = 900;
inline constexpr std::uint64_t kCallCentreShare = 650;
inline constexpr std::uint64_t kServiceShare = 110;
inline constexpr std::uint64_t kRoamerShare = 150;
inline constexpr std::uint64_t kForeignShare = 150;
inline constexpr std::uint64_t kEmergencyShare = 30;
inline constexpr std::uint64_t kForwardedShare = 50;
inline constexpr std::uint64_t kWithheldShare = 30;
inline constexpr std::uint64_t kBurstShare = 170;
inline constexpr std::uint64_t kSimboxShare = 90;
inline constexpr std::uint64_t kSpoofShare = 80;
inline constexpr std::uint64_t kIotShare = 20;
inline constexpr std::uint64_t kWangiriShare = 20;
inline constexpr std::uint64_t kBombingShare = 20;
inline constexpr std::uint64_t kFraudAbroadShare = 20;

// How often each story of FraudType is told, kTaskRebate first.
inline constexpr std::array<std::uint16_t, kStories> kStoryWeights = {30, 15, 12, 16, 12,
                                                                      8,  4,  8,  3,  2};

inline FraudType story(Random& random) {
    return static_cast<FraudType>(1 + random.weighted(kStoryWeights));
}

// Country code and the digits of a mobile number behind it, to begin with.
struct Abroad {
    std::string_view prefix;
    unsigned more;
};

inline constexpr auto kHonestAbroad = std::to_array<Abroad>({{"85291", 6},
                                                             {"85262", 6},
                                                             {"8190", 8},
                                                             {"8210", 8},
                                                             {"1415", 7},
                                                             {"1604", 7},
                                                             {"4477", 8},
                                                             {"49171", 7},
                                                             {"336", 8},
                                                             {"6591", 6},
                                                             {"61412", 6},
                                                             {"88692", 7}});
// Where calls of fraud rings come from, as of 2022.
inline constexpr auto kFraudAbroad = std::to_array<Abroad>({{"959", 9},
                                                            {"85512", 6},
                                                            {"97150", 7},
                                                            {"63917", 7},
                                                            {"66812", 6},
                                                            {"85620", 8},
                                                            {"6012", 7}});
// Ranges that pay who is called back.
inline constexpr auto kWangiri = std::to_array<Abroad>(
    {{"21620", 6}, {"37199", 6}, {"8821355", 5}, {"2243", 8}, {"2376", 8}, {"5393", 6}});

inline constexpr auto kServices = std::to_array<std::string_view>(
    {"95588", "95533", "95599", "95566", "95555", "95559", "95528", "95595",
     "95568", "95577", "95558", "95561", "95511", "95518", "95519", "95338",
     "95311", "95320", "10086", "10010", "10000", "12345", "12315", "96110"});
inline constexpr auto kEmergency = std::to_array<std::string_view>(
    {"110", "110", "110", "120", "120", "120", "119", "122", "0755110", "0755120", "12395"});

inline std::string digits_of(const Abroad& abroad, Random& random) {
    std::string digits(abroad.prefix);
    for (unsigned i = 0; i < abroad.more; ++i) {
        digits.push_back(static_cast<char>('0' + random.below(10)));
    }
    return digits;
}

}  // namespace ringfence::study
