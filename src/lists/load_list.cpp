#include "ringfence/lists/load_list.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "ringfence/lists/size_guard.hpp"

namespace ringfence {
namespace {

KeyKind key_kind_of(EntryKind kind) {
    switch (kind) {
        case EntryKind::kSender: return KeyKind::kSender;
        case EntryKind::kDomain: return KeyKind::kDomain;
        case EntryKind::kAccount: return KeyKind::kAccount;
        default: return KeyKind::kDigits;
    }
}

PrefixRule prefix_rule(const ListEntry& entry, ListIndex list) {
    return {entry.text, entry.min_length, entry.max_length, list};
}

Error no_rule() {
    return {ErrorCode::kInvalidArgument, "a number of up to 15 digits is not a rule"};
}

Status put_row(const ListRow& row, std::uint16_t list, ListTarget target) {
    const auto index = target.sub_lists.index_of(list, row.action, row.category);
    if (!index) return index.error();
    const auto added = table_of(row.entry) == EntryTable::kNumbers
                           ? target.tables.add(row.entry.number(), *index)
                           : add_to(target.tables.rules(), row.entry, *index);
    if (!added) return added.error();
    target.book.note(*index, row.entry, row.note);
    return ok();
}

// `done`: how many numbers of the run went in.
Status put_run(const ListRun& run, std::uint16_t list, ListTarget target, std::size_t& done) {
    const auto index = target.sub_lists.index_of(list, run.says->action, run.says->category);
    if (!index) return index.error();
    const auto added = target.tables.add(run.numbers, *index, &done);
    if (!added) return added.error();
    target.book.note(*index, run.numbers, run.says->note);
    return ok();
}

}  // namespace

EntryTable table_of(const ListEntry& entry) {
    if (entry.kind == EntryKind::kPrefix || entry.kind == EntryKind::kRange)
        return EntryTable::kPrefixes;
    return entry.number().empty() ? EntryTable::kKeys : EntryTable::kNumbers;
}

Result<bool> add_to(TableRules& rules, const ListEntry& entry, ListIndex list) {
    if (entry.kind == EntryKind::kPrefix) return rules.prefixes.add(prefix_rule(entry, list));
    if (entry.kind == EntryKind::kRange)
        return rules.prefixes.add_range(entry.text, entry.last, list);
    if (table_of(entry) == EntryTable::kNumbers) return no_rule();
    return rules.keys.add(key_kind_of(entry.kind), entry.text, list);
}

Result<bool> remove_from(TableRules& rules, const ListEntry& entry, ListIndex list) {
    if (entry.kind == EntryKind::kPrefix) return rules.prefixes.remove(prefix_rule(entry, list));
    if (entry.kind == EntryKind::kRange)
        return rules.prefixes.remove_range(entry.text, entry.last, list);
    if (table_of(entry) == EntryTable::kNumbers) return no_rule();
    return rules.keys.remove(key_kind_of(entry.kind), entry.text, list);
}

std::uint64_t about_rows(const ListSource& source) {
    constexpr std::size_t kHead = std::size_t{64} << 10u;
    constexpr std::uint64_t kShortest = 6;  // octets of a row, its line end included
    constexpr std::string_view kZstd = "\x28\xB5\x2F\xFD";
    const bool by_line =
        source.file_format == ListFormat::kCsv || source.file_format == ListFormat::kLines;
    if (!by_line || source.format.exact != EntryKind::kExact) return 0;
    std::error_code problem;
    if (!std::filesystem::is_regular_file(source.path, problem)) return 0;
    const std::uint64_t size = std::filesystem::file_size(source.path, problem);
    if (problem) return 0;
    std::string head(kHead, '\0');
    std::ifstream file(source.path, std::ios::binary);
    file.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(file.gcount()));
    if (head.empty() || head.starts_with(kZstd)) return 0;
    const auto lines = static_cast<std::uint64_t>(std::count(head.begin(), head.end(), '\n'));
    // Sizes of files are below 2^48, and there are at most 2^16 lines.
    return std::min(size / kShortest, size <= head.size() ? lines : size * lines / head.size());
}

Result<ListReport> load_list(const ListSource& source, std::uint16_t list,
                             const LoadOptions& options, ListTarget target) {
    ListSource how = source;
    how.wide |= options.force;
    auto reader = ListReader::open(how);
    if (!reader) return reader.error();
    ListRow row;
    for (;;) {
        const auto more = reader->next(row);
        if (!more) return more.error();
        if (!*more) break;
        if (const auto put = put_row(row, list, target); !put)
            return Error::at(put.error().code, source.path, row.line, put.error().text);
        for (ListRun run = reader->next_run(); !run.numbers.empty(); run = reader->next_run()) {
            std::size_t done = 0;
            if (const auto put = put_run(run, list, target, done); !put)
                return Error::at(put.error().code, source.path, run.line + done, put.error().text);
        }
    }
    if (!options.force) {
        if (auto status = check_size(source.path, options.last_rows, reader->report().rows);
            !status)
            return status.error();
    }
    return reader->report();
}

}  // namespace ringfence
