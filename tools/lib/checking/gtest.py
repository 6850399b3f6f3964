"""Runs GoogleTest programs and counts what their XML reports."""

import concurrent.futures
import os
import re
import xml.etree.ElementTree

from . import report

SHARDS = {"screen_tests": 4}


def counts(xml_file, program):
    """The tests of one program's XML report."""
    found = report.Found()
    for case in xml.etree.ElementTree.parse(xml_file).iter("testcase"):
        name = f"{program} {case.get('classname')}.{case.get('name')}"
        failure = case.find("failure")
        skip = case.find("skipped")
        if failure is not None:
            found.failed.append(f"{name}: {first_line(failure.get('message'))}")
        elif skip is not None:
            reason = (skip.get("message") or "").split("\n", 1)[-1].strip()
            found.skipped.append(f"{name}: {first_line(reason) or 'no reason given'}")
        elif case.get("status") == "notrun":
            found.skipped.append(f"{name}: disabled in the source")
        else:
            found.passed += 1
    return found


def first_line(text):
    """A failure in one line: where, then what."""
    return " | ".join(line.strip() for line in (text or "").splitlines()[:4] if line.strip())[:400]


def run_program(program, log, prefix=(), env=None, arguments=(), timeout_s=None, shard=0, shards=1):
    """One test program, or one of its `shards`. One that dies counts as one failed test beside those it had finished."""
    if timeout_s is None:
        timeout_s = 3600 if os.environ.get(report.DEEP) else 600
    xml_file = report.LOGS / f"{log}.{program.name}{f'.{shard}' if shards > 1 else ''}.xml"
    env = {**(env or {}), "GTEST_TOTAL_SHARDS": str(shards), "GTEST_SHARD_INDEX": str(shard)}
    xml_file.unlink(missing_ok=True)
    if not program.exists():
        return report.Found(failed=[f"{program.name}: was not built"])
    status, output = report.run(
        [*prefix, program, f"--gtest_output=xml:{xml_file}", "--gtest_brief=0", *arguments],
        f"{log}.log", timeout_s, env)
    if xml_file.exists():
        found = counts(xml_file, program.name)
        if status != 0 and not found.failed:
            found.failed.append(f"{program.name}: exit status {status}\n{report.tail(output)}")
        return found
    running = re.findall(r"^\[ RUN      \] (\S+)", output, re.MULTILINE)
    last = running[-1] if running else "before the first test"
    return report.Found(passed=len(re.findall(r"^\[       OK \]", output, re.MULTILINE)),
                        failed=[f"{program.name} {last}: died with status {status}\n"
                                f"{report.tail(output)}"])


def run_all(programs, log, jobs=report.JOBS, **options):
    """Several programs, `jobs` at a time; `options` as of run_program.

    The largest go first, since they mostly run longest, and the longest in shards: none is left alone at the end.
    """
    found = report.Found()
    programs = sorted(programs, key=lambda program: -program.stat().st_size if program.exists() else 0)
    runs = [(program, shard, SHARDS.get(program.name, 1)) for program in programs
            for shard in range(SHARDS.get(program.name, 1))]
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for one in pool.map(lambda run: run_program(run[0], log, shard=run[1], shards=run[2], **options), runs):
            found.add(one)
    return found
