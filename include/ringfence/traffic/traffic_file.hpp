// traffic_file.hpp - calls.csv and sms.csv, row by row, as requests.
//
// A row that cannot be read is no reason to lose the others: it comes as a row with its `problem`, takes
// its place in the order, and gets a verdict of its own (reason bad_row). But an emergency is never blocked,
// so a bad row that shows one is screened as that and no more. A subscriber that is no number takes the personal lists
// out of the judgement and nothing else: such a row has a problem and is screened. Where a comma is missing or too many, who is
// called stands in any of the columns that the row may have moved to.
//
//     calls.csv   time,calling,called                     and optionally trunk_id | trunk, calling_ton,
//                 called_ton, screening, presentation, redirecting, category, emergency, verstat,
//                 attestation, roaming, phase, duration_s, call_id, imei, cell, serving_country, tenant,
//                 subscriber
//     sms.csv     time,sender,recipient and text | pdu,dcs | short_message,data_coding
//                 and optionally udhi, sar_ref, sar_total, sar_seq, bind, trunk_id, sender_ton, smsc,
//                 tenant, subscriber
//
// Readers: a chunk owns all that its requests point at, until it is filled again or dies.
// Cost: a copy of each row's text; no allocation a row once the chunk has its size.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ringfence/policy/request.hpp"
#include "ringfence/source/csv.hpp"
#include "ringfence/traffic/places.hpp"

namespace ringfence {

// Text that outlives the reader's buffer: pieces of fixed address.
class TextArena {
public:
    std::string_view keep(std::string_view text);
    std::span<const std::uint8_t> keep_hex(std::string_view hex, bool& valid);
    void clear();

private:
    char* take(std::size_t size);

    static constexpr std::size_t kPiece = std::size_t{1} << 16u;
    struct Piece {
        std::unique_ptr<char[]> bytes;
        std::size_t size = 0;
    };
    std::vector<Piece> pieces_;
    std::size_t piece_ = 0;
    std::size_t used_ = 0;
};

// Copies what the request points at into `arena`, and points it there.
void adopt(Call& call, TextArena& arena);
void adopt(Sms& sms, TextArena& arena);

// Whether an event that could be read in part only shows an emergency: a flag, or who is called. Then it is cut
// down to that, and is to be screened. Threads: any thread.
bool is_saved(const Screen& screen, Call& call);
bool is_saved(const Screen& screen, Sms& sms);

template <class Event>
struct TrafficRow {
    std::uint64_t row = 0;   // data rows from 0
    std::uint64_t line = 0;  // of the file, from 1
    std::string problem;     // `file:line: what`; empty for a good row
    bool screened = true;    // false: there is no event to screen, only the problem
    bool has_time = true;    // false: the event stands at the time of the row before it
    Event event = {};
};

using CallRow = TrafficRow<Call>;
using SmsRow = TrafficRow<Sms>;

template <class Event>
class TrafficFile {
public:
    // Opens the file, a pipe or "-", standard input. `screen`, which must outlive this, resolves trunk and bind
    // ids; without one they are not looked at, and of a message nothing but what its text hangs on: a row with
    // another time, trunk or tenant than can be read is a good one then. Fails as CsvReader does, and with kMissing for a required
    // column, kDuplicate for a doubled one. `wake` as InputOptions has it.
    static Result<TrafficFile> open(const std::string& path, const Screen* screen, int wake = -1);

    // Reads the next row into `row`, its text into `arena`. False at the end; an Error only when the file
    // itself cannot be read on.
    // Threads: one thread per object.
    Result<bool> next(TrafficRow<Event>& row, TextArena& arena);

private:
    explicit TrafficFile(CsvReader reader, const Screen* screen);

    bool read_bad_row(CsvRow csv, TrafficRow<Event>& row, TextArena& arena);

    CsvReader reader_;
    const Screen* screen_;
    traffic::Places places_;
    std::vector<std::optional<std::size_t>> columns_;  // where each column stands in the file
    Time last_time_ = {};
};

using CallFile = TrafficFile<Call>;
using SmsFile = TrafficFile<Sms>;

}  // namespace ringfence
