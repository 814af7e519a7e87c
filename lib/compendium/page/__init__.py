"""How a page is read: its files, its tables, the forms of its numbers, and what a scan lost.

A number comes in by `printed`, which has a source as a whole: `descriptors` say which files there
are and `files` reads them; `layouts` has a table, `cells` one number in its place, `notations` how
it may be written, `numerals` what its digits vouch for, and `labels` which number a caller means.
What else a source has stands in `notes`, `identities`, `equations`, `stated` and `argument`; how a
damaged table is read in `misreads`, by `constraints`, `readings` and `confusions`.
"""
