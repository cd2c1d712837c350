"""The rounds of the loop on a dataset, each with what it found and what came of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from pydantic import TypeAdapter

from engine.statistics.estimate import Estimate
from engine.statistics.measures import wilson
from engine.statistics.promotion import Verdict
from store.database.connection import Database
from store.detectors import list_contestants
from store.errors import UnknownName
from store.observed import list_selections
from store.rounds import Round, Traffic, count_keys, count_traffic, finish_round, list_rounds
from tui.services.errors import NothingToDo
from tui.services.results.flagger_names import GUARD
from tui.services.results.patterns import summarise_patterns
from tui.services.results.recall import read_recall
from tui.services.results.shadow import Shadow, read_shadow
from tui.services.workspace import Workspace

METHOD: Final = (
    "interventions: flagged of all that the guard let pass or flagged in the round, Wilson; "
    "precision and false alarms: labelled patterns of the round, weighted by their rows; recall: "
    "the round's sample of what passed"
)


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """What a round found of the deployed detector, and what was made of it.

    Of `records` in the round `flagged` were interventions: `per_1000` of 1,000. `false_alarms` are
    of 1,000 records, too; `precision` and `recall` are those of the deployed one. `keys` were
    pressed in `minutes` by `annotators`. `verdict` and `notes` are those
    of the shadow, None before it.
    """

    records: int
    flagged: int
    per_1000: Estimate | None
    precision: Estimate | None
    recall: Estimate | None
    false_alarms: Estimate | None
    keys: int
    minutes: float
    annotators: tuple[str, ...]
    verdict: Verdict | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoundResult:
    """A round with its figures so far; `deployed` and `successor` are names of detectors.

    `deployed` is "guard" where it is known by its log alone.
    """

    number: int
    deployed: str
    successor: str | None
    is_finished: bool
    figures: RoundFigures


@dataclass(frozen=True, slots=True)
class Rounds:
    """The rounds of a dataset in their order."""

    dataset: str
    rounds: tuple[RoundResult, ...]
    method: str = METHOD


def read_rounds(workspace: Workspace, database: Database, dataset: str) -> Rounds:
    """The rounds of a dataset; what is finished has the figures that it had then."""
    names = {item.detector_id: item.name for item in list_contestants(database)}
    names[GUARD] = GUARD
    return Rounds(
        dataset,
        tuple(
            RoundResult(
                number=turn.number,
                deployed=names.get(turn.old_detector_id, turn.old_detector_id),
                successor=names.get(turn.new_detector_id or ""),
                is_finished=turn.finished_at is not None,
                figures=_restore(turn.figures)
                if turn.figures is not None
                else measure_round(workspace, database, turn),
            )
            for turn in list_rounds(database, dataset)
        ),
    )


def close_round(workspace: Workspace, database: Database, turn: Round) -> Round:
    """Keep a round's figures; they stay as they are, whatever is labelled later."""
    finish_round(database, turn, asdict(measure_round(workspace, database, turn)))
    return next(item for item in list_rounds(database, turn.dataset) if item.number == turn.number)


def measure_round(workspace: Workspace, database: Database, turn: Round) -> RoundFigures:
    """What a round has found by now."""
    traffic, keys = count_traffic(database, turn), count_keys(database, turn)
    patterns = (
        summarise_patterns(workspace, database, turn.dataset, turn.patterns_id)
        if turn.patterns_id
        else None
    )
    share = patterns.precision if patterns else None
    shadow = _shadow(workspace, database, turn)
    return RoundFigures(
        records=traffic.records,
        flagged=traffic.flagged,
        per_1000=_of_1000(wilson(traffic.flagged, traffic.records), 1),
        precision=share,
        recall=_recall(workspace, database, turn),
        false_alarms=_false_alarms(share, traffic),
        keys=keys.actions,
        minutes=keys.minutes,
        annotators=keys.annotators,
        verdict=shadow.verdict if shadow else None,
        notes=shadow.notes if shadow else (),
    )


def _shadow(workspace: Workspace, database: Database, turn: Round) -> Shadow | None:
    """The successor beside the deployed detector; None before both ran."""
    if turn.new_detector_id is None:
        return None
    try:
        return read_shadow(
            workspace, database, turn.dataset, turn.new_detector_id, turn.old_detector_id
        )
    except (NothingToDo, UnknownName):  # it is not trained, or did not run there yet
        return None


def _recall(workspace: Workspace, database: Database, turn: Round) -> Estimate | None:
    samples = {item.selection_id: item for item in list_selections(database, turn.dataset)}
    sample = samples.get(turn.recall_id or "")
    return read_recall(workspace, database, turn.old_detector_id, sample).recall if sample else None


def _false_alarms(precision: Estimate | None, traffic: Traffic) -> Estimate | None:
    """False alarms of 1,000 records, by how many interventions are right."""
    if precision is None or precision.interval is None:
        return None
    wrong = Estimate(1 - precision.value, (1 - precision.high, 1 - precision.low), precision.n)
    return _of_1000(wrong, traffic.flagged / traffic.records)


def _of_1000(share: Estimate | None, part: float) -> Estimate | None:
    """A share of a part of all, as how many of 1,000."""
    if share is None or share.interval is None:
        return None
    factor = 1000 * part
    return Estimate(factor * share.value, (factor * share.low, factor * share.high), share.n)


def _restore(kept: Mapping[str, Any]) -> RoundFigures:
    return TypeAdapter(RoundFigures).validate_python(kept)
