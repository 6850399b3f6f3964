// changes.cpp - the part of ringfence.h that changes what is live.
#include <algorithm>

#include "src/c_api/guarded.hpp"
#include "src/c_api/handles.hpp"

using ringfence::Result;
using ringfence::Screen;
using namespace ringfence::c_api;

namespace {

using Change = Result<std::uint64_t> (Screen::*)(const ringfence::ListChange&);

ringfence_status apply_change(ringfence_screen* screen, const ringfence_list_change* entry,
                              Change apply, ringfence_error* error, std::uint64_t* change) {
    if (change != nullptr) *change = 0;
    return guarded(error, [&]() -> ringfence_status {
        if (screen == nullptr) return null_argument("screen", error);
        ringfence_list_change mine;
        if (const auto status = read_struct(entry, mine))
            return refuse(status, "entry", entry, error);
        ringfence::ListChange wanted;
        if (const auto status = convert(mine, wanted)) return refuse(status, "entry", entry, error);
        const auto done = (screen->screen.*apply)(wanted);
        if (!done) return report(done.error(), error);
        if (change != nullptr) *change = *done;
        return RINGFENCE_OK;
    });
}

}  // namespace

ringfence_status ringfence_screen_reload(ringfence_screen* screen, ringfence_error* error) {
    return guarded(error, [&]() -> ringfence_status {
        if (screen == nullptr) return null_argument("screen", error);
        const auto done = screen->screen.reload();
        return done ? RINGFENCE_OK : report(done.error(), error);
    });
}

ringfence_status ringfence_screen_advance(ringfence_screen* screen, int64_t now_ms,
                                          ringfence_error* error) {
    return guarded(error, [&]() -> ringfence_status {
        if (screen == nullptr) return null_argument("screen", error);
        const auto done = screen->screen.advance(ringfence::time_from_ms(now_ms));
        return done ? RINGFENCE_OK : report(done.error(), error);
    });
}

ringfence_status ringfence_screen_advance_released(ringfence_screen* screen, int64_t now_ms,
                                                   ringfence_released_fn released, void* context,
                                                   ringfence_error* error) {
    return guarded(error, [&]() -> ringfence_status {
        if (screen == nullptr) return null_argument("screen", error);
        if (released == nullptr) return null_argument("released", error);
        const auto done = screen->screen.advance(
            ringfence::time_from_ms(now_ms), [&](const ringfence::ReleasedMessage& given_up) {
                const ringfence::GivenUpMessage& from = given_up.message;
                ringfence_released to = {};
                to.struct_size = sizeof to;
                to.sender = {from.sender.data(), from.sender.size()};
                to.recipient = {from.recipient.data(), from.recipient.size()};
                to.first_ms = ringfence::to_ms(from.first);
                std::copy(from.seen.begin(), from.seen.end(), to.seen);
                to.ref = from.ref;
                to.reason = static_cast<std::uint16_t>(given_up.reason);
                to.total = from.total;
                to.parts = from.parts;
                to.action = static_cast<std::uint8_t>(given_up.action);
                to.timed_out = from.timed_out ? 1 : 0;
                released(context, &to);
            });
        return done ? RINGFENCE_OK : report(done.error(), error);
    });
}

ringfence_status ringfence_screen_add(ringfence_screen* screen, const ringfence_list_change* entry,
                                      ringfence_error* error, uint64_t* change) {
    return apply_change(screen, entry, &Screen::add, error, change);
}

ringfence_status ringfence_screen_remove(ringfence_screen* screen,
                                         const ringfence_list_change* entry, ringfence_error* error,
                                         uint64_t* change) {
    return apply_change(screen, entry, &Screen::remove, error, change);
}

ringfence_status ringfence_screen_note_emergency(ringfence_screen* screen,
                                                 const ringfence_address* caller, int64_t time_ms) {
    if (screen == nullptr || caller == nullptr) return RINGFENCE_INVALID_ARGUMENT;
    ringfence::AddressView view;
    if (const auto status = to_address(*caller, view)) return status;
    const auto noted = screen->screen.note_emergency(view, ringfence::time_from_ms(time_ms));
    return noted ? RINGFENCE_OK : report(noted.error(), nullptr);
}

ringfence_status ringfence_screen_reconcile(ringfence_screen* screen, ringfence_string list,
                                            const char* file,
                                            const ringfence_reconcile_options* options,
                                            ringfence_error* error,
                                            ringfence_reconcile_report* report_out) {
    return guarded(error, [&]() -> ringfence_status {
        if (report_out != nullptr) {
            ringfence_reconcile_report theirs;
            if (const auto status = read_struct(report_out, theirs))
                return refuse(status, "report", report_out, error);
            write_struct(ringfence_reconcile_report_init(), report_out);
        }
        if (screen == nullptr) return null_argument("screen", error);
        ringfence_reconcile_options mine = ringfence_reconcile_options_init();
        ringfence::ReconcileOptions wanted;
        if (options != nullptr) {
            if (const auto status = read_struct(options, mine))
                return refuse(status, "options", options, error);
            if (const auto status = convert(mine, wanted))
                return refuse(status, "options", options, error);
        }
        std::string_view id;
        if (to_view(list, id)) return null_argument("list.data", error);
        const auto done = screen->screen.reconcile(id, file == nullptr ? "" : file, wanted);
        if (!done) return report(done.error(), error);
        if (report_out != nullptr) write_struct(from_report(*done), report_out);
        if (mine.warning != nullptr)
            for (const std::string& text : done->warnings) mine.warning(mine.context, text.c_str());
        return RINGFENCE_OK;
    });
}
