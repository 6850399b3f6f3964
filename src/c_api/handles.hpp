// handles.hpp - what the opaque pointers of the C interface point at.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include "ringfence.h"
#include "ringfence/image/shared_image.hpp"
#include "ringfence/screen/screen.hpp"
#include "src/c_api/chunk.hpp"

struct ringfence_shared {
    ringfence::SharedImage image;
};

struct ringfence_screen {
    ringfence::Screen screen;
    std::optional<ringfence::SharedImage> publishes{};
    std::uint64_t forks = 0;  // image::forks() when it was opened, of one that publishes
    std::mutex publishing{};
    std::optional<ringfence::SharedWriter> writer{};  // from the first publish on
};

// The converted requests and verdicts of one chunk live here, so that a batch allocates nothing.
struct ringfence_session {
    // Where a chunk that is screened stage by stage stands; a batch is idle before and after.
    enum class Stage : std::uint8_t { kIdle, kPrepared, kRecorded };

    ringfence::Session session;
    const ringfence::Screen& screen;  // outlives the session
    ringfence::c_api::Chunk<ringfence::Call> calls{};
    ringfence::c_api::Chunk<ringfence::Sms> messages{};
    Stage stage = Stage::kIdle;
};
