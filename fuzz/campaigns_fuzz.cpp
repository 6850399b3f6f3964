// A store of campaigns driven by octets: texts and changes of them, senders, times and sweeps. What it says agrees
// with itself, and a text that was just counted is found again.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

#include "ringfence/campaign/store.hpp"

using namespace ringfence;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 4) return 0;
    auto made = CampaignStore::create({.campaigns = 1u + data[0] % 8u,
                                       .window_ms = 4 + data[1],
                                       .keep_ms = 300 + data[2],
                                       .similarity_percent = 30u + data[3] % 71u});
    CampaignStore& store = *made;
    const std::size_t room = 1u + data[0] % 8u;
    std::u16string text;
    std::uint64_t last_id = 0;
    std::int64_t now = 0;
    for (std::size_t at = 4; at + 2 <= size; at += 2) {
        const std::uint8_t what = data[at];
        const std::uint8_t value = data[at + 1];
        if (what < 160) {
            // Writes over a unit, or adds one.
            const std::size_t place = what;
            const auto unit = static_cast<char16_t>(value < 128 ? value : 0x4E00 + value);
            if (place < text.size())
                text[place] = unit;
            else
                text.push_back(unit);
            continue;
        }
        now += value;
        Sketch sketched;
        const bool long_enough = sketch(text, sketched);
        if (what < 240 && long_enough) {
            require(sketched.held >= 1 && similarity(sketched, sketched) == 1);
            require(std::is_sorted(sketched.least.begin(), sketched.least.begin() + sketched.held));
            const auto before = store.find(sketched, time_from_ms(now));
            const Campaign campaign = store.add(sketched, what, time_from_ms(now));
            require(before ? before->id == campaign.id && before->messages + 1 == campaign.messages
                           : campaign.id == last_id + 1 && campaign.messages == 1);
            require(campaign.recent_messages >= 1 && campaign.recent_messages <= campaign.messages);
            require(campaign.recent_senders >= 1 && campaign.first <= campaign.last);
            last_id = std::max(last_id, campaign.id);
            const auto after = store.find(sketched, time_from_ms(now));
            require(after && after->id == campaign.id);
        } else if (what >= 240) {
            store.advance(time_from_ms(now));
        }
        require(store.size() <= room);
    }
    return 0;
}
