#include "bindings/python/src/released.hpp"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;

namespace ringfence::python {

Status advance_screen(Screen& screen, Time now, std::vector<Released>& released) {
    return screen.advance(now, [&](const ReleasedMessage& given_up) {
        const GivenUpMessage& from = given_up.message;
        Released& to = released.emplace_back();
        to.sender = from.sender;
        to.recipient = from.recipient;
        to.ref = from.ref;
        to.total = from.total;
        for (unsigned seq = 1; seq <= from.total; ++seq)
            if (from.has(static_cast<std::uint8_t>(seq))) to.parts.push_back(seq);
        to.first = static_cast<double>(to_ms(from.first)) / 1000;
        to.action = name_of(given_up.action);
        to.timed_out = from.timed_out;
    });
}

void bind_released(nb::module_& module) {
    nb::class_<Released>(module, "Released", "A message that was given up before it was whole.")
        .def_ro("sender", &Released::sender, "As its parts said, cut at 24 octets.")
        .def_ro("recipient", &Released::recipient)
        .def_ro("ref", &Released::ref)
        .def_ro("total", &Released::total, "How many parts it has.")
        .def_ro("parts", &Released::parts, "Which of them came.")
        .def_ro("first", &Released::first, "When the first of them came, in seconds since 1970.")
        .def_ro("action", &Released::action, "What becomes of those: [failure] part_timeout.")
        .def_ro("timed_out", &Released::timed_out,
                "False: for want of room, or because its reference was used again.")
        .def("__repr__", [](const Released& self) {
            return "<ringfence.Released: " + std::to_string(self.parts.size()) + " of " +
                   std::to_string(self.total) + " parts, " + self.action + ">";
        });
}

}  // namespace ringfence::python
