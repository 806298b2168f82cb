"""A file as it was uploaded, and what became of it."""

import pytest

from api.readers import Unreadable, read


@pytest.fixture
def reading(tmp_path):
    """What is read of some bytes; nothing stays beside the file."""

    def of(data, *, name="figures.csv", **asked):
        path = tmp_path / "uploaded"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        try:
            return read(path, name=name, **asked)
        finally:
            assert [item.name for item in tmp_path.iterdir()] == ["uploaded"]

    return of


@pytest.fixture
def refused(reading):
    """The refusal of some bytes."""

    def of(data, **asked):
        with pytest.raises(Unreadable) as caught:
            reading(data, **asked)
        assert caught.value.message.endswith(".")
        assert str(caught.value) == caught.value.message
        return caught.value

    return of
