// text_heads.hpp - which phrases may stand in a text, by how they begin. Of a rule's many phrases most stand nowhere in
// it, and one look here tells. The longer a text, the more phrases pass; from some ten thousand units on all do.
//
// Readers: immutable once made. Cost: 1 KB, some 2 ns a unit to make and 1 ns a phrase.
#pragma once

#include <array>
#include <cstdint>

#include "src/kernel/gram_kernel.hpp"
#include "src/pattern/padded_text.hpp"
#include "src/pattern/program.hpp"

namespace ringfence::pattern {

// The pairs and fours of units of a text, hashed: of a text of 160 units it lets one absent phrase in 25 pass.
class TextHeads {
public:
    explicit TextHeads(const PaddedText& text) {
        for (std::uint32_t i = 0; i < text.size; ++i) {
            const char16_t* const at = text.units + i;
            const std::uint32_t pair = kernel::unit_pair(at);
            put(hash_of(pair, 0));
            put(hash_of(pair, kernel::unit_pair(at + 2)));
        }
    }

    // False: the phrase stands nowhere in the text.
    bool may_hold(const PhraseRef& phrase) const {
        if (phrase.size < 2) return true;
        const std::uint32_t hash = hash_of(phrase.pair, phrase.size < 4 ? 0 : phrase.next);
        return words_[hash / 64] >> hash % 64 & 1u;
    }

private:
    static std::uint32_t hash_of(std::uint32_t pair, std::uint32_t next) {
        return (pair * 0x9E3779B1u + next * 0x85EBCA6Bu) >> 19;
    }
    void put(std::uint32_t hash) { words_[hash / 64] |= std::uint64_t{1} << hash % 64; }

    std::array<std::uint64_t, 128> words_{};
};

}  // namespace ringfence::pattern
