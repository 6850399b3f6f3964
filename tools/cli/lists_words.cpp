#include "tools/cli/lists_words.hpp"

#include <chrono>

#include "ringfence/source/time_text.hpp"
#include "ringfence/source/utf8.hpp"
#include "tools/cli/terminal.hpp"

namespace ringfence::cli {

std::string dumped(const Json& object) { return one_line(object) + "\n"; }

int say(const ListsCommand& command, const Json& object, const std::string& text) {
    return write_out(command.json ? dumped(object) : text + "\n") ? kExitOk : kExitUnwritable;
}

Time now() { return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now()); }

Result<std::optional<Time>> time_of(std::string_view text, std::string_view option) {
    if (text.empty()) return std::optional<Time>{};
    const auto time = parse_time(text);
    if (!time)
        return Error{ErrorCode::kSyntax, std::string(option) + " '" + printable(text) +
                                             "' is no time; write it like 2027-01-31"};
    return time;
}

Result<ListFormat> format_of(const std::string& name) {
    const auto format = list_format_from_name(name);
    if (format) return *format;
    return Error{ErrorCode::kOutOfRange,
                 "--format '" + printable(name) +
                     "' is none of csv, lines, "
                     "patterns, phoneblock, secfilter, secfilter-dst, htable"};
}

void warn(const ListReport& report) {
    for (const Error& error : report.errors) say_warning(error.text);
    for (const Error& error : report.passed_tables) say_warning(error.text);
    if (report.bad_rows > report.errors.size())
        say_warning(std::to_string(report.bad_rows - report.errors.size()) + " more bad rows");
}

std::string told(const ListEntry& entry) {
    const std::string subscriber = written_subscriber(entry);
    return written(entry) + (subscriber.empty() ? "" : " for " + subscriber);
}

void tell_subscriber(const ListEntry& entry, Json& object) {
    if (const std::string subscriber = written_subscriber(entry); !subscriber.empty())
        object["subscriber"] = subscriber;
}

EntryNote note_of(const JournalRecord& record) {
    return {record.expires, record.source, record.since, record.confidence};
}

Result<FileRows> rows_of(const ListSource& source, const char* what,
                         const std::function<Status(const ListRow&)>& each) {
    Progress progress(what);
    return FileRows::read(
        source, Time::min(), 0, [&](std::uint64_t rows) { progress.show(rows); }, each);
}

}  // namespace ringfence::cli
