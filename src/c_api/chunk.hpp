// chunk.hpp - up to a batch of C structs of one kind between reading them and giving out their verdicts.
//
//     structs    ok  bad  ok  ok        as the caller has them, `stride` octets apart
//     statuses   0   1    0   0         one a struct
//     events     e0  e2   e3            the good ones alone, as the library screens them
//     verdicts   v0  v2   v3            write() puts each in its struct's place; a bad one gets the neutral one
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "src/c_api/convert.hpp"

namespace ringfence::c_api {

// The distance of the elements of an array, told by its first. False: no array of these structs can lie so.
template <class CStruct>
bool read_distance(const CStruct* first, std::size_t count, std::size_t& stride) {
    stride = first->struct_size;
    return stride >= kFirstSize<CStruct> && stride <= kLargestStruct &&
           (count == 1 || is_distance<CStruct>(stride));
}

template <class Event>
class Chunk {
public:
    // Reads `count` structs, at most Session::kBatch; what they point at is borrowed.
    template <class CStruct>
    void read(const CStruct* first, std::size_t stride, std::size_t count) {
        const auto* bytes = reinterpret_cast<const unsigned char*>(first);
        count_ = count;
        good_ = 0;
        for (std::size_t i = 0; i < count; ++i) {
            CStruct mine;
            const auto* from = reinterpret_cast<const CStruct*>(bytes + i * stride);
            statuses_[i] =
                from->struct_size == stride ? read_struct(from, mine) : RINGFENCE_INVALID_ARGUMENT;
            if (!statuses_[i]) statuses_[i] = convert(mine, events_[good_]);
            if (!statuses_[i]) ++good_;
        }
    }

    std::size_t count() const { return count_; }
    std::span<const Event> events() const { return std::span(events_).first(good_); }
    std::span<Verdict> verdicts() { return std::span(verdicts_).first(good_); }

    // Gives out a verdict for each struct; the status is that of the first refused.
    ringfence_status write(ringfence_verdict* out) const {
        ringfence_status first_refused = RINGFENCE_OK;
        for (std::size_t i = 0, next = 0; i < count_; ++i) {
            out[i] = statuses_[i] ? refused_verdict() : from_verdict(verdicts_[next++]);
            if (!first_refused) first_refused = statuses_[i];
        }
        return first_refused;
    }

private:
    std::array<Event, Session::kBatch> events_{};
    std::array<Verdict, Session::kBatch> verdicts_{};
    std::array<ringfence_status, Session::kBatch> statuses_{};
    std::size_t count_ = 0;
    std::size_t good_ = 0;
};

}  // namespace ringfence::c_api
