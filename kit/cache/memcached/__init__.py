"""Memcached mode: the engine that answers as a memcached 1.6.18 started with `-o no_modern`."""
