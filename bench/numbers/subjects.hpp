// subjects.hpp - what the program `numbers` measures; each subject lies in a file of its own.
#pragma once

#include <cstddef>
#include <string>

#include "bench/figures.hpp"

namespace ringfence::bench {

struct Options {
    std::size_t numbers = 20'000'000;
    std::size_t questions = std::size_t{1} << 22u;
    unsigned rounds = 7;
    std::string data;  // the folder of libphonenumber's tables; empty: none
    bool rivals = true;
};

void measure_lookup(const Options& options, Figures& figures);
void measure_build(const Options& options, Figures& figures);
void measure_chains(const Options& options, Figures& figures);
void measure_prefixes(const Options& options, Figures& figures);
void measure_written(const Options& options, Figures& figures);
void measure_beside(const Options& options, Figures& figures);
void measure_list_file(const Options& options, Figures& figures);
void measure_reconcile(const Options& options, Figures& figures);
void measure_pairs(const Options& options, Figures& figures);
void measure_curves(const Options& options, Figures& figures);
void measure_image(const Options& options, Figures& figures);

// Says what is wrong and ends the program with status 2.
[[noreturn]] void give_up(const std::string& what);

}  // namespace ringfence::bench
