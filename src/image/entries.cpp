// entries.cpp - prefixes, names and what is known of entries: into the octets of an image and back.
#include <algorithm>
#include <map>
#include <new>
#include <utility>

#include "ringfence/lists/load_list.hpp"
#include "ringfence/source/utf8.hpp"
#include "src/image/coded.hpp"

namespace ringfence {
namespace {

using image::Kind;
using image::Note;
using image::NotesHead;
using image::RuleHead;

constexpr std::uint32_t kNever = UINT32_MAX;
constexpr std::uint32_t kMostSource = (1u << 23u) - 1;

std::uint32_t seconds_of(const EntryNote& note) {
    return note.expires ? static_cast<std::uint32_t>(to_ms(*note.expires) / 1000) : kNever;
}
std::uint16_t day_of(const EntryNote& note) {
    return note.since ? static_cast<std::uint16_t>(to_ms(*note.since) / kDayMs) : std::uint16_t{0};
}

// Notes come from a book, so that they are rounded and bounded as it keeps them.
class Encoder {
public:
    Encoder(const EntryBook& book, std::size_t list_count) : book_(book) {
        for (std::size_t i = 0; i < list_count; ++i) {
            const auto list = static_cast<ListIndex>(i);
            rules(list);
            numbers(list);
        }
    }
    image::EncodedEntries take() { return std::move(made_); }

private:
    std::uint32_t source(std::string_view text) {
        if (text.empty()) return 0;
        const auto [at, is_new] =
            sources_.try_emplace(text, static_cast<std::uint32_t>(sources_.size() + 1));
        if (is_new) {
            const std::string_view kept = text.substr(0, UINT16_MAX);
            image::append(made_.sources, static_cast<std::uint16_t>(kept.size()));
            made_.sources.append(kept);
        }
        return at->second;
    }

    void rules(ListIndex list) {
        book_.each_rule(list, [&](const ListEntry& entry) {
            const EntryNote note = book_.find(list, entry).value_or(EntryNote{});
            RuleHead head;
            head.expires = seconds_of(note);
            head.source = source(note.source);
            head.list = list;
            head.since = day_of(note);
            head.kind = static_cast<std::uint8_t>(entry.kind);
            head.min_length = entry.min_length;
            head.max_length = entry.max_length;
            head.confidence = note.confidence.value_or(RuleHead::kNoConfidence);
            head.text_bytes = static_cast<std::uint8_t>(entry.text.size());
            head.last_bytes = static_cast<std::uint8_t>(entry.last.size());
            image::append(made_.rules, head);
            made_.rules.append(entry.text).append(entry.last);
        });
    }

    // By rank, so that equal lists make equal images.
    void numbers(ListIndex list) {
        std::vector<Note> notes;
        book_.each_number(list, [&](Number number, const EntryNote& note) {
            const std::uint32_t from = source(note.source);
            notes.push_back(
                {number.rank() << 14u |
                     std::uint64_t{note.confidence.value_or(Note::kNoConfidence)} << 7u |
                     from >> 16u,
                 std::uint64_t{seconds_of(note)} << 32u | std::uint64_t{day_of(note)} << 16u |
                     (from & 0xFFFFu)});
        });
        if (notes.empty()) return;
        std::ranges::sort(notes, {}, &Note::first);
        NotesHead head;
        head.count = notes.size();
        head.list = list;
        image::append(made_.notes, head);
        made_.notes.append(reinterpret_cast<const char*>(notes.data()),
                           notes.size() * sizeof(Note));
    }

    const EntryBook& book_;
    std::map<std::string_view, std::uint32_t> sources_;
    image::EncodedEntries made_;
};

// Makes rules and a book of the octets.
class Decoder {
public:
    Decoder(const std::string& name, const TableSet& tables, std::size_t list_count)
        : name_(name), tables_(tables), list_count_(list_count) {}

    Status sources(std::string_view text, std::uint64_t offset);
    Status rules(std::string_view text, std::uint64_t offset);
    Status notes(std::string_view text, std::uint64_t offset);
    Status check_keys(std::uint64_t offset) const;
    ImageEntries take() { return std::move(made_); }

private:
    Error fault(Kind kind, std::uint64_t offset, std::string_view what) const {
        return image::error_at(ErrorCode::kSyntax, name_, kind, offset, what);
    }
    bool in_tables(const ListEntry& entry, ListIndex list) const;
    // False for values that no book keeps.
    bool note_of(std::uint32_t expires, std::uint16_t since, std::uint32_t source,
                 EntryNote& note) const;

    const std::string& name_;
    const TableSet& tables_;
    std::size_t list_count_;
    std::vector<std::string_view> sources_{std::string_view()};
    std::uint64_t keys_ = 0;  // pairs of key and list
    ImageEntries made_;
};

bool Decoder::note_of(std::uint32_t expires, std::uint16_t since, std::uint32_t source,
                      EntryNote& note) const {
    if (expires != kNever) note.expires = time_from_ms(std::int64_t{expires} * 1000);
    if (since != 0) note.since = time_from_ms(since * kDayMs);
    if (source >= sources_.size()) return false;
    note.source = sources_[source];
    return true;
}

Status Decoder::sources(std::string_view text, std::uint64_t offset) {
    image::Cursor cursor(text);
    while (!cursor.done()) {
        const std::size_t at = cursor.at();
        std::uint16_t size = 0;
        std::string_view source;
        if (!cursor.take(size) || !cursor.take(source, size))
            return fault(Kind::kSources, offset + at, "ends inside a source");
        if (source.empty() || !is_utf8(source) || sources_.size() > kMostSource)
            return fault(Kind::kSources, offset + at, "is no text, or one source too many");
        sources_.push_back(source);
    }
    return ok();
}

// Whether look-ups meet the entry. Of a prefix one number is tried, the lowest of the shortest.
bool Decoder::in_tables(const ListEntry& entry, ListIndex list) const {
    const auto on_list = [&](std::span<const ListIndex> lists) {
        return std::ranges::binary_search(lists, list);
    };
    switch (entry.kind) {
        case EntryKind::kPrefix: {
            std::string digits = entry.text;
            digits.resize(std::max<std::size_t>({digits.size(), entry.min_length, 1}), '0');
            const auto hits = tables_.prefixes->longest_match(digits);
            return std::ranges::any_of(hits, [&](const PrefixHit& hit) {
                return hit.list == list && hit.prefix_length == entry.text.size();
            });
        }
        case EntryKind::kRange: {
            const auto hits = tables_.prefixes->longest_match(entry.text);
            return std::ranges::find(hits, list, &PrefixHit::list) != hits.end();
        }
        case EntryKind::kSender: return on_list(tables_.keys->find(KeyKind::kSender, entry.text));
        case EntryKind::kDomain: return on_list(tables_.keys->find(KeyKind::kDomain, entry.text));
        case EntryKind::kAccount: return on_list(tables_.keys->find(KeyKind::kAccount, entry.text));
        default: return on_list(tables_.keys->find(KeyKind::kDigits, entry.text));
    }
}

Status Decoder::rules(std::string_view text, std::uint64_t offset) {
    image::Cursor cursor(text);
    while (!cursor.done()) {
        const std::uint64_t at = offset + cursor.at();
        RuleHead head;
        std::string_view entry_text;
        std::string_view last;
        if (!cursor.take(head) || !cursor.take(entry_text, head.text_bytes) ||
            !cursor.take(last, head.last_bytes))
            return fault(Kind::kRules, at, "ends inside a rule");
        ListEntry entry;
        entry.kind = static_cast<EntryKind>(head.kind);
        entry.min_length = head.min_length;
        entry.max_length = head.max_length;
        entry.text = entry_text;
        entry.last = last;
        EntryNote note;
        const bool sure = head.confidence != RuleHead::kNoConfidence;
        if (sure) note.confidence = head.confidence;
        if (head.list >= list_count_ ||
            head.kind > static_cast<std::uint8_t>(EntryKind::kAccount) || head.zero != 0 ||
            entry.min_length > ListEntry::kMaxDigits || entry.max_length > ListEntry::kMaxDigits ||
            entry.text.size() > ListEntry::kMaxText ||
            entry_text.find('\0') != std::string_view::npos ||
            (entry.kind != EntryKind::kRange && !last.empty()) ||
            (sure && head.confidence > EntryNote::kMaxConfidence) ||
            !note_of(head.expires, head.since, head.source, note))
            return fault(Kind::kRules, at, "is a rule that makes no sense");
        const auto list = static_cast<ListIndex>(head.list);
        if (made_.book.find(list, entry)) return fault(Kind::kRules, at, "is there twice");
        const auto added = add_to(made_.rules, entry, list);
        if (!added && added.error().code == ErrorCode::kOutOfMemory) return added.error();
        if (!added) return fault(Kind::kRules, at, added.error().text);
        if (!in_tables(entry, list))
            return fault(Kind::kRules, at, "is a rule that the tables do not hold");
        keys_ += table_of(entry) == EntryTable::kKeys ? 1u : 0u;
        made_.book.note(list, entry, note);
    }
    return ok();
}

// All rules of keys are in the table; that the table holds no other follows from their count.
Status Decoder::check_keys(std::uint64_t offset) const {
    auto parts = parts_of(*tables_.keys);
    if (!parts) return parts.error();
    if (parts->lists.size() == keys_) return ok();
    return fault(Kind::kRules, offset, "is without some of the names that the tables hold");
}

Status Decoder::notes(std::string_view text, std::uint64_t offset) {
    image::Cursor cursor(text);
    std::uint32_t next_list = 0;
    while (!cursor.done()) {
        const std::uint64_t at = offset + cursor.at();
        NotesHead head;
        if (!cursor.take(head)) return fault(Kind::kNotes, at, "ends inside the notes of a list");
        if (head.list >= list_count_ || head.list < next_list || head.count == 0 ||
            head.zeros != decltype(head.zeros){} ||
            head.count > (text.size() - cursor.at()) / sizeof(Note))
            return fault(Kind::kNotes, at, "is of no list, or has notes that are not there");
        next_list = head.list + 1u;
        const auto list = static_cast<ListIndex>(head.list);
        std::uint64_t last = 0;
        for (std::uint64_t i = 0; i < head.count; ++i) {
            const std::uint64_t here = offset + cursor.at();
            Note coded;
            if (!cursor.take(coded)) return fault(Kind::kNotes, here, "ends inside a note");
            const Number number = Number::from_rank(coded.first >> 14u);
            const auto confidence = static_cast<std::uint8_t>(coded.first >> 7u & 0x7Fu);
            const bool sure = confidence != Note::kNoConfidence;
            EntryNote note;
            if (sure) note.confidence = confidence;
            const auto source =
                static_cast<std::uint32_t>((coded.first & 0x7Fu) << 16u | (coded.second & 0xFFFFu));
            if (number.rank() <= last || (sure && confidence > EntryNote::kMaxConfidence) ||
                !note_of(static_cast<std::uint32_t>(coded.second >> 32u),
                         static_cast<std::uint16_t>(coded.second >> 16u), source, note) ||
                note.empty())
                return fault(Kind::kNotes, here, "is a note that makes no sense");
            last = number.rank();
            const auto lists = tables_.numbers->lists(number);
            if (!std::ranges::binary_search(lists, list))
                return fault(Kind::kNotes, here, "is of a number that is not on its list");
            made_.book.note(list, number, note);
        }
    }
    return ok();
}

}  // namespace

image::EncodedEntries image::encode(const EntryBook& book, std::size_t list_count) {
    return Encoder(book, list_count).take();
}

Result<ImageEntries> Image::entries() const {
    try {
        Decoder decoder(name_, tables_, sub_lists_.all().size());
        const Coded& coded = *coded_;
        if (auto status = decoder.sources(coded.sources.bytes, coded.sources.offset); !status)
            return status.error();
        if (auto status = decoder.rules(coded.rules.bytes, coded.rules.offset); !status)
            return status.error();
        if (auto status = decoder.check_keys(coded.rules.offset); !status) return status.error();
        if (auto status = decoder.notes(coded.notes.bytes, coded.notes.offset); !status)
            return status.error();
        return decoder.take();
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
}

}  // namespace ringfence
