"""JupyterLab for `make lab`: on loopback, on the learner's folder, and writing nowhere else.

Rules: every folder that Lab or IPython would put into the user's home lies below `work/.jupyter`; the kernel is this
interpreter, by a kernelspec of our own that stands before any other; nothing is fetched from outside (no news, no
extension manager); the port is the first free one from 8888, or the one that was asked for and no other.
Source: jupyter.md, "Where Lab writes, and starts" (jupyterlab 4.6.6); jupyter_core 5, `jupyter_path`.
Leaves out: a server for others. The address is loopback's, and whoever has the token is the learner.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import socket
import sys
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path

from kit.cache.clock import WallClock
from kit.real.course import bring_up_to_date, start_page
from kit.real.supervisor import StartFailed, Supervised, start

FIRST_PORT = 8888
_PORTS_TRIED = 100
_START_WITHIN_S = 90.0
_SHIPPED = Path(__file__).resolve().parents[2] / "notebooks"
_FOREIGN = ("JUPYTER", "IPYTHON", "PYTHON", "LAB_")  # settings of another installation


class PortTaken(ValueError):
    """The port that was asked for is in use; the text says what to do."""


def run_lab(
    home: Path,
    *,
    port: int | None = None,
    browser: bool = True,
    theme: str | None = None,
    say: Callable[[str], None] = print,
    shipped: Path = _SHIPPED,
) -> int:
    """Bring the learner's copies up to date, run Lab until it ends or Ctrl-C. Returns an exit code: 0, or 1.

    home: the learner's folder (KIT_HOME). port: exactly this one. theme: Lab's default theme, for tests.
    Raises PortTaken when `port` is in use.
    """
    home = home.resolve()
    chosen = choose_port(port)
    for sentence in bring_up_to_date(shipped, home, WallClock()):
        say(sentence)
    token = secrets.token_hex(24)
    write_settings(home, theme=theme)
    log = home / ".jupyter" / "lab.log"
    log.unlink(missing_ok=True)
    try:
        _sign(home, token)
        lab = start(lab_command(home, chosen), env=lab_environment(home, token), output=str(log), cwd=str(home))
    except StartFailed as problem:
        say(str(problem))
        return 1
    with lab:
        return _serve(lab, home, chosen, token, browser, say)


def _sign(home: Path, token: str) -> None:
    """Have the copies signed that equal ours: of a notebook that nobody signed Lab shows no picture as it was drawn."""
    # Named and not imported: the room that knows notebooks stands above this one.
    argv = [sys.executable, "-I", "-m", "kit.lab.trust", str(home / "notebooks")]
    with start(argv, env=lab_environment(home, token)) as signing:
        signing.wait()


def _serve(lab: Supervised, home: Path, port: int, token: str, browser: bool, say: Callable[[str], None]) -> int:
    try:
        if not _answers(lab, port, token):
            return _failed("did not start", home, say)
        address = lab_address(home, port, token)
        opened = browser and _open(address)
        say(f"JupyterLab {'is open' if opened else 'is ready'} at {address}")
        say(f"Your copies are in {home / 'notebooks'}. Ctrl-C here ends JupyterLab.")
        return 0 if lab.wait() == 0 else _failed("has broken off", home, say)
    except KeyboardInterrupt:
        say("\nJupyterLab has ended; what you saved is kept.")
        lab.ask_to_end()
        return 0


def _failed(how: str, home: Path, say: Callable[[str], None]) -> int:
    log = home / ".jupyter" / "lab.log"
    say(f"JupyterLab {how}; the last lines of {log}:")
    say(_last_lines(log))
    return 1


def choose_port(asked: int | None) -> int:
    """The port asked for, or the first free one from 8888.

    Raises PortTaken.
    """
    if asked is not None:
        if not _is_free(asked):
            raise PortTaken(
                f"port {asked} of this machine is in use. Leave --port out and the next free one is taken, "
                f"or end the program that uses it."
            )
        return asked
    for port in range(FIRST_PORT, FIRST_PORT + _PORTS_TRIED):
        if _is_free(port):
            return port
    raise PortTaken(f"no free port from {FIRST_PORT} to {FIRST_PORT + _PORTS_TRIED - 1}: name one with --port.")


def lab_address(home: Path, port: int, token: str) -> str:
    page = start_page(home / "notebooks")
    path = f"lab/tree/notebooks/{page}" if page else "lab"
    return f"http://127.0.0.1:{port}/{path}?token={token}"


def lab_command(home: Path, port: int) -> list[str]:
    settings = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": str(port),
        "ServerApp.port_retries": "0",
        "ServerApp.root_dir": str(home),
        "FileContentsManager.preferred_dir": str(home / "notebooks"),
        "ServerApp.open_browser": "False",
        "LabApp.extension_manager": "readonly",  # the other one asks a registry
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    }
    if os.geteuid() == 0:
        settings["ServerApp.allow_root"] = "True"  # on loopback only
    # -I: neither the current folder nor PYTHON* of another installation has a say in what is imported.
    return [sys.executable, "-I", "-m", "jupyterlab", *(f"--{name}={value}" for name, value in settings.items())]


def lab_environment(home: Path, token: str) -> dict[str, str]:
    """Ours without what steers another Jupyter or Python, and with every folder below `home/.jupyter`."""
    below = home / ".jupyter"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    return {
        **inherited,
        "KIT_HOME": str(home),
        "PYTHONNOUSERSITE": "1",
        "JUPYTER_TOKEN": token,  # not on the command line, which everybody on the machine can read
        "JUPYTER_CONFIG_DIR": str(below / "config"),
        "JUPYTER_DATA_DIR": str(below / "data"),
        "JUPYTER_RUNTIME_DIR": str(below / "runtime"),
        "JUPYTER_PATH": str(below / "share"),  # stands before the user's, the environment's and the system's
        "JUPYTERLAB_SETTINGS_DIR": str(below / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(below / "workspaces"),
        "IPYTHONDIR": str(below / "ipython"),
    }


def write_settings(home: Path, *, theme: str | None = None) -> None:
    """Our kernelspec and Lab's defaults; what the learner set in Lab itself stays."""
    below = home / ".jupyter"
    defaults: dict[str, dict[str, object]] = {
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    }
    if theme is not None:
        defaults["@jupyterlab/apputils-extension:themes"] = {"theme": theme, "adaptive-theme": False}
    _write(below / "config" / "labconfig" / "default_setting_overrides.json", defaults)
    # The news toast asks the internet; jupytext is for the builders of notebooks and would offer to pair files; what
    # has to do with language servers asks for a part of the server that is off.
    unwanted = {
        "@jupyterlab/apputils-extension:announcements": True,
        "@jupyterlab/lsp-extension": True,
        "@jupyterlab/fileeditor-extension:language-server": True,
        "@jupyterlab/notebook-extension:language-server": True,
        "jupyterlab-jupytext": True,
    }
    _write(below / "config" / "labconfig" / "page_config.json", {"disabledExtensions": unwanted})
    servers = {"jupyterlab_jupytext": False, "jupyter_lsp": False}
    _write(below / "config" / "jupyter_server_config.json", {"ServerApp": {"jpserver_extensions": servers}})
    kernel = {
        "argv": [
            sys.executable, "-s", "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "{connection_file}",
        ],
        "display_name": "Python 3 (Elasticache Kit)",
        "language": "python",
        "metadata": {"debugger": True},
    }  # fmt: skip
    _write(below / "share" / "kernels" / "python3" / "kernel.json", kernel)


def _write(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1) + "\n")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As Lab does: a port whose last server has just ended is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except (OSError, OverflowError):
            return False
    return True


def _answers(lab: Supervised, port: int, token: str) -> bool:
    """Wait until Lab answers with a status, or has ended."""
    clock = WallClock()
    until = clock.monotonic_s() + _START_WITHIN_S
    while lab.alive() and clock.monotonic_s() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
            connection.request("GET", "/api/status", headers={"Authorization": f"token {token}"})
            if connection.getresponse().status == 200:
                return True
        time.sleep(0.05)
    return False


def _open(address: str) -> bool:
    """Whether a browser was told to open the address; a machine without one gets the address to copy."""
    # Without a screen `webbrowser` would start a browser of the terminal, if there is one.
    screen = sys.platform == "darwin" or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")))
    if not screen or os.environ.get("SSH_CONNECTION"):
        return False
    with contextlib.suppress(webbrowser.Error, OSError):
        return webbrowser.open(address)
    return False


def _last_lines(path: Path) -> str:
    with contextlib.suppress(OSError):
        return "\n".join(path.read_text(errors="replace").splitlines()[-15:])
    return ""
