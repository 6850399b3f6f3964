#include "src/policy/lint_lists.hpp"

#include <absl/container/flat_hash_map.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <system_error>
#include <tuple>
#include <utility>

#include "ringfence/lists/lifetime.hpp"
#include "ringfence/lists/list_reader.hpp"
#include "ringfence/lists/size_guard.hpp"
#include "ringfence/number/normalize.hpp"
#include "ringfence/number/parse.hpp"
#include "ringfence/source/time_text.hpp"

namespace ringfence {
namespace {

// Two rows of equal kind, text and bounds stand at the same place.
std::string key_of(const ListEntry& entry) {
    std::string key{static_cast<char>(entry.kind), static_cast<char>(entry.min_length),
                    static_cast<char>(entry.max_length)};
    return key.append(entry.text).append("..").append(entry.last);
}

// Rows by what they are, numbers in little memory.
template <class Value>
class RowMap {
public:
    // The value kept for the entry, or null. `value` is kept when there is none.
    Value* find_or_keep(const ListEntry& entry, const Value& value) {
        const auto in = [&](auto& map, const auto& key) {
            const auto [at, fresh] = map.try_emplace(key, value);
            return fresh ? nullptr : &at->second;
        };
        const std::uint64_t rank = entry.number().rank();
        if (rank == 0) return in(others_, key_of(entry));
        if (entry.subscriber.empty()) return in(numbers_, rank);
        return in(pairs_, std::pair(entry.subscriber.rank(), rank));
    }
    const Value* find(const ListEntry& entry) const {
        const auto in = [](const auto& map, const auto& key) {
            const auto at = map.find(key);
            return at == map.end() ? nullptr : &at->second;
        };
        const std::uint64_t rank = entry.number().rank();
        if (rank == 0) return in(others_, key_of(entry));
        if (entry.subscriber.empty()) return in(numbers_, rank);
        return in(pairs_, std::pair(entry.subscriber.rank(), rank));
    }

private:
    absl::flat_hash_map<std::uint64_t, Value> numbers_;
    absl::flat_hash_map<std::pair<std::uint64_t, std::uint64_t>, Value>
        pairs_;  // subscriber and number
    std::map<std::string, Value> others_;
};

// Where a row is, and what it asks for.
struct Place {
    std::uint32_t list = 0;
    std::uint32_t line = 0;
    Action action = Action::kTag;
};

struct PrefixPlace {
    std::uint32_t line = 0;
    std::uint8_t min_length = 0;
    std::uint8_t max_length = 0;
    Action action = Action::kTag;
    std::string category;
};

constexpr bool blocks(Action action) { return action > Action::kTag; }
constexpr bool contradict(Action a, Action b) {
    return (a == Action::kAllow && blocks(b)) || (b == Action::kAllow && blocks(a));
}

class ListLint {
public:
    ListLint(const Policy& policy, std::optional<Time> now, std::vector<LintFinding>& findings)
        : policy_(policy), now_(now), findings_(findings) {}

    void run() {
        for (const std::string_view written : policy_.plan->emergency_numbers()) {
            const auto number = normalize(parse(AddressView(written)), *policy_.plan);
            emergency_numbers_.emplace_back(written, number.digits());
        }
        collect_allows();
        for (std::uint32_t i = 0; i < policy_.lists.size(); ++i) {
            same_file(i);
            if (policy_.lists[i].meaning.enabled) lint_list(i);
        }
    }

private:
    // Lists whose entries meet at the same place: of one tier, owner and party.
    using Scope = std::tuple<Stage, std::uint32_t, Number, unsigned>;

    Scope scope_of(const PolicyList& list, unsigned party) const {
        return {stage_of(list.meaning.authority), list.meaning.tenant, list.meaning.subscriber,
                party};
    }

    Action action_of(const PolicyList& list, const ListRow& row) const {
        return row.action.value_or(list.meaning.action);
    }

    std::string at(const PolicyList& list, std::uint64_t line) const {
        return list.source.path + ":" + std::to_string(line);
    }

    void add(LintKind kind, std::string text) {
        const std::size_t count = ++counts_[static_cast<std::size_t>(kind)];
        if (count <= LintFinding::kMostOfAKind) findings_.push_back({kind, std::move(text)});
    }

    // What entries of the lists allow, for other lists to be held against. Shadow rules decide nothing.
    void collect_allows() {
        for (std::uint32_t i = 0; i < policy_.lists.size(); ++i) {
            const PolicyList& list = policy_.lists[i];
            if (!list.meaning.enabled || list.meaning.shadow) continue;
            each_row(list, [&](const ListRow& row) {
                if (action_of(list, row) != Action::kAllow) return;
                for (unsigned party = 0; party < 3; ++party) {
                    if ((list.meaning.parties >> party & 1u) == 0) continue;
                    allows_[scope_of(list, party)].find_or_keep(
                        row.entry, {i, static_cast<std::uint32_t>(row.line), Action::kAllow});
                }
            });
        }
    }

    template <class Take>
    ListReport each_row(const PolicyList& list, Take take, Error* failure = nullptr) {
        ListSource source = list.source;
        source.wide = true;     // judged here
        source.strict = false;  // all bad rows are wanted
        auto reader = ListReader::open(source);
        if (!reader) {
            if (failure) *failure = reader.error();
            return {};
        }
        ListRow row;
        for (;;) {
            const auto more = reader->next(row);
            if (!more && failure) *failure = more.error();
            if (!more || !*more) break;
            take(row);
        }
        return reader->report();
    }

    void same_file(std::uint32_t i) {
        const PolicyList& list = policy_.lists[i];
        const auto [first, fresh] = files_.try_emplace(list.source.path, i);
        if (!fresh)
            add(LintKind::kShadowed, policy_.path + ":" + std::to_string(list.line) + ": list '" +
                                         list.source.id + "' reads the file of list '" +
                                         policy_.lists[first->second].source.id + "'");
    }

    void lint_list(std::uint32_t i) {
        const PolicyList& list = policy_.lists[i];
        counts_ = {};
        file_date(list);
        owner(list);
        std::uint64_t due = 0;
        std::map<std::string, PrefixPlace, std::less<>> prefixes;
        each_row(list, [&](const ListRow& row) {
            if (row.entry.kind != EntryKind::kPrefix) return;
            prefixes.try_emplace(
                row.entry.text,
                PrefixPlace{static_cast<std::uint32_t>(row.line), row.entry.min_length,
                            row.entry.max_length, action_of(list, row), std::string(row.category)});
        });
        RowMap<Place> seen;
        Error failure;
        std::array<bool, kActionCount> asked{};
        asked[static_cast<std::size_t>(list.meaning.action)] = true;
        asked[static_cast<std::size_t>(list.meaning.text_action)] = true;
        const ListReport report = each_row(
            list,
            [&](const ListRow& row) {
                const Place place{i, static_cast<std::uint32_t>(row.line), action_of(list, row)};
                asked[static_cast<std::size_t>(place.action)] = true;
                width(list, row);
                emergency(list, row);
                row_dates(list, row, due);
                if (const Place* twin = seen.find_or_keep(row.entry, place)) {
                    twice(list, row, *twin, place);
                } else {
                    against_allows(list, row, place);
                    covered(list, row, prefixes);
                }
            },
            &failure);
        if (!failure.text.empty()) {
            add(LintKind::kError, failure.text);
            return;
        }
        const auto asks = [&](Action action) { return asked[static_cast<std::size_t>(action)]; };
        if (list.source.has_rate && !asks(Action::kThrottle)) no_effect(list, "rate", "throttle");
        if (list.source.has_destination && !asks(Action::kDivert))
            no_effect(list, "destination", "divert");
        for (const Error& error : report.errors) add(LintKind::kBadRow, error.text);
        if (report.bad_rows > report.errors.size())
            add(LintKind::kBadRow, list.source.path + ": " +
                                       std::to_string(report.bad_rows - report.errors.size()) +
                                       " more bad rows");
        for (const Error& warning : report.warnings) add(LintKind::kUnknownRange, warning.text);
        if (report.rows == 0) add(LintKind::kEmpty, list.source.path + ": holds no entry");
        if (due != 0 && due == report.rows)
            add(LintKind::kDue,
                list.source.path + ": every row has expired by " + format_time(*now_) +
                    ", so that the list holds nothing; renew them or take the list out");
    }

    void owner(const PolicyList& list) {
        if (list.meaning.subscriber.empty()) return;
        const std::string number = "+" + list.meaning.subscriber.digits();
        if (normalize(parse(AddressView(std::string_view(number))), *list.source.format.plan).valid)
            return;
        add(LintKind::kUnknownRange, policy_.path + ":" + std::to_string(list.line) + ": list '" +
                                         list.source.id + "': subscriber '" + number +
                                         "' is in no range that the plan knows; the list holds all "
                                         "the same");
    }

    // Where the date of the file counts.
    void file_date(const PolicyList& list) {
        if (!now_ || (!list.source.lifetime && !list.max_age)) return;
        std::error_code code;
        const auto written = std::filesystem::last_write_time(list.source.path, code);
        if (code) return;
        const Time date =
            std::chrono::floor<Milliseconds>(std::chrono::file_clock::to_sys(written));
        if (date > *now_ + kMostAhead)
            add(LintKind::kFuture,
                list.source.path + ": the file is dated " + format_time(date) +
                    ", which is to come, and rows may take theirs from it; touch it");
    }

    void row_dates(const PolicyList& list, const ListRow& row, std::uint64_t& due) {
        if (!now_) return;
        due += row.note.expires && *row.note.expires <= *now_;
        if (row.note.since && *row.note.since > *now_ + kMostAhead)
            add(LintKind::kFuture, at(list, row.line) + ": '" + row.entry.text +
                                       "' is known since " + format_time(*row.note.since) +
                                       ", which is to come; give the day since when it is known");
    }

    void no_effect(const PolicyList& list, std::string_view key, std::string_view action) {
        add(LintKind::kNoEffect, policy_.path + ":" + std::to_string(list.line) + ": list '" +
                                     list.source.id + "' has a " + std::string(key) +
                                     ", and neither it nor a row asks for " + std::string(action) +
                                     "; remove '" + std::string(key) + "' or change an action");
    }

    void width(const PolicyList& list, const ListRow& row) {
        if (list.source.wide) return;
        if (const auto status = check_width(row.entry); !status)
            add(LintKind::kTooWide, at(list, row.line) + ": " + status.error().text);
    }

    // Calls to an emergency number are never blocked, so an entry that would is a slip: it does nothing about
    // the called party, and blocks the services' own calls where it is about the caller.
    void emergency(const PolicyList& list, const ListRow& row) {
        if (!blocks(action_of(list, row)) || list.meaning.shadow) return;
        for (const auto& [written, digits] : emergency_numbers_) {
            if (!covers_number(row.entry, digits)) continue;
            const bool exact = row.entry.kind == EntryKind::kExact;
            const bool calling =
                (list.meaning.parties & 1u << static_cast<unsigned>(Party::kCalling)) != 0;
            add(LintKind::kEmergency,
                at(list, row.line) + ": '" + row.entry.text + (exact ? "' is" : "' covers") +
                    " the emergency number " + written + ", calls to which are never blocked; " +
                    (calling ? "the entry only blocks calls that show it as the caller"
                             : "there the entry does nothing"));
            return;
        }
    }

    void twice(const PolicyList& list, const ListRow& row, const Place& first, const Place& place) {
        const std::string where = at(list, row.line) + ": '" + row.entry.text +
                                  "' stands on line " + std::to_string(first.line) + " already";
        if (contradict(first.action, place.action)) {
            add(LintKind::kContradiction, where + ", and one allows what the other blocks: tagged");
        } else {
            add(LintKind::kDuplicateEntry, where + "; remove one");
        }
    }

    void against_allows(const PolicyList& list, const ListRow& row, const Place& place) {
        if (!blocks(place.action) || list.meaning.shadow) return;
        for (unsigned party = 0; party < 3; ++party) {
            if ((list.meaning.parties >> party & 1u) == 0) continue;
            const auto scope = allows_.find(scope_of(list, party));
            if (scope == allows_.end()) continue;
            const Place* allow = scope->second.find(row.entry);
            if (!allow || allow->list == place.list) continue;
            add(LintKind::kContradiction,
                at(list, row.line) + ": blocks '" + row.entry.text + "', which " +
                    at(policy_.lists[allow->list], allow->line) + " allows: tagged");
            return;
        }
    }

    // A row that a shorter prefix of the same list covers with the same meaning says nothing.
    void covered(const PolicyList& list, const ListRow& row,
                 const std::map<std::string, PrefixPlace, std::less<>>& prefixes) {
        const ListEntry& entry = row.entry;
        const bool exact = entry.kind == EntryKind::kExact;
        if (!exact && entry.kind != EntryKind::kPrefix) return;
        const std::size_t longest = exact ? entry.text.size() : entry.text.size() - 1;
        for (std::size_t size = 1; size <= longest; ++size) {
            const auto found = prefixes.find(std::string_view(entry.text).substr(0, size));
            if (found == prefixes.end()) continue;
            const PrefixPlace& prefix = found->second;
            const std::size_t least = exact ? entry.text.size() : entry.min_length;
            const std::size_t most = exact ? entry.text.size() : entry.max_length;
            if (least < prefix.min_length || most > prefix.max_length) continue;
            if (prefix.action != action_of(list, row) || prefix.category != row.category) continue;
            add(LintKind::kShadowed, at(list, row.line) + ": '" + entry.text +
                                         "' is covered by the prefix of line " +
                                         std::to_string(prefix.line) + " with the same meaning");
            return;
        }
    }

    const Policy& policy_;
    std::optional<Time> now_;
    std::vector<LintFinding>& findings_;
    std::map<Scope, RowMap<Place>> allows_;
    std::map<std::string, std::uint32_t> files_;
    // As written, and as entries have them.
    std::vector<std::pair<std::string, std::string>> emergency_numbers_;
    std::array<std::size_t, 16> counts_{};  // of each kind, in the list at hand
};

}  // namespace

void lint_lists(const Policy& policy, std::optional<Time> now, std::vector<LintFinding>& findings) {
    ListLint(policy, now, findings).run();
}

}  // namespace ringfence
