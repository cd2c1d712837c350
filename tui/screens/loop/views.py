"""What is shown, and chosen, on the screen of the loop."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeVar

if TYPE_CHECKING:
    from store.interventions import Group
    from tui.services.periods import Length
    from tui.services.results.interventions import Interventions
    from tui.services.results.recall import Recall
    from tui.services.results.shadow import Shadow

T = TypeVar("T")
View = Literal["time", "patterns", "recall", "queues", "rounds", "shadow"]

VIEWS: Final[tuple[tuple[View, str], ...]] = (
    ("time", "Over time"),
    ("patterns", "Patterns"),
    ("recall", "Recall"),
    ("queues", "Queues"),
    ("rounds", "Rounds"),
    ("shadow", "Shadow"),
)
LENGTHS: "Final[tuple[Length | None, ...]]" = (None, "hour", "day", "week")
GROUPS: "Final[tuple[Group | None, ...]]" = (None, "version", "category", "guard")
TEXTS_SHOWN: Final = 50  # of a period


@dataclass(frozen=True, slots=True)
class Choice:
    """A dataset, the first one if "", and how its records are put together; None is chosen."""

    dataset: str = ""
    by: "Length | None" = None
    group: "Group | None" = None


@dataclass(frozen=True, slots=True)
class OverTime:
    """The datasets of a log, and those of production that came without one; the chosen one's rates.

    `found` is None without a log.
    """

    logged: tuple[str, ...]
    plain: tuple[str, ...]
    found: "Interventions | None"

    @property
    def datasets(self) -> tuple[str, ...]:
        """All datasets of production, those of a log first."""
        return (*self.logged, *self.plain)


@dataclass(frozen=True, slots=True)
class Recalls:
    """What samples of a dataset say of the guard and of detectors; one sample of each."""

    dataset: str
    found: "tuple[Recall, ...]"


@dataclass(frozen=True, slots=True)
class Shadows:
    """Pairs of a new detector and an old one, or the guard, that ran on a dataset; one compared.

    `found` is None where there is no pair.
    """

    dataset: str
    pairs: tuple[tuple[str, str], ...]
    place: int
    found: "Shadow | None"


def following(value: T, values: tuple[T, ...]) -> T:
    """The value after this one, around the end."""
    return values[(values.index(value) + 1) % len(values)]
