// extract.hpp - finds telephone numbers, domains, chat accounts and e-mail addresses in a folded text; for reports amounts of
// money and one-time codes too.
//
// Works on the light view, where full width, circled digits and Chinese numerals are digits already:
//
//     number   digit groups with single separators between; the longest run of groups that is a number
//              under the dial plan; not inside a word, an address or a longer run of digits
//     domain   labels with dots (also U+3002, "[.]", "(.)") that end in a known top-level domain, or any
//              host after a scheme; IPv4 after a scheme or before a path
//     account  an id behind the name of a service: "weixin: abc_123", "QQ 12345678", t.me/name
//     e-mail   letters, digits and "._+-%" before '@' and a domain that has no path behind it
//     amount   a number with a currency before or behind it: "$863.35", "RMB 5,000", and with yuan or ten thousand yuan
//     code     four to eight units, more digits than letters, near a word for a code
//
// The key of a host is the name that DNS is asked for, read from the source and not from the folded text: other scripts as
// A-labels, so that what is written in letters and in Punycode is one host, and what only looks like a host is another.
//
// Readers: whatever is found goes to the sink in no promised order; numbers that are part of a URL or
// an account id are not told again as numbers, except a WhatsApp or WeChat id that is one.
// Cost: a few passes over the text, no allocation; time is linear in the text.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>

#include "ringfence/text/found.hpp"

namespace ringfence {

class DialPlan;

// Where findings go: a function and what it needs, by reference.
struct FoundSink {
    void (*take)(void* context, const Found& found) = nullptr;
    void* context = nullptr;
};

// Tells `sink` what `folded` names. Without a plan only numbers that begin with '+' are read. The source
// of `folded` must still be alive.
// Threads: any thread.
void extract(const FoldedText& folded, const DialPlan* plan, FoundSink sink);

// Tells `sink` of amounts and one-time codes, which no list holds. '$' alone is read as USD, U+A5 as CNY.
// Threads: any thread.
void extract_values(const FoldedText& folded, FoundSink sink);

// A sink that is any callable taking `const Found&`; it must outlive the sink.
template <class Take>
requires std::is_invocable_v<Take&, const Found&> FoundSink sink_of(Take& take) {
    return {[](void* context, const Found& found) { (*static_cast<Take*>(context))(found); },
            const_cast<void*>(static_cast<const void*>(&take))};
}

// The same to any callable.
template <class Take>
requires std::is_invocable_v<Take&, const Found&>
void extract(const FoldedText& folded, const DialPlan* plan, Take&& take) {
    extract(folded, plan, sink_of(take));
}
template <class Take>
requires std::is_invocable_v<Take&, const Found&>
void extract_values(const FoldedText& folded, Take&& take) {
    extract_values(folded, sink_of(take));
}

// A key of a list as `extract` would give it: host without scheme and path, "www." kept, other scripts as A-labels; account
// id folded. For kNumber use normalize. Empty when nothing of the kind is left. Allocates; for builders.
// Threads: any thread.
std::string fold_key(FoundKind kind, std::string_view utf8);

}  // namespace ringfence
