"""Progress of long work on the terminal: a bar where there is one, plain lines in a log."""

import shutil
import sys
import time
from typing import TextIO

BAR_WIDTH = 28
SECONDS_BETWEEN_FRAMES = 0.1
SECONDS_BETWEEN_LINES = 10.0


class ProgressLine:
    """A title with a share of the work and a message: call ``update()`` as often as you like, then ``finish()``.

    A terminal shows one line, drawn in place. A log gets a new line when the message changes, and every ten seconds.
    """

    def __init__(self, title: str, stream: TextIO | None = None) -> None:
        self._title = title
        self._stream = stream or sys.stdout
        self._is_terminal = self._stream.isatty()
        self._started = time.monotonic()
        self._shown_at = 0.0
        self._shown = ""
        self._message: str | None = None
        if self._is_terminal:
            self._draw(f"  {title} …")

    def update(self, done: int, total: int, message: str = "") -> None:
        """Shows ``done`` of ``total``, which is 0 while it is unknown."""
        pause = SECONDS_BETWEEN_FRAMES if self._is_terminal else SECONDS_BETWEEN_LINES
        is_news = message != self._message
        if time.monotonic() - self._shown_at < (SECONDS_BETWEEN_FRAMES if is_news else pause):
            return
        self._message = message
        self._shown_at = time.monotonic()
        share = min(done / total, 1.0) if total > 0 else 0.0
        if self._is_terminal:
            filled = round(share * BAR_WIDTH)
            bar = "█" * filled + "░" * (BAR_WIDTH - filled)
            self._draw(f"  {self._title}  {bar} {share:4.0%}  {message}")
        else:
            self._write_line(f"  {self._title}  {share:4.0%}  {message}")

    def finish(self, message: str = "") -> None:
        """Ends the line with a tick and the elapsed time."""
        text = "  ".join(part for part in (self._title, message) if part)
        self._end(f"✓ {text}  ({time.monotonic() - self._started:.1f} s)")

    def fail(self) -> None:
        """Ends the line with a cross; the caller prints the reason."""
        self._end(f"✗ {self._title}")

    def _end(self, line: str) -> None:
        if self._is_terminal:
            self._draw(line)
            self._stream.write("\n")
            self._stream.flush()
        else:
            self._write_line(line)

    def _draw(self, line: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        self._stream.write("\r\x1b[2K" + line[:width])
        self._stream.flush()

    def _write_line(self, line: str) -> None:
        if line.rstrip() != self._shown:
            self._shown = line.rstrip()
            self._stream.write(self._shown + "\n")
            self._stream.flush()
