"""Changes that no test notices, and why none should."""

from __future__ import annotations

from collections.abc import Mapping

#: By `places.Place.name`.
EXPLAINED: Mapping[str, str] = {}
