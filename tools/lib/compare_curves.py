"""The curves of `tools/compare curves`: what a look-up costs over size, load, batch, hits and pages, as plots and tables."""

import os

from compare_build import BUILD, build, figures_of
from compare_plots import draw, lines_of, show

# curve: axis, whether logarithmic; its lines in the order of the table: name in the benchmark, name in the plot.
CURVES = {
    "size": ("millions of numbers", True, {
        "size/limit": "limit", "size/batch": "batch", "size/each": "one by one",
        "small-pages/limit": "limit, small pages", "small-pages/batch": "batch, small pages",
        "small-pages/each": "one by one, small pages"}),
    "load": ("load, %", False, {"load/limit": "limit", "load/batch": "batch", "load/each": "one by one"}),
    "batch-size": ("numbers in a batch", True, {"batch-size/batch": "batch"}),
    "hit-share": ("hits, %", False, {"hit-share/batch": "batch"}),
}
FIGURES = {}  # no curve has a bound


def missing(_name):
    return ""


def measure():
    """Draws docs/plots/*.svg and prints the tables that stand beside them; gives no figure that has a bound."""
    build("-DRINGFENCE_BENCH_RIVALS=ON", "-DRINGFENCE_PHONENUMBER=")
    memory = int(os.environ.get("machine_mb", "24000"))
    millions = 20 if memory >= 12000 else max(1, memory // 600)
    lines = lines_of(figures_of(BUILD / "bench" / "numbers", "curves", "--millions", millions, "--questions", 1 << 20))
    for name, (axis, logarithmic, wanted) in CURVES.items():
        drawn = {label: lines[line] for line, label in wanted.items()}
        draw(name, axis, "ns a look-up", logarithmic, drawn)
        show(axis, drawn)
    show("load, %", {"bytes a number": lines["load/bytes"], "lines a look-up": lines["load/lines"]})
    return {}
