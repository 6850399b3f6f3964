// emergencies_path.hpp - where a Screen remembers who made an emergency call: beside the journal of live changes.
#pragma once

#include <string>

#include "ringfence/policy/policy.hpp"

namespace ringfence {

// Empty when the policy names no journal. Threads: any thread.
inline std::string emergencies_path(const Policy& policy) {
    return policy.journal_path.empty() ? std::string() : policy.journal_path + ".emergency";
}

}  // namespace ringfence
