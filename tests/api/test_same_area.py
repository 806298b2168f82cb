"""A district and the ITL 3 area that is the same place know each other, and so do other places of one area."""


def ask(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.text
    return response.json["data"]


def same(client, code):
    return [item["code"] for item in ask(client, f"/v1/regions/{code}")["same_area"]]


def test_a_district_and_its_itl_3_area_name_each_other(client):
    assert same(client, "E08000027") == ["TLG36"]
    assert same(client, "TLG36") == ["E08000027"]
    named = ask(client, "/v1/regions/E08000027")["same_area"]
    assert named == [{"code": "TLG36", "name": "Dudley", "levels": ["itl3"]}]


def test_so_do_combined_authorities_counties_and_groups(client):
    assert same(client, "E47000007") == ["E11000005", "TLG3"]
    assert same(client, "E10000031") == ["TLG13"]
    assert same(client, "E10000019") == ["TLF3", "TLF30"]


def test_a_place_under_its_earlier_code_has_the_same(client):
    assert same(client, "E08000016") == same(client, "E08000038") == ["TLE33"]
    assert same(client, "TLC14") == ["E06000047"]


def test_what_is_only_near_is_not_the_same(client):
    # Medway belongs to Kent's ITL 2 area; North Ayrshire lies in two ITL 3 areas; Moray shared one with others.
    for code in ("E10000016", "S12000021", "TLM93", "S12000020", "TLM62", "E07000028", "E09000001"):
        assert same(client, code) == []


def test_populations_prove_it(client):
    """Whatever is called one area has one population, but for the revision between two publications."""
    people = {}
    for level in ("local-authority", "itl3", "itl2", "combined-authority"):
        rows = ask(client, f"/v1/observations?indicator=population&period=2022&level={level}&limit=1000")
        people |= {row["region"]: row["value"] for row in rows}
    compared = 0
    for region in ask(client, "/v1/regions?level=itl3,itl2&limit=1000"):
        for code in same(client, region["code"]):
            if people.get(code):
                compared += 1
                assert abs(people[region["code"]] / people[code] - 1) < 0.01, (region["code"], code)
    assert compared > 110
