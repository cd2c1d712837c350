"""Importing a file: its path, its columns, what its labels mean, and what came of it."""

from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from store.counting import counted
from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.frame.messages import Said
from tui.frame.snapshot import Labels
from tui.keys.keymap import Keymap
from tui.screens.data.import_dialog import ImportDialog
from tui.screens.data.path_dialog import PathDialog
from tui.screens.data.value_dialog import ValueDialog
from tui.screens.data.views import ImportForm
from tui.screens.dialogs.page import Page
from tui.screens.work_screen import WorkScreen
from tui.services.inert import one_line

if TYPE_CHECKING:
    from tui.screens.data.desk import DataDesk
    from tui.services.files.import_preview import ImportPreview


class Importing:
    """Asks, on a screen, what the command's options say, then does the same."""

    def __init__(self, screen: WorkScreen, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        self._screen = screen
        self._calls = calls
        self._asking = Asking(screen, calls)
        self._keymap = keymap
        self._labels = [view.name for view in labels.views]
        self._task = labels
        self._typed = ""

    async def take_in(self, desk: "DataDesk") -> bool:
        """Take a file in; whether one was. Runs in a worker, for it waits for dialogs."""
        app, preview = self._screen.app, await self._ask_path(desk)
        if preview is None:
            return False
        form = await app.push_screen_wait(ImportDialog(preview, self._task, self._keymap))
        label_map = await self._ask_labels(desk, preview, form) if form is not None else None
        if form is None or label_map is None:
            return False
        return await self._import(desk, preview, form, label_map)

    async def _ask_path(self, desk: "DataDesk") -> "ImportPreview | None":
        """What is seen of a file, asked for until it can be read; None to leave."""
        while True:
            path = await self._screen.app.push_screen_wait(
                PathDialog(self._typed, self._calls, self._keymap, complete=desk.complete)
            )
            self._screen.say("")
            if path is None:
                return None
            self._typed = path
            preview = await self._asking.write(partial(desk.preview, path))
            if preview is not None:
                return preview

    async def _ask_labels(
        self, desk: "DataDesk", preview: "ImportPreview", form: ImportForm
    ) -> dict[str, str] | None:
        """What each value of the label column means; nothing if there is none, None to leave."""
        column = form.label_column
        if column is None:
            return {}
        self._screen.say(f"Counting the values of {one_line(column)} …")
        found = await self._asking.write(lambda: desk.label_values(preview.path, column))
        if found is None:
            return None
        self._screen.say("")
        values = []
        for value, rows in found.counts:
            meaning = found.meanings.get(value)
            values.append((value, f"{value} ({meaning})" if meaning else value, rows))
        read = counted(found.rows, "row")
        refused = f" {found.refused:,} have a value that is none." if found.refused else ""
        text = (
            f"What the values of {one_line(column)} mean, in {read}.{refused} "
            "Rows whose value means no label are rejected, and kept in a file."
        )
        known = {
            value: label
            for value, shown, _ in values
            for label in self._labels
            if label in (value, found.meanings.get(value))
        }
        dialog = ValueDialog(
            "Labels", text, values, self._labels, known, self._keymap, unchanged="rejected"
        )
        chosen = await self._screen.app.push_screen_wait(dialog)
        return None if chosen is None else dict(chosen)

    async def _import(
        self,
        desk: "DataDesk",
        preview: "ImportPreview",
        form: ImportForm,
        label_map: dict[str, str],
    ) -> bool:
        name = one_line(preview.path.name)
        self._screen.say(f"Importing {name} …")

        def told(rows: int) -> None:
            self._screen.post_message(Said(f"Importing {name}: {counted(rows, 'row')} read …"))

        lines = await self._asking.write(
            lambda: desk.import_file(preview.path, form, label_map, told)
        )
        if lines is None:
            return False
        self._screen.say(f"Imported {name}.")
        text = Content("\n").join(Content(one_line(line)) for line in lines)
        await self._screen.app.push_screen_wait(Page("Imported", text, self._keymap))
        return True
