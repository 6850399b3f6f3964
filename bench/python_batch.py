#!/usr/bin/env python3
"""Times Screen.calls on a million rows, Arrow in and out, against the C++ batch.

    bench/python_batch.py --policy P --calls calls.csv --cpp-ns 410 [--rows N] [--rounds N]

`calls.csv` is what `ringfence generate` wrote; it is repeated, each time a day later, until there are enough
rows. `--cpp-ns` is what one event costs the C++ batch over the same file and policy. Each round screens with a
Screen of its own, so that all find the same empty activity. Prints one JSON object:

    python_ns               the median round, ns a row: columns read, screened, verdict columns made
    python_batch_over_cpp   cpp_ns / python_ns: 1 is as quick as C++
    samples                 the ratio of every round
"""

import argparse
import json
import statistics
import time

import pyarrow
import pyarrow.compute
import pyarrow.csv

import ringfence

DAY_S = 86_400


def load(path, rows):
    """The first `rows` calls of the file's days, with the columns as text but for the time."""
    with open(path, encoding="utf-8") as file:
        names = file.readline().strip().split(",")
    types = {name: pyarrow.string() for name in names if name != "time"}
    day = pyarrow.csv.read_csv(path, convert_options=pyarrow.csv.ConvertOptions(column_types=types))
    if day.num_rows == 0:
        raise SystemExit(f"{path}: no rows; give a calls.csv of `ringfence generate`")
    at = day.column_names.index("time")
    seconds = day["time"].cast(pyarrow.timestamp("ms")).cast(pyarrow.int64())
    days = []
    for number in range(-(-rows // day.num_rows)):
        later = pyarrow.compute.add(seconds, number * DAY_S * 1000).cast(pyarrow.timestamp("ms"))
        days.append(day.set_column(at, "time", later))
    return pyarrow.concat_tables(days).slice(0, rows).combine_chunks()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--policy", required=True)
    parser.add_argument("--calls", required=True)
    parser.add_argument("--cpp-ns", type=float, required=True, help="ns an event of the C++ batch")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()

    table = load(options.calls, options.rows)
    samples = []
    for _ in range(options.rounds):
        screen = ringfence.Screen(options.policy)
        screen.calls(table.slice(0, 1000))  # touches the pages that a first batch would fault in
        start = time.perf_counter()
        verdicts = screen.calls(table)
        arrow = pyarrow.table(verdicts)
        samples.append((time.perf_counter() - start) * 1e9 / options.rows)
        if len(arrow) != options.rows or verdicts.bad_rows:
            raise SystemExit(f"{options.calls}: {verdicts.bad_rows} bad rows: {verdicts.problems[:3]}")
    median = statistics.median(samples)
    print(json.dumps({"rows": options.rows, "python_ns": round(median, 1), "cpp_ns": options.cpp_ns,
                      "python_batch_over_cpp": round(options.cpp_ns / median, 3),
                      "samples": [round(options.cpp_ns / sample, 3) for sample in samples]}))


if __name__ == "__main__":
    main()
