"""A small policy under the US plan; its numbers are reserved for fiction."""

import pathlib

import pytest

import ringfence

POLICY = """\
[screen]
country = "US"

[[list]]
id = "blocked"
file = "blocked.csv"
action = "reject"
category = "robocall"

[[trunk]]
id = "igw-1"
kind = "international"
"""

LISTED = "+12025550111"
OTHER = "+12025550112"
CALLED = "+12025550199"


@pytest.fixture
def policy(tmp_path) -> pathlib.Path:
    (tmp_path / "blocked.csv").write_text(f"number\n{LISTED}\n")
    path = tmp_path / "policy.toml"
    path.write_text(POLICY)
    return path


@pytest.fixture
def screen(policy) -> ringfence.Screen:
    return ringfence.Screen(policy, activity_bytes=1 << 20)
