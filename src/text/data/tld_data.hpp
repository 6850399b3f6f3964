// tld_data.hpp - the names of the top-level domains, ascending; lower case ASCII.
//
// Readers: any thread; everything is constant. Writer: tools/gen_tlds.py.
#pragma once

#include <cstddef>
#include <string_view>

namespace ringfence::tld_data {

extern const std::string_view kNames[];
extern const std::size_t kNameCount;

}  // namespace ringfence::tld_data
