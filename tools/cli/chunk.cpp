#include "tools/cli/chunk.hpp"

namespace ringfence::cli {

std::string DatedAhead::told(std::string_view kind) const {
    if (rows == 0) return {};
    return std::string(kind) + ": " + std::to_string(rows) + " rows, the first of them " +
           std::to_string(first) +
           ", are dated over a day after the rows that follow; list entries expire by the others";
}

Status ChunkReader::peek() {
    if (auto status = calls_.peek(); !status) return status;
    return messages_.peek();
}

template <class Event>
void ChunkReader::take(Source<Event>& source, Lane<Event>& lane, DatedAhead& ahead, Chunk& chunk) {
    constexpr Milliseconds kMostAhead = std::chrono::days(1);
    if (source.next_time() - kMostAhead > *clock_ && ahead.rows++ == 0)
        ahead.first = source.next_row();
    source.take_into(lane, chunk.arena);
}

Status ChunkReader::fill(Chunk& chunk) {
    chunk.calls.clear();
    chunk.messages.clear();
    chunk.arena.clear();
    chunk.housekeeping.reset();
    if (failed_) return *failed_;
    while (chunk.rows() < Session::kBatch) {
        if (auto status = peek(); !status) {
            failed_ = status.error();
            return chunk.rows() == 0 ? status : ok();
        }
        if (!calls_.has_next() && !messages_.has_next()) break;

        const bool call_first =
            calls_.has_next() && (!messages_.has_next() || calls_.clock() <= messages_.clock());
        const Time now = call_first ? calls_.clock() : messages_.clock();
        // Before the first event too: what had expired by then must not judge it.
        if (!clock_ || now >= next_housekeeping_) {
            if (chunk.rows() != 0) return ok();
            chunk.housekeeping = now;
            next_housekeeping_ = now + kHousekeepingStep;
        }
        clock_ = clock_ ? std::max(*clock_, now) : now;
        if (call_first) {
            take(calls_, chunk.calls, calls_ahead_, chunk);
        } else {
            take(messages_, chunk.messages, messages_ahead_, chunk);
        }
    }
    return ok();
}

}  // namespace ringfence::cli
