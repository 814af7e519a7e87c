"""How a number is judged: what was recomputed of it, by which rule, within which bounds."""
