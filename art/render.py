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


def save_webp(png, path, quality=82, limit=40_000):
    from PIL import Image
    im = Image.open(png).convert("RGB")
    q = quality
    while True:
        buf = io.BytesIO()
        im.save(buf, "WEBP", quality=q, method=6)
        if buf.tell() <= limit or q <= 60:
            break
        q -= 4
    tmp = path + ".part"
    with open(tmp, "wb") as f:
        f.write(buf.getvalue())
    os.replace(tmp, path)
    return buf.tell()


def render(entry, colour, view, path, size, samples, threads, shapes_table):
    import bpy
    import studio
    from shapes import Colourway
    scene = studio.reset()
    studio.quality(scene, size, samples, threads)
    hints = shapes_table[entry["id"]](Colourway(colour["key"], colour["palette"])) or {}
    bpy.context.view_layer.update()
    if any(m.name.startswith(FINE) for m in bpy.data.materials):
        scene.cycles.samples = samples * 2
    pts = studio.cloud()
    cam = dict(hints.get(view, {}))
    if view == "top":
        cam = {"el": 68, "az": -18, **cam}
    elif view == "detail":
        cam = {"el": 30, "az": 24, **cam}
    only = cam.pop("frame", None)
    studio.stage(pts, colour.get("backdrop") or hints.get("backdrop") or studio.BACKDROPS[entry["group"]],
                 cam.get("az", -28), light={**hints.get("light", {}), **cam.pop("light", {})})
    studio.camera(pts if only is None else pts[only(pts)], **cam)
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
    n = save_webp(png, path)
    os.unlink(png)
    return n


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
    ap.add_argument("--size", type=int, default=800)
    ap.add_argument("--samples", type=int, default=6)
    ap.add_argument("--threads", type=int, default=2)
    ap.add_argument("--out", default=os.path.join(HERE, "..", "marketplace", "world", "pictures"))
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
