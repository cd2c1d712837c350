"""How a job is started: the options that several commands share."""

from typing import Annotated

import typer

WriterOption = Annotated[
    str | None,
    typer.Option(
        metavar="REF",
        help="The language model that writes; that of workspace.toml if not given.",
    ),
]
DetachOption = Annotated[bool, typer.Option("--detach", help="Do not wait for the job to end.")]
ForceOption = Annotated[
    bool, typer.Option("--force", help="Go on whatever the first rows are like; do not pause.")
]
