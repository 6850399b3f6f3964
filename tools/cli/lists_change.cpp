// lists_change.cpp - what changes a list: its file, or the journal of live changes.
#include <filesystem>

#include "ringfence/lists/lifetime.hpp"
#include "ringfence/lists/size_guard.hpp"
#include "ringfence/source/time_text.hpp"
#include "ringfence/source/utf8.hpp"
#include "tools/cli/lists_diff.hpp"
#include "tools/cli/lists_install.hpp"
#include "tools/cli/lists_verbs.hpp"
#include "tools/cli/lists_words.hpp"
#include "tools/cli/terminal.hpp"

namespace ringfence::cli {
namespace {

Result<bool> on_list(const ListStore& store, std::size_t list, const ListEntry& entry) {
    const std::string& id = store.policy().lists[list].source.id;
    if (const LiveChange* live = store.live().find(id, entry)) return live->adds();
    bool found = false;
    const auto read = store.each_row(list, [&](const ListRow& row) {
        found = row.entry == entry;
        return !found;
    });
    if (!read) return read.error();
    return found;
}

}  // namespace

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
    from.streams = true;
    // Rows are written and compared as they stand: those of an automatic list are as old as their file.
    from.lifetime.reset();
    ListSource own = target.source;
    own.lifetime.reset();

    // A pipe is read once, so what is checked is written meanwhile, and put in place when all is well.
    const auto date = feed_date(from);
    std::optional<ListWriter> writer;
    if (!command.dry_run) {
        auto made = ListWriter::replace(target.source.path, target.source);
        if (!made) return give_up(made.error());
        writer = *std::move(made);
    }
    const auto fresh = rows_of(from, "reading", [&](const ListRow& row) {
        return writer ? writer->write(row.entry, row.action, row.category, row.note) : ok();
    });
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
        if (auto status = writer->finish(target.automatic ? date : std::nullopt); !status)
            return give_up(status.error());
    } else if (!command.dry_run) {
        const auto newer = renew(date, target);
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
    std::size_t gone = store.live().due(due);
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
        const auto expired = store.expire(due);
        if (!expired) return give_up(expired.error());
        gone = *expired;
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

}  // namespace ringfence::cli
