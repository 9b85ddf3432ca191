"""The picture of a report that the README shows: the demo's page, taken in Chromium.

`python bench/picture.py PICTURE` writes it as a PNG with a palette, a third as large as a browser's
own. Chromium is the one of the system.
"""

from __future__ import annotations

import base64
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import sync_playwright

DAY = "1795176000"
"""The clock of the README's transcript."""
WIDTH, MARGIN = 1120, 24
LEFT_OUT = ("nav", "[aria-labelledby=score] > p", "[aria-labelledby=change]")
"""What a picture has no use for, or no room: links, the head's figures in words, the history."""
COLOURS = 256

PIXELS = """async shot => {
  const image = await createImageBitmap(await (await fetch(shot)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, image.width, image.height);
  let text = '';
  for (let i = 0; i < data.length; i += 8192)
    text += String.fromCharCode(...data.subarray(i, i + 8192));
  return btoa(text);
}"""
"""The colours of a screenshot, four bytes a pixel."""


def report(folder: Path) -> Path:
    """Run the demo in a folder, and return the page that reports on it."""
    for command in ("demo .", "report --tickets -o report.html"):
        subprocess.run(
            [sys.executable, "-m", "maturity_planner", "--quiet", *command.split()],
            cwd=folder,
            env={**os.environ, "SOURCE_DATE_EPOCH": DAY},
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return folder / "report.html"


def pixels(page: Path) -> NDArray[np.uint8]:
    """Return the page from its top to the end of the plan, as rows of pixels."""
    program = shutil.which("chromium")
    if program is None:
        sys.exit("Chromium is not here: apt-get install chromium")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-lcd-text", "--hide-scrollbars"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        window = browser.new_page(viewport={"width": WIDTH, "height": 900}, color_scheme="light")
        window.goto(page.as_uri())
        window.add_style_tag(content=f"{', '.join(LEFT_OUT)} {{ display: none }}")
        plan = window.locator("table.plan").bounding_box()
        assert plan is not None
        part: Any = {"x": 0, "y": 0, "width": WIDTH, "height": plan["y"] + plan["height"] + MARGIN}
        shot = base64.b64encode(window.screenshot(full_page=True, clip=part)).decode()
        window.goto("about:blank")
        raw = window.evaluate(PIXELS, f"data:image/png;base64,{shot}")
        browser.close()
    return np.frombuffer(base64.b64decode(raw), np.uint8).reshape(-1, WIDTH, 4)[..., :3]


def png(picture: NDArray[np.uint8]) -> bytes:
    """Return a picture as a PNG of its most frequent colours, the others as the nearest of them."""
    height, width, _ = picture.shape
    found, places, counts = np.unique(
        picture.reshape(-1, 3).astype(int), axis=0, return_inverse=True, return_counts=True
    )
    palette = found[np.argsort(-counts, kind="stable")[:COLOURS]]
    nearest = np.array([np.argmin(((palette - one) ** 2).sum(axis=1)) for one in found])
    rows = nearest[places.reshape(height, width)].astype(np.uint8)
    lines = b"".join(b"\0" + row.tobytes() for row in rows)  # 0: a line as it is
    parts = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0),  # 3: with a palette
        b"PLTE": palette.astype(np.uint8).tobytes(),
        b"IDAT": zlib.compress(lines, 9),
        b"IEND": b"",
    }
    chunks = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts.items()
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        Path(sys.argv[1]).write_bytes(png(pixels(report(Path(name)))))
