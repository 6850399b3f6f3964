// released.hpp - messages that a screen gave up, as Python sees them.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <string>
#include <vector>

#include "ringfence/screen/screen.hpp"

namespace ringfence::python {

// A ReleasedMessage that owns its names.
struct Released {
    std::string sender;
    std::string recipient;
    std::uint16_t ref = 0;
    std::uint8_t total = 0;
    std::vector<unsigned> parts;
    double first = 0;  // seconds since 1970
    std::string action;
    bool timed_out = false;
};

// Screen::advance; appends to `released`. Needs no interpreter.
Status advance_screen(Screen& screen, Time now, std::vector<Released>& released);

void bind_released(nanobind::module_& module);

}  // namespace ringfence::python
