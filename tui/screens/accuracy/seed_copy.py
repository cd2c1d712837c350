"""Copying listed rows with their labels as new seeds, under a name that the user gives."""

from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from store.counting import counted
from tui.screens.accuracy.groups import Flagged
from tui.screens.accuracy.wording import describe_copied
from tui.screens.dialogs.prompt import Prompt
from tui.screens.work_screen import WorkScreen

if TYPE_CHECKING:
    from tui.frame.session import Session
    from tui.screens.accuracy.desk import AccuracyDesk
    from tui.screens.accuracy.row_list import RowList
    from tui.screens.accuracy.views import EvaluatedDataset


class SeedCopy:
    """Copies rows of one list; its questions and messages appear on the screen."""

    def __init__(self, screen: WorkScreen, session: "Session", desk: "AccuracyDesk") -> None:
        self._screen = screen
        self._session = session
        self._desk = desk

    async def begin(self, dataset: "EvaluatedDataset", rows: "RowList") -> None:
        """Ask for a name for the chosen row, or for all rows of the group."""
        screen, desk, listing = self._screen, self._desk, rows.listing
        if listing is None or not await screen.write(lambda: desk.check_copyable(dataset)):
            return
        ids: list[str] | None = [rows.chosen.sample_id] if rows.chosen else None
        ids = ids or await screen.write(lambda: desk.row_ids(listing))
        if not ids:
            screen.say("There is no such row.", is_warning=True)
            return
        text = f"Copy {counted(len(ids), 'row')} with their labels as new seeds into the dataset:"
        kind = "flagged" if isinstance(listing.group, Flagged) else "errors"
        name = f"{kind}-{dataset.dataset}"
        prompt = Prompt("New seeds", Content(text), screen.keymap, begin_with=name)
        screen.app.push_screen(prompt, partial(self._copy, dataset, ids))

    async def _copy(
        self, dataset: "EvaluatedDataset", sample_ids: list[str], name: str | None
    ) -> None:
        if name is None:
            return
        chosen = name.strip()
        report = await self._screen.write(
            lambda: self._session.copy_as_seeds(dataset.dataset, sample_ids, chosen)
        )
        if report is not None:
            self._screen.say(describe_copied(chosen, report.new, len(sample_ids)))
