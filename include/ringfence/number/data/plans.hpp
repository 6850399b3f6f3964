// plans.hpp - the shipped dial plans.
// Generated on 2026-11-24 by tools/gen_numbering.py from phonenumbers 9.0.17 (libphonenumber's metadata,
// Apache-2.0) and tools/data/; see NOTICE. Do not edit.
#pragma once

#include <array>
#include <string_view>

#include "ringfence/number/data/plan_types.hpp"

namespace ringfence::data {

// clang-format off
inline constexpr std::array<std::string_view, 1> kCNInternational = {"00"};
inline constexpr std::array<std::string_view, 8> kCNEmergency = {"110", "119", "120", "122", "112", "12110", "12395", "95110"};
inline constexpr std::array<std::string_view, 1> kCNKin = {"CN"};
inline constexpr std::array<CodeRange, 4> kCNProtected = {{{"96110", 5, 5}, {"12381", 5, 5}, {"955", 5, 6}, {"100", 5, 5}}};
inline constexpr std::array<CodeRange, 2> kCNIpCall = {{{"125", 5, 5}, {"179", 5, 5}}};

inline constexpr std::array<std::string_view, 1> kUSInternational = {"011"};
inline constexpr std::array<std::string_view, 2> kUSEmergency = {"911", "112"};
inline constexpr std::array<std::string_view, 6> kUSKin = {"US", "PR", "VI", "GU", "AS", "MP"};
inline constexpr std::array<CodeRange, 8> kUSProtected = {{{"211", 3, 3}, {"311", 3, 3}, {"411", 3, 3}, {"511", 3, 3}, {"611", 3, 3}, {"711", 3, 3}, {"811", 3, 3}, {"988", 3, 3}}};
inline constexpr std::array<CodeRange, 0> kUSIpCall = {};

inline constexpr std::array<std::string_view, 1> kGBInternational = {"00"};
inline constexpr std::array<std::string_view, 3> kGBEmergency = {"999", "112", "18000"};
inline constexpr std::array<std::string_view, 4> kGBKin = {"GB", "GG", "JE", "IM"};
inline constexpr std::array<CodeRange, 6> kGBProtected = {{{"159", 3, 3}, {"101", 3, 3}, {"105", 3, 3}, {"111", 3, 3}, {"116", 6, 6}, {"118", 6, 6}}};
inline constexpr std::array<CodeRange, 0> kGBIpCall = {};

inline constexpr std::array<std::string_view, 1> kDEInternational = {"00"};
inline constexpr std::array<std::string_view, 2> kDEEmergency = {"110", "112"};
inline constexpr std::array<std::string_view, 1> kDEKin = {"DE"};
inline constexpr std::array<CodeRange, 5> kDEProtected = {{{"115", 3, 3}, {"116", 6, 6}, {"118", 5, 6}, {"137", 8, 11}, {"900", 10, 11}}};
inline constexpr std::array<CodeRange, 0> kDEIpCall = {};

inline constexpr std::array<std::string_view, 1> kFRInternational = {"00"};
inline constexpr std::array<std::string_view, 11> kFREmergency = {"15", "17", "18", "112", "114", "115", "119", "116000", "191", "196", "197"};
inline constexpr std::array<std::string_view, 1> kFRKin = {"FR"};
inline constexpr std::array<CodeRange, 8> kFRProtected = {{{"33700", 5, 5}, {"3018", 4, 4}, {"3020", 4, 4}, {"3117", 4, 4}, {"3919", 4, 4}, {"10", 4, 4}, {"116", 6, 6}, {"118", 6, 6}}};
inline constexpr std::array<CodeRange, 0> kFRIpCall = {};

inline constexpr std::array<std::string_view, 40> kSGInternational = {"001", "000", "002", "003", "004", "005", "006", "007", "008", "009", "010", "011", "012", "013", "014", "015", "016", "017", "018", "019", "020", "021", "022", "023", "024", "025", "026", "027", "028", "029", "030", "031", "032", "033", "034", "035", "036", "037", "038", "039"};
inline constexpr std::array<std::string_view, 7> kSGEmergency = {"995", "999", "993", "112", "911", "70999", "71999"};
inline constexpr std::array<std::string_view, 1> kSGKin = {"SG"};
inline constexpr std::array<CodeRange, 3> kSGProtected = {{{"1799", 4, 4}, {"1777", 4, 4}, {"1767", 4, 4}}};
inline constexpr std::array<CodeRange, 0> kSGIpCall = {};

inline constexpr std::array<std::string_view, 1> kINInternational = {"00"};
inline constexpr std::array<std::string_view, 11> kINEmergency = {"112", "100", "101", "102", "108", "1298", "2611", "1091", "1098", "1078", "1554"};
inline constexpr std::array<std::string_view, 1> kINKin = {"IN"};
inline constexpr std::array<CodeRange, 4> kINProtected = {{{"1930", 4, 4}, {"155260", 6, 6}, {"1909", 4, 4}, {"198", 3, 3}}};
inline constexpr std::array<CodeRange, 0> kINIpCall = {};

inline constexpr std::array<PlanRow, 7> kPlans = {{
    {"CN", "86", "00", "0", kCNInternational, kCNEmergency, kCNProtected, kCNKin, kCNIpCall, 4, {0, 2, 2, 3, 3, 3, 3, 3, 3, 3}, 299, 391},
    {"US", "1", "011", "1", kUSInternational, kUSEmergency, kUSProtected, kUSKin, kUSIpCall, 0, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 951, 8022},
    {"GB", "44", "00", "0", kGBInternational, kGBEmergency, kGBProtected, kGBKin, kGBIpCall, 65511, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 2187, 8067},
    {"DE", "49", "00", "0", kDEInternational, kDEEmergency, kDEProtected, kDEKin, kDEIpCall, 65511, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 2748, 8089},
    {"FR", "33", "00", "0", kFRInternational, kFREmergency, kFRProtected, kFRKin, kFRIpCall, 65511, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 1495, 8115},
    {"SG", "65", "001", "", kSGInternational, kSGEmergency, kSGProtected, kSGKin, kSGIpCall, 0, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 3671, 8130},
    {"IN", "91", "00", "0", kINInternational, kINEmergency, kINProtected, kINKin, kINIpCall, 65511, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 4197, 8242},
}};
// clang-format on

}  // namespace ringfence::data
