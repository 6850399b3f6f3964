#include "ringfence/lists/entry_book.hpp"
#include "base/deep.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace ringfence {
namespace {

ListEntry entry_of(EntryKind kind, std::string text, std::string last = {}) {
    ListEntry entry;
    entry.kind = kind;
    entry.text = std::move(text);
    entry.last = std::move(last);
    return entry;
}
ListEntry number(std::string digits) { return entry_of(EntryKind::kExact, std::move(digits)); }
EntryNote note_of(std::optional<Time> expires, std::string_view source) {
    EntryNote note;
    note.expires = expires;
    note.source = source;
    return note;
}
Time at_s(std::int64_t seconds) { return time_from_ms(seconds * 1000); }

TEST(EntryBook, remembers_until_when_and_who_said_so) {
    EntryBook book;
    book.note(2, number("8617000001234"), note_of(at_s(100), "police"));
    const auto note = book.find(2, number("8617000001234"));
    ASSERT_TRUE(note);
    EXPECT_EQ(note->expires, at_s(100));
    EXPECT_EQ(note->source, "police");
    EXPECT_FALSE(book.find(1, number("8617000001234")));
    EXPECT_FALSE(book.find(2, number("8617000001235")));
    EXPECT_EQ(book.size(), 1u);
}

TEST(EntryBook, keeps_nothing_where_nothing_is_known) {
    EntryBook book;
    book.note(0, number("8617000001234"), note_of({}, ""));
    EXPECT_EQ(book.size(), 0u);
    book.note(0, number("8617000001234"), note_of(at_s(5), ""));
    book.note(0, number("8617000001234"), note_of({}, ""));
    EXPECT_EQ(book.size(), 0u);
    EXPECT_TRUE(book.expire(at_s(10)).gone.empty());
}

TEST(EntryBook, notes_many_numbers_as_it_notes_each) {
    EntryBook many;
    EntryBook each;
    std::mt19937 random(4);
    for (int round = 0; round < 60; ++round) {
        std::vector<Number> numbers(random() % 90);
        for (Number& one : numbers) one = Number::from_rank(1 + random() % 2'000);
        const auto list = static_cast<ListIndex>(random() % 3);
        EntryNote note;
        if (random() % 3 != 0) note.expires = at_s(1'000 + random() % 500);
        if (random() % 3 != 0) note.source = random() % 2 == 0 ? "police" : "bank";
        many.note(list, numbers, note);
        for (const Number one : numbers) each.note(list, one, note);
    }
    EXPECT_EQ(many.size(), each.size());
    for (ListIndex list = 0; list < 3; ++list) {
        for (std::uint64_t rank = 1; rank <= 2'000; ++rank) {
            const auto number = Number::from_rank(rank);
            ASSERT_EQ(many.find(list, number), each.find(list, number)) << rank;
        }
    }
    EXPECT_EQ(many.expire(at_s(1'300)).gone.size(), each.expire(at_s(1'300)).gone.size());
    EXPECT_EQ(many.next_due(), each.next_due());
}

TEST(EntryBook, gives_what_is_due_earliest_first) {
    EntryBook book;
    book.note(0, number("8617000001234"), note_of(at_s(30), ""));
    book.note(1, entry_of(EntryKind::kPrefix, "861700"), note_of(at_s(10), ""));
    book.note(0, entry_of(EntryKind::kRange, "8617000000", "8617000009"), note_of(at_s(20), ""));
    book.note(0, entry_of(EntryKind::kDomain, "evil.example"), note_of(at_s(40), ""));
    EXPECT_TRUE(book.expire(at_s(9)).gone.empty());
    const auto first = book.expire(at_s(30), 2).gone;
    ASSERT_EQ(first.size(), 2u);
    EXPECT_EQ(first[0].list, 1);
    EXPECT_EQ(first[0].entry, entry_of(EntryKind::kPrefix, "861700"));
    EXPECT_EQ(first[1].entry, entry_of(EntryKind::kRange, "8617000000", "8617000009"));
    const auto rest = book.expire(at_s(30)).gone;
    ASSERT_EQ(rest.size(), 1u);
    EXPECT_EQ(rest[0].entry, number("8617000001234"));
    EXPECT_EQ(book.size(), 1u);
}

TEST(EntryBook, rounds_up_and_bears_any_time) {
    EntryBook book;
    book.note(0, number("1"), note_of(time_from_ms(1001), ""));
    EXPECT_TRUE(book.expire(time_from_ms(1001)).gone.empty());
    EXPECT_EQ(book.expire(time_from_ms(2000)).gone.size(), 1u);
    book.note(0, number("2"), note_of(at_s(-5'000'000'000), ""));  // long before 1970: due at once
    EXPECT_EQ(book.expire(at_s(0)).gone.size(), 1u);
    book.note(0, number("3"), note_of(at_s(4'200'000'000), ""));     // 2103
    book.note(0, number("4"), note_of(at_s(200'000'000'000), "x"));  // the year 8307: never
    EXPECT_EQ(book.expire(at_s(4'199'999'999)).gone.size(), 0u);
    EXPECT_EQ(book.expire(at_s(300'000'000'000)).gone.size(), 1u);
    EXPECT_FALSE(book.find(0, number("4"))->expires);
}

TEST(EntryBook, keeps_since_to_the_day_and_confidence_in_percent) {
    EntryBook book;
    EntryNote note;
    note.since = time_from_ms(86'400'000LL * 20'000 + 5);
    note.confidence = 250;
    book.note(1, number("33639980001"), note);
    const auto kept = book.find(1, number("33639980001"));
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->since, time_from_ms(86'400'000LL * 20'000));
    EXPECT_EQ(kept->confidence, 100);
    EXPECT_FALSE(kept->expires);
    EXPECT_EQ(*kept, EntryBook::as_kept(note));
    book.note(1, number("33639980002"), note_of({}, "feed"));
    EXPECT_FALSE(book.find(1, number("33639980002"))->confidence);
    EXPECT_FALSE(book.find(1, number("33639980002"))->since);
}

TEST(EntryBook, keeps_every_rule_so_that_a_list_can_be_swept) {
    EntryBook book;
    book.note(3, entry_of(EntryKind::kPrefix, "33162"), {});
    book.note(3, entry_of(EntryKind::kSender, "icbc"), {});
    book.note(4, entry_of(EntryKind::kSender, "bank"), {});
    std::set<std::string> rules;
    book.each_rule(3, [&](const ListEntry& entry) { rules.insert(entry.text); });
    EXPECT_EQ(rules, (std::set<std::string>{"33162", "icbc"}));
    book.forget(3, entry_of(EntryKind::kSender, "icbc"));
    EXPECT_EQ(book.size(), 2u);
}

TEST(EntryBook, looks_at_no_more_places_than_asked_and_says_that_more_may_be_left) {
    EntryBook book;
    constexpr unsigned kEntries = 5'000;
    for (unsigned i = 0; i < kEntries; ++i)
        book.note(0, number(std::to_string(1'000'000 + i)), note_of(at_s(500), ""));
    // Half of them get another time: the places that they leave behind are work as well.
    for (unsigned i = 0; i < kEntries / 2; ++i)
        book.note(0, number(std::to_string(1'000'000 + i)), note_of(at_s(501), ""));
    EXPECT_EQ(book.next_due(), at_s(448));  // of the 64 seconds
    std::size_t gone = 0;
    std::size_t calls = 0;
    for (bool more = true; more; ++calls) {
        auto batch = book.expire(at_s(500), 700);
        ASSERT_LE(batch.gone.size(), 700u);
        gone += batch.gone.size();
        more = batch.more;
    }
    EXPECT_EQ(gone, kEntries / 2);
    EXPECT_GE(calls, kEntries / 700);
    EXPECT_EQ(book.next_due(), at_s(501));
    EXPECT_EQ(book.size(), kEntries / 2);
}

TEST(EntryBook, a_rule_is_due_though_a_number_of_the_same_minute_is_not) {
    EntryBook book;
    book.note(0, number("1000"), note_of(at_s(1000), ""));
    book.note(0, entry_of(EntryKind::kSender, "icbc"), note_of(at_s(970), ""));
    EXPECT_EQ(book.expire(at_s(975)).gone.size(), 1u);
    book.note(0, number("1001"), note_of(at_s(3), ""));  // earlier than the seconds that are open
    EXPECT_EQ(book.expire(at_s(975)).gone.size(), 1u);
    EXPECT_EQ(book.expire(at_s(1000)).gone.size(), 1u);
}

TEST(EntryBook, stays_within_forty_bytes_an_entry) {
    const std::uint64_t entries = test::deep() ? 18'650'000 : 300'000;
    EntryBook book;
    EntryNote note = note_of({}, "police");
    note.since = at_s(1'700'000'000);
    note.confidence = 90;
    const auto begun = std::chrono::steady_clock::now();
    for (std::uint64_t i = 0; i < entries; ++i) {
        note.expires = at_s(1'767'225'600 + static_cast<std::int64_t>(i * 7919 % 2'592'000));
        book.note(0, Number::from_rank(1'000'000 + i * 37), note);
    }
    const auto took = std::chrono::steady_clock::now() - begun;
    const double bytes = static_cast<double>(book.memory_bytes()) / static_cast<double>(entries);
    std::printf(
        "%.1f bytes an entry, %.0f ns a note, at %llu entries\n", bytes,
        std::chrono::duration<double, std::nano>(took).count() / static_cast<double>(entries),
        static_cast<unsigned long long>(entries));
    // Few entries in many minutes pay for the minutes.
    EXPECT_LT(bytes, entries > 1'000'000 ? 35.0 : 60.0);
}

// Against a plain map and set, with entries changed, removed and expired at random.
TEST(EntryBook, agrees_with_a_plain_model) {
    using Key = std::pair<int, std::string>;
    const unsigned seed = 4;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    EntryBook book;
    std::map<Key, std::pair<std::int64_t, std::string>> model;  // expires in s, 0: never
    std::int64_t now = 1'000;
    const auto make = [](unsigned i) {
        const std::string text = std::to_string(1'000 + i);
        return i % 3 == 0 ? entry_of(EntryKind::kSender, text) : number(text);
    };
    for (int round = 0; round < 100'000; ++round) {
        const auto list = static_cast<ListIndex>(random() % 3);
        const ListEntry entry = make(static_cast<unsigned>(random() % 300));
        const Key key{list, entry.text};
        switch (random() % 8) {
            case 0:
                book.forget(list, entry);
                model.erase(key);
                break;
            case 1: {
                now += static_cast<std::int64_t>(random() % 3);
                std::multiset<Key> gone;
                std::int64_t last = 0;
                const auto batch = book.expire(at_s(now));
                ASSERT_FALSE(batch.more);
                for (const auto& expired : batch.gone) {
                    const Key who{expired.list, expired.entry.text};
                    ASSERT_TRUE(model.count(who));
                    ASSERT_GE(model[who].first, last);  // earliest first
                    last = model[who].first;
                    gone.insert(who);
                }
                for (auto at = model.begin(); at != model.end();) {
                    const bool due = at->second.first != 0 && at->second.first <= now;
                    ASSERT_EQ(gone.count(at->first), due ? 1u : 0u);
                    at = due ? model.erase(at) : std::next(at);
                }
                break;
            }
            default: {
                const std::int64_t expires =
                    random() % 4 ? now + 1 + static_cast<std::int64_t>(random() % 200) : 0;
                const std::string source =
                    random() % 2 ? "feed" + std::to_string(random() % 5) : "";
                book.note(
                    list, entry,
                    note_of(expires ? std::optional<Time>(at_s(expires)) : std::nullopt, source));
                if (expires == 0 && source.empty() && entry.kind == EntryKind::kExact) {
                    model.erase(key);
                } else {
                    model[key] = {expires, source};
                }
            }
        }
        ASSERT_EQ(book.size(), model.size());
        const auto note = book.find(list, entry);
        const auto wanted = model.find(key);
        ASSERT_EQ(note.has_value(), wanted != model.end());
        if (note) {
            ASSERT_EQ(note->source, wanted->second.second);
        }
    }
    EXPECT_LT(book.memory_bytes(), 1u << 20u);  // leavings are cleared away
}

ListEntry pair(const char* subscriber, const char* digits) {
    ListEntry entry = number(digits);
    entry.subscriber = Number::from_digits(subscriber);
    return entry;
}

TEST(EntryBook, knows_each_subscribers_entry_apart) {
    EntryBook book;
    const ListEntry one = pair("8613800002222", "8617000001234");
    const ListEntry other = pair("8613800003333", "8617000001234");
    book.note(3, one, note_of(at_s(100), "anna"));
    book.note(3, other, note_of(at_s(50), "ben"));
    EXPECT_EQ(book.find(3, one)->source, "anna");
    EXPECT_EQ(book.find(3, other)->expires, at_s(50));
    EXPECT_FALSE(book.find(3, pair("8617000001234", "8613800002222")));
    EXPECT_FALSE(book.find(2, one));
    EXPECT_EQ(book.size(), 2u);
    EXPECT_LE(*book.next_due(), at_s(50));
    const ExpiredEntries due = book.expire(at_s(60));
    ASSERT_EQ(due.gone.size(), 1u);
    EXPECT_EQ(due.gone[0].list, 3u);
    EXPECT_EQ(due.gone[0].entry, other);
    EXPECT_FALSE(book.find(3, other));
    book.note(3, one, {});  // nothing is known: forgotten
    EXPECT_EQ(book.size(), 0u);
    EXPECT_TRUE(book.expire(at_s(200)).gone.empty());
}

TEST(EntryBook, expires_pairs_as_a_plain_model_does) {
    constexpr unsigned kSeed = 71;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    EntryBook book;
    std::map<std::pair<std::string, std::string>, std::int64_t> model;
    std::int64_t now = 0;
    const unsigned steps = test::deep() ? 200'000 : 20'000;
    for (unsigned step = 0; step < steps; ++step) {
        const std::string who = "8613800000" + std::to_string(100 + random() % 50);
        const std::string whom = "8617000000" + std::to_string(100 + random() % 50);
        const ListEntry entry = pair(who.c_str(), whom.c_str());
        switch (random() % 4) {
            case 0:
                book.forget(1, entry);
                model.erase({who, whom});
                break;
            case 1: {
                now += static_cast<std::int64_t>(random() % 3);
                for (const ExpiredEntry& gone : book.expire(at_s(now), 1'000'000).gone) {
                    const std::pair key(std::string(gone.entry.subscriber.digits()),
                                        gone.entry.text);
                    ASSERT_TRUE(model.contains(key));
                    ASSERT_LE(model[key], now);
                    model.erase(key);
                }
                for (const auto& [key, expires] : model) ASSERT_GT(expires, now);
                break;
            }
            default: {
                const std::int64_t expires = now + 1 + static_cast<std::int64_t>(random() % 400);
                book.note(1, entry, note_of(at_s(expires), "x"));
                model[{who, whom}] = expires;
            }
        }
        ASSERT_EQ(book.size(), model.size());
        const auto known = book.find(1, entry);
        const auto at = model.find({who, whom});
        ASSERT_EQ(known.has_value(), at != model.end());
        if (known) {
            ASSERT_EQ(known->expires, at_s(at->second));
        }
    }
}

// Against a map of what is noted last: of each list all that ends before its second of `rest`, and nothing is left of the others.
TEST(EntryBook, gives_the_next_ends) {
    constexpr unsigned kSeed = 31;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    const unsigned rounds = test::deep() ? 400 : 40;
    for (unsigned round = 0; round < rounds; ++round) {
        EntryBook book;
        std::map<std::pair<ListIndex, std::string>, std::uint32_t> truth;
        const unsigned spread = 1u << (random() % 12);
        const std::uint32_t begin = 1'700'000'000;
        for (unsigned i = 0; i < 600; ++i) {
            const auto list = static_cast<ListIndex>(random() % 4);
            const bool rule = random() % 8 == 0;
            const std::string text = rule ? "8617" + std::to_string(random() % 50)
                                          : "8617000" + std::to_string(100'000 + random() % 400);
            ListEntry entry = rule ? entry_of(EntryKind::kPrefix, text) : number(text);
            if (random() % 5 == 0) {
                book.forget(list, entry);
                truth.erase({list, text});
                continue;
            }
            std::optional<Time> expires;
            if (random() % 4 != 0) expires = at_s(begin + random() % spread);
            book.note(list, entry, note_of(expires, "x"));
            if (expires)
                truth[{list, text}] = static_cast<std::uint32_t>(to_ms(*expires) / 1000);
            else
                truth.erase({list, text});
        }
        if (random() % 2 == 0) {  // some 64 seconds are open
            const Time now = at_s(begin + random() % spread);
            for (const ExpiredEntry& gone : book.expire(now, 20).gone)
                truth.erase({gone.list, gone.entry.text});
        }
        const std::size_t most = random() % 2 == 0 ? random() % 300 : 10'000;
        const NextEnds ends = book.next_ends(most);
        if (most == 10'000) {
            EXPECT_TRUE(ends.rest.empty());
        }
        std::map<std::pair<ListIndex, std::string>, std::uint32_t> given;
        std::uint32_t before = 0;
        for (const auto& end : ends.numbers) {
            EXPECT_LE(before, end.second);
            before = end.second;
            given[{end.list, Number::from_rank(end.rank).digits()}] = end.second;
        }
        before = 0;
        for (const auto& end : ends.rules) {
            EXPECT_LE(before, end.second);
            before = end.second;
            given[{end.list, end.entry.text}] = end.second;
        }
        EXPECT_LE(ends.numbers.size(), most);
        EXPECT_LE(ends.rules.size(), most);
        EXPECT_TRUE(std::ranges::is_sorted(ends.rest));
        std::map<ListIndex, std::uint32_t> rest;
        for (const NextEnds::OfList& end : ends.rest)
            EXPECT_TRUE(rest.emplace(end.list, end.second).second);
        for (const auto& [entry, second] : given) ASSERT_EQ(truth.at(entry), second);
        for (const auto& [entry, second] : truth) {
            if (given.contains(entry)) continue;
            ASSERT_TRUE(rest.contains(entry.first)) << round << " " << most;
            ASSERT_LE(rest.at(entry.first), second) << round << " " << most;
        }
        EXPECT_EQ(book.next_ends(most).numbers.size(), ends.numbers.size());
    }
}

}  // namespace
}  // namespace ringfence
