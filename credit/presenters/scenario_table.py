"""The page of a simulation: the columns side by side, their rows, and the addresses that change what is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from credit.models import Scenario
from credit.presenters.scenario_code import read_scenario, scenario_code
from credit.presenters.simulation import ScenarioView, present_simulation
from credit.selectors.clients import Value
from credit.services.simulations import Simulation


@dataclass(frozen=True, slots=True)
class Column:
    """A column and what can be done with it; the file has neither address."""

    view: ScenarioView
    is_kept: bool  # stays while another scenario is edited
    is_saved: bool
    remove_url: str


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    cells: tuple[str, ...]  # one per column


@dataclass(frozen=True, slots=True)
class SavedView:
    scenario: Scenario
    url: str
    is_of_this_version: bool


@dataclass(frozen=True, slots=True)
class SimulationPage:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    saved: tuple[SavedView, ...]

    @property
    def has_scenarios(self) -> bool:
        return len(self.columns) > 1


def present_page(
    simulation: Simulation, codes: Sequence[str], saved: Sequence[Scenario], application: Mapping[str, Value]
) -> SimulationPage:
    """``codes`` are the kept scenarios in order; one more in ``simulation`` is the one being edited."""
    names = {_normal(scenario_code(scenario.changes)): scenario.name for scenario in saved}
    shown = [scenario_code(scenario) for scenario in simulation.scenarios]
    titles = [names.get(_normal(code)) or _title(position, codes) for position, code in enumerate(shown)]
    views = present_simulation(simulation, titles, application)
    columns = [
        Column(
            view, view.code in codes, _normal(view.code) in names, _url([code for code in codes if code != view.code])
        )
        for view in views
    ]
    return SimulationPage(tuple(columns), _rows(views), tuple(_saved(each, simulation) for each in saved))


def _rows(views: Sequence[ScenarioView]) -> tuple[Row, ...]:
    """Everything that a scenario changes, then what follows from it; a cell repeats the file where nothing changed."""
    before = {change.label: change.before for view in views for change in view.changes}
    rows = [Row(label, tuple(_after(view, label) or before[label] for view in views)) for label in before]
    rows.append(Row(_("Number of instalments"), tuple(view.instalments for view in views)))
    rows.append(Row(_("Down payment"), tuple(view.down_payment for view in views)))
    return tuple(rows)


def _after(view: ScenarioView, label: str) -> str:
    return next((change.after for change in view.changes if change.label == label), "")


def _saved(scenario: Scenario, simulation: Simulation) -> SavedView:
    is_current = scenario.client_version == simulation.base.client.version
    return SavedView(scenario, _url([scenario_code(scenario.changes)]), is_current)


def _title(position: int, codes: Sequence[str]) -> str:
    if position < len(codes):
        return _("Scenario %(number)d") % {"number": position + 1}
    return _("With your changes")


def _normal(code: str) -> str:
    """The same code for the same changes, whatever their order."""
    return scenario_code(dict(sorted(read_scenario(code).items())))


def _url(codes: Sequence[str]) -> str:
    return "?" + urlencode([("s", code) for code in codes])
