// errors.hpp - the library's errors on their way to Python.
//
// A `Raised` thrown anywhere in the module becomes the exception of ringfence/errors.py that its code asks for.
#pragma once

#include <utility>

#include "ringfence/base/result.hpp"

namespace ringfence::python {

struct Raised {
    Error error;
};

// The value of a result, or its error thrown. Threads: any thread.
template <class T>
T value_of(Result<T> result) {
    if (!result) throw Raised{result.error()};
    return *std::move(result);
}

inline void require(const Status& status) {
    if (!status) throw Raised{status.error()};
}

// Teaches Python about Raised; once, when the module is made.
void bind_errors();

}  // namespace ringfence::python
