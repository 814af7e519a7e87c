"""Pictures of what the models return: a function draws one thing.

Each function draws on the axes that it is given, or on new ones, and returns them; what else it is
given goes to Matplotlib. Colours can be told apart by the colour-blind and in grey, and a second
sign says what they say. Nothing that other pictures share is set or changed.
"""

from housing.plots.claims import tipping_points, tornado
from housing.plots.people import gainers_and_losers, lorenz

__all__ = ["gainers_and_losers", "lorenz", "tipping_points", "tornado"]
