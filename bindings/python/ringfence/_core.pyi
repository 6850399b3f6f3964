from collections.abc import Iterable
import datetime
import os
from typing import Any


version: str = '0.1.0'

class Verdict:
    """What to do with one call or SMS, and why."""

    @property
    def action(self) -> str: ...

    @property
    def stage(self) -> str:
        """The tier of the precedence order that decided."""

    @property
    def reason(self) -> str: ...

    @property
    def rule(self) -> str | None:
        """The deciding rule's id."""

    @property
    def category(self) -> str | None: ...

    @property
    def param(self) -> str | None:
        """The rate of a throttle, the destination of a divert."""

    @property
    def risk(self) -> int:
        """0 to 1000."""

    @property
    def generation(self) -> int: ...

    @property
    def change(self) -> int:
        """Live changes of lists that it saw."""

    @property
    def flags(self) -> list[str]: ...

    @property
    def needs_roaming(self) -> bool:
        """Whether it hangs on a roaming answer: ask, then Screen.resume."""

    @property
    def shadow_action(self) -> str | None:
        """What a rule in shadow would have chosen."""

    @property
    def match(self) -> tuple[int, int] | None:
        """Offset and length of the deciding match, in UTF-16 units of the text."""

    @property
    def sip_code(self) -> int:
        """0 when the call passes."""

    @property
    def q850_cause(self) -> int:
        """0 when the call passes."""

    @property
    def smpp_status(self) -> int:
        """To a submit_sm; 0 when the message passes."""

    @property
    def smpp_deliver_status(self) -> int:
        """To a deliver_sm; 0 when the message passes."""

    def __repr__(self) -> str: ...

class Verdicts:
    """
    The verdicts on a frame, a row for each of its rows, in their order.

    Columns: row, action, stage, reason, rule, category, risk, generation, flags, match_offset, match_length.
    """

    def __len__(self) -> int: ...

    def __repr__(self) -> str: ...

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """
        The Arrow PyCapsule interface: pyarrow.table(v), polars.DataFrame(v). Copies nothing.
        """

    def to_pyarrow(self) -> Any:
        """As a pyarrow.Table."""

    def to_polars(self) -> Any:
        """As a polars.DataFrame."""

    def to_pandas(self) -> Any:
        """As a pandas.DataFrame, through pyarrow."""

    @property
    def bad_rows(self) -> int:
        """How many rows could not be read: their reason is bad_row."""

    @property
    def problems(self) -> list[tuple[int, str]]:
        """Row and fault of the first hundred bad rows."""

class Explanation:
    """
    Every finding about one event, in order, which won and why. Prints as text.

    Holds numbers and the text of a message: personal data.
    """

    def __str__(self) -> str: ...

    def __repr__(self) -> str: ...

    def to_text(self) -> str:
        """A few lines for a person."""

    def to_json(self) -> str:
        """One JSON object on one line."""

    def to_dict(self) -> dict[str, Any]: ...

    @property
    def action(self) -> str: ...

    @property
    def reason(self) -> str: ...

class Decoded:
    """
    What one message, or one part of a longer one, says.

    Holds the text and octets of a message: personal data.
    """

    @property
    def text(self) -> str:
        """
        Empty where there is none; half of a pair that a part shares with its neighbour is U+FFFD.
        """

    @property
    def status(self) -> str:
        """text, binary (8-bit or compressed) or error."""

    @property
    def alphabet(self) -> str: ...

    @property
    def oddities(self) -> list[str]:
        """What was odd about the octets."""

    @property
    def part(self) -> tuple[int, int, int] | None:
        """Reference, total and number of a part of a longer message."""

    @property
    def message_class(self) -> int | None:
        """0 flash, 1 ME, 2 SIM, 3 TE."""

    @property
    def waiting(self) -> str | None:
        """
        voicemail, fax, email or other: what the coding scheme says is waiting.
        """

    @property
    def waiting_active(self) -> bool:
        """Whether the handset is to show that; otherwise to show it no longer."""

    @property
    def auto_delete(self) -> bool: ...

    @property
    def ports(self) -> tuple[int, int] | None:
        """Destination and source, where the header names them."""

    def place(self, begin: int, length: int) -> tuple[int, int]:
        """
        First octet and count of the octets that hold so many UTF-16 units of the text, such as a verdict's `match`; the header counts too.
        """

    def __repr__(self) -> str: ...

def places(parts: list[Decoded], begin: int, length: int) -> list[tuple[int, int, int]]:
    """
    Where a stretch of the text that all parts of a message make, in their order, lies: of each part that holds some of it the index, the first octet and how many.
    """

class Reconciled:
    """What became of a list that was reconciled with a file."""

    @property
    def rows(self) -> int:
        """Good rows of the file."""

    @property
    def bad_rows(self) -> int:
        """Skipped; `warnings` names their lines."""

    @property
    def passed_over(self) -> int:
        """Rows that no list can hold."""

    @property
    def expired(self) -> int:
        """Rows that were due already, and not taken."""

    @property
    def added(self) -> int: ...

    @property
    def removed(self) -> int: ...

    @property
    def changed(self) -> int:
        """Of another action, category, expiry, source, date or confidence."""

    @property
    def kept(self) -> int: ...

    @property
    def overlaid(self) -> int:
        """Where a live change stands against the file."""

    @property
    def memory_bytes(self) -> int:
        """That the rows took, at most."""

    @property
    def warnings(self) -> list[str]:
        """Bad rows, each with its line."""

    def __repr__(self) -> str: ...

class Released:
    """A message that was given up before it was whole."""

    @property
    def sender(self) -> str:
        """As its parts said, cut at 24 octets."""

    @property
    def recipient(self) -> str: ...

    @property
    def ref(self) -> int: ...

    @property
    def total(self) -> int:
        """How many parts it has."""

    @property
    def parts(self) -> list[int]:
        """Which of them came."""

    @property
    def first(self) -> float:
        """When the first of them came, in seconds since 1970."""

    @property
    def action(self) -> str:
        """What becomes of those: [failure] part_timeout."""

    @property
    def timed_out(self) -> bool:
        """False: for want of room, or because its reference was used again."""

    def __repr__(self) -> str: ...

class Screen:
    """
    A policy, its lists and its patterns, live. May be used from several threads at once.
    """

    def __init__(self, policy: str | os.PathLike[str], *, activity_bytes: int | None = None, reassembly_slots: int | None = None, seed: int = 0, force: bool = False, read_only: bool = False, now: datetime.datetime | float | str | None = None) -> None:
        """
        Opens the policy and everything it names. `activity_bytes` bounds the memory for the behaviour of numbers, `reassembly_slots` how many messages may wait for their parts; with a `seed` other than 0 the same policy and events give the same verdicts, with 0 nobody can foresee which numbers share a place; `force` publishes even what the size guards refuse; `read_only` leaves the journal as it is, whoever holds it; what expired by `now` (by default the clock's) is not loaded.
        """

    def calls(self, frame: Any) -> Verdicts:
        """
        The verdicts on a frame of calls: columns time, calling, called, and more (docs/python.md).
        """

    def sms(self, frame: Any) -> Verdicts:
        """
        The verdicts on a frame of messages: columns time, sender, recipient and one of text, pdu, short_message, and more (docs/python.md).
        """

    def call(self, *, calling: str, called: str, trunk: str | None = None, trunk_id: str | None = None, time: datetime.datetime | float | str | None = None, calling_ton: str | int | None = None, called_ton: str | int | None = None, screening: str | int | None = None, presentation: str | int | None = None, redirecting: str | None = None, category: int | None = None, emergency: bool | None = None, verstat: str | None = None, attestation: str | None = None, roaming: str | None = None, phase: str | None = None, duration_s: int | None = None, call_id: str | None = None, imei: int | str | None = None, cell: int | None = None, serving_country: str | None = None, tenant: int | None = None, subscriber: str | None = None) -> Verdict:
        """The verdict on one call; the time is now unless given."""

    def message(self, *, sender: str, recipient: str, text: str | None = None, pdu: bytes | str | None = None, dcs: int | None = None, short_message: bytes | str | None = None, data_coding: int | None = None, udhi: bool | None = None, sar_ref: int | None = None, sar_total: int | None = None, sar_seq: int | None = None, bind: str | None = None, trunk_id: str | None = None, trunk: str | None = None, time: datetime.datetime | float | str | None = None, sender_ton: str | int | None = None, smsc: str | None = None, tenant: int | None = None, subscriber: str | None = None) -> Verdict:
        """
        The verdict on one message, or on the part of one; the time is now unless given.
        """

    def resume(self, *, calling: str, called: str, trunk: str | None = None, trunk_id: str | None = None, time: datetime.datetime | float | str | None = None, calling_ton: str | int | None = None, called_ton: str | int | None = None, screening: str | int | None = None, presentation: str | int | None = None, redirecting: str | None = None, category: int | None = None, emergency: bool | None = None, verstat: str | None = None, attestation: str | None = None, roaming: str | None = None, phase: str | None = None, duration_s: int | None = None, call_id: str | None = None, imei: int | str | None = None, cell: int | None = None, serving_country: str | None = None, tenant: int | None = None, subscriber: str | None = None) -> Verdict:
        """
        Ends a call that came back with needs_roaming: the verdict under `roaming`. Counts nothing again.
        """

    def observe(self, *, calling: str, called: str, trunk: str | None = None, trunk_id: str | None = None, time: datetime.datetime | float | str | None = None, calling_ton: str | int | None = None, called_ton: str | int | None = None, screening: str | int | None = None, presentation: str | int | None = None, redirecting: str | None = None, category: int | None = None, emergency: bool | None = None, verstat: str | None = None, attestation: str | None = None, roaming: str | None = None, phase: str | None = None, duration_s: int | None = None, call_id: str | None = None, imei: int | str | None = None, cell: int | None = None, serving_country: str | None = None, tenant: int | None = None, subscriber: str | None = None) -> None:
        """
        Takes the answer or the end of a call that was screened before: `phase`, `duration_s`.
        """

    def explain(self, **event: Any) -> Explanation:
        """
        Every finding about a call (the arguments of call) or a message (those of message), in order, which won and why. Counts nothing.
        """

    def decode(self, **message: Any) -> Decoded:
        """
        What a message (the arguments of message) says, by its coding and its bind. Counts nothing.
        """

    def is_emergency(self, **event: Any) -> bool:
        """
        Whether a call or message is to an emergency number, or flagged as one. Screening finds that out itself.
        """

    def is_number(self, text: str) -> bool:
        """
        Whether the text is a whole number under the policy's plan, which a `subscriber` has to be.
        """

    def note_emergency(self, caller: str, time: datetime.datetime | float | str | None = None) -> None:
        """
        Notes an emergency call that was not screened: for 90 minutes nothing to its caller is blocked.
        """

    def trunk(self, id: str) -> int:
        """
        The number of a trunk, good over reloads; 0 when no policy had that id. Screening takes the id itself.
        """

    def bind(self, id: str) -> int:
        """The same of a bind."""

    def bad_row(self) -> Verdict:
        """
        The verdict on an event that could not be read: what the policy's [failure] says of bad_row.
        """

    def reload(self) -> None:
        """
        Reads policy, lists and patterns again. On failure the last good generation stays.
        """

    def add(self, list: str, entry: str, expires: datetime.datetime | float | str | None = None, source: str = '', *, since: datetime.datetime | float | str | None = None, confidence: int | None = None, subscriber: str | None = None) -> int:
        """
        Puts an entry on a list, live; `confidence` in percent; `subscriber` says whose, on a personal list of many subscribers. Gives the number of the change.
        """

    def remove(self, list: str, entry: str, *, subscriber: str | None = None) -> int:
        """Takes an entry off a list, live. NotFound when it is not there."""

    def reconcile(self, list: str, file: str | os.PathLike[str] | None = None, *, force: bool = False, dry_run: bool = False) -> Reconciled:
        """
        Brings a live list to what the file says (None: the list's own file), entry by entry, while others screen. `force` takes also a file that is empty, a fifth smaller or half as large again; `dry_run` counts and changes nothing.
        """

    def advance(self, now: datetime.datetime | float | str | None = None) -> list[Released]:
        """
        Housekeeping: expiry, waiting parts, old generations. Call it about once a second. Gives the messages that were given up because parts of them never came.
        """

    def counters(self) -> dict[str, int]:
        """Every counter by name."""

    @property
    def warnings(self) -> list[str]:
        """What the last good load passed over, a line each."""

    @property
    def redress_address(self) -> str:
        """Where blocked callers may complain (RFC 8688), or empty."""

    @property
    def generation(self) -> int: ...

    @property
    def policy(self) -> str:
        """The path it was opened with."""

    def __repr__(self) -> str: ...

def train(spam: Iterable[str], ham: Iterable[str], out: str | os.PathLike[str], *, seed: int = 1, bits: int = 16, view: str = 'light', epochs: int = 20, folds: int = 5) -> dict[str, Any]:
    """
    Trains a score model on spam and honest messages, puts it into the file `out`, and gives how well models of the same making do on messages that they did not see (docs/score.md).
    """
