#include "ringfence/table/table_set.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace ringfence {
namespace {

// A table that was built, behind a shared pointer; `where` is the pointer to set.
template <class Table, class To>
Status share(Result<Table> built, std::shared_ptr<To>& where) {
    if (!built) return built.error();
    try {
        where = std::make_shared<Table>(std::move(*built));
        return ok();
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::kOutOfMemory, "no memory is left for a set of tables"};
    }
}

}  // namespace

std::size_t TableSet::memory_bytes() const {
    const NumberTableStats stats = numbers->stats();
    const PairTableStats of_pairs = pairs ? pairs->stats() : PairTableStats{};
    return stats.reader_bytes + stats.writer_bytes + of_pairs.reader_bytes + of_pairs.writer_bytes +
           prefixes->memory_bytes() + keys->memory_bytes();
}

TableSetBuilder::TableSetBuilder(NumberTable numbers)
    : numbers_(std::make_unique<NumberTable>(std::move(numbers))) {}

Result<TableSetBuilder> TableSetBuilder::create(const NumberTableOptions& options) {
    auto numbers = NumberTable::create(options);
    if (!numbers) return numbers.error();
    try {
        return TableSetBuilder(std::move(*numbers));
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::kOutOfMemory, "no memory is left for a set of tables"};
    }
}

Result<bool> TableSetBuilder::add(Number number, ListIndex list) {
    auto added = numbers_->insert(number, list);
    if (added || added.error().code != ErrorCode::kFull) return added;
    auto larger = numbers_->grown();
    if (!larger) return larger.error();
    *numbers_ = std::move(*larger);
    return numbers_->insert(number, list);
}

Result<std::uint64_t> TableSetBuilder::add(std::span<const Number> numbers, ListIndex list,
                                           std::size_t* done) {
    std::uint64_t fresh = 0;
    std::size_t dealt_with = 0;
    const auto failed = [&](const Error& error) {
        if (done != nullptr) *done = dealt_with;
        return error;
    };
    while (dealt_with < numbers.size()) {
        std::size_t now = 0;
        std::uint64_t new_now = 0;
        const auto added = numbers_->insert(numbers.subspan(dealt_with), list, &now, &new_now);
        fresh += new_now;
        if (added) break;
        dealt_with += now;
        if (added.error().code != ErrorCode::kFull) return failed(added.error());
        // Grows by the one that found no room.
        const auto one = add(numbers[dealt_with], list);
        if (!one) return failed(one.error());
        fresh += *one ? 1u : 0u;
        ++dealt_with;
    }
    if (done != nullptr) *done = numbers.size();
    return fresh;
}

Status TableSetBuilder::hold_pairs(const PairTableOptions& options) {
    return share(PairTable::create(options), pairs_);
}

Result<bool> TableSetBuilder::add(SubscriberNumber pair, ListIndex list) {
    if (!pairs_) return Error{ErrorCode::kInvalidArgument, "these tables hold no pairs"};
    auto added = pairs_->insert(pair, list);
    if (added || added.error().code != ErrorCode::kFull) return added;
    auto larger = pairs_->grown();
    if (!larger) return larger.error();
    *pairs_ = std::move(*larger);
    return pairs_->insert(pair, list);
}

Result<std::uint64_t> TableSetBuilder::add(Number subscriber, std::span<const Number> numbers,
                                           ListIndex list, std::size_t* done) {
    constexpr std::size_t kAhead = 16;  // pairs whose first line is on its way
    if (done != nullptr) *done = 0;
    if (!pairs_) return Error{ErrorCode::kInvalidArgument, "these tables hold no pairs"};
    const auto ask = [&](std::size_t i) {
        const PairView& view = pairs_->view();
        __builtin_prefetch(&view.line(hash_pair({subscriber, numbers[i]}, view.seed())), 1, 2);
    };
    for (std::size_t i = 0; i < std::min(kAhead, numbers.size()); ++i) ask(i);
    std::uint64_t fresh = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (i + kAhead < numbers.size()) ask(i + kAhead);
        const auto added = add(SubscriberNumber{subscriber, numbers[i]}, list);
        if (!added) return added.error();
        fresh += *added ? 1u : 0u;
        if (done != nullptr) ++*done;
    }
    return fresh;
}

Result<TableSet> TableSetBuilder::build(TableRules* rules) && {
    TableSet set;
    set.numbers = std::move(numbers_);
    set.pairs = std::move(pairs_);
    if (const Status shared = share(rules_.prefixes.build(), set.prefixes); !shared)
        return shared.error();
    if (const Status shared = share(rules_.keys.build(), set.keys); !shared) return shared.error();
    if (rules != nullptr) *rules = std::move(rules_);
    return set;
}

Result<TableSet> with_prefixes(const TableSet& set, const PrefixRules& rules) {
    TableSet next = set;
    const Status shared = share(rules.build(), next.prefixes);
    return shared ? Result<TableSet>(std::move(next)) : shared.error();
}

Result<TableSet> with_keys(const TableSet& set, const KeyRules& rules) {
    TableSet next = set;
    const Status shared = share(rules.build(), next.keys);
    return shared ? Result<TableSet>(std::move(next)) : shared.error();
}

Result<TableSet> with_grown_numbers(const TableSet& set, std::uint64_t numbers) {
    TableSet next = set;
    const Status shared = share(set.numbers->grown(numbers), next.numbers);
    return shared ? Result<TableSet>(std::move(next)) : shared.error();
}

Result<TableSet> with_grown_pairs(const TableSet& set, std::uint64_t pairs) {
    TableSet next = set;
    const Status shared = share(set.pairs->grown(pairs), next.pairs);
    return shared ? Result<TableSet>(std::move(next)) : shared.error();
}

}  // namespace ringfence
