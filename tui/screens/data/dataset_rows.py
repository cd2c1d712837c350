"""Datasets as rows of a table, and what is known of one of them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from textual.content import Content

from store.counting import counted
from tui.frame.snapshot import Labels
from tui.services.inert import one_line
from tui.widgets.table import Column, Row

if TYPE_CHECKING:
    from tui.services.results.datasets import DatasetDetail, ImportedFile

COLUMNS: Final = (
    Column("dataset", flexible=True, named=True),
    Column("roles"),
    Column("rows", right=True),
    Column("questions", right=True),
    Column("answers", right=True),
    Column("labels", flexible=True),
    Column("files", right=True, optional=True),
)
NO_LABEL: Final = "none"


def dataset_row(item: "DatasetDetail") -> Row:
    """A dataset for COLUMNS."""
    labels = ", ".join(f"{label or NO_LABEL} {rows:,}" for label, rows in item.labels)
    return (
        item.dataset, ", ".join(item.roles), f"{item.hanging.rows:,}",
        f"{item.hanging.questions:,}", f"{item.hanging.answers:,}", labels, f"{len(item.files):,}",
    )  # fmt: skip


def describe_dataset(item: "DatasetDetail", labels: Labels) -> Content:
    """The labels of a dataset one below the other, then its files, newest first."""
    lines = [Content.styled("Labels", "bold $accent")]
    for label, rows in item.labels:
        view = labels.named(label) if label else None
        name = (f"  {view.glyph} {one_line(view.name)}", view.style) if view else f"  · {NO_LABEL}"
        lines.append(Content.assemble(name, f"  {rows:,}"))
    if item.hanging.answers:
        answers = counted(item.hanging.answers, "answer")
        text = f"  {item.hanging.labelled:,} of {answers} from its rows labelled"
        lines.append(Content.styled(text, "$quiet"))
    lines += [Content(""), Content.styled("Files", "bold $accent")]
    for file in reversed(item.files):
        lines += [Content(f"  {one_line(text)}") for text in _file_lines(file)]
    if not item.files:
        lines.append(Content("  none: its rows were made here"))
    return Content("\n").join(lines)


def _file_lines(file: "ImportedFile") -> Iterator[str]:
    yield (
        f"{file.file} · {file.imported_at:%Y-%m-%d %H:%M} UTC · {counted(file.taken, 'row')} in, "
        f"{file.rejected:,} rejected, {counted(file.duplicates, 'duplicate')}"
    )
    columns = [f"{purpose} from {name}" for purpose, name in file.columns.items()]
    mapped = [f"{raw} is {label}" for raw, label in file.label_map.items()]
    for_all = [f"every row is {file.label_for_all}"] if file.label_for_all else []
    cut = [f"dimension {name}" for name in file.dimensions]
    drawn = (
        [f"contexts drawn from {file.pair_with} with seed {file.pair_seed}"]
        if file.pair_with
        else []
    )
    if read := [*columns, *cut, *drawn, *mapped, *for_all]:
        yield f"  {', '.join(read)}"
    if file.rejects_file:
        yield f"  rejected rows: exports/{file.rejects_file}"
