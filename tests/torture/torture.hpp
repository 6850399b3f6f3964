// torture.hpp - readers beside one writer for as long as is asked, every read checked.
//
// Three grounds. The table: a NumberTable under an epoch, changed, settled, grown and made anew under another seed,
// read in batches. The screen: a Screen whose numbers, prefixes and senders are added, removed and expire, whose
// file changes between reloads, read through Sessions. Followers: the same, read through screens that follow it by shared memory. A read is wrong when what it saw is no state between
// what was acknowledged before it and what was started after it (versions.hpp).
#pragma once

#include <cstdint>
#include <string>

namespace ringfence::torture {

struct Options {
    std::uint64_t reads = 0;  // by all readers together; 0: until the time is over
    double seconds = 0;       // 0: until the reads are done
    unsigned readers = 2;
    std::uint64_t seed = 1;
    std::size_t keys = 200'000;  // of the table
};

struct Tally {
    std::uint64_t reads = 0;
    std::uint64_t wrong = 0;
    std::uint64_t writes = 0;
    std::uint64_t growths = 0;
    std::uint64_t reloads = 0;
    std::uint64_t settled = 0;
    std::uint64_t expired = 0;
    std::uint64_t publishes = 0;
    std::string failed;  // what stopped the run or was wrong first; empty for nothing
};

// Threads: one run at a time.
Tally torture_table(const Options& options);

// Its policy and lists lie in a folder of its own under the system's temporary one, removed at the end.
Tally torture_screen(const Options& options);
Tally torture_followers(const Options& options);

}  // namespace ringfence::torture
