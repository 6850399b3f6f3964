"""The code blocks of the documents, run one after the other; tools/snippets says how they are marked."""

import dataclasses
import os
import re
import shutil
import tomllib

from . import consumers, report
from .report import Found, ROOT

LOG = "snippets.log"
RUN = {"cpp", "c", "python", "sh", "toml"}
ALIASES = {"c++": "cpp", "bash": "sh", "shell": "sh", "py": "python"}
WARNINGS = ["-Wall", "-Wextra", "-Werror"]


@dataclasses.dataclass
class Block:
    place: str  # README.md:41
    language: str
    marker: str
    code: str


def documents():
    readme = [ROOT / "README.md"] if (ROOT / "README.md").exists() else []
    return readme + sorted((ROOT / "docs").rglob("*.md"))


def blocks_of(document):
    """The fenced blocks of one document, in order."""
    blocks, marker, fence, start = [], "", None, 0
    name = document.relative_to(ROOT) if document.is_relative_to(ROOT) else document
    lines = document.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        opening = re.match(r"^(```+)\s*([\w+]*)", line)
        if fence is None and opening:
            fence, start = opening[1], number
            language = ALIASES.get(opening[2].lower(), opening[2].lower())
        elif fence is not None and line.strip() == fence:
            blocks.append(Block(f"{name}:{start}", language, marker,
                                "\n".join(lines[start:number - 1]) + "\n"))
            fence, marker = None, ""
        elif fence is None:
            said = re.match(r"^<!--\s*snippet:\s*(.*?)\s*-->$", line)
            if said:
                marker = said[1]
            elif line.strip():
                marker = ""
    if fence is not None:
        raise ValueError(f"{name}:{start}: the block has no end; close it with {fence}")
    return blocks


def whole_program(code):
    """A block that is only the body of main(), made a program: its includes stay on top."""
    if re.search(r"\bint main\(", code):
        return code
    includes = [line for line in code.splitlines() if line.startswith("#include")]
    body = [line for line in code.splitlines() if not line.startswith("#include")]
    return "\n".join([*includes, "int main() {", *body, "return 0;", "}", ""])


class Runner:
    """Runs the blocks of one document in its folder."""

    def __init__(self, folder, flags, library_path):
        self.folder, self.flags, self.library_path = folder, flags, library_path
        self.printed = ""
        self.saved = []  # paths in the folder, of the blocks so far

    def save(self, block):
        """Writes a block that is marked file=, for those behind it."""
        name = block.marker.removeprefix("file=")
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(block.code, encoding="utf-8")
        self.saved.append(name)

    def run(self, *command, cwd=None):
        environment = {
            "PATH": f"{consumers.PREFIX}/bin:{ROOT}/build/venv/bin:{os.environ['PATH']}",
            "LD_LIBRARY_PATH": self.library_path, "NO_COLOR": "1", **consumers.pkg_path()}
        status, output = report.run(command, LOG, timeout_s=300, env=environment,
                                    cwd=cwd or self.folder)
        return status, output

    def compiled(self, block, compiler, suffix):
        source = self.folder / f"block{suffix}"
        source.write_text(whole_program(block.code), encoding="utf-8")
        program = self.folder / "block"
        status, output = self.run(*compiler, *WARNINGS, source, "-o", program, *self.flags)
        return (status, output) if status else self.run(program)

    def outcome(self, block):
        """Status and output of one block that runs."""
        if block.language == "cpp":
            return self.compiled(block, ["g++", "-std=c++20"], ".cpp")
        if block.language == "c":
            return self.compiled(block, ["gcc", "-std=c11"], ".c")
        if block.language == "python":
            return self.run(ROOT / "build/venv/bin/python", "-c", block.code)
        if block.language == "sh":
            cwd = ROOT if block.marker == "root" else None
            return self.run("bash", "-euo", "pipefail", "-c", block.code, cwd=cwd)
        raise ValueError(f"{block.place}: nothing runs {block.language}")

    def linted(self, block):
        """What `ringfence lint` says of a policy, or of a pack or a fragment with what it needs around it."""
        keys = tomllib.loads(block.code)
        if "screen" in keys and block.marker != "fragment":
            name = block.marker.removeprefix("file=") if block.marker.startswith("file=") else "block.toml"
            (self.folder / name).write_text(block.code, encoding="utf-8")
            return self.run("ringfence", "lint", name)
        # The files that a block names are those of the examples and the rules, at the same paths, and what was saved
        # before, beside it.
        around = self.folder / "around"
        shutil.rmtree(around, ignore_errors=True)
        for name in ("examples", "rules"):
            shutil.copytree(ROOT / name, around / name)
        for name in self.saved:
            beside = around / "examples" / name
            if not beside.exists():
                beside.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self.folder / name, beside)
        policy = around / "examples" / "block.toml"
        screen = "" if "screen" in keys else "[screen]\ncountry = \"CN\"\n\n"
        if {"pack", "rule"} & keys.keys():
            (around / "rules" / "block.toml").write_text(block.code, encoding="utf-8")
            policy.write_text(screen + '[[patterns]]\nfile = "../rules/block.toml"\n', encoding="utf-8")
        else:
            policy.write_text(screen + block.code, encoding="utf-8")
        return self.run("ringfence", "lint", policy.name, cwd=policy.parent)

    def check(self, block, found):
        if block.marker.startswith("skip"):
            found.skipped.append(f"{block.place}: {block.marker[4:].strip() or 'no reason given'}")
            return
        if block.marker == "output":
            found.expect(block.code.strip() == self.printed.strip(), f"{block.place} output",
                         "the block before it printed\n" + report.tail(self.printed))
            return
        if block.marker.startswith("file="):
            self.save(block)
        if block.language not in RUN:
            # What was saved is used by the blocks behind it.
            if not block.marker.startswith("file="):
                found.skipped.append(f"{block.place}: {block.language or 'text'}, nothing that runs")
            return
        if block.language == "toml":
            try:
                status, self.printed = self.linted(block)
            except tomllib.TOMLDecodeError as error:
                status, self.printed = 1, str(error)
            found.expect(status == 0, f"{block.place} toml", "\n" + report.tail(self.printed))
            return
        if block.marker == "fragment":
            found.skipped.append(f"{block.place}: a fragment of {block.language}, which runs in no surroundings")
            return
        status, self.printed = self.outcome(block)
        found.expect(status == 0, f"{block.place} {block.language}", "\n" + report.tail(self.printed))


def check(files):
    found = Found()
    if not consumers.PREFIX.is_dir() and not consumers.install(found):
        return found
    flags = consumers.pkg_config("ringfence")
    if not found.expect(flags, "pkg-config finds ringfence"):
        return found
    library_path = str(next(consumers.PREFIX.glob("lib*/**/libringfence.so")).parent)
    for file in files:
        folder = report.LOGS / "snippets" / file.stem
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        runner = Runner(folder, flags, library_path)
        for block in blocks_of(file):
            runner.check(block, found)
    return found
