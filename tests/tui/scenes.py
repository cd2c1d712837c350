"""Scenes of the app: a workspace filled so far, a screen, and keys, played until all is still."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

import pytest
from textual._compositor import LayoutUpdate
from textual.pilot import Pilot
from textual.widgets import Input

import tui.app
from engine.jobs.job import StageProgress
from tests import rows
from tests.tui.audited import audit, label_clusters
from tests.tui.driving import shown, until
from tests.tui.filled import INITIAL, RECIPES, Step, write_job, write_progress
from tests.tui.pictures import draw
from tests.tui.trained import curve, keep_curve
from tui.app import BackqueryApp
from tui.frame.calls import Calls, Refused
from tui.frame.session import Session
from tui.frame.snapshot import Snapshot
from tui.keys.registry import Scope
from tui.services.workspace import Workspace

T = TypeVar("T")

NARROW, WIDE = SIZES = ((80, 24), (160, 48))
LABELLED = ("1", "1", "enter", "s", "3", "enter", "2", "enter", "enter")
STILL = 2  # readings of the workspace without a change, the first of which may have begun before

Size = tuple[int, int]
Prepare = Callable[[Workspace], AbstractContextManager[object]]


@contextmanager
def labelled(workspace: Workspace) -> Iterator[None]:
    """Clusters labelled as predicted."""
    with workspace.database() as database:
        label_clusters(database, workspace.settings.annotator)
    yield


@contextmanager
def audited(workspace: Workspace) -> Iterator[None]:
    """Clusters labelled by two people, and the labels audited."""
    annotator = workspace.settings.annotator
    with workspace.database() as database:
        label_clusters(database, annotator)
        label_clusters(database, "bob", clusters=12, skip=4)
        audit(database, annotator)
    yield


@contextmanager
def with_curves(workspace: Workspace) -> Iterator[None]:
    """Learning curves of all detectors, each lower than the one before."""
    for place, detector_id in enumerate((INITIAL, *(f"d-{name}" for name in RECIPES))):
        losses = [1.2 / (1 + step / 12) - place / 20 for step in range(60)]
        keep_curve(workspace, detector_id, curve([40, 20], losses))
    yield


@contextmanager
def job_running(workspace: Workspace) -> Iterator[None]:
    """A job that has asked a quarter of what it is to ask."""
    job = write_job(workspace, "20260106-090000-e5f6", [("queries", rows.queries(["s0"]))])
    job.clear_result()
    progress = StageProgress(done=32, total=128, tokens_per_s=390.4, eta_s=75.0, note="batch 2")
    write_progress(job, 0, "queries", progress)
    with job.lock():
        yield


@contextmanager
def job_failed(workspace: Workspace) -> Iterator[None]:
    """A job that failed in the middle."""
    asked = [("queries", rows.queries(["s0"]))]
    error = "The model Qwen/Qwen3-4B is not on this machine, and there is no network."
    write_job(workspace, "20260106-090000-e5f6", asked, state="failed", error=error)
    yield


@contextmanager
def detector_broken(workspace: Workspace) -> Iterator[None]:
    """A detector whose files are not all there."""
    (workspace.path / "detectors" / "d-stage-1" / "config.json").unlink()
    yield


@contextmanager
def label_unknown(workspace: Workspace) -> Iterator[None]:
    """Rows with a label that task.toml does not have any more."""
    with labelled(workspace):
        pass
    path = workspace.path / "task.toml"
    changed = path.read_text().replace('name = "general-content"', 'name = "other-content"')
    path.write_text(changed)
    yield


@dataclass(frozen=True, slots=True)
class Scene:
    """What is shown where; `prepare` changes the filled workspace while the scene lasts.

    `sizes` leave out those at which the path of a temporary folder would be seen.
    """

    name: str
    screen: Scope
    step: Step
    keys: Sequence[str] = ()
    prepare: Prepare = nullcontext
    sizes: Sequence[Size] = SIZES


SCENES = (
    Scene("pipeline", "pipeline", "evaluated"),
    Scene("label", "label", "evaluated", LABELLED),
    Scene("label-members", "label", "evaluated", (*LABELLED, "x", "l", "j")),
    Scene("label-list", "label", "evaluated", (*LABELLED, "h")),
    Scene("label-blind", "label", "evaluated", (*LABELLED, "B")),
    Scene("label-filter", "label", "evaluated", (*LABELLED, "f")),
    Scene("label-bulk", "label", "evaluated", (*LABELLED, "b")),
    Scene("member", "label", "evaluated", (*LABELLED, "l", "enter")),
    Scene("guidelines", "label", "evaluated", ("t",)),
    Scene("audit-empty", "audit", "imported"),
    Scene("audit-intro", "audit", "clustered", prepare=labelled),
    Scene("audit", "audit", "clustered", ("n", "1", "2", "d"), labelled),
    Scene("audit-figures", "audit", "evaluated", ("j", "x"), audited),
    Scene("drift", "drift", "evaluated"),
    Scene("drift-spread", "drift", "evaluated", ("c", "v")),
    Scene("drift-labels", "drift", "evaluated", ("v", "v")),
    Scene("drift-ways", "drift", "evaluated", ("v", "v", "v")),
    Scene("drift-pairs", "drift", "evaluated", ("enter", "j", "e", "j")),
    Scene("drift-pair", "drift", "evaluated", ("enter", "j", "enter")),
    Scene("training", "training", "evaluated", ("j",), with_curves),
    Scene("accuracy", "accuracy", "evaluated", ("j", "j")),
    Scene("accuracy-compared", "accuracy", "evaluated", ("m", "j", "v")),
    Scene("accuracy-rows", "accuracy", "evaluated", ("j", "v", "v", "enter")),
    Scene("jobs", "jobs", "evaluated", ("j", "j")),
    Scene("help", "label", "evaluated", ("question_mark",)),
    Scene("run", "pipeline", "imported", ("r",)),
    Scene("label-empty", "label", "imported"),
)


def scenes(screen: Scope, *own: Scene) -> pytest.MarkDecorator:
    """Parametrise a test with a screen's scenes and others, at both sizes."""
    found = (*(scene for scene in SCENES if scene.screen == screen), *own)
    return pytest.mark.parametrize(
        ("scene", "size"),
        [
            pytest.param(scene, size, id=f"{scene.name}-{size[0]}x{size[1]}")
            for scene in found
            for size in scene.sizes
        ],
    )


class PicturedApp(BackqueryApp):
    """The app with small pictures."""

    CSS_PATH = str(Path(tui.app.__file__).with_name("app.tcss"))

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """The screen as SVG, a dialog over what it hides."""
        drawn = self.screen._compositor.render_update(
            full=True, screen_stack=self._background_screens, simplify=True
        )
        assert isinstance(drawn, LayoutUpdate)
        return draw((chain.from_iterable(strips) for strips in drawn.strips), *self.size)


class Traffic:
    """What the app's threads do: calls under way, and how often the workspace was read."""

    def __init__(self) -> None:
        self.calls = 0
        self.readings = 0

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Count while the block lasts."""
        make, read = Calls.make, Session.snapshot

        async def make_counted(calls: Calls, call: Callable[[], T]) -> T | Refused:
            self.calls += 1
            try:
                return await make(calls, call)
            finally:
                self.calls -= 1

        def read_counted(session: Session, *, is_brief: bool = False) -> Snapshot:
            self.readings += 1
            return read(session, is_brief=is_brief)

        with (
            patch.object(Calls, "make", make_counted),
            patch.object(Session, "snapshot", read_counted),
        ):
            yield

    def is_busy(self, pilot: Pilot[None]) -> bool:
        """Whether a call is under way, or put off by a timer that goes off once."""
        widgets = (widget for screen in pilot.app.screen_stack for widget in screen.walk_children())
        timers = (
            timer for widget in (*pilot.app.screen_stack, *widgets) for timer in widget._timers
        )
        return self.calls > 0 or any(
            timer._repeat == 0 and timer._task is not None and not timer._task.done()
            for timer in timers
        )

    async def settle(self, pilot: Pilot[None]) -> None:
        """Wait until the workspace was read again and again and the screen stayed the same."""
        seen, since = "", self.readings

        def is_still() -> bool:
            nonlocal seen, since
            now = shown(pilot)
            if now != seen or self.is_busy(pilot):
                seen, since = now, self.readings
            return self.readings >= since + STILL

        await until(pilot, is_still)

    async def play(self, pilot: Pilot[None], keys: Sequence[str]) -> None:
        """Press the keys on a screen that is there, each after what the one before began."""
        await self.settle(pilot)
        for key in keys:
            await pilot.press(key)
            await until(pilot, lambda: not self.is_busy(pilot))
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        await self.settle(pilot)
