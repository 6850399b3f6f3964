// paths.hpp - a path that Python hands over: text, octets, or anything with __fspath__.
#pragma once

#include <nanobind/nanobind.h>

#include <string>

#include "bindings/python/src/errors.hpp"

namespace ringfence::python {

inline std::string path_of(nanobind::handle path) {
    namespace nb = nanobind;
    const nb::object text = nb::module_::import_("os").attr("fsdecode")(path);
    const nb::bytes octets = nb::cast<nb::bytes>(nb::module_::import_("os").attr("fsencode")(text));
    std::string whole(octets.c_str(), octets.size());
    if (whole.find('\0') != std::string::npos)
        throw Raised{{ErrorCode::kInvalidArgument, "a path holds a NUL, which no file's has"}};
    return whole;
}

}  // namespace ringfence::python
