#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include "bindings/python/src/bind.hpp"

namespace nb = nanobind;

namespace ringfence::python {

void bind_explanation(nb::module_& module) {
    nb::class_<Explanation>(
        module, "Explanation",
        "Every finding about one event, in order, which won and why. Prints as text.\n\n"
        "Holds numbers and the text of a message: personal data.")
        .def("__str__", &Explanation::to_text)
        .def("__repr__",
             [](const Explanation& self) {
                 return "<ringfence.Explanation: " + std::string(name_of(self.verdict.action)) +
                        ", " + std::string(name_of(self.verdict.reason)) + ", " +
                        std::to_string(self.findings.size()) + " findings>";
             })
        .def("to_text", &Explanation::to_text, "A few lines for a person.")
        .def("to_json", &Explanation::to_json, "One JSON object on one line.")
        .def(
            "to_dict",
            [](const Explanation& self) {
                return nb::module_::import_("json").attr("loads")(self.to_json());
            },
            nb::sig("def to_dict(self) -> dict[str, typing.Any]"))
        .def_prop_ro("action", [](const Explanation& self) { return name_of(self.verdict.action); })
        .def_prop_ro("reason",
                     [](const Explanation& self) { return name_of(self.verdict.reason); });
}

}  // namespace ringfence::python
