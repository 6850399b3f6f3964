// Random and built numbers mean what the plain model says they mean.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/deep.hpp"
#include "number/number_model.hpp"
#include "ringfence/number/parse.hpp"

namespace ringfence {
namespace {

class Numbers {
public:
    explicit Numbers(unsigned seed) : random_(seed) {}

    unsigned below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }

    std::string digits(unsigned size) {
        std::string text(size, '0');
        for (char& c : text) c = static_cast<char>('0' + below(10));
        return text;
    }

    // Prefixes that matter, one behind another, then digits.
    std::string text(const DialPlan& plan) {
        static constexpr std::string_view kPieces[] = {
            "+",   "00",  "0",    "011",   "000", "001", "86",    "1",     "44",    "49",
            "33",  "65",  "91",   "110",   "10",  "755", "96110", "12110", "95588", "17951",
            "125", "106", "1069", "10647", "400", "800", "138",   "999",   "911",   "951"};
        std::string text;
        for (unsigned n = below(4); n-- > 0;) text += kPieces[below(std::size(kPieces))];
        if (below(3) == 0) text += plan.country_calling_code();
        return text + digits(below(4) == 0 ? below(22) : 6 + below(6));
    }

private:
    std::mt19937 random_;
};

TEST(NormalizeAgainstModel, agrees_on_random_numbers_of_every_plan) {
    constexpr unsigned kSeed = 2026;
    SCOPED_TRACE(kSeed);
    Numbers numbers(kSeed);
    const unsigned rounds = test::deep() ? 200'000 : 2'000;
    for (const DialPlan& plan : DialPlan::all()) {
        for (unsigned round = 0; round < rounds; ++round) {
            const std::string text = numbers.text(plan);
            AddressView view(text);
            view.ton = static_cast<TypeOfNumber>(numbers.below(3) == 0 ? numbers.below(7) : 0);
            ASSERT_EQ(model::disagreement(parse(view), plan), "")
                << plan.country().text() << " " << text << " ton " << static_cast<int>(view.ton);
        }
    }
}

TEST(NormalizeAgainstModel, agrees_on_every_number_of_up_to_four_digits) {
    for (const DialPlan& plan : DialPlan::all()) {
        if (plan.country() != CountryCode("CN") && !test::deep()) continue;
        for (unsigned width = 1; width <= 4; ++width) {
            unsigned end = 1;
            for (unsigned i = 0; i < width; ++i) end *= 10;
            for (unsigned value = 0; value < end; ++value) {
                std::string text = std::to_string(end + value).substr(1);
                ASSERT_EQ(model::disagreement(parse(std::string_view(text)), plan), "")
                    << plan.country().text() << " " << text;
            }
        }
    }
}

}  // namespace
}  // namespace ringfence
