#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings/python/src/decoded.hpp"
#include "ringfence/text/fold.hpp"

namespace nb = nanobind;

namespace ringfence::python {
namespace {

using Part = std::tuple<unsigned, unsigned, unsigned>;
using Ports = std::pair<unsigned, unsigned>;

std::optional<Part> part_of(const Decoded& self) {
    if (self.part.total == 0) return std::nullopt;
    return Part(self.part.ref, self.part.total, self.part.seq);
}

std::optional<Ports> ports_of(const Decoded& self) {
    if (!self.marks.has_ports) return std::nullopt;
    return Ports(self.marks.destination_port, self.marks.source_port);
}

std::optional<unsigned> class_of(const Decoded& self) {
    if (self.marks.message_class == MessageMarks::kNoClass) return std::nullopt;
    return self.marks.message_class;
}

std::optional<std::string_view> waiting_of(const Decoded& self) {
    if (self.marks.waiting == MessageWaiting::kNone) return std::nullopt;
    return name_of(self.marks.waiting);
}

std::pair<std::size_t, std::size_t> place_in(const Decoded& self, std::size_t begin,
                                             std::size_t length) {
    const ContentPlace place = place_in_content(self.content(), begin, length);
    return {place.first_octet, place.octets};
}

using Places = std::vector<std::tuple<std::size_t, std::size_t, std::size_t>>;

// Of each part that holds some of the stretch: which, and its octets. A None in a list comes as a null.
Places places_in(const std::vector<const Decoded*>& parts, std::size_t begin, std::size_t length) {
    if (std::find(parts.begin(), parts.end(), nullptr) != parts.end())
        throw nb::type_error("places: a part is None; give what Screen.decode returned");
    std::vector<SmsContent> contents;
    for (const Decoded* part : parts) contents.push_back(part->content());
    const nb::gil_scoped_release released;
    Places places;
    std::span<const SmsContent> left = contents;
    while (length > 0) {
        const PartPlace found = place_in_parts(left, begin, length);
        if (found.units == 0) break;
        places.emplace_back(contents.size() - left.size() + found.part, found.place.first_octet,
                            found.place.octets);
        // The rest begins where the next part does.
        left = left.subspan(found.part + 1);
        begin = 0;
        length -= found.units;
    }
    return places;
}

}  // namespace

Decoded decoded_of(const SmsContent& content) {
    DecodedText text;
    Decoded out;
    out.octets.assign(content.octets.begin(), content.octets.end());
    out.form = content;
    out.form.octets = {};
    out.status = decode(content, text);
    out.alphabet = text.alphabet;
    out.oddities = text.oddities;
    out.part = text.concatenation;
    out.marks = text.marks;
    out.text = to_utf8(text.text());
    return out;
}

void bind_decoded(nb::module_& module) {
    using Self = const Decoded&;
    nb::class_<Decoded>(module, "Decoded",
                        "What one message, or one part of a longer one, says.\n\n"
                        "Holds the text and octets of a message: personal data.")
        .def_prop_ro(
            "text", [](Self self) { return self.text; },
            "Empty where there is none; half of a pair that a part shares with its neighbour is "
            "U+FFFD.")
        .def_prop_ro(
            "status", [](Self self) { return name_of(self.status); },
            "text, binary (8-bit or compressed) or error.")
        .def_prop_ro("alphabet", [](Self self) { return name_of(self.alphabet); })
        .def_prop_ro(
            "oddities", [](Self self) { return names_of(self.oddities); },
            "What was odd about the octets.")
        .def_prop_ro("part", &part_of, "Reference, total and number of a part of a longer message.")
        .def_prop_ro("message_class", &class_of, "0 flash, 1 ME, 2 SIM, 3 TE.")
        .def_prop_ro("waiting", &waiting_of,
                     "voicemail, fax, email or other: what the coding scheme says is waiting.")
        .def_prop_ro(
            "waiting_active", [](Self self) { return self.marks.waiting_active; },
            "Whether the handset is to show that; otherwise to show it no longer.")
        .def_prop_ro("auto_delete", [](Self self) { return self.marks.auto_delete; })
        .def_prop_ro("ports", &ports_of, "Destination and source, where the header names them.")
        .def("place", &place_in, nb::arg("begin"), nb::arg("length"),
             nb::call_guard<nb::gil_scoped_release>(),
             "First octet and count of the octets that hold so many UTF-16 units of the text, "
             "such as a verdict's `match`; the header counts too.")
        .def("__repr__", [](Self self) {
            return "<ringfence.Decoded: " + std::string(name_of(self.status)) + ", " +
                   std::string(name_of(self.alphabet)) + ", " + std::to_string(self.octets.size()) +
                   " octets>";
        });
    module.def(
        "places", &places_in, nb::arg("parts"), nb::arg("begin"), nb::arg("length"),
        nb::sig("def places(parts: list[Decoded], begin: int, length: int) -> "
                "list[tuple[int, int, int]]"),
        "Where a stretch of the text that all parts of a message make, in their order, lies: of "
        "each part that holds some of it the index, the first octet and how many.");
}

}  // namespace ringfence::python
