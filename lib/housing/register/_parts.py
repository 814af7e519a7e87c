"""The assessed rows on disk: a folder of Parquet parts, and a manifest that says what they are.

A part is written under a name that says it is not done, and then renamed. It carries what its rows
add up to, so that a run that was broken off goes on where it stopped. The manifest says from the
start which run the folder is of, and in the end that it is whole, with each part's checksum.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import uuid
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from housing.policy import Policy
from housing.register._cells import FEW
from housing.register._columns import Columns, Naming
from housing.register._files import is_local
from housing.register._rows import Found
from housing.register.problems import HEAD
from housing.register.tally import BINS, Tally

__all__ = ["MANIFEST", "Folder", "Run"]

MANIFEST = "_assessed.json"
UNFINISHED = ".unfinished"
#: The key of a part's metadata that says what it is a part of, and what its rows add up to.
KEY = b"housing.register"


@dataclass(frozen=True)
class Run:
    """What makes one assessment another one.

    Parameters
    ----------
    policy : Policy
        The rules.
    naming : Naming
        What the register calls its columns.
    version : str or None
        Of the library.
    """

    policy: Policy
    naming: Naming
    version: str | None

    def described(self) -> dict[str, Any]:
        """Return it as the manifest has it."""
        columns = {str(theirs): ours for theirs, ours in self.naming.columns}
        entries = {
            "version": self.version,
            "policy": asdict(self.policy),
            "columns": columns,
            "id": None if self.naming.id is None else str(self.naming.id),
        }
        found: dict[str, Any] = json.loads(json.dumps(entries))
        return found

    def digest(self) -> str:
        """Return a short name of it."""
        return hashlib.sha256(json.dumps(self.described()).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Folder:
    """Where the assessed rows go.

    Parameters
    ----------
    url : str
        As fsspec takes it.
    """

    url: str

    @property
    def _fs(self) -> Any:
        from fsspec.core import url_to_fs

        return url_to_fs(self.url)[0]

    @property
    def path(self) -> str:
        """The path on its own file system."""
        from fsspec.core import url_to_fs

        path: str = url_to_fs(self.url)[1].rstrip("/")
        return path

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.path.rpartition("/")[2]

    def begin(
        self,
        run: Run,
        names: Collection[str],
        *,
        overwrite: bool,
        resume: bool,
        source: str | None,
    ) -> dict[str, str] | None:
        """Make the folder ready for a run, or refuse it.

        Parameters
        ----------
        run : Run
            What will be written.
        names : collection of str
            The parts that it will have.
        overwrite : bool
            Whether a former run there is removed.
        resume : bool
            Whether it is gone on with.
        source : str, optional
            Where the register is.

        Returns
        -------
        dict or None
            Checksums of the parts of a run that is gone on with; None of a new one.

        Raises
        ------
        ValueError
            If something is there that is not to be lost, or another run than is resumed.
        """
        fs = self._fs
        if source is not None:
            self._require_apart(source)
        if fs.exists(self.path) and not fs.isdir(self.path):
            raise ValueError(f"out must be a folder, and {self.name} is a file")
        there = sorted(self._there())
        foreign = [name for name in there if not _ours(name)]
        if foreign:
            raise ValueError(
                f"out must be a folder of its own: {self.name} has {foreign[0]}, which no "
                "assessment wrote"
            )
        checksums = None
        if resume:
            checksums = self._checksums(run, there)
            self._require_known(names, there)
        elif there and not overwrite:
            raise ValueError(
                f"out must be empty: {self.name} has {len(there)} files of a former assessment. "
                "overwrite=True removes them, resume=True goes on where it stopped"
            )
        for name in there:
            # The manifest last: what is left of a removal is still seen as no whole run.
            if name != MANIFEST and (not resume or UNFINISHED in name):
                fs.rm_file(f"{self.path}/{name}")
        fs.makedirs(self.path, exist_ok=True)
        self._write(MANIFEST, _as_json({"finished": False, **run.described()}))
        return checksums

    def _there(self) -> list[str]:
        fs = self._fs
        if not fs.exists(self.path):
            return []
        entries = fs.ls(self.path, detail=False)
        return [entry.rstrip("/").rpartition("/")[2] for entry in entries]

    def _require_apart(self, source: str) -> None:
        """Refuse a folder that the register is, holds, or stands in."""
        from fsspec.core import url_to_fs

        fs, place = url_to_fs(source)
        if type(fs) is not type(self._fs):
            return
        pair = [os.path.realpath(path) if is_local(fs) else path for path in (place, self.path)]
        register, out = (path.rstrip("/") + "/" for path in pair)
        if register.startswith(out) or out.startswith(register):
            raise ValueError(
                f"out must be another folder than the register's: {self.name} holds it, or is in it"
            )

    def _checksums(self, run: Run, there: Sequence[str]) -> dict[str, str]:
        """Return those of a run that is gone on with, or refuse one of other rules."""
        if MANIFEST not in there:
            raise ValueError(f"resume: there is no {MANIFEST} in {self.name} to go on from")
        former = self.manifest()
        for key, ours in run.described().items():
            if former.get(key) != ours:
                raise ValueError(
                    f"resume: the run in {self.name} is of another {key}; overwrite=True begins "
                    "anew"
                )
        return {part["name"]: part["sha256"] for part in former.get("parts", [])}

    def _require_known(self, names: Collection[str], there: Sequence[str]) -> None:
        """Refuse to go on beside rows that the register has no longer."""
        known = {f"{name}.parquet" for name in names}
        for name in there:
            if name.endswith(".parquet") and name not in known:
                raise ValueError(
                    f"resume: {self.name} has {name}, of rows that the register has no longer; "
                    "overwrite=True begins anew"
                )

    def manifest(self) -> dict[str, Any]:
        """Return what the folder says of itself."""
        try:
            found = json.loads(self._fs.cat_file(f"{self.path}/{MANIFEST}"))
        except ValueError:
            raise ValueError(f"{self.name}/{MANIFEST} is damaged: it is no JSON") from None
        return found if isinstance(found, dict) else {}

    def write(
        self, name: str, rows: pd.DataFrame, columns: Columns, found: Found, stamp: str
    ) -> Found:
        """Write a part, and return what it adds up to, with its name, length and checksum."""
        import pyarrow as pa
        from pyarrow import parquet

        table = pa.Table.from_pandas(_writable(rows.assign(**_named(columns.as_numbers()))))
        said = json.dumps({"of": stamp, **_packed(found)}, default=_plain).encode()
        table = table.replace_schema_metadata({**(table.schema.metadata or {}), KEY: said})
        sink = pa.BufferOutputStream()
        parquet.write_table(table, sink, write_page_checksum=True)
        data = sink.getvalue().to_pybytes()
        self._write(f"{name}.parquet", data)
        return replace(found, written=(_entry(name, len(rows), data),))

    def _write(self, name: str, data: bytes) -> None:
        """Write a file so that it is there whole or not at all."""
        fs, unfinished = self._fs, f"{self.path}/{name}.{uuid.uuid4().hex[:8]}{UNFINISHED}"
        fs.pipe_file(unfinished, data)
        if is_local(fs):
            os.replace(unfinished, f"{self.path}/{name}")
        else:
            fs.mv(unfinished, f"{self.path}/{name}")

    def finished(self, name: str, stamp: str, checksum: str | None) -> Found | str:
        """Return what a part of a former run adds up to, or why it has to be written.

        Parameters
        ----------
        name : str
            The part.
        stamp : str
            Run and rows that it must be of.
        checksum : str, optional
            What it must have; where the former run did not end, its pages have their own.
        """
        from pyarrow import parquet

        fs, path = self._fs, f"{self.path}/{name}.parquet"
        if not fs.exists(path):
            return "is gone" if checksum else ""
        data = fs.cat_file(path)
        try:
            with parquet.ParquetFile(io.BytesIO(data), page_checksum_verification=True) as part:
                said = json.loads(part.schema_arrow.metadata[KEY])
                if said.pop("of") != stamp:
                    return ""  # of rows that have changed since
                rows = part.metadata.num_rows
                if checksum is None:
                    part.read()
            found = _unpacked(said)
        except (OSError, ValueError, KeyError, TypeError):
            return "was damaged"
        entry = _entry(name, rows, data)
        if checksum not in (None, entry["sha256"]):
            return "was damaged"
        return replace(found, written=(entry,))

    def end(self, run: Run, found: Found) -> None:
        """Say that the run is whole, and remove what workers that were lost have left."""
        kinds: dict[str, Any] = {}
        for (column, message), count in found.counts.items():
            kinds[f"{column} {message}"] = _told(count)
        self._write(
            MANIFEST,
            _as_json(
                {
                    "finished": True,
                    **run.described(),
                    "rows": found.tally.rows,
                    "invalid_rows": _told(found.tally.invalid),
                    "problems": kinds,
                    "personal_data": "each part holds the rows of households",
                    "parts": found.written,
                }
            ),
        )
        for name in self._there():
            if UNFINISHED in name:
                self._fs.rm_file(f"{self.path}/{name}")


def _ours(name: str) -> bool:
    return (
        name == MANIFEST
        or UNFINISHED in name
        or (name.startswith("part-") and name.endswith(".parquet"))
    )


def _named(columns: dict[Any, Any]) -> dict[str, Any]:
    return {str(name): values for name, values in columns.items()}


def _writable(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with columns of several kinds of entry as words: Parquet has one kind each."""
    mixed = {
        name: rows[name].where(rows[name].isna(), rows[name].map(str))
        for name in rows.columns
        if rows[name].dtype == object
        and pd.api.types.infer_dtype(rows[name], skipna=True).startswith("mixed")
    }
    return rows.assign(**mixed)


def _entry(name: str, rows: int, data: bytes) -> dict[str, Any]:
    return {"name": f"{name}.parquet", "rows": rows, "sha256": hashlib.sha256(data).hexdigest()}


def _told(count: int) -> int | str:
    return count if count == 0 or count >= FEW else f"under {FEW}"


def _as_json(entries: dict[str, Any]) -> bytes:
    return (json.dumps(entries, indent=1, ensure_ascii=False) + "\n").encode()


def _packed(found: Found) -> dict[str, Any]:
    """Return what rows add up to as JSON holds it."""
    sums, by_income = io.BytesIO(), found.tally.by_income
    bins = np.flatnonzero(by_income.any(axis=0))
    np.savez(sums, by_class=found.tally.by_class, bins=bins, by_income=by_income[:, bins])
    return {
        "sums": base64.b64encode(sums.getvalue()).decode(),
        "rows": found.tally.rows,
        "invalid": found.tally.invalid,
        "listed": found.listed.astype(object).to_dict("split")["data"],
        "counts": [[*kind, count] for kind, count in found.counts.items()],
        "left_aside": found.left_aside,
        "by_income": found.by_income,
    }


def _plain(value: Any) -> Any:
    """Return an entry that was listed as a number that JSON has, or as words."""
    return value.item() if isinstance(value, np.generic) else str(value)


def _unpacked(said: dict[str, Any]) -> Found:
    with np.load(io.BytesIO(base64.b64decode(said["sums"]))) as sums:
        by_income = np.zeros((2, BINS))
        by_income[:, sums["bins"]] = sums["by_income"]
        tally = Tally(sums["by_class"], by_income, said["rows"], said["invalid"])
    counts = {(column, message): count for column, message, count in said["counts"]}
    listed = pd.DataFrame(said["listed"], columns=HEAD).astype({"row": np.int64, "value": object})
    return Found(tally, listed, counts, left_aside=said["left_aside"], by_income=said["by_income"])
