"""What every process that writes pages shares with the others."""


def test_a_template_is_compiled_once_for_all_processes(app):
    env = app.extensions["entrepot_templates"]
    source, path, _fresh = env.loader.get_source(env, "shell/base.html")
    env.cache.clear()
    env.get_template("shell/base.html")

    bucket = env.bytecode_cache.get_bucket(env, "base.html", path, source)
    assert bucket.code is not None
