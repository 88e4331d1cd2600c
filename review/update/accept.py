"""Taking new rows into the dataset as a new edition: as a whole or not at all (see `staging`).

Until the last step the old dataset stands untouched, after it the new one is complete.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from review.audit import stored_rows
from review.checks.rule import Dataset
from review.checks.validate import addition
from review.contents import Contents, project_contents
from review.dataset import bibliography, freeze, optional, replacing, schema
from review.dataset.load import Review, data_folder, read_text, select
from review.dataset.paths import unusable_key
from review.dataset.problems import DataError, Problem, errors
from review.update import folders_taken, staging
from review.update.changes import Changes, changes

EDITIONS = "editions.csv"


@dataclass(frozen=True)
class Edition:
    """What the person who accepts an update says of it.

    key: of editions, such as 2026-1. search_to: last day the searches cover; released_on: day of
    release; conferences_to: last day of the conference searches; next_search_due: day by which
    the next search is due; dates as YYYY-MM-DD. name: for readers; citation: how to cite it; both
    are made from the key where they are not given.
    """

    key: str
    search_to: str
    released_on: str | None = None
    conferences_to: str | None = None
    next_search_due: str | None = None
    name: str | None = None
    citation: str | None = None


@dataclass(frozen=True)
class Accepted:
    """What was done. changes: from the edition before; added: rows by table; superseded: rows that
    count no more; warnings: what validation says of the new rows."""

    edition: str
    changes: Changes
    added: dict[str, int]
    superseded: int
    warnings: tuple[Problem, ...]

    def __str__(self) -> str:
        rows = ", ".join(f"{name} {n}" for name, n in self.added.items()) or "none"
        return (f"edition {self.edition} accepted ({self.changes.change_class}); "
                f"rows added: {rows}; superseded: {self.superseded}")


def accept(folders: Sequence[Path | str], edition: Edition, data: Path | str | None = None,
           contents: Contents | None = None) -> Accepted:
    """Adds the rows of folders to the dataset as `edition`.

    Raises DataError, with every problem, where a folder cannot be read, the dataset with the new
    rows has an error, a published row would change, or the edition's key is taken. Whatever goes
    wrong, and whenever, the dataset is as it was. The folders themselves are left alone.
    """
    data, contents = data_folder(data), contents or project_contents()
    if reason := unusable_key(edition.key):
        raise DataError([Problem(EDITIONS, 0, "edition_id", edition.key, "key of an edition",
                                 reason, "choose a key such as 2026-1")])
    with staging.writing(data, edition.key) as staged:
        return _accepted([Path(folder).resolve() for folder in folders], edition, data, contents,
                         staged)


def is_there(edition: Edition, data: Path) -> bool:
    """Whether the dataset has an edition of that key."""
    return edition.key in set(read_text(data, schema.read_schema(data))["editions"]["edition_id"])


def _accepted(sources: list[Path], edition: Edition, data: Path, contents: Contents,
              staged: Path) -> Accepted:
    """`accept`, with the folder in which the new dataset is prepared."""
    before = _bytes(data)
    resources = schema.read_schema(data)
    text = read_text(data, resources)
    if edition.key in set(text["editions"]["edition_id"]):
        raise DataError([Problem(EDITIONS, 0, "edition_id", edition.key, "edition exists",
                                 f"there already is an edition {edition.key}",
                                 "give the new edition a key of its own")])
    taken = folders_taken.take(sources, data, text, edition.key)
    joined = taken[-1].after if taken else dict(text)
    joined["editions"] = _with_edition(joined, edition, contents)
    brought = bibliography.new_entries(sources, bibliography.of(data))
    added = addition(contents, resources, text, joined, data, brought.keys)
    if wrong := errors([*brought.problems, *(folders_taken.place(p, taken, resources)
                                             for p in added.problems)]):
        raise DataError(wrong)
    new = staged / data.name
    staging.copy(data, new)
    found = _write_edition(new, resources, text, joined, added.dataset, edition.key)
    replacing.flush(new)
    if _bytes(data) != before:
        raise DataError([Problem(data.name, 0, "", "", "changed meanwhile",
                                 "the dataset was changed while the update was prepared",
                                 "run the command again")])
    with staging.references(data, brought.texts, staged):
        replacing.exchange(new, data)
    return Accepted(
        edition=edition.key,
        changes=found,
        added={name: more for name in text if name != "editions"
               and (more := len(joined[name]) - len(text[name]))},
        superseded=sum(int((table[schema.SUPERSEDED] == edition.key).sum())
                       for table in joined.values() if schema.SUPERSEDED in table),
        # the digests of the edition are written with it
        warnings=(*folders_taken.warnings(taken),
                  *folders_taken.citations(taken, sources, bibliography.of(data)),
                  *(folders_taken.place(p, taken, resources) for p in added.new
                    if p.rule != "edition not frozen")),
    )


def _with_edition(tables: Mapping[str, pd.DataFrame], edition: Edition,
                  contents: Contents) -> pd.DataFrame:
    """The editions with the new one after the newest, its counts taken from the rows."""
    editions = tables["editions"].copy()
    newest = pd.to_numeric(editions["position"]).idxmax()
    studies, reports = (_counting(tables[name]) for name in ("studies", "reports"))
    flow = optional.complete(tables)["flow"]
    records = flow.loc[((flow["edition_id"] == edition.key)
                        & (flow["data"] == "database_results")).fillna(False), "n"]
    own = tables["sources"].loc[tables["sources"]["type"] == "own arithmetic", "source_id"]
    name = edition.name or f"Update {edition.key}"
    row = {
        "edition_id": edition.key,
        "position": str(int(editions.at[newest, "position"]) + 1),
        "name": name,
        "type": "update",
        "search_to": edition.search_to,
        "conferences_to": edition.conferences_to,
        "released_on": edition.released_on,
        "next_search_due": edition.next_search_due,
        "records": None if records.empty else records.iloc[0],
        "reports": str(len(reports)),
        "studies": str(len(studies)),
        **{code: str(int((studies["setting"] == code).sum()))
           for code in contents.vocabulary.settings},
        "status": "current",
        # replaced by what the comparison with the edition before finds
        "change_class": "not known",
        "citation": edition.citation or f"{name} of the living review that continues: "
                    f"{_published(editions)}",
        "source_id": editions.at[newest, "source_id"] if own.empty else own.iloc[0],
        "locator": f"Rows of the dataset that count in edition {edition.key}",
    }
    editions.loc[(editions["status"] == "current").fillna(False), "status"] = "superseded"
    added = pd.DataFrame([row], columns=editions.columns, dtype="string")
    return pd.concat([editions, added], ignore_index=True)


def _counting(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows[schema.SUPERSEDED].isna()]


def _published(editions: pd.DataFrame) -> str:
    return str(editions.loc[editions["type"] == "published", "citation"].iloc[0])


def _write_edition(new: Path, resources: Mapping[str, schema.Resource],
                   text: Mapping[str, pd.DataFrame], joined: Mapping[str, pd.DataFrame],
                   checked: Dataset, key: str) -> Changes:
    """Writes what the edition changes into a copy of the dataset: its rows, its digests and the
    rows behind the figures and tables. Returns what changed; its class goes into its own row."""
    now = select(checked.tables, key, new, checked.contents)
    found = _compared(checked, now)
    editions = joined["editions"].copy()
    editions.loc[(editions["edition_id"] == key).fillna(False), "change_class"] = found.change_class
    for name, table in {**joined, "editions": editions}.items():
        if table is not text[name]:
            _write(new / resources[name].path, table)
    freeze.record(new, [key])
    if (new / "rows").is_dir():
        stored_rows.write(now.with_tables(editions=schema.typed(resources["editions"], editions)))
    return found


def _compared(checked: Dataset, now: Review) -> Changes:
    """The new edition compared with the one before."""
    previous = now.previous
    assert previous is not None, "the new edition comes after the newest"
    before = select(checked.tables, previous["edition_id"], now.data, now.contents)
    return changes(before, now)


def _write(path: Path, table: pd.DataFrame) -> None:
    path.write_bytes(table.to_csv(index=False, lineterminator="\n").encode())


def _bytes(data: Path) -> dict[str, bytes]:
    """The dataset's own files, to see whether somebody changed them meanwhile."""
    return {path.name: path.read_bytes() for path in sorted(data.glob("*.csv"))}
