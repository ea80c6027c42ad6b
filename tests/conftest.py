"""What every test may use: real parts by name, and homes of their own.

A missing real part is a named skip on a laptop and a failure with KIT_REQUIRE_REAL=1 or CI=true.
In a test: the fixture `require_real` (`require_real("node")`), the mark `@pytest.mark.real("node")`, or the fixture
`valkey`, which is a running server.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_path() -> str | None:
    """The system's Chromium: $KIT_CHROMIUM, else the first name on PATH, else the usual place on macOS."""
    named = os.environ.get("KIT_CHROMIUM")
    on_path = next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)
    mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    return named or on_path or (mac if os.path.exists(mac) else None)


def _missing_valkey() -> str:
    from kit.real.supervisor import StartFailed
    from kit.real.valkey import valkey_binary

    try:
        valkey_binary()
    except StartFailed as problem:
        return str(problem)
    return ""


def _missing_memcached() -> str:
    return "" if shutil.which("memcached") else "no `memcached` on PATH (Debian: apt-get install memcached)"


def _missing_node() -> str:
    return "" if shutil.which("node") else "no `node` on PATH (Debian: apt-get install nodejs)"


def _missing_chromium() -> str:
    return "" if chromium_path() else "no Chromium on PATH (Debian: apt-get install chromium; or set KIT_CHROMIUM)"


def _missing_jupyter() -> str:
    return "" if importlib.util.find_spec("jupyterlab") else "jupyterlab is not installed: run `make install`"


def _missing_redis_tools() -> str:
    found = shutil.which("redis-cli") and shutil.which("redis-benchmark")
    return "" if found else "no `redis-cli` and `redis-benchmark` on PATH (Debian: apt-get install redis-tools)"


_PARTS: dict[str, Callable[[], str]] = {
    "valkey": _missing_valkey,
    "memcached": _missing_memcached,
    "node": _missing_node,
    "chromium": _missing_chromium,
    "jupyter": _missing_jupyter,
    "redis-tools": _missing_redis_tools,
}


def real_parts_are_demanded() -> bool:
    return os.environ.get("KIT_REQUIRE_REAL") == "1" or os.environ.get("CI") == "true"


def _demand(part: str) -> None:
    """Return when the part is there; else skip by name, or fail where real parts are demanded."""
    reason = _PARTS[part]()
    if not reason:
        return
    if real_parts_are_demanded():
        pytest.fail(f"real part missing: {part}: {reason}", pytrace=False)
    pytest.skip(f"real part missing: {part}: {reason}")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("real"):
        _demand(mark.args[0])


@pytest.fixture(scope="session")
def require_real() -> Callable[[str], None]:
    """`require_real("valkey")`; parts: valkey, memcached, node, chromium, jupyter."""
    return _demand


@pytest.fixture(scope="session")
def chromium(require_real: Callable[[str], None]) -> str:
    """Path of the system's Chromium."""
    require_real("chromium")
    return chromium_path() or ""


@pytest.fixture(scope="session")
def valkey(require_real: Callable[[str], None]) -> Iterator[object]:
    """A real Valkey for the whole run: `.host`, `.port`, `.version`; a test flushes what it used."""
    require_real("valkey")
    from kit.real.valkey import running_valkey

    with running_valkey() as server:
        yield server


@pytest.fixture(scope="session")
def memcached(require_real: Callable[[str], None]) -> Iterator[object]:
    """A real memcached as ElastiCache starts it: `.host`, `.port`, `.version`; a test flushes what it used."""
    require_real("memcached")
    from kit.real.memcached import running_memcached

    with running_memcached() as server:
        yield server


@pytest.fixture(autouse=True, scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing of a test reaches the learner's folders; the archive, built once, is shared between runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KIT_HOME", str(tmp_path_factory.mktemp("kit-home")))
        patch.setenv("KIT_DATA", os.environ.get("KIT_TEST_DATA", str(ROOT / "work" / ".test-data")))
        yield


@pytest.fixture
def kit_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A KIT_HOME of this test alone."""
    home = tmp_path / "kit-home"
    home.mkdir()
    monkeypatch.setenv("KIT_HOME", str(home))
    return home


@pytest.fixture
def kit_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty KIT_DATA of this test alone (for tests of the build itself)."""
    data = tmp_path / "kit-data"
    data.mkdir()
    monkeypatch.setenv("KIT_DATA", str(data))
    return data
