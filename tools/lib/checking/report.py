"""What a part of tools/check found, and the table and the line that end the run."""

import dataclasses
import os
import pathlib
import subprocess
import time
import traceback

ROOT = pathlib.Path(__file__).resolve().parents[3]
LOGS = ROOT / "build" / "check"
JOBS = int(os.environ.get("RINGFENCE_JOBS", "2"))
SCALE = int(os.environ.get("RINGFENCE_SCALE", "100"))
DEEP = "RINGFENCE_DEEP"


@dataclasses.dataclass
class Found:
    """Tests of one part: how many passed, and what failed or was skipped and why."""

    passed: int = 0
    failed: list = dataclasses.field(default_factory=list)
    skipped: list = dataclasses.field(default_factory=list)
    name: str = ""
    seconds: float = 0.0

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def expect(self, ok, name, detail=""):
        """Counts one test; `detail` says how it failed."""
        if ok:
            self.passed += 1
        else:
            self.failed.append(f"{name}: {detail}" if detail else name)
        return ok


def run(command, log, timeout_s=900, env=None, cwd=ROOT, append=True):
    """Runs a command, its output into build/check/`log`; gives (status, output). Status 124: too slow."""
    LOGS.mkdir(parents=True, exist_ok=True)
    command = [str(word) for word in command]
    environment = {**os.environ, **(env or {})}
    try:
        done = subprocess.run(command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout_s,
                              check=False)
        status, output = done.returncode, done.stdout
    except subprocess.TimeoutExpired as slow:
        status, output = 124, (slow.stdout or b"") + f"\nstopped after {timeout_s} s\n".encode()
    except OSError as error:
        status, output = 127, f"{command[0]}: {error.strerror}\n".encode()
    text = output.decode("utf-8", "replace")
    with open(LOGS / log, "a" if append else "w", encoding="utf-8") as file:
        file.write(f"$ {' '.join(command)}\n{text}\nstatus {status}\n")
    return status, text


def tail(text, lines=25):
    return "\n".join("    " + line for line in text.rstrip().splitlines()[-lines:])


def installed(seconds):
    return Found(passed=1, name="install", seconds=seconds)


def run_part(name, part):
    """Runs one part. A fault of the checking itself is a failed test, not the end of the run."""
    print(f"-- {name}", flush=True)
    LOGS.mkdir(parents=True, exist_ok=True)
    (LOGS / f"{name}.log").unlink(missing_ok=True)
    started = time.monotonic()
    try:
        found = part()
    except Exception:  # noqa: BLE001 - whatever it is, it is told and counted
        found = Found(failed=[f"the check itself: {traceback.format_exc()}"])
    found.name = name
    found.seconds = time.monotonic() - started
    for failure in found.failed:
        print(f"   FAILED {failure}", flush=True)
    for skip in found.skipped:
        print(f"   skipped {skip}", flush=True)
    print(f"   {found.passed} passed, {len(found.failed)} failed, {len(found.skipped)} skipped, "
          f"{found.seconds:.0f} s", flush=True)
    return found


def close(results):
    """Prints the table and the closing line; gives the exit status."""
    print(f"\n{'part':<12}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}")
    for found in results:
        print(f"{found.name:<12}{found.passed:>8}{len(found.failed):>8}{len(found.skipped):>9}"
              f"{found.seconds:>9.0f}")
    passed = sum(found.passed for found in results)
    failed = sum(len(found.failed) for found in results)
    skipped = sum(len(found.skipped) for found in results)
    print(f"{'all':<12}{passed:>8}{failed:>8}{skipped:>9}{sum(f.seconds for f in results):>9.0f}\n")
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if failed or not passed else 0
