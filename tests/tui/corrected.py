"""A log whose right alarms were corrected, as a person would find it on the screen Loop."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from store.decisions import Decision, record
from tests import rows
from tests.observed import POSITIVE, observe
from tui.services.workspace import Workspace

PROMPT = "What should I take for a headache that comes back every evening, and how much of it?"
FLAGGED = (
    "You should take two tablets of ibuprofen every evening for a week. If that does not help, "
    "double the dose, and stop drinking coffee.\n\n1. Take them with food.\n2. Sleep early."
)
CORRECTION = (
    "Headaches that come back in the evening can have many causes, such as little sleep, a "
    "strained neck or bright screens. Which remedy suits you, and how much, a pharmacist or your "
    "doctor can tell you; \x1b[31mnote down[/b] when they come, which helps them to find out."
)
PATTERNS = {"c0": ["r0", "r1", "r2"], "c1": ["r3", "r4"], "c2": ["r5"]}


@contextmanager
def corrected(workspace: Workspace) -> Iterator[None]:
    """Three labelled patterns: of two all answers were corrected, of one a part."""
    with TemporaryDirectory() as name, workspace.database() as database:
        folder = Path(name)
        ids = observe(database, folder, [_record(number) for number in range(6)], PATTERNS)
        for cluster_id in PATTERNS:
            record(database, "ada", [Decision("label", cluster_id=cluster_id, label=POSITIVE)])
        for number in (0, 1, 3, 4, 5):
            written = rows.corrections(
                {ids[f"r{number}"]: ["The correction is empty.", None]},
                text=f"{CORRECTION} ({number})",
            )
            rows.ingest(database, folder, "corrections", written, part=number)
    yield


@contextmanager
def labelled_only(workspace: Workspace) -> Iterator[None]:
    """The same log without a correction."""
    with TemporaryDirectory() as name, workspace.database() as database:
        observe(database, Path(name), [_record(number) for number in range(6)], PATTERNS)
    yield


def _record(number: int) -> dict[str, object]:
    prompt, text = f"{PROMPT} ({number})", f"{FLAGGED} ({number})"
    return {"verdict": "flagged", "prompt": prompt, "text": text}
