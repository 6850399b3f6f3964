#include "ringfence/lists/entry_book.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>

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
Time at_s(std::int64_t seconds) { return time_from_ms(seconds * 1000); }

TEST(EntryBook, remembers_until_when_and_who_said_so) {
    EntryBook book;
    book.note(2, number("8617000001234"), at_s(100), "police");
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
    book.note(0, number("8617000001234"), {}, "");
    EXPECT_EQ(book.size(), 0u);
    book.note(0, number("8617000001234"), at_s(5), "");
    book.note(0, number("8617000001234"), {}, "");
    EXPECT_EQ(book.size(), 0u);
    EXPECT_TRUE(book.expire(at_s(10)).empty());
}

TEST(EntryBook, gives_what_is_due_earliest_first) {
    EntryBook book;
    book.note(0, number("8617000001234"), at_s(30), "");
    book.note(1, entry_of(EntryKind::kPrefix, "861700"), at_s(10), "");
    book.note(0, entry_of(EntryKind::kRange, "8617000000", "8617000009"), at_s(20), "");
    book.note(0, entry_of(EntryKind::kDomain, "evil.example"), at_s(40), "");
    EXPECT_TRUE(book.expire(at_s(9)).empty());
    const auto first = book.expire(at_s(30), 2);
    ASSERT_EQ(first.size(), 2u);
    EXPECT_EQ(first[0].list, 1);
    EXPECT_EQ(first[0].entry, entry_of(EntryKind::kPrefix, "861700"));
    EXPECT_EQ(first[1].entry, entry_of(EntryKind::kRange, "8617000000", "8617000009"));
    const auto rest = book.expire(at_s(30));
    ASSERT_EQ(rest.size(), 1u);
    EXPECT_EQ(rest[0].entry, number("8617000001234"));
    EXPECT_EQ(book.size(), 1u);
}

TEST(EntryBook, rounds_up_and_bears_any_time) {
    EntryBook book;
    book.note(0, number("1"), time_from_ms(1001), "");
    EXPECT_TRUE(book.expire(time_from_ms(1001)).empty());
    EXPECT_EQ(book.expire(time_from_ms(2000)).size(), 1u);
    book.note(0, number("2"), at_s(-5'000'000'000), "");  // long before 1970: due at once
    EXPECT_EQ(book.expire(at_s(0)).size(), 1u);
    book.note(0, number("3"), at_s(4'200'000'000), "");     // 2103
    book.note(0, number("4"), at_s(200'000'000'000), "x");  // the year 8307: never
    EXPECT_EQ(book.expire(at_s(4'199'999'999)).size(), 0u);
    EXPECT_EQ(book.expire(at_s(300'000'000'000)).size(), 1u);
    EXPECT_FALSE(book.find(0, number("4"))->expires);
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
                for (const auto& expired : book.expire(at_s(now))) {
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
                book.note(list, entry, expires ? std::optional<Time>(at_s(expires)) : std::nullopt,
                          source);
                if (expires == 0 && source.empty()) {
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

}  // namespace
}  // namespace ringfence
