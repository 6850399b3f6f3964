"""tools/compare: measures a subject, and holds its figures against their bounds."""

import argparse
import importlib
import json
import mmap
import os
import pathlib
import platform
import sys

from compare_build import ROOT, output_of

SUBJECTS = ("spine", "numbers", "text", "curves", "sms-curves")


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def bring_in_memory():
    """Touches what memory is free, once. A virtual machine gets a page from its host when it first touches it, some 4 s a GB
    against 0.2 s after that: who happened to be given such pages would be timed with them."""
    chunk = bytes(64 << 20)
    available = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    chunks = available * 9 // 10 // len(chunk)
    if chunks == 0:
        return
    print(f"touching {chunks * len(chunk) >> 30} GB of free memory", flush=True)
    with mmap.mmap(-1, chunks * len(chunk), flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        memory.madvise(mmap.MADV_HUGEPAGE)
        for _ in range(chunks):
            memory.write(chunk)


def meets(value, direction, bound):
    return bound is None or (value <= bound if direction == "lower" else value >= bound)


def show(figure):
    verdict = "" if figure["must"] is None else "meets" if meets_must(figure) else "MISSES"
    samples = figure["samples"]
    spread = f"{min(samples):.3f} .. {max(samples):.3f}" if samples else ""
    print(f"{figure['name']:40} {figure['value']:10.3f} {figure['unit']:6} must {figure['must']!s:5} "
          f"aim {figure['aim']!s:5} {verdict:7} {spread}")


def meets_must(figure):
    return meets(figure["value"], figure["direction"], figure["must"])


def main():
    parser = argparse.ArgumentParser(prog="tools/compare")
    parser.add_argument("what", choices=SUBJECTS)
    parser.add_argument("--json", metavar="FILE", help="write the figures there")
    options = parser.parse_args()
    subject = importlib.import_module("compare_" + options.what.replace("-", "_"))
    began = os.getloadavg()[0]
    bring_in_memory()
    values = subject.measure()
    figures = []
    for name, (unit, direction, must, aim) in subject.FIGURES.items():
        if name not in values:
            print(f"{name:40} not measured: {subject.missing(name)}")
            continue
        value, samples = values[name]
        figures.append({"name": name, "value": value, "unit": unit, "direction": direction, "must": must, "aim": aim,
                        "samples": samples})
        show(figures[-1])
    busy = max(began, os.getloadavg()[0] - 1)
    if busy > 0.5:
        print(f"The machine was busy with other work (load {busy:.1f}): take the figures again on a quiet one.")
    report = {"machine": f"{processor()}, {os.cpu_count()} cores", "commit": output_of("git", "rev-parse", "HEAD").strip(),
              "load": round(busy, 1), "figures": figures}
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0 if all(meets_must(figure) for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
