"""The borrower's letter as a PDF: the words of ``credit.presenters.letter`` on A4, in the screen's own typeface.

Imported at the first PDF of a process: fpdf2 and fontTools take 0.4 s and 50 MB that most processes never need.
"""

import logging
import tempfile
import unicodedata
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

import fontpkg
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from fpdf import FPDF

from credit.presenters.letter import Letter, Section

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it logs every glyph otherwise

_FAMILY: Final = "Public Sans"
_WEIGHTS: Final = {"": 400, "B": 650}
_UNUSED: Final = ("GDEF", "GPOS", "GSUB")  # fpdf2 sets letters one by one; these would take most of the time
#: Millimetres, and points for type.
_MARGIN: Final = 25
_RECIPIENT_X: Final = 115  # where the window of an envelope is
_INDENT: Final = 7
_LINE: Final = 1.45  # of the type's size
_POINT: Final = 25.4 / 72
_BODY, _TITLE = 10.5, 17


class MissingLettersError(ValueError):
    """``letters`` of some words are not in the typeface: a name in Cyrillic or Arabic, an emoji."""

    def __init__(self, letters: str) -> None:
        super().__init__(letters)
        self.letters = letters


def letter_pdf(letter: Letter, written_at: datetime) -> bytes:
    """The file's bytes; the same letter gives the same bytes. Raises MissingLettersError rather than leave gaps."""
    missing = dict.fromkeys(
        character for text in letter.texts for character in _in_typeface(text) if ord(character) not in _letters()
    )
    if missing:
        raise MissingLettersError("".join(missing))
    page = _Page(letter)
    page.set_title(letter.title)
    page.set_creation_date(written_at)
    page.add_page()
    page.write_head(letter)
    page.write(letter.title, size=_TITLE, style="B", above=10)
    for section in letter.sections:
        page.write_section(section)
    page.write("\n".join(letter.signature), above=10)
    return bytes(page.output())


class _Page(FPDF):
    """A sheet that text is set on from top to bottom."""

    def __init__(self, letter: Letter) -> None:
        super().__init__(format="A4")
        self._number = letter.number
        self.set_lang(letter.language)
        self.set_author("Prêt à dépenser")
        self.set_margin(_MARGIN)
        self.set_auto_page_break(True, _MARGIN)
        for style, face in _faces().items():
            self.add_font(_FAMILY, style, face)

    def footer(self) -> None:
        """The file's number and the page, where a letter takes more than one sheet."""
        self.set_y(-15)
        self.set_font(_FAMILY, size=8)
        self.cell(0, text=f"{self._number} · {self.page_no()}/{{nb}}", align="R")

    def write_head(self, letter: Letter) -> None:
        sender, *place = letter.sender
        self.write(sender, style="B")
        self.write("\n".join(place))
        self.write("\n".join(letter.recipient), x=_RECIPIENT_X, above=12)
        self.write(letter.date, x=_RECIPIENT_X, above=8)

    def write_section(self, section: Section) -> None:
        if section.title:
            self.write(section.title, size=11.5, style="B", above=6)
        for paragraph in section.paragraphs:
            self.write(paragraph, above=2)
        if section.quote:
            self.write(section.quote, x=_MARGIN + _INDENT, above=2)
        for number, element in enumerate(section.elements, start=1):
            self.set_x(_MARGIN)
            self.write(element, x=_MARGIN + _INDENT, above=1.5, mark=f"{number}.")

    def write(  # type: ignore[override]  # a paragraph; theirs flows on from the point where it stands
        self, text: str, *, size: float = _BODY, style: str = "", x: float = _MARGIN, above: float = 0, mark: str = ""
    ) -> None:
        self.set_font(_FAMILY, style, size)
        height = size * _POINT * _LINE
        self.set_y(self.get_y() + above)
        if self.will_page_break(height * (2 if style else 1)):  # no title at the foot of a page
            self.add_page()
        if mark:
            self.cell(_INDENT, height, mark)
        self.set_x(x)
        self.multi_cell(0, height, _in_typeface(text), align="L", new_x="LMARGIN", new_y="NEXT")


def _in_typeface(text: str) -> str:
    """The text as Public Sans can set it: one character for each letter, no narrow unbreakable space, no tabs."""
    return unicodedata.normalize("NFC", "\n".join(text.splitlines())).replace("\u202f", "\xa0").replace("\t", " ")


@cache
def _letters() -> frozenset[int]:
    """The characters of the typeface, by number."""
    with TTFont(_faces()[""]) as font:
        return frozenset(font.getBestCmap()) | {ord("\n")}


@cache
def _faces() -> dict[str, Path]:
    """Both weights as files of their own, made once in a process: 0.3 s that no later letter waits for."""
    folder = Path(_folder().name)
    faces = {style: folder / f"{weight}.ttf" for style, weight in _WEIGHTS.items()}
    for style, weight in _WEIGHTS.items():
        font = TTFont(fontpkg.path(_FAMILY))
        for table in _UNUSED:
            del font[table]
        instantiateVariableFont(font, {"wght": weight}).save(faces[style])
    return faces


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Kept by the cache, removed when the process ends."""
    return tempfile.TemporaryDirectory(prefix="letter-")
