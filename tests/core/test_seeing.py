import pytest

from gui.core import dataset, seeing, split
from gui.core.activations import BlockMaps, Map, Seen
from gui.core.desk import Desk
from gui.core.errors import PicturesError
from tests.core.visitors import make_dataset

BLOCKS = (BlockMaps(1, 64, 64, (Map(2, "data:image/webp;base64,AA=="),)),)


class Watched:
    """Jobs that note what they are asked."""

    weights_sha256 = "ab"

    def __init__(self, problem=None):
        self.questions = self
        self.asked, self.problem = [], problem

    def see(self, files, image_size):
        self.asked.append(([name for name, path in files if path.is_file()], image_size))
        shown = [] if self.problem else BLOCKS
        return [Seen(name, "data:x", tuple(shown), self.problem) for name, _ in files]


@pytest.fixture
def person(owner):
    dataset_id = make_dataset(owner, 5)
    owner.open(Desk(dataset_id))
    return owner


def test_one_picture_that_is_learned_from_is_looked_at_of_each_of_three_classes(person):
    opened = person.open_dataset
    divided = split.divide(opened)
    chosen = seeing.choose(divided)
    assert [divided.labels[each.label] for each in chosen] == ["cat", "dog"]
    assert set(chosen) < set(divided.train)


def test_three_classes_are_enough():
    learned = [split.Labelled(f"{place}", "0" * 64, "x", place // 2) for place in range(10)]
    divided = split.Split(tuple("abcde"), tuple(learned), ())
    assert [each.name for each in seeing.choose(divided)] == ["0", "2", "4"]


def test_it_is_computed_once_for_the_same_bytes_and_size(person):
    jobs = Watched()
    seen = seeing.look(person, jobs, 160)
    assert [each.name.partition("/")[0] for each in seen] == ["cat", "dog"]
    assert seen[0].blocks == BLOCKS
    assert seeing.look(person, jobs, 160) == seen
    assert jobs.asked == [([each.name for each in seen], 160)]
    seeing.look(person, jobs, 64)
    jobs.weights_sha256 = "cd"
    seeing.look(person, jobs, 160)
    assert [size for _, size in jobs.asked] == [160, 64, 160]


def test_a_class_that_is_renamed_needs_no_new_look(person):
    jobs = Watched()
    seeing.look(person, jobs, 160)
    dataset_id, opened = person.desk.dataset, person.open_dataset
    person.save_dataset(dataset_id, dataset.rename(opened, "cat", "calico"))
    assert seeing.look(person, jobs, 160)[0].name.startswith("calico/")
    assert len(jobs.asked) == 1


def test_what_could_not_be_read_is_not_kept(person):
    jobs = Watched(problem="The file is empty. Copy it again.")
    for _ in range(2):
        assert seeing.look(person, jobs, 160)[0].problem == "The file is empty. Copy it again."
    assert len(jobs.asked) == 2
    assert not (person.dataset_folder(person.desk.dataset) / "seen").exists()


@pytest.mark.parametrize("content", ["", "[]", '{"version": 1, "seen": [3]}', '{"version": 2}'])
def test_a_damaged_file_is_computed_anew(person, content):
    jobs = Watched()
    seen = seeing.look(person, jobs, 160)
    (kept,) = (person.dataset_folder(person.desk.dataset) / "seen").iterdir()
    kept.write_text(content)
    assert seeing.look(person, jobs, 160) == seen
    assert len(jobs.asked) == 2
    assert seeing.look(person, jobs, 160) == seen
    assert len(jobs.asked) == 2


def test_a_full_disk_takes_nothing_away(person, full):
    jobs = Watched()
    full()
    assert seeing.look(person, jobs, 160)[0].blocks == BLOCKS
    full.over()


def test_without_pictures_it_says_so(owner):
    owner.open(Desk(make_dataset(owner, 1)))
    with pytest.raises(PicturesError, match="No class has 2 pictures or more yet"):
        seeing.look(owner, Watched(), 160)
