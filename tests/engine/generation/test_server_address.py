import pytest

from engine.generation.server_address import describe_proxy, direct_routes


@pytest.mark.parametrize(
    ("base_url", "routes"),
    [
        ("http://127.0.0.1:8000/v1", {"all://127.0.0.1": None}),
        ("http://127.8.9.1/v1", {"all://127.8.9.1": None}),
        ("http://localhost:8000/v1", {"all://localhost": None}),
        ("http://box.localhost:8000/v1", {"all://box.localhost": None}),
        ("http://[::1]:8000/v1", {"all://[::1]": None}),
        ("https://api.example.org/v1", {}),
        ("http://10.0.0.7/v1", {}),
        ("http://notlocalhost/v1", {}),
    ],
)
def test_only_servers_on_this_machine_are_asked_without_a_proxy(
    base_url: str, routes: dict[str, None]
) -> None:
    assert direct_routes(base_url) == routes


def test_a_proxy_is_named_by_its_variable_and_never_by_its_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("https_proxy", "http://user:secret@proxy:9")
    monkeypatch.setenv("no_proxy", "example.com")
    monkeypatch.delenv("http_proxy", raising=False)
    monkeypatch.delenv("all_proxy", raising=False)
    said = describe_proxy("https://api.example.org/v1")
    assert "HTTPS_PROXY" in said
    assert "secret" not in said
    assert describe_proxy("https://example.com/v1") == ""
    assert describe_proxy("http://api.example.org/v1") == ""
    assert describe_proxy("https://127.0.0.1/v1") == ""
