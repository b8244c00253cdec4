"""Jewellery, small things for desk and telephone, bath, baskets and shades that came later."""
import math
import numpy as np
from studio import *
from . import product
from .home import pendant_lamp
from .kit import *
from .tableware import copies


@product
def phone_stand(c):
    m = metal(c.main, 0.3, 0.4, "x") if c.key == "silver" else paint("powder", c.main, 0.36, coat=0.2)
    pad = rubber(c.accent)
    rbox(8.6, 9.6, 0.5, 1.2, 0.18, m)
    rbox(7.0, 2.0, 0.06, 0.6, 0.02, pad, (0, -3.4, 0.5))
    for s in (-1, 1):
        place(cyl(0.55, 1.4, 0.12, steel(0.2, 0.4)), (s * 2.2 - 0.7, 4.0, 0.9), (0, 90, 0))
    arm = rbox(4.0, 9.0, 0.55, 0.8, 0.18, m)
    group([place(arm, (0, 4.5, -0.28))], (0, 4.0, 0.9), (118, 0, 0))
    # upper hinge and plate
    yh, zh = 4.0 + 9.0 * math.cos(math.radians(118)), 0.9 + 9.0 * math.sin(math.radians(118))
    place(cyl(0.55, 4.4, 0.12, steel(0.2, 0.4)), (-2.2, yh, zh), (0, 90, 0))
    tilt = 66
    plate = [rbox(7.4, 8.6, 0.5, 1.1, 0.18, m, (0, 0.6, 0)), rbox(5.6, 6.4, 0.08, 0.7, 0.03, pad, (0, 1.0, 0.5)), rbox(6.4, 0.5, 1.9, 0.22, 0.18, m, (0, -3.6, 0)), rbox(5.6, 0.3, 0.3, 0.12, 0.1, pad, (0, -3.3, 0.5))]
    phone = [rbox(7.2, 14.9, 0.8, 1.1, 0.28, metal("#C9CACD", 0.25), n=10), rbox(6.9, 14.6, 0.04, 1.0, 0.02, paint("glass", "#08080A", 0.06, coat=1.0), (0, 0, 0.79), n=10), rbox(6.6, 14.3, 0.02, 0.9, 0.01, screen(("#143D36", "#D9A53A", "#F3E3B5")), (0, 0, 0.82), n=10)]
    e = group(phone, (0, 4.2, 0.62))
    group(plate + [e], (0, yh - 0.55, zh - 0.2), (tilt, 0, 0))
    drop()
    return {"hero": {"az": -34, "el": 18, "fill": 0.82}, "detail": {"at": (0, 2, 5.0), "span": 6.4, "az": -62, "el": 22, "blur": 0.004}}


@product
def usb_cable(c):
    m = cloth(c.main, 0.09, depth=0.5)
    pl = paint("plug", shade(c.main, -0.12), 0.4)
    st = metal("#C9CACD", 0.22)
    a = np.linspace(0, TAU * 4.6, 460)
    r = 5.2 + 0.35 * np.sin(a * 0.37) + 0.16 * np.sin(a * 1.3)
    z = 0.42 + 0.4 * (a / TAU) * 0.7 + 0.12 * np.sin(a * 0.5)
    p = np.stack([r * np.cos(a) * 1.06, r * np.sin(a), z], 1)
    end0 = spline([p[0] + (0.3, -6.4, 0), p[0] + (0.6, -4.0, 0), p[0] + (0.35, -1.8, 0), p[0]], 10)[:-1]
    t = p[-1] - p[-3]
    t /= np.linalg.norm(t)
    end1 = spline([p[-1], p[-1] + t * 2.5 + (0, 0, -0.3), p[-1] + t * 5.0 + (1.2, 0, -1.0), p[-1] + t * 7.0 + (3.4, 0, -1.75)], 10)[1:]
    end1[:, 2] = np.maximum(end1[:, 2], 0.42)
    q = np.concatenate([end0, p, end1])
    tube(q, 0.3, m, smooth=0, seg=14, round_ends=False)
    for at, d in ((q[0], q[0] - q[2]), (q[-1], q[-1] - q[-3])):
        d = d / np.linalg.norm(d)
        ang = math.degrees(math.atan2(d[1], d[0]))
        parts = [place(rbox(1.2, 0.8, 3.2, 0.38, 0.15, pl), (-0.2, 0, 0), (0, 90, 0)), place(lathe(fillet([(0, 0), (0.42, 0), (0.5, 1.2), (0, 1.2)], 0.1), pl), (-1.3, 0, 0), (0, 90, 0)),
                 place(rbox(0.84, 0.26, 0.7, 0.12, 0.03, st), (2.95, 0, 0), (0, 90, 0))]
        for o in parts:
            o.rotation_euler.rotate_axis("Z", math.pi / 2)
        group(parts, (at[0], at[1], max(0.5, at[2])), (0, 0, ang))
    # leather tie around the coil
    lt = leather(c.accent, 1.6)
    out = superellipse(2.6, 3.3, 2.6, 60)
    pp = np.stack([0 * out[:, 0], out[:, 0] , out[:, 1]], 1)
    loops = [pp * (1, 1, 1) + np.array((s, 0, 0)) for s in (-0.6, 0.6)]
    o = loft(loops, lt, cap0=False, cap1=False, weighted=False)
    s = o.modifiers.new("t", "SOLIDIFY")
    s.thickness = 0.16
    place(o, (0.4, 5.3, 1.35), (0, 0, 0))
    lathe(fillet([(0, 0), (0.42, 0), (0.3, 0.24), (0, 0.3)], 0.06), brass(0.2), at=(0.4, 5.3, 3.0))
    drop()
    return {"hero": {"az": -16, "el": 42, "fill": 0.84}, "detail": {"at": (5.2, -5.2, 0.6), "span": 3.6, "az": -24, "el": 30, "blur": 0.005}}


@product
def phone_case(c):
    """The case seen from the back, a second one from the inside."""
    W, H = 7.7, 15.4
    sil = paint("silicone", c.main, 0.6, spec=0.35)
    lin = felt(shade(c.main, 0.18), 0.4)
    def case():
        out = rrect(W, H, 1.45, 12)
        back = rbox(W, H, 0.3, 1.45, 0.12, sil, n=10)
        hole = slab(rrect(3.5, 3.6, 0.9, 10), 2.0, 0.05, sil)
        place(hole, (-1.6, 5.1, -0.6))
        back = cut(back, hole)
        wall = loft([lift(out, 0.1), lift(out, 1.1), lift(inset(out, 0.07), 1.2), lift(inset(out, 0.18), 1.2), lift(inset(out, 0.25), 1.1), lift(inset(out, 0.25), 0.25)], sil, cap0=False, cap1=False, angle=50)
        ring = rrect(3.6, 3.7, 0.95, 10)
        rim = tube(np.c_[ring[:, 0] - 1.6, ring[:, 1] + 5.1, np.full(len(ring), 0.02)], 0.16, sil, closed=True, smooth=0, seg=10)
        parts = [back, wall, rim, place(slab(rrect(W - 0.7, H - 5.6, 1.0, 8), 0.03, 0.01, lin), (0, -2.1, 0.29))]
        for y, L in ((3.6, 1.7), (1.0, 3.0)):
            parts.append(rbox(0.22, L, 0.5, 0.1, 0.08, sil, (W / 2 + 0.04, y, 0.4)))
        return parts
    # back towards us
    b = case()
    b.append(word("narae", 0.9, paint("mark", shade(c.main, -0.3), 0.6), 0.01, at=(0, -1.0, -0.01), rot=(0, 180, 0), spacing=1.1))
    group([group(b, (0, 0, 0), (0, 180, 0))], (-3.2, -1.2, H / 2), (80, 0, 0))
    group(case(), (4.6, 2.8, H / 2), (80, 0, 0))
    drop()
    return {"hero": {"az": -20, "el": 16, "fill": 0.82}, "detail": {"at": (-2.0, -1.6, 12.6), "span": 4.4, "az": 14, "el": 18, "blur": 0.004}}


@product
def tile_set(c):
    """Six tiles, two by three, one corner lifted on the next."""
    white = glazed("#F6F1E4", rough=0.14)
    main, acc = glazed(c.main, rough=0.14), glazed(c.accent, rough=0.14)
    clay = matte_ceramic("#B8754F")
    def motif(kind):
        p = []
        if kind == 0:      # a star of eight petals
            for k in range(8):
                a = 45 * k
                o = slab(fillet([(0.5, 0, 0.02), (2.2, -0.75, 0.3), (4.2, 0, 0.02), (2.2, 0.75, 0.3)], 0.2, 5, closed=True), 0.03, 0.01, main if k % 2 else acc)
                p.append(place(o, (0, 0, 0.9), (0, 0, a)))
            p.append(cyl(0.8, 0.04, 0.01, acc, (0, 0, 0.9)))
        elif kind == 1:    # quarter rounds in the corners, a rosette in the middle
            for sx in (-1, 1):
                for sy in (-1, 1):
                    for r, mt in ((3.9, main), (3.0, white), (2.2, acc)):
                        t = np.linspace(0, math.pi / 2, 20)
                        pts = [(0.0, 0.0)] + [(r * math.cos(x), r * math.sin(x)) for x in t]
                        o = add("quarter", [(x, y, 0) for x, y in pts], [tuple(range(len(pts)))], mt, angle=0)
                        rot = {(-1, -1): 0, (1, -1): 90, (1, 1): 180, (-1, 1): 270}[(sx, sy)]
                        p.append(place(o, (sx * 5.1, sy * 5.1, 0.915 + 0.006 * (4 - r)), (0, 0, rot)))
            for k in range(6):
                o = slab(fillet([(0.2, 0, 0.02), (0.9, -0.45, 0.2), (1.8, 0, 0.02), (0.9, 0.45, 0.2)], 0.15, 5, closed=True), 0.03, 0.01, main)
                p.append(place(o, (0, 0, 0.9), (0, 0, 60 * k)))
            p.append(cyl(0.4, 0.05, 0.01, acc, (0, 0, 0.9)))
        else:              # a lattice with flowers
            for r in (45, -45):
                for d in (-3.6, 0, 3.6):
                    L = 2 * (7.2 - abs(d)) * 0.97
                    p.append(place(slab(rrect(L, 0.42, 0.15, 4), 0.03, 0.01, main), (-d * math.sin(math.radians(r)), d * math.cos(math.radians(r)), 0.9), (0, 0, r)))
            for x, y in ((0, 2.55), (0, -2.55), (2.55, 0), (-2.55, 0)):
                for k in range(5):
                    a = TAU * k / 5
                    p.append(cyl(0.42, 0.04, 0.01, acc, (x + 0.55 * math.cos(a), y + 0.55 * math.sin(a), 0.905), seg=20))
                p.append(cyl(0.3, 0.05, 0.01, main, (x, y, 0.91), seg=20))
        return p
    def tile(kind):
        return [rbox(10.5, 10.5, 0.85, 0.25, 0.1, clay), rbox(10.4, 10.4, 0.3, 0.25, 0.12, white, (0, 0, 0.6))] + motif(kind)
    for k, (x, y) in enumerate(((-11.2, 5.6), (0, 5.6), (11.2, 5.6), (-11.2, -5.6), (0, -5.6))):
        group(tile(k % 3), (x, y, 0), (0, 0, 0))
    group(tile(2), (11.6, -6.0, 0.7), (-3, -6, -7))
    drop()
    return {"hero": {"az": -18, "el": 50, "fill": 0.9}, "detail": {"at": (6, -4, 0.8), "span": 8.0, "az": -26, "el": 36, "blur": 0.004}}


@product
def lamp_shade(c):
    m = cloth(c.main, 0.16, depth=0.4)
    o = lathe([(12.5, 0), (9.1, 16.4)], m, seg=160)
    s = o.modifiers.new("t", "SOLIDIFY")
    s.thickness = 0.2
    st = metal("#D9D6CE", 0.3)
    for r, z in ((12.5, 0.12), (9.1, 16.35)):
        torus(r, 0.24, cloth(shade(c.main, -0.12), 0.1), (0, 0, z))
    lathe([(12.3, 0.1), (8.95, 16.3)], paint("lining", "#F4EEDF", 0.7), seg=120)
    # the fitting: a ring for the lamp holder on three arms
    torus(2.2, 0.22, st, (0, 0, 14.2), ry=0.3)
    torus(1.45, 0.16, st, (0, 0, 14.2), ry=0.25)
    for k in range(3):
        a = TAU * k / 3 + 0.4
        tube([(2.2 * math.cos(a), 2.2 * math.sin(a), 14.2), (5.5 * math.cos(a), 5.5 * math.sin(a), 14.3), (9.0 * math.cos(a), 9.0 * math.sin(a), 16.2)], 0.16, st, seg=10)
    return {"hero": {"az": -16, "el": 34, "fill": 0.78}, "detail": {"at": (-2, -8, 14), "span": 7.0, "az": -20, "el": 36, "blur": 0.004}}


@product
def pendant_lamp_40(c):
    copies(pendant_lamp, c, (((0, 0), 0, (1.54, 1.54, 1.18)),))
    return {"hero": {"az": 12, "el": -16, "fill": 0.74, "shift": (0, -0.05), "light": {"gain": 0.85}}, "detail": {"at": (0, 0, 128), "span": 17, "az": -20, "el": -26, "light": {"gain": 0.85}}}


@product
def palm_basket(c):
    pl = wood("bamboo", "x", 1.6)
    col = paint("dyed palm", c.main, 0.7) if c.key == "red" else paint("dyed palm", c.accent, 0.7)
    H, rows = 15.0, 17
    th = np.linspace(0, TAU, 360, endpoint=False)
    for j in range(rows):
        t = j / (rows - 1)
        R = 10.5 + 5.6 * t ** 0.8
        z = 0.5 + H * t
        r = R + 0.14 * np.sin(th * 44 + math.pi * j)
        p = np.stack([r * np.cos(th), r * np.sin(th), z + 0.10 * np.sin(th * 44 + math.pi * j + 1.5)], 1)
        sweep(p, superellipse(0.95, 1.05, 2.4, 12), col if j in (4, 5, 10, 11, 16) else pl, closed=True, up=(0, 0, 1), angle=70)
        # the sewing that binds ring upon ring
        if j:
            for k in range(0, 66):
                a = TAU * (k + 0.5 * (j % 2)) / 66
                o = ball(0.2, pl if j in (4, 5, 10, 11, 16) else col if k % 3 == 0 else pl, ((R + 0.42) * math.cos(a), (R + 0.42) * math.sin(a), z - 0.45), seg=8)
                o.scale = (0.8, 0.8, 2.6)
    for j in range(11):
        r = 0.3 + 0.98 * j
        torus(r, 0.48, pl, (0, 0, 0.5), ry=0.45, seg=72)
    for s in (-1, 1):
        q = spline([(s * 16.0, -3.6, H - 0.6), (s * 18.6, -2.8, H + 1.6), (s * 19.2, 0, H + 2.4), (s * 18.6, 2.8, H + 1.6), (s * 16.0, 3.6, H - 0.6)], 12)
        tube(q, 0.62, col, smooth=0)
    # flat loaves lie in it
    br = base("bread", rough=0.8)
    m, g, b = br
    g.set(b, "Base Color", g.ramp(g.noise(g("TexCoord")["Object"], 0.5, 5, 0.6), [(0.34, "#A9702F"), (0.52, "#DDB070"), (0.7, "#EFD9AE")]))
    for x, y, z, a, tl in ((-3.4, 1, 9.6, 0, 14), (4.2, 2.4, 10.4, 40, -12), (0.4, -4.2, 11.0, 80, 8)):
        place(reshape(ball(8.2, m, seg=56), lambda P: P * (1, 0.94, 0.15) + (0.1 * wobble(P, 0.08, 3))[:, None] * (0, 0, 1)), (x, y, z), (tl, tl * 0.6, a))
    return {"hero": {"az": -16, "el": 24, "fill": 0.84}, "top": {"el": 52, "az": 12, "fill": 0.84}}


@product
def bangle(c):
    """One plain oval bangle, standing on its edge against a stone."""
    m = metal(c.main, 0.1)
    a = np.linspace(0, TAU, 240)[:-1]
    p = np.stack([3.25 * np.cos(a), 2.8 * np.sin(a), 0 * a], 1)
    o = sweep(p, superellipse(0.42, 0.62, 2.4, 28), m, closed=True, up=(0, 0, 1), angle=70)
    group([o], (0, 0, 2.98), (78, 0, 0))
    drop()
    st = stone("#EFE9E2", "#A9A29C", 0.7)
    rbox(5.0, 2.2, 3.4, 0.3, 0.12, st, (1.8, 1.9, 0))
    rbox(9.5, 7.2, 0.8, 0.4, 0.14, st, (0.4, 0.6, -0.8))
    group(everything(), (0, 0, 0.8))
    drop()
    return {"hero": {"az": -26, "el": 20, "fill": 0.78}, "detail": {"at": (-1.6, -0.6, 5.6), "span": 2.0, "az": -40, "el": 26, "blur": 0.005}}


@product
def hoop_earrings(c):
    m = metal(c.main, 0.09)
    a = np.linspace(0, TAU * 0.965, 200)
    def hoop():
        p = np.stack([1.5 * np.sin(a), 0 * a, -1.5 * np.cos(a)], 1)
        parts = [tube(p, 0.14, m, smooth=0, seg=20)]
        ph = np.linspace(0, 62 * TAU, 2600)
        aa = np.linspace(0.1, TAU * 0.93, 2600)
        for s in (0, math.pi):
            r = 1.5 + 0.185 + 0.05 * np.cos(ph + s)
            w = np.stack([r * np.sin(aa), 0.05 * np.sin(ph + s), -r * np.cos(aa)], 1)
            parts.append(sweep(w, circle(0.04, 7), m, angle=70))
        # the wire that goes through the ear
        parts.append(tube([(-0.32, 0, -1.46), (0.0, 0, -1.44), (0.36, 0, -1.5)], 0.05, m, seg=8))
        return parts
    br = wood("walnut", "x")
    y0 = 4.6
    tube([(-3.2, 0, y0), (3.2, 0, y0)], 0.2, br, smooth=0)
    cyl(0.2, y0, 0.03, wood("walnut", "z"), (0, 0, 0))
    rbox(4.4, 2.6, 0.5, 0.4, 0.14, stone(c.accent, shade(c.accent, 0.35), 1.4), (0, 0, 0))
    for x, r in ((-1.85, 24), (1.85, -14)):
        group([group(hoop(), (0, 0, 0), (0, 180, 0))], (x, 0, y0 - 1.22), (0, 0, r))
    return {"backdrop": "#C4B6BE", "light": {"gain": 0.85}, "hero": {"az": -14, "el": 12, "fill": 0.8}, "detail": {"at": (-1.85, 0, 2.9), "span": 1.5, "az": -6, "el": 12, "blur": 0.006}}


@product
def soap_cube(c):
    m, g, b = base("soap", rough=0.42, sss=0.25, sss_r=(1, 0.9, 0.5), sss_s=0.5, coat=0.1)
    co = g.object()
    n = g.noise(co, 0.5, 4, 0.6, 1.0)
    g.set(b, "Base Color", g.ramp(n, [(0.3, shade(c.main, -0.1)), (0.7, shade(c.main, 0.14))]))
    g.set(b, "Normal", g.bump(g.noise(co, 2.2, 3), 0.06, 0.6))
    S = 7.2
    o = rbox(S, S, S, 0.7, 0.35, m, n=8)
    reshape(o, lambda P: P + 0.05 * wobble(P, 0.12, 3)[:, None])
    dark = paint("press", shade(c.main, -0.3), 0.6)
    parts = [o]
    parts.append(word("72 %", 1.7, dark, 0.04, at=(0, -S / 2 + 0.02, 4.6)))
    parts.append(word("EXTRA PUR", 0.72, dark, 0.04, at=(0, -S / 2 + 0.02, 3.2), spacing=1.05))
    parts.append(word("300 g", 0.62, dark, 0.04, at=(0, -S / 2 + 0.02, 2.1)))
    parts.append(word("SAVON", 1.15, dark, 0.04, at=(0, 0.9, S - 0.02), rot=(0, 0, 0)))
    parts.append(word("MARSEILLE", 0.85, dark, 0.04, at=(0, -0.7, S - 0.02), rot=(0, 0, 0)))
    s = word("HUILE", 1.1, dark, 0.04, at=(S / 2 - 0.02, 0, 4.4), rot=(90, 0, 90))
    s2 = word("D’OLIVE", 0.95, dark, 0.04, at=(S / 2 - 0.02, 0, 3.0), rot=(90, 0, 90))
    parts += [s, s2]
    group(parts, (0, 0, 0), (0, 0, 0))
    # foam and an olive twig before it
    tw = paint("twig", "#6B5A3A", 0.8)
    lf = paint("leaf", "#6E7F4A", 0.5)
    tube([(-7.5, -6.4, 0.3), (-3, -6.9, 0.5), (2.4, -6.6, 0.35)], 0.13, tw)
    for i in range(8):
        def f(U, V):
            u = U * 2 - 1
            return np.stack([V * 2.9, u * 0.44 * np.sin(np.pi * V) ** 0.8, 0.12 + 0.15 * np.abs(u) + 0.4 * V], 1)
        place(grid(f, 9, 20, lf, thick=0.04), (-7 + i * 1.15, -6.6, 0.3), (0, -6, (50 if i % 2 else -52)))
    for x, y in ((3.8, -7.4), (5.6, -6.4)):
        ball(0.85, paint("olive", "#59652B", 0.25, coat=0.5), (x, y, 0.85), squash=1.25, rot=(80, 10, 30))
    drop()
    return {"hero": {"az": 28, "el": 26, "fill": 0.8}, "detail": {"at": (1.6, -2.6, 4.6), "span": 4.4, "az": 12, "el": 24, "blur": 0.004}}


@product
def sheet_masks(c):
    """A box and its sachets: ten of them fanned."""
    box = paper(c.accent, 0.6)
    ink = paint("ink", c.third, 0.5)
    parts = [rbox(13.0, 5.2, 16.5, 0.25, 0.1, box), rbox(13.06, 5.26, 4.6, 0.26, 0.08, paint("band", c.main, 0.6), (0, 0, 0))]
    y = -2.62
    parts.append(word("SSUK", 1.0, ink, 0.01, at=(0, y, 13.6), spacing=1.3))
    parts.append(word("GREEN TEA MASK", 1.0, ink, 0.01, at=(0, y, 11.6)))
    parts.append(word("COTTON  ·  10 SHEETS", 0.56, ink, 0.01, at=(0, y, 10.2)))
    for k in range(3):
        a = math.radians(90 + 42 * (k - 1))
        o = slab(fillet([(0, 0, 0.02), (1.5, -0.75, 0.5), (3.6, 0, 0.02), (1.5, 0.75, 0.5)], 0.3, 6, closed=True), 0.03, 0.01, ink)
        parts.append(place(o, (0, y - 0.02, 5.6), (90, -math.degrees(a), 0)))
    group(parts, (-2.0, 5.4, 0), (0, 0, 8))
    foil = paint("sachet", shade(c.main, 0.15), 0.32, coat=0.3)
    for k in range(10):
        p = [cushion(11.0, 14.6, 0.9, foil, 40, p=6, pinch=0.0, wrinkle=0.2, seed=k)]
        p.append(word("GREEN TEA", 0.9, ink, 0.01, at=(0, 1.0, 0.47), rot=(0, 0, 0)))
        p.append(word("sheet mask", 0.6, ink, 0.01, at=(0, -0.4, 0.47), rot=(0, 0, 0)))
        group(p, (-7.6 + 1.75 * k, -7.4 - 0.1 * k, 0.5 + 0.42 * k), (0, 2.0, 26 - 5.6 * k))
    drop()
    return {"hero": {"az": -14, "el": 40, "fill": 0.88}, "top": {"el": 62, "az": 8, "fill": 0.88}}


@product
def oud_perfume(c):
    gl = glass("#FDFEFF", ior=1.5)
    n = 8
    oc = lambda r, z: lift(polygon(r, n, TAU / 16, 0.12, 3), z)
    loft([oc(3.4, 0), oc(3.8, 0.3), oc(4.0, 3.6), oc(3.0, 7.4), oc(1.5, 8.4), oc(1.4, 8.6)], gl, angle=25)
    loft([oc(2.9, 0.8), oc(3.25, 1.1), oc(3.45, 3.6), oc(2.7, 6.2), oc(2.6, 6.3)], liquid(c.main), angle=25)
    gd = metal(c.accent, 0.14)
    lathe(fillet([(0, 8.4), (1.5, 8.4), (1.6, 9.0), (1.2, 9.4), (0, 9.4)], 0.08), gd, seg=64)
    # the stopper: an onion dome
    lathe(np.concatenate([[(0, 9.4), (0.9, 9.4)], spline([(1.0, 9.7), (1.9, 10.9), (1.5, 12.3), (0.5, 13.3), (0.16, 14.4), (0, 14.8)], 10)]), gd, seg=64)
    for k in range(8):
        a = TAU * k / 8
        q = [(r * 1.02 * math.cos(a), r * 1.02 * math.sin(a), z) for r, z in spline([(1.0, 9.7), (1.9, 10.9), (1.5, 12.3), (0.5, 13.3)], 8)]
        tube(np.array(q), 0.07, gd, smooth=0, seg=6)
    ink = paint("gilt", "#B58A3A", 0.3)
    word("OUD & ROSE", 0.56, ink, 0.02, at=(0, -3.86, 4.2), rot=(96, 0, 0), spacing=1.1)
    word("50 ml", 0.36, ink, 0.02, at=(0, -3.84, 3.3), rot=(96, 0, 0))
    pet = base("rose", colour="#B5475F", rough=0.5, sss=0.15, sss_s=0.2)[0]
    rng = np.random.default_rng(5)
    for x, y in ((5.6, -3.4), (7.2, -1.6), (4.4, -5.4), (-5.8, -4.2)):
        o = ball(1.25, pet, seg=24)
        reshape(o, lambda P: np.stack([P[:, 0], P[:, 1] * 0.85, 0.12 * P[:, 2] + 0.22 * (P[:, 0] ** 2 + P[:, 1] ** 2) * 0.6], 1))
        place(o, (x, y, 0.2), (rng.uniform(-8, 8), rng.uniform(-8, 8), rng.uniform(0, 360)))
    chip = wood("walnut", "x", 2.0)
    for x, y, r in ((-5.0, -6.0, 30), (-3.6, -6.8, -20), (2.6, -7.0, 60)):
        rbox(2.2, 0.7, 0.5, 0.12, 0.08, chip, (x, y, 0), (0, 0, r))
    drop()
    return {"hero": {"az": -16, "el": 18, "fill": 0.8}, "detail": {"at": (0, -0.5, 9.2), "span": 4.6, "az": 22, "el": 20, "blur": 0.004}}
