#include "bindings/python/src/arrow_stream.hpp"

#include <cstring>
#include <string>

#include "bindings/python/src/errors.hpp"

namespace nb = nanobind;

namespace ringfence::python {
namespace {

// Moves the struct out of a capsule; what is left there is released already.
template <class Struct>
Owned<Struct> take(nb::handle capsule, const char* name) {
    auto* held = static_cast<Struct*>(PyCapsule_GetPointer(capsule.ptr(), name));
    if (held == nullptr) throw nb::python_error();
    if (held->release == nullptr) {
        throw Raised{{ErrorCode::kInvalidArgument, "the frame's Arrow capsule is used up already"}};
    }
    Owned<Struct> taken(*held);
    held->release = nullptr;
    return taken;
}

}  // namespace

ArrowStream ArrowStream::open(nb::handle frame) {
    ArrowStream opened;
    if (nb::hasattr(frame, "__arrow_c_stream__")) {
        const nb::object capsule = frame.attr("__arrow_c_stream__")();
        opened.stream_ = take<ArrowArrayStream>(capsule, "arrow_array_stream");
        opened.take_schema();
    } else if (nb::hasattr(frame, "__arrow_c_array__")) {
        const nb::object pair = frame.attr("__arrow_c_array__")();
        opened.schema_ = take<ArrowSchema>(nb::object(pair[0]), "arrow_schema");
        opened.single_ = take<ArrowArray>(nb::object(pair[1]), "arrow_array");
    } else {
        throw nb::type_error(
            "this is no frame: give one with __arrow_c_stream__ (a pyarrow Table or RecordBatch, a "
            "Polars or "
            "pandas DataFrame, a DuckDB relation)");
    }
    if (std::strcmp(opened.schema_->format, "+s") != 0) {
        throw Raised{
            {ErrorCode::kWrongType, "give a frame with named columns, not a single column"}};
    }
    return opened;
}

void ArrowStream::take_schema() {
    const int failed = stream_->get_schema(stream_.get(), schema_.get());
    if (failed == 0) return;
    const char* why = stream_->get_last_error(stream_.get());
    throw Raised{{ErrorCode::kUnreadable, std::string("the frame gives no columns: ") +
                                              (why ? why : std::strerror(failed))}};
}

Owned<ArrowArray> ArrowStream::next() {
    if (!stream_) return std::move(single_);
    Owned<ArrowArray> batch;
    const int failed = stream_->get_next(stream_.get(), batch.get());
    if (failed == 0) return batch;
    const char* why = stream_->get_last_error(stream_.get());
    throw Raised{{ErrorCode::kUnreadable,
                  std::string("the frame broke off: ") + (why ? why : std::strerror(failed))}};
}

}  // namespace ringfence::python
