// host_key.hpp - keys put together octet by octet, and the one key that a host has however it is written.
//
// The key of a host is the name that DNS is asked for: labels of letters, digits and hyphens, those of other scripts as
// A-labels ("xn--...").
//
//     written                                key                     why
//     b, u with diaeresis, "cher.example"    xn--bcher-kva.example   the A-label of what UTS #46 makes of the source
//     "xn--bcher-kva.example"                xn--bcher-kva.example   an A-label is its own key, a broken one too
//     "example.com" in full width or discs   example.com             these are mapped by UTS #46
//     Cyrillic a and "pple.com"              xn--pple-43d.com        what looks like a letter is none: the look-alikes, missing
//                                                                    accents and simplified Han of fold() are no part of it
//
// Signs that UTS #46 leaves alone or refuses (letters in black discs, dashes of typography) are what fold() makes of them, and
// what is not seen is left out: nobody types them. A label whose A-label would have more than 63 octets is kept in UTF-8: DNS
// has no name for it.
//
// Cost: a host of ASCII is copied after a look at its source; any other label takes some 0.1 us a character, and at most
// 30 us. No allocation.
// Source: UTS #46 revision 31 clause 4 (non-transitional, without its validity criteria), RFC 5890 clause 2.3, RFC 3492; see
// tools/gen_hosts.py and docs/decisions/hosts.md.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "ringfence/text/fold.hpp"
#include "src/text/utf.hpp"

namespace ringfence {

inline constexpr std::size_t kMaxHost = 253;    // RFC 1035 clause 2.3.4
inline constexpr std::size_t kMaxMailbox = 64;  // RFC 5321 clause 4.5.3.1.1

// A key as it is put together: ASCII or UTF-8. What has no room is cut off: no row of a list is that long.
class KeyText {
public:
    static constexpr std::size_t kMaxSize = 4 * (kMaxHost + 1 + kMaxMailbox);

    void append(std::string_view octets) {
        const std::size_t copied = octets.copy(octets_.data() + size_, kMaxSize - size_);
        size_ += copied;
        cut_ |= copied < octets.size();
    }
    void append(char32_t code_point) {
        std::array<char, 4> octets;
        append({octets.data(), utf::write_utf8(code_point, octets.data())});
    }
    void append(std::u16string_view units) {
        for (const char16_t unit : units) append(char32_t{unit});
    }
    // Copies blocks of ASCII units, which may go over their end; `count` is at most kMaxHost, and the key was empty.
    void append_plain(const char16_t* units, std::size_t count) {
        for (std::size_t block = 0; block < count; block += kBlock) {
            for (std::size_t i = 0; i < kBlock; ++i)
                octets_[block + i] = static_cast<char>(units[block + i]);
        }
        size_ = count;
    }
    // Something had no room.
    bool is_cut() const { return cut_; }
    std::size_t size() const { return size_; }
    std::string_view text() const { return {octets_.data(), size_}; }

private:
    static constexpr std::size_t kBlock = 16;
    static_assert(FoldedText::kPadding >= kBlock && kMaxSize >= kMaxHost + kBlock);

    std::array<char, kMaxSize> octets_;
    std::size_t size_ = 0;
    bool cut_ = false;
};

// Whether units [begin, end) of the light view are ASCII, and as many such characters of the source with nothing between: then
// they are their own key. Threads: any thread.
bool is_plain(const FoldedText& folded, std::size_t begin, std::size_t end);

// Appends the key of the label that is units [begin, end) of the light view, which are not empty. Marks behind the label are
// of it, but for the last one of a host where it is plain: there is no such top-level domain. Threads: any thread.
void append_label(const FoldedText& folded, std::size_t begin, std::size_t end, bool is_last,
                  KeyText& key);

}  // namespace ringfence
