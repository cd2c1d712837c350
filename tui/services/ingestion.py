"""Taking the finished parts of all jobs into the database, again and again."""

from engine.errors import JobNotFound, JobSpecInvalid
from engine.jobs.job import JobFolder
from engine.jobs.stage import make_stage
from engine.jobs.supervisor import Supervisor
from engine.jobs.tables import KEPT_IN_JOBS
from store.database.connection import Database
from store.ingest import count_parts, ingest_part


class Intake:
    """Takes parts in, and remembers jobs that are done: their folders are not read again."""

    def __init__(self, supervisor: Supervisor, database: Database) -> None:
        self._supervisor = supervisor
        self._database = database
        self._settled: set[str] = set()

    def take_in(self) -> int:
        """Take in every finished part of every job; return the number of new rows."""
        rows = 0
        for job in self._supervisor.jobs():
            if job.job_id in self._settled:
                continue
            try:
                job.spec()
            except (JobNotFound, JobSpecInvalid):  # a copy of a job, or the rest of one
                continue
            rows += self._take_in_job(job)
        return rows

    def _take_in_job(self, job: JobFolder) -> int:
        rows = 0
        is_done = job.state() == "done"  # asked first: no part comes after it
        taken = count_parts(self._database, job.job_id)
        for folder, stage, path in job.finished_parts(taken):
            table = make_stage(stage).writes
            if table in KEPT_IN_JOBS:
                continue
            rows += ingest_part(self._database, job.job_id, folder, table, path)
        if is_done:
            self._settled.add(job.job_id)
        return rows
