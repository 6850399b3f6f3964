// extract.hpp - finds telephone numbers, domains and chat accounts in a folded text.
//
// Works on the light view, where full width, circled digits and Chinese numerals are digits already:
//
//     number   digit groups with single separators between; the longest run of groups that is a number
//              under the dial plan; not inside a word, an address or a longer run of digits
//     domain   labels with dots (also U+3002, "[.]", "(.)") that end in a known top-level domain, or any
//              host after a scheme; IPv4 after a scheme or before a path
//     account  an id behind the name of a service: "weixin: abc_123", "QQ 12345678", t.me/name
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

// The same, to any callable taking `const Found&`.
template <class Take>
requires std::is_invocable_v<Take&, const Found&>
void extract(const FoldedText& folded, const DialPlan* plan, Take&& take) {
    using Callable = std::remove_reference_t<Take>;
    extract(folded, plan,
            FoundSink{[](void* context, const Found& found) {
                          (*static_cast<Callable*>(context))(found);
                      },
                      const_cast<void*>(static_cast<const void*>(&take))});
}

// A key of a list as `extract` would give it: host without scheme, path and leading "www." kept; account id
// folded. For kNumber use normalize. Empty when nothing of the kind is left. Allocates; for builders.
// Threads: any thread.
std::string fold_key(FoundKind kind, std::string_view utf8);

}  // namespace ringfence
