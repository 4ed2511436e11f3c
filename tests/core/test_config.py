import json
import math
import tempfile
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import pytest
from hypothesis import configuration, given, settings
from hypothesis import strategies as st

from gui.core import vgg16
from gui.core.config import Config, ModelSettings, TrainSettings, phases, resolve
from gui.core.errors import SettingError
from gui.core.settings import About, Settings, about, default, rows

# Its own files would lie beside the code otherwise.
configuration.set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "freezepoint-hypothesis")
settings.register_profile("calm", deadline=None)  # a busy machine is no mistake
settings.load_profile("calm")

ALL = [(kind, row) for kind in (ModelSettings, TrainSettings) for row in rows(kind)]
NUMBERS = [(kind, row) for kind, row in ALL if about(row).low is not None]
CHOICES = [(kind, row) for kind, row in ALL if about(row).choices]


def refusal(call, *arguments, **keywords):
    with pytest.raises(SettingError) as caught:
        call(*arguments, **keywords)
    return caught.value.what, caught.value.hint


def lacks(row):
    """What a setting's row lacks for a person, or ""."""
    found = row.metadata.get("about")
    if not isinstance(found, About):
        return "about"
    if not found.label.strip() or found.label.endswith("."):
        return "label"
    if not found.help.strip().endswith(".") or len(found.help) < 30:
        return "help"
    start = default(row)
    if isinstance(start, str) and start not in [value for value, _ in found.choices]:
        return "choices"
    numeric = isinstance(start, int | float) and not isinstance(start, bool)
    if numeric and (found.low is None or found.high is None or not found.low < found.high):
        return "bounds"
    if numeric and not found.low <= start <= found.high:
        return "bounds around the default"
    return ""


@pytest.mark.parametrize(("kind", "row"), ALL, ids=lambda each: getattr(each, "name", ""))
def test_every_setting_has_label_help_and_bounds_or_choices(kind, row):
    assert lacks(row) == ""


@dataclass(frozen=True)
class Careless(Settings):
    bare: int = 3
    speechless: int = field(default=3, metadata={"about": About("Speechless", "", 1, 9)})
    boundless: int = field(default=3, metadata={"about": About("Boundless", "How many. " * 9)})
    nameless: bool = field(default=True, metadata={"about": About("", "Whether it is so. " * 9)})
    open_ended: str = field(default="a", metadata={"about": About("Open", "What it is. " * 9)})
    outside: int = field(default=3, metadata={"about": About("Outside", "Many. " * 9, 4, 9)})


def test_the_test_above_finds_careless_rows():
    assert [lacks(row).split()[0] for row in fields(Careless)] == [
        "about", "help", "bounds", "label", "choices", "bounds"
    ]  # fmt: skip


def test_labels_are_not_told_twice():
    labels = [about(row).label for _, row in ALL]
    assert len(set(labels)) == len(labels)


def test_defaults_are_within_their_own_bounds_and_are_the_design_s():
    made = Config()
    assert (made.model.freeze_point, made.model.head, made.model.image_size) == (
        "head", "compact", 160
    )  # fmt: skip
    assert made.model.augments
    assert (made.train.epochs, made.train.batch_size, made.train.validation_share) == (20, 16, 0.2)


def test_freeze_points_are_offered_in_network_order():
    (row,) = [row for _, row in CHOICES if row.name == "freeze_point"]
    assert [value for value, _ in about(row).choices] == list(vgg16.FREEZE_POINTS)
    assert about(row).choices[-1] == ("head", "head only (all of VGG16 frozen)")


@pytest.mark.parametrize(
    ("kind", "values", "sentence"),
    [
        *(
            (TrainSettings, {"epochs": wrong},
             f"“{wrong}” can't be used for “epochs”. Give a whole number.")
            for wrong in ("20", 2.5, True, None, math.inf, math.nan)
        ),
        *(
            (TrainSettings, {"head_rate": wrong},
             f"“{wrong}” can't be used for “head_rate”. Give a number.")
            for wrong in ("x", False, [0.1])
        ),
        (TrainSettings, {"head_rate": math.nan},
         "Learning rate of the head can't be nan. Choose a number from 0 to 0.1."),
        (ModelSettings, {"flip": 1}, "“1” can't be used for “flip”. Give a choice."),
        (ModelSettings, {"flip": "yes"}, "“yes” can't be used for “flip”. Give a choice."),
        (ModelSettings, {"head": 3}, "“3” can't be used for “head”. Give a choice."),
        (ModelSettings, {"head": "Compact"},
         "Head: the new part that names your classes can't be “Compact”. "
         "Choose one of: compact, classic."),
        (ModelSettings, {"freeze_point": ["head"]},
         "“['head']” can't be used for “freeze_point”. Give a choice."),
        (ModelSettings, {"image_size": 63},
         "Picture size in pixels can't be 63. Choose a number from 64 to 256."),
        (ModelSettings, {"image_size": 257},
         "Picture size in pixels can't be 257. Choose a number from 64 to 256."),
        (TrainSettings, {"epochs": 0}, "Epochs can't be 0. Choose a number from 1 to 500."),
        (TrainSettings, {"validation_share": 0.05},
         "Share kept for checking can't be 0.05. Choose a number from 0.1 to 0.5."),
        (TrainSettings, {"seed": -1}, "Seed can't be -1. Choose a number from 0 to 2147483647."),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_with_a_sentence(kind, values, sentence):
    assert " ".join(refusal(kind.read, values)) == sentence


def test_an_unknown_freeze_point_is_told_the_choices():
    what, hint = refusal(ModelSettings.read, {"freeze_point": "block9"})
    assert what == "Freeze point: the first layer that learns can't be “block9”."
    assert hint == f"Choose one of: {', '.join(vgg16.FREEZE_POINTS)}."


def test_settings_made_in_code_are_checked_too():
    with pytest.raises(SettingError):
        TrainSettings(epochs=501)
    with pytest.raises(SettingError):
        replace(ModelSettings(), head="none")


def test_whole_numbers_may_come_as_floats_and_numbers_as_integers():
    read = TrainSettings.read({"epochs": 7.0, "head_rate": 0})
    assert (read.epochs, type(read.epochs)) == (7, int)
    assert (read.head_rate, type(read.head_rate)) == (0.0, float)


def test_names_that_are_no_settings_are_ignored():
    assert ModelSettings.read({"colour": "red", "image_size": 96}) == ModelSettings(image_size=96)


@pytest.mark.parametrize(("kind", "row"), NUMBERS, ids=lambda each: getattr(each, "name", ""))
@given(value=st.one_of(st.integers(), st.floats()))
def test_a_number_is_taken_exactly_when_it_is_within_bounds(kind, row, value):
    found, whole = about(row), isinstance(default(row), int)
    fits = found.low <= value <= found.high and (not whole or float(value).is_integer())
    if fits:
        assert getattr(kind.read({row.name: value}), row.name) == value
    else:
        what, hint = refusal(kind.read, {row.name: value})
        assert what.startswith((f"{found.label} can't be", f"“{value}” can't be used"))
        assert hint.startswith(("Choose a number from", "Give a"))


@pytest.mark.parametrize(("kind", "row"), NUMBERS, ids=lambda each: getattr(each, "name", ""))
def test_the_bounds_themselves_are_allowed_and_just_beyond_is_not(kind, row):
    found = about(row)
    beyond = 1 if isinstance(default(row), int) else 1e-6
    for value in (found.low, found.high):
        assert getattr(kind.read({row.name: value}), row.name) == value
    for value in (found.low - beyond, found.high + beyond):
        refusal(kind.read, {row.name: value})


@pytest.mark.parametrize(("kind", "row"), CHOICES, ids=lambda each: getattr(each, "name", ""))
@given(value=st.text())
def test_a_text_is_taken_exactly_when_it_is_a_choice(kind, row, value):
    allowed = [choice for choice, _ in about(row).choices]
    for choice in allowed:
        assert getattr(kind.read({row.name: choice}), row.name) == choice
    if value not in allowed:
        refusal(kind.read, {row.name: value})


def values_of(row):
    found, start = about(row), default(row)
    if found.choices:
        return st.sampled_from([value for value, _ in found.choices])
    if isinstance(start, bool):
        return st.booleans()
    numbers = st.integers if isinstance(start, int) else st.floats
    return numbers(found.low, found.high)


configs = st.builds(
    Config,
    st.builds(ModelSettings, **{row.name: values_of(row) for row in rows(ModelSettings)}),
    st.builds(TrainSettings, **{row.name: values_of(row) for row in rows(TrainSettings)}),
)


@given(configs)
def test_a_config_comes_back_from_json_as_it_was(given_config):
    stored = json.loads(json.dumps(given_config.to_json()))
    assert stored["version"] == 1
    assert Config.from_json(stored) == given_config


def test_what_a_stored_config_lacks_is_the_default():
    stored = {"version": 1, "model": {"head": "classic"}}
    assert Config.from_json(stored) == Config(ModelSettings(head="classic"))


def test_a_stored_config_out_of_bounds_is_refused():
    assert refusal(Config.from_json, {"train": {"epochs": 0}})[0] == "Epochs can't be 0."


@pytest.mark.parametrize(
    ("freeze_point", "head", "head_rate", "fine_rate"),
    [
        ("head", "compact", 1e-3, 2e-5),
        ("block5_pool", "compact", 1e-3, 2e-5),
        ("block5_conv1", "classic", 1e-4, 2e-5),
        ("block4_pool", "compact", 1e-3, 2e-5),
        ("block4_conv3", "compact", 1e-3, 1e-5),
        ("block1_conv1", "classic", 1e-4, 1e-5),
    ],
)
def test_rates_follow_the_freeze_point_and_the_head(freeze_point, head, head_rate, fine_rate):
    resolved = resolve(Config(ModelSettings(freeze_point=freeze_point, head=head)))
    assert (resolved.train.head_rate, resolved.train.fine_rate) == (head_rate, fine_rate)


@given(configs)
def test_what_a_person_chose_is_kept_and_nothing_is_left_open(given_config):
    train, resolved = given_config.train, resolve(given_config)
    assert resolved.train.head_rate == (train.head_rate or resolved.train.head_rate) > 0
    assert resolved.train.fine_rate == (train.fine_rate or resolved.train.fine_rate) > 0
    assert resolved.model == given_config.model
    assert resolve(resolved) == resolved
    untouched = replace(
        resolved.train, head_rate=train.head_rate, fine_rate=train.fine_rate, views=train.views
    )
    assert untouched == train


@pytest.mark.parametrize(
    ("flip", "rotation", "zoom", "views"),
    [(True, False, False, 4), (False, True, False, 4), (False, False, True, 4),
     (False, False, False, 1)],
)  # fmt: skip
def test_without_augmentation_there_is_one_view(flip, rotation, zoom, views):
    model = ModelSettings(flip=flip, rotation=rotation, zoom=zoom)
    assert resolve(Config(model, TrainSettings(views=4))).train.views == views


@pytest.mark.parametrize(
    ("freeze_point", "planned", "head_first", "reach", "expected"),
    [
        ("head", 20, 5, 20, [("head", 20)]),
        ("block5_pool", 20, 5, 20, [("head", 20)]),  # a pool has nothing that could learn
        ("block5_conv1", 20, 5, 20, [("head", 5), ("fine", 20)]),
        ("block4_pool", 20, 5, 35, [("head", 5), ("fine", 35)]),  # trained further
        ("block1_conv1", 3, 5, 3, [("head", 2), ("fine", 3)]),  # one epoch is left for VGG16
        ("block1_conv1", 1, 5, 1, [("fine", 1)]),
        ("block1_conv1", 1, 5, 9, [("fine", 9)]),
        ("block5_conv1", 20, 5, 3, [("head", 3)]),  # stopped after 1, then 2 more
        ("block5_conv1", 20, 5, 5, [("head", 5)]),
        ("block5_conv1", 20, 5, 6, [("head", 5), ("fine", 6)]),
    ],
)
def test_phases(freeze_point, planned, head_first, reach, expected):
    made = Config(
        ModelSettings(freeze_point=freeze_point),
        TrainSettings(epochs=planned, head_epochs=head_first),
    )
    assert list(phases(made, reach)) == expected


@given(configs, st.integers(1, 500))
def test_phases_end_at_the_epoch_that_is_to_be_reached(given_config, reach):
    found = list(phases(given_config, reach))
    lasts = [last for _, last in found]
    assert lasts == sorted(set(lasts))
    assert lasts[-1] == reach
    fine = [phase for phase, _ in found if phase == "fine"]
    if vgg16.first_learning(given_config.model.freeze_point) == "head":
        assert not fine
    elif reach >= given_config.train.epochs:
        assert fine  # VGG16 always has its turn
