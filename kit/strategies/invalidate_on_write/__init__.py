"""Invalidate on write: whoever changes the database throws the copy away, and the next reader fetches a new one.

Four forms, in the order in which one learns them; each is one file that can be lifted on its own and has the same two
functions, `read` and `write`:

- `textbook`: write the database, then delete. Wrong in 1 order of 10: a slow reader puts the old copy back.
- `delete_first`: delete, then write. Worse: 6 orders of 10.
- `token`: a reader marks its place, and stores only if its mark still stands. Right in all orders.
- `generation`: the copy's name holds a number that each write changes. Right in all orders.

Orders are those of one reader and one writer on an empty cache, counted; a lifetime, where there is one, only ends
what a race left behind.
Source: Nishtala et al., "Scaling Memcache at Facebook", NSDI 2013, §3.2.1 (leases); kit's atlas of strategies.
"""
