"""Every line of memcached mode that says no, word for word as memcached 1.6.18 sends it.

Rules: no other module spells an error; the differential tests meet each of them.
Source: replies of memcached 1.6.18 (Debian 12) with `-o no_modern`, 2026-11.
"""

from __future__ import annotations

ERROR = "ERROR"
"""Unknown command, or a wrong number of words."""

BAD_LINE = "CLIENT_ERROR bad command line format"
BAD_DATA = "CLIENT_ERROR bad data chunk"
BAD_EXPTIME = "CLIENT_ERROR invalid exptime argument"
BAD_DELTA = "CLIENT_ERROR invalid numeric delta argument"
NOT_A_NUMBER = "CLIENT_ERROR cannot increment or decrement non-numeric value"
DELETE_USAGE = "CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]"

INVALID_FLAG = "CLIENT_ERROR invalid flag"
DUPLICATE_FLAG = "CLIENT_ERROR duplicate flag"
INVALID_OR_DUPLICATE_FLAG = "CLIENT_ERROR invalid or duplicate flag"
BAD_KEY = "CLIENT_ERROR error decoding key"
BAD_TOKEN = "CLIENT_ERROR bad token in command line format"
BAD_MODE_LENGTH = "CLIENT_ERROR incorrect length for M token"
BAD_INITIAL = "CLIENT_ERROR invalid numeric initial value"
BAD_DELTA_FLAG = "CLIENT_ERROR invalid numeric delta value"
BAD_SET_MODE = "CLIENT_ERROR invalid mode for ms M token"
BAD_ARITHMETIC_MODE = "CLIENT_ERROR invalid mode for ma M token"
LONG_OPAQUE = "CLIENT_ERROR opaque token too long"
TOO_MANY_FLAGS_MG = "CLIENT_ERROR options flags are too long"
TOO_MANY_FLAGS = "CLIENT_ERROR options flags too long"

TOO_LARGE = "SERVER_ERROR object too large for cache"
OUT_OF_MEMORY = "SERVER_ERROR out of memory storing object"
OUT_OF_MEMORY_COUNTING = "SERVER_ERROR out of memory"
OUT_OF_MEMORY_CREATING = "SERVER_ERROR Out of memory allocating new item"
