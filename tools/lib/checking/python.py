"""The Python package: built against the installed tree into build/venv, then its tests."""

import xml.etree.ElementTree

from . import consumers, report
from .report import Found, ROOT

LOG = "python.log"


def install(found):
    """One test: the wheel builds from pyproject.toml, with no network and no second build of the library."""
    status, output = report.run(
        [ROOT / "build/venv/bin/python", "-m", "pip", "--disable-pip-version-check", "install",
         "--no-build-isolation", "--no-deps", "--no-index", "--root-user-action=ignore",
         "--config-settings=cmake.define.RINGFENCE_USE_INSTALLED=ON",
         "--config-settings=cmake.define.RINGFENCE_WERROR=ON",
         f"--config-settings=cmake.define.CMAKE_PREFIX_PATH={consumers.PREFIX}", ROOT],
        LOG, timeout_s=900)
    return found.expect(status == 0, "the wheel builds and installs", "\n" + report.tail(output))


def check():
    found = Found()
    if not (ROOT / "pyproject.toml").exists():
        return found
    if not install(found):
        return found
    xml_file = report.LOGS / "python.xml"
    xml_file.unlink(missing_ok=True)
    status, output = report.run(
        [ROOT / "build/venv/bin/python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/python",
         f"--junitxml={xml_file}"], LOG, timeout_s=900)
    if not xml_file.exists():
        found.expect(False, "pytest", f"status {status}\n" + report.tail(output))
        return found
    for case in xml.etree.ElementTree.parse(xml_file).iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        faults = [*case.findall("failure"), *case.findall("error")]
        skip = case.find("skipped")
        if faults:
            found.failed.append(f"{name}: {(faults[0].get('message') or '').splitlines()[:1]}")
        elif skip is not None:
            found.skipped.append(f"{name}: {skip.get('message') or 'no reason given'}")
        else:
            found.passed += 1
    if status != 0 and not found.failed:
        found.expect(False, "pytest", f"status {status}\n" + report.tail(output))
    return found
