// arrow_stream.hpp - a frame of any library, as Arrow batches.
//
// Takes what the Arrow PyCapsule interface offers: __arrow_c_stream__ (tables, data frames, relations,
// readers) or __arrow_c_array__ (one record batch).
//
// Source: https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html
#pragma once

#include <nanobind/nanobind.h>

#include <utility>

#include "bindings/python/src/arrow_abi.hpp"

namespace ringfence::python {

// An Arrow struct that is released when it dies.
template <class Struct>
class Owned {
public:
    Owned() = default;
    explicit Owned(const Struct& taken) : held_(taken) {}
    Owned(Owned&& other) noexcept : held_(std::exchange(other.held_, Struct{})) {}
    Owned& operator=(Owned&& other) noexcept {
        std::swap(held_, other.held_);
        return *this;
    }
    ~Owned() {
        if (held_.release != nullptr) held_.release(&held_);
    }

    explicit operator bool() const { return held_.release != nullptr; }
    Struct* get() { return &held_; }
    const Struct& operator*() const { return held_; }
    Struct* operator->() { return &held_; }
    const Struct* operator->() const { return &held_; }

private:
    Struct held_{};
};

class ArrowStream {
public:
    // The batches of `frame`. Throws TypeError when it is no frame, and whatever it raises itself.
    // Threads: with the GIL held.
    static ArrowStream open(nanobind::handle frame);

    // The columns: always a struct.
    const ArrowSchema& schema() const { return *schema_; }

    // The next batch, or one that is false at the end. Throws Raised when the frame fails.
    // Threads: one thread per object; needs no GIL.
    Owned<ArrowArray> next();

private:
    void take_schema();

    Owned<ArrowSchema> schema_;
    Owned<ArrowArrayStream> stream_;
    Owned<ArrowArray> single_;
};

}  // namespace ringfence::python
