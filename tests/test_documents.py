"""What documents show as commands can be pasted into any shell."""

import re

import pytest

from api.settings import ROOT

DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "seed").glob("*.md"), *(ROOT / "guide").glob("*.md")]
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"", flags=re.DOTALL)
_GLOBBED = re.compile(r"https?://\S*|\S*[?&\[\]*]\S*")


def unquoted(text: str) -> list[str]:
    """Words of shell commands that a shell takes for a pattern or cuts in two; addresses in any case."""
    blocks = re.findall(r"^```(?:sh|bash|shell|console)\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    lines = re.findall(r"`(curl [^`]+)`", text)
    commands = [re.sub(r"(?:^|\s)#.*$", "", block, flags=re.MULTILINE) for block in (*blocks, *lines)]
    return [word for command in commands for word in _GLOBBED.findall(_QUOTED.sub("''", command))]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_address_in_a_command_is_quoted(path):
    assert unquoted(path.read_text(encoding="utf-8")) == []


def test_descriptions_quote_addresses_too():
    assert unquoted((ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8").replace("\\n", "\n")) == []


def test_what_a_shell_would_expand_is_seen():
    assert unquoted("```sh\ncurl 127.0.0.1/v1/regions?q=x  # why?\ncurl 'http://a/b?c&d'\n```") == [
        "127.0.0.1/v1/regions?q=x"
    ]
    assert unquoted("Ask `curl http://a/b`.") == ["http://a/b"]
    assert unquoted("```python\nread('http://a/b?c')[0]\n```") == []
