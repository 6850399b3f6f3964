// policy_files.hpp - the files that a policy reads and keeps, which no other file may take the place of.
#pragma once

#include <string>
#include <vector>

#include "ringfence/policy/policy.hpp"

namespace ringfence {

// The policy's own, those of its lists and packs, the journal and what lies beside it, there yet or not; the image is
// not among them. Threads: any thread.
std::vector<std::string> files_of(const Policy& policy);

// Whether both name one file, be it there yet or not. Threads: any thread.
bool same_file(const std::string& one, const std::string& other);

}  // namespace ringfence
