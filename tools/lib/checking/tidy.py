"""clang-tidy over the library's sources: see .clang-tidy for what it is asked to find."""

import concurrent.futures
import re

from . import report
from .report import Found, ROOT

BUILD = ROOT / "build" / "fuzz"


def check(files):
    found = Found()
    if not found.expect((BUILD / "compile_commands.json").exists(), "tidy",
                        "build/fuzz is not configured: run the part `fuzz-build` first"):
        return found
    found.passed = 0

    def one(file):
        status, output = report.run(
            ["clang-tidy-14", "--quiet", "-p", BUILD, "--warnings-as-errors=*", file], "tidy.log")
        complaints = re.findall(r"^\S+:\d+:\d+: (?:error|warning): .*", output, re.MULTILINE)
        return status, complaints or [report.tail(output)]

    with concurrent.futures.ThreadPoolExecutor(report.JOBS) as pool:
        for file, (status, complaints) in zip(files, pool.map(one, files)):
            name = str(file.relative_to(ROOT))
            found.expect(status == 0, f"tidy {name}", " | ".join(complaints[:3]))
    return found
