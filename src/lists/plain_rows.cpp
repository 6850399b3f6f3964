#include "src/lists/plain_rows.hpp"

#include <array>

namespace ringfence {
namespace {

static_assert(CsvReader::kAheadPadding >= kernel::kRowsPadding);

// The digits of a number that is nothing else but perhaps a '+', and long enough to be learned; else none.
std::string_view plain_digits(std::string_view written) {
    if (written.starts_with('+')) written.remove_prefix(1);
    const bool fits =
        written.size() >= kernel::NumberHead::kFewestDigits && written.size() <= Number::kMaxDigits;
    unsigned others = 0;
    for (const char c : written) others |= c < '0' || c > '9' ? 1u : 0u;
    return fits && others == 0 ? written : std::string_view{};
}

}  // namespace

void PlainRows::keep(std::string_view text, const RawRow& raw, const ListRow& row) {
    if (row.entry.kind != EntryKind::kExact) return;
    const std::string_view digits = plain_digits(raw.number);
    if (digits.empty()) return;
    heads_.learn(digits, digits.size() != raw.number.size());

    const auto offset = [&](std::string_view part) {
        return static_cast<std::size_t>(part.data() - text.data());
    };
    const std::size_t begin = offset(raw.number);
    const std::size_t end = begin + raw.number.size();
    if (text_.size() >= end && shape_.before == text.substr(0, begin) &&
        shape_.after == text.substr(end))
        return;
    // Around a quote a field is not what stands in the text.
    if (text.size() > kMaxText || !text.ends_with('\n') || text.find('"') != std::string_view::npos)
        return;
    text_ = text;
    const std::string_view kept = text_;
    const auto moved = [&](std::string_view part) {
        return part.empty() ? std::string_view{} : kept.substr(offset(part), part.size());
    };
    shape_ = {kept.substr(0, begin), kept.substr(end)};
    said_.entry.subscriber = row.entry.subscriber;
    said_.action = row.action;
    said_.category = moved(row.category);
    said_.note = row.note;
    said_.note.source = moved(row.note.source);
}

bool PlainRows::read(std::string_view written, ListEntry& entry) const {
    const std::string_view digits = plain_digits(written);
    if (digits.empty()) return false;
    const Number number = heads_.apply(digits, digits.size() != written.size());
    if (number.empty()) return false;
    std::array<char, Number::kMaxDigits> text;
    const unsigned size = number.write_digits(text);
    entry.kind = EntryKind::kExact;
    entry.min_length = 0;
    entry.max_length = ListEntry::kMaxDigits;
    entry.text.assign(text.data(), size);
    entry.last.clear();
    entry.subscriber = {};
    return true;
}

ListRun PlainRows::read(CsvReader& csv) {
    const std::string_view ahead = csv.ahead();
    if (text_.empty() || ahead.empty()) return {};
    const auto got =
        kernel::digits_kernel().read_rows(ahead.data(), ahead.data() + ahead.size(), shape_,
                                          heads_.table(), numbers_.data(), numbers_.size());
    const ListRun run{std::span(numbers_).first(got.count), csv.next_line(), &said_};
    csv.pass(static_cast<std::size_t>(got.at - ahead.data()), got.count);
    return run;
}

}  // namespace ringfence
