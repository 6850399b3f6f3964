"""The package as it is shipped: stubs, version, the tree of errors."""

import importlib
import inspect
import pathlib
import re
import sys

import pytest
from nanobind.stubgen import StubGen

import ringfence
from ringfence import _core, errors

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "bindings" / "python" / "ringfence"


def house_module():
    sys.path.insert(0, str(ROOT / "tools" / "lib"))
    try:
        return importlib.import_module("checking.house")
    finally:
        sys.path.pop(0)


def test_the_committed_stub_is_what_the_module_says():
    """To make it anew: build/venv/bin/python -m nanobind.stubgen -m ringfence._core -o FILE."""
    generator = StubGen(_core)
    generator.put(_core)
    assert generator.get() == (COMMITTED / "_core.pyi").read_text()


def test_the_package_is_typed():
    installed = pathlib.Path(ringfence.__file__).parent
    assert (installed / "py.typed").exists()
    assert (installed / "_core.pyi").exists()


def test_the_version_is_that_of_the_build():
    version = re.search(r"project\(ringfence VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text())
    assert ringfence.__version__ == version[1]


@pytest.mark.parametrize(("name", "text", "fault"), [
    ("include/ringfence.h", '/* "1.2.3". Threads: any. */', "include/ringfence.h:1: writes the version 1.2.3 out"),
    ("bindings/python/ringfence/_core.pyi", "version: str = '1.2.2'", "says version 1.2.2"),
    ("CHANGELOG.md", "# Changelog\n## 1.3.0 - unreleased\n## 1.2.3", "says version 1.3.0"),
    ("cmake/a.in", "11.2.3 1.2.30 1.2.3.4 a1.2.3", None),
])
def test_the_house_knows_a_version_that_stands_elsewhere(name, text, fault):
    house = house_module()
    files = {"CMakeLists.txt": "project(ringfence VERSION 1.2.3 LANGUAGES C CXX",
             "bindings/python/ringfence/_core.pyi": "version: str = '1.2.3'", "CHANGELOG.md": "## 1.2.3 - today",
             name: text}
    faults = house.version_faults(files.__getitem__, files)
    assert (len(faults) == 1 and fault in faults[0]) if fault else faults == []


def test_every_error_code_of_the_library_has_its_exception():
    header = (ROOT / "include/ringfence/base/result.hpp").read_text()
    body = re.search(r"enum class ErrorCode.*?\{(.*?)\};", header, re.DOTALL)[1]
    codes = {int(code) for code in re.findall(r"= (\d+)", body)}
    assert codes
    assert codes == set(errors._BY_CODE)


@pytest.mark.parametrize("name", [name for name, kind in vars(errors).items()
                                  if inspect.isclass(kind)])
def test_every_exception_is_an_error(name):
    assert issubclass(getattr(errors, name), ringfence.Error)


def test_error_text_may_quote_what_is_not_utf8():
    assert str(errors.from_code(20, b"a.csv:1: '\xff'")) == "a.csv:1: '\\xff'"


@pytest.mark.parametrize(("function", "columns"), [
    ("call", "kCallColumnNames"), ("resume", "kCallColumnNames"), ("observe", "kCallColumnNames"),
    ("message", "kSmsColumnNames")])
def test_the_stub_names_every_keyword(function, columns):
    fields = (ROOT / "include/ringfence/traffic/fields.hpp").read_text()
    names = re.search(columns + r" = \{(.*?)\};", fields, re.DOTALL)[1]
    stub = (COMMITTED / "_core.pyi").read_text()
    signature = re.search(rf"def {function}\(self, \*, (.*)\) ->", stub)[1]
    assert set(re.findall(r"(\w+): ", signature)) == set(re.findall(r'"(\w+)"', names))
