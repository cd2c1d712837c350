"""Words to highlight, one a line, in a file that the workspace names."""

from pathlib import Path

from tui.services.errors import SettingsInvalid


def read_words(path: Path) -> list[str]:
    """The words and regular expressions of a file. Raises SettingsInvalid."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"The words to highlight cannot be read: {error}") from error
    return [line.strip() for line in lines if line.strip()]
