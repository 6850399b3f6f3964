// Any digits under any plan, type and form mean what the plain model says. First octet: plan, '+', type;
// the others: digits, by their last decimal.
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "number/number_model.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ringfence;
    if (size == 0) return 0;
    const DialPlan& plan = DialPlan::all()[data[0] % 7];
    Address address;
    address.kind = AddressKind::kDigits;
    address.plus = data[0] / 7 % 2 == 1;
    address.ton = static_cast<TypeOfNumber>(data[0] / 14 % 7);
    const std::size_t digits = std::min<std::size_t>(size - 1, Address::kMaxText);
    for (std::size_t i = 0; i < digits; ++i)
        address.chars[address.size++] = static_cast<char>('0' + data[i + 1] % 16 % 10);
    address.truncated = size - 1 > Address::kMaxText;
    const std::string text = model::disagreement(address, plan);
    if (!text.empty()) {
        std::fprintf(stderr, "%.2s %s%.*s ton %d: %s\n", plan.country().text().data(),
                     address.plus ? "+" : "", int{address.size}, address.chars.data(),
                     static_cast<int>(address.ton), text.c_str());
        std::abort();
    }
    return 0;
}
