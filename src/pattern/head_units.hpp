// head_units.hpp - the first units of a phrase, kept where it is compared: three words at most, without a branch.
//
// Units behind the phrase are not looked at, but read: a text has room behind it.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace ringfence::pattern {

template <std::size_t kUnits>
struct HeadUnits {
    static constexpr std::size_t kWords = kUnits / 4;
    static_assert(kUnits % 4 == 0);
    using Words = std::array<std::uint64_t, kWords>;

    std::array<char16_t, kUnits> units{};

    void set(std::u16string_view text) {
        std::copy_n(text.begin(), std::min(text.size(), kUnits), units.begin());
    }

    // Whether the first `count` stand at `at`; kUnits units can be read there.
    bool stand(const char16_t* at, std::size_t count) const {
        std::uint64_t differ = 0;
        for (std::size_t i = 0; i < kWords; ++i)
            differ |= (word(at + 4 * i) ^ word(units.data() + 4 * i)) & kMasks[count][i];
        return differ == 0;
    }

private:
    static std::uint64_t word(const char16_t* at) {
        std::uint64_t four;
        std::memcpy(&four, at, sizeof four);
        return four;
    }

    // By how many units count: the bits of theirs.
    static constexpr std::array<Words, kUnits + 1> masks() {
        std::array<Words, kUnits + 1> made{};
        for (std::size_t count = 0; count <= kUnits; ++count) {
            for (std::size_t unit = 0; unit < count; ++unit)
                made[count][unit / 4] |= std::uint64_t{0xFFFF} << 16 * (unit % 4);
        }
        return made;
    }
    static constexpr std::array<Words, kUnits + 1> kMasks = masks();
};

}  // namespace ringfence::pattern
