"""The tables of one detector's evaluation, beside those that it shares with a comparison."""

from collections.abc import Sequence
from dataclasses import replace

from engine.statistics.lengths import LengthCell, LengthGrid
from engine.statistics.measures import Confusion
from engine.statistics.slices import Slice
from store.counting import counted
from tui.commands.compare_tables import TableText, comparison_tables
from tui.commands.figures import Figure, percent
from tui.services.numbers import show_number, show_percent, show_plain_percent, show_rate
from tui.services.results.alarms import Alarms
from tui.services.results.evaluation_report import EvaluationReport
from tui.services.results.failures import Failures
from tui.services.results.scores import DetectorScores


def evaluation_tables(report: EvaluationReport) -> list[TableText]:
    """All of one detector's evaluation, as far as it has labels, alarms, slices and failures."""
    rows = report.comparison.rows
    tables = comparison_tables(report.comparison) if rows else []
    tables += [_confusion(row.confusion) for row in rows]
    tables += [_calibration(row) for row in rows if row.calibration]
    tables += [_alarms(report.alarms)] if report.alarms else []
    tables += [_slices(report.slices)] if report.slices else []
    tables += [_lengths(report.lengths)] if report.lengths else []
    tables += [_failures(report.failures)] if report.failures.n else []
    if report.rule and tables:
        tables[0] = replace(tables[0], notes=(*tables[0].notes, report.rule))
    return tables


def _confusion(confusion: Confusion) -> TableText:
    """Rows by true label, down, and predicted one, across."""
    rows = tuple(
        (label, *counts) for label, counts in zip(confusion.labels, confusion.rows, strict=True)
    )
    return TableText("", ("true ↓ predicted →", *confusion.labels), rows)


def _calibration(scores: DetectorScores) -> TableText:
    """Tenths of the rows, from the lowest probability."""
    rows = tuple(
        (
            f"{show_number(item.low)}–{show_number(item.high)}",
            item.n,
            show_plain_percent(item.mean_probability),
            percent(item.positive_share),
        )
        for item in scores.calibration
    )
    n = sum(item.n for item in scores.calibration)
    title = (
        f"Calibration by tenths of the rows, n = {n:,}: per cent (95 % interval, Wilson); "
        f"ECE {show_percent(scores.calibration_error)}"
    )
    return TableText(title, ("probability", "n", "mean probability", "positive"), rows)


def _alarms(alarms: Sequence[Alarms]) -> TableText:
    """The alarms on production."""
    rows = tuple(
        (
            row.detector,
            row.n,
            row.threshold,
            row.flagged,
            show_rate(row.per_1000),
            percent(row.fpr),
            row.failed,
        )
        for row in alarms
    )
    return TableText(
        "Alarms on production, per 1,000 texts (95 % interval, Wilson); FPR where labelled",
        ("detector", "n", "threshold", "flagged", "per 1,000", "FPR, %", "failed"),
        rows,
    )


def _slices(slices: Sequence[Slice]) -> TableText:
    """The slices, the least accurate first."""
    rows = tuple(
        (
            row.by,
            row.slice,
            row.n,
            *map(percent, (row.accuracy, row.recall, row.fpr, row.f1)),
            "few rows" if row.few else "",
        )
        for row in slices
    )
    title = "Slices, the least accurate first: per cent (95 % interval)"
    return TableText(title, ("by", "slice", "n", "accuracy", "recall", "FPR", "F1", ""), rows)


def _lengths(grid: LengthGrid) -> TableText:
    """ROC-AUC by the lengths of contexts, down, and of texts, across."""
    cells = {(cell.context, cell.text): _length_cell(cell) for cell in grid.cells}
    rows = tuple(
        (context, *(cells[context, text] for text in grid.texts)) for context in grid.contexts
    )
    failed = f"; {counted(grid.failed, 'row')} without one" if grid.failed else ""
    return TableText(
        f"ROC-AUC by length in characters, quarters of n = {grid.n:,} with a probability{failed}: "
        "per cent (95 % interval, Newcombe) and n",
        ("context ↓ text →", *grid.texts),
        rows,
    )


def _length_cell(cell: LengthCell) -> Figure:
    if cell.roc_auc is None:
        words = "–" if cell.n == 0 else f"– no {cell.lacks}"
        return Figure(f"{words}, n = {cell.n:,}", (words, "", f"n = {cell.n:,}"))
    found = percent(cell.roc_auc)
    return Figure(f"{found.line}, n = {cell.n:,}", (*found.lines, f"n = {cell.n:,}"))


def _failures(failures: Failures) -> TableText:
    """The first rows that have no prediction."""
    rows = tuple((row.sample_id, row.error, row.reply) for row in failures.first)
    title = f"No label for {failures.n:,} of {counted(failures.of, 'row')}"
    if failures.without_reply:
        title += f", {failures.without_reply:,} without a reply (--retry-errors asks again)"
    return TableText(f"{title}; the first of them", ("sample", "why", "reply"), rows)
