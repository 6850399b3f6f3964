"""The figures of `tools/compare spine`: the whole way of a call and an SMS."""

import json
import subprocess

from compare_build import BUILD, ROOT, build, figures_of, output_of, run

PREFIX = BUILD / "prefix"
PYTHON = ROOT / "build" / "venv" / "bin" / "python"

# name: unit, direction, must, aim; None: reported only.
FIGURES = {
    "call_ns_batch": ("ns", "lower", None, None),
    "sms_ns_batch": ("ns", "lower", None, None),
    "hot_path_allocations": ("count", "lower", 0, 0),
    "hot_path_locks": ("count", "lower", 0, 0),
    "python_batch_over_cpp": ("ratio", "higher", 0.5, 0.8),
    "reload_stall_ratio": ("ratio", "lower", 3, 1.3),
}


def missing(name):
    return f"no benchmark gave {name}"


def measure():
    """Name to (value, samples)."""
    build(f"-DCMAKE_INSTALL_PREFIX={PREFIX}")
    run("cmake", "--install", BUILD, stdout=subprocess.DEVNULL)
    run(PYTHON, "-m", "pip", "--disable-pip-version-check", "-q", "install", "--no-build-isolation", "--no-deps",
        "--no-index", "--root-user-action=ignore", "--config-settings=cmake.define.RINGFENCE_USE_INSTALLED=ON",
        f"--config-settings=cmake.define.CMAKE_PREFIX_PATH={PREFIX}", ROOT)
    day = BUILD / "day"
    policy = ROOT / "examples" / "policy.toml"
    run(PREFIX / "bin" / "ringfence", "generate", "--seed", "1", "--calls", "200000", "--sms", "60000",
        "--out", day, stdout=subprocess.DEVNULL)
    values = figures_of(next(BUILD.rglob("spine"), None), "--policy", policy, "--day", day)
    python = json.loads(output_of(PYTHON, "bench/python_batch.py", "--policy", policy, "--calls", day / "calls.csv",
                                  "--cpp-ns", values["call_ns_batch"][0]))
    values["python_batch_over_cpp"] = (python["python_batch_over_cpp"], python.get("samples", []))
    return values
