"""What a person may change about the keys, what wins, and what is refused with which words."""

from pathlib import Path

import pytest

from tui.keys.changes import KeyFile, LabelKeys, Tables, resolve
from tui.keys.errors import KeysUnfit
from tui.keys.keymap import Keymap
from tui.keys.registry import KEYS

OWN, SHARED, TASK = Path("/me/config.toml"), Path("/w/workspace.toml"), Path("/w/task.toml")
LABELS = (("1", "health-advice"), ("2", "health-content"))


def resolved(
    tables: Tables | None = None,
    *,
    own: Tables | None = None,
    labels: tuple[tuple[str, str], ...] = LABELS,
) -> Keymap:
    """Resolve the keys of a workspace whose workspace.toml and own file hold these tables."""
    files = (KeyFile(OWN, own or {}), KeyFile(SHARED, tables or {}))
    return resolve(files, LabelKeys(TASK, labels))


def refusal(
    tables: Tables | None = None,
    *,
    own: Tables | None = None,
    labels: tuple[tuple[str, str], ...] = LABELS,
) -> str:
    """Why these tables are refused."""
    with pytest.raises(KeysUnfit) as caught:
        resolved(tables, own=own, labels=labels)
    return str(caught.value)


def test_without_changes_the_keys_are_those_of_the_registry() -> None:
    keymap = resolved()
    assert keymap.keys == KEYS
    assert keymap.labels == LABELS
    assert not keymap.moved()


def test_new_keys_take_the_place_of_all_that_an_action_had() -> None:
    keymap = resolved({"label": {"down": ("Ctrl-N",)}, "everywhere": {"help": ("?", "Ctrl-G")}})
    assert keymap.moved() == {"label.down": ("ctrl+n",), "everywhere.help": ("?", "ctrl+g")}
    assert keymap.shown("label.down") == "Ctrl-N"
    assert keymap.shown("everywhere.help") == "?"


def test_the_workspace_wins_over_a_persons_own_file_action_by_action() -> None:
    own = {"label": {"skip": ("v",), "note": ("a",)}}
    keymap = resolved({"label": {"skip": ("v",)}}, own=own)
    assert keymap.moved() == {"label.skip": ("v",), "label.note": ("a",)}


def test_two_actions_may_swap_their_keys_also_across_files() -> None:
    keymap = resolved({"label": {"skip": ("u",)}}, own={"label": {"undo": ("s",)}})
    assert keymap.moved() == {"label.skip": ("u",), "label.undo": ("s",)}


def test_one_key_may_do_different_things_on_different_screens_and_in_dialogs() -> None:
    resolved({"jobs": {"cancel": ("s",)}, "dialog": {"yes": ("q",)}, "accuracy": {"up": ("1",)}})


def test_a_label_may_have_a_key_that_was_moved_away() -> None:
    keymap = resolved({"label": {"skip": ("v",)}}, labels=(("s", "spam"), ("2", "ham")))
    assert keymap.labels[0] == ("s", "spam")


@pytest.mark.parametrize(
    ("tables", "one", "other"),
    [
        ({"label": {"skip": ("u",)}}, "label.skip", "label.undo"),
        ({"label": {"skip": ("v", "Esc")}}, "label.skip", "label.text"),
        ({"everywhere": {"quit": ("r",)}}, "everywhere.quit", "jobs.resume"),
        ({"drift": {"down": ("?",)}}, "drift.down", "everywhere.help"),
        ({"everywhere": {"quit": ("?",)}}, "everywhere.quit", "everywhere.help"),
        ({"label": {"skip": ("a",), "unsure": ("a",)}}, "label.skip", "label.unsure"),
        ({"dialog": {"yes": ("n",)}}, "dialog.yes", "dialog.no"),
        ({"pair": {"close": ("j",)}}, "pair.close", "pair.down"),
    ],
)
def test_a_key_of_two_actions_is_refused_with_both_the_file_and_the_way_out(
    tables: Tables, one: str, other: str
) -> None:
    text = refusal(tables)
    assert text.startswith(f"{SHARED}: ")
    assert f"{one} (" in text
    assert f"{other} (" in text
    assert "another key in [keys." in text
    assert "; free are " in text


def test_the_refusal_names_each_file_that_set_a_key_and_what_is_set_by_default() -> None:
    assert refusal(own={"label": {"skip": ("u",)}}).startswith(
        f"{OWN}: u would be the key of label.skip (Leave it for later, go on to the next undecided)"
        " and of label.undo (Undo your last action, as often as you like, by default). "
        "Give one of them another key in [keys.label]; free are a, s, v, C, D."
    )
    text = refusal({"label": {"note": ("a",)}}, own={"label": {"skip": ("a",)}})
    assert str(OWN) in text
    assert str(SHARED) in text


def test_what_is_said_to_be_free_is_free() -> None:
    text = refusal({"everywhere": {"quit": ("r", "a")}})
    free = text.partition("free are ")[2].partition(".")[0].split(", ")
    for char in free:
        resolved({"everywhere": {"quit": (char,)}})


@pytest.mark.parametrize("scope", ["label", "audit", "everywhere"])
def test_the_key_of_a_label_is_refused_for_actions_where_labels_are_given(scope: str) -> None:
    name = "quit" if scope == "everywhere" else "undo"
    text = refusal({scope: {name: ("1",)}})
    assert text.startswith(f"{SHARED}: 1 would be the key of {scope}.{name} and of the label ")
    assert f"'health-advice' in {TASK}" in text


def test_a_label_with_the_key_of_an_action_is_refused_with_the_way_out() -> None:
    text = refusal(labels=(("u", "health-advice"), ("2", "health-content")))
    assert text.startswith(f"{TASK} cannot be used: the key 'u' of the label 'health-advice'")
    assert "means something else on the screens (label.undo and suspect.undo and audit" in text
    assert f"another key in [keys] of {OWN} or {SHARED}" in text


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        ({"label": {"skpi": ("v",)}}, "'skpi' in [keys.label] is not known; did you mean 'skip'?"),
        ({"labels": {"skip": ("v",)}}, "[keys.labels] is not known; did you mean 'label'?"),
        ({"xyz": {"skip": ("v",)}}, "[keys.xyz] is not known; there are everywhere, pipeline"),
        ({"label": {"skip": ("ctrl+b",)}}, "[keys.label] skip cannot be 'ctrl+b': screen and tmux"),
        ({"label": {"skip": ("v", "F12")}}, "[keys.label] skip cannot be 'F12'"),
        ({"prompt": {"cancel": ("q",)}}, "[keys.prompt] cancel cannot be 'q': text is typed there"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(tables: Tables, says: str) -> None:
    assert f"{SHARED}: {says}" in refusal(tables)


def test_all_that_is_wrong_is_said_at_once() -> None:
    text = refusal({"label": {"skpi": ("v",)}}, own={"jobs": {"cancel": ("alt+x",)}})
    assert "skpi" in text
    assert "alt+x" in text
