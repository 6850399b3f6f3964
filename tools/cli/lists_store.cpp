#include "tools/cli/lists_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "ringfence/number/dial_plan.hpp"
#include "ringfence/source/file.hpp"
#include "ringfence/source/time_text.hpp"

namespace ringfence::cli {
namespace {

std::string key_of(std::string_view list, const ListEntry& entry) {
    std::string key(list);
    key.append("\n").append(name_of(entry.kind)).append("\n").append(entry.text);
    key.append("\n").append(entry.last).append("\n").append(std::to_string(entry.min_length));
    key.append("\n").append(std::to_string(entry.max_length));
    return key.append("\n").append(entry.subscriber.digits());
}

// Waits until the disk holds the file's content.
bool sync_file(const std::string& path) {
    const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    return fd.open() && ::fsync(fd.get()) == 0;
}

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
    auto damage = Journal::read(store.policy_.journal_path, [&](const JournalRecord& record) {
        if (record.kind == JournalRecord::Kind::kLoaded) return;
        const auto [at, fresh] =
            store.places_.try_emplace(key_of(record.list, record.entry), store.live_.size());
        if (fresh)
            store.live_.push_back(record);
        else
            store.live_[at->second] = record;
    });
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

const JournalRecord* ListStore::live(std::string_view list, const ListEntry& entry) const {
    if (live_.empty()) return nullptr;
    const auto at = places_.find(key_of(list, entry));
    return at == places_.end() ? nullptr : &live_[at->second];
}

Result<ListReport> ListStore::each_row(std::size_t list, const Each& each) const {
    ListSource source = policy_.lists[list].source;
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

Result<Journal> ListStore::hold() const {
    if (policy_.journal_path.empty())
        return Error{ErrorCode::kInvalidArgument,
                     policy_.path +
                         " names no journal, so nothing can be added or removed beside the files; "
                         "give [screen] a journal, or change the list's file"};
    auto journal = Journal::open(policy_.journal_path, [](const JournalRecord&) {});
    if (!journal && journal.error().code == ErrorCode::kBusy)
        return Error{ErrorCode::kBusy,
                     policy_.journal_path +
                         ": a running switch holds this journal; tell it through its own interface "
                         "(Screen::add and remove)"};
    return journal;
}

Status ListStore::append(const JournalRecord& record) const {
    auto journal = hold();
    if (!journal) return journal.error();
    if (auto status = journal->append(record); !status) return status;
    return journal->sync();
}

Status ListStore::rewrite(const std::vector<JournalRecord>& records) const {
    auto journal = hold();
    if (!journal) return journal.error();
    return journal->compact(records);
}

ListWriter::ListWriter(CsvWriter csv, std::string path, const ListSource& list)
    : csv_(std::move(csv)),
      path_(std::move(path)),
      format_(list.format),
      by_subscriber_(list.by_subscriber) {}
ListWriter::ListWriter(ListWriter&& other) noexcept
    : csv_(std::move(other.csv_)),
      path_(std::move(other.path_)),
      format_(other.format_),
      by_subscriber_(other.by_subscriber_),
      done_(std::exchange(other.done_, true)) {}
ListWriter::~ListWriter() {
    if (!done_ && path_ != "-") std::remove((path_ + ".new").c_str());
}

Result<ListWriter> ListWriter::create(const std::string& path, const ListSource& list) {
    const std::string to = path == "-" ? path : path + ".new";
    auto csv = list.by_subscriber
                   ? CsvWriter::create(to, {"subscriber", "number", "kind", "action", "category",
                                            "expires", "source", "since", "confidence"})
                   : CsvWriter::create(to, {"number", "kind", "action", "category", "expires",
                                            "source", "since", "confidence"});
    if (!csv) return csv.error();
    return ListWriter(*std::move(csv), path, list);
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

Status ListWriter::finish() {
    if (auto status = csv_.close(); !status) return status;
    done_ = true;
    if (path_ == "-") return ok();
    const std::string fresh = path_ + ".new";
    if (!sync_file(fresh) || std::rename(fresh.c_str(), path_.c_str()) != 0) {
        std::remove(fresh.c_str());
        return Error::at(ErrorCode::kUnwritable, path_, 0, "cannot be put in place");
    }
    return sync_folder_of(path_);
}

}  // namespace ringfence::cli
