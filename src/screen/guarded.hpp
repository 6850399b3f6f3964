// guarded.hpp - no exception leaves the library: what a body throws becomes an error or the empty value.
#pragma once

#include <exception>
#include <new>

#include "ringfence/base/result.hpp"

namespace ringfence {

// Runs what may allocate: what it throws becomes an error, whose text needs no memory of its own.
template <class Body>
auto guarded(Body body) -> decltype(body()) {
    try {
        return body();
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    } catch (const std::exception&) {
        return Error{ErrorCode::kInternal, "unforeseen"};
    }
}

// The same for what has no error to give: the empty value.
template <class Body>
auto or_empty(Body body) -> decltype(body()) {
    try {
        return body();
    } catch (const std::exception&) {
        return {};
    }
}

}  // namespace ringfence
