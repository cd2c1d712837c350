"""The command that asks a language model for better answers in place of flagged ones: correct."""

from typing import Annotated, Final

import typer

from store.approvals import Correction
from store.counting import counted
from tui.commands.completion import complete_datasets, complete_detectors
from tui.commands.job_options import DetachOption, ForceOption, WriterOption
from tui.commands.output import JsonOption, console, open_workspace, print_json, say, tell
from tui.commands.progress import follow_job, wait_or_leave
from tui.commands.run import describe_draft
from tui.services.bounds import MOST_ROWS
from tui.services.errors import NoRowCame, NothingToDo
from tui.services.inert import one_line
from tui.services.jobs.correction import CorrectionRequest, draft_correction
from tui.services.jobs.run_plan import start_job
from tui.services.numbers import show_number, show_percent
from tui.services.results.corrections import Corrections, read_figures
from tui.services.workspace import Workspace

LONGEST: Final = 300  # characters of an example's text
MOST_CANDIDATES: Final = 16


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("correct")(correct)


def correct(
    context: typer.Context,
    dataset: Annotated[
        str | None,
        typer.Option(
            "--on",
            metavar="DATASET",
            help="Correct answers of this production alone.",
            autocompletion=complete_datasets,
        ),
    ] = None,
    model: WriterOption = None,
    candidates: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=MOST_CANDIDATES,
            help="Write so many for each answer; as workspace.toml says if not given.",
        ),
    ] = None,
    detector: Annotated[
        str | None,
        typer.Option(
            help="The detector that must not flag them; the newest if not given.",
            autocompletion=complete_detectors,
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, max=MOST_ROWS, help="Correct at most so many answers now.")
    ] = None,
    retry_errors: Annotated[
        bool,
        typer.Option("--retry-errors", help="Also ask again where no candidate was kept."),
    ] = False,
    force: ForceOption = False,
    detach: DetachOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write better answers in place of those that were rightly flagged, for the chat model.

    A correction is kept where the detector does not flag it and it still answers the prompt. You
    approve them by pattern on the screen Loop; `export corrections` writes what is approved.
    """
    workspace = open_workspace(context)
    request = CorrectionRequest(dataset, model, candidates, detector, limit, retry_errors)
    try:
        _write(workspace, request, force, detach)
    except NoRowCame:
        _show(workspace, dataset, as_json)
        raise
    if not detach:
        _show(workspace, dataset, as_json)


def _write(workspace: Workspace, request: CorrectionRequest, force: bool, detach: bool) -> None:
    """Write what is due, and wait for it unless the job is left alone."""
    with workspace.planning():
        with workspace.database() as database:
            try:
                draft = draft_correction(workspace, database, request)
            except NothingToDo as nothing:
                say(str(nothing))
                return
        job = start_job(workspace, draft, force=force)
    say(f"Job {job.job_id}: {describe_draft(draft)}")
    if detach:
        wait_or_leave(workspace, job, detach)
    else:
        follow_job(workspace, job, console())


def _show(workspace: Workspace, dataset: str | None, as_json: bool) -> None:
    with workspace.database() as database:
        found = read_figures(workspace, database, dataset)
    if as_json:
        print_json(found)
        return
    for line in _describe(found):
        tell(line)


def _describe(found: Corrections) -> list[str]:
    """The figures in sentences, an example, and what to do next."""
    asked = found.right_alarms - found.without_prompt
    lines = [
        f"{counted(found.right_alarms, 'flagged answer')} with a positive label: "
        f"{found.without_prompt:,} without a prompt are left out, {found.asked:,} of {asked:,} "
        "were asked about.",
    ]
    if not found.written:
        return lines
    lines.append(
        f"{counted(found.written, 'candidate')} written, {found.kept:,} kept, "
        f"{found.written - found.kept:,} refused."
    )
    lines += [
        f"  {counted(number, 'candidate')}: {one_line(reason, 200)}"
        for reason, number in found.refused.items()
    ]
    lines.append(
        f"With a correction: {found.corrected:,} of {counted(found.asked, 'answer')}, "
        f"{show_percent(found.corrected_share)} %."
    )
    if found.example is not None:
        lines += _describe_example(found.example)
    if found.waiting:
        lines.append(
            f"To approve, by c on the screen Loop (F10): {counted(found.waiting, 'correction')} of "
            f"{counted(found.waiting_patterns, 'pattern')}; approved: {found.approved:,}."
        )
    elif found.approved:
        lines += [
            f"Approved: {counted(found.approved, 'correction')}, and none waits.",
            "Next: backquery export corrections --to FILE.jsonl --as sft",
        ]
    return lines


def _describe_example(example: Correction) -> list[str]:
    return [
        "For example:",
        f"  prompt      {one_line(example.prompt, LONGEST)}",
        f"  flagged     {one_line(example.flagged, LONGEST)}",
        f"  correction  {one_line(example.correction, LONGEST)}",
        f"              positive probability {show_number(example.probability)}, "
        f"BERTScore {show_number(example.f1)} against {show_number(example.floor)} at most with "
        "other prompts",
    ]
