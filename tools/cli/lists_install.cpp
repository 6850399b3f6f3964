#include "tools/cli/lists_install.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "tools/cli/lists_store.hpp"
#include "tools/cli/terminal.hpp"

namespace ringfence::cli {
namespace {

using FileDate = std::filesystem::file_time_type;

// None when it cannot be told.
std::optional<FileDate> date_of(const std::string& path) {
    std::error_code code;
    const FileDate date = std::filesystem::last_write_time(path, code);
    if (code) return {};
    return std::min(date, FileDate::clock::now());
}

}  // namespace

Status install(const ListSource& from, const PolicyList& list) {
    std::optional<FileDate> date;
    if (list.automatic) date = date_of(from.path);
    auto reader = ListReader::open(from);
    if (!reader) return reader.error();
    auto writer = ListWriter::replace(list.source.path, list.source);
    if (!writer) return writer.error();
    Progress progress("writing");
    ListRow row;
    for (;;) {
        const auto more = reader->next(row);
        if (!more) return more.error();
        if (!*more) return writer->finish(date);
        progress.show(reader->report().rows);
        if (auto status = writer->write(row.entry, row.action, row.category, row.note); !status)
            return status;
    }
}

Result<bool> renew(const ListSource& from, const PolicyList& list) {
    if (!list.automatic && !list.max_age) return false;
    const auto date = date_of(from.path);
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
