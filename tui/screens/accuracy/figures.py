"""Turns the figures of comparisons into what the accuracy screen shows."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.statistics.measures import wilson
from tui.frame.snapshot import Share
from tui.screens.accuracy.views import (
    MEASURES,
    AlarmScores,
    CalibrationBin,
    CurvePoint,
    CurveView,
    DetectorScores,
    Difference,
    PairView,
    SeedSpread,
    SliceView,
)


def view_scores(row: Mapping[str, Any]) -> DetectorScores:
    """Return the screen's view of a row of comparison figures."""
    confusion, speed = row["confusion"], row["speed"] or {}
    return DetectorScores(
        row["detector_id"],
        row["detector"],
        row["recipe"],
        row["n"],
        {name: share_of(row, name) for name in MEASURES},
        row["brier"],
        row["calibration_error"],
        tuple(_bin(item) for item in row["calibration"]),
        tuple(confusion["labels"]),
        tuple(tuple(line) for line in confusion["rows"]),
        row["failed"],
        speed.get("rows_per_second"),
        speed.get("latency_ms"),
    )


def _bin(item: Mapping[str, Any]) -> CalibrationBin:
    share = wilson(round(item["positive_share"] * item["n"]), item["n"])
    assert share is not None  # a bin holds rows
    return CalibrationBin(item["mean_probability"], Share(share.value, (share.low, share.high)))


def share_of(row: Mapping[str, Any], name: str) -> Share:
    """Return a measure of a row of figures with its interval."""
    return Share(row[name], _ends(row["intervals"][name]))


def view_pair(pair: Mapping[str, Any]) -> PairView:
    """Return the screen's view of a tested pair."""
    f1 = pair["f1"]
    return PairView(
        pair["first"], pair["second"], tuple(pair["first_ids"]), tuple(pair["second_ids"]),
        pair["n"], _difference(pair["accuracy"]), _difference(f1) if f1 else None,
    )  # fmt: skip


def _difference(figures: Mapping[str, Any]) -> Difference:
    gained = Share(figures["difference"], _ends(figures["interval"]))
    return Difference(gained, figures["p_holm"], figures["verdict"], figures["is_clear"])


def view_spread(recipe: Mapping[str, Any]) -> SeedSpread:
    """Return the screen's view of detectors that differ in their seed alone."""
    return SeedSpread(
        recipe["recipe"],
        len(recipe["seeds"]),
        {
            name: (recipe[name]["mean"], recipe[name]["sd"]) if recipe[name] else None
            for name in MEASURES
        },
    )


def view_alarms(row: Mapping[str, Any]) -> AlarmScores:
    """Return the screen's view of a detector's alarms."""
    interval = row["interval"]
    return AlarmScores(
        row["detector_id"],
        row["n"],
        row["threshold"],
        row["flagged"],
        Share(row["per_1000"], _ends(interval)),
        Share(row["fpr"], _ends(row["fpr_interval"])),
        row["labelled_negatives"],
        row["failed"],
    )


def view_slice(row: Mapping[str, Any]) -> SliceView:
    """Return the screen's view of a slice."""
    accuracy, f1 = share_of(row, "accuracy"), share_of(row, "f1")
    return SliceView(row["by"], row["slice"], row["n"], accuracy, f1, row["few"])


def view_curve(figures: Mapping[str, Any]) -> CurveView:
    """Return the screen's view of a threshold curve."""
    names = ("threshold", "precision", "recall", "f1", "false_positive_rate")
    chosen = figures["chosen"]
    return CurveView(
        figures["n"],
        tuple(CurvePoint(*(point[name] for name in names)) for point in figures["curve"]),
        chosen["threshold"] if chosen else None,
    )


def _ends(interval: Sequence[float] | None) -> tuple[float, float] | None:
    return None if interval is None else (interval[0], interval[1])
