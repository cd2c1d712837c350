"""Approved corrections as rows to fine-tune a chat model on, in the layouts of TRL.

Conversational ones, of SFT ("messages") and of preference ("prompt", "chosen", "rejected"); see
https://huggingface.co/docs/trl/dataset_formats.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from store.approvals import approved_corrections
from store.database.connection import Database
from store.detectors import list_detectors
from tui.services.errors import NothingToDo
from tui.services.learning import make_labels_fresh
from tui.services.workspace import Workspace

Layout = Literal["sft", "preference"]

MESSAGES: Final = pl.List(pl.Struct({"role": pl.String, "content": pl.String}))
RULE: Final = (
    "One correction for each prompt and context: of the approved candidates that the detector did "
    "not flag and whose BERTScore F1 against the prompt is above its floor, the one with the "
    "highest F1, then the lowest positive probability."
)


@dataclass(frozen=True, slots=True)
class CorrectionCard:
    """What a reader of exported corrections must know of them, in numbers of rows.

    `approved_by` are annotators; `models` wrote the corrections, `detectors` let them pass;
    `patterns` is the number of clusters that were approved.
    """

    layout: Layout
    rule: str
    patterns: int
    approved_by: Mapping[str, int]
    models: Mapping[str, int]
    detectors: Mapping[str, int]


def export_rows(
    workspace: Workspace, database: Database, layout: Layout
) -> tuple[pl.DataFrame, CorrectionCard]:
    """The rows of a layout by the ids of answers, and their card; a context is a system message.

    Raises NothingToDo where no correction is approved.
    """
    make_labels_fresh(workspace, database)
    rows = approved_corrections(database, workspace.task.positives)
    if rows.is_empty():
        raise NothingToDo(
            "No correction is approved: `backquery correct` writes them, and on the screen Loop "
            "(F10) you approve them by pattern."
        )
    return _lay_out(rows, layout), CorrectionCard(
        layout=layout,
        rule=RULE,
        patterns=rows["cluster_id"].n_unique(),
        approved_by=_count(rows["annotator"]),
        models=_count(rows["model"]),
        detectors=_count(_names(database, rows["detector_id"])),
    )


def _lay_out(rows: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    asked = [
        [*_message("system", context), *_message("user", prompt)]
        for context, prompt in rows.select("context", "prompt").iter_rows()
    ]
    chosen = [_message("assistant", text) for text in rows["correction"]]
    if layout == "sft":
        said = [[*before, *answer] for before, answer in zip(asked, chosen, strict=True)]
        return pl.DataFrame({"messages": said}, schema={"messages": MESSAGES})
    rejected = [_message("assistant", text) for text in rows["flagged"]]
    columns = {"prompt": asked, "chosen": chosen, "rejected": rejected}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, MESSAGES))


def _message(role: str, content: str | None) -> list[dict[str, str]]:
    return [] if content is None else [{"role": role, "content": content}]


def _count(values: pl.Series) -> dict[str, int]:
    """How often there is each value, the commonest first."""
    counts = values.value_counts(name="rows").sort(["rows", values.name], descending=[True, False])
    return dict(counts.iter_rows())


def _names(database: Database, detector_ids: pl.Series) -> pl.Series:
    """Names of detectors with their ids; of one that is gone the id alone."""
    names = {item.detector_id: item.name for item in list_detectors(database)}
    found = [f"{names[item]} ({item})" if item in names else item for item in detector_ids]
    return pl.Series("detector", found, dtype=pl.String)
