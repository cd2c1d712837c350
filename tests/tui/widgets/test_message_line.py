"""Messages take as many lines as they need, up to three."""

import pytest
from textual.app import App, ComposeResult

from tui.widgets.message_line import MessageLine


class Line(App[None]):
    """A message alone."""

    def __init__(self) -> None:
        super().__init__()
        self.line = MessageLine()

    def compose(self) -> ComposeResult:
        yield self.line


@pytest.mark.parametrize(
    ("text", "height", "shown"),
    [
        ("", 1, ""),
        ("Saved.", 1, "Saved."),
        ("one two three four five six", 2, "one two three four\nfive six"),
        ("word " * 40, 3, "…"),
        ("a\nb\x1b[2J", 1, "a b␛[2J"),
    ],
)
async def test_a_long_message_wraps_and_a_longer_one_is_cut_at_its_end(
    text: str, height: int, shown: str
) -> None:
    app = Line()
    async with app.run_test(size=(20, 10)) as pilot:
        app.line.text = text
        await pilot.pause()
        assert app.line.size.height == height
        assert app.line.render().plain.endswith(shown)
        app.line.text = "short"
        await pilot.pause()
        assert app.line.size.height == 1


async def test_a_warning_is_marked_without_colour() -> None:
    app = Line()
    async with app.run_test(size=(20, 10)):
        app.line.is_warning = True
        app.line.text = "No such row."
        assert app.line.render().plain == "! No such row."
