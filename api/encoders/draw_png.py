"""Reads an SVG image and writes it as PNG: `python draw_png.py FONTS ZOOM < image.svg > image.png`.

A program of its own, which knows nothing of this service: see `png`.
"""

import sys
from pathlib import Path

import resvg_py

if __name__ == "__main__":
    fonts, zoom = Path(sys.argv[1]), int(sys.argv[2])
    image = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(),
        zoom=zoom,
        font_files=[str(file) for file in sorted(fonts.glob("*.ttf"))],
        skip_system_fonts=True,
        sans_serif_family="Inter",
    )
    sys.stdout.buffer.write(bytes(image))
