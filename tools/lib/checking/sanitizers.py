"""The unit tests again, under the address and undefined-behaviour sanitizers and the thread sanitizer."""

import re

from . import gtest, report
from .report import ROOT

# At full length the tests would take hours here; the fuzzers go deep under the sanitizers.
USUAL = {report.DEEP: "0"}
ADDRESS = {**USUAL, "ASAN_OPTIONS": "detect_leaks=1:strict_string_checks=1:check_initialization_order=1",
           "UBSAN_OPTIONS": "print_stacktrace=1"}
THREAD = {**USUAL, "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1"}


def address(programs):
    return gtest.run_all(programs, "asan", env=ADDRESS)


def threaded_rooms():
    """The rooms of which tests start threads: what tests/CMakeLists.txt builds under the thread sanitizer."""
    return sorted({file.parent.name for file in (ROOT / "tests").glob("*/*_test.cpp")
                   if file.parent.name != "cli"
                   and re.search(r"#include <(?:thread|pthread\.h)>|std::j?thread|std::async",
                                 file.read_text(encoding="utf-8"))})


def fixed_addresses():
    """The thread sanitizer of GCC 12 dies where the kernel spreads addresses widely: then not at random."""
    status, _ = report.run(["setarch", "-R", "true"], "tsan.log")
    return ["setarch", "-R"] if status == 0 else []


def thread(programs):
    return gtest.run_all(programs, "tsan", prefix=fixed_addresses(), env=THREAD)


def run_plain(programs, log, prefix, env):
    found = report.Found()
    for program in programs:
        status, output = report.run([*prefix, program], log, timeout_s=600, env=env)
        found.expect(status == 0, program.name, "\n" + report.tail(output))
    return found


def c_address(programs):
    return run_plain(programs, "asan.log", (), ADDRESS)


def c_thread(programs):
    return run_plain(programs, "tsan.log", fixed_addresses(), THREAD)
