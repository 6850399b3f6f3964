// The headers alone, with nothing to link: numbers read and written out, tables viewed, a pin on what was published.
#include <ringfence/version.h>
#include <ringfence/number/format.hpp>
#include <ringfence/number/normalize.hpp>
#include <ringfence/number/parse.hpp>
#include <ringfence/sync/epoch.hpp>
#include <ringfence/sync/snapshot.hpp>
#include <ringfence/table/number_view.hpp>
#include <ringfence/table/prefix_view.hpp>

#include <cstdio>
#include <memory>
#include <string_view>

int main() {
    using namespace ringfence;
    const DialPlan* plan = DialPlan::find(CountryCode("GB"));
    if (plan == nullptr) return 1;
    const Normalized read = normalize(parse(AddressView("020 7946 0000")), *plan);
    const auto number = Number::from_digits("442079460000");
    if (read.number != number) return 1;
    if (format_e164(number).text() != "+442079460000") return 1;

    if (NumberView().find(number) != kNoList) return 1;
    static_cast<void>(PrefixView());

    EpochDomain domain;
    Snapshot<int> snapshot(domain, std::make_unique<int>(7));
    auto reader = domain.register_reader();
    if (!reader) return 1;
    const Pin pin(*reader);
    if (*snapshot.load(pin) != 7) return 1;

    std::printf("%s %s\n", RINGFENCE_VERSION, number.digits().c_str());
    return 0;
}
