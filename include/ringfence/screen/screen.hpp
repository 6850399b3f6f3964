// screen.hpp - the policy, its lists and its patterns, live: what a switch opens once.
//
// A Screen publishes immutable generations (policy, patterns, a set of tables) and changes list entries
// under the readers in between. Readers are Sessions: they pin a generation and never wait. The last
// good generation stays live when a load fails.
//
//     open ---> generation 1 ---> reload ---> generation 2 ...        add / remove: within a generation
//                  ^ pinned by sessions           a generation is freed when no pin can hold it
//
// Writers: reload, add, remove and advance may be called from any thread; they take turns under one
// lock that no reader ever takes, which a reload takes when its rules are compiled. No thread is started by the library: `advance(now)` is the one
// housekeeping call.
//
// Lifetime: every Session must be gone before its Screen.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/base/export.hpp"
#include "ringfence/base/result.hpp"
#include "ringfence/policy/request.hpp"
#include "ringfence/policy/verdict.hpp"
#include "ringfence/screen/explanation.hpp"
#include "ringfence/screen/reconcile.hpp"
#include "ringfence/screen/session.hpp"
#include "ringfence/text/reassembly.hpp"

namespace ringfence {

class SharedImage;
class SharedWriter;

struct ScreenOptions {
    // Memory for the behaviour of numbers, in bytes; fixed for the life of the Screen. 0: what the
    // policy's [behaviour] says.
    std::size_t activity_bytes = 0;
    // Messages that may wait for their parts at once. 0: what the policy's [reassembly] says.
    std::size_t reassembly_slots = 0;
    // Secret of the hashes and sketches: keys chosen against one seed spread like random ones under another.
    // 0: one that nobody can foresee. The same seed, policy and events give the same verdicts.
    std::uint64_t seed = 0;
    // Publishes even what the size guards refuse (a list that shrank by a fifth, say).
    bool force = false;
    // The journal and the notes beside it are read and left as they are, whoever holds them: for studies beside a
    // switch. Live changes then live in memory.
    bool read_only = false;
    // What expired by then is not loaded. None: entries stay until the first `advance` after their time.
    std::optional<Time> now = {};
    // Follows the lists that a screen of the same policy publishes there (publish_to), in place of reading their files, image and
    // journal; null: reads them. Borrowed while it opens. The screen holds up to two of its readers.
    const SharedImage* shared = nullptr;
    // Reads its lists, and publishes them there (publish_to). Borrowed while it opens. Not with `shared`.
    // All screens that follow or publish one memory note emergency calls in it together, from the moment that they open: who
    // called through one of them is known to all.
    const SharedImage* publishes = nullptr;
};

// A message that was never whole, and what becomes of the parts that came.
struct ReleasedMessage {
    GivenUpMessage message;
    Action action = Action::kAllow;  // the policy's [failure] part_timeout
    Reason reason = Reason::kPartTimeout;
};

// One live change of a list.
struct ListChange {
    std::string_view list;   // id of a [[list]] of the policy
    std::string_view entry;  // a number, prefix ("+8617*"), range ("a..b"), sender, domain, account
    // None: stays until removed, on an automatic list for its lifetime from `since`, or from the last `advance`.
    std::optional<Time> expires = {};
    std::string_view source = {};                 // who says so; kept with the entry
    std::optional<Time> since = {};               // since when; kept to the day
    std::optional<std::uint8_t> confidence = {};  // percent
    std::string_view subscriber =
        {};  // whose entry it is: on a list by subscriber, and on no other
};

// One number that a Screen counts: `verdicts.reject`, `rule.fraud-cards.hits`, `reload.failed`.
struct Counter {
    std::string name;
    std::uint64_t value = 0;
};

// What came of one rule: findings that decide or might have, those in shadow, and verdicts that name it.
struct RuleCounter {
    std::string id;
    std::uint64_t hits = 0;
    std::uint64_t shadow_hits = 0;
    std::uint64_t decided = 0;
};

class RINGFENCE_API Screen {
public:
    // The most sessions open at once.
    static constexpr std::size_t kMaxSessions = 256;

    // Opens the policy and everything it names. Fails with the first error, which names file and line. When memory
    // runs out here or in any other call, that call fails with kOutOfMemory, or gives the empty value where it has no
    // error to give, and what was live stays; but for the compiler of regular expressions, Hyperscan, which ends
    // its process (open and reload): this one where its own program is not installed (pattern/regex_limits.hpp).
    // Threads: any thread.
    static Result<Screen> open(std::string_view policy_path, ScreenOptions options = {});

    Screen(Screen&&) noexcept;
    Screen& operator=(Screen&&) noexcept;
    ~Screen();

    // A session for the calling thread. With kMaxSessions open already, the session is one that is not
    // `open`: its verdicts are allow, degraded.
    // Threads: any thread.
    Session session();

    // Reads policy, lists and patterns again and publishes them; on failure the last good generation
    // stays and `reload.failed` counts. kBusy when readers still hold two older generations.
    // Threads: any thread.
    Status reload();

    // Puts an entry on a list, or takes it off, for every lookup that pins after this returned. Gives
    // the number of the change (Verdict::change counts them). Removing what is not there is kMissing. kBusy:
    // readers hold two older sets of tables; a prefix or name is noted, and comes live with the next change or
    // advance that readers let through.
    // kOutOfRange: what is to be added has ended by the latest `advance` (or `now`), or its `since` lies over a day after.
    // kOutOfMemory leaves a number as it was; a prefix or name may be noted as under kBusy.
    // Threads: any thread.
    Result<std::uint64_t> add(const ListChange& change);
    Result<std::uint64_t> remove(const ListChange& change);

    // Brings the list to what `file` says (empty: the list's own file, which the feed has replaced), by adding,
    // removing and changing entries under the readers; reconcile.hpp says how. The next reload reads the list's own
    // file again. Fails as reading a list does, with kRefused by the size guard, kMissing when the policy has
    // no such list, kBusy when a reload came in between or readers hold two older sets of tables.
    // Threads: any thread; calls wait for each other.
    Result<ReconcileReport> reconcile(std::string_view list, std::string_view file = {},
                                      const ReconcileOptions& options = {});

    // Publishes the lists as they stand, live changes and all, to the screens that follow them; gives the number of that generation.
    // Copies all tables: 33 to 40 ns a number, while live changes wait. Fails as SharedWriter::publish does, with
    // kBusy at once (try again); with kUnsupported for a policy with personal lists, and for a screen that follows itself;
    // with kInvalidArgument when the writer's memory is not the one that the screen was opened to publish (ScreenOptions::publishes).
    // Threads: any thread; `writer` is one thread's.
    Result<std::uint64_t> publish_to(SharedWriter& writer);

    // Housekeeping: expiry of entries, of waiting message parts and of emergency notes, and freeing of
    // old generations. One call takes off a bounded number of entries; when more are due at once the next calls
    // take the rest, none of it later than the policy's [expiry] within_s. A screen that follows lists goes on with what was
    // published, and passes over what ended since, the last of more than 16,384 numbers up to ten seconds later; when it cannot go on, it fails as open does, and what was live stays.
    // Call it about once a second; Verdict flag kHousekeepingLate says when it lags.
    // Threads: any thread.
    Status advance(Time now);

    // The same, and tells `released` of every message given up since the last call because parts of it never came, or
    // there was no room for it to wait: with the policy's `part_missing` saying hold, its parts are held, and go now as
    // `action` says. Called after all else, without a lock: it may call the screen. It must not throw.
    // Whoever calls both forms is told nothing of what the other gave up.
    // Threads: any thread.
    Status advance(Time now, const std::function<void(const ReleasedMessage&)>& released);

    // Notes that `caller` made an emergency call that did not pass through a Session. Fails with kInvalidArgument
    // when it is nobody: empty, "anonymous", withheld. These notes, and those that sessions take, are known to all screens that follow or
    // publish one memory (ScreenOptions); other screens do not share them, and each must be told of every emergency call.
    // Threads: any thread.
    Status note_emergency(const AddressView& caller, Time time);

    // The trunk, bind or bare trunk kind by its id; index 0 when the policy has none of that id. Handles
    // stay good over reloads; one whose trunk is gone from the policy acts as none.
    // Threads: any thread.
    TrunkId trunk(std::string_view id) const;
    TrunkId trunk_of_kind(TrunkKind kind) const;
    BindId bind(std::string_view id) const;

    // Whether a call or message is to an emergency number, or flagged as one: what no error in the rest of it may
    // block. A session finds that out itself; this is for faces that read events from text. Takes a short lock.
    // Threads: any thread.
    bool is_emergency(const Call& call) const;
    bool is_emergency(const Sms& sms) const;

    // Whether the text is a whole number under the policy's plan, of a length that its range has or of a range that
    // the plan does not know, which an event's subscriber has to be: a session takes one that is none for a subscriber
    // without lists, and flags the verdict kBadInput. For faces that read events from text. Takes a short lock.
    // Threads: any thread.
    bool is_number(std::string_view text) const;

    // The content of a message as its bind codes it, to be given to decode (text/decode.hpp). Borrows the octets. Takes a short lock.
    // Threads: any thread.
    SmsContent content_of(const Sms& sms) const;

    // Where the place of a match lies in what arrived: `begin` and `length` are a verdict's match_offset and match_length, or a
    // finding's. `parts` is the message; of one that came in parts and was judged as a whole they are all of them, in their
    // order: the screen does not keep them. Gives the first part that holds any of it; the rest begins so many units further
    // on. Decodes anew, and so allocates: kOutOfMemory where it cannot. Takes a short lock.
    // Threads: any thread.
    Result<PartPlace> place_of(std::span<const Sms> parts, std::size_t begin,
                               std::size_t length) const;

    // What to answer the peer: a SIP status, a Q.850 cause, an SMPP command_status to a submit_sm or to a
    // deliver_sm; 0 when the verdict lets the event pass. Wait-free.
    // Threads: any thread.
    std::uint32_t sip_code(const Verdict& verdict) const;
    std::uint32_t q850_cause(const Verdict& verdict) const;
    std::uint32_t smpp_status(const Verdict& verdict) const;
    std::uint32_t smpp_deliver_status(const Verdict& verdict) const;

    // The verdict on an event of a file or frame that could not be read: what the policy's [failure] says of
    // bad_row, flagged kBadInput.
    // Threads: any thread.
    Verdict bad_row() const;

    // The words behind a verdict's numbers; empty for 0 and for generations long gone. Cold: may lock.
    // Threads: any thread.
    std::string rule_id(const Verdict& verdict) const;
    std::string category(const Verdict& verdict) const;
    // The parameter of a throttle (a rate) or divert (a destination).
    std::string param(const Verdict& verdict) const;
    // Where analytics-blocked callers may complain (RFC 8688), or empty.
    std::string redress_address() const;

    // Every finding in order, which won and why, and the codes sent to the peer. Counts nothing. Takes a session
    // while it lasts: fails with kFull when there is none, with kSyntax when the subscriber is no number. Cold.
    // Threads: any thread.
    Result<Explanation> explain(const Call& call) const;
    Result<Explanation> explain(const Sms& sms) const;

    // Every counter by name. Cold. Threads: any thread.
    std::vector<Counter> counters() const;

    // What came of each rule of the policy in force, in its order, since it opened or a reload brought the rule; an id that a
    // reload keeps counts on. Those counters are also among the named ones. Cold. Threads: any thread.
    std::vector<RuleCounter> rule_counters() const;

    // What the last good load passed over, a line each: bad rows of lists, lists that are absent.
    // Threads: any thread.
    std::vector<std::string> warnings() const;

    std::uint32_t generation() const;

private:
    friend class Session;
    class RINGFENCE_HIDDEN Core;
    explicit Screen(std::unique_ptr<Core> core);

    std::unique_ptr<Core> core_;
};

}  // namespace ringfence
