"""clang-tidy over the library's sources: see .clang-tidy for what it is asked to find."""

import concurrent.futures
import json
import os
import re

from . import report
from .report import Found, ROOT


def commands(preset):
    """What the preset compiles: folders and files, those that are compiled together as the one that CMake makes of them."""
    return json.loads((ROOT / "build" / preset / "compile_commands.json").read_text(encoding="utf-8"))


def sources(preset, *targets):
    return sorted({command["file"] for command in commands(preset) for target in targets
                   if f"CMakeFiles/{target}.dir/" in command["command"]
                   and not command["file"].endswith((".c", "cmake_pch.hxx.cxx"))})


def check():
    """The library as it is compiled; with --deep each of its files by itself, and the command line's."""
    deep = os.environ.get(report.DEEP)
    preset, targets = ("tidy", ["ringfence_objects", "ringfence_cli"]) if deep else ("fuzz", ["ringfence_objects"])
    found = Found()
    status, output = report.run(["cmake", "--preset", preset], "tidy.log")
    if not found.expect(status == 0, f"configure {preset}", "\n" + report.tail(output)):
        return found
    found.passed = 0
    header = ROOT / "build" / preset / "CMakeFiles" / "ringfence_objects.dir" / "cmake_pch.hxx.pch"
    if not deep and not found.expect(header.exists(), "tidy", "build/fuzz is not built: run the part `fuzz-build` first"):
        return found

    def one(file):
        # What is compiled together includes sources, and means to.
        status, output = report.run(
            ["clang-tidy-14", "--quiet", "-p", ROOT / "build" / preset, "--checks=-bugprone-suspicious-include",
             "--warnings-as-errors=*", file], "tidy.log")
        complaints = re.findall(r"^\S+:\d+:\d+: (?:error|warning): .*", output, re.MULTILINE)
        return status, complaints or [report.tail(output)]

    files = sources(preset, *targets)
    found.expect(files, "tidy has files to look at")
    with concurrent.futures.ThreadPoolExecutor(report.JOBS) as pool:
        for file, (status, complaints) in zip(files, pool.map(one, files)):
            name = os.path.relpath(file, ROOT)
            found.expect(status == 0, f"tidy {name}", " | ".join(complaints[:3]))
    return found
