// compile.hpp - the files of a policy's lists into an image that a screen opens in their place.
//
//     fraud.csv, partners.csv.zst, ... --compile_lists--> lists.rft --[screen] image = "lists.rft"--> Screen::open
//
// The image holds what the files say and nothing else: the journal of live changes is no part of it, and is applied to
// it as to files. Cost: that of loading the files, once more reading them for their hash, and writing 10 to 20 octets
// a number.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ringfence/base/result.hpp"

namespace ringfence {

struct CompileListsOptions {
    // Takes what the guards refuse (a prefix over a million numbers) and goes on without files that are absent.
    bool force = false;
    // Of the image; later ones have larger ones.
    std::uint64_t serial = 0;
    // Called now and then with the good rows so far, of all lists.
    std::function<void(std::uint64_t rows)> progress = {};
};

struct CompileReport {
    std::string path;            // of the image
    std::uint64_t lists = 0;     // of the policy
    std::uint64_t rows = 0;      // good ones
    std::uint64_t bad_rows = 0;  // passed over
    std::uint64_t numbers = 0;   // distinct
    std::uint64_t prefixes = 0;  // and ranges
    std::uint64_t names = 0;     // senders, domains, accounts, digits beyond 15
    std::uint64_t notes =
        0;  // entries of which expiry, source, since or confidence is known, and all rules
    std::uint64_t bytes = 0;            // of the image
    std::vector<std::string> warnings;  // bad rows, absent files
};

// Writes the image of the policy's lists to `out` (empty: where the policy's [screen] image says), in place of one that was
// there: whoever opens the path finds the old or the new one, whole. Fails as Policy::load, reading lists and write_image do;
// with kInvalidArgument when there is no path, kRefused when it is that of a file which the policy reads, kMissing
// when a list's file is absent, kBusy when one changed meanwhile. Threads: any thread; one per path.
Result<CompileReport> compile_lists(const std::string& policy, const std::string& out,
                                    const CompileListsOptions& options = {});

}  // namespace ringfence
