"""Cloth, wool and leather: what is folded, rolled, worn and carried."""
import math
import numpy as np
from studio import *
from . import product
from .fashion import backpack, ring_path, satchel, stitch, suitcase
from .kit import *
from .tableware import copies


def printed(colour, second, kind, size, third=None, weave=0.12, sheen=0.25, gloss=0.85):
    """Cloth with a printed or woven pattern, drawn from the UV in centimetres."""
    m = cloth(colour, weave, depth=0.28, sheen=sheen)
    nt = m.node_tree
    g = Graph(nt)
    b = nt.nodes["Principled BSDF"]
    ground = b.inputs["Base Color"].links[0].from_socket
    u, v = g.uv()
    co = g("TexCoord")["Object"]
    # ink never lies quite even
    worn = g.ramp(g.noise(co, 1.1, 4, 0.6), [(0.25, 0.72), (0.6, 1.0)])
    col = ground
    row = g.math("FLOOR", g.math("DIVIDE", v, size))
    fx = g.math("SUBTRACT", g.math("FRACT", g.math("ADD", g.math("DIVIDE", u, size), g.math("MULTIPLY", row, 0.5))), 0.5)
    fy = g.math("SUBTRACT", g.math("FRACT", g.math("DIVIDE", v, size)), 0.5)
    r = g.math("SQRT", g.math("ADD", g.math("MULTIPLY", fx, fx), g.math("MULTIPLY", fy, fy)))
    a = g.math("ARCTAN2", fy, fx)
    if kind == "waves":
        w = g.math("SINE", g.math("ADD", g.math("MULTIPLY", v, TAU / size), g.math("MULTIPLY", g.math("SINE", g.math("MULTIPLY", u, TAU / size / 2.2)), 1.9)))
        masks = [(g.math("GREATER_THAN", w, 0.45), second)]
        if third:
            masks.append((g.math("LESS_THAN", w, -0.86), third))
    elif kind == "flowers":
        petal = g.math("MULTIPLY", g.math("ADD", 0.62, g.math("MULTIPLY", g.math("COSINE", g.math("MULTIPLY", a, 5.0)), 0.38)), 0.36)
        masks = [(g.math("LESS_THAN", r, petal), second), (g.math("LESS_THAN", r, 0.085), third or colour)]
    elif kind == "scales":
        ring = g.math("GREATER_THAN", g.math("SINE", g.math("MULTIPLY", r, 44.0)), 0.2)
        masks = [(g.math("MULTIPLY", ring, g.math("LESS_THAN", r, 0.5)), second)]
    elif kind == "herringbone":
        z = g.math("PINGPONG", u, size)
        t = g.math("FRACT", g.math("DIVIDE", g.math("ADD", v, z), size * 0.5))
        masks = [(g.math("LESS_THAN", t, 0.5), second)]
    elif kind == "stripe":
        t = g.math("FRACT", g.math("DIVIDE", v, size))
        masks = [(g.math("LESS_THAN", t, 0.16), second)]
    for k, c in masks:
        col = g.mix(g.math("MULTIPLY", k, worn), col, c)
    g.set(b, "Base Color", col)
    g.set(b, "Roughness", gloss)
    return m


def fold(w, d, t, z, m, i=0, thick=0.6, soft=0.16, shift=0.0):
    """One sheet folded over, its fold in front; returns the height above it."""
    n = 50
    sec = np.concatenate([np.stack([np.linspace(d / 2, -d / 2, n), np.zeros(n)], 1),
                          np.stack([-d / 2 - t / 2 * np.sin(np.linspace(0, math.pi, 14)), t / 2 - t / 2 * np.cos(np.linspace(0, math.pi, 14))], 1)[1:-1],
                          np.stack([np.linspace(-d / 2, d / 2, n), np.full(n, t)], 1)])

    def f(U, V):
        idx = V * (len(sec) - 1)
        y = np.interp(idx, np.arange(len(sec)), sec[:, 0])
        zz = np.interp(idx, np.arange(len(sec)), sec[:, 1])
        x = (U - 0.5) * w
        nz = wobble(np.stack([x, y, 0 * x], 1), 0.045, i)
        return np.stack([x + shift + 0.2 * wobble(np.stack([0 * x, y, zz], 1), 0.08, i + 3), y, z + zz + soft * nz + thick * 0.55], 1)
    grid(f, 64, len(sec), m, thick=thick)
    return z + t + thick * 1.12


def pile(m, w, d, layers, t=1.0, thick=0.6, soft=0.16):
    z = 0.0
    for i in range(layers):
        z = fold(w - 0.25 * i, d - 0.2 * i, t, z, m, i, thick, soft, 0.12 * ((i * 5) % 3 - 1))
    return z


def roll(w, turns, gap, m, r0=0.8, thick=0.6, tail=0.0):
    """Cloth rolled up, its axis along x, on the floor. Returns the radius."""
    n = int(90 * turns)
    a = np.linspace(0, TAU * turns, n)
    r = r0 + gap * a / TAU
    R = r[-1]
    y, z = r * np.cos(a - a[-1] - math.pi / 2), r * np.sin(a - a[-1] - math.pi / 2)
    if tail:
        y = np.r_[y, np.linspace(0.2, tail, 24)]
        z = np.r_[z, np.full(24, z[-1])]
    k = len(y)

    def f(U, V):
        idx = V * (k - 1)
        yy = np.interp(idx, np.arange(k), y)
        zz = np.interp(idx, np.arange(k), z)
        x = (U - 0.5) * w
        e = 0.10 * wobble(np.stack([x, yy, zz], 1), 0.07, 3)
        return np.stack([x + 0.25 * wobble(np.stack([0 * x, yy, zz], 1), 0.06, 5), yy * (1 + 0.02 * e), zz * (1 + 0.03 * e) + R + thick / 2], 1)
    grid(f, 60, k, m, thick=thick)
    return R


def fringe(m, x, y0, y1, z, n, long=3.4, seed=2, r=0.12):
    rng = np.random.default_rng(seed)
    for i in range(n):
        y = y0 + (y1 - y0) * (i + 0.5) / n
        b = rng.normal() * 0.18
        tube([(x - 0.4, y, z), (x + long * 0.35, y + b, max(0.15, z - 0.2)), (x + long * 0.75, y + 2 * b, max(0.13, z - long * 0.35)), (x + long, y + 2.4 * b, max(0.12, z - long * 0.8))], r, m, seg=7, scale=[1, 1, 0.9, 0.6], smooth=5)


@product
def silk_scarf(c):
    """Drawn through a wooden ring, so that it falls in folds to both sides."""
    m = printed(c.main, c.accent, "waves", 2.4, c.third, weave=0.05, sheen=0.1, gloss=0.38)
    def f(U, V):
        # V runs along the scarf, U across it
        s = (V - 0.5) * 2
        x = s * 19
        pinch = 1 - 0.80 * np.exp(-(s / 0.24) ** 2)
        w = 21 * pinch
        u = (U - 0.5)
        ripple = np.sin(u * 2 * math.pi * 4.5 + 2.2 * s) * (1.0 * (1 - pinch) + 0.9 * (0.35 + 0.65 * np.abs(s)))
        y = u * w * (0.8 + 0.2 * pinch) - 4.5 * np.abs(s) ** 2
        z = 1.3 + ripple * 0.85 + 1.8 * np.exp(-(s / 0.3) ** 2) + 0.5 * wobble(np.stack([x, y, 0 * x], 1), 0.05, 4)
        return np.stack([x, y, np.maximum(z, 0.12)], 1)
    grid(f, 130, 200, m, thick=0.06)
    o = torus(3.6, 0.75, wood("walnut", "z"), seg=90)
    place(o, (0, 0, 3.2), (0, 90, 8))
    drop()
    return {"hero": {"az": -14, "el": 38, "fill": 0.88}, "detail": {"at": (9, -4, 1.5), "span": 7.0, "az": -22, "el": 34, "blur": 0.004}}


@product
def scarf_narrow(c):
    """The narrow one lies rolled, its end and fringe towards the viewer."""
    m = cloth(c.main, 0.22, depth=0.45, checks=(4.2, 0.34, c.accent))
    roll(17, 5.2, 1.15, m, 0.9, 0.7)
    # the loose end runs out in front
    def f(U, V):
        x = (U - 0.5) * 17
        y = -1.2 - 15 * V
        return np.stack([x + 0.2 * np.sin(V * 5), y, 0.42 + 0.25 * wobble(np.stack([x, y, 0 * x], 1), 0.06, 6) * V], 1)
    grid(f, 60, 60, m, thick=0.6)
    rng = np.random.default_rng(2)
    for i in range(40):
        x = -8.3 + 16.6 * (i + 0.5) / 40
        b = rng.normal() * 0.2
        tube([(x, -15.9, 0.45), (x + b, -17.4, 0.35), (x + 2 * b, -19.4, 0.15)], 0.14, m, seg=7, scale=[1, 1, 0.6], smooth=5)
    drop()
    return {"hero": {"az": -32, "el": 28, "fill": 0.84}, "detail": {"at": (-8.0, -1, 5.5), "span": 6.4, "az": -56, "el": 20, "blur": 0.004}}


@product
def wool_throw(c):
    m = printed(c.main, c.accent, "herringbone", 1.5, weave=0.2, sheen=0.4, gloss=0.9)
    z = pile(m, 38, 28, 3, 1.5, 1.0, 0.2)
    fringe(m, 18.4, -13.0, 13.0, z - 0.5, 40, 4.0, 5, 0.2)
    return {"hero": {"az": -30, "el": 24, "fill": 0.84}, "detail": {"at": (-6, -13, 5), "span": 8.5, "az": -18, "el": 28, "blur": 0.004}}


@product
def camp_blanket(c):
    m = printed(c.main, c.accent, "stripe", 19.0, weave=0.22, sheen=0.4, gloss=0.92)
    R = roll(38, 6.4, 1.45, m, 1.2, 1.05)
    lt = leather("#7A4A2A")
    br = brass(0.22)
    H = R + 0.9
    for x in (-9.5, 9.5):
        loops = []
        for k in range(90):
            a = TAU * k / 90
            nrm = np.array((0, math.cos(a), math.sin(a)))
            sec = rrect(2.2, 0.34, 0.12, 4)
            loops.append(np.array((x, 0, R + 0.5)) + np.outer(sec[:, 0], (1, 0, 0)) + np.outer(sec[:, 1] + H + 0.1, nrm))
        loft(loops, lt, closed=True, weighted=False, angle=50)
        bk = rrect(3.0, 2.6, 0.4, 6)
        place(sweep(np.c_[bk, 0 * bk[:, 0]], circle(0.22, 10), br, closed=True), (x, -H * 0.82, R + 0.5 + H * 0.62), (52, 0, 0))
    # carrying strap over the top
    q = spline([(-9.5, 0, 2 * R + 1.6), (-7.5, 0, 2 * R + 4.4), (0, 0, 2 * R + 6.2), (7.5, 0, 2 * R + 4.4), (9.5, 0, 2 * R + 1.6)], 12)
    sweep(q, rrect(0.4, 2.4, 0.15, 3), lt, up=(0, 1, 0), angle=50)
    drop()
    return {"hero": {"az": -36, "el": 18, "fill": 0.84}, "detail": {"at": (-9, -9, 14), "span": 9.0, "az": -30, "el": 18, "blur": 0.004}}


@product
def quilt(c):
    m = printed(c.accent, c.main, "flowers", 3.4, c.third, weave=0.1)
    nt = m.node_tree
    g = Graph(nt)
    b = nt.nodes["Principled BSDF"]
    u, v = g.uv()
    # rows of running stitches pull the layers together
    h = g.math("ABSOLUTE", g.math("SINE", g.math("MULTIPLY", v, math.pi / 1.9)))
    h = g.math("MULTIPLY", g.math("POWER", h, 0.5), g.math("ADD", 0.85, g.math("MULTIPLY", g.math("ABSOLUTE", g.math("SINE", g.math("MULTIPLY", u, math.pi / 1.0))), 0.15)))
    g.set(b, "Normal", g.bump(h, 0.5, 0.9))
    z = pile(m, 40, 30, 3, 2.4, 1.7, 0.35)
    # the top sheet's border shows its plain binding
    back = printed(c.main, c.accent, "stripe", 1.6, weave=0.1)
    fold(39, 29, 0.9, z, back, 8, 0.7, 0.3)
    return {"hero": {"az": -28, "el": 26, "fill": 0.84}, "detail": {"at": (-8, -15, 6), "span": 9.0, "az": -16, "el": 26, "blur": 0.004}}


@product
def tablecloth(c):
    """Laid over the end of a table, the corner falling."""
    m = printed(c.accent, c.main, "flowers", 4.2, c.third, weave=0.12)
    W, D, H = 46.0, 34.0, 24.0
    def f(U, V):
        x = -W / 2 - 12 + U * (W + 24)
        y = -D / 2 - 15 + V * (D + 15)
        ox = np.maximum(0, np.abs(x) - W / 2)
        oy = np.maximum(0, -y - D / 2)
        drp = np.maximum(ox, oy)
        both = np.minimum(ox, oy)
        X = np.clip(x, -W / 2, W / 2) + np.sign(x) * (0.6 * (1 - np.exp(-ox)) + 0.08 * ox)
        Y = np.maximum(y, -D / 2) - (0.6 * (1 - np.exp(-oy)) + 0.08 * oy)
        r = np.where(drp > 0, np.sin(0.36 * np.where(oy > ox, x, y) * 1.6) * 0.7 * np.clip(drp / 8, 0, 1), 0)
        Y = Y - np.where(oy >= ox, r, 0) - 0.3 * both
        X = X + np.where(ox > oy, np.sign(x) * r, 0) + np.sign(x) * 0.3 * both
        return np.stack([X, Y, H - drp * 0.985], 1)
    grid(f, 170, 130, m, thick=0.14)
    wd = wood("oak", "x", 0.6)
    rbox(W - 0.6, D - 0.4, 2.4, 0.3, 0.15, wd, (0, 0, H - 2.6))
    for x in (-W / 2 + 3, W / 2 - 3):
        for y in (-D / 2 + 3, D / 2 - 3):
            cyl(1.5, H - 2.4, 0.2, wd, (x, y, 0))
    # a plate and a glass on it
    g = glazed("#F4F1EA")
    lathe(np.concatenate([[(0, 0.3), (5, 0.3)], spline([(5.4, 0.1), (7.4, 0.8), (8.2, 1.4)], 8), [(8.1, 1.5), (7.2, 1.0), (4.8, 0.6), (0, 0.6)]]), g, at=(-6, -3, H + 0.1))
    vessel([(2.0, 0), (2.6, 2.0), (2.9, 6.4)], 0.14, glass("#F8FEFF"), floor=0.5, at=(7, 1, H + 0.1))
    return {"hero": {"az": -30, "el": 26, "fill": 0.86}, "detail": {"at": (-8, -17, 22), "span": 11, "az": -26, "el": 30, "blur": 0.004}}


@product
def tenugui(c):
    m = printed(c.main, c.accent, "scales", 3.6, weave=0.08)
    z = pile(m, 17, 11.5, 3, 0.5, 0.28, 0.08)
    # a paper band holds it
    band = paper("#F1EADA")
    d = 11.5 + 0.8
    q = np.c_[np.zeros(40), resample(np.vstack([rrect(d + 0.7, z + 0.2, 0.5, 5), rrect(d + 0.7, z + 0.2, 0.5, 5)[:1]]), 41)[:-1]]
    loops = [np.array((s, 0, z / 2 + 0.06)) + q for s in (-2.4, 2.4)]
    o = loft(loops, band, cap0=False, cap1=False, weighted=False)
    s = o.modifiers.new("t", "SOLIDIFY")
    s.thickness = 0.05
    ink = paint("ink", "#2B2A2A", 0.6)
    word("TENUGUI", 0.8, ink, 0.01, at=(0, 1.2, z + 0.2), rot=(0, 0, 0))
    word("SAKAI · 90 cm", 0.42, ink, 0.01, at=(0, -0.4, z + 0.2), rot=(0, 0, 0))
    # its sister part unfolded behind
    def f(U, V):
        x, y = (U - 0.5) * 30, V * 13
        return np.stack([x, 8.5 + y, 0.16 + 0.3 * (wobble(np.stack([x, y, 0 * x], 1), 0.05, 3) + 0.6)], 1)
    grid(f, 80, 50, m, thick=0.12)
    drop()
    return {"hero": {"az": -18, "el": 40, "fill": 0.88}, "detail": {"at": (5, -4, 2), "span": 5.4, "az": -30, "el": 34, "blur": 0.004}}


@product
def lavender_sachets(c):
    cl = cloth(c.main, 0.12, depth=0.35)
    rib = paint("ribbon", c.accent, 0.5)
    emb = paint("thread", c.accent, 0.7)
    gn = paint("thread green", "#6F7F55", 0.7)
    for k, (x, y, r) in enumerate(((-6.2, 4.2, 6), (4.6, 5.0, -8), (-4.6, -5.4, -5), (6.4, -4.6, 9))):
        o = cushion(9.2, 9.2, 3.2, cl, 64, pinch=0.06, wrinkle=0.14, seed=k)
        parts = [o]
        for j, dx in enumerate((-0.9, 0, 0.9)):
            parts.append(tube([(dx * 1.1, -2.2, 1.42), (dx * 0.9, 0, 1.68), (dx, 1.4, 1.56)], 0.07, gn, seg=6))
            for i in range(9):
                parts.append(ball(0.19, emb, (dx + 0.2 * (-1) ** i, 0.6 + 0.28 * i, 1.66 - 0.03 * i), seg=10))
        # a loop at the upper corner
        parts.append(tube([(3.9, 3.9, 0.2), (5.0, 5.2, 0.5), (5.6, 4.6, 0.3), (4.2, 4.0, 0.2)], 0.16, rib, seg=8))
        group(parts, (x, y, 1.6), (0, 0, r))
    st, fl = paint("stem", "#6F7F55", 0.7), paint("flower", "#7A6AA8", 0.7)
    for i in range(3):
        q = spline([(-13.5, -9.8 + 0.7 * i, 0.2), (-8, -11.2 + 0.4 * i, 0.4), (-1.0, -11.4 + 0.9 * i, 0.3)], 10)
        tube(q, 0.1, st, smooth=0, seg=8)
        for k in range(24):
            t, a = k / 23, k * 2.4
            p = q[-1] + np.array((4.0 * t - 0.4, 0.3 * i * t, 0.1))
            o = ball(0.26, fl, (p[0], p[1] + 0.28 * math.cos(a), p[2] + 0.24 + 0.24 * math.sin(a)), seg=10)
            o.scale = (1.5, 0.9, 0.9)
    drop()
    return {"hero": {"az": -14, "el": 40, "fill": 0.88}, "top": {"el": 66, "az": 8, "fill": 0.86}}


def sock(m, rib):
    """A sock lying flat."""
    out = fillet([(-3.6, 0, 1.0), (3.6, 0, 1.0), (3.4, -15, 2.5), (4.2, -18.5, 3.0), (12.2, -22.0, 2.0), (14.4, -24.6, 2.0), (13.0, -27.6, 2.4), (3.0, -26.6, 3.0), (-3.2, -23.6, 3.4), (-4.2, -18.5, 2.0)], 1.0, 8, closed=True)[::-1]
    parts = [slab(out, 1.7, 0.8, m, n=6, weighted=False)]
    cuff = rrect(7.7, 6.4, 0.8, 8)
    parts.append(place(slab(cuff, 2.1, 0.9, rib), (0, -2.6, -0.2)))
    return parts


@product
def hiking_socks(c):
    for j, col in enumerate((c.main, c.accent)):
        m = knit(col, 0.46)
        rib = knit(shade(col, -0.12), 0.6, rib=True)
        for i in range(2):
            parts = sock(m, rib)
            # toe and heel of another yarn, drawn over the sock's own
            toe = knit(c.third, 0.46)
            parts.append(place(slab(rrect(5.2, 6.0, 2.4, 8), 1.78, 0.84, toe, n=6, weighted=False), (12.4, -24.9, -0.03), (0, 0, -24)))
            parts.append(place(slab(rrect(6.0, 6.2, 2.7, 8), 1.78, 0.84, toe, n=6, weighted=False), (-1.0, -23.2, -0.03), (0, 0, -38)))
            group(parts, (-15 + 17 * j + 5.2 * i, 12.5 - 1.6 * i, 0.1 + 1.75 * i), (0, 0, 4 - 5 * i))
    drop()
    return {"hero": {"az": -12, "el": 52, "fill": 0.88}, "detail": {"at": (-12, 8, 2), "span": 8.0, "az": -26, "el": 38, "blur": 0.003}}


@product
def gloves(c):
    m = leather(c.main, 1.1, 0.1)
    th = paint("thread", shade(c.main, 0.25), 0.7)
    wool = knit(c.accent, 0.36)
    def glove(flip):
        s = -1 if flip else 1
        parts = [slab(rrect(9.6, 12.6, 2.6, 8), 1.75, 0.8, m, n=6, weighted=False)]
        parts[0].location = (0, -3.4, 0)
        # fingers from the little one to the index, then the thumb
        for k, (L, y0) in enumerate(((6.4, 1.2), (8.2, 2.0), (8.6, 2.1), (7.2, 1.6))):
            x = s * (3.6 - 2.4 * k)
            q = [(x * 0.95, -1.0, 0.9), (x, y0, 0.92), (x * 1.04, y0 + L * 0.5, 0.95), (x * 1.08, y0 + L - 1.1, 0.88)]
            parts.append(tube(q, 1.1, m, scale=[1.05, 1.05, 1.0, 0.86], seg=20))
            parts[-1].scale = (1, 1, 0.84)
        q = [(-s * 3.4, -5.4, 0.9), (-s * 5.6, -2.6, 1.0), (-s * 7.4, 0.6, 1.0), (-s * 8.6, 2.8, 0.92)]
        parts.append(tube(q, 1.25, m, scale=[1.3, 1.2, 1.0, 0.82], seg=20))
        parts[-1].scale = (1, 1, 0.84)
        for dx in (-1.9, 0, 1.9):
            q = np.array([(s * dx * 0.7, -4.6, 1.76), (s * dx, 0.2, 1.76)])
            parts += stitch(resample(q, 20), th, 0.42, 0.2, 0.06)
        # the lining shows at the opening
        parts.append(place(slab(rrect(9.0, 2.0, 0.7, 6), 1.5, 0.7, wool, weighted=False), (0, -9.9, 0.1)))
        return parts
    group(glove(False), (-6.2, 0, 0), (0, 0, 10))
    group(glove(True), (6.4, -1.6, 0.1), (0, 0, -14))
    drop()
    return {"hero": {"az": -10, "el": 54, "fill": 0.88}, "detail": {"at": (-5.5, -2, 1.6), "span": 6.4, "az": -24, "el": 38, "blur": 0.004}}


@product
def flat_cap(c):
    m = cloth(c.main, 0.24, coords="xy", depth=0.4, checks=(3.2, 0.22, c.accent))
    a = np.linspace(0, math.pi / 2, 26)
    prof = np.stack([13.2 * np.cos(a) ** 0.8, 1.4 + 7.4 * np.sin(a)], 1)
    prof[-1, 0] = 0
    prof = np.concatenate([[(11.2, 0.0), (12.4, 0.3), (13.1, 0.8)], prof])
    def sh(V, th, r, z):
        x, y = V[:, 0] * 0.88, V[:, 1] * 1.06
        front = np.clip(-y / 13, -1, 1)
        k = np.clip(z / 8, 0, 1)
        zz = z * (1 - 0.42 * np.clip(front, 0, 1)) + 0.9 * k * np.clip(-front, 0, 1)
        P = np.stack([x, y - 2.2 * k, zz], 1)
        return P + 0.12 * wobble(P, 0.07, 4)[:, None] * (0, 0, 1)
    lathe(prof, m, seg=160, fn=sh, angle=0)
    # eight panels meet at a button
    for k in range(8):
        b = math.radians(45 * k + 10)
        q = []
        for t in np.linspace(0.05, 1.45, 24):
            r, z = 13.2 * math.cos(t) ** 0.8, 1.4 + 7.4 * math.sin(t)
            V = np.array([(r * math.cos(b), r * math.sin(b), z)])
            q.append(sh(V, np.array([b]), np.array([r]), np.array([z]))[0] + (0, 0, 0.02))
        tube(np.array(q), 0.09, paint("seam", shade(c.main, -0.35), 0.9), smooth=0, seg=6)
    ball(0.9, m, tuple(sh(np.array([(0.0, 0.0, 8.8)]), np.zeros(1), np.zeros(1), np.array([8.8]))[0] + (0, 0, 0.1)), squash=0.5)
    # the peak
    def peak(U, V):
        t = math.radians(-90) + (U - 0.5) * math.radians(116)
        r0 = 12.4
        r = r0 + 5.4 * V * np.cos((U - 0.5) * 2.0) ** 1.2
        x, y = r * np.cos(t) * 0.88, r * np.sin(t) * 1.06
        return np.stack([x, y, 1.5 - 0.9 * V - 0.05 * (x / 4) ** 2], 1)
    grid(peak, 90, 30, m, thick=0.5)
    drop()
    return {"hero": {"az": -30, "el": 26, "fill": 0.84}, "detail": {"at": (-3, -12, 4), "span": 7.5, "az": -26, "el": 24, "blur": 0.003}}


@product
def backpack_26(c):
    copies(backpack, c, (((0, 0), 0, (1.06, 1.12, 1.2)),))
    # side pocket with a bottle: what the larger one has room for
    b = [lathe(fillet([(0, 0), (3.2, 0, 0.3), (3.2, 17, 1.0), (2.2, 19, 0.6), (2.2, 20.5), (0, 20.5)], 0.2), steel(0.24, 0.6)), cyl(2.4, 2.6, 0.3, plastic("#26262A"), (0, 0, 20.4))]
    group(b, (-16.6, 1.0, 4.0), (0, -2, 0))
    m = cloth(c.main, 0.14, depth=0.4)
    lathe(spline([(3.1, 0), (4.0, 1.0), (4.2, 7.0), (4.1, 12.0)], 8), m, at=(-16.4, 1.0, 2.6))
    return {"hero": {"az": -30, "el": 14, "fill": 0.84}, "detail": {"at": (-10, -8, 14), "span": 13, "az": -42, "el": 14, "blur": 0.004}}


@product
def satchel_small(c):
    copies(satchel, c, (((0, 0), 0, (0.72, 0.82, 0.74)),))
    m = leather(c.main, 0.7, 0.1)
    # the shoulder strap lies coiled in front on the right
    q = spline([(12.6, 0, 14), (15.2, -1.0, 9), (16.0, -4.0, 2.0), (13.0, -9.0, 0.5), (6.0, -11.0, 0.5), (2.0, -9.0, 0.5)], 14)
    sweep(q, rrect(0.3, 1.8, 0.1, 3), m, up=(0, 0.3, 1), angle=50)
    drop()
    return {"hero": {"az": 22, "el": 18, "fill": 0.84}, "detail": {"at": (6.2, -4, 9.4), "span": 6.0, "az": 30, "el": 16, "blur": 0.004}}


@product
def suitcase_large(c):
    copies(suitcase, c, (((0, 0), 0, (1.22, 1.24, 1.22)),))
    return {"hero": {"az": 30, "el": 14, "fill": 0.86}, "detail": {"at": (-6, -12, 30), "span": 22, "az": -16, "el": 14, "blur": 0.003}}


@product
def key_ring(c):
    m = leather(c.main, 1.8)
    th = paint("thread", c.accent, 0.7)
    br = brass(0.18)
    parts = [rbox(2.0, 8.4, 0.34, 0.35, 0.14, m, (0, -5.0, 0)), rbox(2.0, 8.0, 0.3, 0.35, 0.13, m, (0, -4.8, 0.34))]
    parts.append(place(torus(0.55, 0.2, m, (0, 0, 0), ry=1.0), (0, -0.6, 0.45), (0, 90, 0)))
    # six stitches close it
    parts += stitch(np.array([(-0.55, -2.0, 0.66), (0.55, -2.0, 0.66)]), th, 0.26, 0.12, 0.06)
    parts += stitch(np.array([(-0.55, -2.45, 0.66), (0.55, -2.45, 0.66)]), th, 0.26, 0.12, 0.06)
    out = circle(1.65, 90)
    p = np.c_[out[:, 0], out[:, 1] + 0.95, np.full(90, 0.45)]
    parts.append(tube(p, 0.2, br, closed=True, smooth=0, seg=14))
    def key():
        k = [place(torus(0.95, 0.2, steel(0.2, 0)), (0, 0, 0)), rbox(0.62, 3.6, 0.22, 0.08, 0.04, steel(0.2, 0), (0, -2.7, -0.1))]
        for i in range(4):
            k.append(rbox(0.3, 0.22, 0.2, 0.05, 0.03, steel(0.2, 0), (0.42 - 0.06 * (i % 2), -2.6 - 0.45 * i, -0.09)))
        return k
    parts.append(group(key(), (1.9, 2.9, 0.7), (8, 0, 152)))
    parts.append(group(key(), (-0.6, 3.3, 0.42), (4, 0, -164)))
    group(parts, (0, 1.0, 0.05), (0, 0, 34))
    drop()
    return {"hero": {"az": -10, "el": 48, "fill": 0.82}, "detail": {"at": (1.0, 0.6, 0.6), "span": 2.6, "az": -24, "el": 36, "blur": 0.005}}


@product
def wash_bag(c):
    m = leather(c.main, 0.8, 0.05)
    br = brass(0.2)
    th = paint("thread", c.accent, 0.7)
    W, D, H = 24.0, 12.0, 12.5
    loops = []
    for k in range(56):
        t = k / 55
        e = min(1.0, t * 8)
        ins = (1 - math.sqrt(max(0, 1 - (1 - e) ** 2))) * 2.0
        top = np.clip((t - 0.55) / 0.45, 0, 1)
        P = lift(rrect(W - 2 * ins - 1.0 * top, max(1.6, (D - 2 * ins) * (1 - 0.82 * top ** 1.5)), max(0.5, (4.2 - ins) * (1 - 0.85 * top)), 16), H * t)
        P += (0.22 * wobble(P, 0.05, 4))[:, None] * np.c_[np.sign(P[:, 0]) * 0.5, np.sign(P[:, 1]), 0 * P[:, 0]]
        loops.append(P)
    loft(loops, m, angle=0, weighted=False)
    rbox(W - 2.0, 1.5, 0.3, 0.3, 0.1, cloth("#2B2622", 0.1), (0, 0, H - 0.1))
    for i in range(44):
        for s in (-1, 1):
            rbox(0.26, 0.3, 0.16, 0.06, 0.03, br, (-W / 2 + 1.6 + 0.48 * i, 0.16 * s, H + 0.18))
    rbox(1.2, 0.9, 0.5, 0.2, 0.12, br, (W / 2 - 3.0, 0, H + 0.2))
    parts = [torus(0.5, 0.12, br, (0, 0, 0)), rbox(0.9, 3.4, 0.24, 0.3, 0.08, leather(c.main, 1.4), (0, -2.2, -0.1))]
    group(parts, (W / 2 - 2.2, -0.8, H + 0.2), (-52, 0, 26))
    # the strap at the side
    q = spline([(-W / 2 + 0.3, -2.4, 7.0), (-W / 2 - 1.6, -2.2, 8.4), (-W / 2 - 2.2, 0, 8.8), (-W / 2 - 1.6, 2.2, 8.4), (-W / 2 + 0.3, 2.4, 7.0)], 10)
    sweep(q, rrect(0.34, 1.8, 0.12, 3), m, up=(0, 0, 1), angle=50)
    P = loops[30]
    f = P[P[:, 1] < -0.5]
    f = f[np.argsort(f[:, 0])]
    stitch(resample(f + (0, -0.03, 1.2), 40), th, 0.42, 0.2, 0.06)
    word("FIBBIA", 0.8, paint("emboss", shade(c.main, -0.5), 0.6), 0.02, at=(0, -D / 2 - 0.22, 3.6), rot=(88, 0, 0), spacing=1.2)
    drop()
    return {"hero": {"az": -24, "el": 20, "fill": 0.84}, "detail": {"at": (7, -2, 11.5), "span": 6.0, "az": 14, "el": 26, "blur": 0.004}}


@product
def notebook_cover(c):
    m = leather(c.main, 1.1)
    th = paint("thread", c.accent, 0.7)
    pg = paper("#F4EEDF")
    W, D, H = 15.6, 21.8, 2.0
    parts = []
    for k in range(20):
        z = 0.24 + k * (H - 0.5) / 20
        parts.append(rbox(W - 1.2, D - 1.0, (H - 0.5) / 20 * 0.9, 0.3, 0.01, pg, (0.3 + 0.03 * math.sin(k * 2.1), 0, z), n=4))
    for z in (0.0, H - 0.26):
        parts.append(rbox(W, D, 0.26, 0.9, 0.1, m, (0, 0, z)))
    parts.append(sweep([(-W / 2 + 0.4, -D / 2 + 0.05, H / 2), (-W / 2 + 0.4, D / 2 - 0.05, H / 2)], superellipse(H, 1.1, 2.6, 24), m, up=(0, 0, 1)))
    parts += stitch(ring_path(rrect(W - 0.9, D - 0.9, 0.7), H + 0.01), th, 0.4, 0.2, 0.055)
    # a strap wound once around, a brass stud
    x = 4.4
    out = rrect(D + 0.5, H + 0.36, 0.3, 5)
    q = np.stack([np.full(len(out), x), out[:, 0], out[:, 1] + H / 2], 1)
    o = loft([q + np.array((s, 0, 0)) for s in (-0.55, 0.55)], m, cap0=False, cap1=False, weighted=False)
    s = o.modifiers.new("t", "SOLIDIFY")
    s.thickness = 0.18
    parts.append(o)
    parts.append(lathe(fillet([(0, 0), (0.5, 0), (0.35, 0.3), (0, 0.35)], 0.08), brass(0.18), at=(x, -3.0, H + 0.22)))
    parts.append(word("fibbia", 0.9, paint("emboss", shade(c.main, -0.5), 0.6), 0.015, at=(-2.4, -8.2, H + 0.01), rot=(0, 0, 0), spacing=1.1))
    rb = grid(lambda U, V: np.stack([-3.0 + (U - 0.5) * 0.6 + 0.4 * V, -D / 2 + 0.6 - 4.2 * V, 1.0 * (1 - V) ** 2 + 0.08 + 0 * U], 1), 6, 24, cloth(c.accent, 0.05), thick=0.05)
    parts.append(rb)
    group(parts, (0, 0, 0), (0, 0, 14))
    # a pencil of the usual length lies beside
    pen = paint("pencil", "#26364F", 0.3, coat=0.3)
    b = [sweep([(0, -8.6, 0), (0, 6.6, 0)], polygon(0.38, 6), pen, angle=25), place(lathe([(0.36, 0), (0.06, 1.5), (0, 1.75)], wood("beech", "z"), seg=24), (0, 6.6, 0), (-90, 0, 0))]
    group(b, (11.6, -2.0, 0.36), (0, 0, -14))
    drop()
    return {"hero": {"az": -18, "el": 42, "fill": 0.86}, "detail": {"at": (-4, -8, 2), "span": 5.6, "az": -34, "el": 30, "blur": 0.004}}


@product
def darning_kit(c):
    wd = wood(c.main, "z")
    mush = [lathe(np.concatenate([[(0, 0), (1.0, 0)], spline([(1.3, 0.3), (1.15, 2.0), (0.85, 5.0), (1.0, 7.2)], 8), spline([(2.6, 7.4), (3.9, 7.9), (4.1, 8.6), (3.2, 10.0), (1.4, 10.8), (0, 10.9)], 8)]), wd)]
    group(mush, (-4.6, 3.6, 0), (0, 0, 0))
    cols = ("#8C3A4E", "#3F6C86", "#5C6B4F", "#D39A3A", "#7A5238", "#E9DFCB", "#4A4644", c.accent)
    rng = np.random.default_rng(2)
    for k, col in enumerate(cols):
        m = felt(col)
        parts = []
        for i in range(9):
            _w, _r = 1.0 + 0.12 * (i % 3), 0.3 + 0.14 * (i // 3)
            a = np.linspace(0, TAU, 60)[:-1]
            z = 0.55 * np.sin(i * 1.7) * 0.6
            p = np.stack([3.2 * np.cos(a) * (1 - 0.03 * (i % 3)), (0.55 + 0.1 * (i % 3)) * np.sin(a) * (1 + 0.3 * np.abs(np.cos(a))), z + 0.1 * np.sin(3 * a + i)], 1)
            parts.append(tube(p, 0.24, m, closed=True, smooth=0, seg=8))
        band = rbox(1.5, 2.0, 1.7, 0.5, 0.3, paper("#EFE6D2"))
        parts.append(place(band, (0, 0, -0.85)))
        group(parts, (3.4 + 7.2 * (k % 2), 6.0 - 3.0 * (k // 2), 0.95), (0, 0, rng.uniform(-5, 5)))
    st = steel(0.16, 0)
    card = [rbox(4.6, 7.0, 0.06, 0.3, 0.02, paper("#F4EEDF"))]
    card.append(word("DARNING", 0.6, paint("ink", "#3A3A36", 0.6), 0.01, at=(0, 2.4, 0.07), rot=(0, 0, 0)))
    for x in (-0.7, 0.7):
        card.append(tube([(x, -2.8, 0.16), (x, 1.4, 0.16)], 0.06, st, smooth=0, seg=10, scale=[0.3, 1]))
        card.append(place(torus(0.16, 0.045, st, seg=24), (x, 1.55, 0.16), (0, 0, 0), (0.6, 1.5, 1)))
    group(card, (-5.4, -5.4, 0.05), (0, 0, 12))
    drop()
    return {"hero": {"az": -12, "el": 42, "fill": 0.88}, "top": {"el": 68, "az": 8, "fill": 0.88}}
