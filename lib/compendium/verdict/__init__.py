"""How a number is judged: what was recomputed of it, by which rule, within which bounds.

A notebook calls `audit`; `judge` gives one number its verdict, with `bounds` where the inputs are
rounded, and with `fitted` and `search` where a number was fitted; `ledger` keeps it and `report`
shows it. `attacks` and `attacker` are what an erratum has withstood, `conclusions` what a source
argues, `grid` and `what_if` the answers that a page moves over.
"""
