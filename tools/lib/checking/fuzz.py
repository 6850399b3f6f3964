"""Runs the fuzz targets: each over its committed corpus, then on new input for a while."""

import concurrent.futures
import os
import random
import shutil

from . import report
from .report import Found, ROOT

BUILD = ROOT / "build" / "fuzz" / "fuzz"
FAST_BUILD = ROOT / "build" / "fuzz-deep" / "fuzz"
CORPORA = ROOT / "fuzz" / "corpus"
# What --deep runs besides, without the sanitizers, which take five to ten times as long: executions, and octets at most.
DEEP_RUNS = {
    "decode_fuzz": (20_000_000, 300),
    "fold_fuzz": (20_000_000, 300),  # and extraction
    "templates_fuzz": (20_000_000, 300),
    "campaigns_fuzz": (20_000_000, 64),
    "score_model_fuzz": (20_000_000, 300),
    "rule_compile_fuzz": (200_000, 300),
}


def seconds():
    """How long each target is fuzzed: 30 s at full size, ten times that with --deep."""
    asked = os.environ.get("RINGFENCE_FUZZ_SECONDS")
    if asked:
        return int(asked)
    return 30 * report.SCALE // 100 * (10 if os.environ.get(report.DEEP) else 1)


def corpus_of(name):
    corpus = CORPORA / name.removesuffix("_fuzz")
    return corpus, [file for file in corpus.glob("*") if file.is_file()] if corpus.is_dir() else []


def empty_folder(*names):
    folder = report.LOGS.joinpath("fuzz", *names)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def usual_options(name, seed):
    return [f"-seed={seed}", "-timeout=25", "-rss_limit_mb=2048", f"-artifact_prefix={report.LOGS}/{name}-",
            "-print_final_stats=1"]


def run_target(name, duration, seed):
    found = Found()
    program = BUILD / name
    if not program.exists():
        return Found(failed=[f"{name}: was not built"])
    corpus, files = corpus_of(name)
    log = f"fuzz.{name}.log"
    (report.LOGS / log).unlink(missing_ok=True)
    if found.expect(files, f"{name} corpus", f"no file in fuzz/corpus/{corpus.name}/"):
        status, output = report.run([program, "-runs=0", "-timeout=25", corpus], log, timeout_s=300)
        found.expect(status == 0, f"{name} over its corpus", "\n" + report.tail(output))
    if duration > 0:
        grown = empty_folder(name)
        status, output = report.run(
            [program, f"-max_total_time={duration}", *usual_options(name, seed), grown, *([corpus] if files else [])],
            log, timeout_s=duration + 120)
        found.expect(status == 0, f"{name} for {duration} s, seed {seed}", "\n" + report.tail(output))
    return found


def run_count(name, seed):
    """So many executions, whatever time they take."""
    runs, octets = DEEP_RUNS[name]
    corpus, _ = corpus_of(name)
    status, output = report.run(
        [FAST_BUILD / name, f"-runs={runs}", f"-max_len={octets}", *usual_options(name, seed),
         empty_folder("deep", name), corpus],
        f"fuzz-deep.{name}.log", timeout_s=6 * 3600)
    found = Found()
    found.expect(status == 0, f"{name} {runs} times, seed {seed}", "\n" + report.tail(output))
    return found


def check_deep():
    """The targets of DEEP_RUNS, built without sanitizers."""
    seed = random.SystemRandom().randrange(1, 2**31)
    print(f"   {len(DEEP_RUNS)} targets by count, seed {seed}", flush=True)
    found = Found()
    with concurrent.futures.ThreadPoolExecutor(report.JOBS) as pool:
        for one in pool.map(lambda name: run_count(name, seed), DEEP_RUNS):
            found.add(one)
    return found


def check():
    duration = seconds()
    seed = random.SystemRandom().randrange(1, 2**31)
    names = sorted(file.stem for file in (ROOT / "fuzz").glob("*_fuzz.cpp"))
    print(f"   {len(names)} targets, {duration} s each, seed {seed}", flush=True)
    found = Found()
    with concurrent.futures.ThreadPoolExecutor(report.JOBS + 4) as pool:
        for one in pool.map(lambda name: run_target(name, duration, seed), names):
            found.add(one)
    return found
