// journal.hpp - live changes of lists on disk, so that a restart does not forget them.
//
// An append-only text file, one record a line, each with a checksum of its own:
//
//     ringfence-journal 1
//     8f3a77c1 + fraud-cards exact 0 24 8617000001234 % 1772352000000 police
//     02bb41d0 - fraud-cards exact 0 24 8617000001234 %
//     5d10c2fe +@ own-blocks 8613800002222 exact 0 24 8617000001234 % - %      of the subscriber named first
//     checksum   list        kind  lengths  text  last  expires (ms, or -)  source [since (ms, or -)  confidence (or -)]
//
// A program from before there were subscribers takes "+@" and "-@" for bad records, and says so.
//
// The last record of an entry holds. But a "+" with an end that follows the "-" of the same entry stands over it: when
// the end has come, the removal holds again.
//
// Readers: `open` replays the file front to back. A last line that is torn (the process died in the write)
// or whose checksum fails is cut off and counted; a bad record before the last is skipped and reported, and
// reading goes on.
// Writers: one process at a time, held by a lock on the file (flock). A record is appended by one write and
// is in the system's hands when `append` returns; `sync` forces it on to the disk.
// Growth: `compact` writes what still holds to a new file and puts it in place by rename. `open` never holds a file
// that was so replaced.
//
// Fields are UTF-8 with blank, '%' and control characters as %XX; the empty one is "%". The checksum is the low
// half of XXH3 over the line behind it: against accidents, not attackers. The file is made with mode 0600.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/base/time.hpp"
#include "ringfence/lists/list_entry.hpp"

namespace ringfence {

struct JournalRecord {
    enum class Kind : std::uint8_t { kAdd = 0, kRemove = 1 };

    Kind kind = Kind::kAdd;
    std::string list;  // id
    ListEntry entry;
    std::optional<Time> expires;
    std::string source;
    std::optional<Time> since;
    std::optional<std::uint8_t> confidence;  // percent

    friend bool operator==(const JournalRecord&, const JournalRecord&) = default;
};

// Threads: one thread per object.
class Journal {
public:
    using Replay = std::function<void(const JournalRecord&)>;

    // Opens the file for appending, making it when absent, and gives every record in it to `replay` in order.
    // Fails with kUnreadable, with kBusy when another process holds it, with kSyntax when it is no journal.
    // Threads: any thread.
    static Result<Journal> open(const std::string& path, const Replay& replay);

    // Gives every record of the file to `replay` in order and leaves it as it is, whoever holds it; an absent
    // file holds none. Gives what was wrong with it. Fails with kUnreadable and kSyntax.
    // Threads: any thread.
    static Result<std::vector<Error>> read(const std::string& path, const Replay& replay);

    Journal(Journal&&) noexcept;
    Journal& operator=(Journal&&) noexcept;
    ~Journal();

    // Appends one record. Fails with kUnwritable, and the file then ends as it did before.
    Status append(const JournalRecord& record);

    // The same in two steps, of which the second needs no memory.
    static std::string line_of(const JournalRecord& record);
    Status append_line(std::string_view line);

    // Forces what was appended on to the disk. Fails with kUnwritable.
    Status sync();

    // Replaces the file by one that holds `records` alone. Fails with kUnwritable; then the old one stays.
    Status compact(const std::vector<JournalRecord>& records);

    // What was wrong with the file when it was opened: `file:line: what`. A torn last line is one of them.
    const std::vector<Error>& damage() const;
    std::uint64_t bytes() const;

private:
    struct File;
    explicit Journal(std::unique_ptr<File> file);
    std::unique_ptr<File> file_;
};

}  // namespace ringfence
