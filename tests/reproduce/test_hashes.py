"""Lists of hashes are those of sha256sum, and a difference is named with its place."""

import shutil
import subprocess
import zipfile

import pytest

from reproduce import hashes, twice


def test_a_list_is_one_that_sha256sum_reads(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/a b.txt").write_text("one\n", "utf-8")
    (tmp_path / "é.txt").write_text("two\n", "utf-8")
    found = hashes.of_folder(tmp_path)
    assert list(found) == ["folder/a b.txt", "é.txt"]
    assert hashes.read(hashes.written(found)) == found
    if shutil.which("sha256sum"):
        done = subprocess.run(["sha256sum", "--check"], cwd=tmp_path, capture_output=True,
                              input=hashes.written(found).encode())
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("line", ["abc  name", f"{'0' * 64} name", f"{'0' * 64}  ",
                                  f"{'0' * 64}  ../name", f"{'0' * 64}  /etc/name"])
def test_a_list_that_is_none_or_leads_out_is_refused(line):
    with pytest.raises(ValueError, match="line 1"):
        hashes.read(line)


def test_a_file_that_is_missing_new_or_different_is_named(tmp_path):
    for name, files in {"one": {"same": b"1", "gone": b"2", "text": b"a\nbcd\n"},
                        "other": {"same": b"1", "new": b"2", "text": b"a\nbxd\n"}}.items():
        (tmp_path / name).mkdir()
        for path, content in files.items():
            (tmp_path / name / path).write_bytes(content)
    one, other = tmp_path / "one", tmp_path / "other"
    assert twice.differences(one, other, hashes.of_folder(one)) == [
        "gone: missing", "new: not expected",
        r"text: line 2, byte 3: 'a\nbcd\n' and 'a\nbxd\n'"]


def test_the_place_in_what_is_no_text():
    assert hashes.first_difference(b"a\0bc", b"a\0b") == r"byte 3: 'a\x00bc' and 'a\x00b'"
    assert hashes.first_difference(b"a\0", b"a\0") == ""


def test_the_file_in_a_zip_file_is_named(tmp_path):
    def packed(day=1980, **files):
        path = tmp_path / "x.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in files.items():
                archive.writestr(zipfile.ZipInfo(name, (day, 1, 1, 0, 0, 0)), text)
        return path.read_bytes()

    assert hashes.first_difference(packed(a="x", b="y"), packed(a="x", b="z")) \
        == "b in it, line 1, byte 0: 'y' and 'z'"
    assert hashes.first_difference(packed(a="x"), packed(a="x", b="z")) == "b in it is not expected"
    assert hashes.first_difference(packed(a="x"), packed(2001, a="x")) \
        == "the same files in it, stored otherwise"
