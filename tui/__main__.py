"""The entry point `backquery`: turns every error into one line on standard error and a status."""

import os
import sys

from tui.services.streams import finish_streams, make_streams_lenient

INTERRUPTED = 130  # what Typer ends with after Ctrl-C, as shells do


def main() -> None:
    """Run the command line; exit with 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
    insist_on_utf8()
    leave_out_unsafe_folders()
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")  # bars of models that load
    make_streams_lenient()
    status = _run()
    sys.exit(finish_streams(status))


def insist_on_utf8() -> None:
    """Start Python again in its UTF-8 mode where a locale makes it read paths otherwise.

    DuckDB and polars take paths as UTF-8 only, and would write beside a folder with an accent.
    The terminal keeps its own encoding.
    """
    if sys.getfilesystemencoding() == "utf-8" or os.environ.get("PYTHONUTF8") == "1":
        return
    terminal = sys.stdout.encoding if sys.stdout else "ascii"
    os.environ.update(PYTHONUTF8="1", PYTHONIOENCODING=f"{terminal}:backslashreplace")
    os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])


def leave_out_unsafe_folders() -> None:
    """Import nothing from the current folder, nor from the folder that holds the command.

    Python puts the latter first on its path, and an empty entry in PYTHONPATH means the former: a
    file there could take the place of a library. Where this package lies in one, it stays.
    """
    package = os.path.dirname(os.path.dirname(__file__))
    try:
        here, command = os.getcwd(), os.path.dirname(os.path.realpath(sys.argv[0]))
    except FileNotFoundError:  # the current folder was removed, so nothing can be in it
        return
    unsafe = {command} if here == package else {"", here, command}
    sys.path[:] = [entry for entry in sys.path if entry not in unsafe or entry == package]


def _run() -> int:
    try:
        from tui.cli import app

        app()
    except SystemExit as end:
        if end.code == INTERRUPTED:
            _say("interrupted.")
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:  # before Typer looks after it
        _say("interrupted.")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 (the boundary of the command line)
        from tui.services.border import describe_error

        _say(describe_error(error))
        return 1
    return 0


def _say(text: str) -> None:
    from tui.services.inert import inert

    if sys.stderr is not None:
        sys.stderr.write(f"backquery: {inert(text)}\n")


if __name__ == "__main__":
    main()
