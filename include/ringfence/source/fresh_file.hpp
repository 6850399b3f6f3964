// fresh_file.hpp - a file written beside another and put in its place, so that whoever reads the path finds the old
// content or the new, whole.
//
//     lists.rft                   the old one, read by others meanwhile
//     lists.rft.4711-0.new        the fresh one: a name that nothing had, by process and count
//
// No file but the one at the path is ever replaced: the fresh name is taken only where nothing has it. It goes
// when the FreshFile does, unless it was put in place; a process that is killed leaves it, to be removed by hand.
#pragma once

#include <string>
#include <utility>

#include "ringfence/base/result.hpp"
#include "ringfence/source/file.hpp"

namespace ringfence {

// Threads: one thread per object.
class FreshFile {
public:
    // What becomes of the mode of the file that is replaced. kKept: the new one has it, and its owner and group where
    // this process may give them.
    enum class OldMode { kDropped, kKept };

    // An empty file in the folder of `path`, with `mode` less the umask. What is at `path` must be a regular file,
    // or nothing: a device or a pipe would be lost by replacing it. Where it is a symbolic link, the link stays, and
    // the file that it leads to is replaced, or made. Fails with kUnwritable. Threads: any thread.
    static Result<FreshFile> beside(const std::string& path, unsigned mode,
                                    OldMode old = OldMode::kDropped);

    // For writing it; its errors name the path. Fails with kUnwritable.
    Result<OutputFile> output() const;

    // The same as a descriptor, open for reading and for writing at the end.
    int descriptor() const { return fd_.get(); }
    FileDescriptor take() { return std::move(fd_); }

    // Where it lies until it is in place.
    const std::string& name() const { return name_; }

    // Waits until the disk holds what was written, puts it in place, and waits until the disk holds that. Fails with
    // kUnwritable: in_place() tells whether the path has the new file all the same, and only its folder could not
    // be forced to the disk.
    Status put_in_place();
    bool in_place() const { return name_.empty(); }

    FreshFile(FreshFile&& other) noexcept;
    FreshFile& operator=(FreshFile&& other) noexcept;
    ~FreshFile();

private:
    FreshFile(FileDescriptor fd, std::string name, std::string place, std::string path)
        : fd_(std::move(fd)),
          name_(std::move(name)),
          place_(std::move(place)),
          path_(std::move(path)) {}

    FileDescriptor fd_;
    std::string name_;   // empty when it is in place
    std::string place_;  // what it replaces: the path, or where the link at the path leads
    std::string path_;
};

}  // namespace ringfence
