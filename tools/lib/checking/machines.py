"""Other machines than this one: fewer cores, less memory, older processors, no network, no rights, another engine."""

import os
import shutil
import stat
import tempfile

from . import gtest, report
from .report import Found, ROOT

# The rooms whose code has forms for one processor and another, or stands on them at once.
ROOMS = ["table", "lists", "image", "source"]


def older_processors():
    """The tests with the vector forms masked off, as on a processor that has none, or AVX2 alone."""
    found = Found()
    for isa in ("scalar", "avx2"):
        programs = [ROOT / "build" / "release" / "tests" / f"{room}_tests" for room in ROOMS]
        found.add(gtest.run_all(programs, f"machines-{isa}", env={"RINGFENCE_ISA": isa, report.DEEP: "0"}))
    return found


def said_sizes(*wrapper):
    """What tools/lib/machine.sh says of the machine that the wrapper makes of this one; None where it cannot."""
    plain = [f"-u{name}" for name in ("RINGFENCE_JOBS", "RINGFENCE_SCALE")]
    status, output = report.run([*wrapper, "env", *plain, "bash", "-c", ". tools/lib/machine.sh"], "machines.log")
    return output if status == 0 else None


def smaller_machines():
    """One core, and 4 GB: one compiler or two, half the sizes."""
    found = Found()
    core = min(os.sched_getaffinity(0))
    said = said_sizes("taskset", "-c", str(core))
    found.expect(said is not None and said.startswith("machine: 1 cores") and "1 compilers" in said
                 and "sizes at 50 %" in said, "sizes for one core", said)
    bounds = [path for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
              if os.path.exists(path)]
    if os.geteuid() != 0 or not bounds:
        found.skipped.append("sizes for 4 GB: only root can show another bound")
        return found
    with tempfile.NamedTemporaryFile("w", suffix=".bound") as bound:
        bound.write(f"{4 << 30}\n")
        bound.flush()
        show = " && ".join([f"mount --bind {bound.name} {path}" for path in bounds] + ['exec "$@"'])
        said = said_sizes("unshare", "-m", "bash", "-c", show, "-")
    if said is None:
        found.skipped.append("sizes for 4 GB: no mount namespace is to be had")
    else:
        found.expect("4096 MB" in said and "sizes at 50 %" in said, "sizes for 4 GB", said)
    return found


def installing():
    """A second install asks no network; without rights it names what is missing, and installs nothing."""
    found = Found()
    status, _ = report.run(["unshare", "-n", "true"], "machines.log")
    if status == 0:
        status, output = report.run(["unshare", "-n", "tools/install"], "machines.log")
        found.expect(status == 0 and not output, "a second install without a network", report.tail(output))
    else:
        found.skipped.append("a second install without a network: no network namespace is to be had")
    with tempfile.TemporaryDirectory() as folder:
        # Nobody's machine: no package is there, and there is no sudo.
        for name, body in (("dpkg-query", "exit 1"), ("id", "echo 1000"), ("apt-get", "echo installs >&2; exit 99")):
            stub = os.path.join(folder, name)
            with open(stub, "w", encoding="ascii") as file:
                file.write(f"#!/bin/sh\n{body}\n")
            os.chmod(stub, os.stat(stub).st_mode | stat.S_IXUSR)
        for name in ("bash", "env", "awk", "grep", "sed", "dirname", "cat"):
            os.symlink(shutil.which(name), os.path.join(folder, name))
        status, output = report.run(["tools/install", "build"], "machines.log", env={"PATH": folder})
    found.expect(status == 1 and "neither root nor sudo" in output and "apt-get install" in output
                 and "cmake" in output and "installs" not in output.replace("tools/install", ""),
                 "an install without rights", report.tail(output))
    return found


def engine_option():
    """RINGFENCE_HYPERSCAN takes the engine that is there, or its folder, and says when it is another or none."""
    found = Found()

    def configure(value):
        shutil.rmtree(ROOT / "build" / "check" / "engine", ignore_errors=True)
        return report.run(["cmake", "-G", "Ninja", "-S", ROOT, "-B", "build/check/engine",
                           "-DRINGFENCE_BUILD_TESTS=OFF", f"-DRINGFENCE_HYPERSCAN={value}"], "machines.log")

    both = {name: configure(name) for name in ("hyperscan", "vectorscan")}
    there = [name for name, (status, _) in both.items() if status == 0]
    if not found.expect(len(there) == 1, "one of the two engines is there", str(there)):
        return found
    absent = "vectorscan" if there[0] == "hyperscan" else "hyperscan"
    found.expect(f"is {there[0]}'s" in " ".join(both[absent][1].split()), f"{absent} is told to be absent",
                 report.tail(both[absent][1]))
    status, output = configure("/usr")
    found.expect(status == 0 and f"Regular expressions: {there[0]}" in output, "the engine by its folder",
                 report.tail(output))
    status, output = configure(ROOT / "docs")
    found.expect(status != 0 and "not found; install" in " ".join(output.split()), "a folder without an engine",
                 report.tail(output))
    return found


def check():
    found = Found()
    for part in (older_processors, smaller_machines, installing, engine_option):
        found.add(part())
    return found
