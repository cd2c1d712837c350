"""The colours of the app."""

from typing import Final

from textual.theme import Theme

# The labels' colours are those of Okabe and Ito, which people with any colour vision can tell
# apart, lightened to a contrast of at least 4.5 on the background.
THEME: Final = Theme(
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
        "chosen": "#33475e",
        "label-1": "#f0a830",
        "label-2": "#56b4e9",
        "label-3": "#43c59e",
        "label-4": "#dd90bd",
        "label-5": "#f0e442",
        "label-6": "#ff8040",
        "scrollbar": "#4a5666",
        "scrollbar-background": "#191f27",
    },
)
