"""The last stage: one coarse step of the student is led as far as the teacher's fine ones."""

from dataclasses import fields

import pytest
import torch
from tests.models.composers.score import small
from tests.models.composers.score.test_sampling import events

from recipes.score import few
from recipes.training.data import Batch
from recipes.training.trainee import Trainee
from twopop_models.composers.score import sampling
from twopop_models.composers.score.wishes import Wish
from twopop_models.grid.lanes import CHANNELS


@pytest.fixture
def known():
    net = small.networks()
    return Trainee(net.transformer, net.projection, net.controlformer, net.stylizer, "x")


@pytest.fixture
def batch(known):
    dice, rows, cells = torch.Generator().manual_seed(0), 4, 32
    words = int(40 - known.spare)
    shapes = {
        "latents": (rows, CHANNELS, cells),
        "noise": (rows, CHANNELS, cells),
        "broad": (rows, CHANNELS, cells),
        "events": (rows, 8, cells),
        "words": (rows, words + known.spare, 384),
        "embedding": (rows, 384),
        "pooled": (rows, 2 * CHANNELS),
    }
    drawn = {name: torch.randn(shape, generator=dice) for name, shape in shapes.items()}
    drawn["times"] = torch.tensor([0.0, 0.3, 0.6, 0.9])
    drawn["there"] = torch.arange(words + known.spare)[None].expand(rows, -1) < 5
    ones = {field.name: torch.ones(rows) for field in fields(Batch) if field.name not in drawn}
    return Batch(**drawn, **ones)


def test_levels_are_those_that_the_composer_samples_at(monkeypatch):
    seen, said = [], sampling._Music.velocity

    def heard(self, noisy, moment, step, breathe):
        seen.append(float(moment))
        return said(self, noisy, moment, step, breathe)

    monkeypatch.setattr(sampling._Music, "velocity", heard)
    sampling.sample(small.networks(), Wish(32, "", events(32), steps=4))
    found = few.levels(4)
    assert found.tolist() == pytest.approx([*seen, 0.0])
    assert (found.diff() < 0).all()


def test_networks_that_say_velocities_are_refused(known):
    known.kind = "flow"
    with pytest.raises(ValueError, match="flow"):
        few.Hurried(known, 4, 2)


def test_a_teacher_with_one_part_has_nothing_to_teach(known, batch):
    """Its step is the student's own, so that the student is right already; with more parts it is not."""
    assert few.Hurried(known, 4, 1)(batch).max() < 1e-6
    assert few.Hurried(known, 4, 4)(batch).min() > 1e-9


def test_the_target_leads_where_the_fine_steps_lead(known, batch):
    class Exact(few.Hurried):
        """Says the target itself."""

        def said(self, seen, times, batch):
            low = self.levels[[int((self.levels > float(time)).sum()) + 1 for time in times]]
            after = few.led(self.teacher, seen, times, low, self.parts, batch)
            high, low = times[:, None, None], low[:, None, None]
            found = (high * after - low * seen) / (high - low)
            assert torch.allclose(found + (seen - found) * low / high, after, atol=1e-5)
            return found

    assert Exact(known, 4, 3)(batch).max() < 1e-9


def test_the_teacher_does_not_learn(known, batch):
    hurried = few.Hurried(known, 4, 2)
    assert not any(name.startswith("teacher.") for name in hurried.trained())
    assert {name.partition(".")[0] for name in hurried.trained()} == {"base", "controlformer", "stylizer"}
    before = [item.clone() for item in hurried.teacher.state_dict().values()]
    hurried(batch).mean().backward()
    with torch.no_grad():
        for item in hurried.trained().values():
            item -= 0.1 * item.grad
    assert all(torch.equal(one, two) for one, two in zip(before, hurried.teacher.state_dict().values(), strict=True))
    assert hurried(batch).max() > 1e-9
