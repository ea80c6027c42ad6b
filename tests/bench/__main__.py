"""`make bench`: prints today's speed as ratios, a line each, with the target and the stretch in the unit they have.

    make bench                                   everything: some minutes
    make bench ARGS="--only engine --quick"      one group, roughly

Rules: figures are printed and never stored; nothing fails for being slow. A verdict that is wrong, a notebook that is
red, an import that must stay out: such a group is `BROKEN`, the others go on, and the exit code is 1.
Source: the kit's performance page, "Targets".
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from importlib import import_module

from tests.bench.paired import HEAD, Broken

# Name of a group and its module, which is imported when its turn comes.
GROUPS = {
    "engine": "engine", "memcached": "memcached", "growth": "growth", "client": "client", "schedules": "schedules",
    "verdicts": "verdicts", "imports": "imports", "nbval": "notebooks", "frames": "frames",
}  # fmt: skip
ROUNDS, QUICK = 7, 3


def main() -> None:
    """Print the groups that were asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description="Today's speed as ratios.")
    parser.add_argument("--only", action="append", choices=list(GROUPS), metavar="NAME",
                        help=f"this group alone, may be repeated: {', '.join(GROUPS)}")  # fmt: skip
    parser.add_argument("--quick", action="store_true", help=f"roughly: {QUICK} rounds instead of {ROUNDS}")
    options = parser.parse_args()
    rounds = QUICK if options.quick else ROUNDS
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {_load()}"
          f"median of {rounds} paired rounds{', quick: rough' if options.quick else ''}")  # fmt: skip
    print(HEAD)
    broken = False
    for name in options.only or GROUPS:
        print(name, flush=True)
        try:
            for line in import_module(f"tests.bench.{GROUPS[name]}").lines(rounds, options.quick):
                print(line, flush=True)
        except Broken as problem:
            broken = True
            print(f"  BROKEN: {problem}", flush=True)
    sys.exit(1 if broken else 0)


def _load() -> str:
    """How busy the machine is: above its number of cores the figures are rough, whatever the rounds."""
    return f"load {os.getloadavg()[0]:.1f}, " if hasattr(os, "getloadavg") else ""


if __name__ == "__main__":
    main()
