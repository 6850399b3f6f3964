// rival.hpp - what tells which of many regular expressions match a text of UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ringfence::bench {

class Rival {
public:
    virtual ~Rival() = default;

    // Ends the program when it cannot.
    virtual void build(const std::vector<std::string>& patterns) = 0;
    // Appends the patterns that match, each once, in any order. 64 octets behind `text` may be read.
    virtual void find(std::string_view text, std::vector<std::uint32_t>& found) = 0;
    // Of what was built.
    virtual std::size_t bytes() const = 0;
};

std::unique_ptr<Rival> make_hyperscan();
std::unique_ptr<Rival> make_re2_set();

}  // namespace ringfence::bench
