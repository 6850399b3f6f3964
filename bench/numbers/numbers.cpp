// numbers - the figures of the number and prefix tables, a subject at a time, as one JSON object.
//
//     numbers SUBJECT [--millions N] [--questions N] [--rounds R] [--data DIR] [--rivals no]
//
// What was measured on the way is said on stderr. DIR/prefixes.txt holds `prefix|place` a line, for the
// subject `prefixes`.
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "bench/numbers/subjects.hpp"

namespace ringfence::bench {

void give_up(const std::string& what) {
    std::fprintf(stderr, "numbers: %s\n", what.c_str());
    std::exit(2);
}

}  // namespace ringfence::bench

int main(int argc, char** argv) {
    using namespace ringfence::bench;
    const std::map<std::string, void (*)(const Options&, Figures&), std::less<>> subjects = {
        {"lookup", measure_lookup},       {"build", measure_build},
        {"chains", measure_chains},       {"prefixes", measure_prefixes},
        {"written", measure_written},     {"beside", measure_beside},
        {"list_file", measure_list_file}, {"image", measure_image},
        {"reconcile", measure_reconcile}, {"pairs", measure_pairs},
        {"curves", measure_curves},
    };
    const auto subject = subjects.find(std::string_view(argc > 1 ? argv[1] : ""));
    if (subject == subjects.end() || argc % 2 != 0)
        give_up(
            "usage: numbers SUBJECT [--millions N] [--questions N] [--rounds R] [--data DIR] "
            "[--rivals no]");
    Options options;
    for (int i = 2; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        const char* value = argv[i + 1];
        if (name == "--millions") {
            options.numbers = std::strtoull(value, nullptr, 10) * 1'000'000;
        } else if (name == "--questions") {
            options.questions = std::strtoull(value, nullptr, 10);
        } else if (name == "--rounds") {
            options.rounds = static_cast<unsigned>(std::strtoul(value, nullptr, 10));
        } else if (name == "--data") {
            options.data = value;
        } else if (name == "--rivals") {
            options.rivals = std::string_view(value) != "no";
        } else {
            give_up("no option is called " + std::string(name));
        }
    }
    if (options.numbers == 0 || options.rounds == 0 || options.questions < 1024)
        give_up("sizes, questions (1024 or more) and rounds must be given as numbers");
    Figures figures;
    subject->second(options, figures);
    figures.print();
    return 0;
}
