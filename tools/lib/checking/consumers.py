"""Installs the release build into build/prefix and builds projects of somebody else's against it."""

import re
import shlex
import shutil

from . import report
from .report import Found, ROOT

PREFIX = ROOT / "build" / "prefix"
SOURCES = ROOT / "tests" / "consumer"
LOG = "consumers.log"


def pkg_config(package):
    status, output = report.run(["pkg-config", "--cflags", "--libs", package], LOG, env=pkg_path())
    return shlex.split(output) if status == 0 else None


def pkg_path():
    return {"PKG_CONFIG_PATH": str(next(PREFIX.glob("lib*/**/pkgconfig"), PREFIX))}


def built_and_run(found, name, command, program, library_path=""):
    """One test: the command builds the program, and the program says that all is well."""
    status, output = report.run(command, LOG)
    if status == 0:
        status, output = report.run([program, SOURCES / "policy.toml"], LOG,
                                    env={"LD_LIBRARY_PATH": library_path})
    found.expect(status == 0, name, "\n" + report.tail(output))


def with_cmake(found):
    build = report.LOGS / "consumer-cmake"
    shutil.rmtree(build, ignore_errors=True)
    status, output = report.run(
        ["cmake", "-G", "Ninja", "-S", SOURCES, "-B", build, f"-DCMAKE_PREFIX_PATH={PREFIX}",
         "-DCMAKE_BUILD_TYPE=Release"], LOG)
    if not found.expect(status == 0, "CMake finds the installed package", "\n" + report.tail(output)):
        return
    for program in ("consumer_headers", "consumer_cpp_static", "consumer_cpp_shared",
                    "consumer_c_static", "consumer_c_shared"):
        built_and_run(found, f"CMake {program}", ["ninja", "-C", build, program], build / program)


def with_pkg_config(found):
    out = report.LOGS
    shared, static = pkg_config("ringfence"), pkg_config("ringfence-static")
    if not found.expect(None not in (shared, static), "pkg-config finds ringfence"):
        return
    own = [flag for flag in shared if not flag.startswith(("-I", "-L"))]
    found.expect(own == ["-lringfence"], "the shared library finds nothing else", " ".join(own))
    libraries = str(next(PREFIX.glob("lib*/**/libringfence.so")).parent)
    warnings = ["-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror"]
    for name, command in (
            ("cpp_shared", ["g++", "-std=c++20", SOURCES / "screen.cpp", *shared]),
            ("cpp_static", ["g++", "-std=c++20", SOURCES / "screen.cpp", *static]),
            ("c_shared", ["gcc", "-std=c11", SOURCES / "screen.c", *shared]),
            ("c_static", ["gcc", "-std=c11", SOURCES / "screen.c", *static])):
        program = out / f"consumer_pkg_{name}"
        built_and_run(found, f"pkg-config {name}", [*command, *warnings, "-o", program], program,
                      libraries)


def headers_together(found):
    """Every installed header in one file, each twice: none clashes with another, and all are guarded."""
    headers = sorted(str(file.relative_to(PREFIX / "include")) for file in (PREFIX / "include").rglob("*.h*"))
    source = report.LOGS / "consumer_headers_together.cpp"
    source.write_text("".join(f"#include <{header}>\n" for header in headers * 2), encoding="utf-8")
    status, output = report.run(["g++", "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror",
                                 f"-I{PREFIX / 'include'}", source], LOG)
    found.expect(headers and status == 0, "all installed headers in one file", "\n" + report.tail(output))


# The members of the classes and the functions that RINGFENCE_API marks; what lies inside a class is not shown.
CXX_FACE = (r"ringfence::(?:(?:Screen|Session|Explanation|Shared(?:Image|Writer|Reader|Pin))::[~\w]+(?:=)?(?:\[abi:cxx11\])?\("
            r"|(?:name_of|action_from_name|flag_names|joined_flags)(?:\[abi:cxx11\])?\()")


def exported_symbols(found):
    """The shared library exports the C interface and the C++ face, and nothing of what it is made of."""
    library = next(PREFIX.glob("lib*/**/libringfence.so"))
    _, output = report.run(["nm", "-DC", "--defined-only", library], LOG)
    names = [line.split(" ", 2)[2] for line in output.splitlines() if line.count(" ") >= 2]
    names = [name.split("@")[0] for name in names if not name.startswith("RINGFENCE_")]
    strangers = [name for name in names if not re.match(CXX_FACE, name) and not name.startswith("ringfence_")]
    found.expect(not strangers, "exports nothing else", ", ".join(strangers[:5]))
    header = (ROOT / "include" / "ringfence.h").read_text()
    declared = {word.split("(")[0].lstrip("*") for line in header.splitlines()
                if line.startswith("RINGFENCE_EXPORT") for word in line.split() if "(" in word}
    missing = sorted(declared - set(names))
    found.expect(declared and not missing, "exports what ringfence.h declares", ", ".join(missing))


def install(found):
    shutil.rmtree(PREFIX, ignore_errors=True)
    status, output = report.run(["cmake", "--install", "build/release", "--prefix", PREFIX], LOG)
    return found.expect(status == 0, "install", "\n" + report.tail(output))


def check():
    found = Found()
    if not install(found):
        return found
    with_cmake(found)
    with_pkg_config(found)
    headers_together(found)
    exported_symbols(found)
    command = next(iter(PREFIX.glob("bin/ringfence")), None)
    if command:
        status, output = report.run([command, "--version"], LOG)
        found.expect(status == 0 and output.strip().endswith(version()), "the installed command runs",
                     output.strip())
    return found


def version():
    """The version, from the one place where it stands."""
    text = (ROOT / "CMakeLists.txt").read_text()
    return re.search(r"project\(ringfence VERSION ([0-9.]+)", text)[1]
