"""Projections over the whole package."""


def test_an_indicator_whose_intervals_failed_is_not_projected(whole):
    answer = whole.get("/v1/series/gdhi-per-head/E12000005/projection").json
    assert (answer["data"]["projection"], answer["data"]["model"]) == ([], None)
    assert answer["meta"]["reason"] == "not-calibrated"
    assert "held out, 80 % intervals held 39% of them" in answer["meta"]["detail"]
    table = whole.get("/v1/series/gdhi-per-head/E12000005/projection.csv")
    assert len(table.text.splitlines()) == 1
