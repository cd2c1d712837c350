"""How each screen of the top line is made, the first time that it is shown."""

from collections.abc import Callable, Mapping
from functools import partial

from tui.frame.calls import Calls
from tui.frame.snapshot import Labels
from tui.keys.key import Scope
from tui.keys.keymap import Keymap
from tui.screens.accuracy.screen import AccuracyScreen
from tui.screens.audit.screen import AuditScreen
from tui.screens.data.screen import DataScreen
from tui.screens.drift.screen import DriftScreen
from tui.screens.jobs.screen import JobsScreen
from tui.screens.label.screen import LabelScreen
from tui.screens.loop.screen import LoopScreen
from tui.screens.pipeline.screen import PipelineScreen
from tui.screens.training.screen import TrainingScreen
from tui.screens.trial.screen import TryScreen
from tui.screens.work_screen import WorkScreen


def modes(
    name: str, calls: Calls, keymap: Keymap, labels: Labels
) -> Mapping[Scope, Callable[[], WorkScreen]]:
    """What makes each screen of a workspace of that name."""
    return {
        "pipeline": partial(PipelineScreen, name, calls, keymap),
        "label": partial(LabelScreen, name, calls, keymap, labels),
        "audit": partial(AuditScreen, name, calls, keymap, labels),
        "drift": partial(DriftScreen, name, calls, keymap, labels),
        "training": partial(TrainingScreen, name, calls, keymap, labels),
        "accuracy": partial(AccuracyScreen, name, calls, keymap, labels),
        "jobs": partial(JobsScreen, name, calls, keymap),
        "data": partial(DataScreen, name, calls, keymap, labels),
        "try": partial(TryScreen, name, calls, keymap),
        "loop": partial(LoopScreen, name, calls, keymap, labels),
    }
