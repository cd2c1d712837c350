"""Labelled rows by which of two detectors flag them, and the rows of production each stands for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, get_args

import polars as pl

from engine.statistics.label_noise import effective_size
from engine.statistics.paired_cells import Cell, Cells, labelled_cell, sampled_cell
from engine.statistics.stratified import Stratum
from store.database.connection import Database
from store.observed import list_selections
from store.shadow import Side
from tui.services.results.flaggers import Flagger

SIDES: Final[tuple[Side, ...]] = get_args(Side)
_BASES: Final = {
    (True, True): "patterns by their rows, and the sample for recall by stratum",
    (True, False): "patterns by their rows",
    (False, True): "the sample for recall by stratum",
    (False, False): "the labelled rows alone, each for itself",
}


@dataclass(frozen=True, slots=True)
class SampleStrata:
    """Strata of the sample for recall of one of the two: upper `ends` of scores, and all sizes.

    `sizes` has one more, if there were rows without a score. Without a sample all is empty.
    """

    selection_id: str | None
    ends: tuple[float, ...]
    sizes: tuple[int, ...]
    are_by_new: bool


@dataclass(frozen=True, slots=True)
class LabelledSides:
    """What the labelled rows of the four sides say: their `cells`, of `rows` in all.

    `counts` are all rows of production by side; `unlabelled` are sides with rows but no label. The
    other counts are of labelled rows: only the new one finds `gained`, only the old one `lost`.
    """

    cells: Cells
    rows: int
    basis: str
    counts: Mapping[Side, int]
    unlabelled: frozenset[Side]
    positives: int
    gained: int
    lost: int
    alarms_added: int
    alarms_removed: int


def find_strata(database: Database, dataset: str, new: Flagger, old: Flagger) -> SampleStrata:
    """The newest sample of what the old one did not flag, or else of what the new one did not."""
    selections = [item for item in list_selections(database, dataset) if item.purpose == "recall"]
    for flagger in (old, new):
        for item in reversed(selections):
            settings = item.settings
            key = (settings["detector_id"], settings["threshold"])
            if key == (flagger.detector_id, flagger.flagging.threshold):
                strata = settings["strata"]
                return SampleStrata(
                    item.selection_id,
                    tuple(stratum["high"] for stratum in strata if stratum["high"] is not None),
                    tuple(stratum["size"] for stratum in strata),
                    flagger is new,
                )
    return SampleStrata(None, (), (), are_by_new=False)


def weigh_sides(
    labelled: pl.DataFrame,
    counts: pl.DataFrame,
    strata: SampleStrata,
    positives: frozenset[str],
    level: float,
) -> LabelledSides:
    """The cells of labelled rows (of `read_labelled`), by counts (of `count_sides`).

    Rows of patterns stand for those of their cluster, rows of the sample for those of their
    stratum. Where there are neither, or where every row of production has a label, the labelled
    rows are taken for all there is.
    """
    rows = labelled.with_columns(
        is_positive=pl.col("label").is_in(sorted(positives)), weight=_weights(labelled, strata)
    )
    totals = {side: int(counts.filter(side=side)["rows"].sum()) for side in SIDES}
    weighted = rows.drop_nulls("weight")
    is_alone = weighted.is_empty() or labelled.height == sum(totals.values())
    if is_alone:
        cells = {side: _alone(rows, side, level) for side in SIDES}
        basis = _BASES[False, False]
    else:
        cells = {side: _sampled(rows, counts, side, strata, level) for side in SIDES}
        drawn = weighted["stratum"].is_not_null()
        basis = _BASES[not drawn.all(), bool(drawn.any())]

    def count(side: Side, *, is_positive: bool) -> int:
        return rows.filter(side=side, is_positive=is_positive).height

    return LabelledSides(
        cells=Cells(cells["both"], cells["new"], cells["old"], cells["neither"]),
        rows=rows.height if is_alone else sum(totals.values()),
        basis=basis,
        counts=totals,
        unlabelled=frozenset(side for side in SIDES if cells[side].positives is None),
        positives=int(rows["is_positive"].sum()),
        gained=count("new", is_positive=True),
        lost=count("old", is_positive=True),
        alarms_added=count("new", is_positive=False),
        alarms_removed=count("old", is_positive=False),
    )


def _weights(labelled: pl.DataFrame, strata: SampleStrata) -> pl.Expr:
    """How many rows of production each row stands for; null where that is not known."""
    drawn = labelled.drop_nulls("stratum")["stratum"].value_counts()
    each = {stratum: strata.sizes[stratum] / count for stratum, count in drawn.rows()}
    by_stratum = pl.col("stratum").replace_strict(each, default=None, return_dtype=pl.Float64)
    return pl.coalesce(by_stratum, "cluster_rows")


def _alone(rows: pl.DataFrame, side: Side, level: float) -> Cell:
    own = rows.filter(side=side)["is_positive"]
    found = int(own.sum())
    return labelled_cell(found, own.len() - found, rows.height, level)


def _sampled(
    rows: pl.DataFrame, counts: pl.DataFrame, side: Side, strata: SampleStrata, level: float
) -> Cell:
    """A side's cell: by stratum for what neither flags, if each has a label, else by weights."""
    sizes = counts.filter(side=side)
    own, total = rows.filter(side=side), int(sizes["rows"].sum())
    if own.height == total:  # all are labelled, however they were chosen
        return sampled_cell([Stratum(total, total, int(own["is_positive"].sum()))], level)
    own = own.drop_nulls("weight")
    if side == "neither" and strata.sizes:
        own = own.drop_nulls("stratum")
        parts = [
            Stratum(size, part.len(), int(part.sum()))
            for stratum, size in sizes.select("stratum", "rows").rows()
            for part in [own.filter(stratum=stratum)["is_positive"]]
        ]
        if all(part.labelled for part in parts):
            return sampled_cell(parts, level)
    labelled = effective_size(own["weight"].to_list()) or 0.0
    hits = float(own.filter("is_positive")["weight"].sum())
    share = hits / float(own["weight"].sum()) if labelled else 0.0
    return sampled_cell([Stratum(total, labelled, labelled * share)], level)
