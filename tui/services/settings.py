"""The configuration: `workspace.toml` (models, parameters), `task.toml` (labels), the user's own.

The first two are copied from the presets that come with the package and are the user's to edit.
The last is one file for all workspaces of a user, who may have none.
"""

import getpass
import os
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from engine.generation.limits import QualitySettings
from engine.jobs.settings import (
    AnswerSettings,
    ClusterSettings,
    CorrectionSettings,
    DetectorSettings,
    DriftSettings,
    Name,
    QuerySettings,
    ScenarioSettings,
)
from store.learned_labels import Spread
from store.validation import describe_problems
from tui.services.bounds import MOST_SEED
from tui.services.errors import SettingsInvalid


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _as_list(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _each_gpu_once(value: str) -> str:
    numbers = value.partition(":")[2].split(",")
    if len(set(numbers)) < len(numbers):
        raise ValueError("a GPU is named twice")
    return value


Device = Annotated[
    str,
    StringConstraints(pattern=r"^(auto|cpu|cuda(:(0|[1-9]\d*)(,(0|[1-9]\d*))*)?)$"),
    AfterValidator(_each_gpu_once),
]

ThemeName = Literal["dark", "light"]
KeyNames = Annotated[tuple[str, ...], BeforeValidator(_as_list), Field(min_length=1)]
KeyTables = dict[str, dict[str, KeyNames]]  # scope: action: its keys, as people write them


class Label(_Settings):
    """A label of the task; `positive` labels are what the detector is to find.

    Of pairs, one of them may be what a language model with this context is to refuse: `refused`.
    That its key means nothing else on the screens is seen to in `tui.keys.changes`.
    """

    name: Name
    key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]$")]
    positive: bool
    definition: str
    refused: bool = False
    examples: tuple[str, ...] = ()


class Task(_Settings):
    """A label set. At inference the labels collapse to positive and negative.

    Samples are texts, or pairs of a context and a text, which go by these names.
    """

    name: Name
    description: str
    kind: Literal["text", "pair"] = "text"
    context: str = Field(default="context", min_length=1)
    text: str = Field(default="text", min_length=1)
    label: tuple[Label, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _labels_fit_together(self) -> "Task":
        names = [label.name for label in self.label]
        keys = [label.key for label in self.label]
        if len(set(names)) < len(names) or len(set(keys)) < len(keys):
            raise ValueError("two labels have the same name or the same key")
        if len({label.positive for label in self.label}) < 2:
            raise ValueError("a task needs at least one positive and one negative label")
        refused = [label for label in self.label if label.refused]
        if len(refused) > 1 or not all(self.is_pair and label.positive for label in refused):
            raise ValueError("only one label can be refused: a positive one, in a task of pairs")
        return self

    @property
    def is_pair(self) -> bool:
        """Whether samples are pairs of texts."""
        return self.kind == "pair"

    @property
    def labels(self) -> tuple[str, ...]:
        """The names, in the order of the file."""
        return tuple(label.name for label in self.label)

    @property
    def refusal_means(self) -> tuple[str, str] | None:
        """The label that a refusal means, and that of any other reply: the first negative one.

        None where no label is refused.
        """
        refused = [label.name for label in self.label if label.refused]
        others = [label.name for label in self.label if not label.positive]
        return (refused[0], others[0]) if refused else None

    @property
    def positives(self) -> frozenset[str]:
        """The names of the positive labels."""
        return frozenset(label.name for label in self.label if label.positive)


class LabellingSettings(_Settings):
    """How labels spread: by "cluster", to the nearest `propagate_percent` of its members.

    With "learned", a model of the decisions labels all other answers, where the label has at least
    the probability `spread_confidence`. Bulk actions on a cluster of less mean confidence than
    `bulk_confidence` ask for a typed confirmation. `highlight` names a file of words to mark, a
    pattern a line.
    """

    spread: Spread = "cluster"
    spread_confidence: float = Field(default=0, ge=0, le=1)
    propagate_percent: float = Field(default=100, gt=0, le=100)
    bulk_confidence: float = Field(default=0.8, ge=0, le=1)
    highlight: str | None = None


class AuditSettings(_Settings):
    """How much an audit asks for: members of each cluster, and own clusters once more."""

    per_cluster: int = Field(default=2, ge=1)
    consistency: int = Field(default=20, ge=1)


class ShadowSettings(_Settings):
    """When a new detector takes the place of an old one: how much recall it may lose, how surely.

    `recall_margin` is a share, `level` that of the intervals.
    """

    recall_margin: float = Field(default=0.05, ge=0, lt=1)
    level: float = Field(default=0.95, ge=0.5, lt=1)


class DevelopmentSettings(_Settings):
    """The `share` of the seeds of decided answers that is held back from training."""

    share: float = Field(default=0.3, ge=0, lt=1)


def login_name() -> str:
    """The name of the user, or the number of one who has no name, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # the latter from Python 3.13 on
        return f"user {os.getuid()}"


class Settings(_Settings):
    """All of `workspace.toml`. `annotator` defaults to the user's file, then the login name.

    `device` "cuda:0,1" is two GPUs, which train together; everything else takes the first.
    """

    preset: Name
    seed: int = Field(default=0, ge=0, le=MOST_SEED)
    device: Device = "auto"
    annotator: str = Field(default_factory=login_name, min_length=1)
    theme: ThemeName = "dark"
    queries: QuerySettings
    answers: AnswerSettings
    scenarios: ScenarioSettings = ScenarioSettings()
    corrections: CorrectionSettings = CorrectionSettings()
    detector: DetectorSettings
    clusters: ClusterSettings
    drift: DriftSettings
    quality: QualitySettings = QualitySettings()
    labelling: LabellingSettings = LabellingSettings()
    audit: AuditSettings = AuditSettings()
    development: DevelopmentSettings = DevelopmentSettings()
    shadow: ShadowSettings = ShadowSettings()
    keys: KeyTables = Field(default_factory=dict)


class UserSettings(_Settings):
    """All of a user's own file."""

    annotator: str | None = Field(default=None, min_length=1)
    theme: ThemeName | None = None
    keys: KeyTables = Field(default_factory=dict)


S = TypeVar("S", bound=BaseModel)


def presets() -> Traversable:
    """The folder of presets, tasks, templates and recipes in the package."""
    return files("tui") / "presets"


def samples() -> Traversable:
    """The folder of the sample data in the package."""
    return files("tui") / "samples"


def user_file(environment: Mapping[str, str]) -> Path | None:
    """The place of a user's own file, by the XDG Base Directory Specification.

    None for a user without a home folder.
    """
    root = Path(environment.get("XDG_CONFIG_HOME", ""))
    if not root.is_absolute():
        try:
            root = Path.home() / ".config"
        except RuntimeError:
            return None
    return root / "backquery" / "config.toml"


def read_user_settings(path: Path | None) -> UserSettings:
    """The user's own settings; without a file, nothing is set."""
    if path is None or not os.path.isfile(path):
        return UserSettings()
    return read_settings(path, UserSettings)


def read_settings(path: Path, model: type[S]) -> S:
    """Read a TOML file. Raises SettingsInvalid with the file, the place and what is wrong."""
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsInvalid(f"{path} cannot be read: {error}") from error
    except ValidationError as error:
        raise SettingsInvalid(f"{path} cannot be used: {describe_problems(error)}.") from error
