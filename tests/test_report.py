"""What a reader is shown of the audit: counts, exhibits, notes."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from compendium import AuditError
from compendium.page.printed import Note, Source
from compendium.site import places
from compendium.verdict import ledger, report


def test_exhibits_are_counted_one_by_one(desk, capsys):
    desk.table([["1", "0.33", "0.67"], ["2", "0.50", "0.25"]])
    desk.text(["para 1", "x", "", "5"], ["para 1", "y", "", "6"])
    audit = desk.audit()
    audit.check("1", pd.DataFrame({"a": [1 / 3, 1 / 2], "b": [2 / 3, 1 / 4]}, index=[1, 2]))
    audit.given("para 1", "x")
    capsys.readouterr()
    audit.show_exhibits()
    assert capsys.readouterr().out == "1 tables, 1 exhibits of running text, 5 numbers\n"
    with pytest.raises(AuditError, match="1 to explain"):  # y is accounted for by nothing
        audit.close()
    rows = ledger.read(desk.project.build / "ledger" / "toy.csv")
    counts = ledger.count(rows, by="exhibit")
    assert counts["Table 1"]["exact"] == 4
    assert counts["para 1"]["numbers"] == counts["para 1"]["given"] == 1


def test_many_unresolved_numbers_are_counted_and_not_listed(desk, capsys):
    many = 17  # one more than a table shows unfolded
    desk.text(*(["p", f"item_{k}", "", "5"] for k in range(many)))
    desk.notes(*(["p", f"item_{k}", "", "unresolved", "5", "", "", "why"] for k in range(many)))
    audit = desk.audit()
    audit.unresolved("p", *(f"item_{k}" for k in range(many)))
    assert capsys.readouterr().out == "p: 17 unresolved\n"
    audit.unresolved("p", "item_0")
    assert "item_0: printed 5: unresolved" in capsys.readouterr().out


def test_a_blank_is_no_deviation_of_its_row(desk):
    desk.table([[str(year), "1", ""] for year in range(20)])
    audit = desk.audit()
    audit.given("1")
    layout = audit._source.layout("1")
    claims = {claim.cell.place: claim for call in audit._calls for claim in call.claims}
    rows = report._table_rows(layout, claims, {})[1:]
    assert not any(deviates for _, deviates in rows)


def test_a_table_of_several_forms_is_shown_as_printed_and_every_number_has_its_place(
    desk, monkeypatch
):
    shown = []
    monkeypatch.setattr(report, "display", lambda html, plain: shown.append(html))
    forms = {"p": "qualified", "share": "fraction", "range": "range", "mean": "(sd)"}
    fields = [{"name": "year", "type": "integer"}]
    fields += [{"name": name, "type": "string", "notation": word} for name, word in forms.items()]
    names = [field["name"] for field in fields]
    rows = [["1990", "<.001", "1/6", "5-7", "12.3 (4.5)"], ["1990", "0.5", "½", "8", "1"]]
    desk.table(
        rows,
        fields=names,
        schema={"fields": fields},
        keys=["year"],
        repeated=["1990"],
        counted=["year"],
    )
    audit = desk.audit()
    audit.check("1", pd.DataFrame({"share": [1 / 6]}, index=["1990"]))
    audit.given("1", audit.table("1").drop(columns="share"), keys=["year"])
    audit.given("1", audit.table("1").loc[["1990 #2"], ["share"]])
    audit.show("1")
    audit.close()
    html = next(filter(places.shown_exhibit, shown))
    assert ">&lt;.001<small>" in html
    assert ">1/6<small>0.1667 ✓</small>" in html
    assert html.count(">1990<small>") == 2
    anchored = places.anchored(html, Source("toy", desk.project))
    assert anchored.count("id=table-1-n") == len(Source("toy", desk.project).cells) == 12


def test_the_misreads_of_an_exhibit_are_counted(monkeypatch):
    shown = []
    monkeypatch.setattr(report, "display", lambda html, plain: shown.append((html, plain)))
    places = [("Table 1", f"row {n}", "") for n in range(16)] + [("Table 2", "b", "")]
    notes = {place: [Note(place, "misread", "3", "8", "", "why")] for place in places}
    report.show_notes(notes)
    html, plain = shown[0]
    assert plain == "misread: 17"
    assert "<th class='stub'>Table 1<td>16<" in html
    assert "<th class='stub'>Table 2<td>1<" in html
    assert "row 3" not in html


def test_an_erratum_is_shown_with_its_cause_and_what_it_touches(monkeypatch):
    shown = []
    monkeypatch.setattr(report, "display", lambda html, plain: shown.append((html, plain)))
    alike = [("Table 1", f"row {n}", "") for n in range(2)]
    notes = {
        place: [Note(place, "erratum", "3", "", "8", "4 < 5", "copy", touches)]
        for place, touches in [(alike[0], ""), (alike[1], ""), (("Table 1", "c", ""), "R & D pays")]
    }
    report.show_notes(notes)
    html, plain = shown[0]
    assert plain == "erratum: 3"
    assert "<th>cause<th>evidence<" in html
    assert html.count("<td class='text'>copy<td class='text'>4 &lt; 5<tr>") == 1
    assert "4 &lt; 5<br><b>no longer holds:</b> R &amp; D pays<" in html


def test_changes_of_a_ledger_are_told_number_by_number():
    blank = dict.fromkeys(ledger.COLUMNS, "")
    left, changed, other = (
        ledger.Row(**blank | {"source": "toy", "exhibit": "Table 1", "row": row, "printed": "5"})
        for row in ("left", "changed", "other")
    )
    new = [
        replace(changed, recomputed="6"),
        other,
        replace(other, row="more", verdict="erratum"),
        replace(other, exhibit="Table 2"),
    ]
    assert ledger.changes([left, changed, other], new) == [
        "new:     toy, Table 2: 1 number",
        f"changed: {ledger._where(changed)}: recomputed '' -> '6'",
        f"new:     {ledger._where(new[2])}: 5 erratum",
        f"gone:    {ledger._where(left)}",
    ]
