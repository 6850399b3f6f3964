// regular_file.hpp - opening a file that is one.
//
// What a policy names is read whole, at once, under the writer's lock: a pipe in its place would be waited for, a device
// read without end. Neither is opened here.
#pragma once

#include <sys/stat.h>

#include <string>

#include "ringfence/base/result.hpp"
#include "ringfence/source/file.hpp"

namespace ringfence {

// `path` opened for reading, and in `about` what fstat(2) says of it: a regular file, reached through links or not. Waits for
// nobody. Fails with kUnreadable for anything else, and where there is nothing or it may not be read; with
// kInvalidArgument as check_path does. Threads: any thread.
Result<FileDescriptor> open_regular(const std::string& path, struct stat& about);

}  // namespace ringfence
