// The reading side of reconcile.hpp: a file's rows, sorted, and whether a number is among them.
#include <algorithm>
#include <array>

#include "src/lists/note_table.hpp"
#include "src/screen/reconcile.hpp"

namespace ringfence {
namespace {

bool by_key(const FileRows::NumberRow& a, const FileRows::NumberRow& b) { return a.key < b.key; }

}  // namespace

Result<FileRows> FileRows::read(const ListSource& source, Time now, std::uint64_t expected,
                                const std::function<void(std::uint64_t)>& progress,
                                const std::function<Status(const ListRow&)>& each) {
    constexpr std::uint64_t kTold = 1u << 16u;
    auto reader = ListReader::open(source);
    if (!reader) return reader.error();
    FileRows rows;
    rows.numbers_.reserve(expected + expected / 16);
    rows.origins_.emplace_back();
    ListRow row;
    for (;;) {
        const auto more = reader->next(row);
        if (!more) return more.error();
        if (!*more) break;
        if (progress && reader->report().rows % kTold == 0) progress(reader->report().rows);
        if (each)
            if (auto status = each(row); !status) return status.error();
        row.note = EntryBook::as_kept(row.note);
        if (row.note.expires && *row.note.expires <= now) {
            rows.pass_over(row);
            continue;
        }
        if (auto status = rows.take(row); !status)
            return Error::at(status.error().code, source.path, row.line, status.error().text);
    }
    rows.report_ = reader->report();
    rows.sort();
    return rows;
}

Status FileRows::take(const ListRow& row) {
    const auto pair = pair_of(row);
    if (!pair) return pair.error();
    const std::uint32_t origin = origin_of(row.note);
    const std::uint32_t expires = KeptNote::seconds_of(row.note.expires);
    if (const Number number = row.entry.number(); !number.empty() && row.entry.subscriber.empty()) {
        numbers_.push_back({number.rank() << NumberRow::kPairBits | *pair, expires, origin});
    } else {
        rules_.insert_or_assign({key_of(row.entry), *pair}, RuleRow{expires, origin});
    }
    return ok();
}

void FileRows::pass_over(const ListRow& row) {
    ++expired_;
    if (const Number number = row.entry.number(); !number.empty() && row.entry.subscriber.empty()) {
        due_numbers_.push_back(number.rank());
    } else {
        due_rules_.insert(key_of(row.entry));
    }
}

Result<std::uint16_t> FileRows::pair_of(const ListRow& row) {
    if (last_pair_ < pairs_.size() && pairs_[last_pair_].action == row.action &&
        pairs_[last_pair_].category == row.category)
        return last_pair_;
    std::pair key(row.action ? static_cast<int>(*row.action) : -1, std::string(row.category));
    const auto at = pair_numbers_.find(key);
    if (at != pair_numbers_.end()) return last_pair_ = at->second;
    if (pairs_.size() >> NumberRow::kPairBits != 0)
        return Error{ErrorCode::kFull,
                     "over 16,000 distinct pairs of action and category in one file"};
    last_pair_ = static_cast<std::uint16_t>(pairs_.size());
    pairs_.push_back({row.action, key.second});
    pair_numbers_.emplace(std::move(key), last_pair_);
    return last_pair_;
}

std::uint32_t FileRows::origin_of(const EntryNote& note) {
    if (note.source.empty() && !note.since && !note.confidence) return 0;
    const auto same = [&](const Origin& origin) {
        return origin.source == note.source && origin.since == note.since &&
               origin.confidence == note.confidence;
    };
    if (same(origins_[last_origin_])) return last_origin_;
    std::tuple key(std::string(note.source), note.since ? to_ms(*note.since) : -1,
                   note.confidence ? *note.confidence : -1);
    const auto [at, fresh] =
        origin_numbers_.try_emplace(std::move(key), static_cast<std::uint32_t>(origins_.size()));
    if (fresh) origins_.push_back({std::string(note.source), note.since, note.confidence});
    return last_origin_ = at->second;
}

// Of rows of one key the last of the file holds, as when it is loaded.
void FileRows::sort() {
    constexpr std::size_t kRule = 200;
    constexpr std::size_t kOrigin = 200;
    std::sort(due_numbers_.begin(), due_numbers_.end());
    memory_bytes_ = numbers_.capacity() * sizeof(NumberRow) +
                    due_numbers_.capacity() * sizeof(std::uint64_t) +
                    (rules_.size() + due_rules_.size()) * kRule + origins_.size() * kOrigin;
    if (!std::is_sorted(numbers_.begin(), numbers_.end(), by_key)) {
        std::stable_sort(numbers_.begin(), numbers_.end(), by_key);
        memory_bytes_ += numbers_.size() / 2 * sizeof(NumberRow);
    }
    const auto last =
        std::unique(numbers_.rbegin(), numbers_.rend(),
                    [](const NumberRow& a, const NumberRow& b) { return a.key == b.key; });
    numbers_.erase(numbers_.begin(), last.base());
    tops_.reserve(numbers_.size() / kBlock + 1);
    for (std::size_t i = 0; i < numbers_.size(); i += kBlock) tops_.push_back(numbers_[i].rank());
}

EntryNote FileRows::note(std::uint32_t expires, std::uint32_t origin) const {
    EntryNote note;
    note.expires = KeptNote::time_of(expires);
    note.source = origins_[origin].source;
    note.since = origins_[origin].since;
    note.confidence = origins_[origin].confidence;
    return note;
}

bool FileRows::has(Number number) const {
    std::array<std::uint64_t, 1> rank{number.rank()};
    return keep_absent(rank) == 0;
}

bool FileRows::has(const ListEntry& entry) const {
    if (const Number number = entry.number(); !number.empty() && entry.subscriber.empty())
        return has(number);
    const auto at = rules_.lower_bound({key_of(entry), 0});
    return at != rules_.end() && at->first.first == key_of(entry);
}

bool FileRows::has(const ListEntry& entry, std::uint16_t pair) const {
    const Number number = entry.number();
    if (number.empty() || !entry.subscriber.empty()) return rules_.contains({key_of(entry), pair});
    const NumberRow wanted{number.rank() << NumberRow::kPairBits | pair};
    return std::binary_search(numbers_.begin(), numbers_.end(), wanted, by_key);
}

std::optional<std::optional<Time>> FileRows::end_of(const ListEntry& entry,
                                                    std::uint16_t pair) const {
    const Number number = entry.number();
    if (number.empty() || !entry.subscriber.empty()) {
        const auto at = rules_.find({key_of(entry), pair});
        if (at == rules_.end()) return {};
        return KeptNote::time_of(at->second.expires);
    }
    const NumberRow wanted{number.rank() << NumberRow::kPairBits | pair};
    const auto at = std::lower_bound(numbers_.begin(), numbers_.end(), wanted, by_key);
    if (at == numbers_.end() || at->key != wanted.key) return {};
    return KeptNote::time_of(at->expires);
}

bool FileRows::names(const ListEntry& entry) const {
    if (has(entry)) return true;
    if (const Number number = entry.number(); !number.empty() && entry.subscriber.empty())
        return std::binary_search(due_numbers_.begin(), due_numbers_.end(), number.rank());
    return due_rules_.contains(key_of(entry));
}

std::size_t FileRows::keep_absent(std::span<std::uint64_t> ranks) const {
    // Where a rank must lie comes from tops_, which the cache holds; the rows themselves are fetched ahead.
    constexpr std::size_t kAhead = 64;
    std::array<std::size_t, kAhead> blocks;
    std::size_t kept = 0;
    for (std::size_t from = 0; from < ranks.size(); from += kAhead) {
        const std::size_t count = std::min(kAhead, ranks.size() - from);
        for (std::size_t i = 0; i < count; ++i) {
            // The last block that begins before the rank: rows of one rank may begin in it and go on behind.
            const auto top = std::lower_bound(tops_.begin(), tops_.end(), ranks[from + i]);
            const auto block = static_cast<std::size_t>(top - tops_.begin());
            blocks[i] = block == 0 ? 0 : block - 1;
            if (!numbers_.empty()) {
                const NumberRow* rows = numbers_.data() + blocks[i] * kBlock;
                for (std::size_t line = 0; line < kBlock; line += 16)
                    __builtin_prefetch(rows + line);
            }
        }
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint64_t rank = ranks[from + i];
            const NumberRow wanted{rank << NumberRow::kPairBits};
            const auto begin = numbers_.begin() + static_cast<std::ptrdiff_t>(blocks[i] * kBlock);
            const std::size_t left = numbers_.size() - blocks[i] * kBlock;
            const auto end = begin + static_cast<std::ptrdiff_t>(std::min(left, 2 * kBlock));
            const auto at = std::lower_bound(begin, end, wanted, by_key);
            if (at == numbers_.end() || at->rank() != rank) ranks[kept++] = rank;
        }
    }
    return kept;
}

FileRows::RuleKey FileRows::key_of(const ListEntry& entry) {
    return {entry.kind,       entry.text,       entry.last,
            entry.min_length, entry.max_length, entry.subscriber};
}

ListEntry FileRows::entry_of(const RuleKey& key) {
    ListEntry entry;
    entry.kind = key.kind;
    entry.text = key.text;
    entry.last = key.last;
    entry.min_length = key.min_length;
    entry.max_length = key.max_length;
    entry.subscriber = key.subscriber;
    return entry;
}

}  // namespace ringfence
