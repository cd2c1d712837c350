"""A line with one of a few values."""

from textual.app import App, ComposeResult

from tui.screens.dialogs.choice import Choice

LABELS = ("none", "sentence", "every row is health-advice", "every row is health-content")


class Lines(App[None]):
    """Two lines, the first of which has the focus."""

    CSS = "Choice { height: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self.role = Choice("role", ("seed", "train"), "train")
        self.label = Choice("label", LABELS, "sentence", title_width=8)

    def compose(self) -> ComposeResult:
        yield self.role
        yield self.label


async def test_the_line_that_keys_act_on_is_marked_by_more_than_a_colour() -> None:
    app = Lines()
    async with app.run_test(size=(80, 24)) as pilot:
        app.role.focus()
        await pilot.pause()
        assert app.role.render().plain == "▸ role           seed ‹train›"
        await pilot.press("tab")
        assert app.role.render().plain.startswith("  role")
        assert app.label.render().plain.startswith("▸ label   ")


async def test_where_not_all_values_fit_it_says_which_of_how_many_is_shown() -> None:
    app = Lines()
    async with app.run_test(size=(40, 24)) as pilot:
        app.label.focus()
        await pilot.pause()
        assert app.label.render().plain == "▸ label   ‹sentence›  2 of 4"
        await pilot.press("left", "left")
        assert app.label.value == LABELS[-1]
