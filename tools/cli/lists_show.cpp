// lists_show.cpp - what tells of lists and changes none.
#include <filesystem>
#include <set>

#include "ringfence/number/dial_plan.hpp"
#include "ringfence/screen/screen.hpp"
#include "ringfence/source/time_text.hpp"
#include "ringfence/source/utf8.hpp"
#include "src/screen/policy_files.hpp"
#include "tools/cli/lists_diff.hpp"
#include "tools/cli/lists_verbs.hpp"
#include "tools/cli/lists_words.hpp"
#include "tools/cli/terminal.hpp"

namespace ringfence::cli {
namespace {

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

// Whether a live addition holds for longer than the row.
bool ends_later(const JournalRecord& record, const EntryNote& row) {
    return row.expires && (!record.expires || *record.expires > *row.expires);
}

// What is exported takes the place of whatever is at its path.
Status keep_apart(const Policy& policy, const std::string& out) {
    std::vector<std::string> others = files_of(policy);
    if (!policy.image_path.empty()) others.push_back(policy.image_path);
    for (const std::string& other : others)
        if (out != "-" && same_file(other, out))
            return Error::at(ErrorCode::kRefused, printable(out), 0,
                             "is '" + printable(other) +
                                 "', which the policy reads; give the export a path of its own");
    return ok();
}

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

std::uint64_t size_of(const std::string& path) {
    std::error_code code;
    const auto bytes = std::filesystem::file_size(path, code);
    return code ? 0 : bytes;
}

}  // namespace

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
            const LiveChange* live = store.live().find(list.source.id, row.entry);
            const bool off = live != nullptr && live->hides_file();
            show_one(command, list, row.entry, row.note,
                     list.source.path + ":" + std::to_string(row.line),
                     off ? "taken off live" : "listed", shown);
            return true;
        });
        if (!read) return give_up(read.error());
        for (const LiveChange& change : store.live().all()) {
            const JournalRecord& record = change.record;
            if (record.list != list.source.id || !change.adds()) continue;
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
    source.either = true;
    source.streams = true;
    source.path = command.file;
    const auto before = rows_of(source, "reading");
    if (!before) return give_up(before.error());
    source.path = command.other;
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
    if (auto status = keep_apart(store.policy(), command.out); !status)
        return give_up(status.error());
    auto writer = ListWriter::write_to(command.out, target.source);
    if (!writer) return give_up(writer.error());
    Progress progress("writing");
    Status failed = ok();
    std::uint64_t rows = 0;
    std::set<const LiveChange*> said;  // by rows that are written
    const auto read = store.each_row(*list, [&](const ListRow& row) {
        progress.show(++rows);
        const LiveChange* live = store.live().find(command.list, row.entry);
        if (live != nullptr) {
            if (live->hides_file()) return true;
            // A row that says nothing of its own is the same entry, and holds until the later end.
            if (!row.action && row.category.empty()) {
                if (ends_later(live->record, row.note)) return true;
                said.insert(live);
            }
        }
        failed = writer->write(row.entry, row.action, row.category, row.note);
        return static_cast<bool>(failed);
    });
    if (!read) return give_up(read.error());
    for (const LiveChange& change : store.live().all()) {
        if (!failed) break;
        const JournalRecord& record = change.record;
        if (record.list == command.list && change.adds() && !said.contains(&change))
            failed = writer->write(record.entry, {}, {}, note_of(record));
    }
    if (failed) failed = writer->finish();
    return failed ? kExitOk : give_up(failed.error());
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
        for (const LiveChange& change : store.live().all()) {
            if (change.record.list != source.id) continue;
            ++(change.adds() ? adds : removes);
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
            std::to_string(store.live().all().size()) + " live changes";
    return say(command,
               {{"lists", lists},
                {"memory", memory},
                {"journal_bytes", journal},
                {"live_changes", store.live().all().size()}},
               text);
}

}  // namespace ringfence::cli
