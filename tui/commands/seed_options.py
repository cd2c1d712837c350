"""Which seeds are asked about: the options that `run` and `try` share."""

from typing import Annotated

import typer

from tui.commands.completion import complete_datasets, complete_labels
from tui.services.bounds import MOST_SEED

DatasetOption = Annotated[
    list[str] | None,
    typer.Option(help="Ask only about seeds of this dataset.", autocompletion=complete_datasets),
]
LabelOption = Annotated[
    list[str] | None,
    typer.Option(help="Ask only about seeds of this label.", autocompletion=complete_labels),
]
SeedOption = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=MOST_SEED,
        help="Draw under this random seed; that of workspace.toml if not given.",
    ),
]
