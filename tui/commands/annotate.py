"""Commands around annotators that are models: annotate, agreement."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from store.classifications import TextDraw
from store.counting import counted
from tui.commands.agreement_tables import print_agreement
from tui.commands.job_options import DetachOption
from tui.commands.output import JsonOption, console, open_workspace, print_json, say
from tui.commands.progress import follow_job, wait_or_leave
from tui.commands.run import describe_draft
from tui.commands.seed_options import SeedOption
from tui.services.bounds import MOST_ROWS
from tui.services.inert import one_line
from tui.services.jobs.annotation import (
    Annotation,
    AnnotationRequest,
    draft_annotation,
    take_as_decisions,
)
from tui.services.jobs.run_plan import start_job
from tui.services.results.agreement import read_agreement
from tui.services.workspace import Workspace


class Texts(StrEnum):
    """What models are asked about."""

    representatives = "representatives"
    answers = "answers"


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("annotate")(annotate)
    app.command("agreement")(agreement)


def annotate(
    context: typer.Context,
    model: Annotated[
        list[str],
        typer.Option(
            metavar="REF",
            help="Ask this language model, named as in workspace.toml; may be given several times.",
        ),
    ],
    what: Annotated[
        Texts, typer.Option(help="Ask about the clusters' representatives, or about all answers.")
    ] = Texts.representatives,
    limit: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_ROWS, help="Ask each about so many more texts."),
    ] = None,
    total: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=MOST_ROWS,
            help="Ask each until it was asked about so many texts, those of earlier runs included.",
        ),
    ] = None,
    seed: SeedOption = None,
    record: Annotated[
        bool,
        typer.Option(
            "--record",
            help="Also take the labels as decisions, under the model's name, where nobody has "
            "decided yet.",
        ),
    ] = False,
    retry_errors: Annotated[
        bool, typer.Option("--retry-errors", help="Ask again about texts that got no reply.")
    ] = False,
    detach: DetachOption = False,
    as_json: JsonOption = False,
) -> None:
    """Let language models classify representatives or answers, and show how far all agree.

    A model is told what the labels mean, as by `evaluate llm:MODEL`. It is an annotator of its own:
    it sets no label, unless --record is given.
    """
    if detach and record:
        raise typer.BadParameter(
            "labels are taken as decisions when the job has ended: run it again without --detach.",
            param_hint="--record",
        )
    workspace = open_workspace(context)
    drawn = workspace.settings.seed if seed is None else seed
    request = AnnotationRequest(
        tuple(model), TextDraw(what.value, limit, total, drawn), retry_errors
    )
    annotation = _ask(workspace, request, detach)
    if detach:
        return
    if record:
        _record(workspace, annotation, request)
    _show(workspace, as_json, annotation.annotators)


def _ask(workspace: Workspace, request: AnnotationRequest, detach: bool) -> Annotation:
    """Ask about what is due, and wait for it unless the job is left alone."""
    with workspace.planning():
        with workspace.database() as database:
            annotation = draft_annotation(workspace, database, request)
        if not annotation.draft.planned:
            say(f"Nothing is left to ask {', '.join(map(one_line, annotation.annotators))}.")
            return annotation
        job = start_job(workspace, annotation.draft)
    say(f"Job {job.job_id}: {describe_draft(annotation.draft)}")
    if detach:
        wait_or_leave(workspace, job, detach)
    else:
        follow_job(workspace, job, console())
    return annotation


def _record(workspace: Workspace, annotation: Annotation, request: AnnotationRequest) -> None:
    with workspace.database() as database:
        for annotator in annotation.annotators:
            name = one_line(annotator)
            count = take_as_decisions(workspace, database, annotator, request)
            if count:
                say(
                    f"Took {counted(count, 'decision')} of {name}. "
                    f"`backquery label --annotator {name}` and the key u undo them."
                )
            else:
                say(f"Nothing of {name} was taken: what it labelled has a decision already.")


def agreement(context: typer.Context, as_json: JsonOption = False) -> None:
    """Show how far people, language models and the detector agree on what they labelled."""
    _show(open_workspace(context), as_json)


def _show(workspace: Workspace, as_json: bool, asked: Sequence[str] = ()) -> None:
    """Print the agreement; say which of the models that were asked rarely name a label."""
    with workspace.database() as database:
        report = read_agreement(workspace, database)
    if as_json:
        print_json(report)
    else:
        print_agreement(report)
    for item in report.annotators:
        if item.name in asked and item.failed > item.n:
            say(
                f"{one_line(item.name)} named no label in {item.failed:,} of "
                f"{counted(item.n + item.failed, 'reply', 'replies')}: it may be too small for "
                "this, or templates/judge.toml may not suit it."
            )
