"""The turtle, which is seen from above or from the side."""

from __future__ import annotations

import math

import numpy as np
from anatomy import Model, draw_cheeks, draw_eye
from brush import Coat, Mark, Points, Shape, disc, spline
from colours import mix


def draw_turtle(model: Model) -> None:
    """A turtle from above or, as often, from the side."""
    if model.rng.random() < 0.5:
        _draw_from_above(model)
    else:
        _draw_from_the_side(model)


def _draw_from_above(model: Model) -> None:
    pen, rng, colours = model.pen, model.rng, model.palette
    skin = mix(colours.second, colours.pale, 0.2)
    scales = _scales(model)
    for side in (-1, 1):
        lift = rng.uniform(-0.3, 0.25)
        fore = [(0.26, -0.42), (0.62, -0.58 + lift * 0.5), (0.98, -0.24 + lift)]
        fore += [(0.97, 0.04 + lift), (0.66, -0.24 + lift * 0.5), (0.34, -0.1)]
        hind = [(0.2, 0.45), (0.46, 0.6 + lift * 0.3), (0.58, 0.92), (0.34, 0.84), (0.14, 0.62)]
        for flipper in (fore, hind):
            pen.paint([spline(np.array(flipper) * (side, 1))], Coat(skin, scales, melt=1))
    pen.paint([spline([(-0.09, 0.6), (0.09, 0.6), (0.0, 0.92)])], Coat(skin))
    head = spline([(0, -0.98), (0.17, -0.86), (0.19, -0.66), (0.12, -0.45), (-0.12, -0.45),
                   (-0.19, -0.66), (-0.17, -0.86)])  # fmt: skip
    pen.paint([head], Coat(skin, scales, melt=1))
    style, eye = rng.randrange(4), rng.uniform(0.06, 0.085)
    for side in (-1, 1):
        draw_eye(model, side * 0.13, -0.78, eye, style)
    nostrils: Shape = [disc(side * 0.035, -0.93, 0.014) for side in (-1, 1)]
    pen.paint(nostrils, Coat(colours.dark, volume=0, shadow=0))
    wide, tall = rng.uniform(0.44, 0.56), rng.uniform(0.56, 0.66)
    rim = [(0, -1), (0.68, -0.82), (1, -0.1), (0.74, 0.68), (0, 1.06)]
    rim += [(-0.74, 0.68), (-1, -0.1), (-0.68, -0.82)]
    shell = spline(np.array(rim) * (wide, tall) + (0, 0.06))
    edge = mix(colours.main, colours.dark, 0.45)
    pen.paint([shell], Coat(edge, _marginals(model)))
    pen.paint([shell * 0.84 + (0, 0.01)], Coat(edge, volume=0.6, shadow=0.2))
    shades = [mix(colours.main, colours.pale, rng.uniform(0, 0.25)) for _ in range(11)]
    for scute, shade in zip(_scutes(wide * 0.82, tall * 0.82), shades, strict=True):
        pen.paint([scute], Coat(shade, volume=0.75, shadow=0))


def _scales(model: Model) -> list[Mark]:
    """Small scales for flippers and head, on two turtles of three."""
    rng = model.rng
    if rng.random() < 0.35:
        return []
    spots: Shape = [
        disc(rng.uniform(-1, 1), rng.uniform(-1, 1), rng.uniform(0.02, 0.045)) for _ in range(230)
    ]
    return [(spots, mix(model.palette.second, model.palette.dark, 0.45))]


def _marginals(model: Model) -> list[Mark]:
    """The plates around the rim of the shell, seen from above."""
    lines = np.linspace(0, math.tau, 25)[:-1]
    plates: Shape = [
        np.array([
            (0, 0.06),
            (math.cos(a - 0.1) * 1.4, math.sin(a - 0.1) * 1.4),
            (math.cos(a + 0.1) * 1.4, math.sin(a + 0.1) * 1.4),
        ])
        for a in lines
    ]  # fmt: skip
    return [(plates, mix(model.palette.main, model.palette.dark, 0.12))]


def _scutes(wide: float, tall: float) -> list[Points]:
    """Five plates down the middle of the shell and three on each side of it."""
    plates: list[list[tuple[float, float]]] = []
    for y in (-0.76, -0.38, 0.0, 0.38, 0.76):
        w = 0.36 if abs(y) < 0.7 else 0.46
        plates.append([(-w, y), (-w * 0.6, y - 0.17), (w * 0.6, y - 0.17),
                       (w, y), (w * 0.6, y + 0.17), (-w * 0.6, y + 0.17)])  # fmt: skip
    for side in (-1, 1):
        for y, far in ((-0.38, 0.85), (0.0, 0.95), (0.38, 0.85)):
            plates.append([
                (side * 0.41, y), (side * 0.28, y - 0.17), (side * (far - 0.08), y - 0.17),
                (side * far, y), (side * (far - 0.08), y + 0.17), (side * 0.28, y + 0.17),
            ])  # fmt: skip
    return [np.array(plate) * (wide, tall) + (0, 0.06) for plate in plates]


def _draw_from_the_side(model: Model) -> None:
    """Looking left."""
    pen, rng, colours = model.pen, model.rng, model.palette
    skin, scales = mix(colours.second, colours.pale, 0.2), _scales(model)
    far = Coat(mix(skin, colours.dark, 0.3), scales, melt=1)
    stroke = rng.uniform(-0.3, 0.3)
    pen.paint([spline([(-0.3, 0.2), (-0.5, 0.5), (-0.72, 0.62 + stroke), (-0.42, 0.2)])], far)
    pen.paint([spline([(0.4, 0.25), (0.5, 0.5), (0.66, 0.55), (0.6, 0.25)])], far)
    pen.paint([spline([(0.5, 0.1), (0.92, 0.3), (0.55, 0.3)])], Coat(skin))
    nod = rng.uniform(-0.16, 0.14)
    neck = spline([(-0.3, -0.1), (-0.62, -0.14 + nod), (-0.88, -0.12 + nod), (-0.98, 0.02 + nod),
                   (-0.84, 0.15 + nod), (-0.62, 0.17 + nod * 0.6), (-0.3, 0.3)])  # fmt: skip
    pen.paint([neck], Coat(skin, scales, melt=1))
    draw_eye(model, -0.8, -0.02 + nod, rng.uniform(0.07, 0.1), rng.randrange(4))
    draw_cheeks(model, -0.68, 0.08 + nod, 0.0, 0.045)
    belly = spline([(-0.5, 0.12), (-0.3, 0.36), (0.2, 0.4), (0.62, 0.24), (0.6, 0.1)])
    pen.paint([belly], Coat(colours.pale))
    high = rng.uniform(0.32, 0.54)
    arch = np.linspace(math.pi, math.tau, 30)
    dome = np.stack([0.07 + 0.65 * np.cos(arch), 0.14 + (high + 0.16) * np.sin(arch)], axis=1)
    hem = spline([(0.72, 0.18), (0.4, 0.25), (-0.26, 0.25), (-0.58, 0.18)], closed=False)
    dome = np.concatenate([dome, hem])
    pen.paint([dome], Coat(mix(colours.main, colours.dark, 0.45)))
    for plate in _side_plates(high):
        shade = mix(colours.main, colours.pale, rng.uniform(0, 0.25))
        pen.paint([plate], Coat(shade, volume=0.75, shadow=0))
    fore = [(-0.42, 0.18), (-0.16, 0.2), (-0.02, 0.48 + stroke * 0.4), (0.14, 0.86 + stroke * 0.3)]
    fore += [(-0.14, 0.76 + stroke * 0.4), (-0.38, 0.46)]
    pen.paint([spline(fore)], Coat(skin, scales, melt=1))
    hind = [(0.36, 0.22), (0.58, 0.2), (0.8, 0.46), (0.86, 0.62), (0.6, 0.52)]
    pen.paint([spline(hind)], Coat(skin, scales, melt=1))


def _side_plates(high: float) -> list[Points]:
    """Plates on the dome, seen as on a globe: a rim, a row of large ones, two on the top."""
    rows = [(2, 17, 9.0, 20.0, range(-70, 71, 20)), (23, 56, 17.0, 38.0, (-57, -19, 19, 57))]
    rows.append((62, 86, 40.0, 88.0, (-44, 44)))
    plates: list[Points] = []
    for low, top, half, step, centres in rows:
        shoulder = low + (top - low) * 0.55
        for centre in centres:
            wide, slim = half, half * (1.0 if step < 30 else 0.62)
            corners = [(-wide, low), (wide, low), (wide, shoulder)]
            corners += [(slim, top), (-slim, top), (-wide, shoulder)]
            globe = np.radians([(centre + across, up) for across, up in corners])
            x = 0.07 + 0.61 * np.cos(globe[:, 1]) * np.sin(globe[:, 0])
            plates.append(np.stack([x, 0.14 - (high + 0.12) * np.sin(globe[:, 1])], axis=1))
    return plates
