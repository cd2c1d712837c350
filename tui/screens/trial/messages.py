"""What threads tell the screen."""

from dataclasses import dataclass

from textual.message import Message

from tui.screens.trial.views import Options, TrialView


@dataclass
class TrialRead(Message):
    """The last try, under the stamp it was asked for with; None if nothing was tried yet."""

    stamp: str
    trial: TrialView | None


@dataclass
class OptionsRead(Message):
    """What can be tried."""

    options: Options
