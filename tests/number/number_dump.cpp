// Reads lines "CC<tab>input", writes what parse and normalize make of each as one line of JSON. Used by
// compare_phonenumbers.py; links nothing.
#include <iostream>
#include <string>

#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/normalize.hpp"
#include "ringfence/number/parse.hpp"

int main() {
    using namespace ringfence;
    std::ios::sync_with_stdio(false);
    for (std::string line; std::getline(std::cin, line);) {
        const DialPlan* plan = DialPlan::find(CountryCode(std::string_view(line).substr(0, 2)));
        if (plan == nullptr || line.size() < 3) return 1;
        const Normalized n = normalize(parse(std::string_view(line).substr(3)), *plan);
        std::cout << R"({"number":")" << n.digits() << R"(","form":")" << name_of(n.form)
                  << R"(","kind":")" << name_of(n.kind) << R"(","country":")" << n.country.text()
                  << R"(","valid":)" << (n.valid ? "true" : "false") << R"(,"oddities":[)";
        bool first = true;
        for_each_oddity(n.oddities, [&](Oddity bit) {
            std::cout << (first ? "\"" : ",\"") << name_of(bit) << '"';
            first = false;
        });
        std::cout << "]}\n";
    }
}
