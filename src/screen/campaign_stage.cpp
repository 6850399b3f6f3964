// Near-copies: of the known messages of the policy, and of what others send.
#include <algorithm>
#include <bit>

#include "src/screen/session_state.hpp"

namespace ringfence {

static_assert(Policy::kMaxTemplates <= 64, "EventSlot::templates has a bit for each");

// The sketch of the text just folded, where the policy has a use for it, and the known messages it is a copy of.
void Session::State::find_templates(MessageSlot& event) {
    const Rulebook& book = rules();
    event.sketched = (book.campaigns != nullptr || !book.policy.templates.empty()) &&
                     sketch(folded.dense().text(), event.sketch);
    event.templates = 0;
    if (!event.sketched) return;
    std::uint64_t bit = 1;
    for (const TemplateRule& rule : book.policy.templates) {
        if (rule.templates->find(event.sketch, rule.similarity_percent)) event.templates |= bit;
        bit <<= 1u;
    }
}

// A whole message, counted with its near-copies. One whose time is far ahead of the clock that the screen was told would
// take the window with it, and is counted at that clock's time.
void Session::State::note_campaign(const Sms& sms, MessageSlot& event) {
    const auto& campaigns = rules().campaigns;
    event.campaign = {};
    if (campaigns == nullptr || !event.sketched) return;
    Time time = sms.time;
    if (const auto told = core.told(); told && time > *told + Screen::Core::kLate)
        time = *told + Screen::Core::kLate;
    if (counting) {
        event.campaign = campaigns->add(event.sketch, event.first.key.word(), time);
    } else {
        event.campaign = campaigns->find(event.sketch, time).value_or(Campaign{});
    }
}

void Session::State::find_burst(MessageSlot& event) const {
    const auto& rule = rules().policy.campaigns;
    event.burst =
        rule && rule->is_burst(event.campaign.recent_messages, event.campaign.recent_senders);
}

// Last, with the score, since they look at what else was found about the text, and at one another.
void Session::State::weigh_copies(EventSlot& event) const {
    const Policy& policy = rules().policy;
    if (event.templates == 0 && !event.burst) {
        if (const auto score = score_beside(event.findings, event)) event.findings.push(*score);
        return;
    }
    const bool emergency = event.first.number.emergency;
    const auto each = [&](const auto& take) {
        for (std::uint64_t rest = event.templates; rest != 0; rest &= rest - 1)
            take(policy.templates[static_cast<std::size_t>(std::countr_zero(rest))].finding);
        if (event.burst) take(policy.campaigns->finding);
    };
    // First what each asks for by itself.
    FindingBuffer asked = event.findings;
    Action strictest = Action::kAllow;
    const auto weigh = [&](const Finding& finding) {
        if (!finding.shadow && finding.stage == Stage::kContent && finding.party == Party::kText)
            strictest = std::max(strictest, finding.action);
    };
    for (const Finding& finding : event.findings.findings()) weigh(finding);
    each([&](const Finding& finding) {
        asked.push(near_copy(finding, Action::kAllow, emergency));
        weigh(finding);
    });
    const auto score = score_beside(asked, event);
    if (score) weigh(*score);
    each([&](const Finding& finding) {
        event.findings.push(near_copy(finding, strictest, emergency));
    });
    if (score) event.findings.push(*score);
}

}  // namespace ringfence
