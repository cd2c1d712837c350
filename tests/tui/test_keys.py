"""The registry of keys, against the screens that act on them and the settings that avoid them."""

from collections import Counter

import pytest

from tui.app import BackqueryApp
from tui.keys import KEYS, LABEL_KEYS, Key, Scope, keys_of, markdown_table, reserved_keys, sections
from tui.screens.accuracy import AccuracyScreen
from tui.screens.confirm import Confirm
from tui.screens.drift import DriftScreen
from tui.screens.help import HelpScreen
from tui.screens.jobs import JobsScreen
from tui.screens.label import LabelScreen
from tui.screens.pipeline import PipelineScreen
from tui.settings import RESERVED_KEYS

LONGEST_HELP = 60  # characters that fit beside the key on 80 columns
ACTORS: dict[Scope, type] = {
    "everywhere": BackqueryApp,
    "pipeline": PipelineScreen,
    "label": LabelScreen,
    "drift": DriftScreen,
    "accuracy": AccuracyScreen,
    "jobs": JobsScreen,
    "dialog": Confirm,
    "help": HelpScreen,
}


def test_no_label_may_have_a_key_that_the_labelling_screen_uses() -> None:
    assert reserved_keys() <= RESERVED_KEYS
    assert not set(LABEL_KEYS) & reserved_keys()
    assert set("0123456789") <= set(LABEL_KEYS)


@pytest.mark.parametrize("scope", ACTORS)
def test_a_key_does_one_thing_on_a_screen(scope: Scope) -> None:
    shared = keys_of("everywhere") if scope not in ("everywhere", "dialog", "help") else ()
    names = [name for key in (*keys_of(scope), *shared) for name in key.keys.split(",")]
    assert [name for name, times in Counter(names).items() if times > 1] == []


@pytest.mark.parametrize("key", KEYS, ids=lambda key: f"{key.scope}-{key.shown}")
def test_every_key_has_an_action_and_a_help_that_fits(key: Key) -> None:
    action = key.action.removeprefix("app.").partition("(")[0]
    assert hasattr(ACTORS[key.scope], f"action_{action}")
    assert 0 < len(key.help) <= LONGEST_HELP


def test_no_key_is_one_that_terminals_or_multiplexers_keep() -> None:
    taken = {"ctrl+b", "ctrl+a", "ctrl+s", "ctrl+enter", "ctrl+z", "ctrl+c"}
    assert not taken & {name for key in KEYS for name in key.keys.split(",")}


def test_the_readme_table_and_the_help_know_every_key() -> None:
    table = markdown_table()
    helped = {row for _, rows in sections([("1", "health-advice")]) for row in rows}
    for key in KEYS:
        assert f"| {key.shown} | {key.help} |" in table
        assert (key.shown, key.help) in helped
    assert ("1", "Label as health-advice, go on") in helped
