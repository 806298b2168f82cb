"""The page for partners asks for what the API takes, and has nothing of a partner's on it."""

from tests.contract_client import document
from tests.pages.reading import links, read, said

SCHEMAS = document()["components"]["schemas"]


def test_its_form_has_the_fields_of_an_own_indicator(client):
    page = read(client, "/partners")
    properties = SCHEMAS["OwnIndicatorBody"]["properties"]
    for name, item in properties.items():
        found = page.xpath(f'//*[@id="indicator-{name}"]')
        assert len(found) == (name != "source"), name
        if found and "enum" in item:
            assert [one.get("value") for one in found[0].xpath("./option") if one.get("value")] == [
                value for value in item["enum"] if value is not None
            ]
        if found:
            assert (found[0].get("required") is not None) == (name in SCHEMAS["OwnIndicatorBody"]["required"])
    components = {item["id"] for item in client.get("/v1/components").json["data"]}
    assert {one.get("value") for one in page.xpath('//*[@id="indicator-component"]/option')} == components | {""}


def test_without_scripts_it_says_what_to_do_and_sends_nothing(client):
    page = read(client, "/partners")
    assert page.get_element_by_id("partners").get("hidden") is not None
    assert "Whoever runs this service gives keys" in said(page)
    assert "/guide/partners" in links(page)
    # A field with a name would stand in an address if the script did not come.
    assert page.xpath('//*[@id="partners"]//*[@name]') == []
