// The look-ups of a chunk: every number of every event in one batch, and as its subscriber knows it in another where
// lists are by subscriber; then lists to findings.
#include <algorithm>
#include <array>

#include "src/screen/session_state.hpp"

namespace ringfence {
namespace {

constexpr std::uint8_t kMostSpecificPrefix = Finding::kExactSpecificity - 1;

constexpr auto kNoneEnded = [](ListIndex) { return false; };

}  // namespace

void Session::State::look_up_all() {
    std::size_t count = 0;
    const auto take = [&](const EventSlot& event) {
        for (const PartyRead* party : {&event.first, &event.second}) {
            numbers[count] = party->number.number;
            pairs[count] = {event.subscriber, party->number.number};
            ++count;
        }
    };
    for (std::size_t i = 0; i < calls.size(); ++i) take(call_slots[i]);
    for (std::size_t i = 0; i < messages.size(); ++i) take(message_slots[i]);
    tables().find(std::span<const Number>(numbers.get(), count),
                  std::span<Payload>(payloads.get(), count));
    tables().longest_match(std::span<const Number>(numbers.get(), count),
                           {prefix_hits.get(), count});
    if (const PairTable* table = pair_table())
        table->find(std::span<const SubscriberNumber>(pairs.get(), count),
                    std::span<Payload>(pair_payloads.get(), count));
}

// `ended`: whether what was found by that list has ended, and is passed over.
template <class HasEnded>
void Session::State::push_lists(std::span<const ListIndex> lists, Party party,
                                std::uint8_t specificity, std::uint32_t tenant, TextPlace place,
                                EventSlot& event, const HasEnded& ended) const {
    for (const ListIndex index : lists) {
        // A list index that a later set of tables knows and these rules do not cannot be meant.
        if (index >= rules().meanings.size()) continue;
        const ListMeaning& meaning = rules().meanings[index];
        if (!meaning.concerns(party, tenant, event.subscriber) || ended(index)) continue;
        Finding finding = meaning.finding(party, specificity);
        finding.match_offset = place.offset;
        finding.match_length = place.length;
        event.findings.push(finding);
    }
}

void Session::State::push_number(std::span<const ListIndex> lists, Number number, Party party,
                                 std::uint32_t tenant, TextPlace place, EventSlot& event) const {
    if (lists.empty()) return;
    const Ended* const over = ended();
    if (over == nullptr)
        return push_lists(lists, party, Finding::kExactSpecificity, tenant, place, event,
                          kNoneEnded);
    push_lists(lists, party, Finding::kExactSpecificity, tenant, place, event,
               [over, number](ListIndex list) { return over->number(list, number); });
}

void Session::State::push_pair(std::span<const ListIndex> lists, Party party, std::uint32_t tenant,
                               TextPlace place, EventSlot& event) const {
    push_lists(lists, party, Finding::kExactSpecificity, tenant, place, event,
               kNoneEnded);  // shared tables have none
}

void Session::State::push_name(std::span<const ListIndex> lists, EntryKind kind,
                               std::string_view name, Party party, std::uint8_t specificity,
                               std::uint32_t tenant, TextPlace place, EventSlot& event) const {
    if (lists.empty()) return;
    const Ended* const over = ended();
    if (over == nullptr)
        return push_lists(lists, party, specificity, tenant, place, event, kNoneEnded);
    push_lists(lists, party, specificity, tenant, place, event,
               [over, kind, name](ListIndex list) { return over->name(list, kind, name); });
}

void Session::State::push_prefixes(std::span<const PrefixHit> hits, std::string_view digits,
                                   Party party, std::uint32_t tenant, TextPlace place,
                                   EventSlot& event) const {
    const Ended* const over = ended();
    for (const PrefixHit& hit : hits) {
        if (over == nullptr)
            push_lists({&hit.list, 1}, party, hit.prefix_length, tenant, place, event, kNoneEnded);
        else
            push_lists({&hit.list, 1}, party, hit.prefix_length, tenant, place, event,
                       [over, digits, length = hit.prefix_length](ListIndex list) {
                           return over->prefix(list, digits, length);
                       });
    }
}

void Session::State::push_prefixes(std::span<const PrefixHit> hits, Number number, Party party,
                                   std::uint32_t tenant, TextPlace place, EventSlot& event) const {
    if (hits.empty()) return;
    std::array<char, Number::kMaxDigits> digits;
    const std::size_t size = ended() != nullptr ? number.write_digits(digits) : 0;
    push_prefixes(hits, std::string_view(digits.data(), size), party, tenant, place, event);
}

// `at` is the party's place in the batch.
void Session::State::find_party(Party party, const PartyRead& read, std::size_t at,
                                std::uint32_t tenant, EventSlot& event) {
    const TableViews& set = tables();
    const Number number = read.number.number;
    if (!number.empty()) {
        push_number(set.numbers.lists(number, payloads[at]), number, party, tenant, {}, event);
        if (const PairTable* table = pair_table())
            push_pair(table->lists(pair_payloads[at]), party, tenant, {}, event);
        push_prefixes(prefix_hits[at], number, party, tenant, {}, event);
    } else if (read.number.size > Number::kMaxDigits && !read.address.truncated) {
        const std::string_view digits = read.number.digits();
        push_name(set.keys.find(KeyKind::kDigits, digits), EntryKind::kExact, digits, party,
                  Finding::kExactSpecificity, tenant, {}, event);
        push_prefixes(set.prefixes.longest_match(digits), digits, party, tenant, {}, event);
    } else if (read.address.kind == AddressKind::kAlphanumeric) {
        fold_key(EntryKind::kSender, read.address.text(), key);
        push_name(set.keys.find(KeyKind::kSender, key), EntryKind::kSender, key, party,
                  Finding::kExactSpecificity, tenant, {}, event);
    }
}

void Session::State::judge_found(const Found& found, std::uint32_t tenant, MessageSlot& event) {
    const TableViews& set = tables();
    const std::string_view key_found = found.key;
    if (found.kind == FoundKind::kDomain) {
        for (DomainHit hit = set.keys.find_domain(found.key); hit.length != 0;
             hit = set.keys.find_domain(found.key, hit.length)) {
            const auto specificity = hit.length == found.key.size()
                                         ? Finding::kExactSpecificity
                                         : static_cast<std::uint8_t>(std::min<std::size_t>(
                                               hit.length, kMostSpecificPrefix));
            push_name(hit.lists, EntryKind::kDomain,
                      key_found.substr(key_found.size() - hit.length), Party::kText, specificity,
                      tenant, found.place, event);
        }
    } else if (found.kind == FoundKind::kAccount || found.kind == FoundKind::kEmail) {
        push_name(set.keys.find(KeyKind::kAccount, found.key), EntryKind::kAccount, key_found,
                  Party::kText, Finding::kExactSpecificity, tenant, found.place, event);
    } else if (!found.number.empty()) {
        push_number(set.lists(found.number), found.number, Party::kText, tenant, found.place,
                    event);
        if (const PairTable* table = pair_table())
            push_pair(table->lists({event.subscriber, found.number}), Party::kText, tenant,
                      found.place, event);
        push_prefixes(set.longest_match(found.number), found.number, Party::kText, tenant,
                      found.place, event);
    } else {
        push_name(set.keys.find(KeyKind::kDigits, found.key), EntryKind::kExact, key_found,
                  Party::kText, Finding::kExactSpecificity, tenant, found.place, event);
        push_prefixes(set.prefixes.longest_match(found.key), key_found, Party::kText, tenant,
                      found.place, event);
    }
}

}  // namespace ringfence
