#!/usr/bin/env python3
"""Writes src/text/data/skeleton_data.cpp: decompositions, case folds and look-alikes of names.

    apt-get download unicode-data && dpkg -x unicode-data_*.deb build/unicode
    python3 tools/gen_skeleton.py build/unicode/usr/share/unicode && clang-format-14 -i src/text/data/skeleton_data.cpp

Sources, named in NOTICE: the Unicode Character Database, as Debian's package unicode-data ships it, and the confusables of
UTS #39, which no package ships as a text: as ICU 72 (libicu72) holds them, asked for each code point. They must be of one
version, VERSION below.
"""

import ctypes
import datetime
import os
import re
import sys

VERSION = "15.0.0"
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OUT = os.path.join(ROOT, "src", "text", "data", "skeleton_data.cpp")


def lines_of(folder, *names):
    """The lines of the first of these files that is there, without comments; checks that it is of VERSION."""
    for name in names:
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            continue
        with open(path, encoding="utf-8-sig") as file:
            text = file.read()
        said = re.search(r"(?:-|Version: )(\d+\.\d+\.\d+)", text[:400])
        if said and said[1] != VERSION:
            sys.exit(f"{path}: is of version {said[1]}, not {VERSION}")
        lines = (line.split("#", 1)[0].strip() for line in text.splitlines())
        return [line for line in lines if line]
    sys.exit(f"{folder}: has no {names[0]}")


def code_points(text):
    return [int(word, 16) for word in text.split()]


def read(folder):
    decompositions, classes, capitals = {}, {}, {}
    for line in lines_of(folder, "UnicodeData.txt"):
        fields = line.split(";")
        cp = int(fields[0], 16)
        if fields[3] != "0":
            classes[cp] = int(fields[3])
        if fields[5] and not fields[5].startswith("<"):
            decompositions[cp] = code_points(fields[5])
        if fields[12]:
            capitals[cp] = int(fields[12], 16)
    folds = {}
    for line in lines_of(folder, "CaseFolding.txt"):
        cp, status, mapping = [field.strip() for field in line.split(";")][:3]
        if status in "CF":
            folds[int(cp, 16)] = code_points(mapping)
    ignorable = []
    for line in lines_of(folder, "DerivedCoreProperties.txt"):
        places, name = [field.strip() for field in line.split(";")][:2]
        if name == "Default_Ignorable_Code_Point":
            ends = [int(end, 16) for end in places.split("..")]
            ignorable.append((ends[0], ends[-1]))
    return decompositions, classes, capitals, folds, ignorable, read_prototypes(decompositions)


def read_prototypes(decompositions):
    """What ICU's skeleton makes of each code point that is no whole of others."""
    common, i18n = ctypes.CDLL("libicuuc.so.72"), ctypes.CDLL("libicui18n.so.72")
    version = (ctypes.c_uint8 * 4)()
    common.u_getUnicodeVersion_72(version)
    if ".".join(str(part) for part in version[:3]) != VERSION:
        sys.exit(f"ICU is of Unicode {list(version)}, not {VERSION}")
    code = ctypes.c_int(0)
    i18n.uspoof_open_72.restype = ctypes.c_void_p
    checker = ctypes.c_void_p(i18n.uspoof_open_72(ctypes.byref(code)))
    room = 256
    out = ctypes.create_string_buffer(2 * room)
    prototypes = {}
    for cp in range(0x110000):
        if 0xD800 <= cp <= 0xDFFF or 0xAC00 <= cp <= 0xD7A3 or cp in decompositions:
            continue
        text = chr(cp).encode("utf-16-le")
        size = i18n.uspoof_getSkeleton_72(checker, 0, text, len(text) // 2, out, room, ctypes.byref(code))
        if code.value > 0:
            sys.exit(f"ICU fails at U+{cp:04X} with {code.value}")
        made = [ord(c) for c in out.raw[:2 * size].decode("utf-16-le")]
        if made != [cp]:
            prototypes[cp] = made
    return prototypes


def main(folder):
    decompositions, classes, capitals, folds, ignorable, prototypes = read(folder)

    def decompose(cp):
        if cp not in decompositions:
            return [cp]
        return [x for part in decompositions[cp] for x in decompose(part)]

    def nfd(text):
        out = []
        for cp in text:
            for c in decompose(cp):
                at = len(out)
                while at > 0 and classes.get(out[at - 1], 0) > classes.get(c, 0) > 0:
                    at -= 1
                out.insert(at, c)
        return out

    whole = {cp: nfd([cp]) for cp in decompositions}
    # What is decomposed before it is looked up needs no entry.
    folds = {cp: nfd(to) for cp, to in folds.items() if cp not in whole}
    prototypes = {cp: nfd(to) for cp, to in prototypes.items() if cp not in whole}

    pool = []
    text = ""
    places = {}

    def place(to):
        nonlocal text
        key = tuple(to)
        if key not in places:
            letters = "".join(map(chr, to))
            at = text.find(letters)
            if at < 0:
                at = len(text)
                text += letters
                pool.extend(to)
            places[key] = at
        return places[key]

    # Longer texts first: shorter ones lie within them.
    for to in sorted((*whole.values(), *prototypes.values(), *folds.values()), key=lambda t: (-len(t), t)):
        place(to)
    if len(pool) > 0xFFFF:
        sys.exit("the pool is beyond 16 bits")

    def mappings(name, of):
        rows = ", ".join(f"{{0x{cp:X}, {place(to)}, {len(to)}}}" for cp, to in sorted(of.items()))
        return f"constexpr Mapping k{name}Rows[] = {{{rows}}};\n"

    def ranges(name, of):
        rows = ", ".join(f"{{0x{a:X}, 0x{b:X}, {value}}}" for a, b, value in of)
        return f"constexpr Range k{name}Rows[] = {{{rows}}};\n"

    combining = []
    for cp, value in sorted(classes.items()):
        if combining and combining[-1][1] == cp - 1 and combining[-1][2] == value:
            combining[-1] = (combining[-1][0], cp, value)
        else:
            combining.append((cp, cp, value))
    pairs = ", ".join(f"{{0x{cp:X}, 0x{to:X}}}" for cp, to in sorted(capitals.items()))

    with open(OUT, "w", encoding="ascii") as out:
        out.write(f"// Made by tools/gen_skeleton.py on {datetime.date.today()} from Unicode {VERSION}; do not edit.\n")
        out.write('#include "src/text/data/skeleton_data.hpp"\n\nnamespace ringfence::skeleton_data {\n\n')
        out.write("const char32_t kPool[] = {" + ", ".join(f"0x{c:X}" for c in pool) + "};\n\nnamespace {\n\n")
        out.write(mappings("Decomposition", whole) + mappings("Prototype", prototypes) + mappings("CaseFold", folds))
        out.write(f"constexpr Pair kCapitalRows[] = {{{pairs}}};\n")
        out.write(ranges("Combining", combining) + ranges("Ignorable", [(a, b, 1) for a, b in sorted(ignorable)]))
        out.write("\n}  // namespace\n\n")
        for name, kind in (("Decomposition", "Mapping"), ("Prototype", "Mapping"), ("CaseFold", "Mapping"),
                           ("Capital", "Pair")):
            out.write(f"const std::span<const {kind}> k{name}s = k{name}Rows;\n")
        for name in ("Combining", "Ignorable"):
            out.write(f"const std::span<const Range> k{name} = k{name}Rows;\n")
        out.write("\n}  // namespace ringfence::skeleton_data\n")
    print(f"{len(whole)} decompositions, {len(prototypes)} prototypes, {len(folds)} case folds, "
          f"{len(capitals)} capitals, {len(pool)} pool units")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
