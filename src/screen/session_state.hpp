// session_state.hpp - everything a session works in, allocated once.
//
//     call_slots     256 x CallSlot       what prepare found, what record captured
//     message_slots  256 x MessageSlot
//     decoded, whole, folded              one message at a time
//     parts                               the texts of the chunk's parts, one behind the other
//
// A slot is written by prepare, added to by record and read by decide; nothing else lives between them.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "ringfence/activity/features.hpp"
#include "ringfence/caller_id/caller_id.hpp"
#include "ringfence/campaign/sketch.hpp"
#include "ringfence/campaign/store.hpp"
#include "ringfence/policy/evaluate.hpp"
#include "ringfence/screen/session.hpp"
#include "ringfence/sync/epoch.hpp"
#include "ringfence/sync/striped_counter.hpp"
#include "ringfence/text/decode.hpp"
#include "ringfence/text/fold.hpp"
#include "ringfence/text/found.hpp"
#include "ringfence/text/reassembly.hpp"
#include "src/screen/core.hpp"
#include "src/screen/finding_buffer.hpp"
#include "src/screen/generation.hpp"
#include "src/screen/party.hpp"

namespace ringfence {

// What the register of senders says of one, and whom it looks like.
struct SenderJudged {
    Finding finding;  // of stage kNone: nothing
    const SenderRegister::Sender* like = nullptr;
};

// What calls and messages have in common. `first` is who calls or sends, `second` who is called or sent to.
struct EventSlot {
    PartyRead first, second;
    FindingBuffer findings;
    Features features;
    Number subscriber;  // whose personal lists apply
    std::uint16_t flags = 0;
    std::uint16_t score = 0;      // of a message's text, where the policy has a model
    std::uint64_t templates = 0;  // bit i: it is a copy of a message of the policy's templates[i]
    bool burst = false;           // one of many near-copies
    bool passes = false;          // an emergency call or message: nothing else is looked at
    bool called_back = false;     // goes to one who made an emergency call a while ago

    void set(VerdictFlag flag) {
        flags = static_cast<std::uint16_t>(flags | static_cast<std::uint16_t>(flag));
    }
    void reset() {
        findings.clear();
        features = {};
        subscriber = {};
        flags = 0;
        score = 0;
        templates = 0;
        burst = false;
        passes = false;
        called_back = false;
    }
};

struct CallSlot : EventSlot {
    PartyRead redirecting;
};

// A part of a message between prepare and record: its text in Session::State::parts, and what decoding said of it.
struct KeptPart {
    bool here = false;
    std::uint32_t begin = 0;
    std::uint32_t units = 0;
    DecodeOddity oddities = DecodeOddity::kNone;
    Concatenation place;
};

struct MessageSlot : EventSlot {
    bool part = false;
    bool sketched = false;
    KeptPart kept;
    Sketch sketch;      // of its text, where the policy has a use for it
    Campaign campaign;  // as record found it
};

struct Session::State {
    static constexpr std::size_t kNothing = ~std::size_t{0};

    State(Screen::Core& owner, std::optional<ReaderSlot> reader_slot, unsigned index);
    ~State();

    Screen::Core& core;
    std::optional<ReaderSlot> reader;  // none: a session beyond the bound, which screens nothing
    unsigned slot;
    StripedCounters::Stripe counters;

    // Between prepare and decide.
    std::optional<Pin> pin;
    const Generation* generation = nullptr;
    std::uint64_t change = 0;
    std::span<const Call> calls;
    std::span<const Sms> messages;
    bool counting = true;  // explain and resume count nothing

    std::unique_ptr<CallSlot[]> call_slots;
    std::unique_ptr<MessageSlot[]> message_slots;
    std::unique_ptr<Number[]> numbers;  // of both parties of each event, for the batch look-up
    std::unique_ptr<Payload[]> payloads;
    std::unique_ptr<SubscriberNumber[]> pairs;  // the same with the event's subscriber
    std::unique_ptr<Payload[]> pair_payloads;   // good where the tables hold pairs
    std::unique_ptr<std::span<const PrefixHit>[]> prefix_hits;
    DecodedText decoded;
    std::size_t decoded_of = kNothing;  // the message of the chunk whose text that is
    DecodedText whole{DecodedText::kMaxUnits, DecodedText::Use::kJoin};
    DecodedText parts{DecodedText::kMaxUnits,
                      DecodedText::Use::kJoin};  // text alone: room for kBatch parts of 160 units
    FoldedText folded;
    std::string key;  // a folded name

    const Rulebook& rules() const { return *generation->rules; }
    const TableViews& tables() const { return generation->tables.views; }
    const PairTable* pair_table() const { return generation->tables.pairs(); }  // null: none
    const Ended* ended() const { return generation->tables.ended.get(); }       // null: none

    void begin();
    void end();

    void prepare(std::span<const Call> new_calls, std::span<const Sms> new_messages);
    void record();
    void decide(std::span<Verdict> call_verdicts, std::span<Verdict> message_verdicts);

    // ---- call_stages.cpp ----
    void read_call(const Call& call, CallSlot& event);
    void judge_call(const Call& call, CallSlot& event);
    void record_call(const Call& call, CallSlot& event);

    // ---- message_stages.cpp ----
    void read_message(const Sms& sms, MessageSlot& event);
    void judge_message(std::size_t i);
    void judge_parties(std::size_t i);
    void record_message(std::size_t i);
    void decode_message(std::size_t i);
    void keep_part(MessageSlot& event);
    MessagePart part_of(std::size_t i);
    SmsContent content_of(const Sms& sms) const;
    const TrunkRules* trunk_of(const Sms& sms) const;
    void judge_text(const DecodedText& text, std::uint32_t tenant, MessageSlot& event);
    void judge_found(const Found& found, std::uint32_t tenant, MessageSlot& event);

    // ---- campaign_stage.cpp ----
    void find_templates(MessageSlot& event);
    void note_campaign(const Sms& sms, MessageSlot& event);
    void find_burst(MessageSlot& event) const;
    void weigh_copies(EventSlot& event) const;

    // ---- sender_stage.cpp: where the policy has a register ----
    SenderOrigin origin_of(const Sms& sms) const;
    SenderJudged judge_sender(const Sms& sms, const PartyRead& sender) const;

    // ---- lookups.cpp ----
    void look_up_all();
    void find_party(Party party, const PartyRead& read, std::size_t at, std::uint32_t tenant,
                    EventSlot& event);
    template <class HasEnded>
    void push_lists(std::span<const ListIndex> lists, Party party, std::uint8_t specificity,
                    std::uint32_t tenant, TextPlace place, EventSlot& event,
                    const HasEnded& ended) const;
    void push_number(std::span<const ListIndex> lists, Number number, Party party,
                     std::uint32_t tenant, TextPlace place, EventSlot& event) const;
    void push_pair(std::span<const ListIndex> lists, Party party, std::uint32_t tenant,
                   TextPlace place, EventSlot& event) const;
    void push_name(std::span<const ListIndex> lists, EntryKind kind, std::string_view name,
                   Party party, std::uint8_t specificity, std::uint32_t tenant, TextPlace place,
                   EventSlot& event) const;
    void push_prefixes(std::span<const PrefixHit> hits, std::string_view digits, Party party,
                       std::uint32_t tenant, TextPlace place, EventSlot& event) const;
    void push_prefixes(std::span<const PrefixHit> hits, Number number, Party party,
                       std::uint32_t tenant, TextPlace place, EventSlot& event) const;

    // ---- session.cpp ----
    void note_subscriber(std::string_view subscriber, EventSlot& event) const;
    void push_caller_id(const CallerIdFindings& noticed, EventSlot& event) const;
    void push_failure(FailureCause cause, EventSlot& event) const;
    void find_behaviour(EventSlot& event) const;
    std::optional<Finding> score_beside(const FindingBuffer& others, const EventSlot& event) const;
    void note_housekeeping(Time time, EventSlot& event);
    Verdict conclude(EventSlot& event, Time time);
    void count(const Verdict& verdict, const EventSlot& event);
};

}  // namespace ringfence
