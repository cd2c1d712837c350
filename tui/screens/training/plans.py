"""What a training was asked for, as its parameters have it: epochs, early stop, and its seeds."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from tui.screens.training.views import StagePlan

if TYPE_CHECKING:
    from tui.screens.training.curves import Curve, Epoch

OWN: Final = ("seed", "name", "detector_id")  # what trainings of the same recipe may differ in


def plan_of(params: Mapping[str, Any]) -> tuple[StagePlan, ...]:
    """What each training stage was to do; of a detector that was not trained here, nothing."""
    if "epochs" not in params:
        return ()
    return tuple(
        StagePlan(
            stage.get("epochs") or params["epochs"],
            bool(stage.get("early_stop_epochs") or params.get("early_stop_epochs")),
        )
        for stage in params.get("stages") or [{}]
    )


def seeds_key(params: Mapping[str, Any]) -> str:
    """What detectors share that differ in their seed alone; empty if nothing is known of one."""
    rest = {name: value for name, value in params.items() if name not in OWN}
    return json.dumps(rest, sort_keys=True) if rest else ""


def early_stops(
    curve: "Curve", plan: Sequence[StagePlan], *, is_over: bool
) -> "tuple[tuple[Epoch, StagePlan], ...]":
    """The last epochs of training stages that ended before all were done, with what was planned.

    The newest stage has ended only if the training `is_over`.
    """
    last = {epoch.stage: epoch for epoch in curve.epochs}
    newest = max(last, default=0)
    return tuple(
        (epoch, plan[stage])
        for stage, epoch in last.items()
        if stage < len(plan)
        and plan[stage].stops_early
        and epoch.number + 1 < plan[stage].epochs
        and (is_over or stage != newest)
    )
