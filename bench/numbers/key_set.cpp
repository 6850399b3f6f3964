#include "bench/numbers/key_set.hpp"

#include <array>
#include <string_view>

#include "ringfence/base/hash.hpp"

namespace ringfence::bench {
namespace {

// `x` stands for any digit, `n` for 2 to 9, `m` for 3 to 9, `i` for 6 to 9.
struct Shape {
    unsigned weight;  // in a hundred
    std::string_view digits;
};
constexpr std::array kShapes = {
    Shape{55, "861mxxxxxxxxx"}, Shape{7, "8610nxxxxxxx"}, Shape{8, "86nxxnxxxxxxx"},
    Shape{8, "1nxxnxxxxxx"},    Shape{7, "91ixxxxxxxxx"}, Shape{5, "447mxxxxxxxx"},
    Shape{5, "4917xxxxxxxx"},   Shape{3, "336xxxxxxxx"},  Shape{2, "65nxxxxxxx"},
};

std::uint64_t digit(char kind, Random& random) {
    switch (kind) {
        case 'x': return random.below(10);
        case 'n': return 2 + random.below(8);
        case 'm': return 3 + random.below(7);
        case 'i': return 6 + random.below(4);
        default: return static_cast<std::uint64_t>(kind - '0');
    }
}

}  // namespace

Number real_shaped(Random& random) {
    auto choice = random.below(100);
    std::size_t at = 0;
    while (at + 1 < kShapes.size() && choice >= kShapes[at].weight) choice -= kShapes[at++].weight;
    const std::string_view digits = kShapes[at].digits;
    std::uint64_t value = 0;
    for (const char kind : digits) value = value * 10 + digit(kind, random);
    return Number::from_rank(Number::first_rank(static_cast<unsigned>(digits.size())) + value);
}

Answer KeySet::list_of(Number number) {
    const std::uint64_t hash = mix(number.rank(), 0x6C697374);
    return (hash & 1u) == 0 ? Answer{0} : static_cast<Answer>(1 + (hash >> 1u) % kLists);
}

KeySet::KeySet(std::size_t count, std::uint64_t seed) : numbers_(count) {
    // The lists are of one length: numbers of a list that is full are left out.
    std::array<std::size_t, kLists + 1> next{};
    for (Answer list = 0; list <= kLists; ++list) next[list] = count * list / kLists;
    Random random(seed);
    for (std::size_t made = 0; made < count;) {
        const Number number = real_shaped(random);
        const Answer list = list_of(number);
        if (list == 0 || next[list - 1u] == count * list / kLists) continue;
        numbers_[next[list - 1u]++] = number;
        ++made;
    }
    for (Answer list = 1; list <= kLists; ++list) {
        const std::size_t begin = count * (list - 1u) / kLists;
        lists_.push_back({keys_of(numbers_).subspan(begin, count * list / kLists - begin), list});
    }
}

std::vector<Number> KeySet::questions(std::size_t count, unsigned hits, std::uint64_t seed) const {
    std::vector<Number> asked;
    asked.reserve(count);
    Random random(seed);
    while (asked.size() < count) {
        if (random.below(100) < hits) {
            asked.push_back(numbers_[random.below(numbers_.size())]);
        } else {
            Number number = real_shaped(random);
            while (list_of(number) != 0) number = real_shaped(random);
            asked.push_back(number);
        }
    }
    return asked;
}

}  // namespace ringfence::bench
