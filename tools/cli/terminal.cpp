#include "tools/cli/terminal.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "ringfence/source/utf8.hpp"

namespace ringfence::cli {
namespace {

bool colour_wanted() {
    const char* no_color = std::getenv("NO_COLOR");
    return isatty(STDERR_FILENO) != 0 && (no_color == nullptr || *no_color == '\0');
}

void say(const char* kind, const char* colour, std::string_view text) {
    const bool coloured = colour_wanted();
    std::fprintf(stderr, "ringfence: %s%s%s%.*s\n", coloured ? colour : "", kind,
                 coloured ? "\x1b[0m" : "", static_cast<int>(text.size()), text.data());
}

}  // namespace

void say_error(std::string_view text) { say("error: ", "\x1b[31m", text); }
void say_warning(std::string_view text) { say("warning: ", "\x1b[33m", text); }

int give_up(const Error& error) {
    say_error(error.text);
    return error.code == ErrorCode::kUnwritable ? kExitUnwritable : kExitBadInput;
}

bool write_out(std::string_view text) {
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
           std::fflush(stdout) == 0;
}

std::string on_one_line(std::string_view text) { return printable(text, std::string_view::npos); }

double seconds_now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

Progress::Progress(std::string_view what, Where where)
    : what_(what),
      begun_(seconds_now()),
      last_(begun_),
      terminal_(isatty(STDERR_FILENO) != 0 && (where == kAlone || isatty(STDOUT_FILENO) == 0)) {}

Progress::~Progress() {
    if (shown_) std::fprintf(stderr, "\r\x1b[K");
}

void Progress::show(unsigned long long done) {
    if (is_due()) write(": " + std::to_string(done));
}

void Progress::show() {
    if (is_due()) write("");
}

bool Progress::is_due() const {
    const double now = seconds_now();
    return terminal_ && now - begun_ >= 1.0 && now - last_ >= 0.1;
}

void Progress::write(const std::string& counted) {
    last_ = seconds_now();
    shown_ = true;
    std::fprintf(stderr, "\r\x1b[K%s%s (%.0f s)", what_.c_str(), counted.c_str(), last_ - begun_);
}

Waiting::Waiting(std::string_view what) : progress_(what) {
    if (!progress_.on_terminal()) return;
    teller_ = std::jthread([this](const std::stop_token& ended) {
        constexpr std::chrono::milliseconds kBetween(200);
        std::unique_lock lock(mutex_);
        while (!ended.stop_requested()) {
            ended_.wait_for(lock, ended, kBetween, [] { return false; });
            progress_.show();
        }
    });
}

}  // namespace ringfence::cli
