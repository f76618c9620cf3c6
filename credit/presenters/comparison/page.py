"""The comparison's page from its address: which group, which question, and the one panel that answers it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.language import localized
from credit.ml.catalogue import describe, theme_label, themes
from credit.ml.store import SCORE, Cohort
from credit.presenters.comparison.distribution import Distribution, present_distribution
from credit.presenters.comparison.group import Group, Option, present_group
from credit.presenters.comparison.neighbours import Neighbours, present_neighbours
from credit.presenters.comparison.overview import Overview, present_overview
from credit.presenters.comparison.relation import Relation, present_relation
from credit.presenters.comparison.words import variable_label
from credit.selectors.peer_filters import PeerFilters, read_filters
from credit.selectors.peers import Comparable, nearest_clients, offered_variables, similar_filters
from credit.selectors.population_stores import Population
from pretadepenser.core.models import User

#: The questions of the page, in order; the first one is the default.
VIEWS: Final[dict[str, Promise]] = {
    "overview": gettext_lazy("Main criteria"),
    "distribution": gettext_lazy("One criterion"),
    "relation": gettext_lazy("Two criteria"),
    "nearest": gettext_lazy("The nearest clients"),
}
FIRST_VIEW: Final = "overview"
#: What is shown where the address names no variable that is offered.
_FIRST_CHOICES: Final = {"variable": (SCORE, "AMT_CREDIT"), "x": ("AMT_INCOME_TOTAL",), "y": ("AMT_CREDIT",)}


Panel = Overview | Distribution | Relation | Neighbours


@dataclass(frozen=True, slots=True)
class Question:
    """The state of the page as its address holds it."""

    view: str
    filters: PeerFilters
    variable: str
    x: str
    y: str

    @property
    def group_parameters(self) -> dict[str, str]:
        """The parameters of the address that choose the group."""
        return self.filters.parameters

    @property
    def panel_parameters(self) -> dict[str, str]:
        """Those that choose the panel, and what it reads."""
        used = {"distribution": ("variable",), "relation": ("x", "y")}.get(self.view, ())
        view = {} if self.view == FIRST_VIEW else {"view": self.view}
        return {**view, **{name: getattr(self, name) for name in used}}

    @property
    def parameters(self) -> dict[str, str]:
        """All that the address says."""
        return {**self.group_parameters, **self.panel_parameters}


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class VariableGroup:
    """One theme of a drop-down of variables."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class VariableChoice:
    """A drop-down of variables."""

    name: str
    label: str
    groups: tuple[VariableGroup, ...]


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """``panel`` answers the question; None where the group is refused."""

    question: Question
    group: Group
    everybody_url: str
    similar: Link
    tabs: tuple[Link, ...]
    choices: tuple[VariableChoice, ...]
    panel: Panel | None

    @property
    def named_clients(self) -> list[int]:
        """The numbers of the other clients whose names the page shows."""
        return [row.client.pk for row in self.panel.rows] if isinstance(self.panel, Neighbours) else []

    @property
    def group_query(self) -> str:
        """The beginning of an address that keeps the group."""
        query = urlencode(self.question.group_parameters)
        return f"{query}&" if query else ""


def read_question(parameters: Mapping[str, str], compared: Comparable, population: Population) -> Question:
    """The question of an address; what is unknown or not offered counts as left empty."""
    filters, _unknown = read_filters(parameters, compared.values)
    offered = offered_variables(population)
    view = parameters.get("view", "")
    chosen = {
        name: next((each for each in (parameters.get(name, ""), *first) if each in offered), offered[0])
        for name, first in _FIRST_CHOICES.items()
    }
    return Question(view if view in VIEWS else FIRST_VIEW, filters, **chosen)


def present_comparison(user: User, compared: Comparable, population: Population, question: Question) -> ComparisonPage:
    cohort = population.store.cohort(question.filters.conditions(compared.values))
    similar = similar_filters(compared)
    group = present_group(compared, question.filters, cohort)
    return ComparisonPage(
        question=question,
        group=group,
        everybody_url=_url(question, filters=PeerFilters({})),
        similar=Link(_("Similar clients"), _url(question, filters=similar), question.filters == similar),
        tabs=tuple(Link(str(label), _url(question, view=view), view == question.view) for view, label in VIEWS.items()),
        choices=_choices(question, population),
        panel=None if group.refusal else _panel(user, compared, population, cohort, question),
    )


def _panel(user: User, compared: Comparable, population: Population, cohort: Cohort, question: Question) -> Panel:
    match question.view:
        case "distribution":
            return present_distribution(compared, population, cohort, question.variable)
        case "relation":
            return present_relation(compared, population, cohort, (question.x, question.y))
        case "nearest":
            return present_neighbours(nearest_clients(user, compared, population, cohort), user)
        case _:
            return present_overview(compared, cohort, offered_variables(population))


def _url(question: Question, *, view: str = "", filters: PeerFilters | None = None) -> str:
    changed = Question(
        view or question.view,
        question.filters if filters is None else filters,
        question.variable,
        question.x,
        question.y,
    )
    return f"?{urlencode(changed.parameters)}"


def _choices(question: Question, population: Population) -> tuple[VariableChoice, ...]:
    labels = {
        "distribution": {"variable": _("Criterion")},
        "relation": {"x": _("Horizontal axis"), "y": _("Vertical axis")},
    }
    return tuple(
        VariableChoice(name, label, _variable_groups(population, getattr(question, name)))
        for name, label in labels.get(question.view, {}).items()
    )


def _variable_groups(population: Population, chosen: str) -> tuple[VariableGroup, ...]:
    by_theme: dict[str, list[Option]] = {theme: [] for theme in themes()}
    first: list[Option] = []
    for name in offered_variables(population):
        option = Option(name, variable_label(name), name == chosen)
        (first if name == SCORE else by_theme[describe(name).theme]).append(option)
    themed = [VariableGroup(localized(theme_label(key)), tuple(found)) for key, found in by_theme.items() if found]
    return (*([VariableGroup(_("Score"), tuple(first))] if first else []), *themed)
