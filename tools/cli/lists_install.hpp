// lists_install.hpp - a new file in the place of a list's own, and the date that it then bears.
//
// Rows of an automatic list that give no date are as old as their file, so the file takes the date of what it was
// made of: loading an old feed makes no row younger, and a feed that was written anew and says the same keeps all
// that it names. A date that lies in the future counts as now.
#pragma once

#include "ringfence/lists/list_reader.hpp"
#include "ringfence/policy/policy.hpp"

namespace ringfence::cli {

// Writes the good rows of `from` as the list's own file. Fails as ListReader and ListWriter do.
Status install(const ListSource& from, const PolicyList& list);

// For a file that says what the list's own does: gives that one the date of `from` where the list's policy asks for
// a date (automatic, max_age_hours) and it is a later one. Whether it was. Fails with kUnwritable.
Result<bool> renew(const ListSource& from, const PolicyList& list);

}  // namespace ringfence::cli
