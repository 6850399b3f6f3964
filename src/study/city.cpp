#include "src/study/city.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace ringfence::study {
namespace {

// The numbering plan, as of 2026-01. Mobile ranges issued to people, by their first digits.
constexpr auto kMobile = std::to_array<std::uint16_t>(
    {130, 131, 132, 133, 134, 135, 136, 137, 138, 139, 145, 147, 149, 150, 151, 152, 153, 155,
     156, 157, 158, 159, 162, 165, 166, 167, 171, 172, 173, 175, 176, 177, 178, 180, 181, 182,
     183, 184, 185, 186, 187, 188, 189, 190, 191, 192, 193, 195, 196, 197, 198, 199});
// Ranges of resellers, whose cards are the cheapest to get.
constexpr auto kVirtual = std::to_array<std::uint16_t>({162, 165, 167, 170, 171});
// IoT ranges: first digits of 13.
constexpr auto kIot = std::to_array<std::uint32_t>({1440, 1441, 1410, 146, 148, 10647, 10649});

constexpr auto kAreasOf7 = std::to_array<std::uint16_t>(
    {310, 312, 313, 314, 315, 316, 317, 318, 319, 335, 349, 350, 351, 352, 353, 354, 355, 356, 357,
     358, 359, 370, 372, 373, 374, 375, 376, 378, 391, 392, 393, 394, 395, 396, 398, 410, 412, 413,
     414, 415, 416, 417, 418, 419, 421, 427, 429, 433, 434, 435, 436, 437, 438, 439, 452, 453, 454,
     455, 456, 457, 458, 459, 464, 467, 468, 469, 470, 471, 472, 473, 474, 475, 476, 477, 478, 479,
     482, 483, 530, 533, 534, 535, 536, 537, 538, 539, 543, 546, 550, 552, 553, 554, 555, 556, 557,
     558, 559, 561, 562, 563, 564, 566, 570, 572, 578, 580, 592, 593, 594, 596, 597, 598, 599, 631,
     632, 633, 634, 635, 660, 662, 663, 668, 691, 692, 701, 710, 711, 712, 713, 714, 715, 716, 717,
     718, 719, 722, 724, 728, 730, 734, 735, 736, 737, 738, 739, 743, 744, 745, 746, 750, 751, 752,
     753, 754, 756, 758, 759, 762, 763, 766, 768, 770, 771, 772, 773, 774, 775, 776, 777, 778, 779,
     790, 792, 793, 794, 795, 796, 797, 798, 799, 812, 813, 816, 817, 818, 825, 826, 827, 830, 831,
     832, 833, 834, 835, 836, 837, 838, 839, 851, 852, 853, 854, 855, 856, 857, 858, 859, 870, 872,
     873, 874, 875, 876, 877, 878, 879, 883, 886, 887, 888, 891, 892, 893, 894, 895, 896, 897, 901,
     902, 903, 906, 908, 909, 911, 912, 913, 914, 915, 916, 917, 919, 930, 931, 932, 933, 934, 935,
     936, 937, 938, 939, 941, 943, 951, 952, 953, 954, 955, 970, 971, 972, 973, 974, 975, 976, 977,
     978, 979, 990, 991, 992, 993, 994, 995, 996, 997, 998, 999});
constexpr auto kAreasOf8 = std::to_array<std::uint16_t>(
    {10,  20,  21,  22,  23,  24,  25,  27,  28,  29,  311, 371, 377, 379, 411, 431, 432,
     451, 510, 511, 512, 513, 514, 515, 516, 517, 518, 519, 523, 527, 531, 532, 551, 571,
     573, 574, 575, 576, 577, 579, 591, 595, 731, 755, 757, 760, 769, 791, 871, 898});
constexpr std::uint64_t kCityArea = 755;

// How busy each hour of a local day is.
constexpr std::array<std::uint16_t, 24> kWaking = {4,  2,  1,  1,  1,  3,  10, 25, 55, 75, 80, 75,
                                                   65, 60, 70, 75, 75, 80, 80, 75, 65, 45, 25, 10};
constexpr std::array<std::uint16_t, 24> kOffice = {0,  0,  0,  0,   0,  0,  0,  0,  20, 90, 100, 90,
                                                   30, 40, 95, 100, 95, 70, 30, 20, 10, 0,  0,   0};

constexpr std::uint64_t power_of_ten(unsigned exponent) {
    std::uint64_t power = 1;
    for (unsigned i = 0; i < exponent; ++i) power *= 10;
    return power;
}

// `size` digits that begin with `prefix`.
std::uint64_t extended(std::uint64_t prefix, unsigned size, Random& random) {
    unsigned length = 0;
    for (std::uint64_t rest = prefix; rest != 0; rest /= 10) ++length;
    const std::uint64_t room = power_of_ten(size - length);
    return prefix * room + random.next() % room;
}

std::int64_t moment(const std::array<std::uint16_t, 24>& hours, Random& random) {
    constexpr std::uint64_t kHourMs = 3'600'000;
    const std::uint64_t hour = random.weighted(hours);
    return static_cast<std::int64_t>(hour * kHourMs + random.below(kHourMs));
}

std::string subscriber_digits(unsigned size, Random& random) {
    // Local numbers begin with 2 to 8.
    return std::to_string(extended(random.between(2, 8), size, random));
}

}  // namespace

std::string_view name_of(FraudType type) {
    constexpr std::array<std::string_view, kFraudTypes> kNames = {"",
                                                                  "task_rebate",
                                                                  "fake_investment",
                                                                  "fake_shopping",
                                                                  "fake_courier_service",
                                                                  "fake_loan",
                                                                  "fake_credit",
                                                                  "fake_boss_or_friend",
                                                                  "fake_authority",
                                                                  "romance",
                                                                  "game_trade",
                                                                  "etc_points",
                                                                  "gambling",
                                                                  "card_trade",
                                                                  "simbox",
                                                                  "wangiri",
                                                                  "call_bombing"};
    return kNames[static_cast<std::size_t>(type)];
}

City::City(const CityOptions& options) : start_ms_(to_ms(options.start)) {
    constexpr std::uint64_t kFewest = 200;
    constexpr std::uint64_t kCells = 400;
    Random random(options.seed ^ 0x6369747900000001u);
    const std::uint64_t people = std::max(kFewest, options.calls / 6 + options.sms / 10);
    subscribers_.reserve(people);
    used_.reserve(people + people / 4);
    for (std::uint64_t i = 0; i < people; ++i) {
        Subscriber subscriber;
        subscriber.number = new_mobile(random);
        subscriber.imei = study::imei(random);
        subscriber.cell = static_cast<std::uint32_t>(random.between(1, kCells));
        subscribers_.push_back(subscriber);
    }
}

const Subscriber& City::friend_of(std::size_t index, Random& random) const {
    constexpr std::uint64_t kCircle = 12;
    // The nearest are called most: the smaller of two picks.
    const std::uint64_t which = std::min(random.below(kCircle), random.below(kCircle));
    Random circle(index * kCircle + which);
    return subscribers_[circle.below(subscribers_.size())];
}

std::uint64_t City::unused(std::uint64_t number, Random& random, std::uint64_t spread) {
    while (!used_.insert(number).second) number = number / spread * spread + random.next() % spread;
    return number;
}

std::uint64_t City::new_mobile(Random& random) {
    return unused(extended(random.pick(kMobile), 11, random), random, 100'000'000);
}

std::uint64_t City::new_virtual_mobile(Random& random) {
    return unused(extended(random.pick(kVirtual), 11, random), random, 100'000'000);
}

std::uint64_t City::new_iot(Random& random) {
    return unused(extended(random.pick(kIot), 13, random), random, 100'000'000);
}

std::string landline(Random& random) {
    const std::size_t area = random.below(kAreasOf7.size() + kAreasOf8.size());
    if (area < kAreasOf7.size()) {
        return std::to_string(kAreasOf7[area]).append(subscriber_digits(7, random));
    }
    return std::to_string(kAreasOf8[area - kAreasOf7.size()]).append(subscriber_digits(8, random));
}

std::string city_landline(Random& random) {
    return std::to_string(kCityArea).append(subscriber_digits(8, random));
}

// Fourteen digits of type and serial, and the check digit (3GPP TS 23.003 annex B).
std::uint64_t imei(Random& random) {
    const std::uint64_t digits = extended(86, 14, random);
    std::uint64_t sum = 0;
    std::uint64_t rest = digits;
    for (unsigned i = 0; i < 14; ++i, rest /= 10) {
        const std::uint64_t digit = rest % 10 * (i % 2 == 0 ? 2 : 1);
        sum += digit / 10 + digit % 10;
    }
    return digits * 10 + (10 - sum % 10) % 10;
}

std::int64_t waking_ms(Random& random) { return moment(kWaking, random); }
std::int64_t office_ms(Random& random) { return moment(kOffice, random); }

}  // namespace ringfence::study
