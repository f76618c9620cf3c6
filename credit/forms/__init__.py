"""What people type into the credit pages, checked."""

from credit.forms.client_file import ClientFileForm, ClientUploadForm
from credit.forms.client_list import ClientListForm
from credit.forms.simulation import SaveScenarioForm, SimulationForm

__all__ = ["ClientFileForm", "ClientListForm", "ClientUploadForm", "SaveScenarioForm", "SimulationForm"]
