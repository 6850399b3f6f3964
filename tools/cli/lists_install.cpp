#include "tools/cli/lists_install.hpp"

#include <algorithm>
#include <system_error>

namespace ringfence::cli {
namespace {

// None when it cannot be told.
std::optional<FileDate> date_of(const std::string& path) {
    std::error_code code;
    const FileDate date = std::filesystem::last_write_time(path, code);
    if (code) return {};
    return std::min(date, FileDate::clock::now());
}

}  // namespace

std::optional<FileDate> feed_date(const ListSource& from) { return date_of(from.path); }

Result<bool> renew(std::optional<FileDate> date, const PolicyList& list) {
    if (!list.automatic && !list.max_age) return false;
    const auto held = date_of(list.source.path);
    if (!date || !held || *date <= *held) return false;
    std::error_code code;
    std::filesystem::last_write_time(list.source.path, *date, code);
    if (code)
        return Error::at(ErrorCode::kUnwritable, list.source.path, 0,
                         "cannot be given the date of the new file: " + code.message());
    return true;
}

}  // namespace ringfence::cli
