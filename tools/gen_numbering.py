#!/usr/bin/env python3
"""Writes include/ringfence/number/data/: the number ranges and dial plans as constexpr tables.

    build/venv/bin/python tools/gen_numbering.py [--check]

Sources: libphonenumber's metadata as the PyPI package `phonenumbers` carries it (Apache-2.0), for every
country code but +86; and our own files tools/data/dial_plans.tsv, cn_numbering_plan.tsv and
cn_area_codes.csv. With --check nothing is written: exit status 1 says that the checked-in files differ.
The date written is the day the data changed last; give a new one in DATE below when they change.

What comes out is one automaton over digits. Each state has ten successors and the label of the digits
that end in it: kind of number and flags, 0 for no number. Each country code has a state to start in
behind it, each dial plan another one for short codes. Codes that several countries share start a second
automaton, whose states name the country. Equal states are one, which keeps the whole world in 5,500.
"""
import argparse
import csv
import pathlib
import sys

import phonenumbers
from phonenumbers import PhoneMetadata

DATE = "2026-11-24"
PINNED = "9.0.17"
ROOT = pathlib.Path(__file__).resolve().parent.parent
FACTS = ROOT / "tools" / "data"
OUT = ROOT / "include" / "ringfence" / "number" / "data"
MAX_DIGITS = 24  # Address::kMaxText

# NumberKind's numbers (normalize.hpp).
KIND = dict(mobile=1, landline=2, short=3, emergency=4, toll_free=5, shared_cost=6, premium=7, iot=8,
            sms_port=9, reserved=10, satellite=11, voip=12, personal=13, other=14, fixed_or_mobile=15)
# Flags beside the kind in a label (data/plan_types.hpp).
EMERGENCY, PROTECTED, BEHIND_AREA, NEVER_AFTER_PLUS = 0x10, 0x20, 0x40, 0x80
PLAUSIBLE = 0x40  # with no kind: has the lengths and beginnings of its country, in no range that is known

# libphonenumber's order of asking (_number_type_helper), before fixed line and mobile.
LPN_TYPES = [("premium_rate", "premium"), ("toll_free", "toll_free"), ("shared_cost", "shared_cost"),
             ("voip", "voip"), ("personal_number", "personal"), ("pager", "other"), ("uan", "other"),
             ("voicemail", "other")]
SATELLITE_CODES = {870, 881}


class Nfa:
    """A nondeterministic automaton over digits, built from the regular expressions of the metadata."""

    def __init__(self):
        self.free, self.by_digit, self.tags, self.starts = [], [], {}, []

    def state(self):
        self.free.append([])
        self.by_digit.append({})
        return len(self.free) - 1

    def add(self, pattern, tag, sticky=False):
        """Digit strings that match `pattern` as a whole (sticky: whose beginning does) get `tag`."""
        start, end = self._alternatives(_Cursor(pattern))
        self.starts.append(start)
        self.tags.setdefault(end, []).append(tag)
        if sticky:
            for digit in range(10):
                self.by_digit[end].setdefault(digit, []).append(end)

    def closure(self, states):
        seen, todo = set(states), list(states)
        while todo:
            for other in self.free[todo.pop()]:
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
        return frozenset(seen)

    def _alternatives(self, at):
        start, end = self.state(), self.state()
        while True:
            first, last = self._sequence(at)
            self.free[start].append(first)
            self.free[last].append(end)
            if not at.take("|"):
                return start, end

    def _sequence(self, at):
        start = last = self.state()
        while at.more() and at.peek() not in "|)":
            begin = at.position
            piece = self._atom(at)
            least, most = at.repeat()
            behind, ways_out = at.position, []
            for count in range(most):
                if count:
                    at.position = begin
                    piece = self._atom(at)
                if count >= least:
                    ways_out.append(last)
                self.free[last].append(piece[0])
                last = piece[1]
            end = self.state()
            for way in ways_out + [last]:
                self.free[way].append(end)
            last, at.position = end, behind
        return start, last

    def _atom(self, at):
        if at.take("(?:"):
            piece = self._alternatives(at)
            at.expect(")")
            return piece
        digits = at.digits()
        start, end = self.state(), self.state()
        for digit in digits:
            self.by_digit[start].setdefault(digit, []).append(end)
        return start, end


class _Cursor:
    """Reads the part of regular expressions that the metadata uses; anything else is an error."""

    def __init__(self, text):
        self.text, self.position = text, 0

    def more(self):
        return self.position < len(self.text)

    def peek(self):
        return self.text[self.position]

    def take(self, word):
        if not self.text.startswith(word, self.position):
            return False
        self.position += len(word)
        return True

    def expect(self, word):
        if not self.take(word):
            raise ValueError(f"{self.text!r}: no {word!r} at {self.position}")

    def repeat(self):
        if self.take("?"):
            return 0, 1
        if not self.take("{"):
            return 1, 1
        end = self.text.index("}", self.position)
        bounds = self.text[self.position:end].split(",")
        self.position = end + 1
        return int(bounds[0]), int(bounds[-1])

    def digits(self):
        if self.take("\\d"):
            return range(10)
        if self.take("["):
            end = self.text.index("]", self.position)
            inside, digits, i = self.text[self.position:end], set(), 0
            while i < len(inside):
                if inside[i + 1:i + 2] == "-":
                    digits |= set(range(int(inside[i]), int(inside[i + 2]) + 1))
                    i += 3
                else:
                    digits.add(int(inside[i]))
                    i += 1
            self.position = end + 1
            return digits
        digit = int(self.peek())
        self.position += 1
        return {digit}


class Automaton:
    """States shared by all roots: equal ones are one. State 0 leads nowhere."""

    def __init__(self):
        self.index, self.states = {}, []
        self.dead = self.intern(0, (0,) * 10)

    def intern(self, label, successors):
        key = (label, successors)
        if key not in self.index:
            self.index[key] = len(self.states)
            self.states.append(key)
        return self.index[key]

    def add(self, nfa, label_of):
        """The root for `nfa`; label_of(tags, length) says what a string of these tags is."""
        known = {}

        def visit(states, depth):
            key = (states, depth)
            if key not in known:
                tags = [tag for state in states for tag in nfa.tags.get(state, ())]
                successors = []
                for digit in range(10):
                    behind = {s for state in states for s in nfa.by_digit[state].get(digit, ())}
                    alive = behind and depth < MAX_DIGITS
                    successors.append(visit(nfa.closure(behind), depth + 1) if alive else self.dead)
                known[key] = self.intern(label_of(tags, depth), tuple(successors))
            return known[key]

        return visit(nfa.closure(nfa.starts), 0)


def kind_of_types(types):
    """libphonenumber's answer for a number that matches the patterns of these types; 0 for none."""
    if "general_desc" not in types:
        return 0
    for lpn, kind in LPN_TYPES:
        if lpn in types:
            return KIND[kind]
    fixed, mobile = "fixed_line" in types, "mobile" in types
    if fixed and mobile:
        return KIND["fixed_or_mobile"]
    return KIND["landline"] if fixed else KIND["mobile"] if mobile else 0


def add_metadata(nfa, code):
    """The patterns of a country code, tagged (region, type, lengths); its regions, those with a leading
    pattern marked."""
    regions = []
    for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]:
        metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
        for name in ["general_desc", "fixed_line", "mobile"] + [lpn for lpn, _ in LPN_TYPES]:
            desc = getattr(metadata, name)
            if desc is not None and desc.national_number_pattern is not None:
                nfa.add(desc.national_number_pattern, (region, name, desc.possible_length))
        if metadata.leading_digits:
            nfa.add(metadata.leading_digits, (region, "leading", ()), sticky=True)
        regions.append((region, bool(metadata.leading_digits)))
    return regions


def region_and_kind(regions, tags, length):
    """The region libphonenumber finds (_region_code_for_number_from_list) and the kind there."""
    types = {}
    for region, name, lengths in tags:
        if not lengths or length in lengths:
            types.setdefault(region, set()).add(name)
    for region, leading in regions:
        kind = kind_of_types(types.get(region, set()))
        if leading and "leading" in types.get(region, ()):
            return region, kind
        if not leading and kind:
            return region, kind
    return None, 0


def read_tsv(name):
    with open(FACTS / name, encoding="ascii") as lines:
        return [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]


def spread(prefix, lengths):
    """The pattern of all strings that begin with `prefix` and have one of these lengths."""
    least, most = (int(bound) for bound in lengths.split("-"))
    return prefix + "\\d{%d,%d}" % (least - len(prefix), most - len(prefix))


class Plans:
    """tools/data/dial_plans.tsv."""

    def __init__(self):
        self.rows = {}
        for country, what, value, length, _conf, _source in read_tsv("dial_plans.tsv"):
            self.rows.setdefault(country, {}).setdefault(what, []).append((value, length))

    def values(self, country, what):
        return [value for value, _ in self.rows[country].get(what, [])]

    def pairs(self, country, what):
        return self.rows[country].get(what, [])

    def international(self, country):
        found = []
        for value in self.values(country, "international"):
            if "[" in value:  # "0[0-3]x": Singapore's forty
                found += [f"0{i}{j}" for i in range(4) for j in range(10)]
            else:
                found.append(value)
        return list(dict.fromkeys(found))

    def codes(self, country):
        """(pattern, flags) of the emergency and protected numbers."""
        for value in self.values(country, "emergency"):
            yield value, EMERGENCY
        for value, length in self.pairs(country, "protected"):
            yield spread(value, length), PROTECTED


def label_of_rows(tags):
    """Of the rows (prefix length, kind, flags) that fit, the longest prefix; flags of all that fit."""
    rows = [tag for tag in tags if tag[0] == "row"]
    flags = 0
    for tag in tags:
        if tag[0] == "flags":
            flags |= tag[1]
    if flags & EMERGENCY:
        return KIND["emergency"] | flags
    if not rows:
        return KIND["short"] | flags if flags else 0
    return max(rows, key=lambda tag: tag[1])[2] | flags


def china(automaton, plans):
    """The national and the short-code root of +86, from our own files."""
    areas = [(row["area"], row["subscriber_len"].split("/"))
             for row in csv.DictReader(open(FACTS / "cn_area_codes.csv", encoding="utf-8"))]
    any_area = "(?:" + "|".join(area for area, _ in areas) + ")"
    codes = list(plans.codes("CN"))
    rows = read_tsv("cn_numbering_plan.tsv")
    roots = []
    for root in ("national", "short"):
        nfa = Nfa()
        for prefix, length, kind, scope, *_ in rows:
            if scope != root:
                continue
            # Behind a plus these are look-alikes, whatever else could be read into them.
            never = NEVER_AFTER_PLUS if (kind in ("short", "toll_free", "shared_cost", "premium", "sms_port")
                                         or prefix.startswith("106")) else 0
            nfa.add(spread(prefix, length), ("row", len(prefix), KIND[kind] | never))
        if root == "short":
            for pattern, flags in codes:
                nfa.add(pattern, ("flags", flags | NEVER_AFTER_PLUS))
            nfa.add("12110(?:0?" + any_area + ")", ("flags", EMERGENCY | NEVER_AFTER_PLUS))
        else:
            for area, lengths in areas:
                for length in lengths:
                    nfa.add(area + "\\d{%s}" % length, ("area",))
            fixed = PhoneMetadata.metadata_for_region("CN").fixed_line
            nfa.add(fixed.national_number_pattern, ("fixed",))
            behind = NEVER_AFTER_PLUS | BEHIND_AREA
            # The codes that are dialled behind an area code too.
            nfa.add(any_area + "(?:100\\d\\d|114|12[13]\\d\\d|95\\d{3,4}|96\\d{3,4})",
                    ("code", KIND["short"] | behind))
            for pattern, flags in codes:
                nfa.add(any_area + pattern, ("flags", flags | behind))

        def label(tags, _length):
            names = {tag[0] for tag in tags}
            if "area" in names and "fixed" in names:
                return KIND["landline"]
            found = label_of_rows(tags)
            if found & (EMERGENCY | PROTECTED) or "code" not in names:
                return found
            return found or next(tag[1] for tag in tags if tag[0] == "code")

        roots.append(automaton.add(nfa, label))
    return roots


def national_root(automaton, code, plans):
    """The root behind a country code other than 86."""
    nfa = Nfa()
    regions = add_metadata(nfa, code)
    metadata_tags = set(tag for tags in nfa.tags.values() for tag in tags)
    main = regions[0][0]
    if main in plans.rows:
        for value, length in plans.pairs(main, "protected"):
            nfa.add(spread(value, length), PROTECTED)

    def label(tags, length):
        _, kind = region_and_kind(regions, [t for t in tags if t in metadata_tags], length)
        if not kind:
            general = any(t[1] == "general_desc" and (not t[2] or length in t[2])
                          for t in tags if t in metadata_tags)
            return PLAUSIBLE if general else 0
        if code in SATELLITE_CODES:
            kind = KIND["satellite"]
        return kind | PROTECTED if PROTECTED in tags else kind

    return automaton.add(nfa, label)


def short_root(automaton, country, plans):
    """The root of the codes dialled alone in a country other than China."""
    nfa = Nfa()
    metadata = PhoneMetadata.short_metadata_for_region(country)
    nfa.add(metadata.short_code.national_number_pattern, ("code",))
    nfa.add(metadata.general_desc.national_number_pattern, ("general",))
    for pattern, flags in plans.codes(country):
        nfa.add(pattern, ("flags", flags))

    def label(tags, _length):
        found = label_of_rows(tags)
        if not found and ("code",) in tags and ("general",) in tags:
            found = KIND["short"]
        return found | NEVER_AFTER_PLUS if found else 0

    return automaton.add(nfa, label)


def region_root(automaton, code, region_index):
    """The root that tells the countries of a shared code apart: the label is the country where no further
    digit can change it, and such states lead nowhere."""
    nfa = Nfa()
    regions = add_metadata(nfa, code)
    full = Automaton()
    root = full.add(nfa, lambda tags, length: region_and_kind(regions, tags, length)[0])
    reach = {}

    def reachable(state):
        if state not in reach:
            label, successors = full.states[state]
            reach[state] = {label} - {None, 0}
            for successor in set(successors) - {full.dead}:
                reach[state] |= reachable(successor)
        return reach[state]

    def collapse(state):
        found = reachable(state)
        if len(found) <= 1:
            return automaton.intern(region_index[next(iter(found))] if found else 0, (0,) * 10)
        return automaton.intern(0, tuple(collapse(s) for s in full.states[state][1]))

    return collapse(root)


HEAD = """// {name} - {what}.
// Generated on {date} by tools/gen_numbering.py from phonenumbers {version} (libphonenumber's metadata,
// Apache-2.0) and tools/data/; see NOTICE. Do not edit.
#pragma once

"""


def head(name, what):
    return HEAD.format(name=name, what=what, date=DATE, version=PINNED)


def write_states(automaton, array, kind):
    lines = [f"inline constexpr std::array<std::uint16_t, {len(automaton.states) * 10}> k{array}Next = {{"]
    lines += [",".join(map(str, successors)) + "," for _, successors in automaton.states]
    lines += ["};", f"inline constexpr std::array<std::uint8_t, {len(automaton.states)}> k{array}{kind} = {{"]
    labels = [label for label, _ in automaton.states]
    lines += [",".join(map(str, labels[i:i + 40])) + "," for i in range(0, len(labels), 40)]
    return "\n".join(lines + ["};", ""])


def write_ranges(numbers, countries, rows, region_names):
    text = head("ranges.hpp", "every number range of the world, as an automaton over digits")
    text += "#include <array>\n#include <cstdint>\n\n#include \"ringfence/number/data/plan_types.hpp\"\n\n"
    text += "namespace ringfence::data {\n\n// clang-format off\n"
    text += "// Ten successors a state, by digit; state 0 leads nowhere. Label: see plan_types.hpp.\n"
    text += write_states(numbers, "Range", "Label") + "\n"
    text += "// The same for codes that countries share; label: index into kRegions.\n"
    text += write_states(countries, "Country", "Label") + "\n"
    text += f"inline constexpr std::array<char[3], {len(region_names)}> kRegions = {{{{\n"
    quoted = [f'"{name}"' for name in region_names]
    text += "".join(",".join(quoted[i:i + 16]) + ",\n" for i in range(0, len(quoted), 16)) + "}};\n\n"
    text += "// {code, its digits, main region, state behind it, state that tells the regions apart or 0}\n"
    text += f"inline constexpr std::array<CallingCode, {len(rows)}> kCallingCodes = {{{{\n"
    text += "".join("{%d,%d,%d,%d,%d},\n" % row for row in rows) + "}};\n"
    return text + "// clang-format on\n\n}  // namespace ringfence::data\n"


def strings(values):
    return ", ".join(f'"{value}"' for value in values)


def write_plans(plans, roots, shorts):
    text = head("plans.hpp", "the shipped dial plans")
    text += "#include <array>\n#include <string_view>\n\n#include \"ringfence/number/data/plan_types.hpp\"\n\n"
    text += "namespace ringfence::data {\n\n// clang-format off\n"
    table = []
    for country in plans.rows:
        code = phonenumbers.country_code_for_region(country)
        international = plans.international(country)
        kin = [country] + [k for ks in plans.values(country, "kin") for k in ks.split()]
        for name, values in (("International", international), ("Emergency", plans.values(country, "emergency")),
                             ("Kin", kin)):
            text += (f"inline constexpr std::array<std::string_view, {len(values)}> k{country}{name} = "
                     f"{{{strings(values)}}};\n")
        for name, what in (("Protected", "protected"), ("IpCall", "ip_call")):
            pairs = plans.pairs(country, what)
            ranges = ", ".join('{"%s", %s, %s}' % (v, length.split("-")[0], length.split("-")[-1])
                               for v, length in pairs)
            text += (f"inline constexpr std::array<CodeRange, {len(pairs)}> k{country}{name} = "
                     f"{{{'{' + ranges + '}' if pairs else ''}}};\n")
        trunk_kinds = {"all": 0xFFFF & ~(1 << 3 | 1 << 4), "none": 0, "landline": 1 << KIND["landline"]}
        area = [0] * 10
        for pair in " ".join(plans.values(country, "area_length")).split():
            area[int(pair[0])] = int(pair[2:])
        trunk = (plans.values(country, "trunk") or [""])[0]
        table.append(
            f'    {{"{country}", "{code}", "{international[0]}", "{trunk}", k{country}International, '
            f"k{country}Emergency, k{country}Protected, k{country}Kin, k{country}IpCall, "
            f'{trunk_kinds[plans.values(country, "trunk_kinds")[0]]}, {{{", ".join(map(str, area))}}}, '
            f"{roots[code]}, {shorts[country]}}},")
        text += "\n"
    text += f"inline constexpr std::array<PlanRow, {len(table)}> kPlans = {{{{\n" + "\n".join(table) + "\n}};\n"
    return text + "// clang-format on\n\n}  // namespace ringfence::data\n"


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--check", action="store_true", help="write nothing; say whether anything differs")
    check = arguments.parse_args().check
    if phonenumbers.__version__ != PINNED:
        sys.exit(f"tools/gen_numbering.py: phonenumbers is {phonenumbers.__version__}, wanted {PINNED}")

    plans = Plans()
    numbers, countries = Automaton(), Automaton()
    codes = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
    region_names = [""] + sorted({r for code in codes for r in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]
                                  if r != "001"})
    region_index = {name: i for i, name in enumerate(region_names)} | {"001": 0}
    shorts = {}
    roots = {}
    roots[86], shorts["CN"] = china(numbers, plans)
    rows = []
    for code in codes:
        if code != 86:
            roots[code] = national_root(numbers, code, plans)
        regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]
        apart = region_root(countries, code, region_index) if len(regions) > 1 else 0
        rows.append((code, len(str(code)), region_index[regions[0]], roots[code], apart))
    for country in plans.rows:
        if country != "CN":
            shorts[country] = short_root(numbers, country, plans)
    assert len(numbers.states) < 65536 and len(region_names) < 256

    files = {OUT / "ranges.hpp": write_ranges(numbers, countries, rows, region_names),
             OUT / "plans.hpp": write_plans(plans, roots, shorts)}
    differing = [path.name for path, text in files.items()
                 if not path.exists() or path.read_text(encoding="ascii") != text]
    if check:
        sys.exit(f"differ from what tools/gen_numbering.py writes: {', '.join(differing)}" if differing else 0)
    for path, text in files.items():
        path.write_text(text, encoding="ascii")
    print(f"{len(numbers.states)} states of numbers, {len(countries.states)} of countries")


if __name__ == "__main__":
    main()
