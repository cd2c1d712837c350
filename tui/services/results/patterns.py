"""Patterns of production with what they are by decisions, and how precise the guard was."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from engine.statistics.cluster_share import ClusterShare, ReadCluster, measure_share
from engine.statistics.estimate import Estimate
from store.cluster_states import ClusterState, read_states
from store.database.connection import Database
from store.observed import Selection, list_selections
from store.patterns import PatternRow, Traffic, count_told, read_audited, read_patterns
from tui.services.inert import one_line
from tui.services.results.alarms import count_alarms
from tui.services.results.clusters import Representative
from tui.services.workspace import Workspace

Said = Literal["flagged", "passed"]
Finding = Literal["right", "false alarm", "miss"]

UNNAMED_WIDTH: Final = 40  # characters of the representative, where a pattern has no terms
METHOD: Final = (
    "precision: share of flagged rows that are positive, patterns weighted by their size (Hájek), "
    "with Wilson's 95 % interval at Kish's effective n"
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern: what the guard said of its rows, and what it is by decisions.

    `said` is None where neither a guard nor a detector said anything. `meant` is the label that
    this stands for, `label` the decided one; both make the `finding`. `flagged` counts the rows
    that were flagged, `audited` members that were read beside the representative. `false_alarms`
    is how many of 1,000 rows of traffic are such false alarms, None of other patterns. `name` is
    what an LLM called it, or its terms, or how its representative begins: text to be shown inert.
    """

    cluster_id: str
    selection_id: str
    name: str
    title: str | None
    terms: tuple[str, ...]
    size: int
    flagged: int
    said: Said | None
    guards: tuple[str, ...]
    meant: str
    decision: str | None
    label: str | None
    annotator: str | None
    finding: Finding | None
    audited: int
    false_alarms: float | None
    representative: Representative


@dataclass(frozen=True, slots=True)
class Patterns:
    """The patterns of a dataset, the largest first, and the precision of what flagged its rows.

    `traffic` counts rows that were flagged or passed, `flagged` those flagged, of which `selected`
    are in patterns and `decided` in labelled ones. `precision` is over the decided ones, and taken
    to hold of all that were flagged; it rests on `read` rows, `audited` of them members that an
    audit drew, with `effective_n`; None before a pattern is labelled. `false_alarms` are of 1,000
    rows of traffic, by that precision. `guard` is the detector that flagged them, None where it is
    what the log names. All figures are of the selections that the same guard judged as the newest.
    """

    dataset: str
    guard: str | None
    traffic: int
    flagged: int
    selected: int
    decided: int
    precision: Estimate | None
    read: int
    audited: int
    effective_n: float | None
    false_alarms: Estimate | None
    method: str
    patterns: tuple[Pattern, ...]

    @property
    def undecided(self) -> int:
        """Flagged rows that are in patterns and wait for a label."""
        return self.selected - self.decided


def summarise_patterns(
    workspace: Workspace, database: Database, dataset: str, selection_id: str | None = None
) -> Patterns:
    """The patterns of a dataset, or of one of its selections."""
    selections = {
        item.selection_id: item
        for item in list_selections(database, dataset)
        if item.purpose == "patterns" and selection_id in (None, item.selection_id)
    }
    rows = [row for row in read_patterns(database, dataset) if row.selection_id in selections]
    ids = [row.cluster_id for row in rows]
    states = read_states(database, ids)
    detector_id = _newest_detector(list(selections.values()))
    traffic, guard = _count_traffic(workspace, database, dataset, detector_id)
    positives = workspace.task.positives
    flagged = [
        row
        for row in rows
        if row.told
        and row.predicted_label in positives
        and selections[row.selection_id].settings.get("detector_id") == detector_id
    ]
    audited = _group(read_audited(database, ids))
    decided = [row for row in flagged if _label(states, row) is not None]
    found = measure_share(
        [
            ReadCluster(
                row.told,
                _label(states, row) in positives,
                tuple(label in positives for label in audited[row.cluster_id]),
            )
            for row in decided
        ]
    )
    selected = sum(row.told for row in flagged)
    scale = 1000 * traffic.flagged / traffic.rows if traffic.rows else None
    return Patterns(
        dataset=dataset,
        guard=guard,
        traffic=traffic.rows,
        flagged=traffic.flagged,
        selected=selected,
        decided=sum(row.told for row in decided),
        precision=found.share if found else None,
        read=found.share.n if found else 0,
        audited=found.audited if found else 0,
        effective_n=found.effective_n if found else None,
        false_alarms=_false_alarms(found, scale),
        method=METHOD,
        patterns=tuple(
            _describe(
                row,
                states.get(row.cluster_id, ClusterState()),
                workspace.task.positives,
                len(audited[row.cluster_id]),
                scale / selected if scale is not None and selected else None,
            )
            for row in rows
        ),
    )


def _newest_detector(selections: Sequence[Selection]) -> str | None:
    return selections[-1].settings.get("detector_id") if selections else None


def _count_traffic(
    workspace: Workspace, database: Database, dataset: str, detector_id: str | None
) -> tuple[Traffic, str | None]:
    """What was said of all rows of a dataset, by the log or by a detector of that id and name."""
    if detector_id is None:
        return count_told(database, dataset), None
    alarms = count_alarms(workspace, database, dataset, [detector_id])
    if not alarms:
        return Traffic(0, 0), detector_id
    return Traffic(alarms[0].n - alarms[0].failed, alarms[0].flagged), alarms[0].detector


def _group(audited: Sequence[tuple[str, str]]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for cluster_id, label in audited:
        found[cluster_id].append(label)
    return found


def _label(states: Mapping[str, ClusterState], row: PatternRow) -> str | None:
    state = states.get(row.cluster_id)
    return state.label if state else None


def _false_alarms(found: ClusterShare | None, scale: float | None) -> Estimate | None:
    """False alarms per 1,000 rows; the flagged share is that of all traffic, so it is exact."""
    if found is None or scale is None or found.share.interval is None:
        return None
    low, high = found.share.interval
    limits = (scale * (1 - high), scale * (1 - low))
    return Estimate(scale * (1 - found.share.value), limits, found.share.n)


def _describe(
    row: PatternRow,
    state: ClusterState,
    positives: frozenset[str],
    audited: int,
    per_row: float | None,
) -> Pattern:
    is_flag = row.predicted_label in positives
    said: Said | None = None if not row.told else "flagged" if is_flag else "passed"
    finding = _find(said, state.label, positives)
    return Pattern(
        cluster_id=row.cluster_id,
        selection_id=row.selection_id,
        name=row.title or ", ".join(row.terms) or one_line(row.representative, UNNAMED_WIDTH),
        title=row.title,
        terms=row.terms,
        size=row.size,
        flagged=row.told if is_flag else 0,
        said=said,
        guards=row.guards,
        meant=row.predicted_label,
        decision=state.kind,
        label=state.label,
        annotator=state.annotator,
        finding=finding,
        audited=audited,
        false_alarms=(
            row.told * per_row if finding == "false alarm" and per_row is not None else None
        ),
        representative=Representative(row.representative_id, row.representative),
    )


def _find(said: Said | None, label: str | None, positives: frozenset[str]) -> Finding | None:
    if said is None or label is None:
        return None
    if (said == "flagged") == (label in positives):
        return "right"
    return "false alarm" if said == "flagged" else "miss"
