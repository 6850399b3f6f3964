// chunk.hpp - up to a batch of C structs of one kind between reading them and giving out their verdicts.
//
//     structs    ok  bad  ok  ok        as the caller has them, `stride` octets apart
//     statuses   0   1    0   0         one a struct
//     events     e0  e2   e3            the good ones alone, as the library screens them, and emergencies with a slip
//     verdicts   v0  v2   v3            write() puts each in its struct's place; a bad one gets the neutral one
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "ringfence/traffic/traffic_file.hpp"
#include "src/c_api/convert.hpp"

namespace ringfence::c_api {

// The distance of the elements of an array, told by its first. False: no array of these structs can lie so.
template <class CStruct>
bool read_distance(const CStruct* first, std::size_t count, std::size_t& stride) {
    stride = first->struct_size;
    return stride >= kFirstSize<CStruct> && stride <= kLargestStruct &&
           (count == 1 || is_distance<CStruct>(stride));
}

// The struct at `index` of an array; null when it has another size than the first.
template <class CStruct>
const CStruct* element_at(const CStruct* first, std::size_t stride, std::size_t index) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(first);
    const auto* element = reinterpret_cast<const CStruct*>(bytes + index * stride);
    return element->struct_size == stride ? element : nullptr;
}

template <class Event>
class Chunk {
public:
    // Reads `count` structs, at most Session::kBatch; what they point at is borrowed.
    template <class CStruct>
    void read(const CStruct* first, std::size_t stride, std::size_t count, const Screen& screen) {
        count_ = count;
        screened_count_ = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const CStruct* from = element_at(first, stride, i);
            screened_[i] = false;
            statuses_[i] = RINGFENCE_INVALID_ARGUMENT;
            if (from == nullptr) continue;
            Event& event = events_[screened_count_];
            statuses_[i] = read_event(from, event);
            screened_[i] = !statuses_[i] || is_saved(screen, event);
            if (screened_[i]) ++screened_count_;
        }
    }

    std::size_t count() const { return count_; }
    std::span<const Event> events() const { return std::span(events_).first(screened_count_); }
    std::span<Verdict> verdicts() { return std::span(verdicts_).first(screened_count_); }

    // Gives out a verdict for each struct; the status is that of the first refused.
    ringfence_status write(ringfence_verdict* out) const {
        ringfence_status first_refused = RINGFENCE_OK;
        for (std::size_t i = 0, next = 0; i < count_; ++i) {
            out[i] =
                screened_[i] ? from_verdict(verdicts_[next++], statuses_[i]) : refused_verdict();
            if (!first_refused) first_refused = statuses_[i];
        }
        return first_refused;
    }

private:
    std::array<Event, Session::kBatch> events_{};
    std::array<Verdict, Session::kBatch> verdicts_{};
    std::array<ringfence_status, Session::kBatch> statuses_{};
    std::array<bool, Session::kBatch> screened_{};
    std::size_t count_ = 0;
    std::size_t screened_count_ = 0;
};

}  // namespace ringfence::c_api
