"""Five creatures of the sea, each drawn within a circle of radius 1 around its own origin."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from anatomy import Model, draw_cheeks, draw_eye, draw_smile, markings
from brush import Coat, Mark, Points, Shape, disc, ribbon, spline, trail, union
from colours import mix
from turtles import draw_turtle


def draw_crab(model: Model) -> None:
    """A crab from above: a broad shell, jointed legs, two raised claws, eyes on stalks."""
    pen, rng, colours = model.pen, model.rng, model.palette
    limb = mix(colours.main, colours.dark, 0.15)
    width, height = rng.uniform(0.44, 0.56), rng.uniform(0.29, 0.42)
    legs, reach = rng.choice([3, 4]), rng.uniform(0.82, 0.98)
    for side in (-1, 1):
        for leg in range(legs):
            root = 0.02 + leg * 0.42 / legs
            knee = (side * (0.74 - leg * 0.05), root - 0.16 + leg * 0.1 + rng.uniform(-0.04, 0.04))
            tip = (side * (reach - leg * 0.11), root + 0.24 + leg * 0.09 + rng.uniform(-0.05, 0.05))
            line = spline([(side * 0.3, root + 0.05), knee, tip], closed=False)
            pen.paint(ribbon(line, np.linspace(0.07, 0.02, len(line))), Coat(limb))
    big = rng.choice([-1, 1, 0])
    for side in (-1, 1):
        _draw_claw(model, side, rng.uniform(0.2, 0.27) * (1.3 if side == big else 1.0))
    stalk, eye, style = rng.uniform(0.36, 0.52), rng.uniform(0.085, 0.12), rng.randrange(4)
    for side in (-1, 1):
        line = np.array([[side * 0.15, -0.05], [side * 0.17, -0.2], [side * 0.2, -stalk]])
        pen.paint(ribbon(line, 0.04), Coat(limb))
        draw_eye(model, side * 0.2, -stalk - 0.03, eye, style)
    knots = [(1.0, -0.15), (0.72, -0.78), (0, -0.95), (-0.72, -0.78), (-1.0, -0.15)]
    knots += [(-0.7, 0.7), (0, 1.0), (0.7, 0.7)]
    shell = spline(np.array(knots) * (width, height) + (0, 0.13))
    pen.paint([shell], Coat(colours.main, markings(model), melt=2))
    if rng.random() < 0.75:
        draw_smile(model, 0, 0.2, rng.uniform(0.08, 0.13))
        draw_cheeks(model, 0, 0.18, 0.24, 0.06)


def _draw_claw(model: Model, side: int, size: float) -> None:
    """An arm and its pincers; `side` is -1 or 1."""
    pen, rng, colours = model.pen, model.rng, model.palette
    limb = mix(colours.main, colours.dark, 0.15)
    x, y = side * rng.uniform(0.56, 0.74), rng.uniform(-0.56, -0.42)
    arm = spline([(side * 0.36, 0.0), (side * 0.78, -0.1), (x, y + size * 0.4)], closed=False)
    pen.paint(ribbon(arm, np.linspace(0.07, 0.09, len(arm))), Coat(limb))
    gape, tilt = rng.uniform(0.1, 0.3), rng.uniform(-0.5, 0.35) * side
    finger = [(0.0, 0.55), (-0.5, 0.2), (-0.62, -0.4), (-0.3 - gape, -1.15), (-0.2, -0.5)]
    thumb = [(-0.02, -0.1), (0.16, -0.45), (0.16 + gape, -0.98), (0.5, -0.4), (0.42, 0.25)]
    turn = np.array([[math.cos(tilt), math.sin(tilt)], [-math.sin(tilt), math.cos(tilt)]])
    claw = spline(np.array(finger + thumb) * (side * size, size) @ turn + (x, y))
    tip: Mark = ([disc(x, y - size * 1.15, size * 0.75, size * 0.4)], colours.pale)
    pen.paint([claw], Coat(colours.main, [tip], melt=8))


def draw_fish(model: Model) -> None:
    """A fish from the side, looking left."""
    pen, rng, colours = model.pen, model.rng, model.palette
    tall = rng.uniform(0.26, 0.6)
    fin = mix(colours.second, colours.main, rng.uniform(0.0, 0.6))
    _draw_fins(model, tall, fin)
    t = np.linspace(0, 1, 40)
    rise = tall * np.sin(np.pi * t ** rng.uniform(0.68, 0.85)) ** 0.85 + 0.08 * t
    x = -0.88 + 1.4 * t
    belly = rng.uniform(0.8, 1.1)
    upper, lower = np.stack([x, -rise], axis=1), np.stack([x, rise * belly], axis=1)
    body = np.concatenate([upper, lower[::-1]])
    marks = markings(model)
    if rng.random() < 0.6:
        marks = [*marks, ([disc(-0.2, tall * 1.15, 0.7, tall * 0.55)], colours.pale)]
    if rng.random() < 0.35:
        marks = [*marks, ([disc(-0.95, 0, 0.38, 1.0)], mix(colours.main, colours.dark, 0.25))]
    pen.paint([body], Coat(colours.main, marks, melt=3))
    gill = spline([(-0.36, -tall * 0.5), (-0.28, 0.03), (-0.38, tall * 0.5)], closed=False)
    edge = Coat(mix(colours.main, colours.dark, 0.45), volume=0, shadow=0)
    pen.paint(ribbon(gill, 0.014), edge)
    droop = rng.uniform(-0.1, 0.22)
    paddle = [(-0.24, 0.06), (0.0, -0.02 + droop * 0.4), (0.17, 0.1 + droop), (0.02, 0.2 + droop)]
    pen.paint([spline([*paddle, (-0.18, 0.17)])], Coat(fin, volume=0.7))
    draw_eye(model, -0.56, -tall * 0.22, rng.uniform(0.085, 0.135), rng.randrange(4))
    mouth = spline([(-0.87, 0.05), (-0.78, 0.1), (-0.7, 0.07)], closed=False)
    pen.paint(ribbon(mouth, 0.018), edge)


def _draw_fins(model: Model, tall: float, fin: Points) -> None:
    """Tail, back and belly fin, with rays."""
    pen, rng, colours = model.pen, model.rng, model.palette
    spread, notch = rng.uniform(0.28, 0.52), rng.uniform(0.62, 0.96)
    tail = [(0.4, 0), (0.66, -spread * 0.7), (0.95, -spread), (notch, 0)]
    tail += [(0.95, spread), (0.66, spread * 0.7)]
    peak, lean = tall + rng.uniform(0.14, 0.4), rng.uniform(0.0, 0.4)
    back = [(-0.5, -tall * 0.5), (-0.1 + lean * 0.3, -peak), (0.25 + lean * 0.4, -peak * 0.75)]
    belly = [(0.0, tall * 0.6), (0.2 + lean * 0.3, peak * 0.86), (0.38, tall * 0.3)]
    rays = union(
        ribbon(np.array([[0.3, 0.0], [0.3 + math.cos(a), math.sin(a)]]), 0.009)
        for a in np.linspace(-1.5, 1.5, 17)
    )
    combs = union(
        ribbon(np.array([[c, -1.0], [c - 0.2, 0.0], [c, 1.0]]), 0.009)
        for c in np.arange(-0.5, 0.7, 0.085)
    )
    ink = mix(fin, colours.dark, 0.35)
    pen.paint([spline(tail)], Coat(fin, [(rays, ink)], volume=0.6, melt=1))
    for outline in ([*back, (0.42, -tall * 0.2)], belly):
        pen.paint([spline(outline)], Coat(fin, [(combs, ink)], volume=0.6, melt=1))


def draw_jellyfish(model: Model) -> None:
    """A jellyfish: a glassy bell with a scalloped rim, frilled arms and long threads below."""
    pen, rng, colours = model.pen, model.rng, model.palette
    width, rim = rng.uniform(0.48, 0.68), rng.uniform(-0.28, -0.08)
    sway = rng.uniform(-0.5, 0.5)
    thread = mix(colours.main, colours.pale, 0.35)
    for x in np.linspace(-width * 0.88, width * 0.88, rng.randint(6, 11)):
        line = _hanging(model, x, rim, rng.uniform(0.75, 1.1), sway, rng.uniform(0.1, 0.45))
        pen.paint(ribbon(line, np.linspace(0.024, 0.008, len(line))), Coat(thread, shadow=0.15))
    for x in np.linspace(-width * 0.3, width * 0.3, rng.randint(2, 4)):
        line = _hanging(model, x, rim, rng.uniform(0.5, 0.85), sway, 0.35)
        t = np.linspace(0, 1, len(line))
        frill = (0.085 + 0.035 * np.sin(t * 38 + x * 9)) * (1 - 0.75 * t)
        pen.paint(ribbon(line, frill), Coat(colours.pale, volume=0.7, shadow=0.2, alpha=0.9))
    lobes, dip = rng.randint(4, 8), rng.uniform(0.05, 0.1)
    turn, u = np.linspace(math.pi, math.tau, 40), np.linspace(1, -1, 90)
    crown = rng.uniform(0.6, 0.78)
    dome = np.stack([width * np.cos(turn), rim + crown * np.sin(turn)], axis=1)
    hem = np.stack([width * u, rim + dip * np.abs(np.sin(u * lobes * math.pi / 2))], axis=1)
    lining = Coat(mix(colours.main, colours.dark, 0.3), alpha=0.8)
    pen.paint([np.concatenate([dome, np.add(hem, (0.0, dip * 0.9))])], lining)
    bell = Coat(colours.main, markings(model), melt=4, alpha=0.93)
    pen.paint([np.concatenate([dome, hem])], bell)
    shine = [disc(-width * 0.45, rim - crown * 0.6, 0.16, 0.07, -0.75)]
    pen.paint(shine, Coat(np.ones(3), volume=0, shadow=0, alpha=0.5))
    if rng.random() < 0.7:
        style, eye = rng.randrange(4), rng.uniform(0.07, 0.11)
        for side in (-1, 1):
            draw_eye(model, side * 0.19, rim - crown * 0.26, eye, style)
        draw_smile(model, 0, rim - crown * 0.16, rng.uniform(0.05, 0.09))
        draw_cheeks(model, 0, rim - crown * 0.14, 0.3, 0.06)


def _hanging(model: Model, x: float, y: float, length: float, sway: float, curl: float) -> Points:
    """A line that hangs from x, y and waves."""
    t = np.linspace(0, 1, 36)
    wave = curl * np.sin(t * model.rng.uniform(6, 11) + model.rng.uniform(0, math.tau))
    return trail((x, y), math.pi / 2 + sway * t - x * 0.25 + wave * (0.4 + t), length)


def draw_octopus(model: Model) -> None:
    """An octopus: a bulging head over eight curling arms with suckers."""
    pen, rng, colours = model.pen, model.rng, model.palette
    order = [0, 7, 2, 5, 1, 6, 3, 4]
    arms = [_arm(model, arm) for arm in range(8)]
    for arm in order:
        line, widths = arms[arm]
        marks: list[Mark] = [(_suckers(line, widths, 1 if arm < 4 else -1), colours.pale)]
        shade = mix(colours.main, colours.dark, 0.16 if arm in (0, 7, 2, 5) else 0.0)
        pen.paint(ribbon(line, widths), Coat(shade, marks, volume=0.85))
    lean, wide = rng.uniform(-0.16, 0.16), rng.uniform(0.36, 0.46)
    top = rng.uniform(-0.95, -0.8)
    knots = [(lean, top), (lean + wide * 0.85, top + 0.18), (lean * 0.7 + wide, top + 0.45)]
    knots += [(wide * 0.66, -0.13), (wide * 0.78, 0.1), (0, 0.2), (-wide * 0.78, 0.1)]
    knots += [(-wide * 0.66, -0.13), (lean * 0.7 - wide, top + 0.45)]
    knots += [(lean - wide * 0.85, top + 0.18)]
    pen.paint([spline(knots)], Coat(colours.main, markings(model), melt=3))
    style, eye = rng.randrange(4), rng.uniform(0.09, 0.135)
    for side in (-1, 1):
        draw_eye(model, side * 0.17, -0.16, eye, style)
    draw_smile(model, 0, 0.02, rng.uniform(0.05, 0.1))
    draw_cheeks(model, 0, -0.01, 0.24, 0.055)


def _arm(model: Model, place: int) -> tuple[Points, Points]:
    """The middle line and half-widths of an arm; places run from the right (0) to the left (7)."""
    rng, side = model.rng, 1 if place < 4 else -1
    fan = 0.1 + 2.94 * place / 7  # radians from the x axis, downwards
    t = np.linspace(0, 1, 34)
    bend = rng.uniform(0.2, 1.3) * -side
    curl = rng.uniform(1.4, 3.6) * rng.choice([-side, -side, -side, side])
    headings = fan + bend * t + curl * t**3
    line = trail((math.cos(fan) * 0.2, 0.06), headings, rng.uniform(0.8, 1.05))
    return line, np.linspace(rng.uniform(0.1, 0.125), 0.018, len(line))


def _suckers(line: Points, widths: Points, side: int) -> Shape:
    """Discs along one edge of an arm."""
    along = np.gradient(line, axis=0)
    normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    spots = range(8, len(line) - 3, 3)
    centre = line + normal * (widths * 0.55 * side)[:, None]
    return [disc(*centre[i], widths[i] * 0.36) for i in spots]


CREATURES: dict[str, Callable[[Model], None]] = {
    "crab": draw_crab,
    "fish": draw_fish,
    "jellyfish": draw_jellyfish,
    "octopus": draw_octopus,
    "turtle": draw_turtle,
}
