#include "ringfence/lists/journal.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

#include "ringfence/source/fresh_file.hpp"
#include "ringfence/source/utf8.hpp"
#include "ringfence/text/extract.hpp"

namespace ringfence {
namespace {

constexpr std::string_view kHeader = "ringfence-journal 1\n";
constexpr std::size_t kMaxBytes = std::size_t{4} << 30u;
constexpr std::size_t kMaxDamage = 100;
constexpr std::size_t kSumDigits = 8;

std::string hex_sum(std::string_view line) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto sum = static_cast<std::uint32_t>(XXH3_64bits(line.data(), line.size()));
    std::string text(kSumDigits, '0');
    for (std::size_t i = 0; i < kSumDigits; ++i)
        text[i] = kDigits[sum >> (4 * (kSumDigits - 1 - i)) & 0xFu];
    return text;
}

// A field as written: blanks and what would end a line or a field as %XX; the empty one as "%".
std::string escaped(std::string_view field) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    if (field.empty()) return "%";
    std::string text;
    for (const char c : field) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > ' ' && byte != '%' && byte != 0x7F) {
            text.push_back(c);
        } else {
            text.push_back('%');
            text.push_back(kDigits[byte >> 4u]);
            text.push_back(kDigits[byte & 0xFu]);
        }
    }
    return text;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool unescape(std::string_view field, std::string& text) {
    text.clear();
    if (field == "%") return true;
    for (std::size_t i = 0; i < field.size(); ++i) {
        if (field[i] != '%') {
            text.push_back(field[i]);
            continue;
        }
        if (i + 2 >= field.size()) return false;
        const int high = hex_value(field[i + 1]);
        const int low = hex_value(field[i + 2]);
        if (high < 0 || low < 0) return false;
        text.push_back(static_cast<char>(high * 16 + low));
        i += 2;
    }
    return true;
}

template <class Integer>
bool read_integer(std::string_view text, Integer& value) {
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failure == std::errc{} && end == text.data() + text.size();
}

std::string_view take_field(std::string_view& line) {
    const std::size_t end = std::min(line.find(' '), line.size());
    const std::string_view field = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return field;
}

//     + list kind min max text last expires source [since confidence]
//     - list kind min max text last
//     +@ and -@: subscriber, then what follows the list
std::string write_record(const JournalRecord& record) {
    std::string line(record.kind == JournalRecord::Kind::kAdd ? "+" : "-");
    const ListEntry& entry = record.entry;
    if (!entry.subscriber.empty()) line.append("@");
    line.append(" ").append(escaped(record.list));
    if (!entry.subscriber.empty()) line.append(" ").append(entry.subscriber.digits());
    line.append(" ").append(name_of(entry.kind));
    line.append(" ").append(std::to_string(entry.min_length));
    line.append(" ").append(std::to_string(entry.max_length));
    line.append(" ").append(escaped(entry.text)).append(" ").append(escaped(entry.last));
    if (record.kind == JournalRecord::Kind::kRemove) return line;
    line.append(" ").append(record.expires ? std::to_string(to_ms(*record.expires)) : "-");
    line.append(" ").append(escaped(record.source));
    if (!record.since && !record.confidence) return line;
    line.append(" ").append(record.since ? std::to_string(to_ms(*record.since)) : "-");
    return line.append(" ").append(record.confidence ? std::to_string(*record.confidence) : "-");
}

bool read_entry_fields(std::string_view& line, ListEntry& entry) {
    const auto kind = entry_kind_from_name(take_field(line));
    if (!kind) return false;
    entry.kind = *kind;
    return read_integer(take_field(line), entry.min_length) &&
           read_integer(take_field(line), entry.max_length) &&
           unescape(take_field(line), entry.text) && unescape(take_field(line), entry.last) &&
           !entry.text.empty();
}

// A host was written down in its own letters once, and now as the name in DNS.
void renew_host(ListEntry& entry) {
    const auto is_other = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
    if (entry.kind == EntryKind::kDomain && std::ranges::any_of(entry.text, is_other))
        entry.text = fold_key(FoundKind::kDomain, entry.text);
}

bool read_time_field(std::string_view text, std::optional<Time>& time) {
    if (text == "-") return true;
    std::int64_t ms = 0;
    if (!read_integer(text, ms)) return false;
    time = time_from_ms(ms);
    return true;
}

bool read_record(std::string_view line, JournalRecord& record) {
    record = {};
    std::string_view sign = take_field(line);
    if (!unescape(take_field(line), record.list) || record.list.empty()) return false;
    Number subscriber;
    if (sign == "+@" || sign == "-@") {
        sign.remove_suffix(1);
        subscriber = Number::from_digits(take_field(line));
        if (subscriber.empty()) return false;
    }
    if (sign != "+" && sign != "-") return false;
    record.kind = sign == "+" ? JournalRecord::Kind::kAdd : JournalRecord::Kind::kRemove;
    if (!read_entry_fields(line, record.entry)) return false;
    renew_host(record.entry);
    record.entry.subscriber = subscriber;
    if (!subscriber.empty() && record.entry.number().empty()) return false;
    if (sign == "-") return line.empty();
    if (!read_time_field(take_field(line), record.expires)) return false;
    if (!unescape(take_field(line), record.source)) return false;
    if (line.empty()) return true;
    if (!read_time_field(take_field(line), record.since)) return false;
    if (const std::string_view confidence = take_field(line); confidence != "-") {
        if (!read_integer(confidence, record.confidence.emplace())) return false;
    }
    return line.empty();
}

std::string with_sum(const JournalRecord& record) {
    const std::string line = write_record(record);
    return hex_sum(line).append(" ").append(line).append("\n");
}

Error system_error(ErrorCode code, const std::string& path, std::string_view what) {
    const int number = errno;
    return Error::at(code, path, 0, std::string(what) + ": " + std::strerror(number));
}

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t done = ::write(fd, bytes.data(), bytes.size());
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(done));
    }
    return true;
}

Error no_journal(const std::string& path) {
    return Error::at(ErrorCode::kSyntax, path, 1,
                     "is no journal (it does not begin 'ringfence-journal 1')");
}

// Opens the file and locks it. Whoever held the lock before may have put another file in its place between the two:
// the lock then is one of a file that nobody will read again, and the new one is tried.
Result<FileDescriptor> open_locked(const std::string& path) {
    constexpr mode_t kOwnerOnly = 0600;  // it names numbers
    constexpr unsigned kTries = 100;     // each lost to a whole compaction
    for (unsigned i = 0; i < kTries; ++i) {
        FileDescriptor fd(::open(path.c_str(),
                                 O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
                                 kOwnerOnly));
        if (!fd.open())
            return system_error(ErrorCode::kUnreadable, path, "cannot be opened for writing");
        struct stat facts {};
        if (::fstat(fd.get(), &facts) != 0 || !S_ISREG(facts.st_mode))
            return Error::at(ErrorCode::kUnreadable, path, 0, "is no regular file; name another");
        if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0)
            return Error::at(ErrorCode::kBusy, path, 0,
                             "another process or Screen writes this journal; give each its own");
        struct stat there {};
        if (::stat(path.c_str(), &there) == 0 && there.st_ino == facts.st_ino &&
            there.st_dev == facts.st_dev)
            return fd;
    }
    return Error::at(ErrorCode::kBusy, path, 0,
                     "another process writes this journal anew again and again; give each its own");
}

}  // namespace

struct Journal::File {
    std::string path;
    FileDescriptor fd;
    std::uint64_t size = 0;
    std::vector<Error> damage;
    bool broken = false;  // a write failed and could not be taken back

    void report(std::uint64_t line, std::string_view what) {
        if (damage.size() < kMaxDamage)
            damage.push_back(Error::at(ErrorCode::kSyntax, path, line, what));
    }

    Status replay(std::string_view text, const Replay& give);
    Status cut(std::uint64_t bytes);
};

Status Journal::File::cut(std::uint64_t bytes) {
    if (!fd.open()) return ok();
    if (::ftruncate(fd.get(), static_cast<off_t>(bytes)) != 0)
        return system_error(ErrorCode::kUnwritable, path, "cannot be cut back");
    size = bytes;
    return ok();
}

Status Journal::File::replay(std::string_view text, const Replay& give) {
    JournalRecord record;
    std::uint64_t line_number = 1;
    for (std::size_t at = kHeader.size(); at < text.size(); ++line_number) {
        const std::size_t end = text.find('\n', at);
        const bool whole = end != std::string_view::npos;
        const std::string_view line = text.substr(at, whole ? end - at : std::string_view::npos);
        const bool good = line.size() > kSumDigits && line[kSumDigits] == ' ' &&
                          hex_sum(line.substr(kSumDigits + 1)) == line.substr(0, kSumDigits) &&
                          read_record(line.substr(kSumDigits + 1), record);
        const bool last = !whole || end + 1 == text.size();
        if (good && whole) {
            give(record);
        } else if (last) {
            report(line_number + 1, "the last record is torn and was cut off");
            return cut(at);
        } else {
            report(line_number + 1, "'" + printable(line) + "' is damaged and was skipped");
        }
        at = end + 1;
    }
    return ok();
}

Result<Journal> Journal::open(const std::string& path, const Replay& replay) {
    auto fd = open_locked(path);
    if (!fd) return fd.error();
    auto file = std::make_unique<File>();
    file->path = path;
    file->fd = *std::move(fd);
    const auto text = read_file(path, kMaxBytes);
    if (!text) return text.error();
    file->size = text->size();
    if (text->size() < kHeader.size() && kHeader.starts_with(*text)) {
        // New, or torn before its first record.
        if (auto status = file->cut(0); !status) return status.error();
        if (!write_all(file->fd.get(), kHeader) || ::fsync(file->fd.get()) != 0)
            return system_error(ErrorCode::kUnwritable, path, "cannot be written");
        file->size = kHeader.size();
        if (Status synced = sync_folder_of(path); !synced) return synced.error();
    } else if (!text->starts_with(kHeader)) {
        return no_journal(path);
    } else if (auto status = file->replay(*text, replay); !status) {
        return status.error();
    }
    return Journal(std::move(file));
}

Result<std::vector<Error>> Journal::read(const std::string& path, const Replay& replay) {
    std::error_code code;
    if (!std::filesystem::exists(path, code)) return std::vector<Error>();
    const auto text = read_file(path, kMaxBytes);
    if (!text) return text.error();
    if (text->size() < kHeader.size() && kHeader.starts_with(*text)) return std::vector<Error>();
    if (!text->starts_with(kHeader)) return no_journal(path);
    File file;  // without a descriptor: nothing can be cut
    file.path = path;
    if (auto status = file.replay(*text, replay); !status) return status.error();
    return std::move(file.damage);
}

Journal::Journal(std::unique_ptr<File> file) : file_(std::move(file)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

std::string Journal::line_of(const JournalRecord& record) { return with_sum(record); }

Status Journal::append(const JournalRecord& record) { return append_line(line_of(record)); }

Status Journal::append_line(std::string_view line) {
    if (file_->broken)
        return Error::at(ErrorCode::kUnwritable, file_->path, 0,
                         "an earlier write failed half way; open it again");
    if (!write_all(file_->fd.get(), line)) {
        const Error error = system_error(ErrorCode::kUnwritable, file_->path, "cannot be written");
        if (!file_->cut(file_->size)) file_->broken = true;
        return error;
    }
    file_->size += line.size();
    return ok();
}

Status Journal::sync() {
    if (::fdatasync(file_->fd.get()) != 0)
        return system_error(ErrorCode::kUnwritable, file_->path, "cannot be forced to the disk");
    return ok();
}

Status Journal::compact(const std::vector<JournalRecord>& records) {
    constexpr unsigned kOwnerOnly = 0600;
    auto fresh = FreshFile::beside(file_->path, kOwnerOnly);
    if (!fresh) return fresh.error();
    if (::flock(fresh->descriptor(), LOCK_EX | LOCK_NB) != 0)
        return system_error(ErrorCode::kUnwritable, file_->path, "cannot be locked");
    std::string text(kHeader);
    for (const JournalRecord& record : records) text.append(with_sum(record));
    if (!write_all(fresh->descriptor(), text))
        return system_error(ErrorCode::kUnwritable, file_->path, "cannot be written");
    Status placed = fresh->put_in_place();
    if (!placed && !fresh->in_place()) return placed;
    file_->fd = fresh->take();
    file_->size = text.size();
    file_->broken = false;
    return placed;
}

const std::vector<Error>& Journal::damage() const { return file_->damage; }
std::uint64_t Journal::bytes() const { return file_->size; }

}  // namespace ringfence
