// reconcile.hpp - a new file of a list against the list as it is live: what to ask for, and what came of it.
//
//     file --read, no lock--> rows sorted by number --1--> adds and changes --2--> removes     in small steps
//
// Numbers: the tables that serve are changed in place, a few thousand numbers under the writer's lock at a time, so that
// readers never wait and other writers wait milliseconds. Prefixes and names, which no table takes in place, are
// built anew and published once: under the lock too, 0.7 s at 700,000 prefixes. A number that stays is never off the
// list in between, nor is one whose action or category changes.
//
// Live changes stand: an entry added live that the file does not hold stays, one removed live that the file
// holds stays away, until the list's own file agrees or it expires. Another file that agrees ends no live change: a
// reload or a restart reads the list's own file.
//
// Not promised: all of it at one moment. Who looks while it runs may see some of the changes and not yet others.
// When it fails half way (no memory, a reload meanwhile, readers that hold two older sets of tables) what was
// done stays, and doing it again does the rest.
//
// Cost: 16 bytes a row of the file while it runs, half as much again while it sorts rows that are out of order.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ringfence {

struct ReconcileOptions {
    // Takes also a file that the size guard refuses (size_guard.hpp), and prefixes over a million numbers.
    bool force = false;
    // Counts, and changes nothing.
    bool dry_run = false;
    // Told now and then how many rows were read or compared so far. Called without a lock, in the caller's thread.
    std::function<void(std::uint64_t rows)> progress = {};
};

struct ReconcileReport {
    std::uint64_t rows = 0;         // good ones of the file
    std::uint64_t bad_rows = 0;     // skipped
    std::uint64_t passed_over = 0;  // that no list can hold
    std::uint64_t expired = 0;      // rows that were due already, and not taken
    std::uint64_t added = 0;        // entries, like all below
    std::uint64_t removed = 0;
    std::uint64_t changed = 0;   // of another action, category, expiry, source, date or confidence
    std::uint64_t kept = 0;      // as they were
    std::uint64_t overlaid = 0;  // where a live change stands against the file
    std::uint64_t memory_bytes = 0;     // that the rows took, at most
    std::vector<std::string> warnings;  // bad rows, each with its line
};

}  // namespace ringfence
