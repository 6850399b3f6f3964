#include "bindings/python/src/errors.hpp"

#include <nanobind/nanobind.h>

namespace nb = nanobind;

namespace ringfence::python {
namespace {

void set_python_error(const Error& error) {
    try {
        const nb::object exception =
            nb::module_::import_("ringfence.errors")
                .attr("from_code")(static_cast<unsigned>(error.code),
                                   nb::bytes(error.text.data(), error.text.size()));
        PyErr_SetObject(exception.type().ptr(), exception.ptr());
    } catch (nb::python_error& raised) {
        raised.restore();
    }
}

}  // namespace

void bind_errors() {
    nb::register_exception_translator([](const std::exception_ptr& thrown, void*) {
        try {
            std::rethrow_exception(thrown);
        } catch (const Raised& raised) {
            set_python_error(raised.error);
        }
    });
}

}  // namespace ringfence::python
