import keras
import numpy as np
import pytest

from gui.core.config import ModelSettings
from gui.core.errors import RunError
from gui.engine import checkpoints
from gui.engine.checkpoints import Checkpoint
from gui.engine.model import build_functional, freeze
from gui.engine.optimizer import Adam

SETTINGS = ModelSettings(image_size=64)


def build(seed: int) -> keras.Model:
    keras.utils.set_random_seed(seed)
    model = build_functional(SETTINGS, 3, seed)
    freeze(model, "block5_conv3")
    return model


@pytest.fixture(scope="module")
def model() -> keras.Model:
    return build(1)


@pytest.fixture(scope="module")
def other() -> keras.Model:
    return build(2)


def values(model: keras.Model) -> dict[str, np.ndarray]:
    return {each.path: np.asarray(each) for each in model.weights if "seed" not in each.path}


@pytest.mark.parametrize(
    ("freeze_point", "vgg16"),
    [
        ("head", set()),
        ("block5_pool", set()),
        ("block5_conv3", {"block5_conv3"}),
        ("block4_pool", {"block5_conv1", "block5_conv2", "block5_conv3"}),
    ],
)
def test_the_file_holds_what_learns_and_no_more(model, tmp_path, freeze_point, vgg16) -> None:
    checkpoints.save_weights(tmp_path / "best.npz", model, freeze_point, 3)
    with np.load(tmp_path / "best.npz") as stored:
        layers = {name.split("/")[0] for name in stored.files}
    assert {each for each in layers if each.startswith("block")} == vgg16
    assert {"head_dense", "probabilities"} <= layers
    assert "preparation" not in layers


def test_weights_come_back_in_another_model(model, other, tmp_path) -> None:
    checkpoints.save_weights(tmp_path / "best.npz", model, "block5_conv3", 3)
    before = values(other)
    assert checkpoints.restore_weights(tmp_path / "best.npz", other, "block5_conv3") == 3
    kept, now = values(model), values(other)
    assert now.keys() == kept.keys()
    for path, value in now.items():
        learns = path.split("/")[0] in {"block5_conv3", "head_dense", "probabilities"}
        assert np.array_equal(value, kept[path] if learns else before[path]), path


def test_a_checkpoint_brings_back_weights_optimizer_and_place(model, other, tmp_path) -> None:
    optimizers = []
    for each, steps in ((model, 3), (other, 1)):
        optimizer = Adam(1e-3)
        optimizer.build(each.trainable_variables)
        for step in range(steps):
            gradients = [np.full(v.shape, step + 1.0, np.float32) for v in each.trainable_variables]
            optimizer.apply(gradients, each.trainable_variables)
        optimizers.append(optimizer)
    checkpoints.save(tmp_path / "c.npz", model, "block5_conv3", optimizers[0], 7, "fine")
    told = checkpoints.size_bytes(model, "block5_conv3", optimizers[0])
    assert told == pytest.approx((tmp_path / "c.npz").stat().st_size, rel=0.01)
    stored = Checkpoint(tmp_path / "c.npz")
    assert (stored.epoch, stored.phase) == (7, "fine")
    stored.restore(other, "block5_conv3", optimizers[1])
    for first, second in zip(optimizers[0].variables, optimizers[1].variables, strict=True):
        assert np.array_equal(first, second), first.path
    assert int(optimizers[1].iterations) == 3
    for first, second in zip(model.trainable_variables, other.trainable_variables, strict=True):
        assert np.array_equal(first, second), first.path


def test_a_damaged_checkpoint_is_told(tmp_path) -> None:
    (tmp_path / "checkpoint.npz").write_bytes(b"PK\3\4 not whole")
    with pytest.raises(RunError, match=r"“checkpoint\.npz” is damaged"):
        Checkpoint(tmp_path / "checkpoint.npz")
