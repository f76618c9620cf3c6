"""Values that no form of ours sends: ends of ranges, other kinds, characters that databases and terminals dislike."""

import json
import random
from typing import Final

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

NUMBERS: Final = (
    *("-1", "0", "-0", "1", "2", "1.5", "1,5", "1e5", "1e400", "-1e308", "1e-400", "nan", "inf", "0x10", "1_000"),
    *("2147483648", "9223372036854775807", "9223372036854775808", "9" * 30, "9" * 4300, "9" * 5000, "٣", "１２"),
)
MOMENTS: Final = (
    *("2026-11-28", "2026-02-30", "0001-01-01", "9999-12-31", "2999-12-31", "28/11/2026"),
    *("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "2026-11-28T25:00:00"),
)
TEXTS: Final = (
    *("", " ", "abc", "é", "Αθηνά", "Юлия", "فاطمة", "😀", "a\0b", "\0", "\ud800", "\uffff", "\ufeff", "\u202eabc"),
    *("a\u200bb", "\x1b[31m", "a\r\nb", "%", "%s", "{0}", "'", '"', "\\", "$1", "<script>", "=1+1", "../../etc/passwd"),
    *("[]", "{}", "null", "true", "on", "None", "x" * 81, "x" * 301, "é" * 5000, "&" * 50, "a=1&b=2", "AMT_CREDIT=1"),
)
TREES: Final[tuple[Json, ...]] = (
    *(None, True, False, [], {}, [[]], {"a": 1}, [None], 0, -1, 2**31, 2**63, -(2**63), 2**64, 1e308, -0.0, 1e-320),
    *([1, "a"], {"AMT_CREDIT": []}, {"AMT_CREDIT": "\u202e"}, {"": ""}, [{"AMT_CREDIT": 1e300}], ["x"] * 100),
)
BODIES: Final = (
    *(b"", b"[", b"\xff", b"null", b"1", b"[" * 100_000, b'{"a":' * 2_000, b'"\\ud800"', b'{"\\ud800": 1}', b"NaN"),
    *(b'{"version":' + b"9" * 5000 + b"}", b'{"version":1e999}', b'{"a":1,"a":2}', b"{}" + b" " * 10_000, b"{'a':1}"),
)


class Draw(random.Random):
    """Draws from a seed: request number n of a seed is the same on every machine."""

    def text(self) -> str:
        """A nasty text for a field of a form or a query."""
        return self.choice(self.choice((NUMBERS, MOMENTS, TEXTS)))

    def json(self, depth: int = 2) -> Json:
        kind = self.random()
        if kind < 0.5:
            return self.text()
        if kind < 0.9 or not depth:
            return self.choice(TREES)
        return {self.text(): self.json(depth - 1)} if kind < 0.95 else [self.json(depth - 1), self.json(depth - 1)]

    def table(self) -> str:
        """A CSV of applications with nasty cells."""
        names = ("SK_ID_CURR", "AMT_CREDIT", "AMT_INCOME_TOTAL", "CNT_CHILDREN", "DAYS_BIRTH", "FIRST_NAME", "TARGET")
        columns = self.sample(names, self.randint(1, len(names)))
        separator = self.choice(",;\t")
        rows = [[self.choice(("1000", self.text())) for _name in columns] for _row in range(self.randint(0, 3))]
        quoted = [[json.dumps(cell) if self.random() < 0.1 else cell for cell in row] for row in rows]
        return self.choice(("\n", "\r\n", "\r")).join(separator.join(row) for row in [columns, *quoted])

    def content(self) -> bytes:
        """The bytes of an uploaded file."""
        beginning = self.choice((b"", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"GIF89a\xff"))
        encoding = self.choice(("utf-8", "utf-8", "utf-16", "latin-1"))
        return beginning + (self.table().encode(encoding, "replace") if self.random() < 0.6 else b"")
