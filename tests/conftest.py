"""What every test starts from: an own cache, a fixed clock, no settings of whoever runs it."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def surroundings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the real home, clock and terminal settings out of the tests."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795166400")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("GH_CONFIG_DIR", str(tmp_path_factory.mktemp("gh")))
    for name in ("NO_COLOR", "FORCE_COLOR", "CI", "GITHUB_TOKEN", "GH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
