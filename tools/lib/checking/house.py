"""Checks the house: who may include whom, where the guarded headers may stand, and that the version stands once."""

import re
import unicodedata

from .report import Found, ROOT

# A room includes rooms of the rows above it, or an earlier one of its own row, as docs/architecture.md draws it.
ROWS = [["base"], ["number", "source", "token", "sync"], ["text"],
        ["table", "pattern", "campaign", "activity", "caller_id", "score"], ["lists", "senders", "policy", "image"], ["screen"],
        ["traffic", "study"], ["c_api"]]
PLACE = {room: place for place, room in enumerate(room for row in ROWS for room in row)}
ANYWHERE = {"kernel"}  # dispatched forms of what the rooms need; they see any room's shapes

# What only these files may include.
GUARDED = [
    (r"hs(_\w+)?\.h$|hs/", r"^(src/pattern|bench)/|^tests/pattern/hyperscan_oracle", "Hyperscan's headers belong to src/pattern"),
    (r"^toml(\+\+/|\.hpp$)", r"^src/source/toml\.cpp$", "toml++ belongs to src/source/toml.cpp"),
    (r"^iconv\.h$", r"^src/text/charset\.cpp$|^tests/text/", "iconv belongs to src/text/charset.cpp"),
    (r"^absl/", r"^(src|tests|bench|fuzz)/", "abseil belongs in no installed header"),
    (r"(immintrin|[a-z]mmintrin|arm_neon)\.h$", r"^(src/kernel|bench)/",
     "intrinsics belong to src/kernel"),
]


def faults_of(name, text):
    """The faults of one file; `name` is its path from the root."""
    faults = []
    here = re.match(r"(?:include/ringfence|src)/(\w+)/", name)
    for number, line in enumerate(text.splitlines(), 1):
        include = re.match(r'\s*#\s*include\s*[<"]([^">]+)', line)
        if include:
            path = include[1]
            for pattern, allowed, why in GUARDED:
                if re.search(pattern, path) and not re.search(allowed, name):
                    faults.append(f"{name}:{number}: includes {path}; {why}")
            there = re.match(r"(?:ringfence|src)/(\w+)/", path)
            if here and there and {here[1], there[1]} <= set(PLACE) and PLACE[there[1]] > PLACE[here[1]]:
                faults.append(f"{name}:{number}: {here[1]} includes {there[1]}, a room below it")
        if name.startswith("include/") and re.search(r"__AVX\w*__|__SSE\w*__", line):
            faults.append(f"{name}:{number}: an installed header asks what the compiler was told of AVX")
    return faults


def beyond_ascii(name, text):
    """Code is ASCII; a comment may show Han and other letters as the example they are."""
    faults = []
    for number, line in enumerate(text.splitlines(), 1):
        code, _, comment = line.partition("//")
        if not code.isascii() or any(not letter.isascii() and unicodedata.category(letter) != "Lo"
                                     for letter in comment):
            faults.append(f"{name}:{number}: has a character beyond ASCII")
    return faults


# Where the version stands beside CMakeLists.txt: the stub is made from the module, the changelog by hand.
VERSIONED = {"bindings/python/ringfence/_core.pyi": r"^version: str = '(.*)'$", "CHANGELOG.md": r"^## (\S+)"}


def version_faults(read, names):
    """Places that say another version than CMakeLists.txt, or say it beside it; `read` gives a file's text by its name."""
    version = re.search(r"^project\(ringfence VERSION ([\d.]+)", read("CMakeLists.txt"), re.MULTILINE)[1]
    faults = []
    for name, pattern in VERSIONED.items():
        said = re.search(pattern, read(name), re.MULTILINE)
        if not said or said[1] != version:
            faults.append(f"{name}: says version {said and said[1]}, CMakeLists.txt {version}; "
                          "make it anew, or head the changelog with it")
    for name in sorted(set(names) - VERSIONED.keys() - {"CMakeLists.txt"}):
        for number, line in enumerate(read(name).splitlines(), 1):
            if re.search(rf"(?<![\w.]){re.escape(version)}(?!\w|\.\d)", line):
                faults.append(f"{name}:{number}: writes the version {version} out; take it from "
                              "ringfence/version.h or project(VERSION)")
    return faults


def room_faults(names):
    """Rooms that no row names, and rows' rooms that are not there."""
    rooms = {match[1] for name in names if (match := re.match(r"(?:include/ringfence|src)/(\w+)/", name))}
    return [f"{room}: stands in no row of the house" for room in sorted(rooms - set(PLACE) - ANYWHERE)] + \
        [f"{room}: is a room of the house that is not there" for room in sorted(set(PLACE) - rooms)]


def check(files):
    found = Found()
    for file in files:
        name = str(file.relative_to(ROOT))
        if file.suffix not in (".h", ".hpp", ".cpp", ".c", ".inl"):
            continue
        raw = file.read_bytes()
        faults = faults_of(name, raw.decode("utf-8", "replace"))
        if not name.startswith(("tests/", "fuzz/", "bench/")):
            faults += beyond_ascii(name, raw.decode("utf-8", "replace"))
        found.failed += faults
    names = [str(file.relative_to(ROOT)) for file in files]
    found.failed += room_faults(names)
    found.failed += version_faults(lambda name: (ROOT / name).read_text("utf-8", "replace"),
                                   [name for name in names if not name.startswith(("tests/", "fuzz/corpus/"))])
    if not found.failed:
        found.passed = 1
    return found
