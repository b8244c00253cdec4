"""Render the catalogue.

    python render.py --all                                all missing pictures
    python render.py teapot-yixing gaiwan                 all colours and views of some products
    python render.py gaiwan --colour jade --view hero
    python render.py --all --size 192 --samples 16 --first --out test   small proofs, first colour only
    python render.py --sheet sheet.png                   contact sheet of what is rendered

Pictures that exist are skipped (use --force), so a stopped run is resumed by the same command.
"""
import argparse
import io
import json
import os
import sys
import tempfile
import time
import traceback

# Glass and liquids need more light paths, stitches and threads more samples than the denoiser keeps.
FINE = ("glass", "knit", "cloth")
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)


def catalogue():
    with open(os.path.join(HERE, "catalogue.json"), encoding="utf-8") as f:
        return json.load(f)["products"]


def save_webp(im, path, quality=82):
    limit = 40_000 if im.width <= 960 else 90_000
    q = quality
    while True:
        buf = io.BytesIO()
        im.save(buf, "WEBP", quality=q, method=6)
        if buf.tell() <= limit or q <= 48:
            break
        q -= 4
    tmp = path + ".part"
    with open(tmp, "wb") as f:
        f.write(buf.getvalue())
    os.replace(tmp, path)
    return buf.tell()


def render(entry, colour, view, path, size, samples, threads, shapes_table):
    import bpy
    import known
    import studio
    from shapes import Colourway
    scene = studio.reset()
    studio.quality(scene, size, samples, threads)
    hints = shapes_table[entry["id"]](Colourway(colour["key"], colour["palette"])) or {}
    bpy.context.view_layer.update()
    if any(m.name.startswith(FINE) for m in bpy.data.materials):
        scene.cycles.samples = samples * 2
    cam = dict(hints.get(view, {}))
    if view in known.THINGS:
        cam = beside(view, hints.get("hero", {}))
    whole = studio.cloud(unframed=True)
    if view == "top":
        cam = {"el": 68, "az": -18, **cam}
    elif view == "detail":
        cam = {"el": 30, "az": 24, **cam}
    pts = studio.cloud()
    only = cam.pop("frame", None)
    studio.stage(pts, colour.get("backdrop") or hints.get("backdrop") or studio.BACKDROPS[entry["group"]],
                 cam.get("az", -28), light={**hints.get("light", {}), **cam.pop("light", {})})
    studio.camera(pts if only is None else pts[only(pts)], **cam)
    return save_webp(photographed(scene, size, studio.seen(whole)), path)


def beside(thing, hero):
    """Put a thing of known size beside the product; what hangs comes down to just above the floor."""
    import bpy
    import known
    import studio
    from shapes.kit import everything
    pts = studio.cloud()
    high = float(pts[:, 2].min()) - 12
    if high > 30:
        for o in everything():
            o.location.z -= high
        bpy.context.view_layer.update()
        pts = studio.cloud()
    lo, hi = pts.min(0), pts.max(0)
    known.THINGS[thing](lo, hi)
    return {"az": -hero.get("az", -28) * 0.6, "el": max(14, hero.get("el", 18)), "fill": 0.84, "light": hero.get("light", {})}


def photographed(scene, size, box):
    """The picture: the product's part of the frame drawn fine, the even backdrop around it coarse.

    What lies outside the box is backdrop and soft shadow; drawn at a sixth and scaled up it
    cannot be told from the fine one, and takes a third less time.
    """
    from PIL import Image, ImageFilter
    left, top, right, bottom = box
    if (right - left) * (bottom - top) > 0.8:
        return shot(scene)
    samples, threshold = scene.cycles.samples, scene.cycles.adaptive_threshold
    r = scene.render
    r.resolution_x = r.resolution_y = size // 6
    scene.cycles.samples = 8
    coarse = shot(scene).filter(ImageFilter.GaussianBlur(1.5)).resize((size, size), Image.BICUBIC)
    r.resolution_x = r.resolution_y = size
    scene.cycles.samples, scene.cycles.adaptive_threshold = samples, threshold
    r.use_border = True
    r.use_crop_to_border = False
    r.border_min_x, r.border_max_x, r.border_min_y, r.border_max_y = left, right, 1 - bottom, 1 - top
    fine = shot(scene)
    rim = max(4, size // 60)
    mask = Image.new("L", (size, size), 0)
    edges = [round(left * size), round(top * size), round(right * size), round(bottom * size)]
    inner = [e if e in (0, size) else e + s * rim for e, s in zip(edges, (1, 1, -1, -1))]
    mask.paste(255, tuple(inner))
    mask = mask.filter(ImageFilter.GaussianBlur(rim / 3))
    coarse.paste(fine, mask=mask)
    return coarse


def shot(scene):
    import bpy
    from PIL import Image
    fd, png = tempfile.mkstemp(suffix=".png")
    os.close(fd)
    scene.render.filepath = png
    so = os.dup(1)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    try:
        bpy.ops.render.render(write_still=True)
    finally:
        os.dup2(so, 1)
        os.close(null)
        os.close(so)
    im = Image.open(png).convert("RGB")
    im.load()
    os.unlink(png)
    return im


def sheet(paths, out, cols=8, cell=192, labels=True):
    from PIL import Image, ImageDraw
    rows = (len(paths) + cols - 1) // cols
    pad = 14 if labels else 0
    im = Image.new("RGB", (cols * cell, rows * (cell + pad)), "white")
    d = ImageDraw.Draw(im)
    for i, p in enumerate(paths):
        x, y = i % cols * cell, i // cols * (cell + pad)
        im.paste(Image.open(p).convert("RGB").resize((cell, cell), Image.LANCZOS), (x, y))
        if labels:
            d.text((x + 3, y + cell + 1), os.path.basename(p).rsplit(".", 1)[0][: cell // 6], fill="black")
    im.save(out)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("ids", nargs="*")
    ap.add_argument("--all", action="store_true")
    ap.add_argument("--colour")
    ap.add_argument("--view")
    ap.add_argument("--first", action="store_true", help="first colourway only")
    ap.add_argument("--group")
    ap.add_argument("--size", type=int, default=1600)
    ap.add_argument("--samples", type=int, default=2)
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--out", default=os.path.join(HERE, "..", "marketplace", "demo", "seed", "pictures"))
    ap.add_argument("--force", action="store_true")
    ap.add_argument("--list", action="store_true")
    ap.add_argument("--sheet")
    ap.add_argument("--cols", type=int, default=8)
    ap.add_argument("--cell", type=int, default=192)
    a = ap.parse_args()
    os.makedirs(a.out, exist_ok=True)
    jobs = []
    known = catalogue()
    for bad in set(a.ids) - {e["id"] for e in known}:
        ap.error(f"unknown product: {bad}")
    # heroes of all first colourways come first, then the other colours, then the second views
    for e in known:
        if not (a.all or a.sheet or a.group or a.ids) or (a.ids and e["id"] not in a.ids) or (a.group and e["group"] != a.group):
            continue
        for ci, c in enumerate(e["colourways"]):
            if (a.colour and c["key"] != a.colour) or (a.first and ci):
                continue
            for vi, v in enumerate(e["views"]):
                if a.view and v["key"] != a.view:
                    continue
                jobs.append(((vi and 2 or (ci and 1)), e, c, v["key"], os.path.join(a.out, f"{e['id']}--{c['key']}--{v['key']}.webp")))
    if not a.sheet:
        jobs.sort(key=lambda j: j[0])
    if a.sheet:
        sheet([j[4] for j in jobs if os.path.exists(j[4])], a.sheet, a.cols, a.cell)
        return
    todo = [j for j in jobs if a.force or not os.path.exists(j[4])]
    print(f"{len(jobs)} pictures wanted, {len(jobs) - len(todo)} present, {len(todo)} to render", flush=True)
    if a.list:
        return
    import shapes
    tab = shapes.table()
    failed = 0
    start = time.time()
    for i, (_, e, c, v, path) in enumerate(todo):
        t = time.time()
        try:
            n = render(e, c, v, path, a.size, a.samples, a.threads, tab)
            print(f"{i + 1}/{len(todo)} {os.path.basename(path)} {time.time() - t:.1f} s {n / 1000:.0f} kB", flush=True)
        except Exception:  # one bad shape must not end a night of rendering; it is told and counted
            failed += 1
            print(f"{i + 1}/{len(todo)} FAILED {os.path.basename(path)}", flush=True)
            traceback.print_exc(limit=-2)
    print(f"done: {len(todo) - failed} rendered, {failed} failed, {time.time() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
