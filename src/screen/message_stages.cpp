// The way of an SMS: read, decoded, judged, recorded; a part that completes its message is judged again as
// the whole.
#include "ringfence/caller_id/caller_id.hpp"
#include "ringfence/text/extract.hpp"
#include "src/screen/bind_content.hpp"
#include "src/screen/session_state.hpp"

namespace ringfence {
namespace {

// What is no text is as odd as can be, which the message that it is a part of must not forget.
DecodeOddity oddities_of(const DecodedText& decoded) {
    return decoded.status == DecodeStatus::kError ? decoded.oddities | DecodeOddity::kUnreadablePart
                                                  : decoded.oddities;
}

// Whether there was text that nobody here can read. 8-bit data never was any.
bool is_unreadable(DecodeOddity oddities) {
    return has(oddities, DecodeOddity::kUnreadablePart | DecodeOddity::kCompressed);
}

// What a party is called by in the reassembler, on every bind alike.
std::string_view name_of_party(const PartyRead& read) {
    return read.number.size != 0 ? read.number.digits() : read.address.text();
}

}  // namespace

SmsContent Session::State::content_of(const Sms& sms) const {
    return content_by(sms, rules().bind(sms.bind));
}

// The trunk that the message names, else the one that its bind does.
const TrunkRules* Session::State::trunk_of(const Sms& sms) const {
    if (sms.trunk != TrunkId{}) return rules().trunk(sms.trunk);
    const PolicyBind* bind = rules().bind(sms.bind);
    return bind != nullptr && bind->trunk ? &rules().policy.trunks[*bind->trunk].rules : nullptr;
}

void Session::State::read_message(const Sms& sms, MessageSlot& event) {
    event.reset();
    event.part = event.sketched = false;
    event.kept.here = false;
    event.campaign = {};
    const DialPlan& plan = *rules().policy.plan;
    event.first.read(sms.sender, plan, trunk_of(sms));
    event.second.read(sms.recipient, plan, nullptr);
    note_subscriber(sms.subscriber, event);
    if (event.second.number.emergency) {
        event.passes = true;
        event.findings.push(emergency_finding(Reason::kEmergencyCalled));
    }
}

// What there is to say of the message whatever its text is.
void Session::State::judge_parties(std::size_t i) {
    const Sms& sms = messages[i];
    MessageSlot& event = message_slots[i];
    const std::size_t at = 2 * (calls.size() + i);
    find_party(Party::kCalling, event.first, at, sms.tenant, event);
    find_party(Party::kCalled, event.second, at + 1, sms.tenant, event);
    const Rulebook& book = rules();
    const CallerIdInput input{.calling = event.first.address,
                              .number = event.first.number,
                              .home = book.policy.country,
                              .trunk = trunk_of(sms),
                              .medium = Medium::kSms,
                              .listed_regions = book.policy.regions};
    push_caller_id(judge(input), event);
    if (const PolicyBind* bind = book.bind(sms.bind); bind != nullptr && !bind->senders.empty()) {
        fold_key(EntryKind::kSender, event.first.address.text(), key);
        if (!bind->may_send(key)) {
            CallerIdFindings not_here;
            not_here.add(Reason::kCliNotOnTrunk, Action::kReject);
            push_caller_id(not_here, event);
        }
    }
    if (book.policy.senders) {
        const SenderJudged judged = judge_sender(sms, event.first);
        if (judged.finding.stage != Stage::kNone) event.findings.push(judged.finding);
    }
    if (event.first.address.truncated || event.second.address.truncated)
        event.set(VerdictFlag::kBadInput);
}

void Session::State::judge_message(std::size_t i) {
    MessageSlot& event = message_slots[i];
    judge_parties(i);
    decode_message(i);
    if (is_unreadable(oddities_of(decoded))) push_failure(FailureCause::kDecodeError, event);
    event.part = decoded.concatenation.total > 1;
    if (event.part && messages.size() > 1) keep_part(event);
    if (decoded.status == DecodeStatus::kText) judge_text(decoded, messages[i].tenant, event);
}

void Session::State::decode_message(std::size_t i) {
    if (decoded_of == i) return;
    decode(content_of(messages[i]), decoded);
    decoded_of = i;
}

// Keeps the part just decoded for record, which sessions may have to take turns at: decoding octets there again costs
// it half its time. A part that finds no room, which takes a chunk of parts longer than 160 units, is decoded again.
void Session::State::keep_part(MessageSlot& event) {
    const std::u16string_view text = decoded.text();
    const std::size_t begin = parts.text().size();
    if (text.size() > parts.capacity() - begin) return;
    parts.append(text);
    event.kept = {true, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(text.size()),
                  oddities_of(decoded), decoded.concatenation};
}

MessagePart Session::State::part_of(std::size_t i) {
    const MessageSlot& event = message_slots[i];
    MessagePart part;
    part.sender = name_of_party(event.first);
    part.recipient = name_of_party(event.second);
    part.time = messages[i].time;
    if (event.kept.here) {
        part.place = event.kept.place;
        part.text = parts.text().substr(event.kept.begin, event.kept.units);
        part.oddities = event.kept.oddities;
    } else {
        decode_message(i);
        part.place = decoded.concatenation;
        part.text = decoded.text();
        part.oddities = oddities_of(decoded);
    }
    return part;
}

void Session::State::judge_text(const DecodedText& text, std::uint32_t tenant, MessageSlot& event) {
    fold(text.text(), folded);
    if (folded.truncated() || has(text.oddities, DecodeOddity::kTooLong))
        event.set(VerdictFlag::kTruncated);
    const Rulebook& book = rules();
    if (book.patterns != nullptr) {
        const ScanResult scanned = book.patterns->scan(folded, *book.scratches[slot]);
        for (const PatternMatch& match : scanned.matches) {
            const View view = book.patterns->rules()[match.rule].view == TextView::kLight
                                  ? View::kLight
                                  : View::kDense;
            const TextPlace place = folded.place(view, match.begin, match.end);
            Finding finding = book.pattern_findings[match.rule];
            finding.match_offset = place.offset;
            finding.match_length = place.length;
            event.findings.push(finding);
        }
        if (scanned.status != ScanStatus::kOk) {
            counters.add(CounterPlace::kEngineFailed);
            push_failure(FailureCause::kDecodeError, event);
        }
    }
    if (book.policy.score)
        event.score = static_cast<std::uint16_t>(book.policy.score->model->score(folded));
    find_templates(event);
    extract(folded, book.policy.plan,
            [&](const Found& found) { judge_found(found, tenant, event); });
}

void Session::State::record_message(std::size_t i) {
    const Sms& sms = messages[i];
    MessageSlot& event = message_slots[i];
    if (event.passes) {
        event.set(VerdictFlag::kEmergency);
    } else {
        event.called_back = core.emergencies.noted(event.second.key, sms.time);
    }
    event.features = counting
                         ? core.activity.record_sms(event.first.key, event.second.key, sms.time)
                         : core.activity.peek(event.first.key, sms.time);
    if (!event.part) {
        note_campaign(sms, event);
        return;
    }
    if (!counting) {
        event.set(VerdictFlag::kPartial);
        return;
    }
    if (core.reassembly.add(part_of(i), whole) != PartOutcome::kComplete) {
        event.set(VerdictFlag::kPartial);
        if (!event.passes) push_failure(FailureCause::kPartMissing, event);
        return;
    }
    if (event.passes) return;
    // Judged anew: whatever the part alone showed, the whole shows too, and at its own place.
    event.findings.clear();
    judge_parties(i);
    if (is_unreadable(whole.oddities)) push_failure(FailureCause::kDecodeError, event);
    judge_text(whole, sms.tenant, event);
    note_campaign(sms, event);
}

}  // namespace ringfence
