// Text and octets are read as the plain model reads them, and what is read means what the plain model says:
// under any plan it can be normalized, under one the two are compared.
// First octet: 0 TBCD, 1 Q.763, others text; the rest is the address.
#include <cstdlib>
#include <string>
#include <vector>

#include "number/number_model.hpp"
#include "number/parse_model.hpp"
#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/format.hpp"
#include "ringfence/number/normalize.hpp"
#include "ringfence/number/parse.hpp"

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ringfence;
    if (size == 0) return 0;
    const std::vector<std::uint8_t> octets(data + 1, data + size);
    const std::string text(octets.begin(), octets.end());
    Address address;
    model::ParsedText want;
    if (data[0] == 0) {
        address = parse(AddressView::tbcd(octets, TypeOfNumber::kUnknown));
        want = model::parse_halves(octets, false);
    } else if (data[0] == 1) {
        address = parse(AddressView::q763(octets));
        if (octets.size() >= 2)
            want = model::parse_halves({octets.begin() + 2, octets.end()}, octets[0] >= 128);
        if (octets.size() >= 2 && octets[1] / 4 % 2 == 1) want.kind = AddressKind::kWithheld;
    } else {
        address = parse(std::string_view(text));
        want = model::parse_text(text);
    }
    require(address.kind == want.kind && address.plus == want.plus);
    require(address.separators == want.separators && address.local == want.local);
    require(address.truncated == (want.text.size() > Address::kMaxText));
    require(want.text.starts_with(address.text()));
    // A cut name loses at most the octets of one character.
    const bool name = address.kind == AddressKind::kAlphanumeric;
    const std::size_t kept = std::min<std::size_t>(want.text.size(), Address::kMaxText);
    require(address.size <= kept && address.size + (name && address.truncated ? 3u : 0u) >= kept);

    require(model::disagreement(address, DialPlan::all()[size % 7]).empty());
    for (const DialPlan& plan : DialPlan::all()) {
        const Normalized n = normalize(address, plan);
        const bool digits = n.digits().find_first_not_of("0123456789") == std::string_view::npos;
        require(digits && n.number == Number::from_digits(n.digits()));
        require(!n.valid || n.size > 0);
        for (const NumberStyle style :
             {NumberStyle::kE164, NumberStyle::kNational, NumberStyle::kDialled})
            require(n.number.empty() || !format(n, style, plan).text().empty());
    }
    return 0;
}
