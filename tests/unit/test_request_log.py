"""What is seen of a request: its identifier, its line, and that it is counted once, however it ends."""

import io
import json
import os
import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.http import known
from api.http.lines import Lines
from api.http.metrics import Metrics
from api.http.not_now import NotNow
from api.http.request_log import RequestLog

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Log:
    """A pipe that lines are written to."""

    def __init__(self):
        self.read, self.write = os.pipe()
        os.set_blocking(self.read, False)

    def lines(self):
        try:
            said = os.read(self.read, 1 << 20)
        except BlockingIOError:
            return []
        assert said.endswith(b"\n")
        return [json.loads(line) for line in said.splitlines()]


@pytest.fixture
def log():
    made = Log()
    yield made
    os.close(made.read)
    os.close(made.write)


def answering(*parts, status="200 OK", headers=()):
    def application(environ, start_response):
        start_response(status, list(headers))
        return iter(parts)

    return application


def seen_by(application, log, *, which="all", slow_ms=1_000):
    return RequestLog(application, metrics=Metrics(), lines=Lines(which, slow_ms=slow_ms, file=log.write))


def ask(seen, path="/v1", *, take=None, method="GET", **said):
    """The status, the headers and the body of an answer, of which so many parts are taken before the caller leaves."""
    begun = []
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input": io.BytesIO(), **said}
    parts = seen(environ, lambda status, headers, exc_info=None: begun.append((status, headers)))
    taken = []
    try:
        for part in parts:
            taken.append(part)
            if len(taken) == take:
                break
    finally:
        parts.close()
    return begun[-1][0], dict(begun[-1][1]), b"".join(taken)


def counts(seen, name):
    """The values of a metric by its labels' values."""
    families = text_string_to_metric_families(seen.metrics.text().decode())
    samples = [sample for family in families for sample in family.samples if sample.name == name]
    return {tuple(sorted(sample.labels.values())): sample.value for sample in samples if sample.value}


def test_a_callers_identifier_is_taken_and_given_back(log):
    seen = seen_by(answering(b"x"), log)
    _, headers, _ = ask(seen, HTTP_X_REQUEST_ID="Mine_1.a-b")
    assert headers["X-Request-Id"] == "Mine_1.a-b"
    assert log.lines()[0]["id"] == "Mine_1.a-b"


@pytest.mark.parametrize("given", [None, "", "a b", 'a"b', "a\nb", "a\x1b[31m", "é", "x" * 129, "a,b"])
def test_what_is_no_plain_word_is_replaced_by_one_of_ours(log, given):
    seen = seen_by(answering(b"x"), log)
    said = {} if given is None else {"HTTP_X_REQUEST_ID": given}
    first, second = (ask(seen, **said)[1]["X-Request-Id"] for _ in range(2))
    assert re.fullmatch("[0-9a-f]{32}", first) and first != second
    assert [line["id"] for line in log.lines()] == [first, second]


def test_a_traceparent_comes_back_and_its_trace_is_in_the_line(log):
    seen = seen_by(answering(b"x"), log)
    assert ask(seen, HTTP_TRACEPARENT=TRACE)[1]["traceparent"] == TRACE
    assert log.lines()[0]["trace"] == "0af7651916cd43dd8448eb211c80319c"


@pytest.mark.parametrize(
    "given",
    [
        TRACE.upper(),
        TRACE[:-1],
        TRACE + "\n",
        TRACE.replace("00-", "ff-", 1),
        f"00-{'0' * 32}-b7ad6b7169203331-01",
        f"00-0af7651916cd43dd8448eb211c80319c-{'0' * 16}-01",
        "anything",
    ],
)
def test_what_is_no_traceparent_is_left_unheard(log, given):
    seen = seen_by(answering(b"x"), log)
    assert "traceparent" not in ask(seen, HTTP_TRACEPARENT=given)[1]
    assert log.lines()[0]["trace"] is None


def test_what_an_application_keeps_of_its_headers_stays_as_it_was(log):
    headers = [("ETag", "t")]

    def application(environ, start_response):
        start_response("200 OK", headers)
        return [b""]

    seen = seen_by(application, log)
    ask(seen, HTTP_TRACEPARENT=TRACE)
    ask(seen)
    assert headers == [("ETag", "t")]


def test_a_line_says_what_came_of_a_request(log):
    def application(environ, start_response):
        environ[known._RULE] = "/v1/series/<indicator>/<region>"
        environ["digital_capital.release"] = 4
        start_response("200 OK", [("Explain-Rows", "12")])
        return iter([b"ab", b"c"])

    seen = seen_by(application, log)
    ask(seen, "/v1/series/a/b", QUERY_STRING="c=d")
    (line,) = log.lines()
    assert line.pop("ms") >= 0 and line.pop("time") and line.pop("id")
    assert line == {
        "trace": None,
        "method": "GET",
        "rule": "/v1/series/<indicator>/<region>",
        "path": "/v1/series/a/b",
        "query": "c=d",
        "status": 200,
        "release": 4,
        "rows": 12,
        "cache": "none",
        "bytes": 3,
        "ended": "whole",
    }
    assert counts(seen, "digital_capital_requests_total") == {
        ("/v1/series/<indicator>/<region>", "200", "GET", "none"): 1
    }


def test_an_answer_that_its_caller_leaves_is_told_as_far_as_it_came(log):
    seen = seen_by(answering(b"ab", b"cd", b"ef"), log, which="notable")
    ask(seen, take=2)
    (line,) = log.lines()
    assert (line["ended"], line["bytes"], line["status"]) == ("broken off", 4, 200)
    assert counts(seen, "digital_capital_responses_broken_off_total") == {("caller",): 1}
    assert not seen.running


def test_an_answer_that_fails_on_its_way_is_told_as_that(log):
    def parts():
        yield b"ab"
        raise RuntimeError

    seen = seen_by(lambda environ, start: start("200 OK", []) or parts(), log, which="notable")
    with pytest.raises(RuntimeError):
        ask(seen)
    assert log.lines()[0]["ended"] == "failed"
    assert counts(seen, "digital_capital_responses_broken_off_total") == {("failure",): 1}
    assert not seen.running


def test_an_application_that_fails_before_it_answers_is_a_500(log):
    def application(environ, start_response):
        raise RuntimeError

    seen = seen_by(application, log, which="notable")
    with pytest.raises(RuntimeError):
        ask(seen)
    assert log.lines()[0]["status"] == 500
    assert counts(seen, "digital_capital_requests_total") == {("500", "GET", "none", "unmatched"): 1}
    assert not seen.running


def test_a_request_that_another_thread_will_answer_is_not_seen_yet(log):
    def application(environ, start_response):
        raise NotNow

    seen = seen_by(application, log)
    with pytest.raises(NotNow):
        ask(seen)
    assert log.lines() == [] and counts(seen, "digital_capital_requests_total") == {} and not seen.running


def test_which_requests_have_a_line(log):
    for which, slow_ms, expected in (("all", 1_000, 2), ("notable", 10**9, 1), ("notable", 0, 2), ("off", 0, 0)):
        for status in ("200 OK", "503 SERVICE UNAVAILABLE"):
            ask(seen_by(answering(b"x", status=status), log, which=which, slow_ms=slow_ms))
        assert len(log.lines()) == expected, (which, slow_ms)


def test_nothing_of_a_callers_makes_a_line_or_speaks_to_a_terminal(log):
    seen = seen_by(answering(b"x"), log)
    path = "/a\n{}\r\x1b[31m\x9b\u202e\u2028é"
    ask(seen, path.encode().decode("latin-1"), QUERY_STRING='x="\\\n\x00\x7f', REQUEST_METHOD="GET")
    said = os.read(log.read, 1 << 16)
    assert said.count(b"\n") == 1 and said.endswith(b"\n")
    assert all(0x20 <= byte < 0x7F or byte == 0x7F for byte in said[:-1])
    assert json.loads(said)["path"] == path


@pytest.mark.parametrize("character", ["\x00", "a", "é", "\uffff", "\U0001f600"])
def test_a_line_is_never_longer_than_a_pipe_takes_in_one_piece(log, character):
    seen = seen_by(answering(b"x"), log)
    path = "/" + character * 8_000
    ask(seen, path.encode().decode("latin-1"), QUERY_STRING="\x01" * 8_000, HTTP_X_REQUEST_ID="x" * 128)
    said = os.read(log.read, 1 << 20)
    assert len(said) <= 4_096 and json.loads(said)["id"] == "x" * 128
    told = json.loads(said)["path"]
    assert len(told) > 80 and path.startswith(told)


def test_a_log_that_nobody_reads_holds_nobody_up(log):
    seen = seen_by(answering(b"x"), log)
    for _ in range(2_000):
        assert ask(seen)[2] == b"x"
    lost = sum(counts(seen, "digital_capital_access_log_lines_lost_total").values())
    assert 0 < lost < 2_000
    written = len(log.lines())
    assert written + lost == 2_000


def test_callers_cannot_make_up_labels(log):
    seen = seen_by(answering(b"x"), log)
    for number in range(50):
        ask(seen, f"/{number}", method=f"METHOD{number}")
    assert counts(seen, "digital_capital_requests_total") == {("200", "none", "other", "unmatched"): 50}


def test_what_is_looked_at_and_fails_harms_nobody(log):
    seen = seen_by(answering(b"x"), log)
    seen.metrics.gauge("bad", "Fails.", lambda: 1 / 0)
    seen.metrics.gauge("untold", "Cannot be told yet.", lambda: None)
    seen.metrics.gauge("good", "Works.", lambda: 2)
    text = seen.metrics.text().decode()
    assert "digital_capital_good 2.0" in text and "bad" not in text and "untold" not in text
