"""Figures that tests measure and record as properties: what is found of links and numbers, and of disguised messages."""

import json
import subprocess

from compare_build import BUILD, ROOT, build

FIGURES = {
    "extraction_recall_smishtank_urls": ("share", "higher", 0.9, 0.99),
    "extraction_recall_phone_matcher_tests": ("share", "higher", 0.9, 0.99),
    "disguise_recall": ("share", "higher", 0.97, 1.0),
}

# Test programs, and their tests that record.
TESTS = {"real_tests": "Extraction.*", "pattern_tests": "Disguise.*"}


def measure():
    """Name to (value, no samples). A test below its floor fails, and its figure counts all the same."""
    build("-DRINGFENCE_BUILD_TESTS=ON", targets=TESTS)
    values = {}
    for program, chosen in TESTS.items():
        report = BUILD / f"{program}.json"
        report.unlink(missing_ok=True)
        subprocess.run([BUILD / "tests" / program, f"--gtest_filter={chosen}", f"--gtest_output=json:{report}"], cwd=ROOT,
                       stdout=subprocess.DEVNULL, check=False)
        for suite in json.loads(report.read_text(encoding="utf-8"))["testsuites"]:
            for test in suite["testsuite"]:
                values.update({name: (float(test[name]), []) for name in FIGURES if name in test})
    return values
