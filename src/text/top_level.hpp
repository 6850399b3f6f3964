// top_level.hpp - whether a label is the name of a top-level domain.
//
// A name of up to twelve letters is one word of 64 bits, five a letter. They lie in an open hash table made by the compiler, so
// that a question is one multiplication and one line of memory; the few longer ones are searched for.
#pragma once

#include <cstddef>
#include <string_view>

namespace ringfence {

inline constexpr std::size_t kMaxLabel = 63;  // RFC 1035 clause 2.3.4

// Folded: lower case, simplified Han. Names in other scripts are known as they are written, and all by their "xn--".
// Threads: any thread.
bool is_top_level(std::u16string_view label);

}  // namespace ringfence
