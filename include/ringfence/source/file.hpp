// file.hpp - bytes in from a file, a pipe or a zstd stream, and bytes out, with errors that name
// the file.
//
// Reading recognises zstd by its first four bytes, not by the name, and decompresses as it goes:
// memory is bounded by the window (at most 128 MiB) whatever the content claims. Writing is checked
// to the last byte: a full disk or a closed pipe is an Error, and a regular file is cut back to the
// end of the last write that succeeded, so that a file never ends in half of one.
//
// What is opened for reading is a regular file, or a link to one, unless it is asked for by name (InputOptions): whoever
// loads a file that a policy names must not wait for a pipe there. Then "-" is standard input, as it is standard
// output. The library leaves signals alone: a program that writes
// to pipes ignores SIGPIPE itself, and under a limit on the size of files SIGXFSZ, or the signal ends it before the
// error can be told. A call that a signal
// cuts short is made again: whoever wants a wait for a pipe to end gives a descriptor to wake it by.
//
// Cost: a system call a read or write; nothing is buffered here.
// Source: RFC 8878 (zstd frames).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "ringfence/base/result.hpp"

namespace ringfence {

// Closes a file descriptor, unless it is one of the three standard ones.
class FileDescriptor {
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int fd) : fd_(fd) {}
    FileDescriptor(FileDescriptor&& other) noexcept;
    FileDescriptor& operator=(FileDescriptor&& other) noexcept;
    ~FileDescriptor();

    int get() const { return fd_; }
    bool open() const { return fd_ >= 0; }
    // Closes now; false when the system says that something written before was lost.
    bool close();

private:
    int fd_ = -1;
};

struct InputOptions {
    // A pipe or a device will do, and "-" is standard input: for what a person names, who sees that it waits.
    bool streams = false;
    // With `streams`: a descriptor, which stays the caller's; -1 for none. With one, opening waits for no writer of a
    // FIFO, and a read that would wait fails with kUnreadable as soon as `wake` can be read: the writing end of a pipe in
    // a signal handler ends every wait, whichever thread gets the signal.
    int wake = -1;
};

// A file read from front to back.
// Threads: one thread per object.
class InputFile {
public:
    // Fails with kUnreadable when the file is absent, may not be read, or is no regular one (with `streams`, a
    // directory or a socket). Threads: any thread.
    static Result<InputFile> open(const std::string& path, const InputOptions& options = {});

    InputFile(InputFile&&) noexcept;
    InputFile& operator=(InputFile&&) noexcept;
    ~InputFile();

    // Fills the front of `buffer` (not empty) with the next bytes and gives how many, 0 at the end.
    // Gives what there is, without waiting for more. Fails with kUnreadable, also for a damaged or
    // cut zstd stream, and with kUnsupported for gzip.
    Result<std::size_t> read(std::span<char> buffer);

    // The path as given; "<stdin>" for standard input.
    const std::string& name() const { return name_; }

private:
    class Zstd;

    InputFile(FileDescriptor fd, std::string name, int wake);
    Result<std::size_t> read_raw(std::span<char> buffer);
    Status wait() const;

    FileDescriptor fd_;
    int wake_ = -1;
    std::string name_;
    std::string head_;  // the first bytes, read to recognise the format
    bool recognised_ = false;
    std::unique_ptr<Zstd> zstd_;  // null for plain content
};

// A file written from front to back.
// Threads: one thread per object.
class OutputFile {
public:
    // Creates, with `mode` less the umask, or empties the file. Fails with kUnwritable. Threads: any thread.
    static Result<OutputFile> create(const std::string& path, unsigned mode = 0666);

    // One over a descriptor that is open for writing, and empty; `name` stands in errors. Threads: any thread.
    static OutputFile of(FileDescriptor fd, std::string name) {
        return OutputFile(std::move(fd), std::move(name));
    }

    // Writes all of `bytes`. Fails with kUnwritable: then none of them counts, and a regular file
    // is cut back to where it was.
    Status write(std::string_view bytes);

    // Ends the file. Fails with kUnwritable when the system could not keep what was written.
    // Without it the destructor closes, and cannot say.
    Status close();

    // The path as given; "<stdout>" for "-".
    const std::string& name() const { return name_; }

private:
    OutputFile(FileDescriptor fd, std::string name) : fd_(std::move(fd)), name_(std::move(name)) {}

    FileDescriptor fd_;
    std::string name_;
    std::uint64_t size_ = 0;
};

// Everything in the file, decompressed if it is zstd. Fails as InputFile does, and with kTooLarge
// when there is more than `max_bytes`. Threads: any thread.
Result<std::string> read_file(const std::string& path, std::size_t max_bytes,
                              const InputOptions& options = {});

// Creates or replaces the file with `bytes`. Fails with kUnwritable. Threads: any thread.
Status write_file(const std::string& path, std::string_view bytes);

// As write_file, for state that must outlive a crash: the file, with mode 0600, holds either what it held or
// all of `bytes`, whenever the power goes (fresh_file.hpp). Fails with kUnwritable.
// Threads: any thread; one per path.
Status replace_file(const std::string& path, std::string_view bytes);

// Waits until the disk holds the folder that `path` is in: a name that was made or replaced lasts only then.
// Fails with kUnwritable. Threads: any thread.
Status sync_folder_of(const std::string& path);

}  // namespace ringfence
