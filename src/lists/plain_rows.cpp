#include "src/lists/plain_rows.hpp"

#include <algorithm>

namespace ringfence {
namespace {

static_assert(CsvReader::kAheadPadding >= kernel::kRowsPadding);

bool all_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

void PlainRows::keep(std::string_view text, const RawRow& raw, const ListRow& row) {
    if (row.entry.kind != EntryKind::kExact) return;
    const bool plus = raw.number.starts_with('+');
    const std::string_view digits = raw.number.substr(plus ? 1 : 0);
    if (digits.size() < kernel::NumberHead::kFewestDigits || digits.size() > Number::kMaxDigits ||
        !all_digits(digits))
        return;
    heads_.learn(digits, plus);

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
    said_.action = row.action;
    said_.category = moved(row.category);
    said_.note = row.note;
    said_.note.source = moved(row.note.source);
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
