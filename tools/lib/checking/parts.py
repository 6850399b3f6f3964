"""The parts of tools/check: each runs what it names and gives what it found."""

import os
import random
import subprocess

from . import consumers, fuzz, gtest, house, machines, python, quickstart, report, sanitizers, snippets, tidy
from .report import Found, ROOT


def tracked(*patterns):
    """The files of the repository that match, as git knows them, new ones included."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def build(preset, *targets, warnings_fail=True, arguments=()):
    """Configures and builds a preset, warnings being errors; one test each."""
    found = Found()
    werror = "ON" if warnings_fail else "OFF"
    status, output = report.run(
        ["cmake", "--preset", preset, f"-DRINGFENCE_WERROR={werror}", *arguments], f"{preset}.log")
    if not found.expect(status == 0, f"configure {preset}", "\n" + report.tail(output)):
        return found
    status, output = report.run(
        ["ninja", "-C", f"build/{preset}", "-k", "0", "-j", report.JOBS, *targets],
        f"{preset}.log", timeout_s=1800)
    errors = [line for line in output.splitlines() if "error:" in line or "FAILED:" in line][:20]
    found.expect(status == 0, f"build {preset}" + " without a warning" * warnings_fail,
                 "\n" + report.tail("\n".join(errors) or output))
    return found


def rooms():
    """The rooms that have tests: the names of the test programs."""
    return sorted({file.parent.name for file in tracked("tests/*/*_test.cpp")})


def programs(preset, names):
    return [ROOT / "build" / preset / "tests" / f"{room}_tests" for room in names]


def format_check():
    found = Found()
    files = tracked("*.cpp", "*.hpp", "*.h", "*.c")
    status, output = report.run(["clang-format-14", "--dry-run", "-Werror", *files], "format.log")
    places = sorted({line.split(":", 1)[0].removeprefix(f"{ROOT}/") for line in output.splitlines()
                     if "error: code should be clang-formatted" in line})
    found.expect(status == 0, "format", "clang-format-14 -i " + " ".join(places))
    return found


def house_check():
    return house.check(tracked("include/*", "src/*", "tests/*", "tools/*", "fuzz/*", "bench/*", "bindings/*",
                               "cmake/*", "examples/*", "pyproject.toml"))


def release_build():
    """Libraries, command line and tests; the benchmarks too, of which one run shows that they still work."""
    found = build("release", arguments=["-DRINGFENCE_BUILD_BENCH=ON"])
    status, output = report.run(
        [ROOT / "build" / "release" / "bench" / "rooms", "--policy", "examples/policy.toml", "--rules",
         *sorted((ROOT / "rules").glob("*.toml")), "--benchmark_min_time=0.01"], "rooms.log", timeout_s=60)
    found.expect(status == 0, "each benchmark of bench/rooms runs once", "\n" + report.tail(output))
    return found


def other_presets():
    """The presets that no other part uses: each configures, and with --deep builds and runs a room's tests.

    With --deep debug is built whole: in it every file is compiled by itself.
    """
    found = Found()
    for preset in ("debug", "asan", "coverage"):
        status, output = report.run(["cmake", "--preset", preset], "presets.log")
        if not found.expect(status == 0, f"configure {preset}", "\n" + report.tail(output)):
            continue
        if not os.environ.get(report.DEEP):
            continue
        found.add(build(preset, *(["number_tests"] if preset != "debug" else [])))
        found.add(gtest.run_all(programs(preset, ["number"]), f"presets-{preset}",
                                env=sanitizers.USUAL))
    return found


def unit_tests():
    return gtest.run_all(programs("release", rooms()), "unit")


def other_machines():
    return machines.check()


def c_programs():
    return [f"c_{source.stem}" for source in tracked("tests/c/*_test.c")]


def c_tests():
    """Each tests/c/*_test.c is a program of the C interface: status 0, or what it printed."""
    found = Found()
    for name in c_programs():
        status, output = report.run([ROOT / "build" / "release" / "tests" / name], "c.log", timeout_s=300)
        found.expect(status == 0, f"C {name}", "\n" + report.tail(output))
    return found


def torture():
    """Readers beside a writer, every read checked: 1e8 reads at full size, 1e10 with --deep."""
    found = Found()
    reads = 10 ** (10 if os.environ.get(report.DEEP) else 8) * report.SCALE // 100
    seed = random.randrange(1, 2 ** 32)
    program = ROOT / "build" / "release" / "tests" / "torture"
    status, output = report.run([program, "--reads", reads, "--seed", seed], "torture.log",
                                timeout_s=3600)
    found.expect(status == 0, f"torture, seed {seed}", "\n" + report.tail(output))
    print("   " + "\n   ".join(output.strip().splitlines()), flush=True)
    return found


def number_tables():
    """The number tables are what their script writes, and read as the package phonenumbers does."""
    found = Found()
    venv = ROOT / "build" / "venv" / "bin" / "python"
    status, output = report.run([venv, "tools/gen_numbering.py", "--check"], "numbers.log")
    found.expect(status == 0, "number tables are current", output.strip())
    status, output = report.run([venv, "tests/number/compare_phonenumbers.py"], "numbers.log")
    found.expect(status == 0, "numbers agree with phonenumbers", "\n" + report.tail(output))
    return found


def consumer_projects():
    return consumers.check()


def python_tests():
    return python.check()


def document_snippets():
    return snippets.check(snippets.documents())


def quickstart_runs():
    return quickstart.check()


def fuzz_build():
    """clang, under the address and undefined-behaviour sanitizers: the fuzz targets and the tests."""
    return build("fuzz")


def address_tests():
    found = sanitizers.address(programs("fuzz", rooms()))
    found.add(sanitizers.c_address([ROOT / "build" / "fuzz" / "tests" / name for name in c_programs()]))
    return found


def fuzz_targets():
    found = fuzz.check()
    if os.environ.get(report.DEEP):
        found.add(build("fuzz-deep", *fuzz.DEEP_RUNS))
        found.add(fuzz.check_deep())
    return found


def thread_build():
    # GCC's flow warnings are no guide under the thread sanitizer: its calls hide what flows where.
    return build("tsan", "tests/all", warnings_fail=False)


def thread_tests():
    found = sanitizers.thread(programs("tsan", sanitizers.threaded_rooms()))
    found.add(sanitizers.c_thread([ROOT / "build" / "tsan" / "tests" / name for name in c_programs()]))
    return found


def tidy_check():
    return tidy.check()
