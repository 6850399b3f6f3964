"""The figures of `tools/compare text`: whole messages under packs of rules, against Hyperscan, RE2 and ICU, and how good
rules, scores and sketches are."""

import os
import platform
import statistics
import sys

import compare_quality
import compare_recorded
from compare_build import BUILD, ROOT, build, figures_of, run

PACKS = ROOT / "build" / "compare" / "text"
STREAMS = ("zh", "en", "mix")
ROUNDS = 7

# name: unit, direction, must, aim; None: reported only.
FIGURES = {
    "sms_over_hyperscan_1k_mixed": ("ratio", "higher", 1.5, 1.9),
    "sms_over_hyperscan_10k_mixed": ("ratio", "higher", 2.8, 5),
    "sms_over_hyperscan_50k_mixed": ("ratio", "higher", 4.5, 7),
    "sms_over_hyperscan_1k_literal": ("ratio", "higher", 1.1, 1.5),
    "sms_over_hyperscan_10k_literal": ("ratio", "higher", 2, 2.7),
    "sms_over_hyperscan_50k_literal": ("ratio", "higher", 2.7, 4.2),
    "sms_over_re2_set_10k_mixed": ("ratio", "higher", 10, 20),
    "sms_avx2_over_avx512": ("ratio", "higher", 0.7, 0.85),
    "pack_50k_build_over_hyperscan": ("ratio", "higher", 8, 15),
    "pack_50k_bytes_over_hyperscan": ("ratio", "lower", 0.6, 0.4),
    "fold_over_icu": ("ratio", "higher", 6, 10),
    **compare_recorded.FIGURES,
    "sms_whole_us_10k_mixed": ("us", "lower", None, None),
    **compare_quality.FIGURES,
}

_why = {}


def missing(name):
    return _why.get(name, "this machine or run gave no such figure")


def avx2_over_avx512(program):
    """By turns, a process each, since a process keeps to one kind of kernels. The lowest of the streams."""
    if "avx512bw" not in open("/proc/cpuinfo", encoding="utf-8").read():
        _why["sms_avx2_over_avx512"] = "this processor has no AVX-512"
        return {}
    ratios = {stream: [] for stream in STREAMS}
    for turn in range(ROUNDS):
        ns = {}
        for isa in ("avx512", "avx2") if turn % 2 else ("avx2", "avx512"):
            ns[isa] = figures_of(program, "scan", "--packs", PACKS, "--pack", "mixed_10k", "--rounds", 3, "--rivals", "no",
                                 env=dict(os.environ, RINGFENCE_ISA=isa))
        for stream, samples in ratios.items():
            name = f"sms_ns_mixed_10k_{stream}"
            samples.append(ns["avx512"][name][0] / ns["avx2"][name][0])
    lowest = min(ratios.values(), key=statistics.median)
    return {"sms_avx2_over_avx512": (statistics.median(lowest), lowest)}


def make_packs():
    """Packs and streams in PACKS. Gives the folder of the corpora that they are made from."""
    if platform.machine() != "x86_64":
        sys.exit("tools/compare: messages are measured against rivals that there are on x86-64 alone")
    data = os.environ.get("RINGFENCE_DATA")
    if not data:
        sys.exit("tools/compare: set RINGFENCE_DATA to the folder of the development corpora")
    run(sys.executable, ROOT / "tools" / "lib" / "make_packs.py", "--data", data, "--out", PACKS)
    return data


def measure():
    """Name to (value, samples). A pack is a process of its own."""
    data = make_packs()
    build("-DRINGFENCE_BENCH_TEXT=ON")
    program = BUILD / "bench" / "text"
    values = {}
    for kind in ("mixed", "literal"):
        for size in ("1k", "10k", "50k"):
            print(f"measuring {kind}_{size}", flush=True)
            values.update(figures_of(program, "scan", "--packs", PACKS, "--pack", f"{kind}_{size}", "--rounds", ROUNDS))
    values.update(figures_of(program, "fold", "--packs", PACKS, "--rounds", ROUNDS))
    values.update(avx2_over_avx512(program))
    values.update(compare_recorded.measure())
    print("measuring what rules, scores and sketches find", flush=True)
    values.update(compare_quality.measure(data, program, PACKS, ROUNDS))
    return values
