"""What is done to a dataset: each says first what goes with it, and asks."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from store.counting import counted
from tui.keys.keymap import Keymap
from tui.screens.data.roles_dialog import RolesDialog
from tui.screens.data.value_dialog import ValueDialog
from tui.screens.dialogs.confirm import Confirm
from tui.screens.dialogs.prompt import Prompt
from tui.screens.work_screen import WorkScreen
from tui.services.inert import one_line

if TYPE_CHECKING:
    from tui.screens.data.desk import DataDesk
    from tui.services.results.datasets import DatasetDetail


class DatasetActions:
    """Changes one dataset, for a screen. Each action runs in a worker, for it waits for dialogs."""

    def __init__(self, screen: WorkScreen, keymap: Keymap, labels: list[str]) -> None:
        self._screen = screen
        self._asking = screen.asking
        self._keymap = keymap
        self._labels = labels

    async def remove(self, desk: "DataDesk", item: "DatasetDetail") -> bool:
        """Remove a dataset; whether it was."""
        text = (
            f"{counted(item.hanging.rows, 'row')} would go, and {_hanging(item, 'with them')}"
            "Their evaluations go too; detectors and the files themselves stay."
        )
        if not await self._agree(f"Remove {one_line(item.dataset)}?", text):
            return False
        return await self._do(partial(desk.remove, item.dataset))

    async def rename(self, desk: "DataDesk", item: "DatasetDetail") -> bool:
        """Give a dataset another name; whether that was done."""
        text = Content(f"Another name for {one_line(item.dataset)}. {_hanging(item, 'stay')}")
        prompt = Prompt("Rename", text, self._keymap, begin_with=item.dataset)
        name = await self._screen.app.push_screen_wait(prompt)
        if not name or name.strip() == item.dataset:
            return False
        return await self._do(partial(desk.rename, item.dataset, name.strip()))

    async def change_roles(self, desk: "DataDesk", item: "DatasetDetail") -> bool:
        """Give a dataset other roles; whether that was done."""
        title = f"Roles of {one_line(item.dataset)}"
        roles = await self._screen.app.push_screen_wait(
            RolesDialog(title, item.roles, self._keymap)
        )
        if roles is None or set(roles) == set(item.roles):
            return False
        return await self._do(partial(desk.change_roles, item.dataset, roles))

    async def relabel(self, desk: "DataDesk", item: "DatasetDetail") -> bool:
        """Give rows other labels, by those that they have; whether that was done."""
        values = [(label or "", label or "none", rows) for label, rows in item.labels]
        text = f"Another label for all rows that have one. {_hanging(item, 'stay')}"
        dialog = ValueDialog(
            f"Relabel {one_line(item.dataset)}", text, values, self._labels, {}, self._keymap,
            unchanged="as it is",
        )  # fmt: skip
        label_map = await self._screen.app.push_screen_wait(dialog)
        changed = {old: new for old, new in (label_map or {}).items() if old != new}
        if not changed:
            return False
        rows = sum(rows for label, _, rows in values if label in changed)
        text = (
            f"{counted(rows, 'row')} would get another label. Evaluations are then about the new "
            "ones, and clusters count their seeds by them."
        )
        if not await self._agree(f"Relabel {one_line(item.dataset)}?", text):
            return False
        return await self._do(partial(desk.relabel, item.dataset, changed))

    async def _agree(self, question: str, text: str) -> bool:
        dialog = Confirm(question, Content(text), self._keymap)
        is_agreed: bool = await self._screen.app.push_screen_wait(dialog)
        return is_agreed

    async def _do(self, call: Callable[[], list[str]]) -> bool:
        lines = await self._asking.write(call)
        if lines is not None:
            self._screen.say(" ".join(lines))
        return lines is not None


def _hanging(item: "DatasetDetail", what: str) -> str:
    """What hangs on a dataset, and what becomes of it."""
    hanging = item.hanging
    if not hanging.questions:
        return "no question was written from them. " if what == "with them" else ""
    made = (
        f"{counted(hanging.questions, 'question')} and {counted(hanging.answers, 'answer')}, "
        f"{hanging.labelled:,} of them labelled"
    )
    if what == "with them":
        return f"with them {made}, and the decisions on those. "
    return f"{made}, hang on its rows and stay."
