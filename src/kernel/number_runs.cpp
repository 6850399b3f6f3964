#include "src/kernel/number_runs.hpp"

namespace ringfence::kernel {
namespace {

constexpr std::size_t kLeastMembers = 5;

}  // namespace

bool may_have_number(const std::uint8_t* kinds, std::size_t size) {
    std::size_t members = 0, last = 0;
    bool numeral = false;
    for (std::size_t i = 0; i < size; ++i) {
        if ((kinds[i] & kInNumber) == 0) continue;
        const bool apart = i - last == 2 && (kinds[i - 1] & kInDense) == 0;
        if (i - last != 1 && !apart) {
            members = 0;
            numeral = false;
        }
        ++members;
        numeral |= (kinds[i] & kIsNumeral) != 0;
        if (numeral && members >= kLeastMembers) return true;
        last = i;
    }
    return false;
}

}  // namespace ringfence::kernel
