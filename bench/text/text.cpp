// text - the figures of decoding, folding and scanning messages, a subject at a time, as one JSON object.
//
//     text scan|fold|whole|curves --packs DIR [--pack NAME] [--policy FILE] [--rounds R] [--rivals no]
//     text near --messages FILE
//
// DIR is what tools/lib/make_packs.py wrote. What was measured on the way is said on stderr.
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "bench/text/subjects.hpp"

namespace ringfence::bench {

void give_up(const std::string& what) {
    std::fprintf(stderr, "text: %s\n", what.c_str());
    std::exit(2);
}

}  // namespace ringfence::bench

int main(int argc, char** argv) {
    using namespace ringfence::bench;
    const std::map<std::string, void (*)(const Options&, Figures&), std::less<>> subjects = {
        {"scan", measure_scan},   {"fold", measure_fold},     {"near", measure_near},
        {"whole", measure_whole}, {"curves", measure_curves},
    };
    const auto subject = subjects.find(std::string_view(argc > 1 ? argv[1] : ""));
    if (subject == subjects.end() || argc % 2 != 0)
        give_up(
            "usage: text SUBJECT --packs DIR [--pack NAME] [--policy FILE] [--messages FILE] "
            "[--rounds R] "
            "[--rivals no]");
    Options options;
    for (int i = 2; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        const char* value = argv[i + 1];
        if (name == "--packs") {
            options.packs = value;
        } else if (name == "--pack") {
            options.pack = value;
        } else if (name == "--policy") {
            options.policy = value;
        } else if (name == "--messages") {
            options.messages = value;
        } else if (name == "--rounds") {
            options.rounds = static_cast<unsigned>(std::strtoul(value, nullptr, 10));
        } else if (name == "--rivals") {
            options.rivals = std::string_view(value) != "no";
        } else {
            give_up("no option is called " + std::string(name));
        }
    }
    if (options.rounds == 0) give_up("at least one round");
    Figures figures;
    subject->second(options, figures);
    figures.print();
    return 0;
}
