// Screen::explain: the stages of a session that counts nothing, told in words.
#include <cmath>

#include "ringfence/number/format.hpp"
#include "ringfence/policy/trace.hpp"
#include "ringfence/source/utf8.hpp"
#include "src/screen/core.hpp"
#include "src/screen/guarded.hpp"
#include "src/screen/session_state.hpp"

namespace ringfence {
namespace {

std::vector<std::string> names_of(Oddity oddities) {
    std::vector<std::string> names;
    for_each_oddity(oddities, [&](Oddity bit) { names.emplace_back(name_of(bit)); });
    return names;
}

ExplainedParty explain_party(const char* role, const PartyRead& read) {
    ExplainedParty party;
    party.role = role;
    party.arrived = (read.address.plus ? "+" : "") + std::string(read.address.text());
    if (!read.number.number.empty())
        party.number = std::string(format_e164(read.number.number).text());
    if (read.number.long_national) party.number = "+" + std::string(read.number.digits());
    party.form = name_of(read.number.form);
    party.kind = name_of(read.number.kind);
    party.country = read.number.country.text();
    party.oddities = names_of(read.number.oddities);
    return party;
}

ExplainedFinding explain_finding(const TracedFinding& traced, const Rulebook& rules) {
    const Finding& finding = traced.finding;
    ExplainedFinding out;
    out.stage = name_of(finding.stage);
    out.party = name_of(finding.party);
    out.reason = name_of(finding.reason);
    out.action = name_of(finding.action);
    if (finding.rule != 0) out.rule = rules.policy.rules[finding.rule].id;
    if (finding.rule != 0 && rules.policy.rules[finding.rule].kind == RuleKind::kPattern)
        out.language =
            rules.policy.pattern_rules.rules()[finding.rule - rules.policy.rule_of_pattern(0)]
                .language;
    out.category = rules.policy.categories.name(finding.category);
    out.place = place_of(finding);
    out.risk = finding.risk;
    out.match_offset = finding.match_offset;
    out.match_length = finding.match_length;
    out.shadow = finding.shadow;
    out.won = traced.fate == Fate::kWon || traced.fate == Fate::kWonAsConflict;
    out.why = why(traced.fate);
    return out;
}

void explain_event(const EventSlot& event, const Verdict& verdict, const Rulebook& rules,
                   const Screen& screen, Explanation& out) {
    const Trace traced =
        trace(event.findings.findings(), {verdict.change, verdict.generation, verdict.flags});
    for (const TracedFinding& one : traced.findings)
        out.findings.push_back(explain_finding(one, rules));
    out.verdict = verdict;
    out.rule = screen.rule_id(verdict);
    out.category = screen.category(verdict);
    out.sip_code = screen.sip_code(verdict);
    out.q850_cause = screen.q850_cause(verdict);
    out.smpp_status = screen.smpp_status(verdict);
    out.smpp_deliver_status = screen.smpp_deliver_status(verdict);
}

ExplainedScore explain_score(const ScoreRule& rule, const FoldedText& text) {
    constexpr std::size_t kGrams = 8;
    ExplainedScore out;
    out.score = rule.model->score(text);
    out.from = rule.from;
    for (const WeighedGram& heavy : rule.model->heaviest(text, kGrams))
        out.grams.push_back({to_utf8(heavy.gram), heavy.weight});
    return out;
}

// What stands behind a finding about near-copies.
void explain_copies(const MessageSlot& event, const Policy& policy, ExplainedFinding& out) {
    if (!event.sketched) return;
    if (out.reason == name_of(Reason::kCampaign)) {
        out.about = std::to_string(event.campaign.recent_messages) + " near-copies from " +
                    std::to_string(event.campaign.recent_senders) + " senders";
    }
    if (out.reason != name_of(Reason::kTemplate)) return;
    for (const TemplateRule& rule : policy.templates) {
        if (policy.rules[rule.finding.rule].id != out.rule) continue;
        const auto near = rule.templates->find(event.sketch, rule.similarity_percent);
        if (!near) return;
        out.like = near->id;
        out.about = std::to_string(std::lround(100 * near->similarity)) + " % alike";
    }
}

// A subscriber that is no number has no lists: a slip that a person should hear of. An emergency passes all the same.
template <class Event>
Status check_subscriber(const Event& event, const Screen& screen) {
    if (event.subscriber.empty() || screen.is_number(event.subscriber) ||
        screen.is_emergency(event))
        return ok();
    return Error{ErrorCode::kSyntax, "subscriber '" + printable(event.subscriber) +
                                         "' is no number; write it like +8613800001111"};
}

Error no_session() {
    return {ErrorCode::kFull, "no session is to be had, which an explanation takes; close one"};
}

}  // namespace

Result<Explanation> Screen::explain(const Call& call) const {
    return guarded([&]() -> Result<Explanation> {
        if (auto status = check_subscriber(call, *this); !status) return status.error();
        const auto state = core_->open_session();
        if (!state->reader) return no_session();
        Explanation out;
        state->counting = false;
        state->prepare(std::span(&call, 1), {});
        state->record();
        const auto rules = state->generation->rules;
        Verdict verdict;
        state->decide(std::span(&verdict, 1), {});
        const CallSlot& event = state->call_slots[0];
        out.parties.push_back(explain_party("calling", event.first));
        out.parties.push_back(explain_party("called", event.second));
        if (!call.redirecting.empty())
            out.parties.push_back(explain_party("redirecting", event.redirecting));
        explain_event(event, verdict, *rules, *this, out);
        return out;
    });
}

Result<Explanation> Screen::explain(const Sms& sms) const {
    return guarded([&]() -> Result<Explanation> {
        if (auto status = check_subscriber(sms, *this); !status) return status.error();
        const auto state = core_->open_session();
        if (!state->reader) return no_session();
        Explanation out;
        state->counting = false;
        state->prepare({}, std::span(&sms, 1));
        decode(state->content_of(sms), state->decoded);
        out.decode_status = name_of(state->decoded.status);
        const auto oddities = names_of(state->decoded.oddities);
        out.decode_oddities.assign(oddities.begin(), oddities.end());
        out.text = to_utf8(state->decoded.text());
        const bool decoded_text = state->decoded.status == DecodeStatus::kText;
        state->record();
        const auto rules = state->generation->rules;
        std::string like;
        if (rules->policy.senders) {
            const auto judged = state->judge_sender(sms, state->message_slots[0].first);
            if (judged.like != nullptr) like = judged.like->written;
        }
        Verdict verdict;
        state->decide({}, std::span(&verdict, 1));
        const MessageSlot& event = state->message_slots[0];
        if (rules->policy.score && !event.passes && decoded_text)
            out.score = explain_score(*rules->policy.score, state->folded);
        out.parties.push_back(explain_party("sender", event.first));
        out.parties.push_back(explain_party("recipient", event.second));
        explain_event(event, verdict, *rules, *this, out);
        for (ExplainedFinding& finding : out.findings) {
            if (finding.reason == name_of(Reason::kSenderLookAlike)) finding.like = like;
            explain_copies(event, rules->policy, finding);
        }
        return out;
    });
}

}  // namespace ringfence
