// file_error.hpp - what the system says of a file, in words that name it and a remedy; and opening one.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "ringfence/base/result.hpp"

namespace ringfence {

// kUnreadable and kUnwritable by an errno.
Error unreadable(std::string_view name, int error);
Error unwritable(std::string_view name, int error);

// The system ends a path at its first NUL, and would open another file. Fails with kInvalidArgument.
Status check_path(const std::string& path);

// open(2) with O_CLOEXEC, made again when a signal cuts it short.
int open_retrying(const char* path, int flags, mode_t mode = 0);

}  // namespace ringfence
