"""The argument of a qualitative source as data: its parts, their links, the works it cites.

A part is a problem, a cause or a remedy. A link is *stated* where the text itself ties two parts
together, with the words that do so, and *ours* where it only implies that they belong together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from compendium.project import Project

__all__ = ["BASES", "KINDS", "Argument"]

KINDS = ("problem", "cause", "remedy")
BASES = ("stated", "ours")


@dataclass(frozen=True)
class Argument:
    """Parts, links, citations and cited works of one source.

    Parameters
    ----------
    parts : DataFrame
        One row a part, by its name: `kind`, `label`, `heading`, `gist`.
    links : DataFrame
        `from`, `to`, `basis`, `place`, `words`, `because`.
    citations : DataFrame
        One row a mark, in the order of the text: `part`, `work`, `cited_for`.
    works : DataFrame
        One row a work, by its number: `authors`, `year`, `title` and more.

    Examples
    --------
    >>> Argument.read("yuan").unanswered()
    ['P3']
    """

    parts: pd.DataFrame
    links: pd.DataFrame
    citations: pd.DataFrame
    works: pd.DataFrame

    @classmethod
    def read(cls, source: str, project: Project | None = None) -> Argument:
        """Read the argument of a source from its data files.

        Parameters
        ----------
        source : str
            Slug of the source: its folder under `data`.
        project : Project, optional
            The checkout to read.

        Raises
        ------
        ValueError
            If the files contradict each other; the message lists every fault.
        """
        folder = (project or Project()).data / source

        def table(name: str) -> pd.DataFrame:
            return pd.read_csv(folder / f"{name}.csv", keep_default_na=False)

        argument = cls(
            parts=table("parts").set_index("part"),
            links=table("links"),
            citations=table("citations").set_index("mark"),
            works=table("works").set_index("number"),
        )
        if faults := argument.faults():
            raise ValueError(f"{source}: {len(faults)} faults\n" + "\n".join(faults))
        return argument

    def faults(self) -> list[str]:
        """Say what contradicts what: an empty list where nothing does.

        Every mark must lead to a work of the list and every work be cited; works must be numbered
        in the order in which they are first cited; links must join parts of the argument, run from
        problem to cause to remedy, and, where stated, say where and in which words.
        """
        return [*self._faults_of_citations(), *self._faults_of_links()]

    def citation_counts(self) -> pd.Series:
        """Return how many marks of citation the section of each part has."""
        return self.citations["part"].value_counts().reindex(self.parts.index, fill_value=0)

    def chains(self, *bases: str) -> pd.DataFrame:
        """Return the ways from a problem over a cause to a remedy.

        Parameters
        ----------
        *bases : str
            Which links to follow: ``"stated"``, ``"ours"``; by default both.

        Returns
        -------
        DataFrame
            `problem`, `cause`, `remedy`; and `basis`: ours if a link of the two is.
        """
        links = self._links(*bases)
        first = links[links["from"].map(self._kind).eq("problem")]
        second = links[links["from"].map(self._kind).eq("cause")]
        first = first[first["to"].map(self._kind).eq("cause")]
        both = first.merge(second, left_on="to", right_on="from", suffixes=("_1", "_2"))
        stated = both["basis_1"].eq("stated") & both["basis_2"].eq("stated")
        return pd.DataFrame(
            {
                "problem": both["from_1"],
                "cause": both["to_1"],
                "remedy": both["to_2"],
                "basis": stated.map({True: "stated", False: "ours"}),
            }
        )

    def unanswered(self, *bases: str) -> list[str]:
        """Return the problems that no remedy's section takes up.

        Parameters
        ----------
        *bases : str
            Which links count; by default only ``"stated"``.
        """
        links = self._links(*(bases or ("stated",)))
        answered = links.loc[links["to"].map(self._kind).eq("remedy"), "from"]
        problems = self.parts.index[self.parts["kind"].eq("problem")]
        return [part for part in problems if part not in set(answered)]

    def without_problem(self, *bases: str) -> list[str]:
        """Return the causes that no problem leads to.

        Parameters
        ----------
        *bases : str
            Which links count; by default only ``"stated"``.
        """
        links = self._links(*(bases or ("stated",)))
        causes = self.parts.index[self.parts["kind"].eq("cause")]
        return [part for part in causes if part not in set(links["to"])]

    def _links(self, *bases: str) -> pd.DataFrame:
        unknown = [basis for basis in bases if basis not in BASES]
        if unknown:
            raise ValueError(f"bases must be among {', '.join(BASES)}, got {unknown[0]!r}")
        return self.links[self.links["basis"].isin(bases or BASES)]

    def _kind(self, part: str) -> str:
        return str(self.parts["kind"].get(part, ""))

    def _faults_of_citations(self) -> Iterator[str]:
        cited = self.citations["work"]
        for mark, work in cited[~cited.isin(self.works.index)].items():
            yield f"citations, mark {mark}: work {work} is not in the list of works"
        for work in self.works.index[~self.works.index.isin(cited)]:
            yield f"works: {work} is cited nowhere"
        first = list(dict.fromkeys(cited))
        if first != sorted(first):
            yield f"works are not numbered in the order of first citation: {first}"

    def _faults_of_links(self) -> Iterator[str]:
        twice = Counter(zip(self.links["from"], self.links["to"], strict=True))
        for (start, end), times in twice.items():
            kinds = self._kind(start), self._kind(end)
            if times > 1:
                yield f"links, {start} to {end}: stands {times} times"
            if "" in kinds or KINDS.index(kinds[0]) >= KINDS.index(kinds[1]):
                yield f"links, {start} to {end}: does not run from problem to cause to remedy"
        for link in self.links.to_dict("records"):
            where = f"links, {link['from']} to {link['to']}"
            if link["basis"] not in BASES:
                yield f"{where}: basis {link['basis']!r} is none of {', '.join(BASES)}"
            if (link["basis"] == "stated") != bool(link["place"] and link["words"]):
                yield f"{where}: place and words belong to a stated link, and to no other"
            if not link["because"]:
                yield f"{where}: nothing says why"
