// deep.hpp - whether a test runs at its full length.
//
// `tools/check --deep` sets RINGFENCE_DEEP=1; the sanitizers' runs, which would take hours, set it to 0.
#pragma once

#include <cstdlib>
#include <string_view>

namespace ringfence::test {

inline bool deep() {
    const char* text = std::getenv("RINGFENCE_DEEP");
    return text != nullptr && std::string_view(text) == "1";
}

// Whether the tests run once more, under a sanitizer or with kernels masked: what the kind of run does not touch may be
// short then.
inline bool rerun() {
    const char* text = std::getenv("RINGFENCE_DEEP");
    return text != nullptr && std::string_view(text) == "0";
}

}  // namespace ringfence::test
