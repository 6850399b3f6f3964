// bind.hpp - the parts of the module, each bound by its own file.
#pragma once

#include <nanobind/nanobind.h>

#include "ringfence/policy/verdict.hpp"
#include "ringfence/screen/explanation.hpp"
#include "ringfence/screen/screen.hpp"

namespace ringfence::python {

// One verdict with its words and its answers to the peer, good after the Screen is gone.
struct NamedVerdict {
    Verdict verdict;
    std::string rule, category, param;
    std::uint32_t sip_code = 0;
    std::uint32_t q850_cause = 0;
    std::uint32_t smpp_status = 0;
    std::uint32_t smpp_deliver_status = 0;
};

// Threads: any thread.
NamedVerdict named(const Verdict& verdict, const Screen& screen);

void bind_verdict(nanobind::module_& module);
void bind_verdicts(nanobind::module_& module);
void bind_explanation(nanobind::module_& module);
void bind_screen(nanobind::module_& module);
void bind_train(nanobind::module_& module);

}  // namespace ringfence::python
