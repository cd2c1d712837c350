"""The part of `import` that takes in logs of deployed guards."""

import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

import typer

from store.counting import counted
from store.reading.arrivals import arrive, is_pipe
from store.reading.logs.redaction import read_redaction
from store.reading.options import ImportOptions
from tui.commands.output import print_json, say, tell
from tui.services.files.log_following import LOOK_AFTER_S, FollowedLog
from tui.services.files.log_options import LogOptions
from tui.services.files.logs import (
    LogReport,
    are_logs,
    describe_logs,
    import_logs,
    summarise_logs,
)
from tui.services.workspace import Workspace


class FormatName(StrEnum):
    """The layouts of logs, as `store.reading.logs.layouts` has them."""

    auto = "auto"
    chat = "chat"
    litellm = "litellm"
    bedrock = "bedrock"
    guardrails_ai = "guardrails-ai"
    openinference = "openinference"
    otel = "otel"
    wildchat = "wildchat"
    garak = "garak"
    scored = "scored"


@dataclass(frozen=True, slots=True)
class LogRequest:
    """What was asked of logs."""

    format: FormatName | None
    redact: Path | None
    follow: bool
    as_json: bool


_OF_TABLES: Final = (  # options that a log has no use for
    ("label_column", "--label"), ("label_map", "--map"), ("label_for_all", "--label-all"),
    ("id_column", "--id"), ("group_column", "--group"), ("dimension_columns", "--dimension"),
    ("pair_with", "--pair-with"),
)  # fmt: skip


def import_logs_command(
    workspace: Workspace,
    files: Sequence[Path],
    options: ImportOptions,
    request: LogRequest,
    *,
    replace: bool,
) -> bool:
    """Take files in as logs if that is what they are; whether they were."""
    is_asked = request.format is not None
    _check(options, request, replace=replace)
    if not is_asked and (replace or not _may_be_logs(options)):
        return False
    redaction = read_redaction(request.redact) if request.redact else None
    log_options = LogOptions(
        dataset=options.dataset,
        layout=(request.format or FormatName.auto).value,
        turn=options.turn,
        text_field=options.text_column,
        context_field=options.context_column,
        redaction=redaction,
    )
    if request.follow:
        _follow(workspace, files, log_options, request)
        return True
    with arrive(files) as sources, workspace.database() as database:
        if not is_asked and not are_logs(database, options.dataset, sources):
            return False
        reports = import_logs(workspace, database, sources, log_options)
    _tell(reports, options.dataset, request)
    return True


def _follow(
    workspace: Workspace, files: Sequence[Path], options: LogOptions, request: LogRequest
) -> None:
    """Take logs in while they are written, until Ctrl-C; then say what became of them."""
    if pipes := [str(path) for path in files if is_pipe(path)]:
        raise typer.BadParameter(
            f"reads files, and {pipes[0]} is none: name the file that is written.",
            param_hint="--follow",
        )
    followed = [FollowedLog(workspace, path, options) for path in files]
    say("Taking in what is written; Ctrl-C ends it.")
    with ExitStack() as opened, suppress(KeyboardInterrupt):
        for log in followed:
            opened.callback(log.close)
        while True:
            for log in followed:
                if log.look():
                    _say_progress(log)
            time.sleep(LOOK_AFTER_S)
    _tell([item for log in followed for item in log.reports], options.dataset, request)


def _say_progress(log: FollowedLog) -> None:
    counts = [report.counts for report in log.reports]
    new, flagged = sum(item.new for item in counts), sum(item.flagged for item in counts)
    say(f"{datetime.now():%H:%M:%S} {log.path.name}: {counted(new, 'new record')} "
        f"so far, {flagged:,} flagged")  # fmt: skip


def _may_be_logs(options: ImportOptions) -> bool:
    """Whether files may be taken for logs though nobody says so: nobody named a column either."""
    return options.roles == ("production",) and not options.named_columns and not _unused(options)


def _unused(options: ImportOptions) -> list[str]:
    return [flag for name, flag in _OF_TABLES if getattr(options, name)]


def _check(options: ImportOptions, request: LogRequest, *, replace: bool) -> None:
    """Refuse what cannot go together, before any file is read."""
    if request.format is None:
        for is_given, flag in ((request.redact, "--redact"), (request.follow, "--follow")):
            if is_given:
                raise typer.BadParameter("is for logs: add --format auto.", param_hint=flag)
        return
    if options.roles != ("production",):
        raise typer.BadParameter(
            "reads logs of production: give --role production alone.", param_hint="--format"
        )
    unused = [*_unused(options), *(["--replace"] if replace else [])]
    if unused:
        raise typer.BadParameter(
            f"has no use for {', '.join(unused)}: a log says itself what is what.",
            param_hint="--format",
        )


def _tell(reports: Sequence[LogReport], dataset: str, request: LogRequest) -> None:
    if request.as_json:
        print_json(summarise_logs(reports))
        return
    if request.format is None:
        tell("Taken as a log, with what its guards said; --text COL takes it as a table.")
    for line in describe_logs(reports, dataset):
        tell(line)
