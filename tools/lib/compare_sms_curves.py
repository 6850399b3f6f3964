"""The curves of `tools/compare sms-curves`: what a message costs over its length, the number of rules and the share of messages
in which a rule is found, beside Hyperscan over text made ready, as plots and tables."""

from compare_build import BUILD, build, figures_of
from compare_plots import draw, lines_of, show
from compare_text import PACKS, ROUNDS, make_packs

# curve: name of its plot, axis, whether logarithmic.
CURVES = {
    "length": ("sms-over-length", "units a message", True),
    "rules": ("sms-over-rules", "rules", True),
    "matches": ("sms-over-matches", "messages with a phrase, %", False),
}
LINES = {"whole": "whole", "front": "without rules", "hyperscan": "Hyperscan alone"}
LANGUAGES = {"zh": "Chinese", "en": "English"}
FIGURES = {}  # no curve has a bound


def missing(_name):
    return ""


def measure():
    """Draws docs/plots/sms-*.svg and prints the tables that stand beside them; gives no figure that has a bound."""
    make_packs()
    build("-DRINGFENCE_BENCH_TEXT=ON", targets=("text",))
    lines = lines_of(figures_of(BUILD / "bench" / "text", "curves", "--packs", PACKS, "--rounds", ROUNDS))
    for curve, (name, axis, logarithmic) in CURVES.items():
        drawn = {f"{label}, {LANGUAGES[language]}": lines[f"{curve}/{language}/{line}"]
                 for language in LANGUAGES for line, label in LINES.items()}
        draw(name, axis, "ns a message", logarithmic, drawn, dashed=list(drawn)[len(LINES):])
        show(axis, drawn, digits=0)
        show(axis, {f"rules found a message, {label}": lines[f"{curve}/{language}/found"]
                    for language, label in LANGUAGES.items()})
    return {}
