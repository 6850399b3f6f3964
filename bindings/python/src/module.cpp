// The module ringfence._core; ringfence/__init__.py says which of it is public.
#include "bindings/python/src/bind.hpp"
#include "bindings/python/src/decoded.hpp"
#include "bindings/python/src/errors.hpp"
#include "ringfence/version.h"

NB_MODULE(_core, module) {
    using namespace ringfence::python;
    module.doc() = "The compiled part of ringfence.";
    module.attr("version") = RINGFENCE_VERSION;
    bind_errors();
    bind_verdict(module);
    bind_verdicts(module);
    bind_explanation(module);
    bind_decoded(module);
    bind_screen(module);
    bind_train(module);
}
