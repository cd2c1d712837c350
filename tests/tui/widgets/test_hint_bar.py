"""Which hints are on which line, and which are left out."""

from textual.app import App, ComposeResult
from textual.content import Content

from tui.keys.keymap import Keymap
from tui.widgets.hint_bar import HintBar, lay_out

HINTS = [Content(text) for text in ("a first", "b second", "c third", "d 4")]
ALWAYS = [Content("? help")]


def drawn(width: int, most: int) -> list[str]:
    """The lines of the hints."""
    return [line.plain for line in lay_out(HINTS, ALWAYS, width, most)]


def test_what_fits_on_a_line_stays_on_one() -> None:
    assert drawn(80, 2) == ["a first  b second  c third  d 4  ? help"]


def test_what_does_not_fit_goes_to_the_second_line_and_help_ends_it() -> None:
    assert drawn(26, 2) == ["a first  b second  c third", "d 4  ? help"]
    assert drawn(20, 2) == ["a first  b second", "c third  d 4  ? help"]


def test_on_one_line_the_first_that_fit_are_kept() -> None:
    assert drawn(20, 1) == ["a first  d 4  ? help"]


class Bar(App[None]):
    """A bar of the jobs' screen."""

    def __init__(self) -> None:
        super().__init__()
        self.bar = HintBar(Keymap(), "jobs")

    def compose(self) -> ComposeResult:
        yield self.bar


async def test_keys_without_effect_are_not_hinted_at_and_tall_screens_spare_a_line() -> None:
    app = Bar()
    async with app.run_test(size=(44, 40)) as pilot:
        await pilot.pause()
        assert app.bar.size.height == 2
        assert "c cancel" in str(app.bar.render())
        app.bar.without_effect = frozenset({"open", "cancel", "resume"})
        await pilot.pause()
        assert "cancel" not in str(app.bar.render())
        assert app.bar.size.height == 1
    async with Bar().run_test(size=(44, 24)) as pilot:
        await pilot.pause()
        assert pilot.app.query_one(HintBar).size.height == 1
