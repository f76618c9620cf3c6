"""What themes did to a score, in words a borrower can follow: a fixed sentence for and against each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from credit.language import localized
from credit.ml.catalogue import UNKNOWN_THEME, theme_label

MAX_REASONS: Final = 4
#: A theme that moved the probability by less than a tenth of a point is not a reason.
SMALLEST_REASON: Final = 0.001

#: Theme -> (what it says when it raises the estimated risk, when it lowers it).
SENTENCES: Final[dict[str, tuple[Promise | str, Promise | str]]] = {
    "external_scores": (
        _("The ratings given by outside bureaus weigh against the application."),
        _("The ratings given by outside bureaus speak for the application."),
    ),
    "loan_amount": (
        _("The amount and price of the purchase weigh against the application."),
        _("The amount and price of the purchase speak for the application."),
    ),
    "annuity_burden": (
        _("The instalment and the pace of repayment weigh against the application."),
        _("The instalment and the pace of repayment speak for the application."),
    ),
    "income": (
        _("The income, given the charges, weighs against the application."),
        _("The income, given the charges, speaks for the application."),
    ),
    "employment": (
        _("The employment and its length weigh against the application."),
        _("The employment and its length speak for the application."),
    ),
    "education": (
        _("The level of education weighs against the application."),
        _("The level of education speaks for the application."),
    ),
    "age": (
        _("The age weighs against the application."),
        _("The age speaks for the application."),
    ),
    "family": (
        _("The household's situation weighs against the application."),
        _("The household's situation speaks for the application."),
    ),
    "housing": (
        _("The housing weighs against the application."),
        _("The housing speaks for the application."),
    ),
    "region": (
        _("The region of living or work weighs against the application."),
        _("The region of living or work speaks for the application."),
    ),
    "documents": (
        _("The documents in the file weigh against the application."),
        _("The documents in the file speak for the application."),
    ),
    "bureau_history": (
        _("The history of credits with other lenders weighs against the application."),
        _("The history of credits with other lenders speaks for the application."),
    ),
    "bureau_debt": (
        _("The debts owed to other lenders weigh against the application."),
        _("The debts owed to other lenders speak for the application."),
    ),
    "bureau_overdue": (
        _("Late payments to other lenders weigh against the application."),
        _("Payments made on time to other lenders speak for the application."),
    ),
    "previous_applications": (
        _("Earlier applications to us weigh against this one."),
        _("Earlier applications to us speak for this one."),
    ),
    "previous_refusals": (
        _("Refusals of earlier applications weigh against this one."),
        _("The outcome of earlier applications speaks for this one."),
    ),
    "instalment_behaviour": (
        _("The way earlier instalments were paid weighs against the application."),
        _("The way earlier instalments were paid speaks for the application."),
    ),
    "pos_history": (
        _("Earlier store and cash loans weigh against the application."),
        _("Earlier store and cash loans speak for the application."),
    ),
    "credit_card_use": (
        _("The use of earlier credit cards weighs against the application."),
        _("The use of earlier credit cards speaks for the application."),
    ),
    "contact": (
        _("The means of contact weigh against the application."),
        _("The means of contact speak for the application."),
    ),
    "social_circle": (
        _("Late payments among people close to the client weigh against the application."),
        _("Payments made on time among people close to the client speak for the application."),
    ),
    "application_process": (
        _("The circumstances of the request weigh against the application."),
        _("The circumstances of the request speak for the application."),
    ),
    "building": (
        _("The building lived in weighs against the application."),
        _("The building lived in speaks for the application."),
    ),
    "assets": (
        _("What is owned weighs against the application."),
        _("What is owned speaks for the application."),
    ),
    "credit_enquiries": (
        _("The enquiries made to the credit bureau weigh against the application."),
        _("The enquiries made to the credit bureau speak for the application."),
    ),
    UNKNOWN_THEME: (
        _("Elements that come with this model weigh against the application."),
        _("Elements that come with this model speak for the application."),
    ),
}


@dataclass(frozen=True, slots=True)
class ThemeEffect:
    """What the features of one theme did together; ``points`` is a difference of probabilities."""

    theme: str
    points: float

    @property
    def raises(self) -> bool:
        return self.points > 0

    @property
    def title(self) -> str:
        return localized(theme_label(self.theme))

    @property
    def sentence(self) -> str:
        against, in_favour = SENTENCES[self.theme]
        return str(against if self.raises else in_favour)


Effect = TypeVar("Effect", bound=ThemeEffect)


def main_effects(effects: Iterable[Effect], *, smallest: float = SMALLEST_REASON) -> tuple[Effect, ...]:
    """The strongest effects of at least ``smallest``, at most MAX_REASONS, strongest first."""
    strongest = sorted(effects, key=lambda effect: -abs(effect.points))[:MAX_REASONS]
    return tuple(effect for effect in strongest if abs(effect.points) >= smallest)
