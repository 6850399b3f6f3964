"""Every kind of frame and every layout of its columns gives the same verdicts."""

import datetime

import duckdb
import pandas
import polars
import pyarrow
import pytest
from conftest import CALLED, LISTED, OTHER

import ringfence

START = 1_772_352_000


def calls(**more):
    callers = [LISTED, OTHER, None, LISTED, OTHER]
    return pyarrow.table({"time": [START + i for i in range(5)], "calling": callers,
                          "called": [CALLED] * 5, **more})


def reasons(verdicts):
    return verdicts.to_pyarrow()["reason"].to_pylist()


EXPECTED = ["global_list", "none", "none", "global_list", "none"]


def relation(table):
    return duckdb.from_arrow(table)


@pytest.mark.parametrize("make", [
    lambda table: table,
    lambda table: table.combine_chunks().to_batches()[0],
    lambda table: pyarrow.RecordBatchReader.from_batches(table.schema, iter(table.to_batches(2))),
    lambda table: pyarrow.StructArray.from_arrays(
        [column.combine_chunks() for column in table.columns], names=table.column_names),
    polars.from_arrow,
    lambda table: table.to_pandas(),
    relation,
], ids=["table", "record_batch", "reader", "struct_array", "polars", "pandas", "duckdb"])
def test_takes_every_kind_of_frame(screen, make):
    assert reasons(screen.calls(make(calls()))) == EXPECTED


@pytest.mark.parametrize("layout", [
    pyarrow.string(), pyarrow.large_string(), pyarrow.string_view(),
    pyarrow.dictionary(pyarrow.int8(), pyarrow.string()),
    pyarrow.dictionary(pyarrow.uint32(), pyarrow.large_string()), pyarrow.binary()], ids=str)
def test_takes_every_layout_of_text(screen, layout):
    table = calls(call_id=["a", "a name longer than twelve octets", None, "", "b"])
    for name in ("calling", "called", "call_id"):
        column = table[name]
        if pyarrow.types.is_dictionary(layout):
            encoded = column.cast(layout.value_type).combine_chunks().dictionary_encode()
            column = pyarrow.DictionaryArray.from_arrays(
                encoded.indices.cast(layout.index_type), encoded.dictionary)
        else:
            # Not by cast: pyarrow 21 crashes when it exports views that were cast from short text.
            column = pyarrow.array(column.to_pylist(), layout)
        table = table.set_column(table.column_names.index(name), name, column)
    assert reasons(screen.calls(table)) == EXPECTED
    assert reasons(screen.calls(table.slice(1, 3))) == EXPECTED[1:4]


def test_respects_slices_of_a_struct_whose_children_are_whole(screen):
    table = calls()
    whole = pyarrow.StructArray.from_arrays([column.combine_chunks() for column in table.columns],
                                            names=table.column_names)
    assert reasons(screen.calls(whole.slice(2, 3))) == EXPECTED[2:]


def test_a_null_row_of_a_struct_is_a_bad_row(screen):
    table = calls()
    holed = pyarrow.StructArray.from_arrays([column.combine_chunks() for column in table.columns],
                                            names=table.column_names,
                                            mask=pyarrow.array([True, False, False, False, False]))
    assert reasons(screen.calls(holed)) == ["bad_row", *EXPECTED[1:]]


@pytest.mark.parametrize("times", [
    pyarrow.array([START] * 5, pyarrow.timestamp("s")),
    pyarrow.array([START * 1000] * 5, pyarrow.timestamp("ms")),
    pyarrow.array([START * 1_000_000] * 5, pyarrow.timestamp("us", "UTC")),
    pyarrow.array([START * 1_000_000_000] * 5, pyarrow.timestamp("ns")),
    pyarrow.array([START] * 5, pyarrow.int32()),
    pyarrow.array([START + 0.5] * 5, pyarrow.float64()),
    pyarrow.array(["2026-03-01T08:00:00Z"] * 5),
], ids=lambda times: str(times.type))
def test_takes_every_kind_of_time(screen, times):
    verdicts = screen.calls(calls().set_column(0, "time", times))
    assert verdicts.problems == []
    assert reasons(verdicts) == EXPECTED


def test_takes_numbers_as_any_type_that_holds_them(screen):
    for duration in ([1, None, 3, 4, 5], [1.0, float("nan"), 3.0, 4.0, 5.0], ["1", "", "3", "4", "5"]):
        assert screen.calls(calls(duration_s=duration)).bad_rows == 0
    assert screen.calls(calls(emergency=[False, None, False, False, False])).bad_rows == 0
    assert screen.calls(calls(duration_s=[1.5, -1.0, 1e12, 4.0, 5.0])).bad_rows == 3


def test_an_all_null_column_is_absent(screen):
    for empty in (pyarrow.nulls(5), pyarrow.array([None] * 5, pyarrow.float64()),
                  pyarrow.array([None] * 5, pyarrow.string())):
        assert reasons(screen.calls(calls(redirecting=empty))) == EXPECTED


def test_other_columns_are_passed_over(screen):
    assert reasons(screen.calls(calls(note=[[1], [2], [], None, [3]]))) == EXPECTED


def test_an_empty_frame_gives_no_rows(screen):
    for frame in (calls().slice(0, 0), calls().schema.empty_table()):
        verdicts = screen.calls(frame)
        assert len(verdicts) == 0
        assert verdicts.to_pyarrow().num_rows == 0


def test_verdicts_go_to_every_library(screen):
    verdicts = screen.calls(calls())
    assert len(verdicts) == 5
    table = verdicts.to_pyarrow()
    assert table.column_names == ["row", "action", "stage", "reason", "rule", "category", "risk",
                                  "generation", "flags", "match_offset", "match_length"]
    table.validate(full=True)
    assert table["row"].to_pylist() == [0, 1, 2, 3, 4]
    assert table["action"].to_pylist() == ["reject", "allow", "allow", "reject", "allow"]
    assert table["category"].to_pylist() == ["robocall", None, None, "robocall", None]
    assert table["rule"].to_pylist()[1] is None
    assert isinstance(verdicts.to_polars(), polars.DataFrame)
    assert verdicts.to_polars()["reason"].to_list() == EXPECTED
    assert isinstance(verdicts.to_pandas(), pandas.DataFrame)
    assert verdicts.to_pandas()["reason"].tolist() == EXPECTED
    arrow = verdicts.to_pyarrow()
    counted = duckdb.sql("select count(*) from arrow where reason = 'global_list'").fetchone()
    assert counted == (2,)


def test_verdicts_outlive_their_screen(policy):
    verdicts = ringfence.Screen(policy).calls(calls())
    table = verdicts.to_pyarrow()
    del verdicts
    assert table["reason"].to_pylist() == EXPECTED


def test_a_batch_gives_what_single_calls_give(policy):
    times = [START + 7 * i for i in range(900)]
    callers = [(LISTED, OTHER, "", "2025550111", "nobody", "+441632960011")[i % 6]
               for i in range(900)]
    kinds = [("international", "national", "subscriber", None)[i % 4] for i in range(900)]
    frame = pyarrow.table({"time": times, "calling": callers, "called": [CALLED] * 900,
                           "trunk": kinds})
    batch = ringfence.Screen(policy).calls(frame).to_pyarrow().to_pylist()
    single = ringfence.Screen(policy)
    for row, verdict in enumerate(batch):
        alone = single.call(time=times[row], calling=callers[row], called=CALLED, trunk=kinds[row])
        assert verdict == {"row": row, "action": alone.action, "stage": alone.stage,
                           "reason": alone.reason, "rule": alone.rule, "category": alone.category,
                           "risk": alone.risk, "generation": alone.generation,
                           "flags": " ".join(alone.flags), "match_offset": 0,
                           "match_length": 0}


def messages(**more):
    return pyarrow.table({"time": [START, START + 1], "sender": [LISTED, OTHER],
                          "recipient": [CALLED] * 2, **more})


def test_a_row_with_two_contents_is_a_bad_one(screen):
    verdicts = screen.sms(messages(text=["hello", "hello"], pdu=[None, "E8329BFD06"]))
    assert reasons(verdicts) == ["global_list", "bad_row"]
    assert verdicts.problems == [(1, "fill only one of text, pdu and short_message")]


def test_messages_come_as_text_as_octets_and_as_hex(screen):
    expected = ["global_list", "none"]
    assert reasons(screen.sms(messages(text=["hello", "hello"]))) == expected
    octets = [b"\x00h\x00i", b"\x00h\x00i"]
    for column in (pyarrow.array(octets), pyarrow.array(octets, pyarrow.large_binary()),
                   pyarrow.array(octets, pyarrow.binary_view()),
                   pyarrow.array([octet.hex() for octet in octets])):
        verdicts = screen.sms(messages(pdu=column, dcs=[8, 8]))
        assert verdicts.problems == []
        assert reasons(verdicts) == expected


def test_single_messages_take_octets_and_hex(screen):
    for pdu in (b"\x00h\x00i", "00680069"):
        verdict = screen.message(sender=LISTED, recipient=CALLED, pdu=pdu, dcs=8)
        assert verdict.reason == "global_list"


@pytest.mark.parametrize("time", [
    START, float(START), "2026-03-01T08:00:00Z", datetime.datetime(2026, 3, 1, 8),
    datetime.datetime(2026, 3, 1, 8, tzinfo=datetime.timezone.utc), None], ids=repr)
def test_single_calls_take_every_kind_of_time(screen, time):
    assert screen.call(calling=LISTED, called=CALLED, time=time).reason == "global_list"
