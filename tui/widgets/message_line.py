"""What was just done, or why it was not, on as many lines as it needs, up to three."""

from typing import Final

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.services.inert import one_line

MOST_LINES: Final = 3


class MessageLine(Widget):
    """The newest message; a warning is marked with a sign beside its colour."""

    text: reactive[str] = reactive("")
    is_warning: reactive[bool] = reactive(False)

    def watch_text(self) -> None:
        """Take the lines that the message needs."""
        self._fit()

    def on_resize(self) -> None:
        """Take the lines that the message needs in this width."""
        self._fit()

    def _fit(self) -> None:
        """Only another number of lines moves other widgets."""
        if self.size.width:
            self.styles.height = len(self._lines())

    def render(self) -> Content:
        """Draw the message; what is beyond the last line is cut with an ellipsis."""
        return Content("\n").join(self._lines())

    def _lines(self) -> list[Content]:
        width = max(self.size.width, 1)
        text = Content(one_line(self.text))
        if self.is_warning:
            text = Content.styled(f"! {text.plain}", "bold $warning")
        if text.cell_length <= width:
            return [text]
        lines = text.wrap(width)
        if len(lines) <= MOST_LINES:
            return lines
        *kept, last = lines[:MOST_LINES]
        return [*kept, (last + "…").truncate(width, ellipsis=True)]
