"""Parts of what an application answers, cut out in front of it."""

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from api.http.ranges import Ranges, Span, parse

WHOLE = bytes(range(100))


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("bytes=0-0", (0, 0)),
        ("bytes=10-19", (10, 19)),
        ("bytes=90-", (90, 99)),
        ("bytes=90-500", (90, 99)),
        ("bytes=-7", (93, 99)),
        ("bytes=-500", (0, 99)),
        ("bytes=100-", None),
        ("bytes=-0", None),
    ],
)
def test_which_bytes_are_asked_for(header, found):
    assert parse(header).within(100) == found


@pytest.mark.parametrize("header", ["", "bytes", "bytes=", "bytes=-", "bytes=9-3", "bytes=0-1,5-6", "rows=0-3", "0-3"])
def test_what_is_left_unheard(header):
    assert parse(header) is None


def test_nothing_has_no_parts():
    assert Span().within(0) is None and Span(count=5).within(0) is None


class Application:
    """Answers with a table in pieces, and notes how it was asked and whether it was let go of."""

    def __init__(self, *, ranges="bytes", length=100, piece=7):
        self.ranges, self.length, self.piece = ranges, length, piece
        self.asked, self.closed = [], 0

    def __call__(self, environ, start_response):
        self.asked.append(Request(environ))
        pieces = [WHOLE[place : place + self.piece] for place in range(0, 100, self.piece)]
        response = Response(iter(pieces), content_type="text/csv")
        if self.ranges:
            response.headers["Accept-Ranges"] = self.ranges
        if self.length:
            response.headers["Content-Length"] = str(self.length)
        response.headers["ETag"] = 'W/"t"'
        response.call_on_close(self.close)
        return response(environ, start_response)

    def close(self):
        self.closed += 1


@pytest.mark.parametrize("piece", [1, 7, 100])
@pytest.mark.parametrize("asked", ["0-0", "0-6", "6-7", "7-13", "20-80", "99-", "-1", "-100"])
def test_a_part_is_cut_out_of_the_pieces(asked, piece):
    application = Application(piece=piece)
    part = Client(Ranges(application)).get("/", headers={"Range": f"bytes={asked}", "Accept-Encoding": "gzip"})
    first, last = parse(f"bytes={asked}").within(100)
    assert part.status_code == 206 and part.data == WHOLE[first : last + 1]
    assert part.headers["Content-Range"] == f"bytes {first}-{last}/100"
    assert part.headers.getlist("Content-Length") == [str(last - first + 1)]
    assert part.headers["ETag"] == 'W/"t"' and part.headers["Accept-Ranges"] == "bytes"
    assert "Accept-Encoding" not in application.asked[0].headers
    part.close()
    assert application.closed == 1


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {}),
        ("HEAD", {"Range": "bytes=0-3"}),
        ("GET", {"Range": "rows=0-3"}),
        ("GET", {"Range": "bytes=0-3", "If-Range": 'W/"t"'}),
        ("GET", {"Range": "bytes=0-3", "If-Range": "Tue, 13 Jan 2026 00:00:00 GMT"}),
    ],
)
def test_the_whole_is_given_where_no_part_can_be(method, headers):
    answer = Client(Ranges(Application())).open("/", method=method, headers={**headers, "Accept-Encoding": "gzip"})
    assert answer.status_code == 200 and answer.data == (WHOLE if method == "GET" else b"")
    assert answer.headers["Content-Length"] == "100"


@pytest.mark.parametrize("options", [{"ranges": None}, {"ranges": "none"}, {"length": None}])
def test_what_has_no_parts_or_no_length_is_given_whole(options):
    answer = Client(Ranges(Application(**options))).get("/", headers={"Range": "bytes=0-3"})
    assert (answer.status_code, answer.data) == (200, WHOLE)


def test_a_part_that_is_not_there_is_a_problem():
    application = Application()
    answer = Client(Ranges(application)).get("/v1/a.csv", headers={"Range": "bytes=100-"})
    assert answer.status_code == 416 and answer.headers["Content-Range"] == "bytes */100"
    assert answer.mimetype == "application/problem+json" and "100 bytes" in answer.json["detail"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert application.closed == 1
