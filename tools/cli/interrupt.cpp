#include "tools/cli/interrupt.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

namespace ringfence::cli {
namespace {

std::atomic<bool> interrupted{false};
int wake_end = -1;  // written before the handler is installed
static_assert(std::atomic<bool>::is_always_lock_free);

void handle_with(void (*handler)(int)) {
    struct sigaction action = {};
    action.sa_handler =
        handler;  // without SA_RESTART: a system call does not go on as if nothing had come
    for (const int signal : {SIGINT, SIGTERM}) ::sigaction(signal, &action, nullptr);
}

extern "C" void on_interrupt(int) {
    const int before = errno;
    interrupted.store(true);
    [[maybe_unused]] const auto wrote = ::write(wake_end, "", 1);
    handle_with(SIG_DFL);
    errno = before;
}

}  // namespace

int catch_interrupts() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    wake_end = ends[1];
    handle_with(on_interrupt);
    return ends[0];
}

bool was_interrupted() { return interrupted.load(); }

}  // namespace ringfence::cli
