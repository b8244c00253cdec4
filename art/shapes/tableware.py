"""Cups, bowls, pots and tools that came after the first table was laid."""
import math
import numpy as np
from studio import *
from . import product
from .kit import *
from .kitchen import cast_iron_pot, kettle
from .tea import handle, moka_pot, mug_stoneware, spout


def copies(shape, c, places):
    """Build a shape several times over and put each where it belongs: (x, y), turn, size."""
    hints = {}
    for (x, y), turn, size in places:
        before = set(everything())
        hints = shape(c)
        group([o for o in everything() if o not in before], (x, y, 0), (0, 0, turn), size)
    return hints


@product
def mug_pair(c):
    copies(mug_stoneware, c, (((-5.4, 2.4), 24, None), ((5.6, -2.6), -38, None)))
    return {"hero": {"az": 4, "el": 26, "fill": 0.82}, "top": {"el": 52, "az": -14, "fill": 0.84}}


@product
def moka_pot_three(c):
    """Three cups: lower and a little wider for its height than the pot for six."""
    copies(moka_pot, c, (((0, 0), 0, (0.84, 0.84, 0.74)),))
    b = base("bean", colour="#3A2014", rough=0.35, coat=0.3)[0]
    rng = np.random.default_rng(6)
    for i in range(14):
        o = ball(0.6, b, seg=20)
        reshape(o, lambda P: np.stack([P[:, 0] * 0.78, P[:, 1] * 1.12, np.where(P[:, 2] > 0, P[:, 2] * 0.55 - 0.16 * np.exp(-(P[:, 0] / 0.09) ** 2), P[:, 2] * 0.72)], 1))
        place(o, (rng.uniform(-9, -2.5), rng.uniform(-7.5, -4.5), 0.42), (rng.uniform(-25, 25), rng.uniform(-25, 25), rng.uniform(0, 360)))
    return {"hero": {"az": 24, "el": 19, "fill": 0.78}, "detail": {"at": (0, 0, 9.0), "span": 5.2, "az": -34, "el": 30, "blur": 0.006}}


@product
def cocotte_small(c):
    copies(cast_iron_pot, c, (((0, 0), 28, (0.79, 0.79, 0.84)),))
    spoon = wood("beech", "x")
    q = spline([(-12, 0, 0.9), (-2, 0, 1.0), (6, 0, 0.8)], 10)
    parts = [sweep(q, superellipse(0.9, 1.2, 2.3, 20), spoon, up=(0, 0, 1), scale=np.interp(np.linspace(0, 1, len(q)), [0, 0.1, 0.8, 1], [0.8, 1.0, 0.8, 0.7]))]
    parts.append(reshape(ball(2.4, spoon, (7.6, 0, 1.2), seg=40), lambda P: np.stack([P[:, 0] * 1.3, P[:, 1], P[:, 2] * 0.3 + np.where(P[:, 2] > 0, -0.5 * np.sqrt(np.maximum(0, 1 - (P[:, 0] ** 2 + P[:, 1] ** 2) / 5.8)), 0)], 1)))
    group(parts, (1.0, -13.4, 0), (0, 0, 8))
    drop()
    return {"hero": {"az": 14, "el": 24, "fill": 0.84}, "detail": {"at": (3.4, -3, 10.2), "span": 6.4, "az": -20, "el": 30, "blur": 0.005}}


@product
def kettle_small(c):
    copies(kettle, c, (((0, 0), 12, (0.9, 0.9, 0.8)),))
    return {"hero": {"az": 18, "el": 17, "fill": 0.8}, "detail": {"at": (-6, 0, 8.5), "span": 6.5, "az": -26, "el": 22, "blur": 0.005}}


@product
def stoneware_bowl(c):
    g = glazed(c.main, speckle=0.25, rough=0.22)
    inn = glazed(c.third, speckle=0.2, rough=0.22)
    prof = [(3.4, 0), (4.8, 0.9), (7.0, 3.4), (8.0, 6.4)]
    vessel(prof, 0.34, g, foot=0.4)
    s = spline(prof, 12)
    lathe(np.concatenate([[(0, 0.86)], [(r - 0.38, z + 0.06) for r, z in s if z > 1.1], [(s[-1][0] - 0.12, s[-1][1] + 0.03)]]), inn)
    # granola, so that the size is plain
    m, gr, b = base("oats", rough=0.9)
    n = gr.noise(gr("TexCoord")["Object"], 2.2, 5, 0.7)
    gr.set(b, "Base Color", gr.ramp(n, [(0.3, "#A9733A"), (0.55, "#DDB478"), (0.7, "#EFD9AE")]))
    gr.set(b, "Normal", gr.bump(n, 0.25, 1.0))
    lathe(spline([(0, 4.6), (3.2, 4.45), (6.55, 3.7)], 8), m, fn=lambda V, th, r, z: np.stack([V[:, 0], V[:, 1], z + 0.12 * wobble(V, 0.25, 3)], 1))
    berry = base("blueberry", colour="#2B3560", rough=0.5, sheen=0.3)[0]
    rng = np.random.default_rng(5)
    for i in range(17):
        r, a = 4.6 * math.sqrt(rng.random()), rng.uniform(0, TAU)
        ball(0.72, berry, (r * math.cos(a), r * math.sin(a), 5.0 - 0.02 * r * r), seg=24)
        torus(0.2, 0.06, berry, (r * math.cos(a), r * math.sin(a), 5.7 - 0.02 * r * r), seg=20)
    return {"hero": {"az": -18, "el": 30, "fill": 0.8}, "top": {"el": 66, "az": 10, "fill": 0.84}}


@product
def molcajete(c):
    m, g, b = base("basalt", rough=0.9, spec=0.3)
    co = g("TexCoord")["Object"]
    v = g("TexVoronoi", Vector=co, Scale=2.2)["Distance"]
    n = g.noise(co, 3.0, 5, 0.7)
    pore = g.ramp(v, [(0.10, 0.0), (0.24, 1.0)])
    col = g.ramp(n, [(0.3, shade(c.main, -0.25)), (0.7, shade(c.main, 0.16))])
    g.set(b, "Base Color", g.mix(pore, shade(c.main, -0.6), col))
    g.set(b, "Normal", g.bump(g.math("ADD", pore, g.math("MULTIPLY", n, 0.8)), 0.14, 1.0))
    def rough(V, th, r, z):
        return V + 0.09 * wobble(V, 0.22, 6)[:, None] * np.stack([np.cos(th), np.sin(th), 0 * th], 1)
    vessel([(3.0, 3.6), (6.2, 4.2), (8.4, 6.8), (9.0, 10.2)], 1.5, m, floor=1.6, fn=rough, seg=140)
    for k in range(3):
        a = TAU * k / 3 + 0.5
        o = lathe(fillet([(0, 0), (1.5, 0, 0.3), (2.4, 5.2), (0, 5.2)], 0.3), m, seg=40, at=(5.2 * math.cos(a), 5.2 * math.sin(a), 0))
    salsa, gs, bs = base("salsa", rough=0.18, coat=0.5)
    n2 = gs.noise(gs("TexCoord")["Object"], 1.5, 6, 0.7)
    gs.set(bs, "Base Color", gs.ramp(n2, [(0.32, shade(c.accent, -0.35)), (0.52, c.accent), (0.68, "#D9622F")]))
    gs.set(bs, "Normal", gs.bump(n2, 0.2, 1.0))
    lathe(spline([(0, 8.7), (4, 8.6), (7.2, 8.3)], 6), salsa)
    rng = np.random.default_rng(4)
    on, ci = paint("onion", "#F4EEE2", 0.3), paint("cilantro", "#4F8A3A", 0.5)
    for i in range(26):
        r, a = 6.2 * math.sqrt(rng.random()), rng.uniform(0, TAU)
        if i % 2:
            rbox(0.5, 0.4, 0.3, 0.1, 0.06, on, (r * math.cos(a), r * math.sin(a), 8.6), (0, 0, rng.uniform(0, 90)))
        else:
            o = ball(0.45, ci, (r * math.cos(a), r * math.sin(a), 8.8), seg=14)
            o.scale = (1, 0.7, 0.18)
    # the tejolote
    p = np.concatenate([[(0, 0)], spline([(1.6, 0.2), (2.5, 1.6), (2.2, 3.6), (1.3, 5.6), (1.5, 7.2), (0.9, 8.0)], 8), [(0, 8.1)]])
    place(lathe(p, m, fn=rough), (11.6, -5.4, 1.9), (0, 84, -30))
    drop()
    return {"hero": {"az": -14, "el": 28, "fill": 0.82}, "top": {"el": 56, "az": 12, "fill": 0.84}}


@product
def mezcal_cups(c):
    m = matte_ceramic(c.main, grain=0.5, rough=0.34)
    prof = [(1.6, 0), (2.6, 0.5), (3.6, 1.5), (4.0, 2.7)]
    for i, (x, y) in enumerate(((-4.6, 3.2), (4.8, 3.8), (-3.8, -4.8), (5.4, -4.0))):
        vessel(prof, 0.26, m, foot=0.2, at=(x, y, 0))
        torus(3.88, 0.05, matte_ceramic(c.accent), (x, y, 2.25))
    lathe([(0, 1.9), (3.45, 1.9)], liquid("#FFF9E8"), at=(-3.8, -4.8, 0))
    salt = base("salt", colour="#E3A27A", rough=0.8)[0]
    lathe(spline([(0, 2.3), (1.6, 1.9), (3.2, 1.5)], 6), salt, at=(5.4, -4.0, 0))
    return {"hero": {"az": -16, "el": 30, "fill": 0.84}, "top": {"el": 64, "az": 8, "fill": 0.84}}


@product
def finjan_set(c):
    por = glazed("#F8F5EE", rough=0.1)
    rim = metal(c.main, 0.18) if c.key == "gold" else glazed(c.accent if c.key == "white" else c.main, rough=0.12)
    if c.key == "white":
        rim = glazed(c.third)
    prof = [(1.5, 0), (2.0, 0.5), (2.7, 2.2), (3.35, 4.4)]
    pts = spline(prof, 20)
    r = lambda z: float(np.interp(z, pts[:, 1], pts[:, 0])) + 0.012
    for j in range(2):
        for i in range(3):
            x, y = -8.0 + 8.0 * i + (1.2 if j else -1.2), 4.0 - 8.4 * j
            vessel(prof, 0.16, por, foot=0.18, at=(x, y, 0))
            lathe([(r(z), z) for z in np.linspace(3.75, 4.42, 6)] + [(3.3, 4.5)], rim, at=(x, y, 0))
            lathe([(r(z), z) for z in (1.0, 1.1, 1.2)], rim, at=(x, y, 0))
            for k in range(10):
                a = TAU * k / 10
                o = slab(rrect(0.52, 0.52, 0.03, 2), 0.02, 0.005, rim)
                rr = r(2.6)
                place(o, (x + rr * math.cos(a), y + rr * math.sin(a), 2.6), (75, 45, math.degrees(a) + 90))
    coffee = paint("qahwa", "#B98A45", 0.06)
    lathe([(0, 1.5), (2.2, 1.5)], coffee, at=(-6.8, -4.4, 0))
    lathe([(0, 1.5), (2.2, 1.5)], coffee, at=(1.2, -4.4, 0))
    return {"hero": {"az": -14, "el": 32, "fill": 0.86}, "top": {"el": 62, "az": 8, "fill": 0.86}}


@product
def tasting_cups(c):
    g = glazed("#F7F5EF" if c.key == "cobalt" else c.main, rough=0.1, bands=[(2.5, 2.75, c.main), (0.7, 0.85, c.main)] if c.key == "cobalt" else None)
    prof = [(1.3, 0), (1.9, 0.5), (2.6, 1.8), (3.0, 3.2)]
    tea = paint("tea", "#C0813A", 0.05)
    for k in range(6):
        x, y = (-7.4 + 7.2 * (k % 3) + (1.6 if k > 2 else 0), 3.4 if k < 3 else -4.0)
        vessel(prof, 0.14, g, foot=0.22, at=(x, y, 0))
        lathe([(0, 2.3), (2.58, 2.3)], tea, at=(x, y, 0))
    return {"hero": {"az": -12, "el": 32, "fill": 0.86}, "top": {"el": 64, "az": 8, "fill": 0.86}}


@product
def rice_bowls(c):
    g = glazed(c.main, rough=0.1)
    prof = [(2.6, 0), (3.0, 0.7), (4.8, 2.8), (5.5, 5.2), (5.75, 6.4)]
    rice = base("rice", colour="#FBF8F0", rough=0.4, sss=0.3, sss_s=0.2)[0]
    for i, (x, y) in enumerate(((-5.6, 2.4), (6.2, -2.6))):
        vessel(prof, 0.3, g, foot=0.6, at=(x, y, 0))
        if i:
            rng = np.random.default_rng(2)
            o = ball(0.2, rice, seg=12)
            for k in range(900):
                r, a = 5.1 * math.sqrt(rng.random()), rng.uniform(0, TAU)
                d = o if k == 0 else dup(o)
                place(d, (x + r * math.cos(a), y + r * math.sin(a), 5.3 + 2.3 * (1 - (r / 5.3) ** 2) + rng.uniform(-0.12, 0.12)), (rng.uniform(-60, 60), rng.uniform(-60, 60), rng.uniform(0, 360)), (2.1, 1, 1))
            lathe(spline([(0, 7.5), (2.6, 6.9), (5.2, 5.2)], 8), rice, at=(x, y, 0))
    return {"hero": {"az": -14, "el": 28, "fill": 0.84}, "top": {"el": 58, "az": 8, "fill": 0.84}}


@product
def lotus_bowls(c):
    """Four rice bowls, scrolls of lotus painted round each."""
    g = glazed("#F7F5EE", rough=0.1, bands=[(0.75, 0.95, c.main), (5.9, 6.1, c.main), (5.55, 5.65, c.main)])
    ink = glazed(c.main, rough=0.12)
    prof = [(2.7, 0), (3.1, 0.7), (5.3, 2.9), (6.2, 5.4), (6.5, 6.6)]
    pts = spline(prof, 30)
    rad = lambda z: np.interp(z, pts[:, 1], pts[:, 0]) + 0.03
    def painting():
        out = []
        th = np.linspace(0, TAU, 241)
        z = 3.5 + 0.85 * np.sin(6 * th)
        out.append(tube(np.stack([rad(z) * np.cos(th), rad(z) * np.sin(th), z], 1)[:-1], 0.06, ink, closed=True, smooth=0, seg=6))
        for k in range(12):
            a0, s = TAU * (k + 0.5) / 12, (1 if k % 2 else -1)
            t = np.linspace(0, 2.2 * math.pi, 30)
            q = 0.62 * np.exp(-0.26 * t)
            zz = 3.5 + s * 0.1 + q * np.sin(t) * 1.1
            aa = a0 + q * np.cos(t) * 0.16
            out.append(tube(np.stack([rad(zz) * np.cos(aa), rad(zz) * np.sin(aa), zz], 1), 0.05, ink, smooth=0, seg=6))
        V, F = [], []
        for k in range(6):
            a0 = TAU * (k + 0.25) / 6
            for p in range(5):
                tilt = math.radians(-64 + 32 * p)
                b = len(V)
                for i in range(9):
                    u = i / 8
                    w = 0.24 * math.sin(math.pi * u) ** 0.7
                    for s in (-1, 1):
                        dx, dz = u * 1.1 * math.sin(tilt) + s * w * math.cos(tilt), u * 1.1 * math.cos(tilt) - s * w * math.sin(tilt)
                        zz = 3.25 + dz
                        r = float(rad(zz)) + 0.02
                        aa = a0 + dx / r
                        V.append((r * math.cos(aa), r * math.sin(aa), zz))
                for i in range(8):
                    F.append((b + 2 * i, b + 2 * i + 1, b + 2 * i + 3, b + 2 * i + 2))
        out.append(add("petals", V, F, ink, angle=0))
        return out
    for x, y, z, r in ((-5.4, 2.6, 0, 0), (-5.4, 2.6, 2.15, 24), (7.6, 3.4, 0, 40), (2.6, -8.0, 0, 12)):
        o = vessel(prof, 0.24, g, foot=0.55)
        group([o, *painting()], (x, y, z), (0, 0, r))
    return {"hero": {"az": -12, "el": 26, "fill": 0.86}, "top": {"el": 56, "az": 10, "fill": 0.86}}


@product
def enamel_plates(c):
    en = paint("enamel", c.main, 0.12, coat=0.9)
    rim = paint("rim", c.accent, 0.15, coat=0.9)
    def plate():
        pr = np.concatenate([[(0, 0)], fillet([(0, 0), (8.0, 0, 1.4), (9.4, 2.9, 0.5), (11.9, 3.5)], 0.5, 10)[1:], [(11.9, 3.65)], fillet([(11.9, 3.65), (9.25, 3.05, 0.5), (7.9, 0.16, 1.3), (0, 0.16)], 0.5, 10)[1:]])
        return [lathe(pr, en, seg=140), torus(11.95, 0.14, rim, (0, 0, 3.58))]
    for k in range(3):
        group(plate(), (0.15 * k, 0.1 * k, 0.72 * k), (0, 0, 0))
    # the fourth leans behind, so that four can be counted
    group(plate(), (0.5, 17.2, 11.6), (76, 0, 6))
    drop()
    return {"hero": {"az": -14, "el": 26, "fill": 0.84}, "top": {"el": 50, "az": 12, "fill": 0.84}}


@product
def spoon_chopsticks(c):
    m, g, b = base("bronze", colour=c.main, metal=1.0, rough=0.22)
    v = g("TexVoronoi", {"feature": "SMOOTH_F1"}, Vector=g("TexCoord")["Object"], Scale=2.2)["Distance"]
    g.set(b, "Normal", g.bump(v, 0.1, 0.6))
    rest = glazed(c.accent, rough=0.1)
    q = spline([(-10.5, 0, 0.65), (-4, 0, 0.72), (4, 0, 0.95), (6.6, 0, 0.9)], 12)
    k = np.linspace(0, 1, len(q))
    parts = [sweep(q, superellipse(0.34, 1, 2.4, 20), m, up=(0, 0, 1), scale=np.stack([np.interp(k, [0, 1], [0.9, 1.1]), np.interp(k, [0, 0.1, 0.7, 1], [0.75, 0.9, 0.5, 0.62])], 1))]
    bowl = ball(2.0, m, (8.6, 0, 1.25), seg=48)
    reshape(bowl, lambda P: np.stack([P[:, 0] * 1.25, P[:, 1] * 0.98, -0.55 * np.sqrt(np.maximum(0, 1 - (P[:, 0] ** 2 + P[:, 1] ** 2) / 4.0)) + np.where(P[:, 2] > 0, 0.1, 0)], 1))
    parts.append(bowl)
    group(parts, (0, 1.2, 0.4), (0, 0, 0))
    for y, r in ((-2.2, 1), (-3.5, -1)):
        q = np.array([(-11.5, 0, 0.9), (0, 0, 0.95), (11.0, 0, 1.0)])
        o = sweep(resample(q, 16), rrect(0.5, 0.62, 0.12, 3), m, up=(0, 0, 1), scale=np.linspace(1.1, 0.55, 16))
        place(o, (0, y, 0.42), (0, 0, r))
        torus(0.33, 0.06, m, (-8.4, y, 1.34), (0, 90, 0), seg=24)
    place(rbox(1.8, 8.4, 1.0, 0.5, 0.35, rest), (3.4, -1.0, 0))
    drop()
    return {"hero": {"az": -22, "el": 38, "fill": 0.88}, "detail": {"at": (7.4, 0.4, 1.4), "span": 4.4, "az": -28, "el": 32, "blur": 0.005}}


@product
def petty_knife(c):
    st, g, b = base("blade steel", metal=1.0, rough=0.24)
    co = g("TexCoord")["Object"]
    n = g.noise(g.scale(co, (0.5, 3, 1)), 1.2, 3, 0.5)
    y = g("SeparateXYZ", Vector=co)["Y"]
    edge = g.math("GREATER_THAN", g.math("ADD", y, g.math("MULTIPLY", g.math("SUBTRACT", n, 0.5), 0.5)), -0.55)
    g.set(b, "Base Color", g.mix(edge, "#DADCE0", g.ramp(n, [(0.3, "#7C7E84"), (0.7, "#A9ABB0")])))
    L = 13.5
    xs = np.linspace(0, L, 50)
    t = xs / L
    top = 1.25 - 0.3 * t ** 2 - 0.55 * np.clip((t - 0.7) / 0.3, 0, 1) ** 2
    bot = np.minimum(-1.35 + 0.15 * t + 1.9 * np.clip((t - 0.4) / 0.6, 0, 1) ** 2.2, top - 0.02)
    V, F = [], []
    for i in range(50):
        th = 0.09 * (1 - 0.5 * t[i])
        V += [(xs[i], bot[i], 0), (xs[i], bot[i] + 0.35 * (top[i] - bot[i]), th * 0.9), (xs[i], top[i], th), (xs[i], top[i], -th), (xs[i], bot[i] + 0.35 * (top[i] - bot[i]), -th * 0.9)]
    for i in range(49):
        for k in range(5):
            F.append((i * 5 + k, i * 5 + (k + 1) % 5, (i + 1) * 5 + (k + 1) % 5, (i + 1) * 5 + k))
    F.append(tuple(range(4, -1, -1)))
    parts = [add("blade", V, F, st, angle=30)]
    horn = paint("horn", "#17151A", 0.22, coat=0.5)
    oct_ = polygon(1.0, 8, TAU / 16)
    parts.append(sweep([(-0.1, 0.2, 0), (-1.9, 0.2, 0)], oct_ * (0.72, 0.95), horn, up=(0, 0, 1), angle=25))
    q = np.array([(-1.9, 0.2, 0), (-6, 0.22, 0), (-11.2, 0.2, 0)])
    parts.append(sweep(resample(q, 14), oct_ * (0.75, 0.98), wood(c.main, "x", 1.2, gloss=0.25), up=(0, 0, 1), angle=25, scale=np.linspace(0.97, 1.12, 14)))
    group(parts, (0, -0.5, 2.55), (0, 0, 10))
    rbox(30, 13, 1.8, 0.8, 0.25, wood(c.accent, "x", 0.7), (1.0, 0, 0))
    # what it is for: a peeled orange half
    peel = base("orange", colour="#E0882B", rough=0.4, sss=0.2, sss_s=0.5)[0]
    m2, g2, b2 = base("flesh", rough=0.3, sss=0.3, sss_s=0.5)
    co2 = g2("TexCoord")["Object"]
    s2 = g2("SeparateXYZ", Vector=co2)
    ang = g2.math("ARCTAN2", s2["Y"], s2["X"])
    seg = g2.math("ABSOLUTE", g2.math("SINE", g2.math("MULTIPLY", ang, 5.0)))
    g2.set(b2, "Base Color", g2.ramp(seg, [(0.06, "#F6DDA8"), (0.2, "#EE9A2E")]))
    o = [reshape(ball(3.2, peel, seg=56), lambda P: np.stack([P[:, 0], P[:, 1], np.minimum(P[:, 2], 0)], 1)), lathe([(0, 0.02), (2.9, 0.02)], m2), lathe([(2.9, 0.02), (3.2, 0.0)], paint("pith", "#F8EBCB", 0.6))]
    group(o, (9.0, 3.4, 4.9), (16, 0, 20))
    return {"hero": {"az": -18, "el": 42, "fill": 0.86}, "detail": {"at": (-1.0, -0.6, 2.6), "span": 4.6, "az": -28, "el": 36, "blur": 0.005}}


@product
def cypress_board(c):
    w = wood(c.main, "x", 0.55)
    rbox(39, 22, 2.8, 0.5, 0.25, w, (0, 0, 0.0))
    # spring onions and their rings
    wt, gn = base("white", colour="#F3F3E2", rough=0.4)[0], base("green", colour="#6FA24A", rough=0.45)[0]
    for k in range(3):
        y = 5.6 - 1.3 * k
        q = spline([(-16, y, 3.4), (-6, y + 0.3, 3.45), (4, y - 0.2, 3.5), (15, y + 0.8 * (k - 1), 3.6)], 12)
        n = len(q)
        tube(q[: n // 3], 0.5, wt, smooth=0, scale=[1.4, 1.0])
        tube(q[n // 3 - 1:], 0.48, gn, smooth=0, scale=[1, 0.9, 0.5])
    rng = np.random.default_rng(3)
    for i in range(46):
        r = rng.uniform(0.32, 0.55)
        x, y = rng.normal(6.0, 3.0), rng.normal(-4.6, 1.5)
        o = lathe(fillet([(r * 0.55, 0), (r, 0), (r, 0.4), (r * 0.55, 0.4), (r * 0.55, 0.0)], 0.03), gn if i % 3 else wt, seg=24)
        place(o, (x, max(-9, y), 2.82 + 0.3 * (i % 4 == 0)), (rng.uniform(-30, 30) if i % 4 == 0 else 0, 0, 0))
    return {"hero": {"az": -24, "el": 32, "fill": 0.88}, "detail": {"at": (13, -8, 2.4), "span": 7.0, "az": -40, "el": 26, "blur": 0.005}}


@product
def bamboo_tray(c):
    w = wood(c.main, "x", 0.9)
    W, D, H = 42.0, 26.0, 6.0
    for y in (-D / 2 + 0.7, D / 2 - 0.7):
        rbox(W, 1.4, H, 0.4, 0.15, w, (0, y, 0))
    for x in (-W / 2 + 0.7, W / 2 - 0.7):
        rbox(1.4, D, H, 0.4, 0.15, wood(c.main, "y", 0.9), (x, 0, 0))
    rbox(W - 2, D - 2, 0.8, 0.2, 0.1, paint("drawer", "#8A6A3A", 0.7), (0, 0, 2.2))
    n = 17
    for k in range(n):
        y = -D / 2 + 2.0 + (D - 4.0) * k / (n - 1)
        rbox(W - 2.9, 1.02, 0.9, 0.2, 0.12, w, (0, y, H - 1.15))
    # the drawer in front, a little open
    rbox(W - 7, 3.4, 3.6, 0.3, 0.14, w, (0, -D / 2 - 1.3, 0.6))
    place(rbox(6.0, 1.2, 1.1, 0.5, 0.2, paint("grip", "#5A3A22", 0.6)), (0, -D / 2 - 3.0, 2.3))
    # a cup and a gaiwan stand on it for size
    g = glazed("#F3F0E6", rough=0.1)
    for x, y in ((-11.5, 3.2), (-5.0, -4.6), (-14.0, -5.2)):
        vessel([(1.3, 0), (1.9, 0.5), (2.7, 1.9), (3.0, 3.4)], 0.16, g, foot=0.22, at=(x, y, H - 0.2))
        lathe([(0, 2.5), (2.6, 2.5)], paint("tea", "#B0702A", 0.05), at=(x, y, H - 0.2))
    vessel([(2.0, 0), (3.4, 1.4), (4.4, 4.0), (4.6, 5.6)], 0.2, g, foot=0.3, at=(9.6, 1.6, H - 0.2))
    lathe(np.concatenate([[(4.4, 5.5)], spline([(4.3, 5.9), (2.6, 7.0), (1.0, 7.4)], 8), [(1.2, 8.2), (0, 8.2)]]), g, at=(9.6, 1.6, H - 0.2))
    return {"hero": {"az": -22, "el": 30, "fill": 0.88}, "detail": {"at": (13, -9, 5), "span": 8.0, "az": -34, "el": 26, "blur": 0.004}}


@product
def cloth_filters(c):
    cl = cloth(c.main, 0.1, depth=0.3)
    st = steel(0.22, 0)
    wd = wood("walnut", "x")
    def one():
        def cone(V, th, r, z):
            return np.stack([V[:, 0] * (1 + 0.03 * np.sin(7 * th) * (1 - z / 14)), V[:, 1] * (1 + 0.03 * np.sin(7 * th + 1) * (1 - z / 14)), z + 0.12 * np.sin(5 * th) * (1 - z / 14)], 1)
        o = lathe(spline([(0.25, 0.2), (2.4, 3.6), (4.4, 9.0), (5.4, 13.4), (5.5, 14.2)], 12), cl, seg=140, angle=0, fn=cone)
        s = o.modifiers.new("t", "SOLIDIFY")
        s.thickness = 0.12
        torus(5.5, 0.22, cl, (0, 0, 14.1), ry=0.4)
        torus(5.6, 0.17, st, (0, 0, 14.3))
        tube([(5.5, 0, 14.3), (7.5, 0, 14.4), (8.6, 0, 14.5)], 0.2, st)
        q = np.array([(8.2, 0, 14.5), (13, 0, 14.8), (17.6, 0, 15.0)])
        sweep(resample(q, 14), superellipse(1.5, 1.7, 2.3, 24), wd, up=(0, 0, 1), scale=np.interp(np.linspace(0, 1, 14), [0, 0.1, 0.5, 0.95, 1], [0.6, 0.75, 1.0, 0.95, 0.6]))
    before = set(everything())
    one()
    group([o for o in everything() if o not in before], (-3.6, 3.4, 0.0), (0, 0, 12))
    before = set(everything())
    one()
    group([o for o in everything() if o not in before], (10.2, 3.0, 5.9), (97, 0, -10))
    # the first hangs in a glass pot
    gl = glass("#FBFEFF")
    vessel([(5.0, 0), (6.2, 0.5), (6.4, 4), (5.9, 8.4), (6.0, 9.6)], 0.2, gl, floor=0.3, at=(-3.6, 3.4, 0))
    lathe(spline([(0, 0.35), (5.6, 0.4), (6.1, 2.2), (6.12, 2.9), (0, 2.9)], 5), liquid("#3A1A0B"), at=(-3.6, 3.4, 0))
    drop()
    return {"hero": {"az": -16, "el": 20, "fill": 0.84}, "detail": {"at": (2.5, 2.0, 13), "span": 6.4, "az": 18, "el": 26, "blur": 0.005}}


@product
def glass_tumblers(c):
    gl = glass(c.main, shadow=0.9)
    def uneven(V, th, r, z):
        k = 1 + 0.015 * np.sin(2 * th + z)
        return np.stack([V[:, 0] * k, V[:, 1] * k, z], 1)
    prof = fillet([(1.9, 0), (2.25, 0.3, 0.25), (2.6, 6.2)], 0.2, 8)
    for k in range(6):
        x, y = -7.0 + 7.0 * (k % 3) + (1.6 if k > 2 else -0.6), 3.2 if k < 3 else -4.2
        o = vessel(prof, 0.26, gl, floor=1.0, smooth=False, fn=uneven, seg=72)
        place(o, (x, y, 0), (0, 0, 50 * k))
    lathe(fillet([(0, 1.02), (1.95, 1.02, 0.1), (2.15, 4.0), (0, 4.0)], 0.1), liquid("#F3E2A8"), at=(1.6, -4.2, 0))
    lime = paint("lime", "#7FA63A", 0.35)
    o = [lathe(fillet([(0, 0), (2.2, 0), (2.2, 0.5), (0, 0.5)], 0.1), lime, seg=64), lathe([(0, 0.52), (1.95, 0.52)], paint("flesh", "#CFE08A", 0.25))]
    for k in range(8):
        a = TAU * k / 8
        o.append(rbox(1.7, 0.1, 0.03, 0.04, 0.01, paint("pith", "#EEF3D0", 0.4), (0.95 * math.cos(a), 0.95 * math.sin(a), 0.52), (0, 0, math.degrees(a))))
    group(o, (9.4, -8.6, 0), (0, 0, 0))
    return {"hero": {"az": -14, "el": 28, "fill": 0.86}, "top": {"el": 58, "az": 8, "fill": 0.86}}


@product
def dallah(c):
    m, g, b = base("hammered", colour=c.main if c.key == "brass" else "#CFD2D6", metal=1.0, rough=0.2)
    v = g("TexVoronoi", {"feature": "SMOOTH_F1"}, Vector=g("TexCoord")["Object"], Scale=1.7)["Distance"]
    g.set(b, "Normal", g.bump(v, 0.16, 0.5))
    sm = metal(c.accent if c.key == "brass" else "#B9BCC2", 0.16)
    pr = np.concatenate([[(0, 0), (5.6, 0)], spline([(5.8, 0.2), (7.4, 2.4), (7.2, 5.6), (4.6, 9.0), (3.0, 12.0), (3.4, 15.0), (4.6, 18.0)], 12), [(4.4, 18.1), (0, 17.4)]])
    lathe(pr, m, seg=128)
    for r, z in ((5.9, 0.3), (3.02, 12.0), (4.7, 18.0)):
        torus(r, 0.24, sm, (0, 0, z))
    # lid: a dome drawn to a spire
    lathe(np.concatenate([[(4.5, 18.2)], spline([(4.4, 18.5), (3.6, 20.4), (1.6, 22.0), (0.7, 23.0)], 8), spline([(0.5, 23.4), (1.1, 24.2), (0.5, 25.0), (0.75, 25.8), (0.3, 26.8), (0.12, 29.0), (0, 29.3)], 6)]), sm)
    # beak: a crescent open above
    q = spline([(-4.2, 0, 14.6), (-6.6, 0, 16.4), (-9.4, 0, 19.0), (-12.8, 0, 20.2), (-15.6, 0, 18.8)], 14)
    k = np.linspace(0, 1, len(q))
    sec = np.array([(math.sin(t), math.cos(t)) for t in np.linspace(0.35, TAU - 0.35, 28)])
    ring = np.concatenate([sec, (sec * 0.86)[::-1]])
    ring = ring[:, ::1] * (1, 1)
    sweep(q, ring * (-1, 1), m, up=(0, 0, 1), scale=np.stack([np.interp(k, [0, 0.5, 1], [2.6, 1.5, 0.35]), np.interp(k, [0, 0.4, 1], [2.0, 1.3, 0.45])], 1), angle=60)
    handle([(3.6, 0, 16.8), (7.6, 0, 17.6), (10.4, 0, 14.4), (10.2, 0, 9.0), (8.4, 0, 5.6), (6.6, 0, 5.2)], 1.3, 0.8, sm, [1.1, 1, 1, 1, 1, 1.2])
    tube([(4.4, 0, 18.4), (5.6, 0, 18.8), (6.4, 0, 17.6)], 0.3, sm)
    return {"hero": {"az": -20, "el": 14, "fill": 0.84}, "detail": {"at": (-4, 0, 17), "span": 6.8, "az": -34, "el": 22, "blur": 0.005}}


@product
def fairness_cup(c):
    g = glazed(c.main, rough=0.1)
    def lip(V, th, r, z):
        k = np.clip((z - 6.2) / 1.8, 0, 1) ** 1.4 * np.exp(-((np.abs(th) - math.pi) / 0.34) ** 2)
        return np.stack([V[:, 0] * (1 + 0.26 * k), V[:, 1] * (1 - 0.10 * k), z + 0.45 * k], 1)
    vessel([(2.5, 0), (3.8, 0.8), (4.5, 3.2), (3.9, 6.0), (3.6, 8.0)], 0.2, g, foot=0.25, fn=lip, seg=160)
    handle([(4.1, 0, 6.4), (5.8, 0, 6.8), (7.0, 0, 5.4), (6.5, 0, 3.4), (4.5, 0, 2.4)], 0.9, 0.55, g, [1.1, 1, 0.95, 0.95, 1.1])
    lathe([(0, 6.0), (3.72, 6.0)], paint("tea", c.accent, 0.05))
    return {"hero": {"az": 22, "el": 26, "fill": 0.76}, "detail": {"at": (-2.4, 0, 7.2), "span": 3.6, "az": -30, "el": 34, "blur": 0.006}}


@product
def teapot_handle(c):
    """A large pot carried by a woven handle over its lid."""
    g = glazed(c.main, rough=0.1)
    vessel([(4.4, 0), (6.6, 1.0), (8.0, 4.0), (7.4, 7.6), (5.2, 9.8), (4.0, 10.4)], 0.3, g, foot=0.35)
    lathe(np.concatenate([[(4.0, 10.3), (4.2, 10.4)], spline([(4.1, 10.6), (3.0, 11.4), (1.2, 11.9)], 8), spline([(0.7, 12.1), (0.8, 12.6), (1.2, 13.1), (0.9, 13.7), (0, 13.9)], 6)]), g)
    spout([(-6.9, 0, 3.6), (-9.2, 0, 5.0), (-10.6, 0, 7.8), (-12.4, 0, 9.6)], [1.7, 1.2, 0.85, 0.7], g)
    # lugs and the handle, wound with rattan
    for s in (-1, 1):
        torus(1.0, 0.36, g, (s * 4.9, 0, 10.6), (90, 0, 0))
    arc = spline([(-4.9, 0, 11.0), (-6.4, 0, 14.6), (-4.8, 0, 19.0), (0, 0, 21.2), (4.8, 0, 19.0), (6.4, 0, 14.6), (4.9, 0, 11.0)], 24)
    rat = wood(c.accent, "z", 1.8)
    tube(arc, 0.42, rat, smooth=0, seg=16)
    p, t, n, b = frames(arc, up=(0, 1, 0))
    m = len(p)
    ph = np.linspace(0, 96 * TAU, m * 24)
    idx = np.linspace(0, m - 1, m * 24)
    P = np.stack([np.interp(idx, np.arange(m), p[:, i]) for i in range(3)], 1)
    N = np.stack([np.interp(idx, np.arange(m), n[:, i]) for i in range(3)], 1)
    B = np.stack([np.interp(idx, np.arange(m), b[:, i]) for i in range(3)], 1)
    keep = slice(int(m * 24 * 0.08), int(m * 24 * 0.92))
    wind = P + 0.5 * (np.cos(ph)[:, None] * N + np.sin(ph)[:, None] * B)
    sweep(wind[keep], circle(0.17, 8), rat, angle=70)
    return {"hero": {"az": -20, "el": 15, "fill": 0.82}, "detail": {"at": (0, 0, 15), "span": 7.5, "az": 20, "el": 24, "blur": 0.005}}


@product
def teapot_shuiping(c):
    """A low round pot for one, straight of spout, with a single cup before it."""
    clay = matte_ceramic(c.main, grain=0.6, rough=0.4)
    vessel([(2.6, 0), (4.0, 0.6), (4.9, 2.4), (4.5, 4.4), (3.0, 5.4)], 0.26, clay, foot=0.2)
    lathe(np.concatenate([[(3.1, 5.36)], spline([(3.0, 5.55), (2.0, 6.2), (0.7, 6.5)], 8), spline([(0.42, 6.65), (0.5, 6.95), (0.85, 7.3), (0.55, 7.75), (0, 7.85)], 6)]), clay)
    spout([(-4.3, 0, 2.6), (-5.6, 0, 3.4), (-6.9, 0, 4.6), (-7.8, 0, 5.4)], [0.95, 0.72, 0.56, 0.48], clay)
    handle([(4.3, 0, 4.5), (5.8, 0, 5.3), (7.0, 0, 4.3), (6.7, 0, 2.6), (4.7, 0, 1.6)], 0.75, 0.56, clay, [1.15, 0.95, 0.9, 0.9, 1.05])
    vessel([(1.1, 0), (1.8, 0.4), (2.3, 1.3), (2.5, 2.3)], 0.15, clay, foot=0.15, at=(6.2, -5.8, 0))
    lathe([(0, 1.8), (2.18, 1.8)], paint("tea", "#9C5A1E", 0.05), at=(6.2, -5.8, 0))
    return {"hero": {"az": 16, "el": 24, "fill": 0.8}, "detail": {"at": (-0.5, 0, 5.2), "span": 4.6, "az": -34, "el": 36, "blur": 0.006}}


@product
def travel_tea_set(c):
    g = glazed(c.main, rough=0.12)
    vessel([(3.2, 0), (4.2, 0.5), (4.7, 3.0), (4.6, 6.0), (4.3, 6.8)], 0.26, g, foot=0.25)
    def lip(V, th, r, z):
        k = np.exp(-((np.abs(th) - math.pi) / 0.3) ** 2)
        return np.stack([V[:, 0] * (1 + 0.16 * k), V[:, 1], z + 0.2 * k], 1)
    lathe(fillet([(4.3, 6.6), (4.6, 6.8), (4.6, 7.3), (4.2, 7.3), (4.1, 6.8)], 0.08), g, fn=lip, seg=140)
    lathe(np.concatenate([[(0, 7.0), (4.05, 7.05)], fillet([(4.05, 7.2), (3.4, 7.9, 0.4), (1.4, 8.2, 0.3), (1.3, 9.0, 0.2), (0, 9.1)], 0.2, 6)]), g)
    for x, y, full in ((7.2, -4.6, True), (-6.4, -6.0, False)):
        vessel([(2.2, 0), (3.0, 0.4), (3.5, 2.0), (3.7, 4.0)], 0.2, g, foot=0.2, at=(x, y, 0))
        if full:
            lathe([(0, 3.1), (3.35, 3.1)], paint("tea", "#B98A3A", 0.05), at=(x, y, 0))
    # the bag, laid beside with its cord
    cl = cloth(c.accent, 0.16, depth=0.4)
    o = cushion(13, 15, 3.6, cl, 70, pinch=0.05, wrinkle=0.3, seed=4)
    place(o, (9.4, 6.2, 1.7), (0, 0, 24))
    tube([(4.6, 12.6, 3.0), (7.4, 13.2, 3.3), (11.4, 11.2, 3.2), (13.6, 12.6, 1.6), (15.0, 10.0, 0.3), (14.2, 7.2, 0.3)], 0.22, leather("#6B4226"))
    drop()
    return {"hero": {"az": -12, "el": 26, "fill": 0.84}, "detail": {"at": (0, 0, 7), "span": 5.4, "az": 22, "el": 34, "blur": 0.005}}


@product
def plum_vase(c):
    g = glazed(c.main, rough=0.1)
    prof = [(4.2, 0), (4.4, 2.0), (5.4, 8.0), (7.6, 16.0), (7.9, 19.6), (6.0, 22.8), (2.9, 24.2), (2.1, 24.9), (2.2, 25.6), (2.7, 26.0)]
    vessel(prof, 0.4, g, foot=0.3, seg=128)
    wd = paint("twig", "#54402F", 0.85)
    bl = paint("blossom", c.accent, 0.55)
    heart = paint("heart", "#D8A23A", 0.6)
    rng = np.random.default_rng(8)
    for p in ([(0, 0, 18), (0.6, 0, 27), (6, -1, 33), (9, -0.5, 42)], [(3.4, -0.5, 30.4), (1.6, -1.0, 35), (-3.0, -0.4, 40)], [(6.8, -0.9, 35.5), (11.0, -1.6, 36.6), (14.4, -1.0, 35.8)]):
        q = spline(p, 10)
        tube(q, 0.24, wd, scale=[1.2, 1, 0.8, 0.4], seg=10, smooth=0)
        for k in range(14 if p[0][2] == 18 else 6, len(q), 3):
            parts = [reshape(ball(0.6, bl, (0.6 * math.cos(j * TAU / 5), 0.6 * math.sin(j * TAU / 5), 0.1), seg=18), lambda P: P * (1, 1, 0.3)) for j in range(5)]
            parts.append(ball(0.2, heart, (0, 0, 0.25), seg=12))
            group(parts, tuple(q[k] + rng.normal(size=3) * 0.25), (rng.uniform(20, 80), rng.uniform(-30, 30), rng.uniform(-60, 60)), rng.uniform(0.85, 1.15))
    return {"hero": {"az": -14, "el": 9, "fill": 0.88}, "detail": {"at": (0, 0, 21), "span": 9.0, "az": 20, "el": 22, "blur": 0.004}}


@product
def moon_jar_small(c):
    """Empty, as it stands on a shelf; a little lower than its larger sister."""
    g = glazed(c.main, rough=0.12)
    a = np.linspace(-1.08, 1.16, 14)
    def hand(V, th, r, z):
        k = 1 + 0.012 * np.sin(th + 0.6) * np.sin(z * 0.26)
        return np.stack([V[:, 0] * k, V[:, 1] * k, z], 1)
    vessel([(2.7, 0)] + [(6.3 * math.cos(t), 5.7 + 5.7 * math.sin(t) * 0.98) for t in a][1:-1] + [(2.8, 11.2), (2.95, 12.0)], 0.34, g, foot=0.25, seg=128, fn=hand)
    # one camellia lies before it
    pet = base("petal", colour="#C0392B" if c.key != "ink" else "#F3D6DA", rough=0.5, sss=0.15, sss_s=0.3)[0]
    parts = []
    for ring, (n, r, tilt) in enumerate(((5, 0.5, 66), (6, 1.0, 38), (7, 1.5, 14))):
        for k in range(n):
            o = ball(1.0, pet, seg=20)
            o.scale = (1.0, 0.95, 0.16)
            ang = 360 * (k + 0.5 * ring) / n
            place(o, (r * math.cos(math.radians(ang)), r * math.sin(math.radians(ang)), 1.0 - 0.3 * ring), (0, -tilt, ang), (1.0, 0.95, 0.14))
            parts.append(o)
    parts.append(ball(0.5, paint("stamen", "#E0B03A", 0.7), (0, 0, 1.2), seg=20))
    group(parts, (6.4, -6.6, 0.4), (8, 12, 0))
    drop()
    return {"hero": {"az": -12, "el": 18, "fill": 0.8}, "detail": {"at": (0, 0, 10), "span": 6.0, "az": 20, "el": 30, "blur": 0.005}}


@product
def lotus_dish(c):
    g = glazed(c.main, rough=0.1)
    np.linspace(0, TAU, 181)[:-1]
    def f(U, V):
        a = U * TAU
        r = 6.0 * V * (1 + 0.05 * np.sin(7 * a) * V ** 3 + 0.03 * np.sin(3 * a + 1) * V ** 2)
        z = 0.45 + 1.9 * V ** 3 * (1 + 0.22 * np.sin(7 * a + 1) + 0.3 * np.sin(2 * a)) 
        vein = np.exp(-(np.abs(((a * 9 / TAU) % 1) - 0.5) - 0.5) ** 2 / 0.004)
        return np.stack([r * np.cos(a), r * np.sin(a), z - 0.10 * vein * np.clip(V * 3, 0, 1)], 1)
    grid(f, 220, 40, g, wrap_u=True, thick=0.3)
    lathe(fillet([(2.4, 0), (2.8, 0), (2.8, 0.5), (2.4, 0.5)], 0.08), g)
    tube([(5.7, 0, 1.6), (7.0, 0.4, 1.9), (8.0, 1.4, 1.5), (8.2, 2.4, 0.9)], 0.42, g, scale=[1.1, 1, 0.9, 0.9])
    torus(0.5, 0.2, g, (8.2, 2.6, 0.7), (90, 0, 0), seg=40)
    ink = paint("ink", "#141416", 0.05, coat=1.0)
    lathe([(0, 0.78), (1.7, 0.8)], ink, fn=lambda V, t, r, z: np.stack([V[:, 0] * (1 + 0.12 * np.sin(3 * t)), V[:, 1] * (1 + 0.1 * np.sin(2 * t)), z], 1))
    # a brush rests on the rim
    bam = wood("bamboo", "x")
    p = [tube([(-12.0, 0, 0), (0, 0, 0)], 0.42, bam, smooth=0, seg=20), cyl(0.5, 0.9, 0.1, paint("ferrule", c.accent, 0.4), (-0.3, 0, 0), (0, 90, 0)),
         place(lathe(spline([(0.42, 0), (0.62, 0.9), (0.4, 2.2), (0.04, 3.6), (0, 3.7)], 8), paint("hair", "#2A2422", 0.8)), (0.5, 0, 0), (0, 90, 0))]
    group(p, (-1.8, -1.6, 2.25), (0, 9, 26))
    drop()
    return {"hero": {"az": -16, "el": 34, "fill": 0.84}, "top": {"el": 66, "az": 10, "fill": 0.84}}


@product
def mabkhara(c):
    m = matte_ceramic(c.main, grain=0.8) if c.key == "terracotta" else glazed(c.main, rough=0.2)
    band = glazed(c.accent, rough=0.2)
    # foot, waist and a flaring square head
    sq = lambda w, z, r=0.5: lift(rrect(w, w, min(r, w / 2 - 0.05), 8), z)
    loft([sq(8.6, 0), sq(9.0, 0.2), sq(9.0, 1.0), sq(7.2, 2.0), sq(4.2, 5.2), sq(3.9, 6.4), sq(5.4, 8.2), sq(8.8, 11.4), sq(9.4, 12.2), sq(9.4, 13.2), sq(9.1, 13.4), sq(8.2, 13.4), sq(7.8, 12.4)], m, angle=34, cap1=True)
    for k in range(4):
        parts = [place(slab(fillet([(-0.9, 0, 0.02), (0.9, 0, 0.02), (0, 1.7, 0.02)], 0.05, 2, closed=True), 0.08, 0.02, band), (2.0 * i, 0, 0), (90, 0, 0)) for i in (-1.5, -0.5, 0.5, 1.5)]
        e = group(parts, (0, 0, 0))
        group([e], (0, 0, 0), (0, 0, 90 * k))
        place(e, (0, -4.66, 11.3))
    for k in range(4):
        for i in range(-2, 3):
            o = torus(0.42, 0.1, band, (0, 0, 0), seg=28)
            e = group([o], (0, 0, 0), (0, 0, 90 * k))
            place(o, (1.55 * i, -4.5, 0.62), (90, 0, 0))
    br = metal("#C9A25A", 0.3)
    lathe(fillet([(0, 12.6), (2.9, 12.6), (3.5, 14.0), (3.3, 14.0), (2.7, 12.9), (0, 12.9)], 0.06), br)
    coal, g, b = base("coal", rough=0.9)
    n = g.noise(g("TexCoord")["Object"], 1.6, 4, 0.6)
    g.set(b, "Base Color", g.ramp(n, [(0.3, "#1A1716"), (0.7, "#5A524E")]))
    g.set(b, "Emission Color", g.ramp(n, [(0.5, "#000000"), (0.62, "#FF5A1A")]))
    g.set(b, "Emission Strength", 2.2)
    for x, y in ((-1.0, 0.3), (0.9, 0.8), (0.2, -1.0)):
        o = ball(0.95, coal, (x, y, 13.6), seg=24)
        reshape(o, lambda P: P * (1 + 0.18 * wobble(P, 0.5, 3))[:, None])
    drop()
    return {"hero": {"az": -26, "el": 18, "fill": 0.78}, "detail": {"at": (0, -1, 12), "span": 6.0, "az": -16, "el": 32, "blur": 0.005}}
