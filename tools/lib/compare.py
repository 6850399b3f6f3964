"""The figures of tools/compare: builds the benchmarks, runs them, and holds them against their bounds."""

import argparse
import json
import os
import pathlib
import platform
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "bench"
PREFIX = BUILD / "prefix"
PYTHON = ROOT / "build" / "venv" / "bin" / "python"

# name: unit, direction, must, aim; None: reported only.
SPINE = {
    "call_ns_batch": ("ns", "lower", None, None),
    "sms_ns_batch": ("ns", "lower", None, None),
    "hot_path_allocations": ("count", "lower", 0, 0),
    "hot_path_locks": ("count", "lower", 0, 0),
    "python_batch_over_cpp": ("ratio", "higher", 0.5, 0.8),
    "reload_stall_ratio": ("ratio", "lower", 3, 1.3),
}


def run(*command, **options):
    return subprocess.run([str(part) for part in command], cwd=ROOT, check=True, **options)


def output_of(*command):
    return run(*command, stdout=subprocess.PIPE, text=True).stdout


def build():
    """Release build with benchmarks, installed, and the Python package against it."""
    run("cmake", "-G", "Ninja", "-S", ROOT, "-B", BUILD, "-DCMAKE_BUILD_TYPE=Release",
        "-DRINGFENCE_BUILD_BENCH=ON", "-DRINGFENCE_BUILD_TESTS=OFF", f"-DCMAKE_INSTALL_PREFIX={PREFIX}",
        stdout=subprocess.DEVNULL)
    run("cmake", "--build", BUILD, "-j", os.environ.get("RINGFENCE_JOBS", "2"), stdout=subprocess.DEVNULL)
    run("cmake", "--install", BUILD, stdout=subprocess.DEVNULL)
    run(PYTHON, "-m", "pip", "--disable-pip-version-check", "-q", "install", "--no-build-isolation", "--no-deps",
        "--no-index", "--root-user-action=ignore", "--config-settings=cmake.define.RINGFENCE_USE_INSTALLED=ON",
        f"--config-settings=cmake.define.CMAKE_PREFIX_PATH={PREFIX}", ROOT)


def spine():
    """Name to (value, samples) of the spine's figures."""
    day = BUILD / "day"
    policy = ROOT / "examples" / "policy.toml"
    run(PREFIX / "bin" / "ringfence", "generate", "--seed", "1", "--calls", "200000", "--sms", "60000",
        "--out", day, stdout=subprocess.DEVNULL)
    program = next(BUILD.rglob("spine"), None)
    measured = json.loads(output_of(program, "--policy", policy, "--day", day))
    values = {name: (figure["value"], figure["samples"]) for name, figure in measured.items()}
    python = json.loads(output_of(PYTHON, "bench/python_batch.py", "--policy", policy, "--calls", day / "calls.csv",
                                  "--cpp-ns", values["call_ns_batch"][0]))
    values["python_batch_over_cpp"] = (python["python_batch_over_cpp"], python.get("samples", []))
    return values


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def meets(value, direction, bound):
    return bound is None or (value <= bound if direction == "lower" else value >= bound)


def main():
    parser = argparse.ArgumentParser(prog="tools/compare")
    parser.add_argument("what", choices=["spine"])
    parser.add_argument("--json", metavar="FILE", help="write the figures there")
    options = parser.parse_args()
    build()
    values = spine()
    figures = []
    for name, (unit, direction, must, aim) in SPINE.items():
        value, samples = values[name]
        figures.append({"name": name, "value": value, "unit": unit, "direction": direction, "must": must, "aim": aim,
                        "samples": samples})
        verdict = "" if must is None else "meets" if meets(value, direction, must) else "MISSES"
        spread = f"{min(samples):.3f} .. {max(samples):.3f}" if samples else ""
        print(f"{name:26} {value:12.3f} {unit:6} must {must!s:5} aim {aim!s:5} {verdict:7} {spread}")
    report = {"machine": f"{processor()}, {os.cpu_count()} cores", "commit": output_of("git", "rev-parse", "HEAD").strip(),
              "figures": figures}
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0 if all(meets(f["value"], f["direction"], f["must"]) for f in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
