#include "ringfence/lists/load_list.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/lists/size_guard.hpp"
#include "src/source/regular_file.hpp"

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

// Puts rows where they belong, in the order in which they came. Numbers wait until there are many, so that their
// places in table and book can be asked for ahead; whatever else comes goes in behind them. Each call may fail for a
// row that came before; the error has the row's place.
class RowSink {
public:
    RowSink(const std::string& path, std::uint16_t list, ListTarget target)
        : path_(path), list_(list), target_(target) {
        numbers_.reserve(kMost);
        waiting_.reserve(kMost);
        sources_.reserve(kMost * ListRow::kMaxSource);
    }

    Status put(const ListRow& row) {
        if (table_of(row.entry) == EntryTable::kPairs) return put_pair(row);
        const Number number = row.entry.number();
        if (!number.empty()) return wait(number, row, row.line);
        if (auto status = flush(); !status) return status;
        const auto index = target_.sub_lists.index_of(list_, row.action, row.category);
        if (!index) return at(row.line, index.error());
        const auto added = add_to(target_.tables.rules(), row.entry, *index);
        if (!added) return at(row.line, added.error());
        target_.book.note(*index, row.entry, row.note);
        return ok();
    }

    Status put(const ListRun& run) {
        if (!run.numbers.empty() && !run.says->entry.subscriber.empty()) return put_pairs(run);
        constexpr std::size_t kFew = 32;
        if (run.numbers.size() < kFew) {
            for (std::size_t i = 0; i < run.numbers.size(); ++i)
                if (auto status = wait(run.numbers[i], *run.says, run.line + i); !status)
                    return status;
            return ok();
        }
        if (auto status = flush(); !status) return status;
        const auto index = target_.sub_lists.index_of(list_, run.says->action, run.says->category);
        if (!index) return at(run.line, index.error());
        std::size_t done = 0;
        const auto added = target_.tables.add(run.numbers, *index, &done);
        if (!added) return at(run.line + done, added.error());
        target_.book.note(*index, run.numbers, run.says->note);
        return ok();
    }

    Status flush() {
        for (std::size_t i = 0; i < numbers_.size(); ++i)
            target_.book.prefetch(waiting_[i].index, numbers_[i]);
        for (std::size_t begin = 0; begin < numbers_.size();) {
            std::size_t end = begin + 1;
            while (end < numbers_.size() && waiting_[end].index == waiting_[begin].index) ++end;
            std::size_t done = 0;
            const auto added =
                target_.tables.add(std::span<const Number>(numbers_).subspan(begin, end - begin),
                                   waiting_[begin].index, &done);
            if (!added) return at(waiting_[begin + done].line, added.error());
            begin = end;
        }
        for (std::size_t i = 0; i < numbers_.size(); ++i)
            target_.book.note(waiting_[i].index, numbers_[i], waiting_[i].note);
        numbers_.clear();
        waiting_.clear();
        sources_.clear();
        return ok();
    }

private:
    static constexpr std::size_t kMost = 256;  // that wait

    struct Waiting {
        ListIndex index = 0;
        EntryNote note;  // its source is a view of sources_
        std::uint64_t line = 0;
    };

    Status put_pair(const ListRow& row) {
        const auto index = target_.sub_lists.index_of(list_, row.action, row.category);
        if (!index) return at(row.line, index.error());
        const auto added = target_.tables.add({row.entry.subscriber, row.entry.number()}, *index);
        if (!added) return at(row.line, added.error());
        target_.book.note(*index, row.entry, row.note);
        return ok();
    }

    Status put_pairs(const ListRun& run) {
        const auto index = target_.sub_lists.index_of(list_, run.says->action, run.says->category);
        if (!index) return at(run.line, index.error());
        const Number subscriber = run.says->entry.subscriber;
        std::size_t done = 0;
        const auto added = target_.tables.add(subscriber, run.numbers, *index, &done);
        if (!added) return at(run.line + done, added.error());
        for (const Number number : run.numbers)
            target_.book.note(*index, {subscriber, number}, run.says->note);
        return ok();
    }

    Status wait(Number number, const ListRow& row, std::uint64_t line) {
        const auto index = target_.sub_lists.index_of(list_, row.action, row.category);
        if (!index) {
            if (auto status = flush(); !status) return status;
            return at(line, index.error());
        }
        if (numbers_.size() == kMost) {
            if (auto status = flush(); !status) return status;
        }
        Waiting one{*index, row.note, line};
        if (!waiting_.empty() && waiting_.back().note.source == row.note.source) {
            one.note.source = waiting_.back().note.source;
        } else {
            const std::size_t begin = sources_.size();
            sources_.append(row.note.source);  // within what was reserved: views stay good
            one.note.source = std::string_view(sources_).substr(begin);
        }
        numbers_.push_back(number);
        waiting_.push_back(one);
        return ok();
    }

    Error at(std::uint64_t line, const Error& error) const {
        return Error::at(error.code, path_, line, error.text);
    }

    const std::string& path_;
    std::uint16_t list_;
    ListTarget target_;
    std::vector<Number> numbers_;
    std::vector<Waiting> waiting_;
    std::string sources_;
};

}  // namespace

EntryTable table_of(const ListEntry& entry) {
    if (entry.kind == EntryKind::kPrefix || entry.kind == EntryKind::kRange)
        return EntryTable::kPrefixes;
    if (entry.number().empty()) return EntryTable::kKeys;
    return entry.subscriber.empty() ? EntryTable::kNumbers : EntryTable::kPairs;
}

Result<bool> add_to(TableRules& rules, const ListEntry& entry, ListIndex list) {
    if (entry.kind == EntryKind::kPrefix) return rules.prefixes.add(prefix_rule(entry, list));
    if (entry.kind == EntryKind::kRange)
        return rules.prefixes.add_range(entry.text, entry.last, list);
    if (!entry.number().empty()) return no_rule();
    return rules.keys.add(key_kind_of(entry.kind), entry.text, list);
}

Result<bool> remove_from(TableRules& rules, const ListEntry& entry, ListIndex list) {
    if (entry.kind == EntryKind::kPrefix) return rules.prefixes.remove(prefix_rule(entry, list));
    if (entry.kind == EntryKind::kRange)
        return rules.prefixes.remove_range(entry.text, entry.last, list);
    if (!entry.number().empty()) return no_rule();
    return rules.keys.remove(key_kind_of(entry.kind), entry.text, list);
}

std::uint64_t about_rows(const ListSource& source) {
    constexpr std::size_t kHead = std::size_t{64} << 10u;
    constexpr std::uint64_t kShortest = 6;  // octets of a row, its line end included
    constexpr std::string_view kZstd = "\x28\xB5\x2F\xFD";
    const bool by_line =
        source.file_format == ListFormat::kCsv || source.file_format == ListFormat::kLines;
    if (!by_line || source.format.exact != EntryKind::kExact) return 0;
    struct stat about = {};
    const auto file = open_regular(source.path, about);
    if (!file) return 0;
    const auto size = static_cast<std::uint64_t>(about.st_size);
    std::string head(kHead, '\0');
    const ssize_t got = ::pread(file->get(), head.data(), head.size(), 0);
    head.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
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
    RowSink sink(source.path, list, target);
    constexpr std::uint64_t kTold = 1u << 16u;
    std::uint64_t told = 0;
    ListRow row;
    for (;;) {
        const auto more = reader->next(row);
        if (!more || !*more) {
            if (auto put = sink.flush(); !put) return put.error();
            if (!more) return more.error();
            break;
        }
        if (auto put = sink.put(row); !put) return put.error();
        for (ListRun run = reader->next_run(); !run.numbers.empty(); run = reader->next_run())
            if (auto put = sink.put(run); !put) return put.error();
        if (options.progress && reader->report().rows >= told + kTold) {
            told = reader->report().rows;
            options.progress(told);
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
