"""The form that launches a benchmark."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vision.ml.contenders import REGISTERED, contender
from vision.ml.prompts import PromptSet
from vision.ml.types import BenchmarkConfig, BenchmarkError, SplitKind, SplitPlan
from vision.models import ImageDataset
from vision.services.benchmarks.checks import EPOCHS_ALLOWED, FOLDS_ALLOWED
from vision.services.benchmarks.requests import LONGEST_NAME
from vision.wording import PROMPT_WORDS, contender_title, error_sentence

SPLITS = (
    (SplitKind.STRATIFIED, _("60% training, 20% validation, 20% test; identical images stay together")),
    (SplitKind.FOLDS, _("Cross-validation: each image is tested once")),
    (SplitKind.ORIGINAL, _("Split of the original study, duplicates included")),
)
DEVICES = (("auto", _("GPU if available")), ("cpu", _("CPU")), ("cuda", _("GPU required")))


def _contender_choices() -> list[tuple[str, str]]:
    demo = gettext("%(title)s (demo)")
    titles = {name: contender_title(name) for name in REGISTERED}
    return [
        (name, demo % {"title": titles[name]} if spec.is_demo else titles[name]) for name, spec in REGISTERED.items()
    ]


class LaunchForm(forms.Form):
    """The settings of a benchmark; the service checks them."""

    dataset = forms.ModelChoiceField(label=_("Data set"), queryset=ImageDataset.objects.all(), empty_label=None)
    contenders = forms.MultipleChoiceField(
        label=_("Contenders"), widget=forms.CheckboxSelectMultiple, required=False, choices=_contender_choices
    )
    others = forms.CharField(
        label=_("Other torchvision classifiers"),
        help_text=_("Names separated by spaces: resnet18 convnext_tiny vgg13-finetuned."),
        max_length=500,
        required=False,
    )
    split = forms.ChoiceField(label=_("Split"), choices=SPLITS, widget=forms.RadioSelect, initial=SplitKind.STRATIFIED)
    folds = forms.IntegerField(
        label=_("Folds"),
        help_text=_("Only for cross-validation."),
        initial=SplitPlan.folds,
        min_value=FOLDS_ALLOWED[0],
        max_value=FOLDS_ALLOWED[-1],
    )
    seeds = forms.RegexField(
        label=_("Seeds"),
        help_text=_("Whole numbers separated by spaces; each contender runs once per seed. The first makes the split."),
        regex=r"^\s*\d{1,10}(\s+\d{1,10})*\s*$",
        initial="0",
        max_length=120,
        error_messages={"invalid": _("Write whole numbers separated by spaces, such as 0 1 2.")},
    )
    epochs = forms.IntegerField(
        label=_("Maximum epochs"),
        help_text=_("Optional: each contender's own number by default."),
        required=False,
        min_value=EPOCHS_ALLOWED[0],
        max_value=EPOCHS_ALLOWED[-1],
    )
    prompts = forms.ChoiceField(
        label=_("Prompts for contenders that read text"),
        choices=tuple(PROMPT_WORDS.items()),
        initial=PromptSet.ENSEMBLE,
    )
    device = forms.ChoiceField(label=_("Device"), choices=DEVICES, initial="auto")
    from_scratch = forms.BooleanField(
        label=_("Start from random weights"),
        help_text=_(
            "For machines without weights. The results say nothing about the published models, and every page says so."
        ),
        required=False,
    )
    name = forms.CharField(
        label=_("Name"),
        help_text=_("Optional: the names of the contenders by default."),
        max_length=LONGEST_NAME,
        required=False,
    )

    def clean_others(self) -> list[str]:
        names: list[str] = self.cleaned_data["others"].split()
        for name in names:
            try:
                contender(name)
            except BenchmarkError as error:
                raise forms.ValidationError(error_sentence(error)) from error
        return names

    @property
    def config(self) -> BenchmarkConfig:
        """The benchmark that a valid form describes."""
        values = self.cleaned_data
        seeds = tuple(int(seed) for seed in values["seeds"].split())
        return BenchmarkConfig(
            contenders=(*values["contenders"], *values["others"]),
            split=SplitPlan(SplitKind(values["split"]), seed=seeds[0], folds=values["folds"]),
            seeds=seeds,
            epochs=values["epochs"],
            device=values["device"],
            from_scratch=values["from_scratch"],
            prompts=values["prompts"],
        )
