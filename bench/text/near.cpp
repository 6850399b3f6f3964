// near - how many pairs of near-copies the sketches tell, and how many of what they tell are none; no time is taken.
#include <fstream>

#include "bench/text/subjects.hpp"
#include "tests/campaign/near_copies.hpp"

namespace ringfence::bench {

void measure_near(const Options& options, Figures& figures) {
    constexpr std::size_t kMost = 6'000;  // all pairs are compared
    model::NearCopies near;
    std::ifstream file(options.messages);
    for (std::string line; near.messages() < kMost && std::getline(file, line);) near.add(line);
    near.compare();
    if (near.copies() == 0)
        give_up("no near-copies among the messages of '" + options.messages + "'");
    figures.add("template_recall_j50", {near.recall()});
    figures.add("template_precision_j50", {near.precision()});
}

}  // namespace ringfence::bench
