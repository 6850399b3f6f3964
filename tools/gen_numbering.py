#!/usr/bin/env python3
"""Writes include/ringfence/number/data/: the number ranges and dial plans as constexpr tables; and
tests/number/metadata_patterns.hpp: the same facts in their plain form, for the tests' model.

    build/venv/bin/python tools/gen_numbering.py [--check]

Sources: libphonenumber's metadata as the PyPI package `phonenumbers` carries it (Apache-2.0), for every
country code but +86; and our own files tools/data/dial_plans.tsv, cn_numbering_plan.tsv and
cn_area_codes.csv. With --check nothing is written: exit status 1 says that the checked-in files differ.
The date written is the day the data changed last; give a new one in DATE below when they change.

What comes out is one automaton over digits. Each state has ten successors and the label of the digits
that end in it: kind of number and flags, 0 for no number. Each country code has a state to start in
behind it, each dial plan another one for short codes. Codes that several countries share start a second
automaton, whose states name the country. Equal states are one, which keeps the whole world in 8,200.
"""
import argparse
import csv
import pathlib
import sys

import phonenumbers
from phonenumbers import PhoneMetadata

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "lib"))
from digit_automaton import Automaton, Nfa  # noqa: E402

DATE = "2026-11-24"
PINNED = "9.0.17"
ROOT = pathlib.Path(__file__).resolve().parent.parent
FACTS = ROOT / "tools" / "data"
OUT = ROOT / "include" / "ringfence" / "number" / "data"
LONGEST_CODE = 6  # of protected short codes; longer protected numbers are national ones

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


def read_areas():
    """(area code, lengths of its subscriber numbers) of China."""
    with open(FACTS / "cn_area_codes.csv", encoding="utf-8") as lines:
        return [(row["area"], row["subscriber_len"].split("/")) for row in csv.DictReader(lines)]


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
    areas = read_areas()
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

    def label(tags, length):
        found = label_of_rows(tags) if length <= LONGEST_CODE else 0
        if not found and ("code",) in tags and ("general",) in tags:
            found = KIND["short"]
        return found | NEVER_AFTER_PLUS if found else 0

    return automaton.add(nfa, label)


def region_root(automaton, code, region_index):
    """The root that tells the countries of a shared code apart: a state's label is the country of the digits
    so far, 0 for the main one. States where no further digit can change it lead nowhere."""
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
        label, successors = full.states[state]
        return automaton.intern(region_index[label] if label else 0, tuple(map(collapse, successors)))

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
    text += "// {code, its digits, main region, dials a trunk 0, state behind it, state that tells regions apart or 0}\n"
    text += f"inline constexpr std::array<CallingCode, {len(rows)}> kCallingCodes = {{{{\n"
    text += "".join("{%d,%d,%d,%d,%d,%d},\n" % row for row in rows) + "}};\n"
    return text + "// clang-format on\n\n}  // namespace ringfence::data\n"


def write_model_patterns(plans):
    """The same facts as regular expressions and rows, for the slow model of the tests."""
    raw = '{"%s", "%s", "%s", "%s", {%s}},\n'
    text = head("metadata_patterns.hpp", "the metadata as patterns, for the slow model of the tests")
    text += "namespace ringfence::model {\n\n// clang-format off\n"
    text += "struct TypePattern { int kind; const char* pattern; const char* lengths; };\n"
    text += "struct RegionPatterns { const char* code; const char* region; const char* trunk; const char* leading; TypePattern types[12]; };\n"
    text += "struct ShortPatterns { const char* country; const char* general; const char* code; };\n"
    text += "struct ChinaRow { const char* prefix; unsigned least, most; int kind; bool is_short; };\n"
    text += "struct ChinaArea { const char* area; unsigned subscriber; };\n\n"

    def quoted(pattern):
        return (pattern or "").replace("\\d", "[0-9]")

    text += "// Kind -1 is the general pattern, -2 fixed line, -3 mobile; lengths in letters: a is none, b is one.\n"
    text += "inline constexpr RegionPatterns kRegionPatterns[] = {\n"
    for code in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE):
        for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]:
            metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
            types = []
            for name, kind in [("general_desc", -1)] + [(n, KIND[k]) for n, k in LPN_TYPES] + [
                    ("fixed_line", -2), ("mobile", -3)]:
                desc = getattr(metadata, name)
                if desc is not None and desc.national_number_pattern is not None:
                    lengths = "".join(chr(ord("a") + n) for n in desc.possible_length)
                    types.append('{%d, "%s", "%s"}' % (kind, quoted(desc.national_number_pattern), lengths))
            text += raw % (code, "" if region == "001" else region, metadata.national_prefix or "",
                           quoted(metadata.leading_digits), ", ".join(types))
    text += "};\n\ninline constexpr ShortPatterns kShortPatterns[] = {\n"
    for country in plans.rows:
        metadata = PhoneMetadata.short_metadata_for_region(country)
        text += '{"%s", "%s", "%s"},\n' % (country, quoted(metadata.general_desc.national_number_pattern),
                                         quoted(metadata.short_code.national_number_pattern))
    text += "};\n\ninline constexpr ChinaRow kChinaRows[] = {\n"
    for prefix, length, kind, scope, *_ in read_tsv("cn_numbering_plan.tsv"):
        least, most = length.split("-")
        text += '{"%s", %s, %s, %d, %s},\n' % (prefix, least, most, KIND[kind], str(scope == "short").lower())
    text += "};\n\ninline constexpr ChinaArea kChinaAreas[] = {\n"
    for area, lengths in read_areas():
        text += "".join('{"%s", %s},\n' % (area, length) for length in lengths)
    return text + "};\n// clang-format on\n\n}  // namespace ringfence::model\n"


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
        metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, regions[0])
        rows.append((code, len(str(code)), region_index[regions[0]], int(metadata.national_prefix == "0"),
                     roots[code], apart))
    for country in plans.rows:
        if country != "CN":
            shorts[country] = short_root(numbers, country, plans)
    assert len(numbers.states) < 65536 and len(region_names) < 256

    files = {OUT / "ranges.hpp": write_ranges(numbers, countries, rows, region_names),
             OUT / "plans.hpp": write_plans(plans, roots, shorts),
             ROOT / "tests" / "number" / "metadata_patterns.hpp": write_model_patterns(plans)}
    differing = [path.name for path, text in files.items()
                 if not path.exists() or path.read_text(encoding="ascii") != text]
    if check:
        sys.exit(f"differ from what tools/gen_numbering.py writes: {', '.join(differing)}" if differing else 0)
    for path, text in files.items():
        path.write_text(text, encoding="ascii")
    print(f"{len(numbers.states)} states of numbers, {len(countries.states)} of countries")


if __name__ == "__main__":
    main()
