// template_rule.hpp - [[templates]] and [campaigns]: near-copies of known messages, and of one another.
//
//     [[templates]]  id = "known-parcels"  file = "parcels.csv"  action = "hold"
//     [campaigns]    senders = 20  window_s = 3600  action = "tag"
//
// A known message is known beforehand, so that its first copy is found. A campaign shows by itself: a text, known to nobody,
// that many senders send within a while. Neither makes anything milder, nor does more than tag a message from an emergency
// number.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "ringfence/campaign/store.hpp"
#include "ringfence/campaign/templates.hpp"
#include "ringfence/policy/finding.hpp"

namespace ringfence {

// What a near-copy is given, whose rule's finding is `asked`. Of two blocks at one place the milder stands, so that beside
// one that asks for more, `strictest` of all findings about the text that are not in shadow, it tags; and it only tags a
// message from an emergency number. Threads: any thread.
constexpr Finding near_copy(Finding asked, Action strictest, bool emergency) {
    if (asked.action > Action::kTag && (emergency || asked.action < strictest))
        asked.action = Action::kTag;
    return asked;
}

struct TemplateRule {
    static constexpr unsigned kUsualSimilarity = 60;

    std::string path;
    std::shared_ptr<const TemplateSet> templates;  // never null
    RowReport report;                              // what reading them passed over
    unsigned similarity_percent = kUsualSimilarity;
    Finding finding;  // stage kContent, party kText
    std::uint32_t line = 0;
};

struct CampaignRule {
    static constexpr std::uint16_t kUsualRisk =
        300;  // below a pattern's, so that a rule that matched names the verdict

    CampaignOptions options;
    // Within the window, the message at hand counted: so many of both make a burst.
    std::uint32_t senders = 20;
    std::uint64_t messages = 20;
    Finding finding;  // stage kContent, party kText
    std::uint32_t line = 0;

    bool is_burst(std::uint64_t recent_messages, unsigned recent_senders) const {
        return recent_messages >= messages && recent_senders >= senders;
    }
};

}  // namespace ringfence
