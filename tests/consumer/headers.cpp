// The headers alone, with nothing to link: a number keeps its zeros, a pin sees what was published.
#include <ringfence/version.h>
#include <ringfence/number/number.hpp>
#include <ringfence/sync/epoch.hpp>
#include <ringfence/sync/snapshot.hpp>

#include <cstdio>
#include <memory>
#include <string_view>

int main() {
    constexpr auto number = ringfence::Number::from_digits("00442079460000");
    static_assert(number.length() == 14);

    ringfence::EpochDomain domain;
    ringfence::Snapshot<int> snapshot(domain, std::make_unique<int>(7));
    auto reader = domain.register_reader();
    if (!reader) return 1;
    const ringfence::Pin pin(*reader);
    if (*snapshot.load(pin) != 7) return 1;

    std::printf("%s %s\n", RINGFENCE_VERSION, number.digits().c_str());
    return number.digits() == std::string_view("00442079460000") ? 0 : 1;
}
