#!/usr/bin/env python3
"""Holds `normalize` against the PyPI package `phonenumbers`, country by country.

    build/venv/bin/python tests/number/compare_phonenumbers.py [--random 50000] [--edge 5000] [--seed S]

Needs a C++ compiler ($CXX, else c++), which builds number_dump.cpp against include/ and nothing else.
Every input that the two read differently must fit a row of phonenumbers_differences.tsv, which says why,
and every row must fit some input (with the default sizes). Two numbers are read alike when both are valid
with the same E.164 digits, kind and country, or neither is valid. Exit status 1: a difference that nothing
explains, or a row that nothing needs. The last line is `N passed, M failed, K skipped`, by country.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberType, shortnumberinfo

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COUNTRIES = ["CN", "US", "GB", "DE", "FR", "SG", "IN"]
TYPES = "fixed_line mobile toll_free premium_rate shared_cost voip personal_number pager uan voicemail".split()
KIND = {PhoneNumberType.FIXED_LINE: "landline", PhoneNumberType.MOBILE: "mobile",
        PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed_or_mobile", PhoneNumberType.TOLL_FREE: "toll_free",
        PhoneNumberType.PREMIUM_RATE: "premium", PhoneNumberType.SHARED_COST: "shared_cost",
        PhoneNumberType.VOIP: "voip", PhoneNumberType.PERSONAL_NUMBER: "personal",
        PhoneNumberType.PAGER: "other", PhoneNumberType.UAN: "other", PhoneNumberType.VOICEMAIL: "other"}
# What random numbers seldom reach: our own facts beyond the package's.
SAMPLES = {
    "CN": ["1065512345", "1069012345", "1440123456789", "+861064712345678", "1069123456789012345", "01012345",
           "00881806284363", "016107054862"],
    "US": ["00442079460018", "112", "988"],
    "GB": ["18000", "116117", "118500", "116006"],
    "DE": ["116116", "118800", "115", "13712345678"],
    "FR": ["116117", "116000", "197", "3018", "33700"],
    "SG": ["112", "911", "70999", "71999", "1799"],
    "IN": ["1091", "1098", "1078", "1554", "1930", "155260"],
}


class Writer:
    """Writes random strings that a metadata pattern matches."""

    def __init__(self, rng, digit=None):
        self.rng, self.digit = rng, digit  # digit: which one of a class: "first", "last" or a random one

    def write(self, pattern):
        self.text, self.at = pattern, 0
        return self._alternatives()

    def _alternatives(self):
        choices = [self._sequence()]
        while self.text[self.at:self.at + 1] == "|":
            self.at += 1
            choices.append(self._sequence())
        return self.rng.choice(choices)

    def _sequence(self):
        out = ""
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            begin = self.at
            out_once = self._atom()
            end = self.at
            least = most = 1
            if self.text[end:end + 1] == "?":
                least, most, end = 0, 1, end + 1
            elif self.text[end:end + 1] == "{":
                close = self.text.index("}", end)
                bounds = self.text[end + 1:close].split(",")
                least, most, end = int(bounds[0]), int(bounds[-1]), close + 1
            for i in range(self.rng.randint(least, most)):
                if i:
                    self.at = begin
                    out_once = self._atom()
                out += out_once
            self.at = end
        return out

    def _atom(self):
        if self.text.startswith("(?:", self.at):
            self.at += 3
            out = self._alternatives()
            self.at += 1
            return out
        if self.text.startswith("\\d", self.at):
            self.at += 2
            return self._pick("0123456789")
        if self.text[self.at] == "[":
            close = self.text.index("]", self.at)
            inside, self.at = self.text[self.at + 1:close], close + 1
            inside = re.sub(r"(\d)-(\d)", lambda m: "".join(map(str, range(int(m[1]), int(m[2]) + 1))), inside)
            return self._pick(inside)
        self.at += 1
        return self.text[self.at - 1]

    def _pick(self, digits):
        if self.digit == "first":
            return digits[0]
        return digits[-1] if self.digit == "last" else self.rng.choice(digits)


def patterns_of(region):
    metadata = PhoneMetadata.metadata_for_region(region)
    descs = [getattr(metadata, name) for name in TYPES + ["general_desc"]]
    return [d.national_number_pattern for d in descs if d is not None and d.national_number_pattern]


def short_patterns_of(region):
    return [PhoneMetadata.short_metadata_for_region(region).short_code.national_number_pattern]


def forms(country, national, rng):
    """One of the ways in which a national number of `country` is written in it."""
    metadata = PhoneMetadata.metadata_for_region(country)
    code, trunk = str(metadata.country_code), metadata.national_prefix or ""
    international = {"US": "011", "SG": rng.choice(["001", "008", "018"])}.get(country, "00")
    return rng.choice(["+" + code + national, "+" + code + national, international + code + national, national,
                       trunk + national, trunk + national, code + national, "+" + code + trunk + national])


def spaced(text, rng):
    if rng.random() < .8 or len(text) < 6:
        return text
    at = rng.randrange(3, len(text) - 1)
    return text[:at] + rng.choice([" ", "-", ".", " (", ") "]) + text[at:]


def random_input(country, rng):
    roll = rng.random()
    if roll < .6:
        national = Writer(rng).write(rng.choice(patterns_of(country)))
        if rng.random() < .2:
            digits = list(national)
            digits[rng.randrange(len(digits))] = rng.choice("0123456789")
            national = "".join(digits)
        return spaced(forms(country, national, rng), rng)
    if roll < .8:
        region = rng.choice(sorted(phonenumbers.SUPPORTED_REGIONS))
        metadata = PhoneMetadata.metadata_for_region(region)
        national = Writer(rng).write(rng.choice(patterns_of(region)))
        international = {"US": "011", "SG": "001"}.get(country, "00")
        return spaced(rng.choice(["+", international]) + str(metadata.country_code) + national, rng)
    if roll < .83:
        return Writer(rng).write(rng.choice(short_patterns_of(country)))
    length = rng.randint(1, 17)
    return forms(country, "".join(rng.choice("0123456789") for _ in range(length)), rng)


def edge_inputs(country, count, rng):
    """Ends of ranges, one digit too few and too many, runs of one digit, everything of up to three digits."""
    found = SAMPLES[country] + [str(n).zfill(width) for width in (1, 2, 3) for n in range(10 ** width)]
    while len(found) < count:
        pattern = rng.choice(patterns_of(country) + short_patterns_of(country))
        national = Writer(rng, rng.choice(["first", "last", None])).write(pattern)
        kept = rng.randrange(1, len(national) + 1)
        national = rng.choice([national, national + "0", national[:-1], national + rng.choice("0123456789"),
                               national[:kept] + rng.choice("09") * (len(national) - kept),
                               national[:kept] + national[kept - 1:]])
        if national:
            found.append(forms(country, national, rng))
    return found[:count]


def theirs(text, country):
    """(E.164 digits, kind, country), or None for what the package calls invalid."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    region = phonenumbers.region_code_for_number(number)
    return (phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[1:],
            KIND[phonenumbers.number_type(number)], "" if region == "001" else region)


def their_short(text, country):
    """Whether the package knows the whole input as a short code."""
    digits = re.sub(r"\D", "", text)
    if "+" in text or not digits or digits[0] == "0" or len(digits) > 17:
        return False
    number = phonenumbers.PhoneNumber(country_code=phonenumbers.country_code_for_region(country),
                                      national_number=int(digits))
    return shortnumberinfo.is_valid_short_number_for_region(number, country)


def ours(row):
    """The same from a line of number_dump; a foreign number in no known range counts as invalid."""
    if not row["valid"] or "unknown_range" in row["oddities"]:
        return None
    return row["number"], row["kind"], row["country"]


def build_dump(folder):
    binary = os.path.join(folder, "number_dump")
    compiler = os.environ.get("CXX", "c++")
    subprocess.run([compiler, "-std=c++20", "-O2", f"-I{ROOT}/include", str(HERE / "number_dump.cpp"), "-o",
                    binary], check=True)
    return binary


def read_differences():
    """Rows (country, input, ours, theirs, reason), the first four as regular expressions for whole texts."""
    rows = []
    for line in (HERE / "phonenumbers_differences.tsv").read_text(encoding="ascii").splitlines():
        if line and not line.startswith("#"):
            *patterns, reason = line.split("\t")
            rows.append(([re.compile(pattern) for pattern in patterns], reason))
    return rows


def compare(job):
    """One country: how many read alike, how often each listed reason was needed, and the lines of what is left."""
    country, binary, options = job
    rows = read_differences()
    used = collections.Counter()
    rng = random.Random(f"{options.seed}/{country}")
    inputs = edge_inputs(country, options.edge, rng)
    inputs += [random_input(country, rng) for _ in range(options.random)]
    lines = "".join(f"{country}\t{text}\n" for text in inputs)
    dumped = subprocess.run([binary], input=lines, capture_output=True, text=True, check=True)
    unexplained, alike = [], 0
    for text, line in zip(inputs, dumped.stdout.splitlines(), strict=True):
        row = json.loads(line)
        mine, other = ours(row), theirs(text, country)
        is_short = row["kind"] in ("short_code", "emergency") and row["form"] == "short"
        if is_short and other is None and their_short(text, country):
            other = mine
        if mine == other:
            alike += 1
            continue
        as_text = [country, re.sub(r"[^+\d]", "", text), "/".join(mine) if mine else "none",
                   "/".join(other) if other else "none"]
        for i, (patterns, _) in enumerate(rows):
            if all(p.fullmatch(t) for p, t in zip(patterns, as_text)):
                used[i] += 1
                break
        else:
            unexplained.append("\t".join(as_text) + "\t" + ",".join(row["oddities"]))
    return alike, used, unexplained


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--random", type=int, default=50_000)
    arguments.add_argument("--edge", type=int, default=5_000)
    arguments.add_argument("--seed", type=int, default=2026)
    arguments.add_argument("--show", type=int, default=12, help="unexplained differences shown a country")
    arguments.add_argument("countries", nargs="*", default=COUNTRIES)
    options = arguments.parse_args()

    all_used = collections.Counter()
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        binary = build_dump(folder)
        found = pool.map(compare, [(country, binary, options) for country in options.countries])
        for country, (alike, used, unexplained) in zip(options.countries, found):
            all_used += used
            print(f"{country}: {alike} alike, {used.total()} differ for a listed reason, "
                  f"{len(unexplained)} unexplained (seed {options.seed})")
            for line in unexplained[:options.show]:
                print("  " + line)
            passed, failed = passed + (not unexplained), failed + bool(unexplained)
    whole = (options.random, options.edge, options.countries) == (50_000, 5_000, COUNTRIES)
    for i, (patterns, reason) in enumerate(read_differences()):
        if whole and not all_used[i]:
            print(f"nothing needs the row: {patterns[0].pattern} {patterns[1].pattern}: {reason}")
            failed += 1
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
