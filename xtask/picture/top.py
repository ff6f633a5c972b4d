"""Draws `callslot top` as it runs beside the demo: a moving picture in SVG.

    top.py BINARY PICTURE

The demo runs for half a minute; `top` runs in a terminal that pyte emulates, and every frame of the picture is what stood there.
"""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from xml.sax.saxutils import escape

import pyte

COLUMNS, LINES = 100, 26
FRAMES, SECONDS_PER_FRAME = 8, 1.5
# How long it runs before the first frame: the queue has filled by then.
BEFORE_S = 12
SPEED = 6
# The size of a cell, in pixels.
WIDTH, HEIGHT, MARGIN = 8, 17, 14
GROUND, INK = "#0d1117", "#c9d1d9"
COLOURS = {
    "black": "#484f58", "red": "#ff7b72", "green": "#56d364", "brown": "#e3b341", "yellow": "#e3b341", "blue": "#79c0ff",
    "magenta": "#d2a8ff", "cyan": "#76e3ea", "white": "#c9d1d9", "default": INK,
}


def demo(binary):
    """A demo, and the variables that commands find it by."""
    words = [binary, "demo", "--days", "0", "--speed", str(SPEED), "--listen", "127.0.0.1:0"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        found = re.search(r"CALLSLOT_URL=(\S+) CALLSLOT_KEY=(\S+)", line)
        if found:
            return process, {"CALLSLOT_URL": found[1], "CALLSLOT_KEY": found[2]}
    raise SystemExit("the demo did not say where it listens")


def frames(binary, variables):
    """What stands in a terminal in which `top` runs, again and again."""
    screen = pyte.Screen(COLUMNS, LINES)
    stream = pyte.ByteStream(screen)
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(variables, TERM="xterm-256color", LANG="C.UTF-8", COLORTERM="")
        os.environ.pop("NO_COLOR", None)
        time.sleep(0.3)
        os.execv(binary, [binary, "top"])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    begun, taken = time.monotonic(), []
    while len(taken) < FRAMES:
        ready, _, _ = select.select([terminal], [], [], 0.1)
        if ready:
            stream.feed(os.read(terminal, 65536))
        if time.monotonic() - begun >= BEFORE_S + len(taken) * SECONDS_PER_FRAME:
            taken.append(rows(screen))
    os.write(terminal, b"q")
    os.waitpid(child, 0)
    return taken


def rows(screen):
    """The runs of each line: the column, the text and how it looks."""
    taken = []
    for line in range(LINES):
        runs = []
        for column in range(COLUMNS):
            cell = screen.buffer[line][column]
            looks = (cell.fg, cell.bg, cell.bold, cell.reverse)
            if runs and runs[-1][2] == looks:
                runs[-1][1] += cell.data
            else:
                runs.append([column, cell.data, looks])
        plain = ("default", "default", False, False)
        taken.append([run for run in runs if run[1].strip() or run[2][1:] != plain[1:]])
    return taken


def colour(name):
    return COLOURS.get(name, f"#{name}" if re.fullmatch("[0-9a-fA-F]{6}", name) else INK)


def drawn(frame):
    """A frame as SVG."""
    parts = []
    for line, runs in enumerate(frame):
        top = MARGIN + line * HEIGHT
        for column, text, (ink, ground, bold, reverse) in runs:
            ink, ground = colour(ink), GROUND if ground == "default" else colour(ground)
            if reverse:
                ink, ground = ground, ink
            left, width = MARGIN + column * WIDTH, len(text) * WIDTH
            if ground != GROUND:
                parts.append(f'<rect x="{left}" y="{top}" width="{width}" height="{HEIGHT}" fill="{ground}"/>')
            if not text.strip():
                continue
            looks = f' fill="{ink}"' if ink != INK else ""
            looks += ' font-weight="bold"' if bold else ""
            parts.append(
                f'<text x="{left}" y="{top + 13}" textLength="{width}" lengthAdjust="spacingAndGlyphs"{looks}>{escape(text)}</text>'
            )
    return "".join(parts)


def picture(taken):
    width, height = 2 * MARGIN + COLUMNS * WIDTH, 2 * MARGIN + LINES * HEIGHT
    whole = FRAMES * SECONDS_PER_FRAME
    shown = 100 / FRAMES
    style = (
        f"text{{white-space:pre}}.f{{visibility:hidden;animation:f {whole}s step-end infinite}}"
        f"@keyframes f{{0%{{visibility:visible}}{shown:g}%{{visibility:hidden}}}}"
        # Who wants nothing to move sees the last frame.
        "@media(prefers-reduced-motion){.f{animation:none}.f:last-child{visibility:visible}}"
    )
    groups = (
        f'<g class="f" style="animation-delay:{number * SECONDS_PER_FRAME:g}s">{drawn(frame)}</g>'
        for number, frame in enumerate(taken)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" fill="{INK}" '
        'font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,DejaVu Sans Mono,monospace" font-size="13">'
        f'<title>callslot top, with the demo</title><style>{style}</style><rect width="100%" height="100%" rx="8" fill="{GROUND}"/>'
        f"{''.join(groups)}</svg>\n"
    )


def main():
    binary, there = os.path.abspath(sys.argv[1]), sys.argv[2]
    process, variables = demo(binary)
    try:
        taken = frames(binary, variables)
    finally:
        process.terminate()
        process.wait()
    with open(there, "w", encoding="utf-8") as file:
        file.write(picture(taken))


main()
