"""Elasticache Kit: learn caching by running it.

Rooms, imports going down only: `cli | lab` → `grading` → `views | workloads` → `world | real` →
`strategies | wire` → `cache`. CONTRIBUTING.md has the house on one page.
"""
