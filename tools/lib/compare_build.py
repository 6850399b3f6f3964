"""What the subjects of tools/compare share: running commands, building the benchmarks, reading their figures."""

import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "bench"


def run(*command, **options):
    return subprocess.run([str(part) for part in command], cwd=ROOT, check=True, **options)


def output_of(*command, **options):
    return run(*command, stdout=subprocess.PIPE, text=True, **options).stdout


def build(*definitions, targets=()):
    """Release build with benchmarks: of `targets` alone, or of everything."""
    run("cmake", "-G", "Ninja", "-S", ROOT, "-B", BUILD, "-DCMAKE_BUILD_TYPE=Release",
        "-DRINGFENCE_BUILD_BENCH=ON", "-DRINGFENCE_BUILD_TESTS=OFF", *definitions, stdout=subprocess.DEVNULL)
    run("cmake", "--build", BUILD, "-j", os.environ.get("RINGFENCE_JOBS", "2"),
        *(["--target", *targets] if targets else []), stdout=subprocess.DEVNULL)


def figures_of(*command, **options):
    """Name to (value, samples) of what a benchmark printed."""
    measured = json.loads(output_of(*command, **options))
    return {name: (figure["value"], figure["samples"]) for name, figure in measured.items()}
