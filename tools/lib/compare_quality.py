"""The figures of `tools/compare text` that are of quality, not of time: what rules, scores and sketches make of the development
corpora. They are the same in every run.

Rules are measured as they are used: `ringfence screen` under a policy of all packs that ship, a message a row. The two samples
of a rule figure are the halves of docs/results.md, by a hash of the row: the one that rules were improved on, the one held out.
"""

import csv
import json
import lzma
import pathlib
import re
import subprocess

from compare_build import BUILD, ROOT, figures_of, output_of, run

WORK = ROOT / "build" / "compare" / "quality"
PACKS = ("zh-fraud", "zh-ads", "en-smishing")
NEAR = ("zh-fbs-sms", "zh-sms-operator-11k", "en-uci-sms", "en-smishtank")

# name: unit, direction, must, aim.
FIGURES = {
    "template_recall_j50": ("share", "higher", 0.88, 0.95),
    "template_precision_j50": ("share", "higher", 0.91, 0.98),
    "score_auc_operator_dev": ("share", "higher", 0.98, 0.99),
    "score_f1_uci_dev": ("share", "higher", 0.93, 0.95),
    "rules_precision_operator_dev": ("share", "higher", 0.95, 0.98),
    "rules_recall_fbs_fraud_dev": ("share", "higher", 0.6, 0.85),
    "rules_recall_fbs_restored_dev": ("share", "higher", None, None),
    "rules_recall_smishtank_dev": ("share", "higher", 0.6, 0.85),
    "rules_false_positive_ham_dev": ("share", "lower", 0.005, 0.001),
}

# What stood where the authors of zh-fbs-sms wrote a mark.
MARKS = {"CELLPHONE": "13800001234", "HOTLINE": "4000000000", "BANK": "6228000000000001234", "PHONE": "4000000000",
         "URL": " http://a1b2.cn/x ", "WECHAT": "wx8899", "DIGIT": "5000", "QQ": "88990011", "NAME": "张三", "PLACE": "北京"}


def rows_of(data, corpus):
    """Label and text of each row."""
    with lzma.open(pathlib.Path(data) / corpus / "dev.tsv.xz", "rt", encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        lines = file.read().split("\n")[1:]
    return [tuple(line.rstrip("\r").split("\t")[:2]) for line in lines if "\t" in line]


def joined(text):
    """A row of zh-fbs-sms without the blanks between its words."""
    return text.replace(" ", "")


def restored(text):
    """The same as a message again: contacts put back where the authors took them out."""
    return re.sub("|".join(MARKS), lambda mark: MARKS[mark[0]], joined(text))


def half_of(text):
    """As tests/real/quality_test.cpp cuts the corpora: FNV-1a."""
    value = 0xCBF29CE484222325
    for octet in text.encode("utf-8", "surrogateescape"):
        value = (value ^ octet) * 0x100000001B3 % 2**64
    return value >> 33 & 1


def found_by_rules(name, texts):
    """Of each message whether the packs that ship ask for any action but allow."""
    folder = WORK / name
    folder.mkdir(parents=True, exist_ok=True)
    packs = "".join(f'[[patterns]]\nfile = "{ROOT / "rules" / pack}.toml"\n' for pack in PACKS)
    (folder / "policy.toml").write_text(f'[screen]\ncountry = "CN"\n{packs}', encoding="utf-8")
    with open(folder / "sms.csv", "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("time", "sender", "recipient", "text"))
        writer.writerows((1_772_366_400 + place, "1069000001", "13800001234", text) for place, text in enumerate(texts))
    run(BUILD / "ringfence", "screen", "--policy", folder / "policy.toml", "--sms", folder / "sms.csv",
        "--out", folder / "verdicts", stdout=subprocess.DEVNULL)
    with open(folder / "verdicts" / "sms.csv", encoding="utf-8", errors="surrogateescape", newline="") as file:
        verdicts = list(csv.DictReader(file))
    if len(verdicts) != len(texts) or any(verdict["reason"] == "bad_row" for verdict in verdicts):
        raise SystemExit(f"tools/compare text: {folder}: not every message has a verdict")
    return [verdict["action"] != "allow" for verdict in verdicts]


def share_found(name, rows, among):
    """(share, [of the half tuned, of the half held out]); `among` says of (label, found) whether it counts, and as what."""
    found = found_by_rules(name, [text for _, text, _ in rows])
    halves = [[0, 0], [0, 0]]
    for (label, _, half), hit in zip(rows, found):
        counts, is_one = among(label, hit)
        halves[half][0] += counts and is_one
        halves[half][1] += counts
    part, all_of_them = (sum(half[place] for half in halves) for place in (0, 1))
    return part / all_of_them, [ones / of for ones, of in halves]


def with_halves(rows, as_sent=lambda text: text):
    return [(label, as_sent(text), half_of(text)) for label, text in rows]


def rule_figures(data):
    def recall(_, hit):
        return True, hit

    operator = with_halves(rows_of(data, "zh-sms-operator-11k"))
    stations = [row for row in rows_of(data, "zh-fbs-sms") if row[0].startswith(("FR:", "IL:Gambling", "IL:Fake_ID"))]
    smishtank = with_halves([row for row in rows_of(data, "en-smishtank")
                             if row[0].startswith(("Account Alert", "Delivery", "Prize"))])
    ham = [row for corpus in ("en-uci-sms", "en-hardhat-combined") for row in rows_of(data, corpus) if row[0] == "ham"]
    ham += [row for row in rows_of(data, "zh-sms-mudou") if row[0] == "0"]
    return {"rules_precision_operator_dev": share_found("operator", operator, lambda label, hit: (hit, label == "1")),
            "rules_recall_fbs_fraud_dev": share_found("fbs", with_halves(stations, joined), recall),
            "rules_recall_fbs_restored_dev": share_found("fbs-restored", with_halves(stations, restored), recall),
            "rules_recall_smishtank_dev": share_found("smishtank", smishtank, recall),
            "rules_false_positive_ham_dev": share_found("ham", with_halves(ham), recall)}


def write_texts(path, texts):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(text.replace("\r", " ") + "\n" for text in texts), encoding="utf-8", errors="surrogateescape")


def trained(data, corpus, spam):
    """What `ringfence train` tells of a corpus, by cross-validation with five folds; the model stands in WORK."""
    rows = rows_of(data, corpus)
    folder = WORK / corpus
    write_texts(folder / "spam.txt", [text for label, text in rows if label == spam])
    write_texts(folder / "ham.txt", [text for label, text in rows if label != spam])
    return json.loads(output_of(BUILD / "ringfence", "train", "--spam", folder / "spam.txt", "--ham", folder / "ham.txt",
                                "--out", folder / "messages.model", "--folds", 5, "--json"))


def template_figures(data, program):
    """The lowest of the corpora, and each of them."""
    samples = {}
    for corpus in NEAR:
        path = WORK / corpus / "all.txt"
        write_texts(path, [text for _, text in rows_of(data, corpus)])
        for name, (value, _) in figures_of(program, "near", "--messages", path).items():
            samples.setdefault(name, []).append(value)
    return {name: (min(values), values) for name, values in samples.items()}


def whole_policy(pack, model):
    """A policy of one pack and a score."""
    path = WORK / "whole.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'[screen]\ncountry = "CN"\n[[patterns]]\nfile = "{pack}"\n[score]\nmodel = "{model}"\n', encoding="utf-8")
    return path


def measure(data, program, packs, rounds):
    """Name to (value, samples); with them `sms_whole_us_10k_mixed`, which needs the model that is trained here."""
    values = {**rule_figures(data), **template_figures(data, program)}
    operator = trained(data, "zh-sms-operator-11k", "1")
    uci = trained(data, "en-uci-sms", "spam")
    values["score_auc_operator_dev"] = (operator["auc"], [operator["auc_least"], operator["auc_most"]])
    values["score_f1_uci_dev"] = (uci["f1"], [uci["f1"]])
    policy = whole_policy(packs / "mixed_10k.toml", operator["model"])
    values.update(figures_of(program, "whole", "--packs", packs, "--policy", policy, "--rounds", rounds))
    return values
