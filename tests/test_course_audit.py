"""What an exercise says of a table that is to be audited is what the commands say of it."""

import re
from collections import Counter

import pytest

from compendium.course.sessions import read_syllabus
from compendium.project import Project
from compendium.run.check import from_identities
from compendium.run.commands import main
from compendium.verdict import ledger

TABLE = re.compile(r"```text\n(.+?)```", flags=re.DOTALL)


@pytest.mark.parametrize(
    ("name", "identities", "verdicts"),
    [
        ("gw.22", None, {"given": 32, "exact": 24, "consistent": 1, "differs": 3}),
        (
            "sh.24",
            """1,columns,interest = 0.01 * previous(balance),,,
1,columns,principal = payment - interest,,,
1,columns,balance = previous(balance) - principal,,,
""",
            {"given": 11, "exact": 21, "differs": 4},
        ),
    ],
)
def test_the_commands_find_what_the_exercise_asks_for(name, identities, verdicts, tmp_path):
    own, material = read_syllabus(Project()).exercises[name]
    variant = material.variant(own, "a class")
    table, *declared = TABLE.findall(own.stated(variant.seed))
    assert main(["init", str(tmp_path / "audit")]) == 0
    project = Project(tmp_path / "audit")
    assert main(["new-source", "lender", "--cite", "Lender", "--title", "Loans"], project) == 0
    # Without its notebook a source is held by its identities alone, which takes no kernel.
    (project.root / "notebooks" / "1_lender.ipynb").unlink()
    folder = project.root / "data" / "lender"
    (folder / "table_1.csv").write_text(table, "utf8")
    with (folder / "identities.csv").open("a", encoding="utf8") as file:
        file.write(identities or declared[0])
    assert main(["describe", "lender"], project) in (0, 1)
    differing = from_identities(project, "lender")
    found = Counter(row.verdict for row in ledger.read(project.build / "ledger" / "lender.csv"))
    assert found == verdicts
    assert len(differing) == verdicts["differs"]
    answers = {answer.name: answer.value for answer in variant.answers}
    if name == "gw.22":
        assert list(answers["gw.22a"]) == [verdicts["given"], verdicts["exact"]]
    else:
        assert answers["sh.24d"] == verdicts["differs"]
