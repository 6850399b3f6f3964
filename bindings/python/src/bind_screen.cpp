#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <exception>
#include <optional>

#include "bindings/python/src/decoded.hpp"
#include "bindings/python/src/keyword_fields.hpp"
#include "bindings/python/src/paths.hpp"
#include "bindings/python/src/released.hpp"
#include "bindings/python/src/screen_frame.hpp"
#include "bindings/python/src/verdict_list.hpp"

namespace nb = nanobind;

// The keywords of one event, as type checkers and help() show them; the columns of traffic_fields.hpp.
#define RINGFENCE_PY_TIME "datetime.datetime | float | str | None"
#define RINGFENCE_PY_CALL                                                                        \
    "calling: str, called: str, trunk: str | None = None, trunk_id: str | None = None, "         \
    "time: " RINGFENCE_PY_TIME                                                                   \
    " = None, calling_ton: str | int | None = None, "                                            \
    "called_ton: str | int | None = None, screening: str | int | None = None, "                  \
    "presentation: str | int | None = None, redirecting: str | None = None, "                    \
    "category: int | None = None, emergency: bool | None = None, verstat: str | None = None, "   \
    "attestation: str | None = None, roaming: str | None = None, phase: str | None = None, "     \
    "duration_s: int | None = None, call_id: str | None = None, imei: int | str | None = None, " \
    "cell: int | None = None, serving_country: str | None = None, tenant: int | None = None, "   \
    "subscriber: str | None = None"
#define RINGFENCE_PY_SMS                                                                     \
    "sender: str, recipient: str, text: str | None = None, pdu: bytes | str | None = None, " \
    "dcs: int | None = None, short_message: bytes | str | None = None, "                     \
    "data_coding: int | None = None, udhi: bool | None = None, sar_ref: int | None = None, " \
    "sar_total: int | None = None, sar_seq: int | None = None, bind: str | None = None, "    \
    "trunk_id: str | None = None, trunk: str | None = None, "                                \
    "time: " RINGFENCE_PY_TIME                                                               \
    " = None, sender_ton: str | int | None = None, "                                         \
    "smsc: str | None = None, tenant: int | None = None, subscriber: str | None = None"

namespace ringfence::python {
namespace {

// A Screen, and the sessions of whoever calls it. The pool goes first: sessions must not outlive their Screen.
class SharedScreen {
public:
    SharedScreen(std::string path, ScreenOptions options)
        : path_(std::move(path)), screen_(value_of(Screen::open(path_, options))), pool_(screen_) {}

    const std::string& path() const { return path_; }
    Screen& screen() { return screen_; }
    SessionPool& pool() { return pool_; }

private:
    std::string path_;
    Screen screen_;
    SessionPool pool_;
};

// What becomes of an event with an argument that makes no sense. An emergency is cut down to that, as a row of a frame is.
enum class Slips { kRaise, kSpareEmergencies };

// A request read from keywords, with what it points at.
template <class Event>
class Asked {
public:
    Asked(const char* function, const nb::kwargs& keywords, const Screen& screen,
          Slips slips = Slips::kRaise)
        : fields_(function, column_names(kTag), keywords) {
        for (unsigned column = 1; column < traffic::kRequired; ++column) {
            if (keywords.contains(nb::str(column_names(kTag)[column].data()))) continue;
            const std::string problem = std::string(function) + "() needs the argument '" +
                                        std::string(column_names(kTag)[column]) + "'";
            throw nb::type_error(problem.c_str());
        }
        check_text(function, kTag);
        traffic::Places places(&screen);
        std::string problem;
        // A person who asks about one event is told of every slip, also of one that a row of a file could bear.
        traffic::read_event(fields_, places, event_, problem);
        const std::exception_ptr slip = fields_.take_slip();
        if (!slip && problem.empty()) return;
        if (slips == Slips::kSpareEmergencies && is_saved(screen, event_)) return;
        if (slip) std::rethrow_exception(slip);
        throw Raised{{ErrorCode::kInvalidArgument, problem}};
    }

    const Event& event() const { return event_; }
    bool is_given(unsigned column) const { return fields_.is_given(column); }

private:
    static constexpr const Event* kTag = nullptr;

    void check_text(const char*, const Call*) const {}
    void check_text(const char* function, const Sms*) const {
        if (fields_.is_given(traffic::kText) || fields_.is_given(traffic::kPdu) ||
            fields_.is_given(traffic::kShortMessage)) {
            return;
        }
        const std::string problem =
            std::string(function) + "() needs one of the arguments text, pdu, short_message";
        throw nb::type_error(problem.c_str());
    }

    KeywordFields fields_;
    Event event_;
};

void construct(SharedScreen* self, nb::handle policy, std::optional<std::size_t> activity_bytes,
               std::optional<std::size_t> reassembly_slots, std::uint64_t seed, bool force,
               bool read_only, const nb::object& now) {
    ScreenOptions options;
    if (activity_bytes) options.activity_bytes = *activity_bytes;
    if (reassembly_slots) options.reassembly_slots = *reassembly_slots;
    options.seed = seed;
    options.force = force;
    options.read_only = read_only;
    options.now = now.is_none() ? time_now() : time_of(now);
    std::string path = path_of(policy);
    const nb::gil_scoped_release released;
    new (self) SharedScreen(std::move(path), options);
}

template <class Event>
VerdictList screen_frame(SharedScreen& self, nb::handle frame) {
    ArrowStream stream = ArrowStream::open(frame);
    const nb::gil_scoped_release released;
    return {FrameScreener<Event>(self.screen(), self.pool()).screen(stream)};
}

template <class Event>
NamedVerdict screen_one(SharedScreen& self, const char* function, const nb::kwargs& keywords) {
    const Asked<Event> asked(function, keywords, self.screen(), Slips::kSpareEmergencies);
    const nb::gil_scoped_release released;
    auto session = self.pool().lend();
    return named(session->screen(asked.event()), self.screen());
}

NamedVerdict resume(SharedScreen& self, const nb::kwargs& keywords) {
    const Asked<Call> asked("resume", keywords, self.screen());
    if (!asked.is_given(traffic::kRoaming)) {
        throw nb::type_error("resume() needs the argument 'roaming': yes, no or unknown");
    }
    const nb::gil_scoped_release released;
    auto session = self.pool().lend();
    return named(session->resume(asked.event(), asked.event().roaming), self.screen());
}

void observe(SharedScreen& self, const nb::kwargs& keywords) {
    const Asked<Call> asked("observe", keywords, self.screen());
    if (asked.event().phase == Phase::kSetup) {
        throw nb::type_error("observe() needs the argument 'phase': answer or end");
    }
    const nb::gil_scoped_release released;
    auto session = self.pool().lend();
    session->observe(asked.event());
}

// What `ask` answers about a call, or about a message when the keywords are those of one.
template <class Ask>
auto of_either(SharedScreen& self, const char* function, const nb::kwargs& keywords, Ask ask) {
    if (keywords.contains("sender") || keywords.contains("recipient")) {
        const Asked<Sms> asked(function, keywords, self.screen(), Slips::kSpareEmergencies);
        const nb::gil_scoped_release released;
        return ask(asked.event());
    }
    const Asked<Call> asked(function, keywords, self.screen(), Slips::kSpareEmergencies);
    const nb::gil_scoped_release released;
    return ask(asked.event());
}

Explanation explain(SharedScreen& self, const nb::kwargs& keywords) {
    return of_either(self, "explain", keywords,
                     [&](const auto& event) { return value_of(self.screen().explain(event)); });
}

Decoded decode_one(SharedScreen& self, const nb::kwargs& keywords) {
    const Asked<Sms> asked("decode", keywords, self.screen());
    const nb::gil_scoped_release released;
    return decoded_of(self.screen().content_of(asked.event()));
}

bool is_emergency(SharedScreen& self, const nb::kwargs& keywords) {
    return of_either(self, "is_emergency", keywords,
                     [&](const auto& event) { return self.screen().is_emergency(event); });
}

void note_emergency(SharedScreen& self, const std::string& caller, const nb::object& time) {
    const Time when = time.is_none() ? time_now() : time_of(time);
    const nb::gil_scoped_release released;
    require(self.screen().note_emergency(AddressView(caller), when));
}

NamedVerdict bad_row(SharedScreen& self) {
    const nb::gil_scoped_release released;
    return named(self.screen().bad_row(), self.screen());
}

std::uint64_t add(SharedScreen& self, const std::string& list, const std::string& entry,
                  const nb::object& expires, const std::string& source, const nb::object& since,
                  std::optional<int> confidence, const std::optional<std::string>& subscriber) {
    ListChange change{.list = list, .entry = entry, .source = source};
    if (subscriber) change.subscriber = *subscriber;
    if (!expires.is_none()) change.expires = time_of(expires);
    if (!since.is_none()) change.since = time_of(since);
    if (confidence) {
        if (*confidence < 0 || *confidence > 100)
            throw Raised{
                {ErrorCode::kInvalidArgument,
                 "confidence is a percentage, 0 to 100, not " + std::to_string(*confidence)}};
        change.confidence = static_cast<std::uint8_t>(*confidence);
    }
    const nb::gil_scoped_release released;
    return value_of(self.screen().add(change));
}

std::uint64_t remove(SharedScreen& self, const std::string& list, const std::string& entry,
                     const std::optional<std::string>& subscriber) {
    ListChange change{.list = list, .entry = entry};
    if (subscriber) change.subscriber = *subscriber;
    const nb::gil_scoped_release released;
    return value_of(self.screen().remove(change));
}

ReconcileReport reconcile(SharedScreen& self, const std::string& list, nb::handle file, bool force,
                          bool dry_run) {
    const std::string path = file.is_none() ? std::string() : path_of(file);
    const nb::gil_scoped_release released;
    return value_of(self.screen().reconcile(list, path, {.force = force, .dry_run = dry_run}));
}

std::vector<Released> advance(SharedScreen& self, const nb::object& now) {
    const Time time = now.is_none() ? time_now() : time_of(now);
    const nb::gil_scoped_release unlocked;
    std::vector<Released> released;
    require(advance_screen(self.screen(), time, released));
    return released;
}

void reload(SharedScreen& self) {
    const nb::gil_scoped_release released;
    require(self.screen().reload());
}

nb::dict counters(SharedScreen& self) {
    nb::dict named;
    for (const Counter& counter : self.screen().counters()) {
        named[nb::str(counter.name.data(), counter.name.size())] = counter.value;
    }
    return named;
}

void bind_reconciled(nb::module_& module) {
    using Self = ReconcileReport;
    nb::class_<Self>(module, "Reconciled", "What became of a list that was reconciled with a file.")
        .def_ro("rows", &Self::rows, "Good rows of the file.")
        .def_ro("bad_rows", &Self::bad_rows, "Skipped; `warnings` names their lines.")
        .def_ro("passed_over", &Self::passed_over, "Rows that no list can hold.")
        .def_ro("expired", &Self::expired, "Rows that were due already, and not taken.")
        .def_ro("added", &Self::added)
        .def_ro("removed", &Self::removed)
        .def_ro("changed", &Self::changed,
                "Of another action, category, expiry, source, date or confidence.")
        .def_ro("kept", &Self::kept)
        .def_ro("overlaid", &Self::overlaid, "Where a live change stands against the file.")
        .def_ro("memory_bytes", &Self::memory_bytes, "That the rows took, at most.")
        .def_ro("warnings", &Self::warnings, "Bad rows, each with its line.")
        .def("__repr__", [](const Self& self) {
            return "<ringfence.Reconciled: " + std::to_string(self.added) + " added, " +
                   std::to_string(self.removed) + " removed, " + std::to_string(self.changed) +
                   " changed, " + std::to_string(self.kept) + " kept>";
        });
}

}  // namespace

void bind_screen(nb::module_& module) {
    bind_reconciled(module);
    bind_released(module);
    using Self = SharedScreen;
    nb::class_<Self>(
        module, "Screen",
        "A policy, its lists and its patterns, live. May be used from several threads at once.")
        .def(
            "__init__", &construct, nb::arg("policy").none(), nb::kw_only(),
            nb::arg("activity_bytes") = nb::none(), nb::arg("reassembly_slots") = nb::none(),
            nb::arg("seed") = 0, nb::arg("force") = false, nb::arg("read_only") = false,
            nb::arg("now") = nb::none(),
            nb::sig("def __init__(self, policy: str | os.PathLike[str], *, activity_bytes: int | "
                    "None = None, reassembly_slots: int | None = None, seed: int = 0, "
                    "force: bool = False, read_only: bool = False, "
                    "now: " RINGFENCE_PY_TIME " = None) -> None"),
            "Opens the policy and everything it names. `activity_bytes` bounds the memory for the "
            "behaviour of "
            "numbers, `reassembly_slots` how many messages may wait for their parts; with a `seed` "
            "other than 0 the same policy and events give the same verdicts, with 0 nobody can "
            "foresee which numbers share a place; `force` publishes even what the size guards "
            "refuse; `read_only` leaves the "
            "journal as it is, "
            "whoever holds it; what expired by `now` (by default the clock's) is not loaded.")
        .def("calls", &screen_frame<Call>, nb::arg("frame").none(),
             nb::sig("def calls(self, frame: typing.Any) -> Verdicts"),
             "The verdicts on a frame of calls: columns time, calling, called, and more "
             "(docs/python.md).")
        .def("sms", &screen_frame<Sms>, nb::arg("frame").none(),
             nb::sig("def sms(self, frame: typing.Any) -> Verdicts"),
             "The verdicts on a frame of messages: columns time, sender, recipient and one of "
             "text, pdu, "
             "short_message, and more (docs/python.md).")
        .def(
            "call",
            [](Self& self, const nb::kwargs& keywords) {
                return screen_one<Call>(self, "call", keywords);
            },
            nb::sig("def call(self, *, " RINGFENCE_PY_CALL ") -> Verdict"),
            "The verdict on one call; the time is now unless given.")
        .def(
            "message",
            [](Self& self, const nb::kwargs& keywords) {
                return screen_one<Sms>(self, "message", keywords);
            },
            nb::sig("def message(self, *, " RINGFENCE_PY_SMS ") -> Verdict"),
            "The verdict on one message, or on the part of one; the time is now unless given.")
        .def("resume", &resume, nb::sig("def resume(self, *, " RINGFENCE_PY_CALL ") -> Verdict"),
             "Ends a call that came back with needs_roaming: the verdict under `roaming`. Counts "
             "nothing again.")
        .def("observe", &observe, nb::sig("def observe(self, *, " RINGFENCE_PY_CALL ") -> None"),
             "Takes the answer or the end of a call that was screened before: `phase`, "
             "`duration_s`.")
        .def("explain", &explain, nb::sig("def explain(self, **event: typing.Any) -> Explanation"),
             "Every finding about a call (the arguments of call) or a message (those of message), "
             "in order, which "
             "won and why. Counts nothing.")
        .def("decode", &decode_one, nb::sig("def decode(self, **message: typing.Any) -> Decoded"),
             "What a message (the arguments of message) says, by its coding and its bind. Counts "
             "nothing.")
        .def("is_emergency", &is_emergency,
             nb::sig("def is_emergency(self, **event: typing.Any) -> bool"),
             "Whether a call or message is to an emergency number, or flagged as one. Screening "
             "finds that out itself.")
        .def(
            "is_number",
            [](Self& self, const std::string& text) {
                const nb::gil_scoped_release released;
                return self.screen().is_number(text);
            },
            nb::arg("text"),
            "Whether the text is a whole number under the policy's plan, which a `subscriber` has "
            "to be.")
        .def("note_emergency", &note_emergency, nb::arg("caller"), nb::arg("time") = nb::none(),
             nb::sig("def note_emergency(self, caller: str, time: " RINGFENCE_PY_TIME
                     " = None) -> None"),
             "Notes an emergency call that was not screened: for 90 minutes nothing to its caller "
             "is blocked.")
        .def(
            "trunk",
            [](Self& self, const std::string& id) { return self.screen().trunk(id).index; },
            nb::arg("id"),
            "The number of a trunk, good over reloads; 0 when no policy had that id. Screening "
            "takes the id itself.")
        .def(
            "bind", [](Self& self, const std::string& id) { return self.screen().bind(id).index; },
            nb::arg("id"), "The same of a bind.")
        .def("bad_row", &bad_row,
             "The verdict on an event that could not be read: what the policy's [failure] says of "
             "bad_row.")
        .def("reload", &reload,
             "Reads policy, lists and patterns again. On failure the last good generation stays.")
        .def(
            "add", &add, nb::arg("list"), nb::arg("entry"), nb::arg("expires") = nb::none(),
            nb::arg("source") = "", nb::kw_only(), nb::arg("since") = nb::none(),
            nb::arg("confidence") = nb::none(), nb::arg("subscriber") = nb::none(),
            nb::sig(
                "def add(self, list: str, entry: str, expires: " RINGFENCE_PY_TIME
                " = None, source: str = '', *, since: " RINGFENCE_PY_TIME
                " = None, confidence: int | None = None, subscriber: str | None = None) -> int"),
            "Puts an entry on a list, live; `confidence` in percent; `subscriber` says whose, on a "
            "personal list of many subscribers. Gives the number of the change.")
        .def("remove", &remove, nb::arg("list"), nb::arg("entry"), nb::kw_only(),
             nb::arg("subscriber") = nb::none(),
             "Takes an entry off a list, live. NotFound when it is not there.")
        .def("reconcile", &reconcile, nb::arg("list"), nb::arg("file") = nb::none(), nb::kw_only(),
             nb::arg("force") = false, nb::arg("dry_run") = false,
             nb::sig("def reconcile(self, list: str, file: str | os.PathLike[str] | None = None, "
                     "*, force: bool = False, dry_run: bool = False) -> Reconciled"),
             "Brings a live list to what the file says (None: the list's own file), entry by "
             "entry, while others screen. `force` takes also a file that is empty, a fifth smaller "
             "or half as large again; `dry_run` counts and changes nothing.")
        .def("advance", &advance, nb::arg("now") = nb::none(),
             nb::sig("def advance(self, now: " RINGFENCE_PY_TIME " = None) -> list[Released]"),
             "Housekeeping: expiry, waiting parts, old generations. Call it about once a second. "
             "Gives the messages that were given up because parts of them never came.")
        .def("counters", &counters, nb::sig("def counters(self) -> dict[str, int]"),
             "Every counter by name.")
        .def_prop_ro(
            "warnings", [](Self& self) { return self.screen().warnings(); },
            "What the last good load passed over, a line each.")
        .def_prop_ro(
            "redress_address", [](Self& self) { return self.screen().redress_address(); },
            "Where blocked callers may complain (RFC 8688), or empty.")
        .def_prop_ro("generation", [](Self& self) { return self.screen().generation(); })
        .def_prop_ro(
            "policy", [](Self& self) { return self.path(); }, "The path it was opened with.")
        .def("__repr__", [](Self& self) {
            return "<ringfence.Screen: " + self.path() + ", generation " +
                   std::to_string(self.screen().generation()) + ">";
        });
}

}  // namespace ringfence::python
