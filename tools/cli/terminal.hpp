// terminal.hpp - what the programs say to a person: one-line errors, progress, colour where it is wanted.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "ringfence/base/result.hpp"

namespace ringfence::cli {

// Exit codes, as the help lists them.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFound = 1;          // lint found errors
inline constexpr int kExitBadInput = 2;       // usage, or an input that cannot be used
inline constexpr int kExitUnwritable = 3;     // output could not be written
inline constexpr int kExitInterrupted = 130;  // Ctrl-C or SIGTERM, of screen

// "ringfence: text" on standard error, in red on a terminal unless NO_COLOR is set.
void say_error(std::string_view text);
void say_warning(std::string_view text);

// Says the error, and gives the exit code for it.
int give_up(const Error& error);

// Writes to standard output; false when that failed (a closed pipe, a full disk).
bool write_out(std::string_view text);

// Outside text for a row of output: what would end the row or its field, or move a terminal, stands as \xNN.
std::string on_one_line(std::string_view text);

// A line on standard error that counts, from the first second on, when it is a terminal.
// Threads: one thread at a time.
class Progress {
public:
    // kBesideRows: rows go to standard output, which are all the progress there is where that is a terminal too.
    enum Where { kAlone, kBesideRows };
    explicit Progress(std::string_view what, Where where = kAlone);
    ~Progress();
    void show(unsigned long long done);
    // Of what has nothing to count.
    void show();
    bool on_terminal() const { return terminal_; }

private:
    bool is_due() const;
    void write(const std::string& counted);

    std::string what_;
    double begun_;
    double last_;
    bool shown_ = false;
    bool terminal_;
};

// Shows progress of what cannot be asked for any, for as long as it lives: by a thread of its own, where a terminal is.
class Waiting {
public:
    explicit Waiting(std::string_view what);

private:
    Progress progress_;
    std::mutex mutex_;
    std::condition_variable_any ended_;
    std::jthread teller_;  // the last: it ends first
};

double seconds_now();

}  // namespace ringfence::cli
