#include "tools/cli/chunk.hpp"

namespace ringfence::cli {

Status ChunkReader::peek() {
    if (auto status = calls_.peek(); !status) return status;
    return messages_.peek();
}

Status ChunkReader::fill(Chunk& chunk) {
    chunk.calls.clear();
    chunk.messages.clear();
    chunk.arena.clear();
    if (failed_) return *failed_;
    while (chunk.rows() < Session::kBatch) {
        if (auto status = peek(); !status) {
            failed_ = status.error();
            return chunk.rows() == 0 ? status : ok();
        }
        if (!calls_.has_next() && !messages_.has_next()) break;

        const bool call_first = calls_.has_next() && (!messages_.has_next() ||
                                                      calls_.next_time() <= messages_.next_time());
        if (chunk.rows() == 0)
            chunk.first_time = call_first ? calls_.next_time() : messages_.next_time();
        if (call_first) {
            chunk.last_time = calls_.next_time();
            calls_.take_into(chunk.calls, chunk.arena);
        } else {
            chunk.last_time = messages_.next_time();
            messages_.take_into(chunk.messages, chunk.arena);
        }
    }
    return ok();
}

}  // namespace ringfence::cli
