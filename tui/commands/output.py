"""What the commands share: the workspace they work on, and the two ways of printing."""

import json
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from tui.services.inert import one_line
from tui.services.tables import markdown_lines, show_cell

if TYPE_CHECKING:
    from rich.console import Console

    from tui.services.workspace import Workspace

WIDTH = 160  # cells, where what is printed goes into a file or a pipe

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def open_workspace(context: typer.Context) -> "Workspace":
    """Open the workspace that the command line names."""
    from tui.services.workspace import Workspace

    return Workspace.open(context.obj)


def require_name(name: str) -> str:
    """A name that can be part of a file's name. Raises typer.BadParameter else."""
    from engine.jobs.settings import NAME_PATTERN, NAME_RULE

    if not re.match(NAME_PATTERN, name):
        raise typer.BadParameter(f"{name!r} is not a valid name: {NAME_RULE}.")
    return name


def label_map(pairs: Sequence[str]) -> dict[str, str]:
    """What leads to which label, of options RAW=LABEL. Raises typer.BadParameter."""
    found = {}
    for pair in pairs:
        raw, equals, label = pair.rpartition("=")
        if not equals or not label:
            raise typer.BadParameter(f"{pair!r} is not RAW=LABEL", param_hint="--map")
        found[raw] = label
    return found


def say(text: str) -> None:
    """Print a message; standard output stays for results."""
    typer.echo(text, err=True)


def tell(text: str) -> None:
    """Print a result that is a sentence on standard output."""
    typer.echo(text)


def console() -> "Console":
    """A console on standard error, for progress."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def print_json(value: object) -> None:
    """Print a result as JSON on standard output, in ASCII where its encoding is not UTF-8."""
    from tui.commands.encoding import encode

    is_utf8 = getattr(sys.stdout, "encoding", "utf-8").lower().startswith("utf")
    typer.echo(json.dumps(encode(value), indent=1, ensure_ascii=not is_utf8))


def print_table(
    columns: Sequence[str], rows: Sequence[Sequence[object]], *, title: str | None = None
) -> None:
    """Print a table; cells are inert text, columns of numbers stand right.

    Where it is too wide for the terminal, intervals move below their figures.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from tui.commands.figures import Figure, needs_stack, stack_table

    width = None if sys.stdout.isatty() else WIDTH
    output = Console(highlight=False, width=width)
    heading = Text(one_line(title), style="table.title") if title else None
    shown = [[show_cell(cell) for cell in row] for row in rows]
    has_figures = any(isinstance(cell, Figure) for row in rows for cell in row)
    if has_figures and needs_stack(columns, shown, output.width):
        stacked = stack_table(
            columns, [[_lines(cell) for cell in row] for row in rows], output.width
        )
        if heading:
            output.print(heading)
        output.print(Text("\n").join(map(Text, [*stacked, ""])))
        return
    table = Table(title=heading, title_justify="left", box=None, pad_edge=False)
    for number, name in enumerate(columns):
        numeric = bool(rows) and all(isinstance(row[number], (int, float)) for row in rows)
        table.add_column(Text(name), justify="right" if numeric else "left")
    for cells in shown:
        table.add_row(*map(Text, cells))
    output.print(table)


def _lines(value: object) -> tuple[str, ...]:
    """The lines of a cell that may have several."""
    from tui.commands.figures import Figure

    lines = value.lines if isinstance(value, Figure) else (value,)
    return tuple(show_cell(line) for line in lines)


def print_markdown(
    columns: Sequence[str], rows: Sequence[Sequence[object]], *, title: str | None = None
) -> None:
    """Print a table as Markdown."""
    for line in markdown_lines(columns, rows, title):
        typer.echo(line)
    typer.echo("")
