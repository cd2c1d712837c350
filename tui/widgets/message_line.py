"""One line that says what was just done, or why it was not."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.services.inert import one_line


class MessageLine(Widget):
    """The newest message; a warning is marked with a sign beside its colour."""

    text: reactive[str] = reactive("")
    is_warning: reactive[bool] = reactive(False)

    def render(self) -> Content:
        """Draw the message on one line."""
        if self.is_warning:
            return Content.styled(f"! {one_line(self.text)}", "bold $warning")
        return Content(one_line(self.text))
