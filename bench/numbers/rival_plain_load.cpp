#include <absl/container/flat_hash_map.h>

#include <charconv>
#include <fstream>

#include "bench/numbers/plain_load.hpp"

namespace ringfence::bench {

std::uint64_t load_plainly(const std::string& path) {
    absl::flat_hash_map<std::uint64_t, std::uint16_t> map;
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);  // the header
    while (std::getline(file, line)) {
        std::uint64_t value = 0;
        const auto [end, problem] = std::from_chars(line.data(), line.data() + line.size(), value);
        if (problem == std::errc{} && end == line.data() + line.size()) map.try_emplace(value, 1);
    }
    return map.size();
}

}  // namespace ringfence::bench
