"""A new detector in the shadow of an old one: which verdicts change, and whether it is better."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.statistics.estimate import Estimate
from engine.statistics.measures import wilson
from engine.statistics.paired_cells import compare_cells
from engine.statistics.promotion import Finding, Verdict, decide
from store.database.connection import Database
from store.detectors import list_contestants
from store.shadow import (
    ChangedRow,
    FeedbackCount,
    Side,
    count_changes,
    count_feedback,
    count_sides,
    read_changed,
    read_labelled,
)
from tui.services.results.flaggers import Flagger, find_flagger
from tui.services.results.inlined import INLINED
from tui.services.results.labelled_sides import find_strata, weigh_sides
from tui.services.results.patterns import Pattern, summarise_patterns
from tui.services.results.shadow_notes import explain
from tui.services.results.unseen import leave_out_trained
from tui.services.task_labels import require_labels
from tui.services.workspace import Workspace

TEXTS: Final = 50  # of either direction in a result
NO_PATTERN: Final = "no pattern"
METHOD: Final = (
    "Labels say what share is positive of the rows that both flag, that one flags, and that "
    "neither does; how many rows these are is known. Intervals of sums and differences by MOVER "
    "(Zou and Donner). PROMOTE: the interval of the recall's difference is above minus the margin, "
    "and that of the false alarms' below 0. KEEP: all of one of them says the opposite"
)


@dataclass(frozen=True, slots=True)
class ChangedPattern:
    """Changed verdicts of a pattern: rows that only the new detector flags, or only the old one.

    `cluster_id` is None for rows that are in no pattern; `label` is the decided one.
    """

    cluster_id: str | None
    name: str
    label: str | None
    now_flagged: int
    now_passed: int


@dataclass(frozen=True, slots=True)
class Changes:
    """Verdicts on the `rows` that both say something of; `per_1000` are of these.

    `now_flagged` only the new detector flags, `now_passed` only the old one.
    """

    rows: int
    new_flagged: int
    old_flagged: int
    now_flagged: int
    now_passed: int
    new_per_1000: Estimate | None
    old_per_1000: Estimate | None
    now_flagged_per_1000: Estimate | None
    now_passed_per_1000: Estimate | None


@dataclass(frozen=True, slots=True)
class LabelledRows:
    """Both detectors on the labelled rows; differences are new minus old.

    Of `labelled` rows `trained` were left out because one of the two learned their text, `near`
    because it learned a near copy; `compared` are left, `positives` of them positive. Of these only
    the new detector found `gained`, only the old one `lost`; `alarms_added` and `alarms_removed`
    are negative rows. Alarms are false ones per 1,000 rows. `basis` says how rows were weighted.
    """

    labelled: int
    trained: int
    near: int
    compared: int
    positives: int
    gained: int
    lost: int
    alarms_added: int
    alarms_removed: int
    basis: str
    new_recall: Estimate | None
    old_recall: Estimate | None
    recall_difference: Estimate | None
    new_alarms_per_1000: Estimate | None
    old_alarms_per_1000: Estimate | None
    alarms_difference_per_1000: Estimate | None


@dataclass(frozen=True, slots=True)
class Shadow:
    """A detector `new` beside `old`, which is a detector or "guard", on one dataset.

    The verdict follows from the labelled rows, by the rule in `method`: recall is kept within
    `recall_margin`, and false alarms are fewer, both by intervals at `level`. `notes` say what it
    rests on, and what is missing. Patterns and texts are of changed verdicts, at most TEXTS of
    either direction. What users said of the guard is counted in `feedback`, and in nothing else.
    """

    dataset: str
    new: str
    old: str
    verdict: Verdict
    is_recall_kept: Finding
    are_alarms_fewer: Finding
    recall_margin: float
    level: float
    notes: tuple[str, ...]
    changes: Changes = field(metadata=INLINED)
    labelled_rows: LabelledRows
    patterns: tuple[ChangedPattern, ...]
    flagged_texts: tuple[ChangedRow, ...]
    passed_texts: tuple[ChangedRow, ...]
    feedback: tuple[FeedbackCount, ...]
    method: str


def read_shadow(
    workspace: Workspace, database: Database, dataset: str, new_name: str, old_name: str
) -> Shadow:
    """Both detectors as they ran on a dataset of production last; `old_name` may be GUARD.

    Raises NothingToDo where one did not run there, UnknownName and LabelUnknown.
    """
    new = find_flagger(workspace, database, dataset, new_name)
    old = find_flagger(workspace, database, dataset, old_name)
    rule = workspace.settings.shadow
    strata = find_strata(database, dataset, new, old)
    sides = count_sides(database, new.flagging, old.flagging, strata.ends, by_new=strata.are_by_new)
    rows = read_labelled(database, new.flagging, old.flagging, strata.selection_id)
    require_labels(workspace.task, rows["label"], f"Rows of {dataset!r} have")
    known = {item.detector_id: item for item in list_contestants(database)}
    detectors = [known[item.detector_id] for item in (new, old) if item.detector_id is not None]
    unseen = leave_out_trained(workspace, rows, detectors)
    weighed = weigh_sides(unseen.rows, sides, strata, workspace.task.positives, rule.level)
    compared = compare_cells(weighed.cells, weighed.rows) if weighed.rows else None
    promotion = decide(compared, rule.recall_margin)
    return Shadow(
        dataset=dataset,
        new=new.name,
        old=old.name,
        verdict=promotion.verdict,
        is_recall_kept=promotion.is_recall_kept,
        are_alarms_fewer=promotion.are_alarms_fewer,
        recall_margin=rule.recall_margin,
        level=rule.level,
        notes=tuple(explain(new, old, weighed, unseen.unknown, promotion.verdict)),
        changes=_count_changes(weighed.counts),
        labelled_rows=LabelledRows(
            labelled=rows.height,
            trained=unseen.trained,
            near=unseen.near,
            compared=unseen.rows.height,
            positives=weighed.positives,
            gained=weighed.gained,
            lost=weighed.lost,
            alarms_added=weighed.alarms_added,
            alarms_removed=weighed.alarms_removed,
            basis=weighed.basis,
            new_recall=compared.new_recall if compared else None,
            old_recall=compared.old_recall if compared else None,
            recall_difference=compared.recall_difference if compared else None,
            new_alarms_per_1000=_per_1000(compared.new_alarms if compared else None),
            old_alarms_per_1000=_per_1000(compared.old_alarms if compared else None),
            alarms_difference_per_1000=_per_1000(compared.alarm_difference if compared else None),
        ),
        patterns=_name_patterns(workspace, database, new, old),
        flagged_texts=tuple(read_changed(database, new.flagging, old.flagging, "new", TEXTS)),
        passed_texts=tuple(read_changed(database, new.flagging, old.flagging, "old", TEXTS)),
        feedback=tuple(count_feedback(database, new.flagging)),
        method=METHOD,
    )


def _count_changes(counts: Mapping[Side, int]) -> Changes:
    both, new, old = (counts["both"], counts["new"], counts["old"])
    rows = sum(counts.values())
    return Changes(
        rows=rows,
        new_flagged=both + new,
        old_flagged=both + old,
        now_flagged=new,
        now_passed=old,
        new_per_1000=_per_1000(wilson(both + new, rows)),
        old_per_1000=_per_1000(wilson(both + old, rows)),
        now_flagged_per_1000=_per_1000(wilson(new, rows)),
        now_passed_per_1000=_per_1000(wilson(old, rows)),
    )


def _per_1000(share: Estimate | None) -> Estimate | None:
    if share is None:
        return None
    return Estimate(1000 * share.value, (1000 * share.low, 1000 * share.high), share.n)


def _name_patterns(
    workspace: Workspace, database: Database, new: Flagger, old: Flagger
) -> tuple[ChangedPattern, ...]:
    changes = count_changes(database, new.flagging, old.flagging)
    dataset = new.flagging.dataset
    known: dict[str, Pattern] = {}
    if changes["cluster_id"].drop_nulls().len():
        found = summarise_patterns(workspace, database, dataset).patterns
        known = {item.cluster_id: item for item in found}
    return tuple(
        ChangedPattern(
            cluster_id,
            known[cluster_id].name if cluster_id in known else NO_PATTERN,
            known[cluster_id].label if cluster_id in known else None,
            flagged,
            passed,
        )
        for cluster_id, flagged, passed in changes.rows()
    )
