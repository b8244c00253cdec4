"""SQL in files: read without its comments, with other files in their place."""

from kernel.statements import read_sql


def test_a_statement_comes_without_its_comments(tmp_path):
    folder = tmp_path / "sql"
    folder.mkdir()
    (folder / "asked.sql").write_text(
        "-- What is asked: all.\nSELECT '--' AS a,\n    -- Two.\n    2\n"
    )

    assert read_sql(str(tmp_path / "queries.py"), "asked") == "SELECT '--' AS a,\n    2"


def test_a_piece_stands_where_a_statement_names_its_file(tmp_path):
    for room, name, said in (
        ("above", "asked", "-- All.\nSELECT\n\\ir ../../below/sql/columns.sql\nFROM x\n"),
        ("below", "columns", "-- Columns.\na,\n\\ir last.sql\n"),
        ("below", "last", "-- The last one, named \\d in a shell.\nb ~ '\\d'\n"),
    ):
        (tmp_path / room / "sql").mkdir(parents=True, exist_ok=True)
        (tmp_path / room / "sql" / f"{name}.sql").write_text(said)

    assert read_sql(str(tmp_path / "above" / "q.py"), "asked") == "SELECT\na,\nb ~ '\\d'\nFROM x"
