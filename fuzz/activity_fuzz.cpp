// A byte stream of events, with time jumping about, over two buckets: no number shows more than it did, none
// is held twice, and what was not pushed out and lies within the borne lateness is counted exactly.
#include <cstdint>
#include <cstdlib>
#include <map>

#include "ringfence/activity/activity.hpp"

namespace {

using namespace ringfence;

struct Did {
    std::uint32_t calls = 0;
    std::uint32_t sms = 0;
};

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto made = ActivityTable::create({.bytes = 2 * 4096, .seed = 7});
    if (!made) return 0;
    ActivityTable& activity = *made;
    std::map<unsigned, Did> did;
    std::int64_t now = 1'767'225'600'000;
    bool steady = true;  // time never moved
    for (std::size_t i = 0; i + 3 <= size; i += 3) {
        const unsigned who = data[i] & 63u;
        const ActivityKey mine = Number::from_rank(1000 + who);
        const ActivityKey other = Number::from_rank(2000 + (data[i + 1] & 127u));
        const int step = static_cast<std::int8_t>(data[i + 2]);
        if (step != 0) {
            // 1 s to 15 years, either way, by the cube
            now += std::int64_t{step} * step * step * 230'000;
            steady = false;
        }
        const Time time = time_from_ms(now);
        Features seen;
        switch (data[i] >> 6u) {
            case 0:
            case 1:
                ++did[who].calls;
                seen = activity.record_call(mine, other, time, {.imei = data[i + 1]});
                break;
            case 2:
                ++did[who].sms;
                seen = activity.record_sms(mine, other, time);
                break;
            default:
                activity.observe(mine, time, Phase::kAnswer);
                activity.observe(mine, time, Phase::kEnd, data[i + 1]);
                seen = activity.peek(mine, time);
        }
        const Did& most = did[who];
        require(seen[Feature::kCalls24h] <= most.calls * Features::kOne);
        require(seen[Feature::kSms24h] <= most.sms * Features::kOne);
        require(seen[Feature::kCalls1h] <= seen[Feature::kCalls24h]);
        require(seen[Feature::kOutShare] <= Features::kOne);
        require(seen[Feature::kAnsweredShare] <= Features::kOne);
        if (steady && activity.stats().evicted == 0) {
            require(seen[Feature::kCalls24h] == most.calls * Features::kOne);
            require(seen[Feature::kSms1h] == most.sms * Features::kOne);
        }
        require(activity.held() <= 30 && activity.stats().contended == 0);
    }
    return 0;
}
