// categories.hpp - free-text categories as small numbers.
//
// Built while a policy, its lists and its packs load; then read by any thread. 0 is "none".
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/base/result.hpp"

namespace ringfence {

class Categories {
public:
    static constexpr std::size_t kMaxText = 64;  // octets
    static constexpr std::size_t kMax = 65'535;

    // The number of this text, a new one if need be; 0 for the empty text. Fails with kTooLarge over kMaxText
    // octets and with kFull past kMax. Threads: one thread per object.
    Result<std::uint16_t> intern(std::string_view text);

    // Empty for 0 and for a number that was never given. Threads: any thread.
    std::string_view name(std::uint16_t category) const {
        return category < names_.size() ? std::string_view(names_[category]) : std::string_view{};
    }
    std::size_t size() const { return names_.size(); }  // 0 included

private:
    std::vector<std::string> names_{std::string{}};
    std::map<std::string, std::uint16_t, std::less<>> numbers_;
};

}  // namespace ringfence
