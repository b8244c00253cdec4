"""What comes in bags, tins, boxes and bottles."""
import math
import numpy as np
from studio import *
from . import product
from .kit import *


def bag(w, d, h, m, seed=3):
    """A filled bag with a flat top, standing; returns where its front lies: front(x, z) is y."""
    loops = []
    for k in range(60):
        t = k / 59
        top = np.clip((t - 0.66) / 0.34, 0, 1) ** 1.1
        dep = d * (1 - top) + 0.3 * top
        o = rrect(w, dep, min(0.9, dep / 2 - 0.01), 23)
        side = np.clip((np.abs(o[:, 0]) - w / 2 + 0.95) / 0.95, 0, 1)
        o[:, 0] -= np.sign(o[:, 0]) * side * (1 - np.abs(o[:, 1]) / (dep / 2 + 1e-6)) * (0.4 + 1.2 * (1 - top) * t)
        P = lift(o, h * t)
        P[:, 1] += np.sign(P[:, 1]) * math.sin(math.pi * min(1, t / 0.84)) * 0.5 * (1 - top) * np.cos(P[:, 0] / w * math.pi * 0.9)
        P[:, 1] += 0.09 * wobble(P, 0.10, seed) * (0.2 + t)
        P[:, 0] += 0.05 * wobble(P, 0.2, seed + 6)
        loops.append(P)
    loft(loops, m, angle=60, weighted=False)

    def front(x, z):
        t = z / h
        top = np.clip((t - 0.66) / 0.34, 0, 1) ** 1.1
        dep = d * (1 - top) + 0.3 * top
        return -dep / 2 - 0.62 * np.cos(x / w * 2.6) * np.sin(np.pi * np.clip(t / 0.84, 0, 1)) * (1 - top) - 0.07
    return front


def on_front(front, w, z0, z1, mat, proud=0.06):
    """A label on the front of a bag."""
    def f(U, V):
        x, z = (U - 0.5) * w, z0 + V * (z1 - z0)
        return np.stack([x, front(x, z) - proud, z], 1)
    o = grid(f, 24, 24, mat)
    s = o.modifiers.new("t", "SOLIDIFY")
    s.thickness = 0.03
    return o


def say(front, s, size, ink, z, spacing=1.0, x=0.0, proud=0.11):
    """Words on the front of a bag."""
    t = word(s, size, ink, rot=(0, 0, 0), spacing=spacing)

    def f(P):
        xx, zz = x + P[:, 0], z + P[:, 1]
        return np.stack([xx, front(xx, zz) - proud - P[:, 2], zz], 1)
    return reshape(t, f)


def flat(x, z, y):
    """The front of a box as a bag's is told."""
    return lambda xx, zz: np.full_like(np.asarray(xx, float), y)


def tin(r, h, body, lid, lid_h=2.0, seg=112):
    """A round tin with its lid on."""
    lathe(fillet([(0, 0), (r, 0), (r, h), (0, h)], 0.1), body, seg=seg)
    torus(r - 0.02, 0.07, lid, (0, 0, 0.12))
    lathe(fillet([(0, h - lid_h), (r + 0.12, h - lid_h, 0.04), (r + 0.12, h + 0.1, 0.18), (r - 0.7, h + 0.22, 0.1), (0, h + 0.22)], 0.06), lid, seg=seg)


def round_words(lines, r, ink):
    """Lines (words, size, z, spacing) around a tin or jar."""
    for s, size, z, sp in lines:
        word_round(s, size, r, z, ink, spacing=sp, depth=0.012)


def bean(mat):
    b = ball(0.62, mat, seg=24)
    return reshape(b, lambda P: np.stack([P[:, 0] * 0.78, P[:, 1] * 1.12, np.where(P[:, 2] > 0, P[:, 2] * 0.55 - 0.16 * np.exp(-(P[:, 0] / 0.09) ** 2), P[:, 2] * 0.72)], 1))


def strewn(make, n, x, y, z=0.3, seed=1, tilt=25):
    """Copies of one small thing on the floor."""
    rng = np.random.default_rng(seed)
    o = make()
    for i in range(n):
        d = o if i == 0 else dup(o)
        place(d, (rng.uniform(*x), rng.uniform(*y), z), (rng.uniform(-tilt, tilt), rng.uniform(-tilt, tilt), rng.uniform(0, 360)))


def blade(L, w, mat, curl=0.3, thick=0.04):
    """A dry tea leaf or a green one."""
    def f(U, V):
        u = U * 2 - 1
        return np.stack([V * L - L / 2, u * w / 2 * np.sin(np.pi * np.clip(V, 0.02, 0.98)) ** 0.8, 0.1 + np.abs(u) * w * 0.25 + curl * np.sin(V * 3.0)], 1)
    return grid(f, 9, 18, mat, thick=thick)


def roasted(colour="#3A2014"):
    return base("bean", colour=colour, rough=0.35, coat=0.3)[0]


@product
def beans_bag(c):
    m = paper(c.main, 0.5)
    w, d, h = 14.5, 8.5, 25.0
    f = bag(w, d, h, m, 5)
    rbox(w + 0.1, 0.7, 2.2, 0.3, 0.12, m, (0, 0, h - 1.9))
    rbox(w + 1.4, 0.35, 0.8, 0.12, 0.1, gold(0.25), (0, -0.5, h - 1.2))
    cyl(0.9, 0.16, 0.05, plastic("#F3E6CC"), (0, float(f(0, 18.3)) + 0.15, 18.3), (76, 0, 0))
    on_front(f, 10.5, 4.2, 14.6, paper(c.accent))
    ink = paint("ink", shade(c.main, -0.25), 0.5)
    say(f, "Miscela Bar", 1.75, ink, 12.4)
    say(f, "BELFORTE · TORINO 1923", 0.58, ink, 10.8, 1.08)
    on_front(f, 7.4, 10.02, 10.1, gold(0.3), 0.1)
    say(f, "COFFEE BEANS", 0.85, ink, 8.5, 1.15)
    say(f, "500 g", 0.95, ink, 5.4)
    b = roasted()
    strewn(lambda: bean(b), 22, (-8, 9), (-9.5, -6), 0.42, 3)
    return {"hero": {"az": -24, "el": 15, "fill": 0.8}, "detail": {"at": (0, -4, 10.5), "span": 7.6, "az": 14, "el": 14, "blur": 0.004}}


@product
def decaf_bag(c):
    m = kraft(c.main) if c.key == "kraft" else paper(c.main, 0.55)
    w, d, h = 12.0, 6.6, 18.5
    f = bag(w, d, h, m, 11)
    rbox(w + 0.1, 0.7, 2.6, 0.3, 0.12, m, (0, 0, h - 2.2))
    rbox(w + 1.4, 0.3, 0.7, 0.12, 0.1, paint("tie", c.accent, 0.45), (0, -0.5, h - 1.4))
    on_front(f, 8.4, 3.4, 11.6, paper("#FAF5EA"))
    ink = paint("ink", c.third, 0.5)
    say(f, "ALTURA", 1.45, ink, 10.0, 1.08)
    on_front(f, 8.4, 7.6, 9.0, paint("band", "#7D8F6A", 0.6), 0.09)
    say(f, "DECAF", 1.1, paint("white", "#FFFFFF", 0.5), 8.3, 1.3, proud=0.14)
    say(f, "WATER PROCESS", 0.52, ink, 6.5, 1.15)
    say(f, "CARAMEL  ·  WALNUT", 0.46, ink, 5.5, 1.1)
    say(f, "250 g", 0.6, ink, 4.2)
    b = roasted("#5A3520")
    strewn(lambda: bean(b), 12, (-7, -1), (-8.2, -5), 0.42, 8)
    # half a walnut, for the taste it names
    wn = base("walnut", colour="#B98A55", rough=0.7)[0]
    o = ball(1.7, wn, (4.6, -6.4, 1.0), seg=48)
    reshape(o, lambda P: P * (1 + 0.06 * wobble(P, 0.55, 4))[:, None] * (1.1, 0.92, 0.9))
    return {"hero": {"az": 20, "el": 17, "fill": 0.78}, "detail": {"at": (0, -3, 8.0), "span": 5.8, "az": -14, "el": 14, "blur": 0.004}}


@product
def arabic_coffee(c):
    m = paper(c.main, 0.6)
    w, d, h = 14.0, 7.6, 21.5
    f = bag(w, d, h, m, 21)
    rbox(w + 0.1, 0.7, 2.4, 0.3, 0.12, m, (0, 0, h - 2.0))
    rbox(w + 1.0, 0.3, 0.7, 0.12, 0.1, gold(0.25), (0, -0.5, h - 1.3))
    gd = paint("gilt ink", "#A9782C", 0.4)
    on_front(f, 14.2, 2.0, 3.0, gd)
    on_front(f, 14.2, 13.6, 14.0, gd)
    ink = paint("ink", c.accent, 0.5)
    say(f, "QAHWA", 2.2, ink, 11.4, 1.1)
    say(f, "ARABIC COFFEE", 0.85, ink, 9.3, 1.15)
    say(f, "CARDAMOM  ·  SAFFRON", 0.62, ink, 7.9, 1.1)
    say(f, "500 g", 0.8, ink, 4.6)
    # a star of eight, as on doors
    for r in (0, 45):
        out = rrect(1.1, 1.1, 0.05, 2)
        st = slab(out, 0.06, 0.02, gd)
        place(st, (0, float(f(0, 6.3)) - 0.02, 6.3), (90, r, 0))
    pod = base("cardamom", colour="#93A36A", rough=0.6)[0]
    def one():
        o = ball(0.5, pod, seg=24)
        return reshape(o, lambda P: P * (2.1, 0.9, 0.85) * (1 + 0.06 * np.sin(6 * np.arctan2(P[:, 2], P[:, 1])))[:, None])
    strewn(one, 11, (-7.5, 2), (-9.2, -5.8), 0.42, 5, 6)
    thr = paint("saffron", "#A3260F", 0.6)
    rng = np.random.default_rng(4)
    for i in range(26):
        x, y, a = rng.uniform(3.2, 7.6), rng.uniform(-8.2, -5.6), rng.uniform(0, TAU)
        tube([(x, y, 0.1 + 0.01 * i), (x + 0.8 * math.cos(a), y + 0.8 * math.sin(a), 0.2), (x + 1.5 * math.cos(a + 0.5), y + 1.5 * math.sin(a + 0.5), 0.12)], 0.06, thr, scale=[0.6, 0.9, 1.6], seg=6, smooth=5)
    return {"hero": {"az": -18, "el": 17, "fill": 0.8}, "detail": {"at": (0, -4, 9.0), "span": 6.6, "az": 16, "el": 16, "blur": 0.004}}


@product
def hojicha_bag(c):
    m = kraft(c.main)
    w, d, h = 11.0, 5.6, 17.0
    f = bag(w, d, h, m, 31)
    rbox(w + 0.1, 0.6, 2.8, 0.25, 0.1, m, (0, 0, h - 2.4))
    wash = paper(c.accent)
    on_front(f, 5.4, 2.6, 13.2, wash)
    ink = paint("ink", "#2B1E16", 0.6)
    say(f, "HOJICHA", 1.0, ink, 11.6, 1.1)
    say(f, "KYOTO", 0.62, ink, 10.3, 1.4)
    say(f, "100 g", 0.55, ink, 3.6)
    # a red seal
    place(slab(rrect(1.9, 1.9, 0.2, 4), 0.06, 0.02, paint("seal", c.third, 0.5)), (0, float(f(0, 6.8)) - 0.06, 6.8), (88, 0, 0))
    for k in range(3):
        place(slab(rrect(1.2, 0.2, 0.08, 3), 0.05, 0.01, paint("seal white", c.accent, 0.6)), (0, float(f(0, 6.8)) - 0.12, 6.3 + 0.5 * k), (88, 0, 0))
    tw = leather("#8C6A44", 1.0)
    q = [(x, float(f(x, 14.0)) - 0.12, 14.0 + 0.12 * math.sin(x)) for x in np.linspace(-5.5, 5.5, 12)]
    tube(q, 0.12, tw, seg=8)
    lf = paint("leaf", "#5A3A22", 0.7)
    strewn(lambda: blade(2.4, 0.5, lf, 0.2), 34, (-6.5, 6.5), (-8.4, -4.4), 0.1, 9, 14)
    return {"hero": {"az": -20, "el": 18, "fill": 0.8}, "detail": {"at": (0, -3, 8.6), "span": 5.6, "az": 16, "el": 16, "blur": 0.004}}


@product
def brazil_nuts(c):
    m = kraft("#C9A876")
    w, d, h = 15.0, 6.6, 19.0
    f = bag(w, d, h, m, 41)
    on_front(f, 15.2, 0.4, 6.2, paint("band", c.main, 0.55))
    on_front(f, 9.6, 7.2, 13.2, paper("#F6EFDF"))
    ink = paint("ink", c.main, 0.5)
    say(f, "Castanha", 1.6, ink, 11.4)
    say(f, "BRAZIL NUTS", 0.8, ink, 9.7, 1.12)
    say(f, "SHELLED  ·  PARÁ", 0.5, ink, 8.3, 1.1)
    say(f, "500 g", 0.9, paint("white", "#F6EFDF", 0.5), 3.4)
    nut, g, b = base("nut", rough=0.5)
    n = g.noise(g("TexCoord")["Object"], 1.6, 4, 0.6)
    g.set(b, "Base Color", g.ramp(n, [(0.36, shade(c.third, 0.2)), (0.5, c.accent), (0.7, "#F3E6CC")]))
    def one():
        o = ball(1.0, nut, seg=36)
        def sh(P):
            a = np.arctan2(P[:, 2], P[:, 1])
            k = 1 + 0.14 * np.cos(3 * a)
            return np.stack([P[:, 0] * 1.9 , P[:, 1] * k, P[:, 2] * k + 0.22 * P[:, 0] ** 2], 1) * 0.85
        return reshape(o, sh)
    strewn(one, 13, (-8.5, 8.5), (-10.5, -5.6), 0.7, 3, 20)
    return {"hero": {"az": -20, "el": 19, "fill": 0.82}, "top": {"el": 44, "az": 14, "fill": 0.86}}


@product
def rice_sack(c):
    cl = cloth(c.main, 0.14, depth=0.4)
    w, d, H = 12.5, 8.5, 20.5
    loops = []
    for k in range(80):
        t = k / 79
        neck = np.exp(-((t - 0.80) / 0.055) ** 2)
        body = 1.0 if t < 0.58 else np.interp(t, [0.58, 0.72, 0.80, 0.9, 1.0], [1.0, 0.72, 0.34, 0.62, 0.74])
        e = min(1.0, t * 12)
        ins = (1 - math.sqrt(max(0, 1 - (1 - e) ** 2))) * 1.2
        P = lift(superellipse((w - ins) * body, (d - ins) * body, 2.8 if t < 0.6 else 2.1, 120), H * t)
        a = np.arctan2(P[:, 1], P[:, 0])
        fold = np.clip((t - 0.5) / 0.3, 0, 1)
        P[:, :2] *= (1 + fold * (0.07 + 0.05 * neck) * np.sin(17 * a + 2 * np.sin(3 * a)))[:, None]
        P[:, :2] *= 1 + 0.03 * wobble(P, 0.06, 4)[:, None]
        loops.append(P)
    o = loft(loops, cl, cap1=False, angle=0, weighted=False)
    s = o.modifiers.new("t", "SOLIDIFY")
    s.thickness = 0.12
    st = leather("#A9804A")
    for k in range(3):
        torus(2.25, 0.2, st, (0, 0, H * 0.79 + 0.36 * k), (3 * k, 2, 0), ry=0.2)
    tube([(0.4, -2.2, H * 0.8), (1.6, -4.0, H * 0.74), (2.2, -4.8, H * 0.58)], 0.16, st)
    tube([(-0.2, -2.2, H * 0.8), (-1.2, -4.2, H * 0.75), (-1.0, -4.9, H * 0.6)], 0.16, st)
    def front(x, z):
        return -d / 2 * (1 - np.abs(np.asarray(x, float) / (w / 2)) ** 2.8) ** (1 / 2.8) - 0.06
    ink = paint("print", c.accent, 0.8)
    say(front, "CARNAROLI", 1.35, ink, 8.4, 1.06)
    say(front, "RISO · VERCELLI", 0.68, ink, 6.9, 1.1)
    say(front, "1 kg", 0.9, ink, 4.6)
    # a wooden scoop with rice
    wd = wood("beech", "x")
    g1 = [place(reshape(ball(2.3, wd, seg=40), lambda P: np.stack([P[:, 0] * 1.35, P[:, 1], np.where(P[:, 2] > 0, 0, P[:, 2] * 0.8)], 1)), (0, 0, 1.9)),
          tube([(2.6, 0, 1.7), (5.0, 0, 1.9), (7.4, 0, 2.2)], 0.5, wd)]
    gr = base("rice", colour=c.third, rough=0.35, sss=0.2, sss_s=0.1)[0]
    rng = np.random.default_rng(2)
    o = ball(0.17, gr, seg=14)
    o.scale = (2.2, 1, 1)
    for i in range(420):
        r, a = 2.0 * math.sqrt(rng.random()), rng.uniform(0, TAU)
        d2 = o if i == 0 else dup(o, scale=(2.2, 1, 1))
        place(d2, (r * 1.3 * math.cos(a), r * math.sin(a), 1.95 + 0.62 * (1 - (r / 2.1) ** 2) + rng.uniform(-0.05, 0.1)), (0, rng.uniform(-25, 25), rng.uniform(0, 360)), (2.2, 1, 1))
        g1.append(d2)
    group(g1, (-3.2, -8.2, 0), (0, 0, 24))
    for i in range(40):
        dup(o, (rng.uniform(-9, 6), rng.uniform(-11, -6), 0.15), (0, 0, rng.uniform(0, 360)), (2.2, 1, 1))
    drop()
    return {"hero": {"az": -16, "el": 18, "fill": 0.82}, "detail": {"at": (0, -4, 8.0), "span": 6.6, "az": 14, "el": 16, "blur": 0.004}}


@product
def balsamic_bottle(c):
    gl = glass("#E9F0EA")
    prof = fillet([(3.4, 0), (4.4, 0.4, 0.4), (4.5, 6.6, 2.4), (1.6, 9.4, 1.0), (1.5, 12.6, 0.2), (1.85, 12.8, 0.1), (1.85, 13.8, 0.15)], 0.3, 10)
    vessel(prof, 0.3, gl, floor=1.0, smooth=False)
    lathe(fillet([(0, 1.05), (4.05, 0.9, 0.3), (4.15, 6.5, 2.2), (1.25, 9.3, 0.8), (1.2, 10.6), (0, 10.6)], 0.2, 8), paint("vinegar", c.main, 0.06, coat=1.0))
    lathe(fillet([(0, 13.5), (1.2, 13.5), (1.25, 14.0), (0, 14.0)], 0.05), wood("oak", "z"))
    lathe(fillet([(0, 14.0), (1.9, 14.0, 0.1), (1.7, 15.8, 0.3), (0, 15.9)], 0.1), wood("walnut", "z"))
    wrap_label(4.52, 1.8, 5.6, 7.2, paper(c.third), thick=0.03)
    ink = paint("ink", c.accent, 0.5)
    round_words((("ACETO BALSAMICO", 0.62, 4.7, 1.06), ("di Modena", 0.95, 3.6, 1.0), ("250 ml", 0.42, 2.4, 1.0)), 4.56, ink)
    # a wax seal on a ribbon
    for z in (11.4,):
        torus(1.56, 0.14, paint("ribbon", c.accent, 0.5), (0, 0, z), ry=0.3)
    place(cyl(1.0, 0.35, 0.14, paint("wax", c.accent, 0.3, coat=0.5)), (0.2, -4.25, 7.4), (62, 0, 0))
    tube([(0, -1.6, 11.3), (0.1, -2.6, 9.6), (0.2, -4.1, 7.8)], 0.1, paint("ribbon", c.accent, 0.5), seg=8)
    straw = base("strawberry", colour="#B5231B", rough=0.25, coat=0.4)[0]
    for x, y in ((6.6, -4.2), (8.8, -2.8)):
        o = ball(1.5, straw, seg=40)
        reshape(o, lambda P: np.stack([P[:, 0] * (0.78 + 0.2 * P[:, 2] / 1.5), P[:, 1] * (0.78 + 0.2 * P[:, 2] / 1.5), P[:, 2] * 1.15], 1))
        lf = [place(blade(1.4, 0.6, paint("calyx", "#4F7A35", 0.6), 0.2), (0.5 * math.cos(a), 0.5 * math.sin(a), 1.65), (0, -10, math.degrees(a))) for a in np.linspace(0, TAU, 7)[:-1]]
        group([o, *lf], (x, y, 1.25), (70, 0, 40 * x))
    drop()
    return {"hero": {"az": -14, "el": 14, "fill": 0.82}, "detail": {"at": (0, -1, 6.8), "span": 5.8, "az": 18, "el": 16, "blur": 0.004}}


@product
def syrup_bottle(c):
    gl = glass("#FDFEFE")
    sq = lambda w, d, r, z: lift(rrect(w, d, r, 8), z)
    lv = [(7.4, 4.4, 0), (8.0, 5.0, 0.3), (8.2, 5.2, 1.0), (8.2, 5.2, 10.8), (7.6, 4.9, 12.2), (4.6, 3.8, 13.8), (3.2, 3.2, 14.6), (3.0, 3.0, 17.0)]
    loft([sq(w, d, min(w, d) * 0.36, z) for w, d, z in lv], gl, angle=50, cap1=False)
    loft([sq(w - 0.5, d - 0.5, (min(w, d) - 0.5) * 0.36, z + (0.4 if z < 0.5 else 0)) for w, d, z in lv[:-1]], liquid(c.main), angle=50)
    lathe(fillet([(0, 16.8), (1.85, 16.8, 0.1), (1.85, 19.0, 0.2), (0, 19.0)], 0.1), paint("cap", "#2B2522", 0.35))
    tube(relax(spline([(1.5, 0, 15.6), (3.4, 0, 16.2), (3.8, 0, 14.4), (2.8, 0, 13.2)], 8), 10), 0.42, gl, smooth=0)
    y = -2.62
    lab = rbox(6.0, 7.0, 0.05, 0.4, 0.02, paper(c.accent))
    place(lab, (0, y, 6.0), (90, 0, 0))
    ink = paint("ink", "#4A2A12", 0.5)
    word("MAPLE", 1.15, ink, at=(0, y - 0.07, 5.0), spacing=1.08)
    word("SYRUP", 1.15, ink, at=(0, y - 0.07, 3.9), spacing=1.08)
    word("VERMONT  ·  AMBER", 0.42, ink, at=(0, y - 0.07, 3.2 - 0.15))
    # a maple leaf: eleven points around a heart
    a = np.radians([90, 72, 60, 42, 22, 8, -8, -30, -52, -80])
    r = np.array([1.55, 0.85, 1.0, 0.62, 1.45, 0.8, 1.15, 0.55, 0.75, 0.3])
    half = np.stack([r * np.cos(a), r * np.sin(a)], 1)
    out = np.concatenate([half, (half * (-1, 1))[::-1]])[::-1]
    V = [(x, 0, z) for x, z in out] + [(0, 0, 0)]
    n = len(out)
    leaf = add("maple leaf", V, [(i, (i + 1) % n, n) for i in range(n)], paint("red", c.third, 0.5), angle=0)
    place(leaf, (0, y - 0.07, 7.6))
    cake = base("pancake", rough=0.8)
    m, g, b = cake
    g.set(b, "Base Color", g.ramp(g.noise(g("TexCoord")["Object"], 0.35, 4, 0.5), [(0.34, "#E8C88A"), (0.55, "#B5712F")]))
    for k in range(3):
        lathe(fillet([(0, 0), (4.4, 0, 0.45), (4.5, 1.0, 0.45), (0, 1.05)], 0.4), m, at=(9.0 + 0.2 * k, -2.6 - 0.15 * k, 0.5 + 1.0 * k))
    lathe(fillet([(0, 0), (5.6, 0), (6.2, 0.6), (5.5, 0.5), (0, 0.45)], 0.1), glazed("#F4F1EA"), at=(9.0, -2.6, 0))
    syr = liquid(c.main)
    lathe(spline([(0, 0.3), (2.0, 0.28), (3.2, 0.12), (3.5, 0.0)], 6), syr, at=(9.4, -2.9, 3.55), fn=lambda V, th, r, z: np.stack([V[:, 0] * (1 + 0.13 * np.sin(3 * th)), V[:, 1] * (1 + 0.13 * np.sin(3 * th)), V[:, 2]], 1))
    rbox(1.7, 1.7, 0.8, 0.2, 0.15, base("butter", colour="#F6E3A0", rough=0.35, sss=0.3, sss_s=0.4)[0], (9.6, -3.0, 3.8), (0, 0, 20))
    drop()
    return {"hero": {"az": -12, "el": 18, "fill": 0.84}, "detail": {"at": (0, -2, 8.0), "span": 6.0, "az": 12, "el": 14, "blur": 0.004}}


@product
def aroeira_honey(c):
    gl = glass("#FDFEFE")
    prof = fillet([(3.2, 0), (3.8, 0.3, 0.3), (4.2, 4.0, 2.0), (3.6, 7.4, 1.0), (3.1, 8.0, 0.3), (3.1, 9.0)], 0.3, 10)
    vessel(prof, 0.22, gl, floor=0.5, smooth=False)
    lathe(fillet([(0, 0.55), (3.5, 0.5, 0.3), (3.95, 4.0, 1.8), (3.4, 7.2, 0.8), (0, 7.3)], 0.2, 8), liquid(c.main))
    # cloth bonnet tied with string
    cl = cloth(c.accent, 0.12, depth=0.35)
    def frill(V, th, r, z):
        k = np.clip((8.7 - z) / 1.6, 0, 1)
        return np.stack([V[:, 0] * (1 + k * 0.07 * np.sin(18 * th)), V[:, 1] * (1 + k * 0.07 * np.sin(18 * th)), z + 0.22 * k * np.sin(4 * th + 1)], 1)
    o = lathe(fillet([(4.4, 7.0), (3.35, 8.55, 0.2), (3.4, 9.5, 0.3), (0, 9.75)], 0.2, 8), cl, seg=220, fn=frill, angle=0)
    s = o.modifiers.new("t", "SOLIDIFY")
    s.thickness = 0.06
    tw = leather("#8C6A44")
    for k in range(2):
        torus(3.42, 0.11, tw, (0, 0, 8.5 + 0.2 * k))
    wrap_label(4.1, 2.6, 5.6, 5.6, paper("#F6EFDF"), thick=0.03)
    ink = paint("ink", c.third, 0.5)
    round_words((("AROEIRA", 0.9, 4.7, 1.12), ("DARK HONEY", 0.42, 3.8, 1.15), ("250 g", 0.42, 3.1, 1.0)), 4.15, ink)
    cheese = base("cheese", colour="#F0DFA8", rough=0.45, sss=0.3, sss_s=0.5)[0]
    out = fillet([(0, 0, 0.1), (6.2, -1.9, 0.2), (6.2, 1.9, 0.2)], 0.2, 4, closed=True)
    place(slab(out, 2.6, 0.12, cheese), (5.4, -4.6, 0), (0, 0, -20))
    drop()
    return {"hero": {"az": -14, "el": 19, "fill": 0.8}, "detail": {"at": (0, -1, 6.4), "span": 4.8, "az": 20, "el": 18, "blur": 0.004}}


@product
def vanilla_tube(c):
    pod, g, b = base("vanilla", rough=0.3, coat=0.25)
    n = g.noise(g.scale(g("TexCoord")["Object"], (0.25, 3, 3)), 2.2, 4, 0.6)
    g.set(b, "Base Color", g.ramp(n, [(0.3, "#170C07"), (0.7, "#43281A")]))
    g.set(b, "Normal", g.bump(n, 0.06, 0.9))
    # five pods in front of the empty tube: all five can be counted
    for i in range(5):
        y = -1.0 - 1.25 * i
        x = np.linspace(-9, 9, 26)
        q = np.stack([x, y + 0.35 * np.sin(x * 0.22 + i) + 0.01 * x * (i - 2), 0.42 + 0 * x], 1)
        sc = np.interp(np.linspace(0, 1, 26), [0, 0.05, 0.3, 0.9, 0.97, 1], [0.4, 0.75, 1.0, 0.85, 0.45, 0.7])
        sweep(q, superellipse(0.55, 0.95, 2.2, 18), pod, up=(0, 0, 1), scale=sc, angle=70)
        tube([tuple(q[-1]), tuple(q[-1] + (0.5, 0.25, 0.1)), tuple(q[-1] + (0.9, 0.7, 0.2))], 0.16, pod, seg=8)
    gl = glass("#FBFEFF")
    t = [vessel(fillet([(1.2, 0), (1.5, 0.25, 0.25), (1.5, 19.0)], 0.2, 8), 0.11, gl, floor=0.15, smooth=False, seg=72),
         lathe(fillet([(0, 17.9), (1.3, 17.9), (1.5, 20.4, 0.15), (0, 20.4)], 0.1), base("cork", colour="#C79C66", rough=0.9)[0], seg=64)]
    wr = wrap_label(1.52, 6.2, 12.8, 4.0, paper(c.accent), thick=0.02)
    ink = paint("ink", "#2C2723", 0.5)
    wd = word("VAINILLA DE PAPANTLA", 0.42, ink, 0.01, at=(0, -1.56, 9.5), rot=(90, -90, 0))
    group([*t, wr, wd], (-10, 2.6, 1.5), (0, 90, 0))
    drop()
    return {"hero": {"az": -14, "el": 40, "fill": 0.86}, "detail": {"at": (5, -3, 0.5), "span": 5.0, "az": -26, "el": 30, "blur": 0.005}}


@product
def saffron_jar(c):
    gl = glass("#FBFEFF")
    vessel(fillet([(2.0, 0), (2.35, 0.25, 0.25), (2.35, 3.6, 0.4), (2.0, 4.1, 0.2), (2.0, 4.6)], 0.2, 8), 0.16, gl, floor=0.4, smooth=False)
    lathe(fillet([(0, 4.3), (2.3, 4.3, 0.08), (2.3, 5.6, 0.15), (0, 5.65)], 0.1), gold(0.2))
    thr = paint("saffron", c.main, 0.55)
    th2 = paint("saffron2", "#C93A16", 0.55)
    rng = np.random.default_rng(4)
    def thread(x, y, z, L, mat, flatness):
        v = rng.normal(size=3) * (1, 1, flatness)
        v /= np.linalg.norm(v)
        k = rng.normal(size=3) * 0.25 * (1, 1, flatness)
        p = np.array((x, y, z))
        return tube([p - v * L / 2, p + k * L * 0.4, p + v * L / 2], 0.045, mat, scale=[0.6, 0.9, 1.7], seg=6, smooth=4)
    for i in range(230):
        r, a = 1.75 * math.sqrt(rng.random()), rng.uniform(0, TAU)
        thread(r * 0.8 * math.cos(a), r * 0.8 * math.sin(a), rng.uniform(0.65, 3.3), 1.3, thr if i % 3 else th2, 0.5)
    for i in range(120):
        r, a = 2.3 * math.sqrt(rng.random()), rng.uniform(0, TAU)
        thread(5.6 + r * math.cos(a), -2.4 + r * math.sin(a), 0.14 + 0.45 * max(0, 1 - r / 2.2), 1.7, thr if i % 3 else th2, 0.15)
    wrap_label(2.37, 1.2, 3.0, 3.4, paper(c.third), thick=0.02)
    ink = paint("ink", c.main, 0.5)
    round_words((("SAFFRON", 0.52, 2.3, 1.12), ("SUPER NEGIN · 5 g", 0.26, 1.6, 1.0)), 2.4, ink)
    drop()
    return {"hero": {"az": -16, "el": 26, "fill": 0.82}, "top": {"el": 56, "az": 16, "fill": 0.84}}


def round_tin_of_tea(c, r, h, lines, lid=None, band=None):
    body = paint("tin", c.main, 0.3, coat=0.4)
    tin(r, h, body, lid or metal("#C9CACD", 0.25, 0.4, "turn"), 2.2)
    wrap_label(r + 0.01, h * 0.16, h * 0.66, r * 1.75, paper(c.accent), thick=0.03)
    round_words(lines, r + 0.05, paint("ink", band or c.main, 0.5))


@product
def tea_tin(c):
    """Mill Tea: a square tin with rounded corners."""
    body = paint("tin", c.main, 0.28, coat=0.5)
    gd = paint("gilt", c.third, 0.35, coat=0.3)
    W, H = 8.2, 12.6
    rbox(W, W, H, 1.0, 0.12, body)
    rbox(W + 0.25, W + 0.25, 2.4, 1.1, 0.2, body, (0, 0, H - 1.2))
    lathe(fillet([(0, H + 1.2), (2.9, H + 1.2), (3.0, H + 1.5), (0, H + 1.55)], 0.08), gd)
    for z in (0.7, H - 2.0):
        out = rrect(W + 0.06, W + 0.06, 1.02, 8)
        tube(np.c_[out, np.full(len(out), z)], 0.07, gd, closed=True, smooth=0, seg=8)
    y = -W / 2 - 0.01
    place(rbox(6.2, 7.6, 0.03, 0.5, 0.01, paper(c.accent)), (0, y, 5.6), (90, 0, 0))
    ink = paint("ink", c.main, 0.5)
    word("MILL TEA", 1.05, ink, 0.01, at=(0, y - 0.05, 7.6), spacing=1.05)
    word("ENGLISH BREAKFAST", 0.44, ink, 0.01, at=(0, y - 0.05, 6.6))
    word("250 g", 0.5, ink, 0.01, at=(0, y - 0.05, 2.6))
    # the mill: a wheel by its house
    wh = np.stack([0.95 * np.cos(np.linspace(0, TAU, 40)[:-1]), 0 * np.arange(39), 0.95 * np.sin(np.linspace(0, TAU, 40)[:-1])], 1)
    place(tube(wh, 0.09, ink, closed=True, smooth=0, seg=8), (0.9, y - 0.05, 4.5))
    for k in range(6):
        a = TAU * k / 6
        tube([(0.9, y - 0.05, 4.5), (0.9 + 0.95 * math.cos(a), y - 0.05, 4.5 + 0.95 * math.sin(a))], 0.05, ink, smooth=0, seg=6)
    place(slab(fillet([(-1.9, -0.9, 0.02), (-0.2, -0.9, 0.02), (-0.2, 0.5, 0.02), (-1.05, 1.3, 0.02), (-1.9, 0.5, 0.02)], 0.02, 2, closed=True), 0.03, 0.005, ink), (0, y - 0.02, 4.5), (90, 0, 0))
    lf = paint("leaf", "#2E211A", 0.7)
    strewn(lambda: blade(1.1, 0.28, lf, 0.12), 60, (-5, 6.5), (-8.6, -5.4), 0.08, 6, 14)
    return {"hero": {"az": -26, "el": 18, "fill": 0.78}, "detail": {"at": (0, -3, 5.8), "span": 4.8, "az": 14, "el": 12, "blur": 0.004}}


@product
def chai_tin(c):
    round_tin_of_tea(c, 4.3, 11.0, (("MASALA CHAI", 0.92, 6.0, 1.04), ("ASSAM WITH WHOLE SPICES", 0.36, 4.9, 1.05), ("250 g", 0.5, 2.6, 1.0)), lid=brass(0.22))
    # mango leaves round the shoulder, as on block prints
    gd = paint("gilt", c.accent, 0.45)
    for k in range(18):
        a = 20 * k
        o = blade(1.3, 0.6, gd, 0.0, 0.02)
        place(o, (4.33 * math.cos(math.radians(a)), 4.33 * math.sin(math.radians(a)), 8.1), (90, 90, a + 90))
    pod = base("cardamom", colour="#93A36A", rough=0.6)[0]
    def one():
        return reshape(ball(0.42, pod, seg=20), lambda P: P * (2.0, 0.9, 0.85))
    strewn(one, 8, (-6.5, 0.5), (-8.2, -5.2), 0.36, 5, 6)
    pep = base("pepper", colour="#2A2320", rough=0.8)[0]
    strewn(lambda: reshape(ball(0.24, pep, seg=16), lambda P: P * (1 + 0.1 * wobble(P, 1.2, 3))[:, None]), 16, (-2, 6), (-8.2, -5.2), 0.22, 7)
    cin = wood("cherry", "x")
    for x, y, r in ((5.6, -4.8, 30), (6.4, -3.8, 34)):
        q = np.array([(-3.2, 0, 0), (3.2, 0, 0)])
        sec = np.array([(0.55 * math.cos(t) * (1 - 0.05 * t), 0.55 * math.sin(t) * (1 - 0.05 * t)) for t in np.linspace(0.3, 8.0, 40)])
        ring = np.concatenate([sec, (sec * 0.86)[::-1]])
        place(sweep(resample(q, 6), ring, cin, up=(0, 0, 1)), (x, y, 0.55), (0, 0, r))
    return {"hero": {"az": -14, "el": 20, "fill": 0.8}, "detail": {"at": (0, -3, 5.6), "span": 5.0, "az": 18, "el": 16, "blur": 0.004}}


@product
def jasmine_tin(c):
    round_tin_of_tea(c, 4.9, 12.4, (("JASMINE", 1.25, 6.7, 1.1), ("GREEN TEA", 0.6, 5.4, 1.2), ("MEIJIAWU · 200 g", 0.42, 2.9, 1.0)), lid=gold(0.24))
    wt = base("petal", colour=c.third, rough=0.5, sss=0.2, sss_s=0.3)[0]
    yl = paint("heart", "#E3C35A", 0.6)
    rng = np.random.default_rng(3)
    for i, (x, y) in enumerate(((-6.2, -5.6), (-3.4, -7.4), (0.2, -6.6), (3.6, -7.6), (6.4, -5.4), (7.8, -2.8))):
        parts = []
        for k in range(6):
            o = blade(1.5, 0.85, wt, 0.12, 0.05)
            parts.append(place(o, (0.78 * math.cos(TAU * k / 6), 0.78 * math.sin(TAU * k / 6), 0.2), (0, -14, 60 * k)))
        parts.append(ball(0.2, yl, (0, 0, 0.35), seg=12))
        group(parts, (x, y, 0.1), (rng.uniform(-14, 14), rng.uniform(-14, 14), rng.uniform(0, 60)))
    lf = paint("leaf", "#4F5A34", 0.7)
    strewn(lambda: blade(1.6, 0.3, lf, 0.15), 40, (-8, 8.5), (-8.8, -4.6), 0.08, 16, 12)
    return {"hero": {"az": -16, "el": 20, "fill": 0.8}, "detail": {"at": (0, -3, 6.2), "span": 5.6, "az": 18, "el": 16, "blur": 0.004}}


@product
def matcha_tin(c):
    tin(2.9, 6.8, paint("tin", c.third, 0.3, coat=0.4), metal("#C9CACD", 0.22, 0.4, "turn"), 1.6)
    wrap_label(2.92, 0.9, 4.6, 8.4, paper(c.accent), thick=0.02)
    ink = paint("ink", "#26364F", 0.5)
    round_words((("MATCHA", 0.85, 3.4, 1.1), ("UJI · USUCHA", 0.4, 2.5, 1.1), ("40 g", 0.4, 1.6, 1.0)), 2.95, ink)
    m, g, b = base("powder", rough=0.95)
    n = g.noise(g("TexCoord")["Object"], 6, 5, 0.7)
    g.set(b, "Base Color", g.ramp(n, [(0.3, shade(c.main, -0.1)), (0.7, shade(c.main, 0.14))]))
    g.set(b, "Normal", g.bump(n, 0.1, 0.9))
    vessel([(1.6, 0), (2.6, 0.5), (3.5, 1.8), (3.8, 3.0)], 0.2, glazed("#F1EDE2", speckle=0.2), foot=0.3, at=(7.2, -2.8, 0))
    lathe(spline([(0, 3.3), (1.2, 2.9), (2.6, 2.1), (3.4, 1.9)], 8), m, at=(7.2, -2.8, 0), fn=lambda V, th, r, z: np.stack([V[:, 0], V[:, 1], z + 0.08 * wobble(V, 0.4, 2)], 1))
    # a bamboo scoop across the bowl
    q = spline([(-5.2, 0, 0.3), (1.0, 0, 0.25), (4.4, 0, 0.4), (5.5, 0, 0.95), (5.9, 0, 1.5)], 10)
    o = sweep(q, superellipse(0.16, 0.8, 2.6, 16), wood("bamboo", "x"), up=(0, 0, 1), scale=np.interp(np.linspace(0, 1, len(q)), [0, 0.6, 0.9, 1], [0.7, 0.8, 1.25, 0.7]))
    place(o, (2.6, -7.2, 0), (0, 0, 12))
    return {"hero": {"az": -14, "el": 24, "fill": 0.82}, "top": {"el": 52, "az": 14, "fill": 0.84}}


@product
def longjing_pack(c):
    pk = kraft("#D9C79A")
    ink = paint("ink", "#3A4A2A", 0.6)
    for x, y, r in ((-3.6, 1.2, 8), (3.8, 0.2, -10)):
        parts = [rbox(7.0, 4.6, 10.6, 0.3, 0.12, pk)]
        parts.append(rbox(7.06, 4.66, 1.4, 0.3, 0.1, pk, (0, 0, 10.2)))
        parts.append(place(rbox(3.6, 7.6, 0.03, 0.2, 0.01, paper(c.accent)), (0, -2.33, 5.4), (90, 0, 0)))
        parts.append(word("LONGJING", 0.62, ink, 0.01, at=(0, -2.38, 7.8)))
        parts.append(word("WEST LAKE", 0.36, ink, 0.01, at=(0, -2.38, 7.0), spacing=1.15))
        parts.append(word("50 g", 0.36, ink, 0.01, at=(0, -2.38, 2.6)))
        parts.append(place(slab(rrect(1.3, 1.3, 0.12, 3), 0.04, 0.01, paint("seal", "#A3332A", 0.5)), (0, -2.36, 4.9), (90, 0, 0)))
        tw = leather("#9A8A5A")
        parts += [tube([(-3.56, 0, z), (-3.56, -2.4, z), (3.56, -2.4, z), (3.56, 2.4, z), (-3.56, 2.4, z)], 0.1, tw, closed=True, smooth=0, seg=8) for z in (9.4,)]
        group(parts, (x, y, 0), (0, 0, r))
    for k, col in enumerate((c.main, c.third)):
        lf = paint("leaf", col, 0.55)
        strewn(lambda lf=lf: blade(2.6, 0.5, lf, 0.08), 46, (-7.5, 7.5), (-8.8, -3.6), 0.1, 4 + k, 8)
    return {"hero": {"az": -14, "el": 24, "fill": 0.82}, "detail": {"at": (1.5, -5.6, 1.2), "span": 5.0, "az": -22, "el": 28, "blur": 0.005}}


@product
def peony_pack(c):
    box = paper(c.main, 0.7)
    ink = paint("ink", "#3E4A3A", 0.6)
    parts = [rbox(9.4, 6.2, 12.0, 0.25, 0.1, box), rbox(9.5, 6.3, 3.6, 0.28, 0.1, paper(c.accent, 0.7), (0, 0, 8.6))]
    parts.append(word("WHITE PEONY", 0.86, ink, 0.01, at=(0, -3.15, 6.2), spacing=1.04))
    parts.append(word("BAI MUDAN · FUDING", 0.42, ink, 0.01, at=(0, -3.15, 5.2), spacing=1.08))
    parts.append(word("150 g", 0.5, ink, 0.01, at=(0, -3.15, 1.6)))
    # the peony: rings of petals
    gd = paint("line", c.accent, 0.6)
    for ring, (n, r, L) in enumerate(((5, 0.35, 0.7), (8, 0.8, 0.9))):
        for k in range(n):
            a = TAU * (k + 0.5 * ring) / n
            o = blade(L, 0.5, gd, 0, 0.02)
            parts.append(place(o, (r * math.cos(a), -3.14, 3.3 + r * math.sin(a)), (90, -math.degrees(a), 0)))
    group(parts, (0, 1.2, 0), (0, 0, 0))
    silver = base("bud", colour="#D9D8C4", rough=0.8, sheen=0.6)[0]
    gr = paint("leaf", "#7C8A5A", 0.65)
    br = paint("leaf2", "#8A6A48", 0.65)
    strewn(lambda: blade(2.8, 0.55, silver, 0.25, 0.16), 24, (-7, 7), (-8.6, -4.0), 0.15, 5, 16)
    strewn(lambda: blade(2.4, 0.9, gr, 0.4), 18, (-7, 7), (-8.6, -4.0), 0.15, 6, 20)
    strewn(lambda: blade(2.0, 0.8, br, 0.4), 12, (-7, 7), (-8.6, -4.0), 0.15, 7, 20)
    return {"hero": {"az": -22, "el": 21, "fill": 0.82}, "detail": {"at": (0, -5.8, 1.6), "span": 4.6, "az": 18, "el": 28, "blur": 0.005}}


def bar_in_foil(mat):
    """A gianduiotto: a boat turned over, in foil."""
    L = []
    for t, w, z in ((0, 0.9, 0), (0.0, 1.0, 0.1), (0.25, 0.95, 0.9), (0.5, 0.5, 1.5), (0.6, 0.28, 1.62)):
        L.append(lift(rrect(5.0 * (1 - 0.3 * t), 1.9 * w, 0.16, 4), z))
    o = loft(L, mat, angle=30)
    return reshape(o, lambda P: P + 0.03 * wobble(P, 0.8, 2)[:, None])


@product
def gianduiotti(c):
    foil = metal(c.main, 0.3)
    bx = paper(c.accent, 0.5)
    W, D, H = 19.0, 12.5, 3.0
    for x, y, w, d in ((0, D / 2, W, 0.3), (0, -D / 2, W, 0.3), (W / 2, 0, 0.3, D), (-W / 2, 0, 0.3, D)):
        rbox(w + 0.3, d + 0.3, H, 0.12, 0.08, bx, (x, y, 0))
    rbox(W, D, 0.3, 0.1, 0.05, paper("#F7EFE0"))
    o = bar_in_foil(foil)
    first = True
    for j in range(5):
        for i in range(3):
            d = o if first else dup(o)
            first = False
            place(d, (-5.9 + 5.9 * i, -4.6 + 2.3 * j, 0.9), (0, 0, 2 * ((i * 3 + j) % 3 - 1)))
    # the lid behind, leaning
    lid = [rbox(W + 0.7, D + 0.7, 1.0, 0.2, 0.1, bx), rbox(W - 3, D - 4, 0.04, 0.3, 0.01, paper("#F7EFE0"), (0, 0, 1.0)),
           word("GIANDUIOTTI", 1.5, paint("ink", c.accent, 0.5), 0.02, at=(0, 1.0, 1.06), rot=(0, 0, 0), spacing=1.04),
           word("BELFORTE  ·  TORINO  ·  250 g", 0.62, paint("ink", c.accent, 0.5), 0.02, at=(0, -1.4, 1.06), rot=(0, 0, 0))]
    group(lid, (0, 9.4, 6.2), (66, 0, 0))
    # one unwrapped in front
    ch = base("chocolate", colour=c.third, rough=0.35)[0]
    place(bar_in_foil(ch), (6.2, -9.4, 0), (0, 0, 24))
    place(bar_in_foil(foil), (0.4, -9.8, 0), (0, 0, -12))
    drop()
    return {"hero": {"az": -14, "el": 38, "fill": 0.86}, "top": {"el": 66, "az": -8, "fill": 0.86}}


@product
def shortbread_tin(c):
    t = paint("tin", c.main, 0.3, coat=0.4)
    W, D, H = 20.0, 14.5, 5.0
    out = rrect(W, D, 3.0, 12)
    loft([lift(out, 0), lift(out, H), lift(inset(out, 0.12), H + 0.06), lift(inset(out, 0.24), H), lift(inset(out, 0.24), 0.3)], t, cap1=True, angle=40)
    tube(np.c_[out, np.full(len(out), H - 1.6)], 0.08, paint("gilt", "#D6A95A", 0.35), closed=True, smooth=0, seg=8)
    place(grid(lambda U, V: np.stack([(U - 0.5) * (W - 1), (V - 0.5) * (D - 1), 2.0 + 0.0 * U], 1), 4, 4, paper(c.third)), (0, 0, 0))
    m, g, b = base("shortbread", rough=0.85)
    n = g.noise(g("TexCoord")["Object"], 2.4, 5, 0.65)
    g.set(b, "Base Color", g.ramp(n, [(0.3, shade(c.accent, -0.18)), (0.6, c.accent), (0.75, shade(c.accent, 0.2))]))
    g.set(b, "Normal", g.bump(n, 0.06, 0.8))
    def finger():
        o = rbox(7.6, 2.3, 1.7, 0.35, 0.22, m, n=5)
        hole = paint("hole", shade(c.accent, -0.45), 0.9)
        p = [o] + [cyl(0.13, 0.04, 0.01, hole, (-2.7 + 1.8 * i, -0.45 + 0.9 * j, 1.68), seg=14) for i in range(4) for j in range(2)]
        return p
    for j in range(5):
        for i in range(2):
            group(finger(), (-4.3 + 8.6 * i, -5.0 + 2.5 * j, 2.1), (0, 0, 1.5 * ((j * 2 + i) % 3 - 1)))
    for x, y, r in ((-2.8, -2.2, 22), (5.0, 1.8, -18)):
        group(finger(), (x, y, 3.9), (0, 0, r))
    lid = [place(slab(rrect(W + 0.5, D + 0.5, 3.1, 12), 1.5, 0.3, t), (0, 0, 0)), slab(rrect(W - 3, D - 3, 2.2, 12), 0.05, 0.02, paper(c.third)),]
    lid[1].location.z = 1.5
    ink = paint("ink", c.main, 0.5)
    lid.append(word("SHORTBREAD", 1.55, ink, 0.02, at=(0, 2.6, 1.57), rot=(0, 0, 0), spacing=1.06))
    lid.append(word("THE MILL, KENDAL 1887  ·  400 g", 0.62, ink, 0.02, at=(0, 1.0, 1.57), rot=(0, 0, 0)))
    # the mill in two strokes: house, chimney, hills
    lid.append(place(slab(fillet([(-4.5, -4.4, 0.02), (1.8, -4.4, 0.02), (1.8, -2.2, 0.02), (0.4, -1.2, 0.02), (-1.0, -2.2, 0.02), (-2.4, -1.2, 0.02), (-3.8, -2.2, 0.02), (-4.5, -2.2, 0.02)], 0.02, 2, closed=True), 0.04, 0.01, ink), (0.6, 0, 1.55)))
    lid.append(place(slab(rrect(0.8, 4.4, 0.1, 3), 0.04, 0.01, ink), (3.4, -2.3, 1.55)))
    group(lid, (2.0, 12.2, 7.6), (68, 0, -4))
    drop()
    return {"hero": {"az": -16, "el": 36, "fill": 0.86}, "top": {"el": 64, "az": 10, "fill": 0.86}}


def date(mat):
    """A date: long, wrinkled along its length."""
    o = ball(1.0, mat, seg=44)
    def sh(P):
        a = np.arctan2(P[:, 2], P[:, 1])
        k = 1 + 0.045 * np.sin(9 * a + 1.5 * P[:, 0]) + 0.03 * np.sin(5 * a - 2 * P[:, 0])
        return np.stack([P[:, 0] * 1.95, P[:, 1] * 0.95 * k, P[:, 2] * 0.86 * k], 1)
    return reshape(o, sh)


def date_skin(colour):
    m, g, b = base("date", rough=0.28, coat=0.35, sss=0.12, sss_r=(1, 0.4, 0.1), sss_s=0.3)
    co = g("TexCoord")["Object"]
    n = g.noise(g.scale(co, (0.5, 2, 2)), 1.4, 4, 0.6)
    g.set(b, "Base Color", g.ramp(n, [(0.3, shade(colour, -0.35)), (0.55, colour), (0.75, shade(colour, 0.25))]))
    g.set(b, "Normal", g.bump(n, 0.08, 0.7))
    return m


@product
def dates_box(c):
    bx = paper(c.accent, 0.6)
    W, D, H = 24.0, 17.0, 5.2
    for x, y, w, d in ((0, D / 2, W, 0.35), (0, -D / 2, W, 0.35), (W / 2, 0, 0.35, D), (-W / 2, 0, 0.35, D)):
        rbox(w + 0.35, d + 0.35, H, 0.12, 0.08, bx, (x, y, 0))
    rbox(W, D, 2.2, 0.1, 0.05, paper("#F3E9D2"))
    sk = date_skin(c.main)
    rng = np.random.default_rng(3)
    o = date(sk)
    first = True
    for layer, (z, n) in enumerate(((3.0, 7), (4.5, 6))):
        for j in range(n):
            for i in range(5):
                d = o if first else dup(o)
                first = False
                place(d, (-9.0 + 4.5 * i + rng.uniform(-0.3, 0.3), -6.6 + 13.2 * j / (n - 1) + rng.uniform(-0.2, 0.2), z + rng.uniform(-0.1, 0.15)), (rng.uniform(0, 360), rng.uniform(-7, 7), rng.uniform(-14, 14)), 1.08)
    lid = [rbox(W + 0.8, D + 0.8, 1.2, 0.2, 0.1, bx), rbox(W - 5, D - 6, 0.04, 0.4, 0.01, paper(c.third), (0, 0, 1.2))]
    ink = paint("ink", c.accent, 0.5)
    lid += [word("KHALAS", 2.2, ink, 0.02, at=(0, 1.6, 1.27), rot=(0, 0, 0), spacing=1.1), word("DATES OF AL AIN  ·  1 kg", 0.85, ink, 0.02, at=(0, -1.6, 1.27), rot=(0, 0, 0))]
    group(lid, (0, 13.0, 8.8), (68, 0, 0))
    for x, y, r in ((10.0, -12.6, 20), (5.6, -12.0, -30)):
        place(dup(o), (x, y, 0.95), (0, 0, r), 1.08)
    drop()
    return {"hero": {"az": -14, "el": 34, "fill": 0.86}, "top": {"el": 64, "az": -8, "fill": 0.86}}


@product
def stuffed_dates(c):
    t = paint("tin", c.accent, 0.3, coat=0.4)
    W, D, H = 25.0, 18.0, 3.6
    out = rrect(W, D, 2.0, 10)
    loft([lift(out, 0), lift(out, H), lift(inset(out, 0.14), H + 0.07), lift(inset(out, 0.28), H), lift(inset(out, 0.28), 0.8)], t, cap1=True, angle=40)
    place(grid(lambda U, V: np.stack([(U - 0.5) * (W - 0.8), (V - 0.5) * (D - 0.8), 1.0 + 0 * U], 1), 4, 4, paper("#F3E9D2")), (0, 0, 0))
    sk = date_skin(c.main)
    al = base("almond", colour="#E9D2A6", rough=0.55)[0]
    peel = base("peel", colour="#E08A2A", rough=0.4, coat=0.3)[0]
    cup = paper("#FFFFFF")
    # six by four: twenty-four
    for j in range(4):
        for i in range(6):
            x, y = -9.9 + 3.96 * i, -6.3 + 4.2 * j
            place(date(sk), (x, y, 2.25), (0, 0, 84 + 4 * ((i + j) % 3)), 0.98)
            a = reshape(ball(0.55, al, seg=24), lambda P: np.stack([P[:, 0] * 1.75 * (1 - 0.12 * P[:, 0]), P[:, 1] * 0.95, P[:, 2] * 0.6], 1))
            place(a, (x, y, 3.1), (0, 0, 88))
            if (i + j) % 2:
                tube([(x + 0.2, y - 0.9, 3.25), (x + 0.28, y, 3.45), (x + 0.2, y + 0.9, 3.25)], 0.14, peel, seg=8)
            lathe([(1.15, 0.2), (1.75, 1.5)], cup, at=(x, y, 0.95), seg=60, fn=lambda V, th, r, z: np.stack([V[:, 0] * (1 + 0.05 * np.sin(26 * th)) * 0.78, V[:, 1] * (1 + 0.05 * np.sin(26 * th)) * 1.12, V[:, 2]], 1), angle=0)
    lid = [slab(rrect(W + 0.5, D + 0.5, 2.1, 10), 1.3, 0.3, t)]
    gd = gold(0.25)
    lid += [word("NAKHEEL", 2.0, gd, 0.02, at=(0, 1.4, 1.32), rot=(0, 0, 0), spacing=1.15), word("DATES · ALMOND · ORANGE PEEL", 0.8, gd, 0.02, at=(0, -1.4, 1.32), rot=(0, 0, 0))]
    group(lid, (0, 13.6, 8.6), (68, 0, 0))
    drop()
    return {"hero": {"az": -12, "el": 36, "fill": 0.86}, "top": {"el": 66, "az": -8, "fill": 0.86}}


@product
def bakhoor_tin(c):
    t = paint("tin", c.main, 0.28, coat=0.5)
    gd = gold(0.24)
    lathe(fillet([(0, 0), (4.6, 0), (4.6, 2.6), (4.5, 2.66), (4.4, 2.6), (4.4, 0.5), (0, 0.5)], 0.05), t)
    torus(4.62, 0.07, gd, (0, 0, 0.5))
    m, g, b = base("bakhoor", rough=0.85)
    n = g.noise(g("TexCoord")["Object"], 3, 5, 0.7)
    g.set(b, "Base Color", g.ramp(n, [(0.3, shade(c.third, -0.3)), (0.6, c.third), (0.74, "#7A5238")]))
    g.set(b, "Normal", g.bump(n, 0.08, 0.9))
    o = lathe(fillet([(0, 0), (0.95, 0), (1.0, 0.75), (0, 0.8)], 0.12), m, seg=40)
    spots = [(0, 0)] + [(2.1 * math.cos(TAU * k / 6), 2.1 * math.sin(TAU * k / 6)) for k in range(6)] + [(3.4 * math.cos(TAU * (k + 0.5) / 10), 3.4 * math.sin(TAU * (k + 0.5) / 10)) for k in range(10)]
    for k, (x, y) in enumerate(spots):
        d = o if k == 0 else dup(o)
        place(d, (x, y, 1.7 + 0.12 * (k % 3)), (7 * ((k * 5) % 3 - 1), 7 * ((k * 7) % 3 - 1), 30 * k))
    for k, (x, y) in enumerate(spots[1:7]):
        place(dup(o), (x * 0.9 + 0.5, y * 0.9, 0.85), (0, 0, 0))
    for x, y, r in ((6.2, -3.6, 0), (7.8, -1.8, 40), (4.4, -5.4, 20)):
        place(dup(o), (x, y, 0), (0, 0, r))
    lid = [lathe(fillet([(0, 1.5), (4.7, 1.5, 0.2), (4.7, 0), (4.6, 0), (4.6, 1.4), (0, 1.4)], 0.08), t), word("BAKHOOR", 1.15, gd, 0.02, at=(0, 0.5, 1.51), rot=(0, 0, 0), spacing=1.1), word("OUD & AMBER · 60 g", 0.5, gd, 0.02, at=(0, -0.9, 1.51), rot=(0, 0, 0))]
    out = circle(3.9, 90)
    lid.append(tube(np.c_[out, np.full(90, 1.5)], 0.06, gd, closed=True, smooth=0, seg=8))
    group(lid, (-2.0, 6.0, 4.2), (64, 0, 10))
    drop()
    return {"hero": {"az": -14, "el": 34, "fill": 0.84}, "top": {"el": 60, "az": 12, "fill": 0.84}}
