"""The tables of a comparison, of its figures: the same rows for the terminal and for Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from store.counting import counted
from tui.commands.output import show_share

SHARES: Final = {
    "accuracy": "accuracy",
    "precision": "precision",
    "recall": "recall",
    "gap": "gap",
    "f1": "F1",
    "fpr": "FPR",
}
AREAS: Final = {"roc_auc": "AUC", "pr_auc": "PR-AUC"}
NAMES: Final = SHARES | AREAS


@dataclass(frozen=True, slots=True)
class TableText:
    """A table as it is printed; cells are text, numbers, or None where something is undefined."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


def comparison_tables(figures: dict[str, Any]) -> list[TableText]:
    """Return the detectors, the spread of those with several seeds, and the pairs."""
    tables = [_shares(figures), _probabilities(figures["rows"])]
    if any(row["speed"] for row in figures["rows"]):
        tables.append(_speeds(figures["rows"]))
    repeated = [recipe for recipe in figures["recipes"] if len(recipe["seeds"]) > 1]
    if repeated:
        tables.append(_recipes(repeated))
    if figures["pairs"]:
        tables.append(_pairs(figures))
    if "published" in figures:
        tables.append(_published(figures["published"]))
    return tables


def _shares(figures: dict[str, Any]) -> TableText:
    """Return the papers' table with the gap and the false positive rate."""
    rows = tuple(
        (row["detector"], row["recipe"], *(_share(row, name) for name in SHARES))
        for row in figures["rows"]
    )
    title = (
        f"{figures['benchmark']}, n = {figures['n']:,}: per cent (95 % interval); "
        "gap is precision minus recall"
    )
    return TableText(title, ("detector", "recipe", *SHARES.values()), rows)


def _probabilities(rows: Sequence[dict[str, Any]]) -> TableText:
    found = tuple(
        (
            row["detector"],
            *(_share(row, name) for name in AREAS),
            _per_cent(row["brier"]),
            _per_cent(row["calibration_error"]),
            row["failed"],
        )
        for row in rows
    )
    return TableText(
        "What the positive probability is worth, per cent; ECE is binned, by tenths; failed rows "
        "have no prediction and count as wrong",
        ("detector", *AREAS.values(), "Brier", "ECE", "failed"),
        found,
    )


def _speeds(rows: Sequence[dict[str, Any]]) -> TableText:
    found = tuple(
        (
            row["detector"],
            speed["device"],
            f"{speed['rows_per_second']:,.1f}",
            speed["batch_size"],
            f"{speed['latency_ms']:.1f}",
            f"{speed['latency_p95_ms']:.1f}",
        )
        for row in rows
        if (speed := row["speed"])
    )
    return TableText(
        "Speed where it was judged, tokenizing included: rows a second in batches; milliseconds "
        "for one text",
        ("detector", "device", "rows/s", "batch", "median ms", "p95 ms"),
        found,
    )


def _share(row: dict[str, Any], name: str) -> str:
    return show_share(row[name], row["intervals"][name])


def _recipes(recipes: Sequence[dict[str, Any]]) -> TableText:
    rows = tuple(
        (recipe["recipe"], len(recipe["seeds"]), *(_spread(recipe[name]) for name in NAMES))
        for recipe in recipes
    )
    title = "Over seeds, per cent: mean ± sample standard deviation (lowest–highest)"
    return TableText(title, ("recipe", "seeds", *NAMES.values()), rows)


def _spread(values: dict[str, Any] | None) -> str | None:
    if values is None:
        return None
    if values["sd"] is None:
        return f"{100 * values['mean']:.1f}"
    ends = f"{100 * values['min']:.1f}–{100 * values['max']:.1f}"
    return f"{100 * values['mean']:.1f} ± {100 * values['sd']:.1f} ({ends})"


def _pairs(figures: dict[str, Any]) -> TableText:
    rows = []
    for pair in figures["pairs"]:
        row: list[object] = [f"{pair['first']} − {pair['second']}", pair["n"]]
        for name in ("accuracy", "f1"):
            found = pair[name]
            row += [found["verdict"], _p(found["p_holm"])] if found else [None, None]
        rows.append(tuple(row))
    return TableText(
        f"Pairs on the rows that both judged. First minus second; {figures['tests']}",
        ("first − second", "n", "accuracy", "p of accuracy", "F1", "p of F1"),
        tuple(rows),
    )


def _published(figures: dict[str, Any]) -> TableText:
    names = ("accuracy", "precision", "recall", "f1")
    rows = tuple(
        (row["detector"], *(_per_cent(row[name]) for name in names)) for row in figures["rows"]
    )
    title = f"{figures['source']}: {figures['note']}, n = {figures['n']:,}, per cent"
    return TableText(title, ("detector", *(SHARES[name] for name in names)), rows)


def alarm_tables(alarms: Sequence[dict[str, Any]]) -> list[TableText]:
    """Return the alarms on production, if that is what was judged."""
    if not alarms:
        return []
    rows = tuple(
        (
            row["detector"],
            row["n"],
            row["threshold"],
            row["flagged"],
            f"{row['per_1000']:.1f} ({row['interval'][0]:.1f}–{row['interval'][1]:.1f})",
            show_share(row["fpr"], row["fpr_interval"]),
            row["failed"],
        )
        for row in alarms
    )
    return [
        TableText(
            "Alarms on production, per 1,000 texts (95 % interval, Wilson); FPR where labelled",
            ("detector", "n", "threshold", "flagged", "per 1,000", "FPR, %", "failed"),
            rows,
        )
    ]


def slice_tables(slices: Sequence[dict[str, Any]]) -> list[TableText]:
    """Return the slices, the least accurate first, if there are any."""
    if not slices:
        return []
    rows = tuple(
        (
            row["by"],
            row["slice"],
            row["n"],
            _share(row, "accuracy"),
            _share(row, "f1"),
            "few rows" if row["few"] else "",
        )
        for row in slices
    )
    title = "Slices, the least accurate first: per cent (95 % interval)"
    return [TableText(title, ("by", "slice", "n", "accuracy", "F1", ""), rows)]


def failure_tables(failures: dict[str, Any]) -> list[TableText]:
    """Return the first rows that have no prediction, if there are any."""
    if not failures["n"]:
        return []
    rows = tuple((row["sample_id"], row["error"], row["reply"]) for row in failures["first"])
    title = f"No label for {failures['n']:,} of {counted(failures['of'], 'row')}"
    if failures["without_reply"]:
        title += f", {failures['without_reply']:,} without a reply (--retry-errors asks again)"
    return [TableText(f"{title}; the first of them", ("sample", "why", "reply"), rows)]


def _per_cent(value: float | None) -> str | None:
    return None if value is None else f"{100 * value:.1f}"


def _p(value: float) -> str:
    return f"{value:.2g}"
