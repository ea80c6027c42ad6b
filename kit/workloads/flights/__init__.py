"""The real workload: the flights of New York 2013, and the passengers who look at their boards.

Reading order: `source` (the files) → `schema` → `archive` (the year, prepared once) → `queries` (figures by plain
SQL) → `rule` (who looks, what changes) → `replay` (a day in numbers) → `live` (what lesson 05 draws) → `image`,
`window` (what a world plays). This file imports nothing, so that nobody pays for numpy who does not use it.
"""
