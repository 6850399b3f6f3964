// chunk.hpp - the next few hundred events of two files, merged by time.
//
// Calls and messages are screened in the order of time, because an emergency call in one file protects
// its caller in the other. Within a file the order is the file's own, even where its times go back.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/policy/verdict.hpp"
#include "ringfence/screen/session.hpp"
#include "ringfence/traffic/traffic_file.hpp"

namespace ringfence::cli {

// What stays of one row for its verdict.
struct RowNote {
    std::uint64_t row = 0;
    std::optional<Time> time;
    std::string_view call_id;
    std::string problem;  // empty for a good row
    std::optional<std::size_t>
        event;  // index into the chunk's events; none: the verdict is bad_row
};

template <class Event>
struct Lane {
    std::vector<RowNote> rows;
    std::vector<Event> events;
    std::array<Verdict, Session::kBatch> verdicts{};

    void clear() {
        rows.clear();
        events.clear();
    }
};

struct Chunk {
    Lane<Call> calls;
    Lane<Sms> messages;
    TextArena arena;
    std::optional<Time> housekeeping;  // due before the first row, at this time

    std::size_t rows() const { return calls.rows.size() + messages.rows.size(); }
};

// One file with a look at its next rows, and what time it is there.
//
// A row may be dated anywhere: years ahead, by a clock that was never set. The time is that of the next row if most of
// the rows ahead are not before it, else that of the earliest of them; so in a file in order it is the next row's, and
// a few rows of a wrong date do not move it.
template <class Event>
class Source {
public:
    Source() = default;
    explicit Source(TrafficFile<Event> file) : file_(std::move(file)) {}

    // Reads ahead where that has not been done. An error of the file ends the run, after the rows before it.
    Status peek() {
        while (file_ && !ended_ && !failed_ && held_ < kAhead) {
            Held& held = ahead_[(next_ + held_) % kAhead];
            held.arena.clear();
            const auto more = file_->next(held.row, held.arena);
            if (!more) {
                failed_ = more.error();
                break;
            }
            ended_ = !*more;
            held_ += *more ? 1u : 0u;
        }
        return held_ == 0 && failed_ ? Status(*failed_) : ok();
    }
    bool has_next() const { return held_ != 0; }
    Time next_time() const { return ahead_[next_].row.event.time; }
    std::uint64_t next_row() const { return ahead_[next_].row.row; }

    Time clock() const {
        Time earliest = next_time();
        std::size_t before = 0;
        for (std::size_t i = 1; i < held_; ++i) {
            const Time time = ahead_[(next_ + i) % kAhead].row.event.time;
            before += time < next_time() ? 1u : 0u;
            earliest = std::min(earliest, time);
        }
        return 2 * before < held_ ? next_time() : earliest;
    }

    void take_into(Lane<Event>& lane, TextArena& arena) {
        TrafficRow<Event>& head = ahead_[next_].row;
        adopt(head.event, arena);
        RowNote note;
        note.row = head.row;
        note.problem = std::move(head.problem);
        if (head.has_time) note.time = head.event.time;
        if constexpr (std::is_same_v<Event, Call>) note.call_id = head.event.call_id;
        if (head.screened) {
            note.event = lane.events.size();
            lane.events.push_back(head.event);
        }
        lane.rows.push_back(std::move(note));
        next_ = (next_ + 1) % kAhead;
        --held_;
    }

private:
    static constexpr std::size_t kAhead = 16;
    struct Held {
        TrafficRow<Event> row;
        TextArena arena;
    };

    std::optional<TrafficFile<Event>> file_;
    std::array<Held, kAhead> ahead_;  // a ring
    std::size_t next_ = 0;
    std::size_t held_ = 0;
    bool ended_ = false;
    std::optional<Error> failed_;
};

// Rows that are dated over a day after the time they stand at.
struct DatedAhead {
    std::uint64_t rows = 0;
    std::uint64_t first = 0;  // data row

    // What is told of those of calls or messages; empty when there are none.
    std::string told(std::string_view kind) const;
};

// The rows of both files in the order of time, in chunks that end where housekeeping is due.
// Threads: one thread at a time.
class ChunkReader {
public:
    static constexpr Milliseconds kHousekeepingStep = std::chrono::minutes(10);

    ChunkReader(Source<Call> calls, Source<Sms> messages)
        : calls_(std::move(calls)), messages_(std::move(messages)) {}

    // Fills `chunk` with the next rows; none at the end. An error of a file comes after the rows before it.
    Status fill(Chunk& chunk);

    // What was read so far. Threads: as fill.
    const DatedAhead& calls_ahead() const { return calls_ahead_; }
    const DatedAhead& messages_ahead() const { return messages_ahead_; }

private:
    Status peek();
    template <class Event>
    void take(Source<Event>& source, Lane<Event>& lane, DatedAhead& ahead, Chunk& chunk);

    Source<Call> calls_;
    Source<Sms> messages_;
    std::optional<Time> clock_;  // never goes back
    Time next_housekeeping_ = {};
    DatedAhead calls_ahead_, messages_ahead_;
    std::optional<Error> failed_;
};

}  // namespace ringfence::cli
