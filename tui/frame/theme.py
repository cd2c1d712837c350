"""The colours of the app, for dark and for light terminals.

The labels' colours are those of Okabe and Ito, which people with any colour vision can tell
apart, made lighter or darker until each has a contrast of at least 4.5 on every ground that text
is on (WCAG 2.2, success criterion 1.4.3).
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from textual.color import Color
from textual.theme import Theme

if TYPE_CHECKING:
    from textual.app import App

    from tui.services.settings import ThemeName

DARK: Final = Theme(
    name="backquery",
    primary="#56b4e9",
    accent="#8ecbff",
    warning="#f0c541",
    error="#ff8a70",
    success="#43c59e",
    foreground="#e6e9ee",
    background="#11151a",
    surface="#191f27",
    panel="#222a35",
    dark=True,
    variables={
        "quiet": "#a3afbd",
        "line": "#4a5666",
        "chosen": "#2b3d52",
        "label-1": "#f0a830",
        "label-2": "#56b4e9",
        "label-3": "#43c59e",
        "label-4": "#dd90bd",
        "label-5": "#f0e442",
        "label-6": "#ff8a4d",
        "scrollbar": "#4a5666",
        "scrollbar-background": "#191f27",
    },
)
LIGHT: Final = Theme(
    name="backquery-light",
    primary="#0b5f9e",
    accent="#0a5288",
    warning="#7a4f00",
    error="#a3221a",
    success="#08614a",
    foreground="#1a2027",
    background="#fbfcfd",
    surface="#f1f4f7",
    panel="#e4e9ef",
    dark=False,
    variables={
        "quiet": "#4c5763",
        "line": "#97a3b0",
        "chosen": "#d3e3f3",
        "label-1": "#7d5000",
        "label-2": "#0b5f9e",
        "label-3": "#08614a",
        "label-4": "#8f3670",
        "label-5": "#635900",
        "label-6": "#9c3d00",
        "scrollbar": "#97a3b0",
        "scrollbar-background": "#e4e9ef",
    },
)
THEMES: "Final[Mapping[ThemeName, Theme]]" = {"dark": DARK, "light": LIGHT}


def colour_of(app: "App[object]", name: str) -> tuple[int, int, int]:
    """A colour of the theme that is used now, as charts take it: red, green, blue to 255."""
    return Color.parse(app.theme_variables[name]).rgb
