"""What models have written last: as many texts as there is room for."""

from collections.abc import Iterator, Sequence

from textual.content import Content

from tui.services.inert import inert
from tui.services.results.new_text import ShownText, in_one_line
from tui.widgets.lines import EMPTY, Lines

LINES_EACH = 2  # lines of a text where there is room for several


class NewestTexts(Lines):
    """The newest text in as many lines as there are, or several in two lines each."""

    def __init__(self, *, is_list: bool) -> None:
        super().__init__()
        self._is_list = is_list
        self.texts: Sequence[ShownText] = ()

    def show(self, texts: Sequence[ShownText]) -> None:
        """Show these texts, newest first."""
        self.texts = texts
        self._redraw()

    def on_resize(self) -> None:
        """Fit the texts into the new room."""
        self._redraw()

    def _redraw(self) -> None:
        width, height = self.size.width, self.size.height
        if not self.texts or width < 1:
            self.draw([])
        elif self._is_list:
            shown = self.texts[: max(height // LINES_EACH, 1)]
            lines = [line for text in shown for line in _in_short(text, width)]
            self.draw(lines[:height])
        else:
            newest, *others = self.texts
            self.set_title(Content(f"Newest of {newest.stage}"))
            self.set_subtitle(newest.remark)
            lines = [*_in_full(newest, width, height), EMPTY]
            lines += [line for text in others for line in _in_short(text, width)]
            self.draw(lines[:height])


def _in_short(text: ShownText, width: int) -> Iterator[Content]:
    yield Content(in_one_line(text, width))
    yield Content.styled(f"  {text.stage}: {text.remark}", "$quiet").truncate(width, ellipsis=True)


def _in_full(text: ShownText, width: int, height: int) -> Iterator[Content]:
    """The texts under each other; what was written has the lines that are left."""
    widest = max(len(name) for name, _ in text.texts)
    room = max(width - widest - 2, 1)
    for place, (name, some) in enumerate(text.texts):
        lines = max(height - place, 1) if place == len(text.texts) - 1 else 1
        wrapped = Content(" ".join(inert(some).split())).wrap(room)[:lines] or [Content("")]
        is_cut = len(inert(some)) > sum(line.cell_length + 1 for line in wrapped)
        for number, line in enumerate(wrapped):
            head = name if number == 0 else ""
            end = "…" if is_cut and number == len(wrapped) - 1 else ""
            yield Content.assemble(
                (f"{head:<{widest}}  ", "$quiet"), line.truncate(room - len(end)), end
            )
