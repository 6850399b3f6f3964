#include "bench/text/way.hpp"

#include <string>

#include "bench/text/subjects.hpp"
#include "ringfence/text/extract.hpp"

namespace ringfence::bench {
namespace {

constexpr std::uint64_t kNumbers = 1'000'000, kNames = 100'000;

TableSet tables() {
    auto builder = TableSetBuilder::create({.numbers = kNumbers});
    if (!builder) give_up(builder.error().text);
    for (std::uint64_t i = 0; i < kNumbers; ++i) {
        const Number number = Number::from_digits("999" + std::to_string(10'000'000 + i));
        if (!builder->add(number, ListIndex{0})) give_up("a number was refused");
    }
    for (std::uint64_t i = 0; i < kNames; ++i) {
        const std::string name = "listed" + std::to_string(i);
        if (!builder->rules().keys.add(KeyKind::kDomain, name + ".example", ListIndex{0}) ||
            !builder->rules().keys.add(KeyKind::kAccount, name, ListIndex{0}))
            give_up("a name was refused");
    }
    auto built = std::move(*builder).build();
    if (!built) give_up(built.error().text);
    return *std::move(built);
}

}  // namespace

Way::Way() : tables_(tables()), plan_(DialPlan::find(CountryCode("CN"))) {}

const FoldedText& Way::read(const SmsContent& content) {
    decode(content, decoded_);
    fold(decoded_.text(), folded_);
    return folded_;
}

std::size_t Way::look_up() {
    std::size_t found_things = 0;
    extract(folded_, plan_, [&](const Found& found) {
        ++found_things;
        if (found.kind == FoundKind::kDomain) {
            found_things += tables_.keys->find_domain(found.key).lists.size();
        } else if (found.kind == FoundKind::kAccount || found.kind == FoundKind::kEmail) {
            found_things += tables_.keys->find(KeyKind::kAccount, found.key).size();
        } else if (!found.number.empty()) {
            found_things += tables_.numbers->lists(found.number).size();
        } else {
            found_things += tables_.keys->find(KeyKind::kDigits, found.key).size();
        }
    });
    return found_things;
}

}  // namespace ringfence::bench
