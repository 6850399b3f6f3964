#!/usr/bin/env python3
"""Writes src/text/data/host_data.cpp: what the characters of a host's labels are in the name that DNS is asked for.

    python3 -m venv build/venv && build/venv/bin/pip install \\
        opencc-python-reimplemented==0.1.7 confusable-homoglyphs==3.3.1
    build/venv/bin/python tools/gen_hosts.py && clang-format-14 -i src/text/data/host_data.cpp

Source, named in NOTICE: Python's unicodedata (Unicode Character Database; Unicode License v3). The wanted mapping is that of
UTS #46 for what it maps to letters, marks, digits and hyphens (NFKC_Casefold; sharp s, final sigma and their capital kept, as
browsers do since they are non-transitional); signs in disguise (discs, dashes) are what tools/gen_fold.py makes of them.

Written are only the letters, marks and digits that stand for themselves (kept), those of the others for which the fold table is
not the wanted mapping (mapped), and which two compose (compositions; Hangul is reckoned).
"""

import datetime
import os
import sys
import unicodedata as ud

from gen_fold import IGNORABLE, ROOT, folded, nfkc_casefold, within

OUT = os.path.join(ROOT, "src", "text", "data", "host_data.cpp")

# UTS #46 clause 4: deviations, valid in themselves; the capital sharp s is the small one since version 15.1.
DEVIATIONS = {"ß": "ß", "ς": "ς", "ẞ": "ß"}


def is_own(c):
    """A letter, mark or digit that is no other's compatible form."""
    return (ud.category(c)[0] in "LM" or ud.category(c) == "Nd") and not within(IGNORABLE, ord(c)) and \
        ud.normalize("NFKD", c) == ud.normalize("NFD", c)


def is_label_text(text):
    return text != "" and all(x.isalnum() and x.isascii() or x == "-" or ud.category(x)[0] in "LM" or
                              ud.category(x) == "Nd" for x in text)


def fold_of(c):
    result = folded(c)
    if isinstance(result, tuple):
        return result[1]
    return result or ""


def wanted(c):
    if c in DEVIATIONS:
        return DEVIATIONS[c]
    text = nfkc_casefold(c)
    return text if is_own(c) or is_label_text(text) else fold_of(c)


def main():
    kept, mapped, compositions = [], [], []
    for cp in range(0x80, 0x110000):
        c = chr(cp)
        if 0xD800 <= cp <= 0xDFFF:
            continue
        parts = [chr(int(p, 16)) for p in ud.decomposition(c).split() if not p.startswith("<")]
        if len(parts) == 2 and ud.decomposition(c)[0] != "<" and ud.normalize("NFC", "".join(parts)) == c:
            compositions.append((ord(parts[0]), ord(parts[1]), cp))
        if is_own(c) and c not in DEVIATIONS:
            if ud.normalize("NFC", ud.normalize("NFD", c).casefold()) != ud.normalize("NFC", wanted(c)):
                sys.exit(f"U+{cp:04X} is more than its case fold")
            if kept and kept[-1][1] == cp - 1:
                kept[-1][1] = cp
            else:
                kept.append([cp, cp])
            continue
        to = ud.normalize("NFD", wanted(c))
        if to != ud.normalize("NFD", fold_of(c)):
            mapped.append((cp, to))
    compositions.sort()

    pool, places = "", {}
    for to in sorted({to for _, to in mapped}, key=lambda t: (-len(t), t)):
        at = pool.find(to)
        if at < 0:
            at = len(pool)
            pool += to
        places[to] = at
    write(kept, [(cp, places[to], len(to)) for cp, to in mapped], pool, compositions)
    print(f"{len(kept)} ranges kept, {len(mapped)} mapped, {len(pool)} pool units, {len(compositions)} compositions")


def rows(kind, name, of):
    lines = ", ".join("{" + ", ".join(f"0x{v:X}" for v in row) + "}" for row in of)
    return f"constexpr {kind} {name}Rows[] = {{{lines}}};\n"


def write(kept, mapped, pool, compositions):
    with open(OUT, "w", encoding="ascii") as out:
        out.write(f"// Made by tools/gen_hosts.py on {datetime.date.today()} from Unicode {ud.unidata_version}; do not edit.\n")
        out.write('#include "src/text/data/host_data.hpp"\n\nnamespace ringfence::host_data {\nnamespace {\n\n')
        out.write(rows("Range", "kKept", kept) + rows("Mapping", "kMapped", mapped))
        out.write(rows("Composition", "kComposition", compositions))
        out.write("\n}  // namespace\n\nconst char32_t kPool[] = {" + ", ".join(f"0x{ord(c):X}" for c in pool) + "};\n")
        for name, kind in (("kKept", "Range"), ("kMapped", "Mapping"), ("kComposition", "Composition")):
            out.write(f"const std::span<const {kind}> {name}{'s' if kind == 'Composition' else ''} = {name}Rows;\n")
        out.write("\n}  // namespace ringfence::host_data\n")


if __name__ == "__main__":
    main()
