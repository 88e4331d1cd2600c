"""A folder may bring the rows of its search before the edition, and its last day, are known."""

import shutil

import pandas as pd

from review.update.validate_folder import validate_folder


def test_a_search_later_than_the_newest_edition_is_fine(data, tmp_path):
    folder = tmp_path / "new"
    shutil.copytree(data / "candidates" / "martino-2025", folder)
    rows = pd.DataFrame([{"search_id": f"new-{name.lower()}", "name": name, "type": "database",
                          "to_date": day, "hits": "12", "hits_status": "value",
                          "source_id": "gay2025", "locator": "Log of the search"}
                         for name, day in (("Embase", "2026-01-31"), ("Medline", "2026-01-30"))])
    rows.to_csv(folder / "search.csv", index=False)
    assert [p for p in validate_folder(folder, data) if p.field == "to_date"] == []
    rows.assign(to_date="2999-01-31").to_csv(folder / "search.csv", index=False)
    assert [p for p in validate_folder(folder, data) if p.field == "to_date"]
