"""A register of senders, from Python."""

import pytest
from conftest import CALLED

import ringfence


@pytest.fixture
def screen(tmp_path) -> ringfence.Screen:
    (tmp_path / "senders.csv").write_text("sender,binds\nICBC,agg-1\n")
    (tmp_path / "policy.toml").write_text(
        '[screen]\ncountry = "US"\n[[bind]]\nid = "agg-1"\n[[bind]]\nid = "agg-2"\n'
        '[senders]\nfile = "senders.csv"\n')
    return ringfence.Screen(tmp_path / "policy.toml", activity_bytes=1 << 20)


@pytest.mark.parametrize(("sender", "bind", "action", "reason"), [
    ("ICBC", "agg-1", "allow", "none"),
    ("icbc", "agg-1", "allow", "none"),
    ("CCB", "agg-1", "tag", "sender_unregistered"),
    ("lCBC", "agg-1", "reject", "sender_look_alike"),
    ("\N{GREEK CAPITAL LETTER IOTA}CBC", "agg-1", "reject", "sender_look_alike"),
    ("ICBC", "agg-2", "reject", "sender_wrong_bind"),
])
def test_who_may_send_by_which_bind(screen, sender, bind, action, reason):
    verdict = screen.message(sender=sender, recipient=CALLED, text="hello", bind=bind)
    assert (verdict.action, verdict.reason) == (action, reason)
    explained = screen.explain(sender=sender, recipient=CALLED, text="hello", bind=bind).to_dict()
    like = [finding.get("like") for finding in explained["findings"]]
    assert (like == ["ICBC"]) == (reason == "sender_look_alike")
