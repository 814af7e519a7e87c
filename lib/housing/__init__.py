"""Models of affordable housing: pure functions on scalars, arrays and pandas objects.

Nothing here reads a file, draws a picture or knows a number of any source. Rates are decimals per
year (0.10 for ten per cent), shares are decimals, money is in whatever unit the caller uses.
"""
