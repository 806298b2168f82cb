"""What a request leaves behind in reference cycles is freed when it has been answered."""

import gc
import mmap
import weakref

import pytest

from api.worker.memory import Memory


class Node:
    def __init__(self):
        self.itself = self


@pytest.fixture
def memory():
    thresholds, callbacks, enabled = gc.get_threshold(), list(gc.callbacks), gc.isenabled()
    prepared = Memory()
    prepared.prepare(most=1)
    yield prepared
    gc.set_threshold(*thresholds)
    gc.callbacks[:] = callbacks
    gc.unfreeze()
    assert gc.isenabled() == enabled


def test_many_objects_in_cycles_are_freed_afterwards(memory):
    nodes = [Node() for _ in range(120_000)]
    last = weakref.ref(nodes[0])
    del nodes
    assert last() is not None
    memory.tidy(0)
    assert last() is None


def test_few_are_not_looked_for(memory):
    memory.tidy(0)
    last = weakref.ref(Node())
    memory.tidy(0)
    assert last() is not None


def test_to_look_for_cycles_is_no_reason_to_look_again(memory, monkeypatch):
    looked, collect = [], gc.collect
    monkeypatch.setattr(gc, "collect", lambda *generation: (looked.append(generation), collect(*generation)))
    kept = [Node() for _ in range(120_000)]
    memory.tidy(0)
    del kept
    assert looked == [()]
    memory.tidy(0)
    kept = [Node() for _ in range(60_000)]  # Python looks once meanwhile
    memory.tidy(0)
    memory.tidy(0)
    assert len(kept) == 60_000 and looked == [(), (1,)]


def test_what_a_large_request_leaves_is_freed_though_it_is_few_objects(memory):
    last = weakref.ref(Node())
    memory.tidy(1_000_000)
    assert last() is None


def test_a_file_that_is_mapped_is_not_what_a_process_holds(memory, tmp_path):
    """SQLite maps its file: workers on a large one would be replaced without end."""
    size, file = 200_000_000, tmp_path / "large"
    file.write_bytes(bytes(size))
    before = memory.held()
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert sum(mapped[:: mmap.PAGESIZE]) == 0  # each page is there now
        assert memory.held() - before < size / 4


def test_a_process_over_its_limit_is_noticed(memory):
    assert memory.held() > 1_000_000 and memory.over_limit()
    memory.most = 0
    assert not memory.over_limit()
