"""Detectors that differ in their seed alone are one group, under a name that no other group has."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from store.errors import UnknownName
from tui.services.results.evaluations import EvaluatedRows

_ID_SHOWN: Final = 8  # characters


@dataclass(frozen=True, slots=True)
class Group:
    """Detectors that differ in their seed alone, by a name that no other group has."""

    name: str
    members: tuple[EvaluatedRows, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The detector_id of each."""
        return tuple(item.evaluation.detector_id for item in self.members)


def group_seeds(evaluated: Sequence[EvaluatedRows]) -> list[list[int]]:
    """The places of detectors that differ in their seed alone, in order."""
    groups: dict[str, list[int]] = {}
    for place, item in enumerate(evaluated):
        own = ("seed", "name", "detector_id")
        rest = {key: value for key, value in item.detector.params.items() if key not in own}
        key = repr((item.detector.recipe, item.detector.base, sorted(rest.items())))
        groups.setdefault(key if rest else item.detector.detector_id, []).append(place)
    return list(groups.values())


def name_groups(groups: Sequence[Sequence[EvaluatedRows]]) -> list[Group]:
    """Name groups by detector or recipe; those that share a name, by more until none do."""
    names = [_plain_name(members) for members in groups]
    for longer in (_name_with_recipe, _name_with_id):
        shared = Counter(names)
        names = [
            longer(members) if shared[name] > 1 else name
            for name, members in zip(names, groups, strict=True)
        ]
    return [Group(name, tuple(members)) for name, members in zip(names, groups, strict=True)]


def _plain_name(members: Sequence[EvaluatedRows]) -> str:
    first = members[0].evaluation
    return first.recipe if len(members) > 1 else first.detector


def _name_with_recipe(members: Sequence[EvaluatedRows]) -> str:
    more = f"{len(members)} seeds" if len(members) > 1 else members[0].evaluation.recipe
    return f"{_plain_name(members)} ({more})"


def _name_with_id(members: Sequence[EvaluatedRows]) -> str:
    return f"{_plain_name(members)} ({members[0].evaluation.detector_id[:_ID_SHOWN]})"


def find_group(groups: Sequence[Sequence[EvaluatedRows]], name: str) -> tuple[int, str]:
    """The place and name of the group that a name means: its own, a detector's in it, its recipe's.

    A detector may be named by the beginning of its id. Raises UnknownName if there is no such
    group, or several.
    """
    named = name_groups(groups)
    for is_meant in (_is_named, _holds, _is_of_recipe):
        found = [place for place, group in enumerate(named) if is_meant(group, name)]
        if len(found) == 1:
            return found[0], named[found[0]].name
    known = ", ".join(group.name for group in named)
    raise UnknownName(
        f"{name!r} is not one of those that are compared, or more than one. Compared: {known}."
    )


def _is_named(group: Group, name: str) -> bool:
    return group.name == name


def _holds(group: Group, name: str) -> bool:
    return any(
        name == item.evaluation.detector or item.evaluation.detector_id.startswith(name)
        for item in group.members
    )


def _is_of_recipe(group: Group, name: str) -> bool:
    """Whether it was trained with this recipe; baselines are only fitted on its rows."""
    first = group.members[0]
    is_trained = not first.detector.is_baseline and not first.detector.is_language_model
    return is_trained and first.evaluation.recipe == name
