"""What an administrator says to launch a benchmark."""

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
    (SplitKind.STRATIFIED, _("60 % to learn from, 20 % to validate, 20 % to test; equal images stay together")),
    (SplitKind.FOLDS, _("Cross-validation: each image is tested once")),
    (SplitKind.ORIGINAL, _("As the original study, its duplicates included")),
)
DEVICES = (("auto", _("A GPU if there is one")), ("cpu", _("The processor")), ("cuda", _("A GPU, or not at all")))


class LaunchForm(forms.Form):
    """The settings of a benchmark; the service has the last word on them."""

    dataset = forms.ModelChoiceField(label=_("Data set"), queryset=ImageDataset.objects.all(), empty_label=None)
    contenders = forms.MultipleChoiceField(
        label=_("Contenders"), widget=forms.CheckboxSelectMultiple, required=False, choices=()
    )
    others = forms.CharField(
        label=_("Other classifiers of torchvision"),
        help_text=_("By their names, separated by spaces: resnet18 convnext_tiny vgg13-finetuned."),
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
        help_text=_("Whole numbers separated by spaces; each contender runs with each. The first makes the split."),
        regex=r"^\s*\d{1,10}(\s+\d{1,10})*\s*$",
        initial="0",
        max_length=120,
        error_messages={"invalid": _("Write whole numbers separated by spaces, such as 0 1 2.")},
    )
    epochs = forms.IntegerField(
        label=_("Epochs at most"),
        help_text=_("May stay blank: each contender has its own number."),
        required=False,
        min_value=EPOCHS_ALLOWED[0],
        max_value=EPOCHS_ALLOWED[-1],
    )
    prompts = forms.ChoiceField(
        label=_("Sentences for contenders that read texts"),
        choices=tuple(PROMPT_WORDS.items()),
        initial=PromptSet.ENSEMBLE,
    )
    device = forms.ChoiceField(label=_("Device"), choices=DEVICES, initial="auto")
    from_scratch = forms.BooleanField(
        label=_("Start from random weights"),
        help_text=_(
            "For machines that have no weights. The result says nothing about the networks as they were published, "
            "and every page that shows it says so."
        ),
        required=False,
    )
    name = forms.CharField(
        label=_("Name"),
        help_text=_("May stay blank: the benchmark is then called after its contenders."),
        max_length=LONGEST_NAME,
        required=False,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through as they are
        demo = gettext("%(title)s (demonstration)")
        self.fields["contenders"].choices = [  # type: ignore[attr-defined]  # the stubs know the base class only
            (name, demo % {"title": contender_title(name)} if spec.is_demo else contender_title(name))
            for name, spec in REGISTERED.items()
        ]

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
        """What a valid form asks for."""
        asked = self.cleaned_data
        seeds = tuple(int(seed) for seed in asked["seeds"].split())
        return BenchmarkConfig(
            contenders=(*asked["contenders"], *asked["others"]),
            split=SplitPlan(SplitKind(asked["split"]), seed=seeds[0], folds=asked["folds"]),
            seeds=seeds,
            epochs=asked["epochs"],
            device=asked["device"],
            from_scratch=asked["from_scratch"],
            prompts=asked["prompts"],
        )
