"""What cannot be read gets a verdict or an error that says why, and takes nothing else with it."""

import numpy
import pandas
import pyarrow
import pytest
from conftest import CALLED, LISTED, OTHER

import ringfence
from ringfence import errors


def frame(**columns):
    return pyarrow.table({"time": [1, 2, 3], "calling": [LISTED, OTHER, LISTED],
                          "called": [CALLED] * 3, **columns})


@pytest.mark.parametrize(("column", "values", "word"), [
    ("time", [1, None, 3], "time"),
    ("time", ["1", "yesterday", "3"], "yesterday"),
    ("time", [1.0, float("inf"), 3.0], "time"),
    ("trunk", [None, "bogus", None], "bogus"),
    ("trunk_id", ["igw-1", "igw-2", ""], "igw-2"),
    ("attestation", ["A", "D", None], "'D'"),
    ("duration_s", ["1", "a minute", ""], "a minute"),
    ("tenant", [1, -1, None], "tenant"),
    ("calling_ton", [1, 77, None], "77"),
])
def test_a_bad_row_keeps_its_place_and_spares_the_others(screen, column, values, word):
    table = frame()
    if column in table.column_names:
        table = table.drop_columns(column)
    verdicts = screen.calls(table.append_column(column, pyarrow.array(values)))
    assert [row["reason"] for row in verdicts.to_pyarrow().to_pylist()] == [
        "global_list", "bad_row", "global_list"]
    assert verdicts.bad_rows == 1
    assert verdicts.problems[0][0] == 1
    assert word in verdicts.problems[0][1]
    assert verdicts.to_pyarrow()["flags"].to_pylist()[1] == "degraded bad_input"


@pytest.mark.parametrize("slip", ["home", "7" * 4000, "1202555019"], ids=["word", "long", "short"])
def test_a_subscriber_that_is_no_number_takes_personal_lists_out_and_no_other(screen, slip):
    calls = frame(subscriber=[CALLED, slip, ""]).set_column(1, "calling", pyarrow.array([LISTED] * 3))
    verdicts = screen.calls(calls)
    assert verdicts.to_pyarrow()["reason"].to_pylist() == ["global_list"] * 3
    assert verdicts.to_pyarrow()["flags"].to_pylist()[1] == "bad_input"
    assert verdicts.bad_rows == 1
    assert verdicts.problems[0][0] == 1
    assert "give a number" in verdicts.problems[0][1]


def test_a_subscriber_that_is_no_number_blocks_no_emergency(policy):
    policy.write_text(policy.read_text() + '[failure]\nbad_row = "reject"\n')
    screen = ringfence.Screen(policy)
    calls = frame(subscriber=["home"] * 3).set_column(2, "called", pyarrow.array(["911", CALLED, "911"]))
    assert screen.calls(calls).to_pyarrow()["reason"].to_pylist() == [
        "emergency_called", "none", "emergency_called"]
    sms = pyarrow.table({"time": [1, 2], "sender": [OTHER] * 2, "recipient": ["911", CALLED],
                         "text": ["help"] * 2, "subscriber": ["home"] * 2})
    assert screen.sms(sms).to_pyarrow()["reason"].to_pylist() == ["emergency_called", "none"]


def test_call_ids_of_any_type_of_number_stay_apart(policy):
    policy.write_text(policy.read_text() + '[[activity]]\nid = "burst"\nwhen = { calls_1h = ">=5" }\n'
                                           'action = "challenge"\n')
    for first, kind in [(2**63, pyarrow.uint64()), (2**64 - 20, pyarrow.uint64()),
                        (-2**63, pyarrow.int64()), (-5, pyarrow.int64()),
                        (2**53 - 20, pyarrow.float64()), (2**24 - 20, pyarrow.float32())]:
        ids = pyarrow.array([first + i for i in range(20)], pyarrow.int64() if first < 2**62 else kind).cast(kind)
        calls = pyarrow.table({"time": [1] * 20, "calling": [OTHER] * 20, "called": [CALLED] * 20,
                               "call_id": ids})
        verdicts = ringfence.Screen(policy).calls(calls).to_pyarrow()
        assert verdicts["reason"].to_pylist() == ["none"] * 4 + ["activity"] * 16, kind
        assert "repeated" not in " ".join(verdicts["flags"].to_pylist())


@pytest.mark.parametrize("values", [
    pyarrow.array([1.0, 2.0**53, 3.0]), pyarrow.array([1.0, 1.5, 3.0]),
    pyarrow.array([1.0, -1e300, 3.0]), pyarrow.array([1.0, float("inf"), 3.0]),
    pyarrow.array([1.0, 2.0**24, 3.0], pyarrow.float32())],
    ids=["2^53", "fraction", "huge", "infinite", "2^24"])
def test_a_call_id_that_is_no_exact_number_spoils_its_row(screen, values):
    verdicts = screen.calls(frame(call_id=values))
    assert verdicts.to_pyarrow()["reason"].to_pylist() == ["global_list", "bad_row", "global_list"]
    assert verdicts.bad_rows == 1
    assert "call_id" in verdicts.problems[0][1]
    assert "'-1'" not in verdicts.problems[0][1]


def test_a_call_id_that_is_no_exact_number_blocks_no_emergency(screen):
    calls = frame(call_id=[2.0**60] * 3).set_column(2, "called", pyarrow.array(["911"] * 3))
    verdicts = screen.calls(calls).to_pyarrow()
    assert verdicts["reason"].to_pylist() == ["emergency_called"] * 3
    assert verdicts["flags"].to_pylist() == ["emergency"] * 3


def test_whole_numbers_reach_as_far_as_their_fields(screen):
    imei = pyarrow.array([2**63, 2**64 - 1, 1], pyarrow.uint64())
    assert screen.calls(frame(imei=imei)).bad_rows == 0
    assert screen.calls(frame(duration_s=imei)).bad_rows == 2
    assert screen.calls(frame().set_column(0, "time", imei)).bad_rows == 2


def test_problems_are_bounded_and_bad_rows_counted(screen):
    many = pyarrow.table({"time": [None] * 1000, "calling": [LISTED] * 1000,
                          "called": [CALLED] * 1000}).cast(pyarrow.schema(
                              [("time", pyarrow.int64()), ("calling", "string"), ("called", "string")]))
    verdicts = screen.calls(many)
    assert verdicts.bad_rows == 1000
    assert len(verdicts.problems) == 100


@pytest.mark.parametrize("missing", ["time", "calling", "called"])
def test_a_missing_column_raises(screen, missing):
    with pytest.raises(errors.NotFound, match=missing):
        screen.calls(frame().drop_columns(missing))


def test_messages_need_a_column_of_content(screen):
    table = pyarrow.table({"time": [1], "sender": [LISTED], "recipient": [CALLED]})
    with pytest.raises(errors.NotFound, match="short_message"):
        screen.sms(table)


def test_a_doubled_column_raises(screen):
    table = frame().append_column("called", pyarrow.array([CALLED] * 3))
    with pytest.raises(ringfence.Error, match="two columns 'called'"):
        screen.calls(table)


@pytest.mark.parametrize(("column", "values"), [
    ("calling", [12025550111] * 3), ("called", [2025550199.0] * 3), ("called", [[CALLED]] * 3),
    ("time", [True, False, True]), ("time", [[1]] * 3)])
def test_a_column_of_the_wrong_type_raises_and_is_named(screen, column, values):
    with pytest.raises(ringfence.Error, match=column):
        screen.calls(frame().drop_columns(column).append_column(column, pyarrow.array(values)))


@pytest.mark.parametrize("frame", [None, 7, "calls.csv", [{"time": 1}]], ids=repr)
def test_what_is_no_frame_is_a_type_error(screen, frame):
    with pytest.raises(TypeError, match="frame"):
        screen.calls(frame)


def test_a_single_column_is_no_frame(screen):
    with pytest.raises(ringfence.Error, match="named columns"):
        screen.calls(pyarrow.array(["a"]))


def test_a_frame_that_breaks_off_raises_its_error(screen):
    def batches():
        yield from frame().to_batches()
        raise RuntimeError("the source is gone")

    reader = pyarrow.RecordBatchReader.from_batches(frame().schema, batches())
    with pytest.raises(ringfence.Error, match="the source is gone"):
        screen.calls(reader)


def test_odd_text_never_breaks_a_batch(screen):
    odd = ["", "\0", "7" * 4000, "+", "﻿", "a" * 1_000_000, "(((((", "+1202555011१"]
    table = pyarrow.table({"time": list(range(len(odd))), "calling": odd, "called": odd})
    assert len(screen.calls(table)) == len(odd)


def test_times_out_of_order_and_far_away_are_screened(screen):
    table = pyarrow.table({"time": [5_000_000_000, -5_000_000_000, 0], "calling": [LISTED] * 3,
                           "called": [CALLED] * 3})
    assert screen.calls(table).to_pyarrow()["reason"].to_pylist() == ["global_list"] * 3


@pytest.mark.parametrize(("arguments", "error"), [
    ({}, TypeError),
    ({"calling": LISTED}, TypeError),
    ({"calling": LISTED, "called": CALLED, "colour": "red"}, TypeError),
    ({"calling": 12025550111, "called": CALLED}, TypeError),
    ({"calling": LISTED, "called": CALLED, "time": [1]}, TypeError),
    ({"calling": LISTED, "called": CALLED, "time": "yesterday"}, errors.InvalidArgument),
    ({"calling": LISTED, "called": CALLED, "time": float("nan")}, errors.InvalidArgument),
    ({"calling": LISTED, "called": CALLED, "trunk": "bogus"}, errors.InvalidArgument),
    ({"calling": LISTED, "called": CALLED, "trunk_id": "bogus"}, errors.InvalidArgument),
    ({"calling": LISTED, "called": CALLED, "duration_s": -1}, errors.InvalidArgument),
    ({"calling": LISTED, "called": CALLED, "imei": 1 << 70}, errors.InvalidArgument),
    ({"calling": LISTED, "called": CALLED, "subscriber": "home"}, errors.InvalidArgument),
    ({"calling": LISTED, "called": CALLED, "subscriber": "1202555019"}, errors.InvalidArgument),
    ({"calling": "\ud800", "called": CALLED}, errors.InvalidArgument),
    ({"calling": True, "called": CALLED}, TypeError),
    ({"calling": LISTED, "called": CALLED, "tenant": True}, TypeError),
    ({"calling": LISTED, "called": CALLED, "roaming": True}, TypeError),
    ({"calling": LISTED, "called": CALLED, "tenant": numpy.bool_(True)}, TypeError),
    ({"calling": LISTED, "called": CALLED, "time": numpy.bool_(True)}, TypeError),
    ({"calling": LISTED, "called": CALLED, "time": numpy.timedelta64(1, "s")}, TypeError),
], ids=repr)
def test_bad_arguments_of_a_call_raise(screen, arguments, error):
    for function in (screen.call, screen.explain):
        with pytest.raises(error):
            function(**arguments)


NO_TIMES = [pandas.NaT, numpy.datetime64("NaT"), numpy.datetime64("NaT", "ns"), numpy.datetime64("NaT", "as"),
            numpy.datetime64(10**12, "Y"), numpy.datetime64(-2**63 + 1, "s")]


@pytest.mark.parametrize("time", NO_TIMES, ids=repr)
def test_what_is_no_time_is_refused_wherever_one_is_taken(screen, time):
    for given in (lambda: screen.call(calling=LISTED, called=CALLED, time=time),
                  lambda: screen.add("blocked", OTHER, expires=time),
                  lambda: screen.add("blocked", OTHER, since=time),
                  lambda: screen.advance(time),
                  lambda: screen.note_emergency(CALLED, time),
                  lambda: ringfence.Screen(screen.policy, now=time)):
        with pytest.raises(errors.InvalidArgument, match="no time"):
            given()


def test_a_path_with_a_nul_opens_no_other_file(screen, policy):
    for given in (lambda: ringfence.Screen(f"{policy}\0zzz"),
                  lambda: ringfence.Screen(f"{policy}\0zzz".encode()),
                  lambda: screen.reconcile("blocked", f"{policy.parent}/blocked.csv\0zzz")):
        with pytest.raises(errors.InvalidArgument, match="NUL"):
            given()


@pytest.mark.parametrize("slip", [{"subscriber": "home"}, {"trunk": "bogus"}, {"trunk_id": "bogus"},
                                  {"tenant": -1}, {"attestation": "D"}, {"time": pandas.NaT},
                                  {"time": float("inf")}, {"time": object()}, {"time": "soon"},
                                  {"subscriber": "\udc80"}, {"tenant": object()}, {"cell": object()}], ids=repr)
def test_a_slip_in_another_argument_blocks_no_emergency(screen, slip):
    call = {"calling": LISTED, "called": "911", **slip}
    assert screen.is_emergency(**call)
    assert screen.call(**call).reason == "emergency_called"
    assert screen.explain(**call).action == "allow"
    for function in (screen.is_emergency, screen.call, screen.explain):
        with pytest.raises((errors.InvalidArgument, TypeError)):
            function(**{**call, "called": CALLED})
    if not slip.keys() & {"attestation", "cell"}:
        sms = {"sender": LISTED, "recipient": "911", "text": "help", **slip}
        assert screen.is_emergency(**sms)
        assert screen.message(**sms).reason == "emergency_called"


def test_a_flag_in_doubt_is_an_emergency(screen):
    for doubt in (object(), "perhaps", 7):
        assert screen.call(calling=LISTED, called=CALLED, emergency=doubt).reason == "emergency_flagged"
    with pytest.raises(TypeError, match="no argument"):
        screen.call(calling=LISTED, called="911", emergncy=True)


def test_a_message_needs_content(screen):
    with pytest.raises(TypeError, match="text"):
        screen.message(sender=LISTED, recipient=CALLED)
    with pytest.raises(errors.InvalidArgument, match="pdu"):
        screen.message(sender=LISTED, recipient=CALLED, pdu="0g")


def test_a_message_has_one_content(screen):
    contents = {"text": "hello", "pdu": b"\xe8\x32\x9b\xfd\x06", "short_message": "68656C6C6F"}
    for first in contents:
        for second in contents:
            given = {name: contents[name] for name in {first, second}}
            if first == second:
                assert screen.message(sender=LISTED, recipient=CALLED, **given).reason
                continue
            with pytest.raises(errors.InvalidArgument, match="fill only one of text, pdu and short_message"):
                screen.message(sender=LISTED, recipient=CALLED, **given)
            with pytest.raises(errors.InvalidArgument, match="fill only one"):
                screen.explain(sender=LISTED, recipient=CALLED, **given)


def test_a_caller_that_is_not_there_may_be_none(screen):
    assert screen.call(calling=None, called=CALLED).action == "allow"
    with pytest.raises(TypeError, match="calling"):
        screen.call(called=CALLED)


def test_a_policy_is_a_path():
    with pytest.raises(TypeError, match="PathLike"):
        ringfence.Screen(None)
