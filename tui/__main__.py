"""The entry point `backquery`: turns refusals into one line on standard error and a status."""

import sys

from engine.errors import EngineError
from store.errors import StoreError
from tui.errors import BridgeError


def main() -> None:
    """Run the command line; exit with 0 done, 1 failed, 2 wrong usage."""
    from tui.cli import app

    try:
        app()
    except (BridgeError, EngineError, StoreError) as error:
        sys.stderr.write(f"backquery: {error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
