"""How the user wants files to be read, and whether the files and the task allow it."""

import difflib
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from store.errors import ImportRefused
from store.reading.chats import CHAT_COLUMNS, Speaker
from store.reading.files import TEXT
from store.reading.rows import FileRows

Role = Literal["seed", "train", "benchmark", "production", "invented"]

_LONGEST_SHOWN_NAME: Final = 40  # characters; the "name" may be a text of a file without header
CONTEXT: Final = "context"
LABEL_NAMES: Final = frozenset(("label", "labels", "class", "category", "target"))


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How the user wants files to be read.

    `label_map` maps values of the label column to labels of the task; a value that it lacks must
    be such a label itself. Columns that are None are not used, except the text column, which is
    then `text`, or if there is none, a column of chats; and of pairs the context column, which is
    then `context`. Each of the `dimension_columns` is a dimension by which evaluations are cut.
    `turn` is whose last turn of a chat is the text; None is the assistant's. Texts without a
    context get one drawn from those of the dataset `pair_with`, by `pair_seed`.
    """

    dataset: str
    roles: tuple[Role, ...]
    text_column: str | None = None
    context_column: str | None = None
    label_column: str | None = None
    label_map: Mapping[str, str] = field(default_factory=dict)
    label_for_all: str | None = None
    id_column: str | None = None
    group_column: str | None = None
    dimension_columns: tuple[str, ...] = ()
    pair_with: str | None = None
    pair_seed: int = 0
    turn: Speaker | None = None
    is_pair: bool = False  # whether the task has pairs

    @property
    def named_columns(self) -> tuple[str, ...]:
        """The columns the user named, for `read_file`."""
        columns = (
            self.text_column, self.context_column, self.label_column, self.id_column,
            self.group_column, *self.dimension_columns,
        )  # fmt: skip
        return tuple(column for column in columns if column is not None)

    def text_column_of(self, file: FileRows) -> str:
        """The column of a file's texts: the one named, "text", or that of chats."""
        if self.text_column is not None:
            return self.text_column
        chats = [column for column in CHAT_COLUMNS if column in file.columns]
        return chats[0] if chats and TEXT not in file.columns else TEXT

    @property
    def context_column_of_pairs(self) -> str | None:
        """The column of contexts; None where the task has single texts."""
        return (self.context_column or CONTEXT) if self.is_pair else None


def describe_columns(file: FileRows, options: ImportOptions) -> Iterator[str]:
    """Remarks on which turns of chats are imported, and on columns of labels that are not."""
    column = options.text_column_of(file)
    if column in CHAT_COLUMNS:
        speaker, other = ("user", "assistant") if options.turn == "user" else ("assistant", "user")
        yield (
            f"{file.name}: of the chats in column '{column}', the text is what the {speaker} said "
            f"last; --turn {other} takes the {other}'s."
        )
    if options.label_column is None and options.label_for_all is None:
        for name in file.columns:
            if name.strip().lower() in LABEL_NAMES and name not in options.named_columns:
                yield (
                    f"{file.name}: column '{name}' was not read; "
                    f"--label {shlex.quote(name)} takes it."
                )


def check_labels(options: ImportOptions, known_labels: Sequence[str]) -> None:
    """Refuse labels that the task lacks, and options that contradict each other."""
    if options.label_for_all is not None and options.label_column is not None:
        raise ImportRefused(
            "--label-all and --label contradict each other: give one label for all rows, "
            "or the column that holds each row's label."
        )
    if options.context_column is not None and not options.is_pair:
        raise ImportRefused(
            "--context is for tasks of pairs, and this task's samples are single texts: "
            '`kind = "pair"` in task.toml makes it one.'
        )
    if options.pair_with is not None and not options.is_pair:
        raise ImportRefused(
            "--pair-with is for tasks of pairs, and this task's samples are single texts: "
            '`kind = "pair"` in task.toml makes it one.'
        )
    if options.label_map and options.label_column is None:
        raise ImportRefused("--map needs --label, the column whose values it explains.")
    targets = [*options.label_map.values(), options.label_for_all]
    for label in targets:
        if label is not None and label not in known_labels:
            raise ImportRefused(
                f"'{label}' is not a label of this task. Its labels are: {', '.join(known_labels)}."
            )


def check_columns(file: FileRows, options: ImportOptions) -> None:
    """Refuse a file that lacks a column; the message lists those it has."""
    has_contexts = CONTEXT in file.columns or options.pair_with is not None
    if options.is_pair and options.context_column is None and not has_contexts:
        raise ImportRefused(
            f"{file.name} has no column '{CONTEXT}', and the task's samples are pairs: name the "
            "one with the contexts by --context, or have them drawn from a dataset of pairs by "
            f"--pair-with. {_list_columns(file)}"
        )
    if options.text_column is None and options.text_column_of(file) not in file.columns:
        raise ImportRefused(
            f"{file.name} has no column '{TEXT}': name the one with the texts by --text. "
            + _list_columns(file)
        )
    for column in options.named_columns:
        if column not in file.columns:
            near = difflib.get_close_matches(column, file.columns, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            raise ImportRefused(
                f"{file.name} has no column '{column}'.{hint} {_list_columns(file)}"
            )


def _list_columns(file: FileRows) -> str:
    if not file.columns:
        return "It has no columns."
    columns = ", ".join(_shorten(column) for column in file.columns)
    return f"Its columns are: {columns}. A table without a header has columns 1, 2, 3 …: --text 2."


def _shorten(name: str) -> str:
    return name if len(name) <= _LONGEST_SHOWN_NAME else name[: _LONGEST_SHOWN_NAME - 1] + "…"
