// shared_host.hpp - hosts that belong to no one in particular: an entry on one would cover strangers.
//
//     com, co.uk, github.io     public suffixes: anybody may have a name below them
//     bit.ly, t.cn              link shorteners: the links behind them go anywhere
//     docs.google.com, t.me     hosts of what their users put there
//
// Source: the Public Suffix List as libpsl ships it (publicsuffix.org); shorteners and hosts of users' pages from
// the field. What lies below a listed host (`swindle.github.io`) is one owner's, and no shared host.
#pragma once

#include <cstdint>
#include <string_view>

namespace ringfence {

enum class SharedHost : std::uint8_t {
    kNone = 0,
    kPublicSuffix = 1,
    kShortener = 2,
    kUserPages = 3,
};

// What a host, folded as fold_key does, is in this regard. Cold: up to 2 us.
// Threads: any thread.
SharedHost shared_host(std::string_view host);

// "a public suffix", "a link shortener", "a host of many users' pages"; empty for kNone. Threads: any thread.
std::string_view words_of(SharedHost kind);

}  // namespace ringfence
