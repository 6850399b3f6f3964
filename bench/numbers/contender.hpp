// contender.hpp - what a table must be able to do to be measured against the number table.
//
// A contender lies in one file of its own and is added there, by one line:
//
//     const bool added = add_contender("absl", [] { return std::make_unique<Absl>(); });
//
// Keys are the ranks of numbers (number.hpp), never 0; the answer to a key is the list it is on, 1 or more, or 0
// when it is on none. Nothing of the library is included here: rivals are compiled with all that the processor has,
// and inline code of ours must not be made twice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ringfence::bench {

using Key = std::uint64_t;
using Answer = std::uint16_t;

// The keys of one list.
struct KeyList {
    std::span<const Key> keys;
    Answer list = 0;
};

class Contender {
public:
    Contender() = default;
    Contender(const Contender&) = delete;
    Contender& operator=(const Contender&) = delete;
    virtual ~Contender() = default;

    // Room for as many keys, then all of them; once. False when there is no room: the contender is left out.
    virtual bool build(std::size_t keys, std::span<const KeyList> lists) = 0;

    // Answers one after another, or as a batch in the best way that the contender has: one of `ways`.
    virtual std::vector<std::string> ways() const = 0;
    virtual void find(std::size_t way, std::span<const Key> keys, Answer* answers) = 0;

    // What the contender says it holds, or 0 when it does not know.
    virtual std::size_t bytes() const { return 0; }
};

using MakeContender = std::function<std::unique_ptr<Contender>()>;

struct ContenderKind {
    std::string name;
    MakeContender make;
};

// In the order of the link, which is that of their names.
inline std::vector<ContenderKind>& contenders() {
    static std::vector<ContenderKind> all;
    return all;
}

inline bool add_contender(std::string name, MakeContender make) {
    contenders().push_back({std::move(name), std::move(make)});
    return true;
}

// Memory for a rival that takes it as one piece: in huge pages when they can be had, as ours is. Never freed.
void* huge_block(std::size_t bytes);

}  // namespace ringfence::bench
