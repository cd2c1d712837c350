"""The newest texts of a job, which no part has to hold yet."""

from engine.jobs.job import JobFolder
from engine.jobs.newest import read_newest
from tui.services.results.new_text import ShownText


def newest_texts(job: JobFolder) -> tuple[ShownText, ...]:
    """The newest texts of the last stage that has written any, newest first."""
    for number, stage in reversed(list(enumerate(job.spec().stages))):
        if texts := stage_texts(job, number, stage.name):
            return texts
    return ()


def stage_texts(job: JobFolder, number: int, stage: str) -> tuple[ShownText, ...]:
    """The newest texts of one stage, newest first."""
    return tuple(
        ShownText(
            row_id=text.row_id,
            stage=stage,
            texts=text.texts,
            flags=text.flags,
            new_tokens=text.new_tokens,
            ended=text.ended,
            error=text.error,
        )
        for text in read_newest(job.stage_dir(number, stage))
    )
