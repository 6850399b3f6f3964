"""The first command of the README: from nothing within its bound, and again with nothing changed."""

import os
import shutil
import subprocess
import time

from . import report
from .report import Found, ROOT

LOG = "quickstart.log"
CLONE = report.LOGS / "fresh"
AGAIN_S = 20


def first_bound_s():
    """What the first run may take: 6 minutes from two cores on; one core builds alone, at half the sizes."""
    return 360 if (os.cpu_count() or 1) >= 2 else 900


def link(source, target):
    """A second name for a file where the file system gives one, else a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def make_clone():
    """The working tree without anything built in it; its venv has the packages, and no ringfence."""
    shutil.rmtree(CLONE, ignore_errors=True)
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if not (ROOT / name).is_file():
            continue
        (CLONE / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, CLONE / name)
    shutil.copytree((ROOT / "build" / "venv").resolve(), CLONE / "build" / "venv", symlinks=True,
                    copy_function=link, ignore=shutil.ignore_patterns("ringfence", "ringfence-*"))


def run_once(found, name, folder, bound_s, env=None):
    """One run of tools/quickstart; gives its seconds."""
    started = time.monotonic()
    status, output = report.run([folder / "tools" / "quickstart"], LOG, timeout_s=max(900, bound_s),
                                cwd=folder, env=env)
    seconds = time.monotonic() - started
    ended_well = status == 0 and "Three to try next" in output
    found.expect(ended_well and seconds <= bound_s, f"{name} within {bound_s} s",
                 f"took {seconds:.0f} s, status {status}\n" + report.tail(output))
    print(f"   {name}: {seconds:.0f} s, at most {bound_s}", flush=True)
    for line in output.splitlines():
        if " ... " in line:
            print(f"      {line}", flush=True)


def check():
    """With --deep the first run is one: in a fresh clone, without a compiler cache. It takes minutes, so else it
    is run in this tree, where only what changed is built, and held to no bound but that of any run."""
    found = Found()
    if os.environ.get(report.DEEP):
        make_clone()
        run_once(found, "quickstart in a fresh clone", CLONE, first_bound_s(),
                 env={"CCACHE_DISABLE": "1", "CMAKE_C_COMPILER_LAUNCHER": "", "CMAKE_CXX_COMPILER_LAUNCHER": ""})
        run_once(found, "quickstart again in the clone", CLONE, AGAIN_S)
        shutil.rmtree(CLONE, ignore_errors=True)
    else:
        print("   the first run in a fresh clone, without a compiler cache: only with --deep", flush=True)
    run_once(found, "quickstart in this tree", ROOT, 900)
    run_once(found, "quickstart again", ROOT, AGAIN_S)
    return found
