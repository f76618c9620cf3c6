"""The borrower's letter: what was decided, by a person, what moved the model's estimate, and what one may ask for."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from credit.ml.reasons import MAX_REASONS, Reason
from credit.models import Client, Decision
from credit.presenters.reasons import reason_text
from pretadepenser.core import formats


@dataclass(frozen=True, slots=True)
class Section:
    """Paragraphs under a title, then what was written by hand, or a numbered list."""

    title: str  # empty: the words follow the letter's own title
    paragraphs: tuple[str, ...]
    quote: str = ""
    elements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """Every word of the letter, in the active language; the screen and the PDF only typeset them."""

    language: str
    number: str  # of the client's file
    sender: tuple[str, ...]
    recipient: tuple[str, ...]
    date: str
    title: str
    sections: tuple[Section, ...]
    signature: tuple[str, ...]

    @property
    def texts(self) -> Iterator[str]:
        """Everything that is written in it."""
        yield from (*self.sender, *self.recipient, self.date, self.title, *self.signature)
        for section in self.sections:
            yield from (section.title, *section.paragraphs, section.quote, *section.elements)


def present_letter(decision: Decision, client: Client) -> Letter:
    """The letter of a final decision, from what was stored with it: the file may have changed since."""
    agency, number = client.agency.name, str(client.pk)
    return Letter(
        language=get_language(),
        number=number,
        sender=("Prêt à dépenser", agency),
        recipient=(str(client), _("File %(number)s") % {"number": number}),
        date=formats.long_date(decision.decided_at),
        title=_title(decision),
        sections=tuple(_sections(decision, agency, number)),
        signature=(str(decision.decided_by), agency),
    )


def elements(decision: Decision) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """The main reasons for and against, strongest first, at most four together; of a refusal only those against."""
    if decision.outcome == Decision.Outcome.DOCUMENTS:
        return (), ()
    is_refusal = decision.outcome == Decision.Outcome.REFUSED
    reasons = (Reason(**row) for row in decision.score_reasons)
    main = [reason for reason in reasons if reason.raises or not is_refusal][:MAX_REASONS]
    return tuple(each for each in main if not each.raises), tuple(each for each in main if each.raises)


def _title(decision: Decision) -> str:
    match decision.outcome:
        case Decision.Outcome.GRANTED:
            return _("Your loan application is granted")
        case Decision.Outcome.REFUSED:
            return _("Your loan application is refused")
        case _outcome:
            return _("Your loan application: documents are needed")


def _sections(decision: Decision, agency: str, number: str) -> Iterator[Section]:
    if decision.outcome == Decision.Outcome.DOCUMENTS:
        asked = _("Before your application can be decided, we need from you:")
        yield Section("", (asked,), quote=decision.reason)
    yield Section(_("Who decided"), (" ".join(_who_decided(decision, agency)),))
    yield from _part_of_the_model(decision)
    yield Section(_("Your rights"), tuple(_rights(agency, number)))


def _who_decided(decision: Decision, agency: str) -> Iterator[str]:
    sentence = _(
        "%(person)s, from the %(agency)s branch, read your file and decided. No loan is decided by a computer alone."
    )
    yield sentence % {"person": decision.decided_by, "agency": agency}
    if decision.countersigned_by:
        sentence = _("The decision was countersigned by %(person)s, supervisor.")
        yield sentence % {"person": decision.countersigned_by}
    if decision.ficp:
        sentence = _("The register of payment incidents of individuals (FICP) was consulted on %(date)s.")
        yield sentence % {"date": formats.long_date(decision.ficp.consulted_on)}


def _part_of_the_model(decision: Decision) -> Iterator[Section]:
    title = _("The role of the statistical model")
    if not decision.advice:
        yield Section(title, (_("No statistical model was used for this decision."),))
        return
    role = _(
        "A statistical model read the information of your file and estimated the risk of payment difficulties. It is "
        "a decision aid: it advises, and a person decides."
    )
    if decision.departs:
        otherwise = _("The advisor departed from the model's advice and can tell you why.")
        role = f"{role} {otherwise}"
    yield Section(title, (role,))
    lowering, raising = elements(decision)
    if lowering:
        sentence = _("The main elements that spoke for the application in this estimate, the strongest first:")
        yield Section("", (sentence,), elements=tuple(map(reason_text, lowering)))
    if raising:
        sentence = _("The main elements that weighed against the application in this estimate, the strongest first:")
        yield Section("", (sentence,), elements=tuple(map(reason_text, raising)))
    elif decision.outcome == Decision.Outcome.REFUSED:
        sentence = _("The elements of this estimate are not listed here: ask us for them and we will give them to you.")
        yield Section("", (sentence,))


def _rights(agency: str, number: str) -> Iterator[str]:
    yield _(
        "You may ask for an explanation of this decision, give your point of view, have wrong information corrected, "
        "and ask that another person look at your application again (review)."
    )
    days = settings.REVIEW_DUE_DAYS
    sentence = ngettext(
        "To do so, write to the %(agency)s branch or come and see us, and give the number of your file, %(number)s. A "
        "review is answered within %(days)s day.",
        "To do so, write to the %(agency)s branch or come and see us, and give the number of your file, %(number)s. A "
        "review is answered within %(days)s days.",
        days,
    )
    yield sentence % {"agency": agency, "number": number, "days": days}
