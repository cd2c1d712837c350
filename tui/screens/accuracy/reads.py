"""What the accuracy screen reads: counts first, then what takes longer, the rest once looked at."""

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from tui.frame.calls import Calls
from tui.frame.messages import AccuracyPartRead, AccuracyRead, JudgedRead
from tui.frame.snapshot import Snapshot
from tui.keys.keymap import Keymap
from tui.screens.accuracy.look import LISTING, Look
from tui.screens.accuracy.views import (
    AccuracyView,
    Alarms,
    CurveView,
    Grid,
    Judge,
    JudgedDataset,
    PairView,
    Part,
    RowGroup,
    Side,
    SliceView,
    Wanted,
    first_place,
)
from tui.screens.work_screen import WorkScreen

if TYPE_CHECKING:
    from store.evaluation_rows import JudgedRow
    from tui.screens.accuracy.desk import AccuracyDesk


class AccuracyReads(WorkScreen):
    """Figures of one dataset and what is looked at in them; `show_look` shows what was read."""

    SCOPE = "accuracy"

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap) -> None:
        super().__init__(workspace_name, calls, keymap)
        self.look = Look()
        self.datasets: tuple[JudgedDataset, ...] | None = None
        self.view: AccuracyView | None = None
        self._parts: dict[Wanted, Part] = {}  # since the figures last changed
        self._stamp = ""

    @property
    def desk(self) -> "AccuracyDesk | None":
        """What figures and rows come from, once the session is there."""
        return self.session.accuracy if self.session is not None else None

    def show_look(self) -> None:
        """Show what is looked at, as far as it was read."""
        raise NotImplementedError

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Read the figures again where they may have changed."""
        desk = self.desk
        if desk is not None and snapshot.figures != self._stamp:
            self._stamp = snapshot.figures
            self.read("datasets", lambda: JudgedRead(desk.datasets()))

    def on_judged_read(self, message: JudgedRead) -> None:
        """Stay at the dataset and detectors that were looked at, where they still are."""
        self.datasets = message.datasets
        self._parts.clear()
        self.view = None
        self.go_to_dataset(self.look.dataset)

    def go_to_dataset(self, name: str) -> None:
        """Look at a dataset, or at the first where there is none of that name."""
        names = [item.dataset for item in self.datasets or ()]
        if names:
            dataset = name if name in names else names[0]
            self.look = replace(self.look, dataset=dataset, place=None, is_inside=False, line=0)
            ids = [judge.detector_id for judge in self.judges]
            if self.look.detector not in ids:
                self.look = replace(self.look, detector=ids[0])
            if self.look.marked not in ids:
                self.look = replace(self.look, marked="")
            desk, judged = self.desk, self.dataset
            if desk is not None and judged is not None:
                self.read("figures", lambda: AccuracyRead(desk.counted(judged)))
        self.show_look()

    def on_accuracy_read(self, message: AccuracyRead) -> None:
        """Show the counts, then read what takes longer; show that once it is there."""
        view, desk = message.view, self.desk
        if view.dataset != self.look.dataset:
            return
        self.view = view
        if not view.is_whole and view.scores and desk is not None:
            self.read("figures", lambda: AccuracyRead(desk.whole(view)))
        self.show_look()
        self.read_part()

    @property
    def dataset(self) -> JudgedDataset | None:
        """The dataset that is looked at."""
        found = (item for item in self.datasets or () if item.dataset == self.look.dataset)
        return next(found, None)

    @property
    def judges(self) -> tuple[Judge, ...]:
        """The detectors judged on it."""
        return self.dataset.judges if self.dataset is not None else ()

    def judge(self, detector_id: str) -> Judge | None:
        """Return one of these."""
        return next((item for item in self.judges if item.detector_id == detector_id), None)

    @property
    def compared(self) -> tuple[Judge, ...]:
        """The chosen detector, after the marked one where two are compared; else nothing."""
        chosen, marked = self.judge(self.look.detector), self.judge(self.look.marked)
        if self.look.view != "compare":
            return (chosen,) if chosen else ()
        return (marked, chosen) if marked and chosen and marked is not chosen else ()

    @property
    def shown_judges(self) -> tuple[Judge, ...]:
        """The detectors that are in the first table: where rows have labels, else all."""
        if self.view is None or self.view.alarms:
            return self.judges
        ids = {scores.detector_id for scores in self.view.scores}
        return tuple(judge for judge in self.judges if judge.detector_id in ids)

    @property
    def grid(self) -> Grid:
        """The groups of rows that are listed, down and across, as far as they were read."""
        if not self.compared or self.view is None:
            return ()
        if self.look.view == "compare":
            sides = cast("tuple[Side, ...]", self._parts.get(self._wanted("sides"), ()))
            return tuple((side,) for side in sides)
        (judge,), view = self.compared, self.view
        found = view.alarms_of(judge.detector_id)
        alarms = ((Alarms(found.threshold, found.flagged),),) if found else ()
        scores = view.scores_of(judge.detector_id)
        if scores is None:
            return alarms
        is_collapsed = self.look.is_collapsed
        return (*alarms, *judge.cells(scores.labels, view.positive, is_collapsed=is_collapsed))

    @property
    def place(self) -> tuple[int, int]:
        """Where the chosen group lies in the grid."""
        grid = self.grid
        down, across = self.look.place or first_place(grid)
        down = max(0, min(down, len(grid) - 1))
        return down, max(0, min(across, len(grid[down]) - 1)) if grid else 0

    @property
    def group(self) -> RowGroup | None:
        """The chosen group."""
        grid, (down, across) = self.grid, self.place
        return grid[down][across] if grid else None

    @property
    def pair(self) -> PairView | None:
        """The test of the two that are compared, once it was read; None too without any row."""
        return cast("PairView | None", self._parts.get(self._wanted("pair")))

    @property
    def is_pair_read(self) -> bool:
        """Whether that was read; it is where the figures have no test of these two."""
        return self._wanted("pair") in self._parts

    @property
    def rows(self) -> "tuple[JudgedRow, ...] | None":
        """The rows of the chosen group on this page; None while they are not read."""
        has_rows = self.group is not None and self.group.count
        found = self._parts.get(self._wanted_rows) if has_rows else ()
        return cast("tuple[JudgedRow, ...] | None", found)

    @property
    def curve(self) -> CurveView | None:
        """The chosen detector's curve, once it was read."""
        return cast("CurveView | None", self._parts.get(self._wanted("curve")))

    @property
    def slices(self) -> tuple[SliceView, ...] | None:
        """The chosen detector's slices, once they were read."""
        return cast("tuple[SliceView, ...] | None", self._parts.get(self._wanted("slices")))

    def _wanted(self, what: str) -> Wanted:
        return Wanted(what, tuple(judge.evaluation_id for judge in self.compared))  # type: ignore[arg-type]

    @property
    def _wanted_rows(self) -> Wanted:
        return replace(self._wanted("rows"), group=self.group, page=self.look.page)

    def read_part(self) -> None:
        """Read what the view takes and was not read yet."""
        desk, wanted, judges = self.desk, self._missing(), self.compared
        if desk is None or wanted is None or not judges:
            return
        dataset, detector = self.look.dataset, judges[-1].detector_id

        def part() -> Part:
            if wanted.what == "sides":
                return desk.sides(judges)
            if wanted.what == "pair":
                return desk.pair(dataset, judges)
            if wanted.what == "rows":
                assert wanted.group is not None
                return desk.rows(judges, wanted.group, wanted.page)
            if wanted.what == "curve":
                return desk.curve(dataset, detector)
            return desk.slices(dataset, detector)

        self.read("part", lambda: AccuracyPartRead(wanted, part()))

    def _missing(self) -> Wanted | None:
        view, wanted = self.look.view, []
        if view == "curves":
            wanted = [self._wanted("curve")]
        elif view == "slices":
            wanted = [self._wanted("slices")]
        elif view == "compare":
            wanted = [self._wanted("sides")]
        if view in LISTING and self.group is not None and self.group.count:
            wanted.append(self._wanted_rows)
        if view == "compare" and not self._is_tested:
            wanted.append(self._wanted("pair"))
        return next((item for item in wanted if item not in self._parts), None)

    @property
    def _is_tested(self) -> bool:
        """Whether the figures have a test of the two that are compared, or will have it."""
        view, compared = self.view, self.compared
        if view is None or not view.is_whole or not compared:
            return True
        pair = view.pair_of(*(judge.detector_id for judge in compared))
        return pair is not None and pair.seeds == 1

    def on_accuracy_part_read(self, message: AccuracyPartRead) -> None:
        """Show a part, and read what it leads to."""
        self._parts[message.wanted] = message.part
        self.show_look()
        self.read_part()

    def change(self, **changes: object) -> None:
        """Look at something else, and read what that takes."""
        self.look = replace(self.look, **changes)  # type: ignore[arg-type]
        self.show_look()
        self.read_part()
