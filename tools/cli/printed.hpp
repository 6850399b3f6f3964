// printed.hpp - numbers in a line of text, as printf writes them.
#pragma once

#include <array>
#include <cstdio>
#include <string>

namespace ringfence::cli {

// At most 255 octets.
std::string printed(const char* format, auto... values) {
    std::array<char, 256> text{};
    std::snprintf(text.data(), text.size(), format, values...);
    return text.data();
}

}  // namespace ringfence::cli
