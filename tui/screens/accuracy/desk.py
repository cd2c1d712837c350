"""What the accuracy screen asks of the store. Methods block; any thread may call them."""

from collections.abc import Sequence
from dataclasses import replace

from engine.statistics.lengths import LengthGrid
from engine.statistics.slices import Slice
from store.database.connection import Database
from store.datasets import list_datasets
from store.detectors import find_contestant
from store.evaluation_rows import (
    EvaluatedRow,
    cell_row_ids,
    count_outcomes,
    outcome_row_ids,
    read_evaluated_rows,
)
from store.evaluations import flagged_rows, list_evaluations
from tui.screens.accuracy.against import Against
from tui.screens.accuracy.groups import Cell, Flagged, Listing, Side
from tui.screens.accuracy.views import DatasetScores, EvaluatedDataset, EvaluatedDetector
from tui.services.files.seed_copies import require_copyable
from tui.services.results.alarms import count_alarms
from tui.services.results.comparison import (
    compare_counts,
    compare_scores,
    compare_with,
)
from tui.services.results.lengths import read_length_grid
from tui.services.results.slices import slice_evaluation
from tui.services.results.thresholds import ThresholdCurve, read_threshold
from tui.services.workspace import Workspace


class AccuracyDesk:
    """The evaluations of a workspace: scores, and the rows that they are of."""

    def __init__(self, workspace: Workspace, database: Database) -> None:
        self._workspace = workspace
        self._database = database

    def datasets(self) -> tuple[EvaluatedDataset, ...]:
        """The datasets that detectors were evaluated on, by name."""
        roles = {item.dataset: item.roles for item in list_datasets(self._database)}
        detectors: dict[str, list[EvaluatedDetector]] = {}
        for item in list_evaluations(self._database):
            detector = EvaluatedDetector(
                item.detector_id, item.detector, item.evaluation_id, item.n, item.confusion
            )
            detectors.setdefault(item.dataset, []).append(detector)
        return tuple(
            EvaluatedDataset(name, roles.get(name, ()), tuple(detectors[name]))
            for name in sorted(detectors)
        )

    def counted(self, dataset: EvaluatedDataset) -> DatasetScores:
        """What counts alone give, which is there at once."""
        workspace, database, name = self._workspace, self._database, dataset.dataset
        is_production = "production" in dataset.roles
        alarms = count_alarms(workspace, database, name) if is_production else ()
        return DatasetScores(compare_counts(workspace, database, name), alarms)

    def complete(self, counted: DatasetScores) -> DatasetScores:
        """The same with measures of probabilities and the spread over seeds."""
        name = counted.comparison.benchmark
        comparison = compare_scores(self._workspace, self._database, name)
        return replace(counted, comparison=comparison, is_complete=True)

    def sides(self, detectors: Sequence[EvaluatedDetector]) -> tuple[Side, ...]:
        """How often only the first of two is right, only the second, neither and both."""
        first, second = detectors
        counts = count_outcomes(
            self._database, first.evaluation_id, second.evaluation_id,
            self._workspace.task.positives,
        )  # fmt: skip
        outcomes = ((True, False), (False, True), (False, False), (True, True))
        return tuple(Side(*outcome, counts.get(outcome, 0)) for outcome in outcomes)

    def against(self, dataset: EvaluatedDataset, marked: EvaluatedDetector) -> Against:
        """How far all detectors on a dataset are from the marked one."""
        found = compare_with(self._workspace, self._database, dataset.dataset, marked.detector_id)
        return Against(marked.detector_id, found)

    def rows(self, listing: Listing, first: int, limit: int) -> tuple[EvaluatedRow, ...]:
        """Rows of a group from a place on, the most certain first."""
        ids = self._row_ids(listing, first, limit)
        names = [item.evaluation_id for item in listing.detectors]
        return tuple(read_evaluated_rows(self._database, names, ids))

    def row_ids(self, listing: Listing) -> list[str]:
        """The ids of all rows of a group."""
        return self._row_ids(listing, 0, listing.group.count)

    def _row_ids(self, listing: Listing, first: int, limit: int) -> list[str]:
        positives, group = self._workspace.task.positives, listing.group
        names = [item.evaluation_id for item in listing.detectors]
        if isinstance(group, Cell):
            return cell_row_ids(
                self._database, names[0], group.truth, group.predicted, limit=limit, offset=first
            )
        if isinstance(group, Flagged):
            flagged = flagged_rows(
                self._database, names[0], positives, threshold=group.threshold, limit=limit,
                offset=first,
            )  # fmt: skip
            return [row.sample_id for row in flagged]
        outcome = group.first_right, group.second_right
        return outcome_row_ids(
            self._database, names[0], names[1], positives, outcome, limit=limit, offset=first
        )

    def curves(
        self, dataset: EvaluatedDataset, detectors: Sequence[EvaluatedDetector]
    ) -> dict[str, ThresholdCurve]:
        """Detectors' measures against their thresholds, by detector_id."""
        return {
            item.detector_id: read_threshold(
                self._workspace,
                self._database,
                find_contestant(self._database, item.detector_id),
                dataset.dataset,
            )
            for item in detectors
        }

    def slices(self, dataset: EvaluatedDataset, detector: EvaluatedDetector) -> tuple[Slice, ...]:
        """Where a detector errs, the worst first."""
        name, detector_id = dataset.dataset, detector.detector_id
        return slice_evaluation(self._workspace, self._database, name, detector_id)

    def lengths(self, dataset: EvaluatedDataset, detector: EvaluatedDetector) -> LengthGrid | None:
        """A detector's areas by the lengths of both texts; None of single texts."""
        name, detector_id = dataset.dataset, detector.detector_id
        return read_length_grid(self._workspace, self._database, name, detector_id)

    def check_copyable(self, dataset: EvaluatedDataset) -> bool:
        """That rows of a dataset may become seeds. Raises ImportRefused if not."""
        require_copyable(self._workspace.task, self._database, dataset.dataset)
        return True
