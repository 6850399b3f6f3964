"""Plots and tables of curves, for docs/performance.md. A line is a label and its points: x to (value, samples)."""

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402

from compare_build import ROOT  # noqa: E402

PLOTS = ROOT / "docs" / "plots"


def draw(name, axis, unit, logarithmic, lines, dashed=()):
    """docs/plots/NAME.svg; labels in `dashed` get the colour of the line as many places before them, and dashes."""
    pyplot.rcParams.update({"svg.hashsalt": "ringfence", "svg.fonttype": "none", "font.size": 9})
    figure, plot = pyplot.subplots(figsize=(6, 3.4))
    for place, (label, points) in enumerate(lines.items()):
        places = sorted(points)
        style = {"linestyle": "--", "color": f"C{place - len(dashed)}"} if label in dashed else {"color": f"C{place}"}
        plot.plot(places, [points[x][0] for x in places], marker="o", markersize=3, label=label, **style)
        plot.fill_between(places, [min(points[x][1]) for x in places], [max(points[x][1]) for x in places],
                          alpha=0.15, color=style["color"])
    if logarithmic:
        plot.set_xscale("log", base=2)
        plot.set_xticks(sorted(next(iter(lines.values()))))
        plot.get_xaxis().set_major_formatter(matplotlib.ticker.ScalarFormatter())
        plot.minorticks_off()
    plot.set_xlabel(axis)
    plot.set_ylabel(unit)
    plot.set_yscale("log", base=2)
    plot.get_yaxis().set_major_formatter(matplotlib.ticker.ScalarFormatter())
    plot.grid(alpha=0.3)
    if dashed:  # many lines: their names stand above the plot, where they hide none
        plot.legend(fontsize=7, ncols=2, loc="lower left", bbox_to_anchor=(0, 1), frameon=False)
    elif len(lines) > 1:
        plot.legend(fontsize=7)
    figure.tight_layout()
    PLOTS.mkdir(parents=True, exist_ok=True)
    figure.savefig(PLOTS / f"{name}.svg", metadata={"Date": None})
    pyplot.close(figure)


def show(axis, lines, digits=2):
    """The table that stands beside a plot."""
    places = sorted({x for points in lines.values() for x in points})
    print(f"\n| {axis} | " + " | ".join(f"{x:,g}" for x in places) + " |")
    print("|---" * (len(places) + 1) + "|")
    for label, points in lines.items():
        print(f"| {label} | " + " | ".join(f"{points[x][0]:,.{digits}f}" if x in points else "-" for x in places) + " |")


def lines_of(measured):
    """Figures called LINE/X as lines."""
    lines = {}
    for name, figure in measured.items():
        line, _, x = name.rpartition("/")
        lines.setdefault(line, {})[float(x)] = figure
    return lines
