"""What the accuracy screen asks of the store: to be called in threads, over an owned workspace."""

from collections.abc import Sequence

from store.database.connection import Database
from store.datasets import list_datasets
from store.detectors import find_contestant
from store.evaluation_rows import (
    JudgedRow,
    cell_row_ids,
    count_outcomes,
    outcome_row_ids,
    read_judged_rows,
)
from store.evaluations import flagged_rows, list_evaluations
from tui.screens.accuracy.figures import (
    view_alarms,
    view_curve,
    view_pair,
    view_scores,
    view_slice,
    view_spread,
)
from tui.screens.accuracy.views import (
    ROWS_SHOWN,
    AccuracyView,
    Alarms,
    Cell,
    CurveView,
    Judge,
    JudgedDataset,
    PairView,
    RowGroup,
    Side,
    SliceView,
)
from tui.services.files.seed_copies import require_copyable
from tui.services.results.alarms import alarm_figures
from tui.services.results.comparison import comparison_figures, counted_figures, single_pair_figures
from tui.services.results.slices import slice_figures
from tui.services.results.thresholds import threshold_figures
from tui.services.workspace import Workspace


class AccuracyDesk:
    """Reads figures and rows of evaluations. Methods block; any thread may call them."""

    def __init__(self, workspace: Workspace, database: Database) -> None:
        self._workspace = workspace
        self._database = database

    def datasets(self) -> tuple[JudgedDataset, ...]:
        """Return the datasets that detectors were judged on, by name."""
        roles = {item.dataset: item.roles for item in list_datasets(self._database)}
        judges: dict[str, list[Judge]] = {}
        for item in list_evaluations(self._database):
            judge = Judge(
                item.detector_id, item.detector, item.evaluation_id, item.n, item.confusion
            )
            judges.setdefault(item.dataset, []).append(judge)
        return tuple(
            JudgedDataset(name, roles.get(name, ()), tuple(judges[name])) for name in sorted(judges)
        )

    def counted(self, dataset: JudgedDataset) -> AccuracyView:
        """Return what counts alone give, which is there at once."""
        workspace, database, name = self._workspace, self._database, dataset.dataset
        is_production = "production" in dataset.roles
        alarms = alarm_figures(workspace, database, name) if is_production else []
        return AccuracyView(
            name,
            tuple(sorted(workspace.task.positives)),
            tuple(view_scores(row) for row in counted_figures(workspace, database, name)),
            tuple(view_alarms(row) for row in alarms),
        )

    def whole(self, counted: AccuracyView) -> AccuracyView:
        """Return the same with areas, calibration, tests of pairs and the spread over seeds."""
        figures = comparison_figures(self._workspace, self._database, counted.dataset)
        return AccuracyView(
            counted.dataset,
            counted.positive,
            tuple(view_scores(row) for row in figures["rows"]),
            counted.alarms,
            tuple(view_pair(pair) for pair in figures["pairs"]),
            tuple(view_spread(recipe) for recipe in figures["recipes"]),
            is_whole=True,
        )

    def sides(self, judges: Sequence[Judge]) -> tuple[Side, ...]:
        """Return how often the first of two, the second, neither and both are right."""
        first, second = judges
        counts = count_outcomes(
            self._database, first.evaluation_id, second.evaluation_id,
            self._workspace.task.positives,
        )  # fmt: skip
        outcomes = ((True, False), (False, True), (False, False), (True, True))
        return tuple(Side(*outcome, counts.get(outcome, 0)) for outcome in outcomes)

    def pair(self, dataset: str, judges: Sequence[Judge]) -> PairView | None:
        """Return the test of two detectors, each for itself; None where no row was judged by both.

        Its p is not corrected.
        """
        ids = [judge.detector_id for judge in judges]
        found = single_pair_figures(self._workspace, self._database, dataset, ids)
        return view_pair(found[0]) if found else None

    def rows(self, judges: Sequence[Judge], group: RowGroup, page: int) -> tuple[JudgedRow, ...]:
        """Return a page of a group's rows, the most certain first, as these detectors saw them."""
        ids = self._row_ids(judges, group, ROWS_SHOWN, page * ROWS_SHOWN)
        found = read_judged_rows(self._database, [judge.evaluation_id for judge in judges], ids)
        return tuple(found)

    def row_ids(self, judges: Sequence[Judge], group: RowGroup) -> list[str]:
        """Return the ids of all rows of a group."""
        return self._row_ids(judges, group, group.count, 0)

    def _row_ids(
        self, judges: Sequence[Judge], group: RowGroup, limit: int, offset: int
    ) -> list[str]:
        positives = self._workspace.task.positives
        names = [judge.evaluation_id for judge in judges]
        if isinstance(group, Cell):
            return cell_row_ids(
                self._database, names[0], group.truth, group.predicted, limit=limit, offset=offset
            )
        if isinstance(group, Alarms):
            flagged = flagged_rows(
                self._database, names[0], positives, threshold=group.threshold, limit=limit,
                offset=offset,
            )  # fmt: skip
            return [row.sample_id for row in flagged]
        outcome = group.first_right, group.second_right
        return outcome_row_ids(
            self._database, names[0], names[1], positives, outcome, limit=limit, offset=offset
        )

    def curve(self, dataset: str, detector_id: str) -> CurveView:
        """Return a detector's measures against its threshold."""
        detector = find_contestant(self._database, detector_id)
        return view_curve(threshold_figures(self._workspace, self._database, detector, dataset))

    def slices(self, dataset: str, detector_id: str) -> tuple[SliceView, ...]:
        """Return where a detector errs, the worst first."""
        figures = slice_figures(self._workspace, self._database, dataset, detector_id)
        return tuple(view_slice(row) for row in figures)

    def check_copyable(self, dataset: str) -> bool:
        """Return that rows of a dataset may become seeds. Raises ImportRefused where not."""
        require_copyable(self._database, dataset)
        return True
