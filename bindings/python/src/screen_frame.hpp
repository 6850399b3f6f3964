// screen_frame.hpp - a frame of calls or messages screened: Arrow in, columns of verdicts out.
//
// Batch by batch of the frame, and within one by Session::kBatch rows, so that requests and verdicts stay in the
// nearest cache. Rows that cannot be read take no part and get the verdict bad_row in their place, but for those
// that show an emergency. Nothing of Python is touched a row, and the GIL is not held.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings/python/src/arrow_fields.hpp"
#include "bindings/python/src/arrow_stream.hpp"
#include "bindings/python/src/session_pool.hpp"
#include "bindings/python/src/verdict_columns.hpp"

namespace ringfence::python {

inline const auto& column_names(const Call*) { return traffic::kCallColumnNames; }
inline const auto& column_names(const Sms*) { return traffic::kSmsColumnNames; }

// What a frame must have beyond its required columns. Throws Raised.
inline void check_content(const ArrowSchema&, const Call*) {}
inline void check_content(const ArrowSchema& schema, const Sms*) {
    const auto places = places_of(schema, traffic::kSmsColumnNames);
    if (places[traffic::kText] >= 0 || places[traffic::kPdu] >= 0 ||
        places[traffic::kShortMessage] >= 0) {
        return;
    }
    throw Raised{{ErrorCode::kMissing,
                  "the frame has none of the columns text, pdu, short_message; it needs one"}};
}

template <class Event>
class FrameScreener {
public:
    FrameScreener(const Screen& screen, SessionPool& pool)
        : screen_(screen), session_(pool.lend()), places_(&screen) {
        events_.reserve(Session::kBatch);
        rows_.reserve(Session::kBatch);
        columns_ = std::make_shared<VerdictColumns>();
    }

    // Throws Raised. Threads: one thread per object; needs no GIL.
    std::shared_ptr<const VerdictColumns> screen(ArrowStream& frame) {
        check_content(frame.schema(), kTag);
        places_of(frame.schema(),
                  column_names(kTag));  // an empty frame has no batch that would tell
        while (Owned<ArrowArray> batch = frame.next()) screen_batch(frame.schema(), *batch);
        columns_->freeze();
        return std::move(columns_);
    }

private:
    static constexpr const Event* kTag = nullptr;

    // A row of the chunk: which event it became, or why none.
    struct Row {
        std::int64_t event = -1;
        std::string problem;
    };

    void screen_batch(const ArrowSchema& schema, const ArrowArray& batch) {
        ArrowFields fields(schema, batch, column_names(kTag), arena_);
        const std::size_t size = columns_->size();
        const auto length = static_cast<std::size_t>(batch.length);
        if (size == 0) columns_->reserve(length);
        constexpr auto kStep = static_cast<std::int64_t>(Session::kBatch);
        for (std::int64_t first = 0; first < batch.length; first += kStep) {
            read_chunk(fields, first, std::min(batch.length, first + kStep));
            const std::span<Verdict> verdicts(verdicts_.data(), events_.size());
            session_->screen(std::span<const Event>(events_), verdicts);
            write_chunk();
        }
    }

    void read_chunk(
        ArrowFields<std::tuple_size_v<std::decay_t<decltype(column_names(kTag))>>>& fields,
        std::int64_t first, std::int64_t last) {
        arena_.clear();
        events_.clear();
        rows_.clear();
        for (std::int64_t at = first; at < last; ++at) {
            Row& row = rows_.emplace_back();
            if (!fields.turn_to(at)) {
                row.problem = "the row is null";
                continue;
            }
            Event& event = events_.emplace_back();
            event.time = last_time_;
            const bool sound = traffic::read_event(fields, places_, event, row.problem);
            last_time_ = event.time;
            if (sound || is_saved(screen_, event)) {
                row.event = static_cast<std::int64_t>(events_.size()) - 1;
            } else {
                events_.pop_back();
            }
        }
    }

    void write_chunk() {
        for (Row& row : rows_) {
            if (!row.problem.empty()) columns_->note_problem(std::move(row.problem));
            columns_->push(
                row.event < 0 ? screen_.bad_row() : verdicts_[static_cast<std::size_t>(row.event)],
                screen_);
        }
    }

    const Screen& screen_;
    SessionPool::Lent session_;
    traffic::Places places_;
    TextArena arena_;
    std::vector<Event> events_;
    std::vector<Row> rows_;
    std::array<Verdict, Session::kBatch> verdicts_;
    Time last_time_ = {};  // a bad row stands at the time of the row before it
    std::shared_ptr<VerdictColumns> columns_;
};

}  // namespace ringfence::python
