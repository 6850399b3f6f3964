#include "ringfence/number/parse_digits.hpp"

#include <cassert>

#include "src/kernel/digits_kernel.hpp"

namespace ringfence {

void parse_digits(std::span<const std::string_view> texts, std::span<Number> numbers) {
    assert(numbers.size() >= texts.size());
    kernel::digits_kernel().parse(texts.data(), numbers.data(), texts.size());
}

}  // namespace ringfence
