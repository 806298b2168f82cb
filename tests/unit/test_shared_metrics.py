"""Files that processes share: what the dead have counted stays, their files go, and a full disk ends no process."""

import fcntl
import os

import pytest
from prometheus_client import values
from prometheus_client.mmap_dict import MmapedDict, mmap_key
from prometheus_client.parser import text_string_to_metric_families

from api.http import shared_metrics
from api.http.metrics import Metrics

DEAD = 999_999_999
"""No process has this number: the system's highest is far lower."""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    monkeypatch.setattr(shared_metrics._Shared, "ended", set())
    shared_metrics.prepare(str(tmp_path))
    yield shared_metrics._Shared.folder
    shared_metrics.remove()
    values.ValueClass = values.MutexValue


def counted_by(folder, process, amount):
    """What another process has counted, and a gauge of its."""
    for kind, name in (("counter", "x_total"), ("gauge_livesum", "g")):
        file = MmapedDict(str(folder / f"{kind}_{process}.db"))
        file.write_value(mmap_key(name.removesuffix("_total"), name, [], [], "Meaning."), amount, 0.0)
        file.close()


def told():
    families = text_string_to_metric_families(shared_metrics.text().decode())
    return {sample.name: sample.value for family in families for sample in family.samples}


def test_what_the_dead_have_counted_stays_and_their_gauges_and_files_go(folder):
    for process, amount in ((11, 1.0), (12, 2.0), (13, 4.0)):
        counted_by(folder, process, amount)
    assert told() == {"x_total": 7, "g": 7}
    shared_metrics.leave(11, {12, 13})
    shared_metrics.leave(12, {13})
    assert told() == {"x_total": 7, "g": 4}
    assert sorted(file.name for file in folder.glob("*.db")) == ["counter_0.db", "counter_13.db", "gauge_livesum_13.db"]


def test_the_master_never_waits_for_a_scrape(folder):
    for process in (11, 12):
        counted_by(folder, process, 1.0)
    with (folder / "lock").open("rb") as scraping:
        fcntl.flock(scraping, fcntl.LOCK_SH)
        shared_metrics.leave(11, {12})
        assert (folder / "counter_11.db").exists()
    shared_metrics.leave(12, set())
    assert told() == {"x_total": 2}
    assert [file.name for file in folder.glob("*.db")] == ["counter_0.db"]


def test_a_number_that_another_worker_has_by_now_is_left_to_it(folder):
    counted_by(folder, 11, 1.0)
    shared_metrics.leave(11, {11})
    assert (folder / "counter_11.db").exists()


def test_what_killed_servers_left_is_removed_and_what_others_use_is_not(tmp_path, folder):
    left, used = tmp_path / f"digital-capital-metrics-{DEAD}-a", tmp_path / f"digital-capital-metrics-{os.getpid()}-b"
    for made in (left, used):
        made.mkdir()
    shared_metrics.prepare(str(tmp_path))
    assert not left.exists() and used.exists() and folder.exists()


def test_the_room_of_a_file_is_taken_before_it_is_mapped(folder):
    shared_metrics.join()
    sizes = {file: file.stat() for file in folder.glob(f"*_{os.getpid()}.db")}
    assert len(sizes) == 6
    assert all(found.st_blocks * 512 >= found.st_size > 0 for found in sizes.values())


def test_a_scrape_meets_no_file_that_has_no_room_yet(folder, monkeypatch):
    scrapes, make_room = [], os.posix_fallocate

    def scraped_meanwhile(*given):
        scrapes.append(told())
        make_room(*given)

    counted_by(folder, 11, 1.0)
    monkeypatch.setattr(os, "posix_fallocate", scraped_meanwhile)
    shared_metrics.join()
    assert scrapes == [{"x_total": 1, "g": 1}] * 6
    assert not list(folder.glob("*.making"))


def test_a_process_without_room_tells_of_itself_alone(folder, monkeypatch, caplog):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    metrics = Metrics()
    metrics.count_refused(400)
    assert values.ValueClass is values.MutexValue
    assert not list(folder.glob("*.db")) and "No space left" in caplog.text


def test_a_server_that_has_no_folder_says_so_and_goes_on(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(shared_metrics._Shared, "folder", None)
    shared_metrics.prepare(str(tmp_path / "none"))
    assert "each worker tells its own metrics alone" in caplog.text
    metrics = Metrics()
    metrics.count_refused(400)
    assert (
        b'digital_capital_requests_total{cache="none",method="other",rule="unread",status="400"} 1.0' in metrics.text()
    )
