"""A learner's child, with real hostile programs: as the present user, and as an ordinary one when we are root."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hostile import CLOCK, SCENARIOS, child_of, lines_of

from kit.real.child import python_command, start_child
from kit.real.supervisor import StartFailed

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the scenarios read /proc")
ROOT = Path(__file__).resolve().parents[2]
ORDINARY = 54_321  # an id that nobody has
Observe = Callable[[str], dict[str, Any]]


def _interpreter_for_everyone() -> str:
    """A Python >= 3.11 that an ordinary user can start and that reaches this clone; a named skip if there is none."""
    probe = f"import sys; assert sys.version_info >= (3, 11); open({str(ROOT / 'kit' / '__init__.py')!r}).close()"
    names = ("python3", "python3.13", "python3.12", "python3.11")
    for candidate in (sys.executable, *filter(None, (shutil.which(name, path="/usr/bin:/bin") for name in names))):
        try:
            ran = subprocess.run([candidate, "-I", "-c", probe], user=ORDINARY, group=ORDINARY, extra_groups=[])
        except OSError:
            continue
        if ran.returncode == 0:
            return candidate
    pytest.skip("no Python >= 3.11 that an ordinary user can start here: these scenarios ran as root only")


@pytest.fixture(params=["as we are", "watched tree", "ordinary user"])
def observe(request: pytest.FixtureRequest) -> Observe:
    if request.param == "as we are":
        return lambda name: SCENARIOS[name]()
    if request.param == "watched tree":
        return lambda name: SCENARIOS[name](subreaper=False)
    if os.geteuid() != 0:
        pytest.skip("we are an ordinary user already")
    python = _interpreter_for_everyone()

    def as_ordinary_user(name: str) -> dict[str, Any]:
        script = str(ROOT / "tests" / "real" / "hostile.py")
        ran = subprocess.run(
            [python, "-I", "-B", script, name],
            user=ORDINARY,
            group=ORDINARY,
            extra_groups=[],
            capture_output=True,
            env={"PATH": "/usr/bin:/bin"},
            cwd="/",
        )
        assert ran.returncode == 0, ran.stderr.decode()
        seen: dict[str, Any] = json.loads(ran.stdout)
        return seen

    return as_ordinary_user


def test_a_fork_bomb_is_bounded_and_ends(observe: Observe) -> None:
    seen = observe("fork_bomb")
    assert 16 <= seen["running"] <= 40
    assert seen["survivors"] == []
    assert seen["end_s"] < 2


def test_a_grandchild_in_a_session_of_its_own_ends(observe: Observe) -> None:
    seen = observe("setsid_sleeper")
    assert seen["said"] == ["ready", "forked"]
    assert seen["survivors"] == []


def test_what_an_ended_child_left_behind_ends_with_it(observe: Observe) -> None:
    seen = observe("sleeper_left_behind")
    assert (seen["alive"], seen["status"], seen["survivors"]) == (False, 0, [])


def test_a_gib_printed_is_drained_and_its_end_is_kept(observe: Observe) -> None:
    seen = observe("one_gib_printed")
    assert seen["said"] == ["ready", "printed"]
    assert len(seen["output"]) <= 64 << 10
    assert seen["output"].endswith("xthe end")


def test_a_child_that_leaves_is_seen_to_have_left(observe: Observe) -> None:
    seen = observe("os_exit")
    assert (seen["said"], seen["alive"], seen["status"]) == (["ready"], False, 0)


def test_a_stopped_child_ends(observe: Observe) -> None:
    seen = observe("stops_itself")
    assert seen["alive"]
    assert (seen["status"], seen["survivors"]) == (-9, [])


def test_a_closed_channel_is_seen_by_the_judge(observe: Observe) -> None:
    seen = observe("closes_its_channel")
    assert (seen["said"], seen["alive"], seen["survivors"]) == (["ready"], True, [])


def test_a_signal_to_its_whole_group_reaches_the_child_alone(observe: Observe) -> None:
    seen = observe("kills_its_group")
    assert (seen["said"], seen["alive"], seen["status"]) == (["ready"], False, -9)


def test_a_busy_child_is_charged_its_cpu_time(observe: Observe) -> None:
    seen = observe("busy")
    assert 0.2 < seen["cpu_s"] <= seen["took_s"] + 0.1


def test_limits_hold_and_say_which(observe: Observe) -> None:
    assert observe("limits")["said"] == [
        "ready",
        "memory MemoryError",
        "write PermissionError",
        "devnull done None",
        "remove PermissionError",
        "files OSError",
    ]


def test_a_child_inherits_its_channel_and_nothing_else(observe: Observe) -> None:
    seen = observe("inherits")
    _, descriptors, channel, hash_seed_and_stdin, user = seen["said"]
    # The rest: the listing itself, and folders opened as ways to the interpreter (no right to read goes with them).
    assert {"0", "1", "2", channel} <= set(descriptors.split())
    assert len(descriptors.split()) <= 7
    assert hash_seed_and_stdin == "0 b''"
    uid, wall, now = user.split()
    assert (uid, wall) == (now, "True")
    assert uid != "0"


def test_the_standard_library_can_be_imported_after_the_drop(observe: Observe) -> None:
    assert all(line.split()[1] == "done" for line in observe("imports_after_the_drop")["said"][1:])


def test_a_fork_cannot_speak_for_its_parent(observe: Observe) -> None:
    assert observe("a_fork_has_no_channel")["said"] == ["ready", "own"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be kept from becoming somebody else")
def test_a_child_that_must_stay_root_is_refused_processes_by_an_audit_hook() -> None:
    program = (
        "given = (0, False)\n"
        "import subprocess\n"
        "for act in (os.fork, lambda: os.execv('/bin/true', ['true']), lambda: subprocess.run(['/bin/true']),\n"
        "            lambda: os.posix_spawn('/bin/true', ['true'], {}), lambda: os.system('true')):\n"
        "    try: act(); say('started')\n"
        "    except PermissionError: say('refused')\n"
    )
    prelude = "import os\ndef refuse(*ids): raise PermissionError('not here')\nos.setresuid = refuse\n"
    argv = python_command("unused")
    code = prelude + _with_drop(program)
    with start_child([*argv[:-1], code], env={}) as child:
        child.channel.settimeout(20)
        first, *rest = lines_of(child, 6)
    assert (
        first
        == "0 False still root (not here): starting a process is refused by an audit hook, which is care, not a wall"
    )
    assert rest == ["refused"] * 5


def _with_drop(program: str) -> str:
    path = [str(ROOT), *(entry for entry in sys.path if entry)]
    return (
        f"import sys; sys.path[:] = {path!r}\nimport socket\nfrom kit.real.privileges import drop_privileges\n"
        "fd = int(os.environ['KIT_CHANNEL_FD']); channel = socket.socket(fileno=fd); kept = drop_privileges(fd)\n"
        "def say(*words): channel.sendall((' '.join(map(str, words)) + chr(10)).encode())\n"
        "say(kept.uid, kept.wall, kept.note)\n" + program
    )


def test_two_children_at_once_do_not_share_a_bound() -> None:
    with child_of("say('go')\nwhile True:\n    try: os.fork()\n    except OSError: pass") as bomb:
        assert lines_of(bomb, 2) == ["ready", "go"]
        with child_of("pid = os.fork()\nif pid == 0: os._exit(0)\nos.wait(); say('forked')") as other:
            assert lines_of(other, 2) == ["ready", "forked"]


def test_output_still_answers_after_the_end() -> None:
    child = child_of("os.write(1, b'last words'); say('said')")
    assert lines_of(child, 2) == ["ready", "said"]
    child.end()
    child.end()
    assert child.output() == b"last words"
    assert not child.alive()


def test_a_child_costs_little_to_start_and_to_end() -> None:
    started = CLOCK.monotonic_s()
    with child_of("") as child:
        assert lines_of(child, 1) == ["ready"]
    assert CLOCK.monotonic_s() - started < 5  # 0.1 s when measured; the bound says only that nothing waits


def test_a_program_that_does_not_exist_is_a_sentence() -> None:
    with pytest.raises(StartFailed, match=r"could not start /no/such/program: .*No such file"):
        start_child(["/no/such/program"], env={})
