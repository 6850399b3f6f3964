"""The curves of `tools/compare curves`: what a look-up costs over size, load, batch, hits and pages, as plots and tables."""

import collections
import os

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402

from compare_build import BUILD, ROOT, build, figures_of  # noqa: E402

PLOTS = ROOT / "docs" / "plots"

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


def draw(name, axis, logarithmic, lines):
    pyplot.rcParams.update({"svg.hashsalt": "ringfence", "svg.fonttype": "none", "font.size": 9})
    figure, plot = pyplot.subplots(figsize=(6, 3.4))
    for label, points in lines.items():
        places = sorted(points)
        plot.plot(places, [points[x][0] for x in places], marker="o", markersize=3, label=label)
        plot.fill_between(places, [min(points[x][1]) for x in places], [max(points[x][1]) for x in places],
                          alpha=0.15)
    if logarithmic:
        plot.set_xscale("log", base=2)
        plot.set_xticks(sorted(next(iter(lines.values()))))
        plot.get_xaxis().set_major_formatter(matplotlib.ticker.ScalarFormatter())
        plot.minorticks_off()
    plot.set_xlabel(axis)
    plot.set_ylabel("ns a look-up")
    plot.set_yscale("log", base=2)
    plot.get_yaxis().set_major_formatter(matplotlib.ticker.ScalarFormatter())
    plot.grid(alpha=0.3)
    if len(lines) > 1:
        plot.legend(fontsize=7)
    figure.tight_layout()
    PLOTS.mkdir(parents=True, exist_ok=True)
    figure.savefig(PLOTS / f"{name}.svg", metadata={"Date": None})
    pyplot.close(figure)


def show(axis, lines):
    places = sorted({x for points in lines.values() for x in points})
    print(f"\n| {axis} | " + " | ".join(f"{x:g}" for x in places) + " |")
    print("|---" * (len(places) + 1) + "|")
    for label, points in lines.items():
        print(f"| {label} | " + " | ".join(f"{points[x][0]:.2f}" if x in points else "" for x in places) + " |")


def missing(_name):
    return ""


def measure():
    """Draws docs/plots/*.svg and prints the tables that stand beside them; gives no figure that has a bound."""
    build("-DRINGFENCE_BENCH_RIVALS=ON", "-DRINGFENCE_PHONENUMBER=")
    memory = int(os.environ.get("machine_mb", "24000"))
    millions = 20 if memory >= 12000 else max(1, memory // 600)
    measured = figures_of(BUILD / "bench" / "numbers", "curves", "--millions", millions, "--questions", 1 << 20)
    lines = collections.defaultdict(dict)
    for name, figure in measured.items():
        line, _, x = name.rpartition("/")
        lines[line][float(x)] = figure
    for name, (axis, logarithmic, wanted) in CURVES.items():
        drawn = {label: lines[line] for line, label in wanted.items()}
        draw(name, axis, logarithmic, drawn)
        show(axis, drawn)
    show("load, %", {"bytes a number": lines["load/bytes"], "lines a look-up": lines["load/lines"]})
    return {}
