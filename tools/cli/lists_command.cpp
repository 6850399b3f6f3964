// What `ringfence lists` does. Each verb is one function; what they act on stands in lists_store.hpp.
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "ringfence/lists/lifetime.hpp"
#include "ringfence/lists/size_guard.hpp"
#include "ringfence/number/dial_plan.hpp"
#include "ringfence/screen/screen.hpp"
#include "ringfence/source/csv.hpp"
#include "ringfence/source/time_text.hpp"
#include "ringfence/source/utf8.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/lists_diff.hpp"
#include "tools/cli/lists_install.hpp"
#include "tools/cli/lists_store.hpp"
#include "tools/cli/terminal.hpp"

namespace ringfence::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& object) {
    return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

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
    if (report.bad_rows > report.errors.size())
        say_warning(std::to_string(report.bad_rows - report.errors.size()) + " more bad rows");
}

Json note_json(const EntryNote& note) {
    return {{"source", note.source.empty() ? Json(nullptr) : Json(note.source)},
            {"since", note.since ? Json(format_time(*note.since)) : Json(nullptr)},
            {"expires", note.expires ? Json(format_time(*note.expires)) : Json(nullptr)},
            {"confidence", note.confidence ? Json(*note.confidence) : Json(nullptr)}};
}

std::string note_text(const EntryNote& note) {
    std::string text = note.source.empty() ? "by nobody named" : "by " + std::string(note.source);
    if (note.since) text += ", since " + format_time(*note.since);
    text += note.expires ? ", until " + format_time(*note.expires) : ", without end";
    if (note.confidence) text += ", confidence " + std::to_string(*note.confidence) + " %";
    return text;
}

// "+8617000001234", or "+8617000001234 for +8613800002222".
std::string told(const ListEntry& entry) {
    const std::string subscriber = written_subscriber(entry);
    return written(entry) + (subscriber.empty() ? "" : " for " + subscriber);
}

void tell_subscriber(const ListEntry& entry, Json& object) {
    if (const std::string subscriber = written_subscriber(entry); !subscriber.empty())
        object["subscriber"] = subscriber;
}

// Whether the file is one of a list by subscriber.
bool names_subscribers(const ListSource& source) {
    if (source.file_format != ListFormat::kCsv) return false;
    const auto csv = CsvReader::open(source.path, {});
    return csv && csv->header().column("subscriber");
}

EntryNote note_of(const JournalRecord& record) {
    return {record.expires, record.source, record.since, record.confidence};
}

// Rows of a file under Progress, sorted.
Result<FileRows> rows_of(const ListSource& source, const char* what) {
    Progress progress(what);
    return FileRows::read(source, Time::min(), 0, [&](std::uint64_t rows) { progress.show(rows); });
}

// ---- load, reconcile ----

int load_or_reconcile(const ListsCommand& command, const ListStore& store) {
    const auto list = store.find(command.list);
    if (!list) return give_up(list.error());
    const PolicyList& target = store.policy().lists[*list];
    if (target.source.path.empty())
        return give_up({ErrorCode::kInvalidArgument,
                        "the list '" + command.list + "' has no file in the policy"});
    if (target.source.file_format != ListFormat::kCsv)
        return give_up({ErrorCode::kInvalidArgument,
                        "the file of list '" + command.list + "' is written by another program (" +
                            std::string(name_of(target.source.file_format)) +
                            "): put the new one in its place"});
    const auto format = format_of(command.format);
    if (!format) return give_up(format.error());
    ListSource from = target.source;
    from.path = command.file;
    from.file_format = *format;
    from.wide |= command.force;
    // Rows are written and compared as they stand: those of an automatic list are as old as their file.
    from.lifetime.reset();
    ListSource own = target.source;
    own.lifetime.reset();

    const auto fresh = rows_of(from, "reading");
    if (!fresh) return give_up(fresh.error());
    warn(fresh->report());
    std::error_code code;
    const bool there = std::filesystem::exists(target.source.path, code);
    std::optional<FileRows> old;
    if (there) {
        auto read = rows_of(own, "reading what is there");
        if (!read) return give_up(read.error());
        old = *std::move(read);
        if (!command.force) {
            if (auto status = check_size(command.file, old->report().rows, fresh->report().rows);
                !status)
                return give_up(status.error());
        }
    }
    const ListReport& report = fresh->report();
    Json object{{"list", command.list},
                {"rows", report.rows},
                {"bad_rows", report.bad_rows},
                {"passed_over", report.passed_over},
                {"dry_run", command.dry_run}};
    std::string text = command.list + ": " + std::to_string(report.rows) + " rows, " +
                       std::to_string(report.bad_rows) + " bad, " +
                       std::to_string(report.passed_over) + " passed over";
    bool write = !command.dry_run;
    if (command.verb == "reconcile") {
        static const FileRows kNone;
        const DiffCounts counts = diff(old ? *old : kNone, *fresh, nullptr);
        object["added"] = counts.added;
        object["removed"] = counts.removed;
        object["changed"] = counts.changed;
        object["kept"] = counts.kept;
        text += "; " + std::to_string(counts.added) + " added, " + std::to_string(counts.removed) +
                " removed, " + std::to_string(counts.changed) + " changed, " +
                std::to_string(counts.kept) + " kept";
        write &= !counts.same() || !there;
    }
    bool renewed = false;
    if (write) {
        if (auto status = install(from, target); !status) return give_up(status.error());
    } else if (!command.dry_run) {
        const auto newer = renew(from, target);
        if (!newer) return give_up(newer.error());
        renewed = *newer;
    }
    object["written"] = write;
    object["renewed"] = renewed;
    text += write             ? "; written to " + target.source.path
            : command.dry_run ? "; nothing was written (dry run)"
            : renewed ? "; nothing to write, but " + target.source.path + " takes the new date"
                      : "; nothing to write";
    if ((write || renewed) && !store.policy().image_path.empty())
        text += "; now compile " + store.policy().image_path + " again";
    return say(command, object, text);
}

// ---- add, remove, expire ----

Result<bool> on_list(const ListStore& store, std::size_t list, const ListEntry& entry) {
    const std::string& id = store.policy().lists[list].source.id;
    if (const JournalRecord* live = store.live(id, entry))
        return live->kind == JournalRecord::Kind::kAdd;
    bool found = false;
    const auto read = store.each_row(list, [&](const ListRow& row) {
        found = row.entry == entry;
        return !found;
    });
    if (!read) return read.error();
    return found;
}

int add_or_remove(const ListsCommand& command, const ListStore& store) {
    const bool add = command.verb == "add";
    const auto list = store.find(command.list);
    if (!list) return give_up(list.error());
    const PolicyList& target = store.policy().lists[*list];
    JournalRecord record;
    record.kind = add ? JournalRecord::Kind::kAdd : JournalRecord::Kind::kRemove;
    record.list = command.list;
    if (auto status = read_change(command.entry, command.subscriber, target.source, record.entry);
        !status)
        return give_up(status.error());
    if (add) {
        if (!target.source.wide && !command.force) {
            if (auto status = check_width(record.entry); !status) return give_up(status.error());
        }
        const auto expires = time_of(command.expires, "--expires");
        if (!expires) return give_up(expires.error());
        const auto since = time_of(command.since, "--since");
        if (!since) return give_up(since.error());
        record.expires = *expires;
        record.since = since->value_or(now());
        record.expires = expiry_of(record.expires, record.since, target.source.lifetime);
        if (auto status = check_dates(record.expires, record.since, now()); !status)
            return give_up({status.error().code, "list '" + command.list + "', '" +
                                                     printable(command.entry) +
                                                     "': " + status.error().text});
        record.source = command.source;
        if (command.confidence >= 0)
            record.confidence = static_cast<std::uint8_t>(command.confidence);
    } else {
        const auto there = on_list(store, *list, record.entry);
        if (!there) return give_up(there.error());
        if (!*there)
            return give_up({ErrorCode::kMissing,
                            told(record.entry) + " is not on the list '" + command.list + "'"});
    }
    if (!command.dry_run) {
        if (auto status = store.append(record); !status) return give_up(status.error());
    }
    const std::string what = told(record.entry);
    Json object{{"list", command.list},
                {"entry", written(record.entry)},
                {"kind", name_of(record.entry.kind)},
                {"change", add ? "added" : "removed"},
                {"dry_run", command.dry_run}};
    tell_subscriber(record.entry, object);
    return say(command, object,
               what + (command.dry_run ? " would be " : " is ") +
                   (add ? "added to " : "taken off ") + command.list);
}

int expire(const ListsCommand& command, const ListStore& store) {
    const auto at = time_of(command.now, "--now");
    if (!at) return give_up(at.error());
    const Time due = at->value_or(now());
    std::vector<JournalRecord> left;
    for (const JournalRecord& record : store.live()) {
        if (record.expires && *record.expires <= due) continue;
        left.push_back(record);
    }
    const std::size_t gone = store.live().size() - left.size();
    std::uint64_t in_files = 0;
    for (std::size_t list = 0; list < store.policy().lists.size(); ++list) {
        Progress progress("reading");
        std::uint64_t rows = 0;
        const auto read = store.each_row(list, [&](const ListRow& row) {
            progress.show(++rows);
            in_files += row.note.expires && *row.note.expires <= due;
            return true;
        });
        if (!read) return give_up(read.error());
    }
    if (gone != 0 && !command.dry_run) {
        if (auto status = store.rewrite(left); !status) return give_up(status.error());
    }
    const Json object{{"expired_live", gone},
                      {"due_in_files", in_files},
                      {"time", format_time(due)},
                      {"dry_run", command.dry_run}};
    return say(command, object,
               std::to_string(gone) + " live entries " + (command.dry_run ? "would be " : "were ") +
                   "taken out of the journal; " + std::to_string(in_files) +
                   " rows of files are due, which a switch passes over");
}

// ---- show, diff, export, stats ----

struct Shown {
    std::uint64_t count = 0;
    bool written = true;
};

void show_one(const ListsCommand& command, const PolicyList& list, const ListEntry& entry,
              const EntryNote& note, const std::string& where, const char* state, Shown& shown) {
    ++shown.count;
    if (command.json) {
        Json object{{"list", list.source.id},
                    {"entry", written(entry)},
                    {"kind", name_of(entry.kind)},
                    {"state", state}};
        tell_subscriber(entry, object);
        object.update(note_json(note));
        object["where"] = where;
        shown.written &= write_out(dumped(object));
        return;
    }
    shown.written &=
        write_out(list.source.id + ": " + told(entry) + " (" + std::string(name_of(entry.kind)) +
                  ", " + state + "), " + note_text(note) + "; " + where + "\n");
}

// Whether an entry concerns the subscriber that was asked about, if one was: nobody's concerns everybody.
bool is_of(const ListEntry& entry, Number asked) {
    return asked.empty() || entry.subscriber.empty() || entry.subscriber == asked;
}

int show(const ListsCommand& command, const ListStore& store) {
    Shown shown;
    for (std::size_t i = 0; i < store.policy().lists.size(); ++i) {
        const PolicyList& list = store.policy().lists[i];
        EntryFormat numbers = list.source.format;
        numbers.exact = EntryKind::kExact;
        ListEntry asked;
        const bool is_number =
            static_cast<bool>(read_entry(command.entry, EntryKind::kExact, numbers, asked));
        const std::string digits = is_number ? asked.text : std::string();
        ListEntry subscriber;
        if (!command.subscriber.empty()) {
            if (auto status =
                    read_entry(command.subscriber, EntryKind::kExact, numbers, subscriber);
                !status)
                return give_up({status.error().code, "--subscriber: " + status.error().text});
        }
        const Number whose = subscriber.number();
        Progress progress("reading");
        std::uint64_t rows = 0;
        const auto read = store.each_row(i, [&](const ListRow& row) {
            progress.show(++rows);
            if (!covers(row.entry, digits, command.entry) || !is_of(row.entry, whose)) return true;
            const JournalRecord* live = store.live(list.source.id, row.entry);
            const bool off = live != nullptr && live->kind == JournalRecord::Kind::kRemove;
            show_one(command, list, row.entry, row.note,
                     list.source.path + ":" + std::to_string(row.line),
                     off ? "taken off live" : "listed", shown);
            return true;
        });
        if (!read) return give_up(read.error());
        for (const JournalRecord& record : store.live()) {
            if (record.list != list.source.id || record.kind != JournalRecord::Kind::kAdd) continue;
            if (!covers(record.entry, digits, command.entry) || !is_of(record.entry, whose))
                continue;
            show_one(command, list, record.entry, note_of(record), store.policy().journal_path,
                     "added live", shown);
        }
    }
    if (shown.count == 0 && !command.json)
        shown.written &= write_out(printable(command.entry) + " is on no list\n");
    return shown.written ? kExitOk : kExitUnwritable;
}

int show_difference(const ListsCommand& command) {
    const DialPlan* plan = DialPlan::find(CountryCode(command.country));
    if (plan == nullptr)
        return give_up({ErrorCode::kOutOfRange,
                        "--country '" + printable(command.country) + "': there is no plan for it"});
    const auto format = format_of(command.format);
    if (!format) return give_up(format.error());
    ListSource source;
    source.format.plan = plan;
    source.file_format = *format;
    source.wide = source.has_rate = source.has_destination = true;
    source.path = command.file;
    source.by_subscriber = names_subscribers(source);
    const auto before = rows_of(source, "reading");
    if (!before) return give_up(before.error());
    source.path = command.other;
    source.by_subscriber = names_subscribers(source);
    const auto after = rows_of(source, "reading");
    if (!after) return give_up(after.error());
    warn(before->report());
    warn(after->report());
    bool fine = true;
    const DiffCounts counts = diff(*before, *after, [&](Difference what, const ListEntry& entry) {
        if (!fine) return;
        const std::string sign(1, static_cast<char>(what));
        Json object{{"change", sign}, {"entry", written(entry)}, {"kind", name_of(entry.kind)}};
        tell_subscriber(entry, object);
        fine = write_out(command.json ? dumped(object) : sign + " " + told(entry) + "\n");
    });
    if (!fine) return kExitUnwritable;
    return say(command,
               {{"added", counts.added},
                {"removed", counts.removed},
                {"changed", counts.changed},
                {"kept", counts.kept}},
               std::to_string(counts.added) + " added, " + std::to_string(counts.removed) +
                   " removed, " + std::to_string(counts.changed) + " changed, " +
                   std::to_string(counts.kept) + " kept");
}

int export_list(const ListsCommand& command, const ListStore& store) {
    const auto list = store.find(command.list);
    if (!list) return give_up(list.error());
    const PolicyList& target = store.policy().lists[*list];
    auto writer = ListWriter::write_to(command.out, target.source);
    if (!writer) return give_up(writer.error());
    Progress progress("writing");
    Status failed = ok();
    std::uint64_t rows = 0;
    const auto read = store.each_row(*list, [&](const ListRow& row) {
        progress.show(++rows);
        const JournalRecord* live = store.live(command.list, row.entry);
        if (live != nullptr) return true;
        failed = writer->write(row.entry, row.action, row.category, row.note);
        return static_cast<bool>(failed);
    });
    if (!read) return give_up(read.error());
    for (const JournalRecord& record : store.live()) {
        if (!failed) break;
        if (record.list == command.list && record.kind == JournalRecord::Kind::kAdd)
            failed = writer->write(record.entry, {}, {}, note_of(record));
    }
    if (failed) failed = writer->finish();
    return failed ? kExitOk : give_up(failed.error());
}

std::uint64_t size_of(const std::string& path) {
    std::error_code code;
    const auto bytes = std::filesystem::file_size(path, code);
    return code ? 0 : bytes;
}

int stats(const ListsCommand& command, const ListStore& store) {
    const auto at = time_of(command.now, "--now");
    if (!at) return give_up(at.error());
    const Time due = at->value_or(now());
    Json lists = Json::array();
    std::string text;
    for (std::size_t i = 0; i < store.policy().lists.size(); ++i) {
        const ListSource& source = store.policy().lists[i].source;
        Progress progress("reading");
        std::uint64_t rows = 0, expiring = 0, expired = 0, numbers = 0, adds = 0, removes = 0;
        const auto read = store.each_row(i, [&](const ListRow& row) {
            progress.show(++rows);
            numbers += row.entry.kind == EntryKind::kExact;
            expiring += row.note.expires.has_value();
            expired += row.note.expires && *row.note.expires <= due;
            return true;
        });
        if (!read) return give_up(read.error());
        for (const JournalRecord& record : store.live()) {
            if (record.list != source.id) continue;
            ++(record.kind == JournalRecord::Kind::kAdd ? adds : removes);
        }
        lists.push_back({{"list", source.id},
                         {"rows", rows},
                         {"numbers", numbers},
                         {"bad_rows", read->bad_rows},
                         {"expiring", expiring},
                         {"due", expired},
                         {"added_live", adds},
                         {"removed_live", removes},
                         {"file", source.path},
                         {"file_bytes", size_of(source.path)}});
        text += source.id + ": " + std::to_string(rows) + " rows (" + std::to_string(numbers) +
                " numbers, " + std::to_string(expiring) + " expire, " + std::to_string(expired) +
                " due), " + std::to_string(read->bad_rows) + " bad; live +" + std::to_string(adds) +
                " -" + std::to_string(removes) + "; " + std::to_string(size_of(source.path)) +
                " bytes on disk\n";
    }
    // What a switch would take: a Screen of the same policy, which leaves the journal alone.
    ScreenOptions options;
    options.force = options.read_only = true;
    const auto screen = Screen::open(command.policy, options);
    if (!screen) return give_up(screen.error());
    Json memory;
    for (const Counter& counter : screen->counters()) {
        if (counter.name != "tables.bytes" && counter.name != "tables.numbers" &&
            counter.name != "tables.pairs" && counter.name != "lists.notes" &&
            counter.name != "lists.notes_bytes")
            continue;
        memory[counter.name] = counter.value;
        text += counter.name + ": " + std::to_string(counter.value) + "\n";
    }
    const std::uint64_t journal = size_of(store.policy().journal_path);
    text += "journal: " + std::to_string(journal) + " bytes, " +
            std::to_string(store.live().size()) + " live changes";
    return say(command,
               {{"lists", lists},
                {"memory", memory},
                {"journal_bytes", journal},
                {"live_changes", store.live().size()}},
               text);
}

}  // namespace

int run(const ListsCommand& command) {
    if (command.verb == "diff") return show_difference(command);
    const auto store = ListStore::open(command.policy);
    if (!store) return give_up(store.error());
    for (const Error& damage : store->damage()) say_warning(damage.text);
    if (command.verb == "load" || command.verb == "reconcile")
        return load_or_reconcile(command, *store);
    if (command.verb == "add" || command.verb == "remove") return add_or_remove(command, *store);
    if (command.verb == "expire") return expire(command, *store);
    if (command.verb == "show") return show(command, *store);
    if (command.verb == "export") return export_list(command, *store);
    return stats(command, *store);
}

}  // namespace ringfence::cli
