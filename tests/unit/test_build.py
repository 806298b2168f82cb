"""The fingerprint of the build: another with every change of what answers."""

import sys
from dataclasses import replace

import pytest

from api import build
from api.answers.identity import identity_of
from api.catalogue import ReleaseInfo
from api.encoders.negotiate import FILES
from api.exports.files import name_of
from api.http import conditional
from api.limits import Limits
from api.settings import Settings


@pytest.fixture
def folder(tmp_path):
    """A package, and a folder with an installed library."""
    (tmp_path / "code" / "inner").mkdir(parents=True)
    (tmp_path / "code" / "a.py").write_text("one")
    (tmp_path / "code" / "inner" / "b.html").write_text("two")
    (tmp_path / "installed" / "orjson-3.1.dist-info").mkdir(parents=True)
    return tmp_path


def digest(folder):
    return build.digest_of(folder / "code", [folder / "installed", folder / "nothing"])


def test_equal_code_has_the_same(folder):
    before = digest(folder)
    (folder / "code" / "__pycache__").mkdir()
    (folder / "code" / "__pycache__" / "a.pyc").write_text("compiled")
    (folder / "installed" / "orjson.py").write_text("a library itself, which its version names")
    assert digest(folder) == before and len(before) == 16


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "code" / "a.py").write_text("onE"),
        lambda folder: (folder / "code" / "inner" / "b.html").write_text("two "),
        lambda folder: (folder / "code" / "c.py").write_text(""),
        lambda folder: (folder / "code" / "a.py").unlink(),
        lambda folder: (folder / "code" / "a.py").rename(folder / "code" / "d.py"),
        lambda folder: (folder / "installed" / "orjson-3.1.dist-info").rename(
            folder / "installed" / "orjson-3.2.dist-info"
        ),
    ],
)
def test_another_file_or_library_gives_another(folder, change):
    before = digest(folder)
    change(folder)
    assert digest(folder) != before


def test_another_python_gives_another(folder, monkeypatch):
    before = digest(folder)
    monkeypatch.setattr(sys, "version", "3.99.0")
    assert digest(folder) != before


def test_it_is_taken_once(monkeypatch):
    before = build.fingerprint()
    monkeypatch.setattr(build, "digest_of", lambda *_: "another")
    assert build.fingerprint() == before


@pytest.mark.parametrize("name", ["public_url", "contact_name", "contact_email", "contact_url", "limits"])
def test_a_setting_that_stands_in_answers_makes_other_tags(name):
    before = Settings()
    changed = replace(before, **{name: Limits(max_observations=7) if name == "limits" else "https://example.org"})
    release = ReleaseInfo(id=1, published_at="", kind="release", reason="", reconstructed=False)
    assert identity_of(release, changed) != identity_of(release, before)


def test_a_setting_of_one_process_makes_none():
    """Two processes of one deployment confirm each other's answers, whatever each of them has room for."""
    release = ReleaseInfo(id=1, published_at="", kind="release", reason="", reconstructed=False)
    other = Settings(database_url="sqlite://", downloads_path="/elsewhere", cache_bytes=1, threads=9)
    assert identity_of(release, other) == identity_of(release, Settings())


@pytest.mark.parametrize("part", ["id", "mark", "fingerprint"])
def test_every_part_of_a_release_names_it(part):
    release = ReleaseInfo(id=1, published_at="", kind="release", reason="", reconstructed=False)
    other = replace(release, **{part: 2 if part == "id" else "x"})
    assert identity_of(release, Settings()) != identity_of(other, Settings())


def test_another_build_is_another_identity(monkeypatch):
    """Tags and names of files hold it: a file of the build before is not taken for one of this build."""
    release = ReleaseInfo(id=1, published_at="", kind="release", reason="", reconstructed=False, mark="m")

    def made():
        tag = conditional.tag_of(release=release, settings=Settings(), question="q", path="/", media_type="text/csv")
        return {identity_of(release, Settings()), tag, name_of(release, [release], "csv", Settings())}

    before = made()
    monkeypatch.setattr(build, "fingerprint", lambda: "another")
    assert not before & made()


def test_the_order_of_libraries_does_not_count(folder):
    """A folder is listed in whichever order its file system has, and a library may be found in two."""
    for name in ("zstd-1.dist-info", "anyio-4.dist-info"):
        (folder / "elsewhere" / name).mkdir(parents=True)
    places = [folder / "installed", folder / "elsewhere"]
    before = build.digest_of(folder / "code", places)
    assert build.digest_of(folder / "code", [*reversed(places), *places]) == before


def test_a_file_is_named_by_its_database_and_a_package_by_that_of_the_release_before():
    """The mark is read in the name, so that an operator sees of which database a file is."""
    before, release = (
        ReleaseInfo(id=number, published_at="", kind="release", reason="", reconstructed=False, mark=f"mark{number}")
        for number in (1, 2)
    )
    for ending in FILES:
        assert name_of(release, [before, release], ending, Settings()).startswith("2-mark2-")
    other = replace(before, mark="other")
    names = [
        {ending: name_of(release, [item, release], ending, Settings()) for ending in FILES} for item in (before, other)
    ]
    assert {ending for ending in FILES if names[0][ending] != names[1][ending]} == {"zip"}
