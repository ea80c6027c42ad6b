"""Modelled latencies: one table, used by every timed scene and named "modelled" wherever it is shown.

Times in µs. Source: the contracts of the kit, "Time" (2026-11-24): cache 0.5 ms there and back, database 1 ms, and a
service time for each named query.
"""

from __future__ import annotations

import re

CACHE_ROUND_TRIP = 500
STORE_ROUND_TRIP = 1_000
SERVICE = {"board": 5_000, "flight": 200, "post": 4_000, "carriers": 140_000, "routes": 400_000}
OTHER_SERVICE = 1_000
CLIENT_TIMEOUT = 1_000_000  # of the clients of exercises, both libraries

_NAME = re.compile(r"\s*/\*\s*([\w-]+)\s*\*/")


def query_name(sql: str) -> str:
    """The name that a leading comment gives to a statement (`/* board */ SELECT …`); empty without one."""
    found = _NAME.match(sql)
    return found[1] if found else ""


def service_time(sql: str) -> int:
    """How long the modelled database works on a statement, in µs."""
    return SERVICE.get(query_name(sql), OTHER_SERVICE)
