"""Applies a user's changes of keys to the registry, and refuses what could not work.

Changes are in tables `[keys.SCOPE]` of two files, of which the workspace's wins over the
user's own. All that is wrong is named at once, with the file and the way out.
"""

import difflib
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Final

from tui.keys.errors import KeysUnfit
from tui.keys.everywhere import SCREENS
from tui.keys.key import Key, Scope
from tui.keys.keymap import Keymap
from tui.keys.names import is_typed, read_key, show_key
from tui.keys.registry import GROUPS, KEYS, LABEL_SCOPES, TYPING, active_with

Tables = Mapping[str, Mapping[str, tuple[str, ...]]]  # scope: action: keys, as people write them
_FREE_SHOWN: Final = 5
_SCOPES: Final[tuple[Scope, ...]] = tuple(group.scope for group in GROUPS)
_SCREENS: Final[tuple[Scope, ...]] = tuple(screen.scope for screen in SCREENS)


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The `[keys]` of a configuration file."""

    path: Path
    tables: Tables


@dataclass(frozen=True, slots=True)
class LabelKeys:
    """The (key, name) of each label of the task, and the file they stand in."""

    path: Path
    labels: tuple[tuple[str, str], ...]


def resolve(files: Sequence[KeyFile], task: LabelKeys) -> Keymap:
    """The keys of a workspace. `files` are at least one, the last wins.

    Raises KeysUnfit for unknown scopes and actions, keys that cannot be used, and keys that
    would do two things at once, labels included.
    """
    problems: list[str] = []
    changes: dict[str, _Change] = {}
    for file in files:
        for change in _read(file, problems):
            changes[change.key.id] = change
    _refuse(problems)
    keys = tuple(changes[key.id].key if key.id in changes else key for key in KEYS)
    clashes = _Clashes(keys, {name: change.path for name, change in changes.items()}, task)
    _refuse([*clashes.of_actions(), *clashes.of_labels([file.path for file in files])])
    return Keymap(keys, task.labels)


def _refuse(problems: Iterable[str]) -> None:
    if text := " ".join(dict.fromkeys(problems)):
        raise KeysUnfit(text)


@dataclass(frozen=True, slots=True)
class _Change:
    key: Key  # with its new keys
    path: Path


def _read(file: KeyFile, problems: list[str]) -> Iterator[_Change]:
    for scope, table in file.tables.items():
        for name, written in table.items():
            try:
                yield _Change(_rebind(scope, name, written), file.path)
            except ValueError as problem:
                problems.append(f"{file.path}: {problem}")


def _rebind(scope: str, name: str, written: Iterable[str]) -> Key:
    """An action of the registry with other keys. Raises ValueError with the reason."""
    known = {key.name: key for key in KEYS if key.scope == scope}
    if not known:
        raise ValueError(f"[keys.{scope}] is not known; {_similar(scope, _SCOPES)}")
    if name not in known:
        raise ValueError(f"{name!r} in [keys.{scope}] is not known; {_similar(name, known)}")
    keys = []
    for text in written:
        try:
            keys.append(_read_key(text, scope))
        except ValueError as reason:
            place = f"[keys.{scope}] {name}"
            raise ValueError(f"{place} cannot be {text!r}: {reason}. Choose another.") from reason
    return replace(known[name], keys=tuple(dict.fromkeys(keys)))


def _read_key(written: str, scope: str) -> str:
    key = read_key(written)
    if scope in TYPING and is_typed(key):
        raise ValueError("text is typed there, and the key belongs to that")
    return key


def _similar(name: str, known: Iterable[str]) -> str:
    """What may have been meant, else all there are."""
    choices = list(known)
    close = difflib.get_close_matches(name, choices, n=1)
    return f"did you mean {close[0]!r}?" if close else f"there are {', '.join(choices)}."


@dataclass(frozen=True, slots=True)
class _Clashes:
    """What is wrong with keys that each could be used alone; `paths` says where some were set."""

    keys: tuple[Key, ...]
    paths: Mapping[str, Path]
    task: LabelKeys

    def of_actions(self) -> Iterator[str]:
        """Say which keys are those of two actions that are active at the same time."""
        for scope in _SCOPES:
            for one, other in combinations(active_with(scope, self.keys), 2):
                if scope in (one.scope, other.scope):  # else named for "everywhere"
                    for key in sorted(set(one.keys) & set(other.keys)):
                        yield self._say(key, one, other)

    def _say(self, key: str, *pair: Key) -> str:
        one, other = sorted(pair, key=lambda item: item.id not in self.paths)
        path = self.paths[one.id]
        scopes = dict.fromkeys(item.scope for item in pair)
        reached = _SCREENS if "everywhere" in scopes else scopes
        tables = " or ".join(f"[keys.{scope}]" for scope in scopes)
        return (
            f"{path}: {show_key(key)} would be the key of {self._name(one, path)} and of "
            f"{self._name(other, path)}. Give one of them another key in {tables}; "
            f"{self._free(reached)}."
        )

    def _name(self, key: Key, path: Path) -> str:
        """An action with what it does, and where it has its key from if not from `path`."""
        source = self.paths.get(key.id)
        origin = ", by default" if source is None else "" if source == path else f", in {source}"
        return f"{key.id} ({key.help}{origin})"

    def of_labels(self, ways_out: Iterable[Path]) -> Iterator[str]:
        """Say which labels have a key that means something else where labels are given.

        `ways_out` are the files in which an action can be given another key.
        """
        files = " or ".join(str(path) for path in ways_out)
        active = [key for scope in LABEL_SCOPES for key in active_with(scope, self.keys)]
        for key, label in self.task.labels:
            others = list(dict.fromkeys(item.id for item in active if key in item.keys))
            if not others:
                continue
            names = " and ".join(others)
            path = next((self.paths[item] for item in others if item in self.paths), None)
            if path is None:
                yield (
                    f"{self.task.path} cannot be used: the key {key!r} of the label {label!r} "
                    f"means something else on the screens ({names}); use a digit, or give "
                    f"{'those' if len(others) > 1 else 'that'} another key in [keys] of {files}."
                )
            else:
                yield (
                    f"{path}: {key} would be the key of {names} and of the label {label!r} in "
                    f"{self.task.path}. Give one of them another key; {self._free(LABEL_SCOPES)}."
                )

    def _free(self, scopes: Iterable[Scope]) -> str:
        """Some characters that mean nothing in any of the scopes."""
        taken = {key for key, _ in self.task.labels}
        for scope in scopes:
            taken.update(name for key in active_with(scope, self.keys) for name in key.keys)
        free = [char for char in string.ascii_letters + string.digits if char not in taken]
        return f"free are {', '.join(free[:_FREE_SHOWN])}"
