"""How good detectors are: measures, two compared, the rows where they err, curves, slices."""

from functools import partial
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from store.counting import counted
from tui.keys.bindings import bindings
from tui.screens.accuracy.base import CURVES, AccuracyBase
from tui.screens.accuracy.look import LISTING, VIEWS
from tui.screens.accuracy.row_dialog import RowDialog
from tui.screens.accuracy.views import ROWS_SHOWN, Alarms
from tui.screens.accuracy.wording import EVALUATE, NOT_MARKED, describe_copied
from tui.screens.dialogs.prompt import Prompt


class AccuracyScreen(AccuracyBase):
    """What the keys of the accuracy screen do."""

    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("accuracy")]

    def action_move(self, by: int) -> None:
        """Choose another line of what is listed; beside curves, another detector."""
        look = self.look
        if look.view in LISTING and look.is_inside:
            self._move_to_row(look.row + by)
        elif look.view in LISTING:
            self._move_to_group(by, 0)
        elif look.view == "slices":
            self.change(line=max(0, min(look.line + by, len(self.slices or ()) - 1)))
        else:
            self._move_to_detector(by, around=False)

    def _move_to_group(self, down: int, across: int) -> None:
        """Choose the group so far away, or the last in that direction."""
        grid, place = self.grid, self.place
        if grid:
            at = max(0, min(place[0] + down, len(grid) - 1))
            beside = max(0, min(place[1] + across, len(grid[at]) - 1))
            self.change(place=(at, beside), page=0, row=0)

    def _move_to_row(self, place: int) -> None:
        """Go to a row of the page; beyond its end lies the next page, before it the last one."""
        rows, group, page = self.rows or (), self.group, self.look.page
        if place >= len(rows) == ROWS_SHOWN and group and (page + 1) * ROWS_SHOWN < group.count:
            self.change(page=page + 1, row=0)
        elif place < 0 < page:
            self.change(page=page - 1, row=ROWS_SHOWN - 1)
        else:
            self.change(row=max(0, min(place, len(rows) - 1)))

    def _move_to_detector(self, by: int, *, around: bool) -> None:
        ids = [judge.detector_id for judge in self.shown_judges]
        if not ids:
            return
        place = ids.index(self.look.detector) + by if self.look.detector in ids else 0
        place = place % len(ids) if around else max(0, min(place, len(ids) - 1))
        self.change(detector=ids[place], place=None, page=0, row=0, line=0, is_inside=False)

    def action_next_detector(self) -> None:
        """Look at the next detector in the same way; not at the marked one, compared to itself."""
        self._move_to_detector(1, around=True)
        if self.look.view == "compare" and self.look.detector == self.look.marked:
            self._move_to_detector(1, around=True)

    def action_next_benchmark(self) -> None:
        """Show the next dataset."""
        names = [item.dataset for item in self.datasets or ()]
        if len(names) == 1:
            self.say(f"Detectors were judged on this one only. Others: {EVALUATE}", is_warning=True)
        elif names:
            self.view = None
            self.go_to_dataset(names[(names.index(self.look.dataset) + 1) % len(names)])

    def action_next_view(self) -> None:
        """Show the next view, and in the end the measures again."""
        place = VIEWS.index(self.look.view)
        self._show_view(VIEWS[(place + 1) % len(VIEWS)])

    def _show_view(self, view: str) -> None:
        self.say("")
        self.change(view=view, place=None, page=0, row=0, is_inside=False)

    def action_back(self) -> None:
        """Leave the rows for their groups, and any view for the measures."""
        if self.look.is_inside:
            self.change(is_inside=False)
        else:
            self._show_view("measures")

    def action_mark(self) -> None:
        """Mark the chosen detector, or take its mark away."""
        judge = self.judge(self.look.detector)
        if judge is None:
            return
        if self.look.marked == judge.detector_id:
            self.change(marked="")
            self.say("The mark is taken away.")
        elif len(self.judges) == 1:
            self.say(f"There is no other detector to compare with: {EVALUATE}", is_warning=True)
        else:
            self.change(marked=judge.detector_id)
            key = self.keymap.shown("accuracy.view")
            self.say(f"Marked {judge.detector}. Choose another, then {key} compares the two.")

    def action_collapse(self) -> None:
        """Show all labels, or only positive and negative."""
        if self.look.view == "compare":
            self.say("Two are compared by positive and negative only.", is_warning=True)
            return
        changed = not self.look.is_collapsed
        self.change(is_collapsed=changed, place=None, page=0, row=0, is_inside=False)

    def action_turn(self, by: int) -> None:
        """Go along a row of the matrix; show another curve, where one at a time is shown."""
        look = self.look
        if look.view == "rows" and not look.is_inside:
            self._move_to_group(0, by)
        elif look.view != "curves":
            self.say("That is for the matrix of rows, and for curves.", is_warning=True)
        elif not self.is_narrow:
            self.say("All curves are shown.")
        else:
            self.change(curve=(look.curve + by) % len(CURVES))

    def action_open(self) -> None:
        """Show the chosen detector's rows; go into a group; open a row of it."""
        look, rows = self.look, self.rows or ()
        if look.view not in LISTING:
            self._show_view("rows")
        elif not self.compared:
            key = self.keymap.shown("accuracy.mark")
            self.say(NOT_MARKED.format(key=key), is_warning=True)
        elif self.group is None:
            self.say("The rows are still being counted.", is_warning=True)
        elif not self.group.count:
            self.say("There is no such row.", is_warning=True)
        elif not look.is_inside:
            self.change(is_inside=True, row=0)
        elif rows:
            names = [judge.detector for judge in self.compared]
            place = min(look.row, len(rows) - 1)
            dialog = RowDialog(rows, place, names, self.labels, self.keymap)
            self.app.push_screen(dialog, self._come_back)

    def _come_back(self, place: int | None) -> None:
        if place is not None:
            self.change(row=place)

    async def action_copy_seeds(self) -> None:
        """Ask for a name, then copy the chosen row, or all rows of the group, as new seeds."""
        desk, group, judges, rows = self.desk, self.group, self.compared, self.rows or ()
        dataset = self.look.dataset
        if desk is None or group is None or self.look.view not in LISTING:
            key = self.keymap.shown("accuracy.open")
            self.say(f"Choose rows first: {key} lists those of the detector.", is_warning=True)
            return
        if await self.write(lambda: desk.check_copyable(dataset)) is None:
            return
        if self.look.is_inside and rows:
            ids: list[str] | None = [rows[min(self.look.row, len(rows) - 1)].sample_id]
        else:
            ids = await self.write(lambda: desk.row_ids(judges, group))
        if not ids:
            self.say("There is no such row.", is_warning=True)
            return
        text = f"Copy {counted(len(ids), 'row')} with their labels as new seeds into the dataset:"
        kind = "flagged" if isinstance(group, Alarms) else "errors"
        prompt = Prompt(
            "New seeds", Content(text), self.keymap, begin_with=f"{kind}-{dataset}"
        )  # fmt: skip
        self.app.push_screen(prompt, partial(self._copy, dataset, ids))

    async def _copy(self, dataset: str, sample_ids: list[str], name: str | None) -> None:
        session = self.session
        if name is None or session is None:
            return
        report = await self.write(
            lambda: session.copy_as_seeds(dataset, sample_ids, name.strip())
        )  # fmt: skip
        if report is not None:
            self.say(describe_copied(name.strip(), report.new, len(sample_ids)))
