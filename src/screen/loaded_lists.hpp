// loaded_lists.hpp - all lists of a policy, read: row by row from their files, or at once from its image.
//
// Both ways give the same tables, rules and notes, so that whatever is done to them later comes out the same; a test
// opens a policy both ways and compares. Only the warnings about bad rows differ: compiling gave those.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/base/time.hpp"
#include "ringfence/lists/entry_book.hpp"
#include "ringfence/lists/sub_lists.hpp"
#include "ringfence/policy/policy.hpp"
#include "ringfence/table/table_set.hpp"

namespace ringfence {

// What reading all lists of a policy came to.
struct LoadedLists {
    TableSet tables;
    TableRules rules;
    SubLists sub_lists{0};
    EntryBook book;
    std::map<std::string, std::uint64_t> rows;  // by list id
    std::vector<std::optional<Time>>
        written;                 // when each list's file was, by its place in the policy
    std::uint64_t bad_rows = 0;  // of files; an image knows none
    std::vector<std::string> warnings;
    std::vector<std::string> missing;  // lists whose file is not there
    // A live change as the files have it.
    struct Overlaid {
        std::string list;
        ListEntry entry;
        bool confirmed = false;                        // they say as much by now
        std::optional<std::optional<Time>> file = {};  // the end of the row, if there is one
    };
    std::vector<Overlaid> overlaid;
};

struct LoadHow {
    // Good rows of each list at its last load, for the size guard.
    const std::map<std::string, std::uint64_t>& last_rows;
    bool force = false;                                     // passes over the guards
    std::function<void(std::uint64_t rows)> progress = {};  // over all lists
};

// Reads every list's file. One that is absent is missing when it never was loaded, and an error when it was.
// Fails as load_list does, and at the policy's line when a file cannot be read. Threads: any thread.
Result<LoadedLists> lists_of_files(const Policy& policy, const LoadHow& how);

// Reads the policy's image, which must be of its lists and of their files as they are now (image/origin.hpp). Fails as Image::read,
// check_origins and check_size do. Threads: any thread.
Result<LoadedLists> lists_of_image(const Policy& policy, const LoadHow& how);

// Notes that the list has no file, and warns of it. Threads: one thread per object.
void note_missing(const Policy& policy, const PolicyList& list, LoadedLists& loaded);

// When the file was written; none when it is not there. Threads: any thread.
std::optional<Time> date_of(const std::string& path);

}  // namespace ringfence
