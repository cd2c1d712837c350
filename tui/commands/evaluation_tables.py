"""The tables of one detector's evaluation, beside those that it shares with a comparison."""

from collections.abc import Sequence

from engine.statistics.measures import Confusion
from engine.statistics.slices import Slice
from store.counting import counted
from tui.commands.compare_tables import TableText, comparison_tables
from tui.commands.figures import percent
from tui.services.numbers import show_rate
from tui.services.results.alarms import Alarms
from tui.services.results.evaluation_report import EvaluationReport
from tui.services.results.failures import Failures


def evaluation_tables(report: EvaluationReport) -> list[TableText]:
    """All of one detector's evaluation, as far as it has labels, alarms, slices and failures."""
    rows = report.comparison.rows
    tables = comparison_tables(report.comparison) if rows else []
    tables += [_confusion(row.confusion) for row in rows]
    tables += [_alarms(report.alarms)] if report.alarms else []
    tables += [_slices(report.slices)] if report.slices else []
    tables += [_failures(report.failures)] if report.failures.n else []
    return tables


def _confusion(confusion: Confusion) -> TableText:
    """Rows by true label, down, and predicted one, across."""
    rows = tuple(
        (label, *counts) for label, counts in zip(confusion.labels, confusion.rows, strict=True)
    )
    return TableText("", ("true ↓ predicted →", *confusion.labels), rows)


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
            percent(row.accuracy),
            percent(row.f1),
            "few rows" if row.few else "",
        )
        for row in slices
    )
    title = "Slices, the least accurate first: per cent (95 % interval)"
    return TableText(title, ("by", "slice", "n", "accuracy", "F1", ""), rows)


def _failures(failures: Failures) -> TableText:
    """The first rows that have no prediction."""
    rows = tuple((row.sample_id, row.error, row.reply) for row in failures.first)
    title = f"No label for {failures.n:,} of {counted(failures.of, 'row')}"
    if failures.without_reply:
        title += f", {failures.without_reply:,} without a reply (--retry-errors asks again)"
    return TableText(f"{title}; the first of them", ("sample", "why", "reply"), rows)
