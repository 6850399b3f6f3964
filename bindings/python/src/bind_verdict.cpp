#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include "bindings/python/src/bind.hpp"

namespace nb = nanobind;

namespace ringfence::python {
namespace {

std::optional<std::string_view> unless_empty(const std::string& text) {
    if (text.empty()) return std::nullopt;
    return text;
}

std::string shown(const NamedVerdict& self) {
    std::string out = "<ringfence.Verdict: ";
    out.append(name_of(self.verdict.action)).append(", ").append(name_of(self.verdict.reason));
    if (!self.rule.empty()) out.append(", rule ").append(self.rule);
    if (!self.category.empty()) out.append(", ").append(self.category);
    for (const std::string_view flag : flag_names(self.verdict)) out.append(", ").append(flag);
    return out.append(">");
}

}  // namespace

NamedVerdict named(const Verdict& verdict, const Screen& screen) {
    return {verdict,
            screen.rule_id(verdict),
            screen.category(verdict),
            screen.param(verdict),
            screen.sip_code(verdict),
            screen.q850_cause(verdict),
            screen.smpp_status(verdict),
            screen.smpp_deliver_status(verdict)};
}

void bind_verdict(nb::module_& module) {
    using Self = const NamedVerdict&;
    nb::class_<NamedVerdict>(module, "Verdict", "What to do with one call or SMS, and why.")
        .def_prop_ro("action", [](Self v) { return name_of(v.verdict.action); })
        .def_prop_ro(
            "stage", [](Self v) { return name_of(v.verdict.stage); },
            "The tier of the precedence order that decided.")
        .def_prop_ro("reason", [](Self v) { return name_of(v.verdict.reason); })
        .def_prop_ro(
            "rule", [](Self v) { return unless_empty(v.rule); }, "The deciding rule's id.")
        .def_prop_ro("category", [](Self v) { return unless_empty(v.category); })
        .def_prop_ro(
            "param", [](Self v) { return unless_empty(v.param); },
            "The rate of a throttle, the destination of a divert.")
        .def_prop_ro(
            "risk", [](Self v) { return v.verdict.risk; }, "0 to 1000.")
        .def_prop_ro("generation", [](Self v) { return v.verdict.generation; })
        .def_prop_ro(
            "change", [](Self v) { return v.verdict.change; }, "Live changes of lists that it saw.")
        .def_prop_ro("flags", [](Self v) { return flag_names(v.verdict); })
        .def_prop_ro(
            "needs_roaming", [](Self v) { return v.verdict.has(VerdictFlag::kNeedsRoaming); },
            "Whether it hangs on a roaming answer: ask, then Screen.resume.")
        .def_prop_ro(
            "shadow_action",
            [](Self v) -> std::optional<std::string_view> {
                if (!v.verdict.has(VerdictFlag::kShadow)) return std::nullopt;
                return name_of(v.verdict.shadow_action);
            },
            "What a rule in shadow would have chosen.")
        .def_prop_ro(
            "match",
            [](Self v) -> std::optional<std::pair<unsigned, unsigned>> {
                if (v.verdict.match_length == 0) return std::nullopt;
                return std::pair(unsigned{v.verdict.match_offset},
                                 unsigned{v.verdict.match_length});
            },
            "Offset and length of the deciding match, in UTF-16 units of the text.")
        .def_ro("sip_code", &NamedVerdict::sip_code, "0 when the call passes.")
        .def_ro("q850_cause", &NamedVerdict::q850_cause, "0 when the call passes.")
        .def_ro("smpp_status", &NamedVerdict::smpp_status,
                "To a submit_sm; 0 when the message passes.")
        .def_ro("smpp_deliver_status", &NamedVerdict::smpp_deliver_status,
                "To a deliver_sm; 0 when the message passes.")
        .def("__repr__", &shown);
}

}  // namespace ringfence::python
