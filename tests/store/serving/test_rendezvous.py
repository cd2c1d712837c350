import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import store.serving.rendezvous
from store.errors import Unreachable
from store.serving.rendezvous import connect, listen


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder with a path as short as that of a socket has to be."""
    with TemporaryDirectory(prefix="bq-", dir="/tmp") as folder:
        yield Path(folder)


def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """No temporary folder but one in the test's own."""
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    return {"XDG_RUNTIME_DIR": str(runtime)}


def test_the_socket_is_its_users_alone_and_can_be_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, address = listen(tmp_path, environment(tmp_path, monkeypatch))
    with found:
        assert address.parent == tmp_path / "run" / "backquery"
        assert stat.S_IMODE(address.stat().st_mode) == 0o600
        assert stat.S_IMODE(address.parent.stat().st_mode) == 0o700
        connect(address, 5.0).close()


def test_a_workspace_has_one_socket_by_whatever_path_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = environment(tmp_path, monkeypatch)
    workspace, link = tmp_path / "w", tmp_path / "link"
    workspace.mkdir()
    link.symlink_to(workspace)
    first, address = listen(workspace, here)
    second, other = listen(link, here)  # what a killed owner left is replaced
    first.close()
    second.close()
    assert address == other


def test_a_folder_that_others_made_or_can_read_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = environment(tmp_path, monkeypatch)
    (tmp_path / "run" / "backquery").mkdir(mode=0o777)
    (tmp_path / "run" / "backquery").chmod(0o755)
    found, address = listen(tmp_path, here)
    found.close()
    assert address.parent == tmp_path / f"backquery-{os.geteuid()}"


def test_a_link_is_no_private_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = environment(tmp_path, monkeypatch)
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "run" / "backquery").symlink_to(tmp_path / "elsewhere")
    found, address = listen(tmp_path, here)
    found.close()
    assert address.parent == tmp_path / f"backquery-{os.geteuid()}"
    with pytest.raises(Unreachable, match="is not a folder"):
        connect(tmp_path / "run" / "backquery" / "x.sock", 5.0)


def test_a_path_that_is_too_long_for_a_socket_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment(tmp_path, monkeypatch)
    deep = tmp_path / ("d" * 90)
    deep.mkdir(mode=0o700)
    found, address = listen(tmp_path, {"XDG_RUNTIME_DIR": str(deep)})
    found.close()
    assert deep not in address.parents


def test_where_no_folder_is_private_the_reasons_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.serving.rendezvous, "LONGEST_ADDRESS", 5)
    with pytest.raises(Unreachable, match=r"too long a path; .* too long a path"):
        listen(tmp_path, {})


def test_another_user_is_refused_at_either_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, address = listen(tmp_path, environment(tmp_path, monkeypatch))
    monkeypatch.setattr(store.serving.rendezvous, "peer_user", lambda _: os.geteuid() + 1)
    with found, pytest.raises(Unreachable, match="no other user"):
        connect(address, 5.0)


@pytest.mark.skipif(not hasattr(socket, "SO_PEERCRED"), reason="the system does not say")
def test_the_user_at_the_other_end_is_the_one_the_system_names() -> None:
    one, other = socket.socketpair()
    with one, other:
        assert store.serving.rendezvous.peer_user(one) == os.geteuid()
