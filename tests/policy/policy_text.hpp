// policy_text.hpp - policies in memory, for tests: what they say, or how they are refused.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "ringfence/policy/policy.hpp"

namespace ringfence::test {

inline constexpr std::string_view kChina = "[screen]\ncountry = \"CN\"\n";  // two lines

inline Policy parsed(std::string_view text) {
    auto policy = Policy::parse(std::string(kChina) + std::string(text), "conf/policy.toml");
    EXPECT_TRUE(policy) << (policy ? "" : policy.error().text);
    return policy ? std::move(*policy) : Policy{};
}

// The error of a text behind the two lines of kChina, or "" when it loads.
inline std::string refused(std::string_view text) {
    const auto policy = Policy::parse(std::string(kChina) + std::string(text), "policy.toml");
    return policy ? "" : policy.error().text;
}

inline ErrorCode code_of(std::string_view text) {
    const auto policy = Policy::parse(std::string(kChina) + std::string(text), "policy.toml");
    EXPECT_FALSE(policy);
    return policy ? ErrorCode::kInternal : policy.error().code;
}

}  // namespace ringfence::test
