"""What the journal says: each app declares in ``journal_words.py`` a sentence per action, and its kinds of things."""

from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.apps import apps
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule

Text = str | Promise


@dataclass(frozen=True, slots=True)
class ThingWords:
    """How a kind of thing is called, and the name of the address that shows one by its id, when there is one."""

    label: Text
    url_name: str = ""

    def url(self, object_id: str) -> str:
        """The page of one; empty when there is none."""
        try:
            return reverse(self.url_name, args=[int(object_id)]) if self.url_name else ""
        except (NoReverseMatch, ValueError):
            return ""


def sentences() -> dict[str, Text]:
    """What somebody did, by action, in the order in which a list of actions shows them."""
    return _declared()[0]


def things() -> dict[str, ThingWords]:
    """The kinds of things that events are about, by ``AuditEvent.object_type``."""
    return _declared()[1]


@cache
def _declared() -> tuple[dict[str, Text], dict[str, ThingWords]]:
    all_sentences: dict[str, Text] = {}
    all_things: dict[str, ThingWords] = {}
    for app in apps.get_app_configs():
        if app.module is not None and module_has_submodule(app.module, "journal_words"):
            words = import_module(f"{app.name}.journal_words")
            all_sentences |= words.SENTENCES
            all_things |= words.THINGS
    return all_sentences, all_things
