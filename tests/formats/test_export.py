"""`review export`: what is on stdout, what lands in a file, what is said when it cannot."""

import errno
import json
import os
from functools import partial

import pytest

from review.formats.export import FORMATS
from review.formats.metafor_columns import COLUMNS


@pytest.fixture
def export(run):
    """Status, stdout and stderr of `review export`."""
    return partial(run, "export")


def test_without_a_format_the_formats_are_listed(export):
    status, out, err = export()
    assert status == 0 and not err
    assert [line.split()[0] for line in out.splitlines()] == list(FORMATS)
    assert all(one.about in out for one in FORMATS.values())


def test_help_explains_the_columns_of_the_file_for_r(export):
    status, out, _ = export("--help")
    assert status == 0
    for name, about in COLUMNS.items():
        assert f"  {name:14}{about}\n" in out


def test_a_format_goes_to_stdout_or_whole_into_a_file(export, tmp_path, made):
    status, out, _ = export("csl-json", "--edition", "published")
    assert status == 0 and out == made["csl-json"]
    file = tmp_path / "new.csv"
    assert export("metafor", "--edition", "published", "--output", file) == (0, "", "")
    assert file.read_text("utf-8") == made["metafor"]
    assert [path.name for path in tmp_path.iterdir()] == ["new.csv"]


@pytest.mark.parametrize(("arguments", "told"), [
    (("claim",), "did you mean claims?"),
    (("xml",), "choose from claims, prov, metafor, csl-json, ro-crate"),
    (("claims", "--output", "."), "is a folder"),
    (("claims", "--output", "no-such/claims.json"), "there is no folder no-such; make it first"),
    (("--output", "claims.json"), "--output needs a format"),
    (("claims", "--data", "no-such"), "there is no dataset in"),
])
def test_wrong_usage_is_told_with_what_to_do(export, arguments, told):
    status, out, err = export(*arguments)
    assert (status, out) == (2, "") and told in err


def test_an_unknown_edition_is_told(export):
    status, out, err = export("metafor", "--edition", "2030-1")
    assert status == 1 and not out and "there is no edition '2030-1'" in err


def test_a_disk_that_is_full_leaves_the_old_file(export, tmp_path, monkeypatch):
    file = tmp_path / "references.json"
    file.write_text("old", "utf-8")

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    status, _, err = export("csl-json", "--output", file)
    assert status == 1 and "No space left" in err and "what was there is as it was" in err
    assert file.read_text("utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["references.json"]


def test_another_dataset_and_edition(export, flipped):
    status, out, _ = export("prov", "--data", flipped, "--edition", "2026-1")
    assert status == 0
    assert json.loads(out)["entity"]["review:dataset"]["review:edition"] == "2026-1"


def test_the_second_review_has_every_format_of_its_rows(second):
    """The formats know no disease: what works only for this paper fails here."""
    r = second.load()
    for name, one in FORMATS.items():
        text = one.text(r)
        assert text.endswith("\n"), name
    assert [one["claim_id"] for one in json.loads(FORMATS["claims"].text(r))["claims"]] \
        == list(r.claims["claim_id"])
