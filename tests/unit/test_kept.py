"""Kept answers: the same bytes, computed once, within bounds."""

from flask import Response

from api.http.kept import KeptAnswers


def computing(body, calls, *, streamed=False):
    def compute():
        calls.append(body)
        response = Response(iter([body]) if streamed else body, content_type="text/csv")
        response.headers.add("Link", "<a>; rel=next")
        response.headers.add("Link", "<b>; rel=alternate")
        return response

    return compute


def test_an_answer_is_computed_once_and_sent_again_as_it_was():
    kept, calls = KeptAnswers(most_bytes=1_000), []
    first = kept.answer(("/a", "t"), computing(b"x" * 10, calls))
    again = kept.answer(("/a", "t"), computing(b"y" * 10, calls))
    assert again.data == first.data == b"x" * 10
    assert again.content_type == "text/csv"
    assert again.headers.getlist("Link") == ["<a>; rel=next", "<b>; rel=alternate"]
    assert len(calls) == 1


def test_another_tag_or_address_is_another_answer():
    kept, calls = KeptAnswers(most_bytes=1_000), []
    for key in (("/a", "t"), ("/a", "u"), ("/b", "t")):
        kept.answer(key, computing(b"x", calls))
    assert len(calls) == 3


def test_the_longest_unused_goes_first():
    kept, calls = KeptAnswers(most_bytes=1_000), []
    for number in range(10):
        kept.answer((f"/{number}", "t"), computing(b"x" * 100, calls))
    kept.answer(("/0", "t"), computing(b"x" * 100, calls))
    assert len(calls) == 10
    kept.answer(("/new", "t"), computing(b"x" * 100, calls))
    kept.answer(("/0", "t"), computing(b"x" * 100, calls))
    assert len(calls) == 11
    kept.answer(("/1", "t"), computing(b"x" * 100, calls))
    assert len(calls) == 12


def test_what_is_large_or_streamed_is_not_kept():
    kept, calls = KeptAnswers(most_bytes=1_000), []
    for _ in range(2):
        kept.answer(("/large", "t"), computing(b"x" * 126, calls))
        kept.answer(("/stream", "t"), computing(b"x", calls, streamed=True))
    assert len(calls) == 4


def test_nothing_is_kept_where_there_is_no_room():
    kept, calls = KeptAnswers(most_bytes=0), []
    for _ in range(2):
        kept.answer(("/a", "t"), computing(b"x", calls))
    assert len(calls) == 2
