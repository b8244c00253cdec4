"""Things whose size everybody knows, to stand beside a product."""
import math
from studio import *
from shapes import Colourway
from shapes.kit import *
from shapes.sport import football as shape_of_football


def pencil(lo, hi):
    """A new pencil, 17.5 cm, lying before the product."""
    m = paint("pencil", "#D9A53A", 0.3, coat=0.4)
    parts = [sweep([(-8.7, 0, 0), (6.4, 0, 0)], polygon(0.37, 6), m, angle=25),
             place(lathe([(0.35, 0), (0.12, 1.1)], wood("beech", "z"), seg=24), (6.4, 0, 0), (0, 90, 0)),
             place(lathe([(0.12, 1.1), (0.03, 1.55), (0, 1.6)], paint("lead", "#2A2A2C", 0.5), seg=24), (6.4, 0, 0), (0, 90, 0)),
             place(cyl(0.39, 0.9, 0.05, metal("#C9CACD", 0.25)), (-9.5, 0, 0), (0, 90, 0)),
             place(cyl(0.36, 0.8, 0.12, paint("eraser", "#D98A80", 0.7)), (-10.2, 0, 0), (0, 90, 0))]
    group(parts, (float((lo[0] + hi[0]) / 2), float(lo[1] - 2.2), 0.34), (0, 0, 6))


def apple(lo, hi):
    """An apple, eight centimetres, before the product's corner."""
    m, g, b = base("apple", rough=0.22, coat=0.4)
    co = g("TexCoord")["Object"]
    n = g.noise(g.scale(co, (1.6, 1.6, 0.3)), 1.1, 4, 0.6)
    g.set(b, "Base Color", g.ramp(n, [(0.34, "#C9B04A"), (0.46, "#B5372B"), (0.7, "#8C1F1F")]))
    p = spline([(0, 0.9), (0.9, 0.35), (2.2, 0.25), (3.6, 2.2), (4.0, 4.6), (3.2, 6.7), (1.6, 7.3), (0.5, 6.7), (0, 6.3)], 10)
    parts = [lathe(p, m, fn=lambda V, th, r, z: np.stack([V[:, 0] * (1 + 0.02 * np.cos(5 * th)), V[:, 1] * (1 + 0.02 * np.cos(5 * th)), z], 1)),
             tube([(0, 0, 6.3), (0.1, 0, 7.4), (0.45, 0, 8.2)], 0.16, paint("stalk", "#5A4126", 0.8), scale=[0.9, 0.8, 1.2])]
    group(parts, (float(hi[0]) + 3.2, float(lo[1]) + 1.0, -0.22), (4, 0, 30))


def football(lo, hi):
    """A football, 22 cm, beside what is large."""
    before = set(everything())
    shape_of_football(Colourway("classic", ["#F4F1EA", "#26262A", "#26262A"]))
    group([o for o in everything() if o not in before], (float(hi[0]) + 13.0, float(lo[1]) + 6.0, float(lo[2]) if lo[2] > 40 else 0))


THINGS = {"pencil": pencil, "apple": apple, "football": football}
