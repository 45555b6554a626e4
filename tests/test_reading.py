"""Broken input of every kind gets one message with file, line and column where there is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdkg.errors import InputError
from sdkg.reading import MAX_LITERAL, read

PREFIX = "@prefix ex: <https://example.org/> .\n"

BROKEN = {
    "not-utf8": (PREFIX.encode() + b'ex:a ex:b "caf\xe9" .\n', 2, 15, "not UTF-8: byte 0xe9"),
    "syntax": (PREFIX.encode() + b"ex:a ex:b .\n", 2, 11, "RDF object"),
    "unknown-prefix": (PREFIX.encode() + b"ex:a onbekend:b 1 .\n", 2, 6, "onbekend"),
    "endless": (
        PREFIX.encode() + b'ex:a ex:b "' + b"x" * 1_000_000 + b'" .\n',
        2,
        12,
        "a literal of 1,000,000 characters",
    ),
    "empty": (b"", None, None, "the file is empty"),
    "blank": (b" \n\n", None, None, "the file is empty"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_files_say_what_and_where(case: str, tmp_path: Path) -> None:
    data, line, column, message = BROKEN[case]
    path = tmp_path / "plan.ttl"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read(path)
    assert message in str(caught.value)
    assert (caught.value.place.path, caught.value.place.line) == (path, line)
    assert caught.value.place.column == column
    assert str(caught.value).startswith(f"{path}:")


def test_a_literal_of_the_longest_length_is_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.ttl"
    path.write_text(PREFIX + f'ex:a ex:b "{"x" * MAX_LITERAL}" .\n')
    assert len(read(path).triples) == 1


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "niets.ttl")
    with pytest.raises(InputError, match="this is a folder"):
        read(tmp_path)


def test_unknown_format_names_the_known_ones(tmp_path: Path) -> None:
    path = tmp_path / "plan.docx"
    path.write_text("x")
    with pytest.raises(InputError, match=r"'\.docx' is not an RDF format.*\.ttl"):
        read(path)


def test_literals_stay_as_written(tmp_path: Path) -> None:
    path = tmp_path / "plan.ttl"
    path.write_text(PREFIX + "ex:a ex:b 20000.00, 007 .\n")
    assert sorted(str(t.object).split("^^")[0] for t in read(path).triples) == ['"007"', '"20000.00"']
