"""Ready-made choices of how much may learn, for whoever doesn't want to choose each setting."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Final

from gui.core import vgg16
from gui.core.config import DIVISION, Config, ModelSettings, TrainSettings
from gui.core.settings import Value
from gui.words import mark


@dataclass(frozen=True)
class Preset:
    """One of them.

    Attributes:
        id: Short and stable.
        name: For a person.
        about: What it does and when it is good, in a sentence.
        model: How the network looks and what is frozen.
        train: How it learns; how the pictures are divided isn't taken from here.
    """

    id: str
    name: str
    about: str
    model: ModelSettings
    train: TrainSettings

    def config(self, division: TrainSettings) -> Config:
        """All settings, with the pictures divided as ``division`` says."""
        kept = {name: getattr(division, name) for name in DIVISION}
        return Config(self.model, replace(self.train, **kept))

    def values(self) -> dict[str, Value]:
        """Each setting that it sets, by name."""
        train = {name: value for name, value in asdict(self.train).items() if name not in DIVISION}
        return asdict(self.model) | train


PRESETS: Final = (
    Preset(
        "quick",
        mark("Quick"),
        mark(
            "VGG16 stays as it is and only the new head learns: the fastest, and often the best "
            "with few pictures."
        ),
        ModelSettings(freeze_point=vgg16.HEAD_ONLY),
        TrainSettings(),
    ),
    Preset(
        "balanced",
        mark("Balanced"),
        mark(
            "The last block of VGG16 learns too, carefully, so that it can get used to your kind "
            "of pictures. Worth a try with 50 or more of each class."
        ),
        ModelSettings(freeze_point="block5_conv1"),
        TrainSettings(),
    ),
    Preset(
        "classic",
        mark("Classic tutorial"),
        mark(
            "As in many tutorials: pictures of 256 pixels, two layers of 4,096 at the end, and the "
            "last block learns. Slow and large; to follow a course with it."
        ),
        ModelSettings(freeze_point="block4_pool", head="classic", image_size=256),
        TrainSettings(),
    ),
)


def find(preset_id: str) -> Preset | None:
    """The preset of that id, or None."""
    return next((each for each in PRESETS if each.id == preset_id), None)


def chosen(values: Mapping[str, object]) -> Preset | None:
    """The preset whose settings all stand in the given values, or None."""
    return next(
        (
            each
            for each in PRESETS
            if all(values.get(name) == value for name, value in each.values().items())
        ),
        None,
    )
