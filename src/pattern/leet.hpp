// leet.hpp - phrases that may be written with digits for letters, for rules that ask.
//
//     locked    matches locked, l0cked, 1ocked, l0ck3d, ...
//     apple     matches apple, app1e, 4pp1e, ...
//
// Digits stand for letters that they look like, each letter by itself: 4 a, 8 b, 3 e, 9 g, 1 i, 1 l, 0 o, 5 s, 7 t, 2 z. The fold of
// messages knows nothing of it: a digit is one, and "10" in an honest message no "lo". Only the letters of a rule that says `leet`
// match more, so that every tier and the plain matcher of the tests mean the same.
//
// Cost: building only. A phrase becomes the few ways of writing it, or, where these are many, letters and classes in a row.
#pragma once

#include "ringfence/base/result.hpp"
#include "ringfence/pattern/expression.hpp"

namespace ringfence::pattern {

// `expression` with every phrase also in its spellings. Fails with kTooLarge where they are more than an expression holds.
// Threads: any thread.
Result<Expression> spelled_in_leet(const Expression& expression);

}  // namespace ringfence::pattern
