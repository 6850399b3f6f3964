// about_file.hpp - that a file which another file names cannot be read, for a text that says who names it.
//
//     none.toml: does not exist; check the path      as the reader of files tells it
//     policy.toml:8: 'none.toml' does not exist; check the path
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ringfence/base/result.hpp"
#include "ringfence/source/utf8.hpp"

namespace ringfence {

// "'none.toml' does not exist; check the path" when that is the error: the file at `path` as a whole could not be
// read. None when it is about a line in it, or about another file that it names. Threads: any thread.
inline std::optional<std::string> about_file(const Error& error, const std::string& path) {
    constexpr std::size_t kLongest = 256;
    if (error.code != ErrorCode::kUnreadable || !error.text.starts_with(path + ": ")) return {};
    return "'" + printable(path, kLongest) + "' " + error.text.substr(path.size() + 2);
}

}  // namespace ringfence
