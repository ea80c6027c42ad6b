"""Ways out that are no verdict, each with its exit code.

click.ClickException
├── BadUsage   2   the caller can mend it: an unknown exercise, a file that cannot be read, no token
├── Failed     1   the learner's code ended before there was anything to show
└── Fault      3   ours: the learner can do nothing about it
"""

from __future__ import annotations

import errno
import traceback

import click

from kit.grading import exercise as exercises
from kit.grading.bench import CheckFault
from kit.grading.exercise import Exercise, ExerciseError
from kit.grading.proxy import ChildEnded
from kit.grading.token import TokenError
from kit.grading.work import WorkError
from kit.real.supervisor import StartFailed


class BadUsage(click.ClickException):
    exit_code = 2


class Failed(click.ClickException):
    exit_code = 1


class Fault(click.ClickException):
    exit_code = 3


def exercise(ident: str) -> Exercise:
    """The exercise that a learner named. Raises BadUsage with the nearest one; ExerciseError where it is malformed."""
    try:
        return exercises.load(ident)
    except ExerciseError as error:
        if any(path.parent.name == ident for path in exercises.ROOT.glob("*/exercise.toml")):
            raise
        raise BadUsage(str(error)) from None


def explain(error: Exception) -> Exception:
    """What `kit` raises instead of `error`: a sentence with an exit code."""
    if isinstance(error, (click.ClickException, click.exceptions.Exit, click.Abort)):
        return error
    if isinstance(error, (TokenError, WorkError)):
        return BadUsage(str(error))
    if isinstance(error, ChildEnded):
        return Failed(f"your code did not get that far: {error}")
    if isinstance(error, CheckFault):
        return Fault(f"the check itself is wrong, not your code: {error}")
    if isinstance(error, (ExerciseError, StartFailed)):
        return Fault(f"{error} (this is ours, not your code's)")
    if isinstance(error, OSError) and error.errno == errno.EPIPE:
        return error  # whoever read our output has left: click ends quietly
    traceback.print_exception(error)
    return Fault("the kit itself failed, not your code; the lines above say where. Please report them.")
