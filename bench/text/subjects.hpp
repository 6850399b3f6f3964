// subjects.hpp - what the program `text` measures; each subject lies in a file of its own.
#pragma once

#include <string>

#include "bench/figures.hpp"

namespace ringfence::bench {

struct Options {
    std::string packs;     // the folder that tools/lib/make_packs.py wrote
    std::string pack;      // "mixed_10k"
    std::string policy;    // of `whole`
    std::string messages;  // of `near`: a text a line
    unsigned rounds = 7;
    bool rivals = true;  // without them nothing is compared, and only our own times are told
};

void measure_scan(const Options& options, Figures& figures);
void measure_fold(const Options& options, Figures& figures);
void measure_near(const Options& options, Figures& figures);
void measure_whole(const Options& options, Figures& figures);
void measure_curves(const Options& options, Figures& figures);

// Says what is wrong and ends the program with status 2.
[[noreturn]] void give_up(const std::string& what);

}  // namespace ringfence::bench
