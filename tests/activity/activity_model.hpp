// activity_model.hpp - the plain model that `ActivityTable` is held against: every event kept for ever, and
// counted again at every question.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "ringfence/activity/activity.hpp"

namespace ringfence::model {

// What is exactly true of a number at a time, and between which bounds the table may say it: all of a
// window's oldest sub-window or none of it.
struct Truth {
    double exact = 0;
    double least = 0;
    double most = 0;
};

class Activity {
public:
    enum class Kind { kCallOut, kCallIn, kAnswered, kShort, kSmsOut, kSmsIn };

    void add(ActivityKey key, Kind kind, Time time, ActivityKey peer = {}) {
        events_[key].push_back({kind, to_ms(time), peer});
    }

    Truth count(ActivityKey key, Kind kind, Time time, std::int64_t window_ms) const {
        const std::int64_t now = to_ms(time);
        const std::int64_t part = window_ms / 6;
        Truth truth;
        for (const Event& event : of(key)) {
            if (event.kind != kind) continue;
            if (event.time <= now && event.time > now - window_ms) truth.exact += 1;
            const std::int64_t age = index(now, part) - index(event.time, part);
            if (age >= 0 && age < 6) truth.least += 1;
            if (age >= 0 && age <= 6) truth.most += 1;
        }
        return truth;
    }

    // Distinct callees over the window, with the same bounds.
    Truth callees(ActivityKey key, Time time) const {
        constexpr std::int64_t kDay = 86'400'000;
        const std::int64_t now = to_ms(time);
        std::set<ActivityKey> exact;
        std::set<ActivityKey> least;
        std::set<ActivityKey> most;
        for (const Event& event : of(key)) {
            if (event.kind != Kind::kCallOut || event.peer.empty()) continue;
            if (event.time <= now && event.time > now - kDay) exact.insert(event.peer);
            const std::int64_t age = index(now, kDay / 6) - index(event.time, kDay / 6);
            if (age >= 0 && age < 6) least.insert(event.peer);
            if (age >= 0 && age <= 6) most.insert(event.peer);
        }
        return {static_cast<double>(exact.size()), static_cast<double>(least.size()),
                static_cast<double>(most.size())};
    }

private:
    struct Event {
        Kind kind;
        std::int64_t time;
        ActivityKey peer;
    };

    static std::int64_t index(std::int64_t ms, std::int64_t width) {
        return static_cast<std::int64_t>(
            std::floor(static_cast<double>(ms) / static_cast<double>(width)));
    }
    const std::vector<Event>& of(ActivityKey key) const {
        static const std::vector<Event> kNone;
        const auto found = events_.find(key);
        return found == events_.end() ? kNone : found->second;
    }

    std::map<ActivityKey, std::vector<Event>> events_;
};

}  // namespace ringfence::model
