// Near-copies: of the known messages of the policy, and of what others send.
#include "src/screen/session_state.hpp"

namespace ringfence {

// The sketch of the text just folded, where the policy has a use for it, and the known messages it is a copy of.
void Session::State::find_templates(MessageSlot& event) {
    const Rulebook& book = rules();
    event.sketched = (book.campaigns != nullptr || !book.policy.templates.empty()) &&
                     sketch(folded.dense().text(), event.sketch);
    if (!event.sketched) return;
    for (const TemplateRule& rule : book.policy.templates)
        if (rule.templates->find(event.sketch, rule.similarity_percent))
            event.findings.push(rule.finding);
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
    if (rule && rule->is_burst(event.campaign.recent_messages, event.campaign.recent_senders))
        event.findings.push(rule->finding);
}

}  // namespace ringfence
