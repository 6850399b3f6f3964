// handles.hpp - what the opaque pointers of the C interface point at.
#pragma once

#include <array>

#include "ringfence.h"
#include "ringfence/screen/screen.hpp"

struct ringfence_screen {
    ringfence::Screen screen;
};

// The converted requests and verdicts of one chunk live here, so that a batch allocates nothing.
struct ringfence_session {
    ringfence::Session session;
    std::array<ringfence::Call, ringfence::Session::kBatch> calls{};
    std::array<ringfence::Sms, ringfence::Session::kBatch> messages{};
    std::array<ringfence::Verdict, ringfence::Session::kBatch> verdicts{};
    std::array<ringfence_status, ringfence::Session::kBatch> statuses{};
};
