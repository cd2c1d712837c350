"""The registry of keys, against the screens that act on them."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tui.app import BackqueryApp
from tui.keys.help import markdown_table
from tui.keys.key import Key, Scope
from tui.keys.keymap import Keymap
from tui.keys.names import is_typed, read_key, show_key
from tui.keys.registry import KEYS, LABEL_SCOPES, TYPING, active_with, keys_of
from tui.screens.accuracy.row_dialog import RowDialog
from tui.screens.accuracy.screen import AccuracyScreen
from tui.screens.audit.screen import AuditScreen
from tui.screens.data.import_dialog import ImportDialog
from tui.screens.data.path_dialog import PathDialog
from tui.screens.data.record_dialog import RecordDialog
from tui.screens.data.screen import DataScreen
from tui.screens.dialogs.choice import Choice
from tui.screens.dialogs.confirm import Confirm
from tui.screens.dialogs.help import HelpScreen
from tui.screens.dialogs.new_text import NewTextDialog
from tui.screens.dialogs.prompt import Prompt
from tui.screens.dialogs.search import SearchDialog
from tui.screens.drift.pair_dialog import PairDialog
from tui.screens.drift.screen import DriftScreen
from tui.screens.jobs.screen import JobsScreen
from tui.screens.label.browser import ClusterBrowser
from tui.screens.label.bulk_dialog import BulkDialog
from tui.screens.label.filter_dialog import FilterDialog
from tui.screens.label.finder import ClusterFinder
from tui.screens.label.labeller import ClusterLabeller
from tui.screens.label.map_dialog import MapDialog
from tui.screens.label.suspects.dialog import SuspectsDialog
from tui.screens.loop.corrections.dialog import CorrectionsDialog
from tui.screens.loop.screen import LoopScreen
from tui.screens.pipeline.coverage_dialog import CoverageDialog
from tui.screens.pipeline.screen import PipelineScreen
from tui.screens.training.screen import TrainingScreen
from tui.screens.trial.dialog import TryDialog
from tui.screens.trial.screen import TryScreen
from tui.screens.work_screen import WorkScreen

TUI = Path(__file__).parents[3] / "tui"
LONGEST_HELP = 60  # characters that fit beside the key on 80 columns
LONGEST_KEYS = 10
SCOPES: tuple[Scope, ...] = tuple(dict.fromkeys(key.scope for key in KEYS))
ACTORS: dict[Scope, type | tuple[type, ...]] = {
    "everywhere": (BackqueryApp, WorkScreen),
    "pipeline": PipelineScreen,
    "coverage": CoverageDialog,
    "label": (ClusterBrowser, ClusterLabeller, ClusterFinder),
    "map": MapDialog,
    "suspect": SuspectsDialog,
    "bulk": BulkDialog,
    "filter": FilterDialog,
    "choice": Choice,
    "prompt": Prompt,
    "audit": AuditScreen,
    "drift": DriftScreen,
    "pair": PairDialog,
    "training": TrainingScreen,
    "accuracy": AccuracyScreen,
    "row": RowDialog,
    "jobs": JobsScreen,
    "data": DataScreen,
    "record": RecordDialog,
    "search": SearchDialog,
    "form": ImportDialog,
    "path": PathDialog,
    "try": TryScreen,
    "try_dialog": TryDialog,
    "loop": LoopScreen,
    "correction": CorrectionsDialog,
    "dialog": Confirm,
    "text": NewTextDialog,
    "help": HelpScreen,
}


def test_a_name_is_that_of_one_action_of_its_scope() -> None:
    assert len({key.id for key in KEYS}) == len(KEYS)
    assert all(name.isidentifier() for key in KEYS for name in (key.name, key.scope))


def test_where_text_is_typed_no_default_key_is_one_that_types() -> None:
    assert [key.id for key in keys_of(*TYPING) if any(map(is_typed, key.keys))] == []


def test_no_default_key_is_a_digit_where_labels_are_given() -> None:
    taken = {name for scope in LABEL_SCOPES for key in active_with(scope) for name in key.keys}
    assert not taken & set("0123456789")


@pytest.mark.parametrize("scope", SCOPES)
def test_a_key_does_one_thing_at_a_time(scope: Scope) -> None:
    names = [name for key in active_with(scope) for name in key.keys]
    assert [name for name, times in Counter(names).items() if times > 1] == []


@pytest.mark.parametrize("key", KEYS, ids=lambda key: str(key.id))
def test_every_key_has_an_action(key: Key) -> None:
    action = key.action.removeprefix("app.").partition("(")[0]
    actors = ACTORS[key.scope]
    shared = actors if isinstance(actors, tuple) else (actors,)
    assert sum(hasattr(actor, f"action_{action}") for actor in shared) == 1


@pytest.mark.parametrize("key", KEYS, ids=lambda key: str(key.id))
def test_every_key_has_a_help_that_fits(key: Key) -> None:
    assert 0 < len(key.help) <= LONGEST_HELP
    assert 0 < len(key.shown) <= LONGEST_KEYS


def test_every_default_key_could_be_configured_as_it_is_shown() -> None:
    assert {name for key in KEYS for name in key.keys} == {
        read_key(show_key(name)) for key in KEYS for name in key.keys
    }


def test_the_table_and_the_help_know_every_key() -> None:
    table = markdown_table()
    keymap = Keymap(labels=(("1", "health-advice"),))
    helped = {row for _, rows in keymap.sections("label") for row in rows}
    for key in KEYS:
        assert f"| `{key.id}` | {key.shown} | {key.help} |" in table
        assert (key.shown, key.help) in helped
    for text in ("Label as", "Label them all as", "It should have"):
        assert any(shown == "1" and does.startswith(text) for shown, does in helped)


def test_every_key_that_a_text_names_is_in_the_registry() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in TUI.rglob("*.py"))
    named = set(re.findall(r"\bshown\([\"']([a-z_]+\.[a-z_]+)[\"']\)", sources))
    assert len(named) > 1
    assert named <= {key.id for key in KEYS}


def test_the_help_begins_with_the_screen_that_is_looked_at() -> None:
    assert [title for title, _ in Keymap().sections("drift")][:2] == ["Drift", "Everywhere"]
