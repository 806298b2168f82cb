"""The fonts that charts are drawn with, from the package that publishes them: `python -m deploy.fonts`.

Takes the tarball by the package manager, holds it against its hash, keeps the letters of English and Welsh, and writes
`api/charts/fonts`: the fonts for PNG, their licence, and how wide letters are, by which text is laid out.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

PACKAGE = "inter-ui@4.1.1"
INTEGRITY = "sha512-451h0J29HyOmA+JXgSi/6M12tL7ZCZ8arYKZUXiOXTJpJbAKqJvFh3k5SiV3x7tKe0C0KyrKUUiQIvvZ2PQDcA=="
FOLDER = Path(__file__).parent.parent / "api" / "charts" / "fonts"
WEIGHTS = {"Regular": 400, "SemiBold": 600}
LETTERS = [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x1E80, 0x1E86), 0x1EF2, 0x1EF3, *range(0x2010, 0x2027),
           0x20AC, 0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2248, 0x2264, 0x2265]  # fmt: skip
"""Of English and Welsh, with dashes, quotes, the euro, arrows, and signs of comparison."""


def taken(folder: Path) -> tarfile.TarFile:
    """The package, held against its hash. ValueError where it is another one."""
    subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.PIPE)
    content = next(folder.glob("*.tgz")).read_bytes()
    found = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
    if found != INTEGRITY:
        raise ValueError(f"{PACKAGE} has the hash {found}, and not {INTEGRITY}")
    return tarfile.open(fileobj=io.BytesIO(content))


def smaller(content: bytes) -> TTFont:
    """A font with the letters that are written here, uncompressed."""
    font = TTFont(io.BytesIO(content))
    font.flavor = None
    wanted = subset.Options(layout_features=["kern", "tnum", "mark", "ccmp"], hinting=False, notdef_outline=True)
    cutter = subset.Subsetter(wanted)
    cutter.populate(unicodes=LETTERS)
    cutter.subset(font)
    return font


def named(font: TTFont, weight: str) -> None:
    """Name a font as one of a family by its weight: readers of old names take each weight for a family."""
    for record in font["name"].names:
        if record.nameID in {1, 16}:
            font["name"].setName("Inter", record.nameID, record.platformID, record.platEncID, record.langID)
        if record.nameID in {2, 17}:
            font["name"].setName(weight, record.nameID, record.platformID, record.platEncID, record.langID)


def main() -> None:
    """Write the fonts, their licence and the widths of their letters."""
    widths = {}
    with tempfile.TemporaryDirectory() as folder:
        package = taken(Path(folder))
        for name, weight in WEIGHTS.items():
            file = package.extractfile(f"package/web/Inter-{name}.woff2")
            font = smaller(file.read() if file else b"")
            named(font, name)
            font.save(FOLDER / f"Inter-{name}.ttf", reorderTables=False)
            whole, letters = font["head"].unitsPerEm, font.getBestCmap()
            advance = {chr(code): font["hmtx"][glyph][0] for code, glyph in letters.items()}
            widths[weight] = {letter: round(width / whole, 3) for letter, width in sorted(advance.items())}
        licence = next(item for item in package.getnames() if "LICENSE" in item.upper())
        file = package.extractfile(licence)
        (FOLDER / "LICENSE.txt").write_bytes(file.read() if file else b"")
    (FOLDER / "widths.json").write_text(json.dumps(widths, ensure_ascii=False, indent=0, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
