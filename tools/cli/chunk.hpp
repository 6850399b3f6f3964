// chunk.hpp - the next few hundred events of two files, merged by time.
//
// Calls and messages are screened in the order of time, because an emergency call in one file protects
// its caller in the other. Within a file the order is the file's own, even where its times go back.
#pragma once

#include <array>
#include <optional>
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
    Time first_time = {};  // of the first and the last row in the order of the merge
    Time last_time = {};

    std::size_t rows() const { return calls.rows.size() + messages.rows.size(); }
};

// One file with a look at its next row.
template <class Event>
class Source {
public:
    Source() = default;
    explicit Source(TrafficFile<Event> file) : file_(std::move(file)) {}

    // Reads ahead where that has not been done. An error of the file ends the run.
    Status peek() {
        if (!file_ || ended_ || held_) return ok();
        arena_.clear();
        const auto more = file_->next(head_, arena_);
        if (!more) return more.error();
        held_ = *more;
        ended_ = !*more;
        return ok();
    }
    bool has_next() const { return held_; }
    Time next_time() const { return head_.event.time; }

    void take_into(Lane<Event>& lane, TextArena& arena) {
        adopt(head_.event, arena);
        RowNote note;
        note.row = head_.row;
        note.problem = std::move(head_.problem);
        if (head_.has_time) note.time = head_.event.time;
        if constexpr (std::is_same_v<Event, Call>) note.call_id = head_.event.call_id;
        if (head_.screened) {
            note.event = lane.events.size();
            lane.events.push_back(head_.event);
        }
        lane.rows.push_back(std::move(note));
        held_ = false;
    }

private:
    std::optional<TrafficFile<Event>> file_;
    TrafficRow<Event> head_;
    TextArena arena_;  // of the row read ahead
    bool held_ = false;
    bool ended_ = false;
};

// The rows of both files in the order of time.
// Threads: one thread at a time.
class ChunkReader {
public:
    ChunkReader(Source<Call> calls, Source<Sms> messages)
        : calls_(std::move(calls)), messages_(std::move(messages)) {}

    // Fills `chunk` with the next rows; none at the end. An error of a file comes after the rows before it.
    Status fill(Chunk& chunk);

private:
    Status peek();

    Source<Call> calls_;
    Source<Sms> messages_;
    std::optional<Error> failed_;
};

}  // namespace ringfence::cli
