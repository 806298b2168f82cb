"""Where a request ends, in whatever pieces it comes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.worker.incoming import Incoming

HEAD = b"POST /v1/calculations HTTP/1.1\r\nHost: a\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: gzip;q=0, chunked\r\n\r\n"
WHOLE = [
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    HEAD + b"\r\n",
    HEAD + b"content-length:  7 \r\n\r\n{\r\n\r\n0}",
    HEAD + b"Content-Length: " + b"0" * 30 + b"7\r\n\r\n{\r\n\r\n0}",
    CHUNKED + b"7\r\n{\r\n\r\n0}\r\n0\r\n\r\n",
    CHUNKED + b"1;a=b\r\n{\r\n1 ; c\r\n}\r\n000\r\nA: b\r\nC: d\r\n\r\n",
]


def incoming(most_body: int = 100) -> Incoming:
    return Incoming(most_line=200, most_head=1_000, most_body=most_body)


@given(st.sampled_from(WHOLE), st.lists(st.integers(1, 200)), st.binary(max_size=5))
def test_a_request_has_arrived_with_its_last_byte(said: bytes, cuts: list[int], ahead: bytes) -> None:
    request, places = incoming(), sorted({cut for cut in cuts if cut < len(said)})
    for first, last in zip([0, *places], places, strict=False):
        request.add(said[first:last])
        assert not request.arrived
    request.add(said[places[-1] if places else 0 :] + ahead)
    assert request.arrived and request.whole
    assert bytes(request.data) == said + ahead


PLAIN = HEAD + b"transfer-encoding:chunked \r\nAccept: a\r\n\r\n"


@given(st.lists(st.binary(min_size=1, max_size=40)), st.lists(st.integers(1, 60)), st.binary(max_size=5), st.data())
def test_what_came_in_chunks_is_handed_on_as_one_piece(parts, sizes, ahead, data) -> None:
    lines = st.sampled_from([b"%x", b"%X", b"0%x", b"%x;a=b", b"%x ;" + b"a" * 200])
    chunks = [b"%b\r\n%b\r\n" % (data.draw(lines) % len(part), part) for part in parts]
    said, request = PLAIN + b"".join(chunks) + b"00\r\n\r\n" + ahead, incoming(most_body=2_000)
    for size in sizes:
        request.add(said[:size])
        said = said[size:]
    request.add(said)
    body = b"".join(parts)
    assert request.arrived and request.whole
    assert request.request() == HEAD + b"Content-Length: %d\r\nAccept: a\r\n\r\n" % len(body) + body + ahead


@pytest.mark.parametrize(
    "said",
    [
        CHUNKED + b"1\r\n{\r\n0\r\n\r\n",
        PLAIN + b"1\r\n{\r\n0\r\nA: b\r\n\r\n",
        PLAIN + b"1 \r\n{\r\n0\r\n\r\n",
        PLAIN + b"1\r\n{ \r\n0\r\n\r\n",
        PLAIN.replace(b"1.1", b"1.0") + b"1\r\n{\r\n0\r\n\r\n",
        PLAIN.replace(b"Accept: a", b"Transfer-Encoding: chunked") + b"1\r\n{\r\n0\r\n\r\n",
    ],
)
def test_chunks_that_the_parser_is_to_judge_are_handed_on_as_they_came(said: bytes) -> None:
    request = incoming()
    request.add(said)
    assert request.arrived and request.request() == said


def test_many_short_chunks_are_too_large_together() -> None:
    request = incoming(most_body=50_000)
    request.add(PLAIN + b"1\r\n{\r\n" * 50_001)
    assert request.arrived and request.body_too_large and not request.whole


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\nContent-Length: 9\r\n\r\n",
        b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        HEAD + b"Transfer-Encoding: gzip\r\n\r\n",
        HEAD + b"Content-Length: 101\r\n\r\n",
        HEAD + b"Content-Length: " + b"1" * 19 + b"\r\n\r\n",
        HEAD + b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
        HEAD + b"Content-Length: +0\r\n\r\n",
        HEAD + b"Content-Length: 0, 0\r\n\r\n",
        HEAD + b"Content-Length:\r\n\r\n",
        HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
        CHUNKED + b"65\r\n",
        CHUNKED + b"64\r\n" + b"a" * 100 + b"\r\n1\r\n",
        CHUNKED + b"g",
        CHUNKED + b"\n",
        CHUNKED + b"2\r\n{}\n",
        b"GET /" + b"a" * 200,
    ],
)
def test_what_is_not_wanted_or_wrong_is_not_waited_for(said: bytes) -> None:
    request = incoming()
    request.add(said if said.endswith(b"\n") or said.startswith(b"GET") else said + b"\r\n")
    assert request.arrived and not request.whole


def test_lines_of_chunks_without_end_are_not_waited_for() -> None:
    request = incoming(most_body=10_000)
    request.add(CHUNKED)
    for _ in range(100):
        request.add(b"1;" + b"a" * 4_000 + b"\r\n{\r\n")
    assert request.arrived and request.body_too_large


@pytest.mark.parametrize("said", [b"GET / HTTP/1.1\r\nA: " + b"a" * 1_000, b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200])
def test_a_head_has_a_length(said: bytes) -> None:
    request = incoming()
    request.add(said)
    assert request.head_too_large


def test_who_speaks_an_older_version_waits_for_no_word() -> None:
    request = incoming()
    request.add(HEAD.replace(b"1.1", b"1.0") + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    assert not request.expects_continue and not request.arrived


def test_who_waits_for_word_is_told_so_by_whoever_reads_the_head() -> None:
    for more, expects in ((b"", True), (b"{", False)):
        request = incoming()
        request.add(HEAD + b"Expect: 100-Continue\r\nContent-Length: 2\r\n\r\n" + more)
        assert request.expects_continue == expects
