"""The parts of tools/check, in order. Started by tools/check, which has installed what they need."""

import argparse
import os
import sys

from checking import parts, report

PARTS = {
    "format": parts.format_check,
    "house": parts.house_check,
    "release": parts.release_build,
    "presets": parts.other_presets,
    "unit": parts.unit_tests,
    "machines": parts.other_machines,
    "c": parts.c_tests,
    "torture": parts.torture,
    "numbers": parts.number_tables,
    "consumers": parts.consumer_projects,
    "python": parts.python_tests,
    "snippets": parts.document_snippets,
    "quickstart": parts.quickstart_runs,
    "fuzz-build": parts.fuzz_build,
    "asan": parts.address_tests,
    "fuzz": parts.fuzz_targets,
    "tsan-build": parts.thread_build,
    "tsan": parts.thread_tests,
    "tidy": parts.tidy_check,
}


def main():
    parser = argparse.ArgumentParser(prog="tools/check")
    parser.add_argument("--deep", action="store_true", help="run the long forms too")
    parser.add_argument("--list", action="store_true", help="name the parts and stop")
    parser.add_argument("part", nargs="*", help="run only these: " + " ".join(PARTS))
    options = parser.parse_args()
    if options.list:
        print("\n".join(PARTS))
        return 0
    unknown = [name for name in options.part if name not in PARTS]
    if unknown:
        parser.error(f"no part {unknown[0]!r}; the parts are {' '.join(PARTS)}")
    if options.deep:
        os.environ["RINGFENCE_DEEP"] = "1"
    results = [report.installed(int(os.environ.get("RINGFENCE_INSTALL_SECONDS", "0")))]
    for name in options.part or PARTS:
        results.append(report.run_part(name, PARTS[name]))
    return report.close(results)


if __name__ == "__main__":
    sys.exit(main())
