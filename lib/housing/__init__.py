"""Models of affordable housing: pure functions on scalars, arrays and pandas objects.

Nothing here draws a picture or knows a number of any source, and only two modules read files:
`policy`, whose example ships as data, and `register`, which takes registers larger than memory.
Rates are decimals per year (0.10 for ten per cent), shares are decimals, money is in whatever unit
the caller uses.
"""
