// session.hpp - what one thread screens with.
//
// A Session owns everything that screening an event needs (scratch, buffers, a reader's slot), so that
// the hot path allocates and logs nothing, locks nothing but for moments (parts, [campaigns]), and reads no clock. Single calls and
// batches go through the same stages:
//
//     prepare   parse, normalize, decode, fold, scan, look up     any order, any thread
//     record    activity, emergency notes, reassembly             in the order of the events
//     decide    evaluate the findings and the captured features   any order, any thread
//
// A batch gives what single calls would. Several threads give what one would when each prepares and
// decides its own chunk and the chunks are recorded in order: see Session::prepare, record and decide.
//
// Readers: a generation is pinned once a single call or once a batch; whatever the writer publishes
// meanwhile is seen by the next one. Cost: see docs/performance.md.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "ringfence/base/export.hpp"
#include "ringfence/policy/request.hpp"
#include "ringfence/policy/verdict.hpp"

namespace ringfence {

class Screen;

class RINGFENCE_API Session {
public:
    // The most events that one batch stage holds; larger spans are cut into chunks of this many.
    static constexpr std::size_t kBatch = 256;

    Session(Session&&) noexcept;
    Session& operator=(Session&&) noexcept;
    ~Session();

    // Whether this session can screen: false for one asked for beyond Screen::kMaxSessions, whose
    // verdicts are allow, degraded.
    // Threads: any thread.
    bool open() const;

    // The verdict on a call's setup. A call whose `phase` is answer or end is observed instead, and the
    // verdict is the neutral allow. Never fails: what cannot be read is decided by the policy's
    // [failure] table and flagged.
    // Threads: one thread per session.
    Verdict screen(const Call& call);

    // The verdict on an SMS, or on the part of one. The part that completes a message is judged with the
    // whole text; earlier parts alone, under kPartial.
    // Threads: one thread per session.
    Verdict screen(const Sms& sms);

    // The same for many, in order; `verdicts` is as long as the events.
    // Threads: one thread per session.
    void screen(std::span<const Call> calls, std::span<Verdict> verdicts);
    void screen(std::span<const Sms> messages, std::span<Verdict> verdicts);

    // Ends a call that came back with kNeedsRoaming: the verdict under `answer`. Counts nothing again.
    // Threads: one thread per session.
    Verdict resume(const Call& call, Roaming answer);

    // Takes the answer or the end of a call that was screened before (matched by its parties), for the
    // behaviour of its caller. A setup is ignored.
    // Threads: one thread per session.
    void observe(const Call& call);

    // One chunk of at most kBatch calls and kBatch messages between its stages, for callers that bring
    // their own threads. Each span is in the order of its events; the two are recorded merged by time,
    // a call before a message of the same moment. The order is prepare, record, decide. Sessions may record
    // at the same time: nothing breaks. For the verdicts that one thread would give, record chunk after chunk
    // in the order of the events, one at a time (a ticket will do).
    // Events must outlive decide; the verdicts are as many as the events.
    // Threads: one thread per session.
    void prepare(std::span<const Call> calls, std::span<const Sms> messages);
    void record();
    void decide(std::span<Verdict> call_verdicts, std::span<Verdict> message_verdicts);

private:
    friend class Screen;
    struct RINGFENCE_HIDDEN State;
    explicit Session(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace ringfence
