// skeleton.hpp - names as a reader's eye takes them: what looks alike in any script has one key.
//
// UTS #39 maps each character to the one it looks like: Greek capital iota, small l, the digit one and the capital I
// are all `l`; `rn` is `m`. Fit for short names that somebody chose, such as an SMS sender's, and not for running
// text: letters of honest words change too, so fold.hpp takes less from the same data.
//
//     name_key       NFD(casefold(NFD(name)))                    equal: the same name but for case
//     look_alike_key NFD(casefold(skeleton(name)))               equal: one may be taken for the other
//     skeleton       NFD(prototypes(NFD(name less what is default ignorable)))
//     prototypes     those of UTS #39; of a letter or digit in full width, a circle or another style that has none there,
//                    what its plain one has
//
// Both are about the name as written: a name shown in capitals looks like others than in small letters, so whoever
// keeps names that may be written in either case keeps a key of each (capitals, small_letters).
//
// Cost: about 0.1 us a name of ten letters, no allocation; the tables are 110 KB.
// Source: UTS #39 15.0.0 clause 4, Unicode 15.0.0 clause 3.13 (D145); see tools/gen_skeleton.py. Default ignorables
// are left out as UTS #39 says since 15.1: they show nothing. UTS #39 leaves full width to NFKC, which names of programs
// have behind them and names of senders have not; that half comes from fold.hpp's table.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace ringfence {

// Code points in a fixed space. Threads: one thread per object.
class NameKey {
public:
    static constexpr std::size_t kMaxSize = 128;

    std::u32string_view text() const { return {units_.data(), size_}; }
    std::size_t size() const { return size_; }
    char32_t& operator[](std::size_t at) { return units_[at]; }
    void clear() { size_ = 0; }
    // Keeps the first `size`, which are no more than there are.
    void cut(std::size_t size) { size_ = size; }

    // False when there is no room.
    bool push(char32_t unit) {
        if (size_ == kMaxSize) return false;
        units_[size_++] = unit;
        return true;
    }

private:
    std::array<char32_t, kMaxSize> units_;
    std::size_t size_ = 0;
};

// The keys of a name in UTF-8; ill-formed octets are U+FFFD. False, and `key` is to be thrown away, when it has more
// than NameKey::kMaxSize code points on the way: no shorter name has that key. A name of over 1,024 octets is given up.
// Threads: any thread.
bool name_key(std::string_view utf8, NameKey& key);
bool look_alike_key(std::string_view utf8, NameKey& key);

// The name in capitals and in small letters, decomposed, where a letter has one of one code point. Allocates.
// Threads: any thread.
std::string capitals(std::string_view utf8);
std::string small_letters(std::string_view utf8);

}  // namespace ringfence
