#include "tools/cli/lists_store.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "ringfence/number/dial_plan.hpp"
#include "ringfence/source/time_text.hpp"

namespace ringfence::cli {
namespace {

std::string with_plus(const ListEntry& entry, std::string_view digits, std::string_view last) {
    switch (entry.kind) {
        case EntryKind::kRange: return std::string(digits).append("..").append(last);
        case EntryKind::kPrefix: {
            const bool places =
                entry.min_length == entry.max_length && entry.min_length > entry.text.size();
            return std::string(digits) +
                   (places ? std::string(entry.min_length - entry.text.size(), '#') : "*");
        }
        default: return std::string(digits);
    }
}

bool is_digits(EntryKind kind) {
    return kind == EntryKind::kExact || kind == EntryKind::kPrefix || kind == EntryKind::kRange;
}

}  // namespace

std::string written(const ListEntry& entry, const EntryFormat* format) {
    if (!is_digits(entry.kind)) return entry.text;
    std::string text = with_plus(entry, "+" + entry.text, "+" + entry.last);
    if (format == nullptr || format->plan == nullptr) return text;
    const auto same = [&](const std::string& one) {
        ListEntry back;
        if (!read_entry(one, entry.kind, *format, back)) return false;
        back.subscriber = entry.subscriber;
        return back == entry;
    };
    if (same(text)) return text;
    const std::string_view code = format->plan->country_calling_code();
    if (entry.text.starts_with(code)) {
        const std::string_view last = entry.last;
        std::string national = with_plus(entry, std::string_view(entry.text).substr(code.size()),
                                         last.substr(std::min(code.size(), last.size())));
        if (same(national)) return national;
        const std::string trunk(format->plan->trunk_prefix());
        if (same(trunk + national)) return trunk + national;
    }
    return text;
}

std::string written_subscriber(const ListEntry& entry, const EntryFormat* format) {
    if (entry.subscriber.empty()) return {};
    ListEntry subscriber;
    subscriber.text = entry.subscriber.digits();
    return written(subscriber, format);
}

bool covers(const ListEntry& entry, std::string_view digits, std::string_view text) {
    switch (entry.kind) {
        case EntryKind::kExact:
        case EntryKind::kPrefix:
        case EntryKind::kRange: return covers_number(entry, digits);
        case EntryKind::kDomain: {
            std::string host;
            fold_key(EntryKind::kDomain, text, host);
            return host == entry.text ||
                   (host.size() > entry.text.size() && host.ends_with(entry.text) &&
                    host[host.size() - entry.text.size() - 1] == '.');
        }
        case EntryKind::kSender:
        case EntryKind::kAccount: break;
    }
    std::string folded;
    fold_key(entry.kind, text, folded);
    return folded == entry.text;
}

Result<ListStore> ListStore::open(const std::string& policy) {
    auto loaded = Policy::load(policy);
    if (!loaded) return loaded.error();
    ListStore store;
    store.policy_ = *std::move(loaded);
    if (store.policy_.journal_path.empty()) return store;
    auto damage = Journal::read(store.policy_.journal_path,
                                [&](const JournalRecord& record) { store.live_.take(record); });
    if (!damage) return damage.error();
    store.damage_ = *std::move(damage);
    return store;
}

Result<std::size_t> ListStore::find(const std::string& list) const {
    if (const auto at = policy_.find_list(list)) return *at;
    std::string known;
    for (const PolicyList& one : policy_.lists) known.append(" ").append(one.source.id);
    return Error{ErrorCode::kMissing, policy_.path + " has no list '" + list + "'; it has" +
                                          (known.empty() ? " none" : known)};
}

Result<ListReport> ListStore::each_row(std::size_t list, const Each& each) const {
    const ListSource& source = policy_.lists[list].source;
    std::error_code code;
    if (source.path.empty() || !std::filesystem::exists(source.path, code)) return ListReport{};
    auto reader = ListReader::open(source);
    if (!reader) return reader.error();
    ListRow row;
    for (;;) {
        const auto more = reader->next(row);
        if (!more) return more.error();
        if (!*more || !each(row)) return reader->report();
    }
}

Result<Journal> ListStore::hold(const Journal::Replay& replay) const {
    if (policy_.journal_path.empty())
        return Error{ErrorCode::kInvalidArgument,
                     policy_.path +
                         " names no journal, so nothing can be added or removed beside the files; "
                         "give [screen] a journal, or change the list's file"};
    auto journal = Journal::open(policy_.journal_path, replay);
    if (!journal && journal.error().code == ErrorCode::kBusy)
        return Error{ErrorCode::kBusy,
                     policy_.journal_path +
                         ": a running switch holds this journal; tell it through its own interface "
                         "(Screen::add and remove)"};
    return journal;
}

Status ListStore::append(const JournalRecord& record) const {
    auto journal = hold([](const JournalRecord&) {});
    if (!journal) return journal.error();
    if (auto status = journal->append(record); !status) return status;
    return journal->sync();
}

Result<std::size_t> ListStore::expire(Time due) const {
    LiveChanges held;
    auto journal = hold([&](const JournalRecord& record) { held.take(record); });
    if (!journal) return journal.error();
    const std::size_t gone = held.due(due);
    if (gone == 0) return gone;
    if (auto status = journal->compact(held.records_left(due)); !status) return status.error();
    return gone;
}

namespace {

// A pipe, a device or what standard output goes to, which is written as it stands: there is nothing to read meanwhile,
// and replacing it loses it.
bool is_stream(const std::string& path) {
    std::error_code code;
    const auto kind = std::filesystem::status(path, code).type();
    return path == "-" || kind == std::filesystem::file_type::fifo ||
           kind == std::filesystem::file_type::character ||
           std::filesystem::equivalent(path, "/proc/self/fd/1", code);
}

Result<CsvWriter> csv_of(OutputFile file, bool by_subscriber) {
    if (by_subscriber)
        return CsvWriter::create(std::move(file),
                                 {"subscriber", "number", "kind", "action", "category", "expires",
                                  "source", "since", "confidence"});
    return CsvWriter::create(std::move(file), {"number", "kind", "action", "category", "expires",
                                               "source", "since", "confidence"});
}

}  // namespace

Result<ListWriter> ListWriter::replace(const std::string& path, const ListSource& list) {
    constexpr unsigned kAsUsual = 0666;
    auto fresh = FreshFile::beside(path, kAsUsual, FreshFile::OldMode::kKept);
    if (!fresh) return fresh.error();
    auto file = fresh->output();
    if (!file) return file.error();
    auto csv = csv_of(*std::move(file), list.by_subscriber);
    if (!csv) return csv.error();
    return ListWriter(*std::move(csv), *std::move(fresh), list);
}

Result<ListWriter> ListWriter::write_to(const std::string& path, const ListSource& list) {
    if (!is_stream(path)) return replace(path, list);
    auto file = OutputFile::create(path);
    if (!file) return file.error();
    auto csv = csv_of(*std::move(file), list.by_subscriber);
    if (!csv) return csv.error();
    return ListWriter(*std::move(csv), {}, list);
}

Status ListWriter::write(const ListEntry& entry, std::optional<Action> action,
                         std::string_view category, const EntryNote& note) {
    if (by_subscriber_) csv_.field(written_subscriber(entry, &format_));
    csv_.field(written(entry, &format_)).field(name_of(entry.kind));
    csv_.field(action ? name_of(*action) : std::string_view{}).field(category);
    csv_.field(note.expires ? format_time(*note.expires) : std::string()).field(note.source);
    csv_.field(note.since ? format_time(*note.since) : std::string());
    csv_.field(note.confidence ? std::to_string(*note.confidence) : std::string());
    return csv_.end_row();
}

Status ListWriter::finish(std::optional<std::filesystem::file_time_type> date) {
    if (auto status = csv_.close(); !status) return status;
    if (!fresh_) return ok();
    std::error_code code;
    if (date) std::filesystem::last_write_time(fresh_->name(), *date, code);
    if (code)
        return Error::at(ErrorCode::kUnwritable, fresh_->name(), 0,
                         "cannot be given the date of its feed: " + code.message());
    return fresh_->put_in_place();
}

}  // namespace ringfence::cli
