#include "ringfence/traffic/traffic_file.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <type_traits>

#include "ringfence/screen/screen.hpp"
#include "ringfence/source/time_text.hpp"
#include "ringfence/traffic/fields.hpp"

namespace ringfence {
namespace {

int half_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Where each column stands in the file.
using Columns = std::vector<std::optional<std::size_t>>;

// The fields of a CSV row; see fields.hpp.
class CsvFields {
public:
    CsvFields(const CsvRow& row, const Columns& columns, TextArena& arena)
        : row_(row), columns_(columns), arena_(arena) {}

    std::string_view text(unsigned column) const { return row_.get(columns_[column]); }
    bool is_given(unsigned column) const { return columns_[column].has_value(); }
    std::string_view kept(unsigned column) const { return arena_.keep(text(column)); }

    template <class Integer>
    bool number(unsigned column, Integer& out) const {
        return traffic::read_whole(text(column), out);
    }

    bool time(unsigned column, Time& out) const {
        const auto time = parse_time(text(column));
        if (time) out = *time;
        return time.has_value();
    }

    std::span<const std::uint8_t> octets(unsigned column, bool& valid) const {
        return arena_.keep_hex(text(column), valid);
    }

private:
    const CsvRow& row_;
    const Columns& columns_;
    TextArena& arena_;
};

template <std::size_t kCount>
Columns columns_of(const CsvHeader& header, const std::array<std::string_view, kCount>& names) {
    Columns columns;
    for (const std::string_view name : names) columns.push_back(header.column(name));
    return columns;
}

Columns columns_of(const CsvHeader& header, const Call*) {
    return columns_of(header, traffic::kCallColumnNames);
}
Columns columns_of(const CsvHeader& header, const Sms*) {
    return columns_of(header, traffic::kSmsColumnNames);
}

Status check_header(const CsvReader& reader, const Call*) {
    return reader.header().require({"time", "calling", "called"});
}
Status check_header(const CsvReader& reader, const Sms*) {
    const CsvHeader& header = reader.header();
    if (auto status = header.require({"time", "sender", "recipient"}); !status) return status;
    if (!header.column("text") && !header.column("pdu") && !header.column("short_message")) {
        return Error::at(ErrorCode::kMissing, reader.name(), 1,
                         "none of the columns text, pdu, short_message is there; add one");
    }
    return ok();
}

// Who is called, in the event and in the file.
AddressView& called_of(Call& call) { return call.called; }
AddressView& called_of(Sms& sms) { return sms.recipient; }
unsigned called_column(const Call&) { return traffic::kCalled; }
unsigned called_column(const Sms&) { return traffic::kRecipient; }

bool read_row(const CsvFields& fields, const Screen*, traffic::Places& places, Call& call,
              std::string& problem) {
    return traffic::read_event(fields, places, call, problem);
}
// Without a Screen a message is there to be decoded.
bool read_row(const CsvFields& fields, const Screen* screen, traffic::Places& places, Sms& sms,
              std::string& problem) {
    return screen == nullptr ? traffic::read_text_event(fields, sms, problem)
                             : traffic::read_event(fields, places, sms, problem);
}

bool says_yes(std::string_view field) {
    const auto& names = traffic::kBooleanNames;
    return std::ranges::any_of(names, [&](const auto& name) {
        return name.second && traffic::is_word(name.first, field);
    });
}

// The fields of a row with `columns` columns that may be the one meant for `column`: one more for each comma that is
// missing before it, or too many.
std::span<const std::string_view> candidates(std::span<const std::string_view> row,
                                             std::size_t columns, std::size_t column) {
    const std::size_t missing = columns - std::min(columns, row.size());
    const std::size_t extra = row.size() - std::min(columns, row.size());
    const std::size_t from = std::min(column - std::min(column, missing), row.size());
    return row.subspan(from, std::min(column + extra + 1, row.size()) - from);
}

// As is_saved, of a row that was cut in the wrong places.
template <class Event>
bool is_saved_shifted(const Screen& screen, const CsvRow& csv, const Columns& columns,
                      std::size_t header, TextArena& arena, Event& event) {
    if constexpr (std::is_same_v<Event, Call>) {
        // What stands in its place now may be another column's.
        event.emergency =
            columns[traffic::kEmergency] &&
            std::ranges::any_of(candidates(csv.fields, header, *columns[traffic::kEmergency]),
                                says_yes);
    }
    if (is_saved(screen, event)) return true;
    for (const std::string_view field :
         candidates(csv.fields, header, *columns[called_column(event)])) {
        Event moved = event;
        called_of(moved).text = field;
        if (!is_saved(screen, moved)) continue;
        called_of(moved).text = arena.keep(field);
        event = moved;
        return true;
    }
    return false;
}

}  // namespace

std::string_view TextArena::keep(std::string_view text) {
    if (text.empty()) return {};
    char* bytes = take(text.size());
    std::memcpy(bytes, text.data(), text.size());
    return {bytes, text.size()};
}

std::span<const std::uint8_t> TextArena::keep_hex(std::string_view hex, bool& valid) {
    valid = hex.size() % 2 == 0;
    if (!valid || hex.empty()) return {};
    auto* bytes = reinterpret_cast<std::uint8_t*>(take(hex.size() / 2));
    for (std::size_t i = 0; i < hex.size() / 2; ++i) {
        const int high = half_of(hex[2 * i]);
        const int low = half_of(hex[2 * i + 1]);
        valid &= high >= 0 && low >= 0;
        bytes[i] = static_cast<std::uint8_t>((high & 0xF) << 4 | (low & 0xF));
    }
    return {bytes, hex.size() / 2};
}

void TextArena::clear() {
    piece_ = 0;
    used_ = 0;
}

char* TextArena::take(std::size_t size) {
    while (piece_ < pieces_.size() && pieces_[piece_].size - used_ < size) {
        ++piece_;
        used_ = 0;
    }
    if (piece_ == pieces_.size()) {
        const std::size_t room = std::max(size, kPiece);
        pieces_.push_back({std::make_unique<char[]>(room), room});
    }
    char* bytes = pieces_[piece_].bytes.get() + used_;
    used_ += size;
    return bytes;
}

void adopt(Call& call, TextArena& arena) {
    for (std::string_view* text : {&call.calling.text, &call.called.text, &call.redirecting.text,
                                   &call.call_id, &call.serving_country, &call.subscriber}) {
        *text = arena.keep(*text);
    }
}

void adopt(Sms& sms, TextArena& arena) {
    for (std::string_view* text :
         {&sms.sender.text, &sms.recipient.text, &sms.smsc, &sms.subscriber}) {
        *text = arena.keep(*text);
    }
    const auto kept =
        arena.keep({reinterpret_cast<const char*>(sms.content.data()), sms.content.size()});
    sms.content = {reinterpret_cast<const std::uint8_t*>(kept.data()), kept.size()};
}

bool is_saved(const Screen& screen, Call& call) {
    if (!screen.is_emergency(call)) return false;
    const Call read = call;
    call = {.calling = read.calling, .called = read.called, .time = read.time};
    call.emergency = read.emergency;
    call.call_id = read.call_id;
    call.serving_country = read.serving_country;
    return true;
}

bool is_saved(const Screen& screen, Sms& sms) {
    if (!screen.is_emergency(sms)) return false;
    const Sms read = sms;
    sms = {};
    sms.sender = read.sender;
    sms.recipient = read.recipient;
    sms.time = read.time;
    return true;
}

template <class Event>
TrafficFile<Event>::TrafficFile(CsvReader reader, const Screen* screen)
    : reader_(std::move(reader)),
      screen_(screen),
      places_(screen),
      columns_(columns_of(reader_.header(), static_cast<const Event*>(nullptr))) {}

template <class Event>
Result<TrafficFile<Event>> TrafficFile<Event>::open(const std::string& path, const Screen* screen,
                                                    int wake) {
    CsvOptions options;
    options.input = {.streams = true, .wake = wake};
    options.refuse_nul = false;  // a NUL inside a message text is the message's own affair
    auto reader = CsvReader::open(path, options);
    if (!reader) return reader.error();
    if (auto status = check_header(*reader, static_cast<const Event*>(nullptr)); !status) {
        return status.error();
    }
    return TrafficFile(std::move(*reader), screen);
}

template <class Event>
Result<bool> TrafficFile<Event>::next(TrafficRow<Event>& row, TextArena& arena) {
    CsvRow csv;
    row.problem.clear();
    row.event = Event{};
    row.event.time = last_time_;
    row.has_time = false;
    const auto more = reader_.next(csv);
    if (!more && reader_.failed()) return more.error();
    row.row = csv.index;
    row.line = csv.line;
    if (!more) {
        row.problem = more.error().text;
        row.screened = screen_ != nullptr && read_bad_row(csv, row, arena);
        if (!row.screened) row.event = Event{};
        if (!row.has_time) row.event.time = last_time_;
        last_time_ = row.event.time;
        return true;
    }
    if (!*more) return false;
    const CsvFields fields(csv, columns_, arena);
    row.screened = read_row(fields, screen_, places_, row.event, row.problem);
    // Of a row to be screened it is known already that it is good.
    row.has_time =
        (screen_ != nullptr && row.screened) || fields.time(traffic::kTime, row.event.time);
    if (!row.problem.empty())
        row.problem = Error::at(ErrorCode::kSyntax, reader_.name(), row.line, row.problem).text;
    if (!row.screened) row.screened = screen_ != nullptr && is_saved(*screen_, row.event);
    last_time_ = row.event.time;
    return true;
}

// Of a row that is no CSV row of this file: whether it shows an emergency.
template <class Event>
bool TrafficFile<Event>::read_bad_row(CsvRow csv, TrafficRow<Event>& row, TextArena& arena) {
    csv.fields = csv.cut;
    const CsvFields fields(csv, columns_, arena);
    std::string other_problems;
    traffic::read_event(fields, places_, row.event, other_problems);
    const std::size_t columns = reader_.header().names().size();
    const bool saved = csv.fields.size() == columns
                           ? is_saved(*screen_, row.event)
                           : is_saved_shifted(*screen_, csv, columns_, columns, arena, row.event);
    // Where fields are missing another column's may stand in its place.
    row.has_time =
        saved && csv.fields.size() >= columns && fields.time(traffic::kTime, row.event.time);
    return saved;
}

template class TrafficFile<Call>;
template class TrafficFile<Sms>;

}  // namespace ringfence
