"""Training a score model, and what its scores do."""

import pytest
from conftest import CALLED, OTHER

import ringfence

SPAM = [f"You won a {prize}, claim it {when} {word}" for prize in ("car", "phone", "holiday", "voucher")
        for when in ("now", "today", "soon", "asap") for word in ("please", "quickly", "here")]
HAM = [f"Dinner in the {place} {when} {word}?" for place in ("town", "office", "garden", "station")
       for when in ("now", "today", "soon", "late") for word in ("with us", "as we said", "or not")]


def test_a_model_tells_spam_from_ham(tmp_path):
    report = ringfence.train(SPAM, iter(HAM), tmp_path / "m.model", seed=7)
    assert (report["spam"], report["ham"], report["folds"]) == (48, 48, 5)
    assert report["auc"] > 0.99
    assert report["thresholds"][0]["from"] == 500
    (tmp_path / "policy.toml").write_text('[screen]\ncountry = "US"\n[score]\nmodel = "m.model"\nfrom = 700\n')
    screen = ringfence.Screen(tmp_path / "policy.toml")
    verdict = screen.message(sender=OTHER, recipient=CALLED, text="You won a car, claim it here")
    assert (verdict.action, verdict.reason, verdict.rule) == ("tag", "score", "score")
    assert screen.message(sender=OTHER, recipient=CALLED, text="Dinner in the garden?").reason == "none"
    told = screen.explain(sender=OTHER, recipient=CALLED, text="You won a car, claim it here").to_dict()
    assert told["score"]["score"] >= 700
    assert told["score"]["grams"][0]["weight"] > 0


def test_the_same_seed_gives_the_same_model(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        ringfence.train(SPAM, HAM, str(tmp_path / name), seed=seed, bits=10, view="dense", epochs=5, folds=3)
    a, b, c = ((tmp_path / name).read_bytes() for name in "abc")
    assert a == b != c
    assert len(a) == 80 + 2 * 1024


@pytest.mark.parametrize("options", [{"view": "heavy"}, {"bits": 21}, {"folds": 1}, {"epochs": 0}])
def test_options_that_make_no_sense_raise(tmp_path, options):
    with pytest.raises(ringfence.Error):
        ringfence.train(SPAM, HAM, tmp_path / "m.model", **options)
    assert not (tmp_path / "m.model").exists()


def test_one_class_alone_raises(tmp_path):
    with pytest.raises(ringfence.Error, match="both classes|no message of a class"):
        ringfence.train(SPAM, [], tmp_path / "m.model")
    with pytest.raises(TypeError):
        ringfence.train(SPAM, [1], tmp_path / "m.model")


@pytest.mark.parametrize(("spam", "ham"), [(SPAM[0], HAM), (SPAM, HAM[0])])
def test_one_text_is_no_collection(tmp_path, spam, ham):
    with pytest.raises(TypeError, match="a collection of texts, not one str"):
        ringfence.train(spam, ham, tmp_path / "m.model")
    assert not (tmp_path / "m.model").exists()
