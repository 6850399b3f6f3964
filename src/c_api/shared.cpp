// shared.cpp - the part of ringfence.h by which processes share lists.
#include "src/c_api/guarded.hpp"
#include "src/c_api/handles.hpp"
#include "src/image/process_name.hpp"

using ringfence::ErrorCode;
using ringfence::SharedImage;
using namespace ringfence::c_api;

namespace {

template <class Make>
ringfence_status give(const Make& make, ringfence_error* error, ringfence_shared** shared) {
    if (shared == nullptr) return null_argument("shared", error);
    *shared = nullptr;
    return guarded(error, [&]() -> ringfence_status {
        ringfence::Result<SharedImage> made = make();
        if (!made) return report(made.error(), error);
        *shared = new ringfence_shared{*std::move(made)};
        return RINGFENCE_OK;
    });
}

}  // namespace

ringfence_status ringfence_shared_create(const char* path, const ringfence_shared_options* options,
                                         ringfence_error* error, ringfence_shared** shared) {
    ringfence::SharedImageOptions wanted;
    if (options != nullptr) {
        if (shared != nullptr) *shared = nullptr;
        ringfence_shared_options mine;
        auto status = read_struct(options, mine);
        if (!status) status = convert(mine, wanted);
        if (status)
            return guarded(error, [&] { return refuse(status, "options", options, error); });
    }
    return give(
        [&] {
            return path == nullptr ? SharedImage::create(wanted)
                                   : SharedImage::create(path, wanted);
        },
        error, shared);
}

ringfence_status ringfence_shared_open(const char* path, ringfence_error* error,
                                       ringfence_shared** shared) {
    if (path == nullptr) {
        if (shared != nullptr) *shared = nullptr;
        return guarded(error, [&] { return null_argument("path", error); });
    }
    return give([&] { return SharedImage::open(path); }, error, shared);
}

void ringfence_shared_free(ringfence_shared* shared) { delete shared; }

uint64_t ringfence_shared_generation(const ringfence_shared* shared) {
    return shared == nullptr ? 0 : shared->image.generation();
}

uint64_t ringfence_shared_memory_bytes(const ringfence_shared* shared) {
    return shared == nullptr ? 0 : shared->image.memory_bytes();
}

ringfence_status ringfence_screen_publish(ringfence_screen* screen, ringfence_error* error,
                                          uint64_t* generation) {
    if (generation != nullptr) *generation = 0;
    return guarded(error, [&]() -> ringfence_status {
        if (screen == nullptr) return null_argument("screen", error);
        if (!screen->publishes)
            return report(ErrorCode::kInvalidArgument,
                          "the screen was opened without options.publishes", error);
        // Before the lock, which a thread of the parent may have held.
        if (screen->forks != ringfence::image::forks())
            return report(ErrorCode::kInvalidArgument,
                          "the screen was opened before a fork and is the parent's to publish",
                          error);
        const std::lock_guard lock(screen->publishing);
        if (!screen->writer) {
            auto writer = screen->publishes->writer();
            if (!writer) return report(writer.error(), error);
            screen->writer = *std::move(writer);
        }
        const auto published = screen->screen.publish_to(*screen->writer);
        if (!published) return report(published.error(), error);
        if (generation != nullptr) *generation = *published;
        return RINGFENCE_OK;
    });
}
