// figures.hpp - what a benchmark measured, printed as the JSON object that tools/compare reads.
//
//     {"call_ns_batch":{"value":1170.2,"samples":[1150.0,1170.2,1201.9]}, ...}
//
// Threads: one thread per object.
#pragma once

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace ringfence::bench {

inline double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

class Figures {
public:
    // The figure's value is the median of its samples, of which there is at least one.
    void add(std::string name, std::vector<double> samples) {
        figures_.emplace_back(std::move(name), std::move(samples));
    }

    void print() const {
        std::printf("{");
        for (std::size_t i = 0; i < figures_.size(); ++i) {
            const auto& [name, samples] = figures_[i];
            std::printf("%s\"%s\":{\"value\":%.5f,\"samples\":[", i == 0 ? "" : ",", name.c_str(),
                        median(samples));
            for (std::size_t k = 0; k < samples.size(); ++k)
                std::printf("%s%.5f", k == 0 ? "" : ",", samples[k]);
            std::printf("]}");
        }
        std::printf("}\n");
    }

private:
    std::vector<std::pair<std::string, std::vector<double>>> figures_;
};

}  // namespace ringfence::bench
