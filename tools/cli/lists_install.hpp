// lists_install.hpp - the date that the file of a list bears, once it was made of another.
//
// Rows of an automatic list that give no date are as old as their file, so the file takes the date of what it was
// made of: loading an old feed makes no row younger, and a feed that was written anew and says the same keeps all
// that it names. A date that lies in the future counts as now.
#pragma once

#include <filesystem>
#include <optional>

#include "ringfence/lists/list_reader.hpp"
#include "ringfence/policy/policy.hpp"

namespace ringfence::cli {

using FileDate = std::filesystem::file_time_type;

// When the file was written; none when it cannot be told. To be asked before the file is read.
std::optional<FileDate> feed_date(const ListSource& from);

// For a file of that date that says what the list's own does: gives that one the date where the list's policy asks
// for one (automatic, max_age_hours) and it is a later one. Whether it was. Fails with kUnwritable.
Result<bool> renew(std::optional<FileDate> date, const PolicyList& list);

}  // namespace ringfence::cli
