"""The folder of the files of releases: damaged ones are built anew, those that nobody may ask for are removed."""

import hashlib
import logging
import os
from dataclasses import replace
from pathlib import Path

import pytest

from api import build, create_app
from api.exports import files, tidy
from api.exports.locks import alone
from tests.contract_client import ContractClient

DOWNLOAD = "/v1/releases/4/download"


@pytest.fixture
def app(settings, tmp_path):
    """An application with a folder of its own for files."""
    app = create_app(replace(settings, downloads_path=str(tmp_path / "downloads")))
    app.test_client_class = ContractClient
    yield app
    app.extensions["database"].engine.dispose()


@pytest.fixture
def folder(app):
    return Path(app.extensions["settings"].downloads_path)


@pytest.fixture
def another(app):
    """Another process of the service, as often as it is called."""
    processes = []

    def start():
        processes.append(create_app(app.extensions["settings"]))
        processes[-1].test_client_class = ContractClient
        return processes[-1].test_client()

    yield start
    for process in processes:
        process.extensions["database"].engine.dispose()


def the_csv(folder):
    (path,) = folder.glob("4-*.csv")
    return path


@pytest.mark.parametrize("damage", ["truncated", "grown", "emptied", "removed"])
def test_a_file_of_another_size_is_built_anew_with_one_line_in_the_log(app, folder, caplog, damage):
    client = app.test_client()
    first = client.get(f"{DOWNLOAD}.csv")
    path = the_csv(folder)
    size = path.stat().st_size
    if damage == "removed":
        path.unlink()
    else:
        os.truncate(path, {"truncated": size // 2, "grown": size + 1, "emptied": 0}[damage])
    with caplog.at_level(logging.WARNING):
        again = client.get(f"{DOWNLOAD}.csv")
        client.get(f"{DOWNLOAD}.csv")
    assert again.data == first.data
    assert again.headers["Content-Length"] == str(size)
    said = [record.getMessage() for record in caplog.records]
    if damage == "removed":
        assert said == []  # nothing is damaged: it is just not there
    else:
        assert len(said) == 1 and "built anew" in said[0] and f"had {size:,} when it was written" in said[0]


@pytest.mark.parametrize("noted", [b"", b"no hash", b"\xff\xfe", b"0" * 64, b"z" * 64 + b" 9", b"0" * 64 + b" nine"])
def test_what_is_noted_of_a_file_may_be_damaged(app, folder, caplog, noted):
    client = app.test_client()
    first = client.get(f"{DOWNLOAD}.csv")
    files.note_beside(the_csv(folder)).write_bytes(noted)
    with caplog.at_level(logging.WARNING):
        again = client.get(f"{DOWNLOAD}.csv")
    assert (again.status_code, again.data, again.headers["ETag"]) == (200, first.data, first.headers["ETag"])
    assert [record.getMessage() for record in caplog.records if "missing or damaged" in record.getMessage()]


def test_a_file_of_the_same_size_and_other_bytes_is_found_by_the_commands(app, folder):
    client = app.test_client()
    first = client.get(f"{DOWNLOAD}.csv")
    path = the_csv(folder)
    with path.open("r+b") as file:
        file.write(b"X")
    found = app.test_cli_runner().invoke(args=["data", "verify"])
    assert found.exit_code == 1
    assert f"The file {path} has other bytes than when it was written. Remove it" in found.output
    app.test_cli_runner().invoke(args=["data", "export"])
    assert path.read_bytes() == first.data
    assert "All is whole." in app.test_cli_runner().invoke(args=["data", "verify"]).output


def left_there(folder):
    return {path.name for path in folder.iterdir()} - {"building.lock"}


def test_files_that_nobody_may_ask_for_are_removed(app, another, folder):
    app.test_client().get(f"{DOWNLOAD}.csv")
    ours = left_there(folder)
    others = {
        "4-release4-0123456789ab.csv",  # of another version, or address
        "4-release4-0123456789ab.csv.sha256",
        "4-0123456789abcdef-0123456789ab.zip",  # of another database
        "9-unmarked-0123456789ab.csv-metadata.json",
        ".building-of-a-process-that-was-killed",
    }
    theirs = {"README.md", "4-release4-0123456789ab.csv.bak", "notes.csv", "log"}
    for name in others | theirs:
        (folder / name).write_text("x")
    assert app.test_client().get(f"{DOWNLOAD}.csv").status_code == 200
    assert left_there(folder) == ours | others | theirs  # a process looks once for each newest release
    assert another().get(f"{DOWNLOAD}.csv").status_code == 200
    assert left_there(folder) == ours | theirs


def test_files_of_another_build_are_removed(app, another, folder, monkeypatch):
    app.test_client().get(f"{DOWNLOAD}.csv")
    before = left_there(folder)
    monkeypatch.setattr(build, "fingerprint", lambda: "another")
    another().get(f"{DOWNLOAD}.csv")
    after = left_there(folder)
    assert len(before) == len(after) == 2 and not before & after


def test_nothing_is_removed_while_a_file_is_built(app, another, folder):
    app.test_client().get(f"{DOWNLOAD}.csv")
    half = folder / ".building-by-another-process"
    old = folder / "4-release4-0123456789ab.csv"
    with alone(folder):  # as another process is, that builds a file
        for path in (half, old):
            path.write_text("half of it")
        later = another()
        assert later.get(f"{DOWNLOAD}.csv").status_code == 200  # nor does anybody wait for it
        assert half.exists() and old.exists()
    assert later.get(f"{DOWNLOAD}.csv").status_code == 200
    assert not half.exists() and not old.exists()


def test_a_file_that_goes_between_the_look_and_the_opening_is_built_again(app, folder, monkeypatch):
    client = app.test_client()
    first = client.get(f"{DOWNLOAD}.csv")
    find, gone = files.find, []

    def removed_after(reading, ending, **how):
        found = find(reading, ending, **how)
        if not gone:
            gone.append(found.path)
            found.path.unlink()
        return found

    monkeypatch.setattr(files, "find", removed_after)
    again = client.get(f"{DOWNLOAD}.csv")
    assert (again.status_code, again.data) == (200, first.data)
    assert len(gone) == 1


def test_a_folder_that_cannot_be_tidied_is_no_failure(app, folder, monkeypatch, caplog):
    folder.mkdir()
    (folder / "4-release4-0123456789ab.csv").mkdir()  # what is no file cannot be removed as one
    with caplog.at_level(logging.WARNING):
        assert app.test_client().get(f"{DOWNLOAD}.csv").status_code == 200
        assert app.test_client().get(f"{DOWNLOAD}.csv").status_code == 200
    assert len([record for record in caplog.records if "cannot be removed" in record.getMessage()]) == 1


def test_the_note_holds_what_the_answer_says(app, folder):
    answer = app.test_client().get(f"{DOWNLOAD}.csv")
    sha256, size = files.note_beside(the_csv(folder)).read_text().split()
    assert sha256 == hashlib.sha256(answer.data).hexdigest() == answer.headers["ETag"].strip('"')
    assert int(size) == len(answer.data)
    assert tidy.faults(app.extensions["releases"].all(), app.extensions["settings"]) == []
