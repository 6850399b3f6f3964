// export.hpp - marks what the shared library exports of the C++ interface.
//
// The libraries are compiled with hidden symbols. RINGFENCE_API on a class or function makes it part of
// libringfence.so; without it the static library alone has it. Marked: Screen, Session, SharedImage and what their
// signatures speak of (docs/decisions/symbols.md). Templates and inline functions need no mark.
// RINGFENCE_HIDDEN takes what lies inside a marked class out again.
#pragma once

#if defined(__GNUC__)
#define RINGFENCE_API __attribute__((visibility("default")))
#define RINGFENCE_HIDDEN __attribute__((visibility("hidden")))
#else
#define RINGFENCE_API
#define RINGFENCE_HIDDEN
#endif
