#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings/python/src/arrow_export.hpp"
#include "bindings/python/src/verdict_list.hpp"

namespace nb = nanobind;

namespace ringfence::python {
namespace {

void free_capsule(PyObject* capsule) noexcept {
    auto* stream =
        static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule, "arrow_array_stream"));
    if (stream == nullptr) return;
    if (stream->release != nullptr) stream->release(stream);
    delete stream;
}

// The columns are what they are: another schema may be asked for, and is not given, as the interface allows.
nb::object stream_of(const VerdictList& self, const nb::object&) {
    auto stream = std::make_unique<ArrowArrayStream>();
    export_stream(self.columns, *stream);
    nb::object capsule =
        nb::steal(PyCapsule_New(stream.get(), "arrow_array_stream", &free_capsule));
    if (!capsule.is_valid()) {
        stream->release(stream.get());
        throw nb::python_error();
    }
    stream.release();
    return capsule;
}

std::string shown(const VerdictList& self) {
    return "<ringfence.Verdicts: " + std::to_string(self.columns->size()) + " rows, " +
           std::to_string(self.columns->bad_rows) + " bad>";
}

}  // namespace

void bind_verdicts(nb::module_& module) {
    nb::class_<VerdictList>(
        module, "Verdicts",
        "The verdicts on a frame, a row for each of its rows, in their order.\n\n"
        "Columns: row, action, stage, reason, rule, category, risk, generation, flags, "
        "match_offset, match_length.")
        .def("__len__", [](const VerdictList& self) { return self.columns->size(); })
        .def("__repr__", &shown)
        .def(
            "__arrow_c_stream__", &stream_of, nb::arg("requested_schema") = nb::none(),
            nb::sig(
                "def __arrow_c_stream__(self, requested_schema: object | None = None) -> object"),
            "The Arrow PyCapsule interface: pyarrow.table(v), polars.DataFrame(v). Copies nothing.")
        .def(
            "to_pyarrow",
            [](nb::handle self) { return nb::module_::import_("pyarrow").attr("table")(self); },
            nb::sig("def to_pyarrow(self) -> typing.Any"), "As a pyarrow.Table.")
        .def(
            "to_polars",
            [](nb::handle self) { return nb::module_::import_("polars").attr("DataFrame")(self); },
            nb::sig("def to_polars(self) -> typing.Any"), "As a polars.DataFrame.")
        .def(
            "to_pandas",
            [](nb::handle self) {
                return nb::module_::import_("pyarrow").attr("table")(self).attr("to_pandas")();
            },
            nb::sig("def to_pandas(self) -> typing.Any"), "As a pandas.DataFrame, through pyarrow.")
        .def_prop_ro(
            "bad_rows", [](const VerdictList& self) { return self.columns->bad_rows; },
            "How many rows could not be read: their reason is bad_row.")
        .def_prop_ro(
            "problems", [](const VerdictList& self) { return self.columns->problems; },
            nb::sig("def problems(self) -> list[tuple[int, str]]"),
            "Row and fault of the first hundred bad rows.");
}

}  // namespace ringfence::python
