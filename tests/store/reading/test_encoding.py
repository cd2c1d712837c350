import codecs
from pathlib import Path

import pytest

from store.errors import ImportRefused
from store.reading.encoding import detect_encoding, read_lines

TEXT = "Ärzte raten: trinken Sie „genug“ Wasser.\nZweite Zeile\n"


def write(folder: Path, content: bytes) -> Path:
    path = folder / "file.csv"
    path.write_bytes(content)
    return path


def decoded(path: Path) -> str:
    return "".join(read_lines(path, detect_encoding(path), newline=""))


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_recognised_without_a_remark_and_its_mark_is_no_part_of_the_text(
    tmp_path: Path, codec: str
) -> None:
    path = write(tmp_path, TEXT.encode(codec))
    assert decoded(path) == TEXT
    assert detect_encoding(path).remark is None


def test_big_endian_utf16_with_a_mark_is_recognised(tmp_path: Path) -> None:
    assert decoded(write(tmp_path, codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"))) == TEXT


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_recognised_and_said(tmp_path: Path, codec: str) -> None:
    path = write(tmp_path, TEXT.encode(codec))
    assert decoded(path) == TEXT
    assert codec.upper() in str(detect_encoding(path).remark)


def test_what_is_not_utf8_is_read_as_latin_1_and_said(tmp_path: Path) -> None:
    path = write(tmp_path, "naïve café\n".encode("latin-1"))
    assert decoded(path) == "naïve café\n"
    assert detect_encoding(path).remark == (
        "file.csv: read as latin-1, because it is not UTF-8. Check its accents."
    )


def test_every_byte_but_the_controls_is_a_character_of_latin_1(tmp_path: Path) -> None:
    content = bytes(byte for byte in range(0x20, 0x100) if byte != 0x7F)
    assert decoded(write(tmp_path, content)) == content.decode("latin-1")


def test_a_control_character_in_latin_1_is_no_character(tmp_path: Path) -> None:
    content = "café ".encode("latin-1") * 100
    assert decoded(write(tmp_path, content + b"\x01")).endswith("\udc01")


@pytest.mark.parametrize(
    "content",
    [bytes(range(256)), bytes(1000), b"\xe9\x8f\x02", b"text,label\n" + bytes(range(256)) * 9],
)
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ImportRefused, match="holds binary data, not text"):
        detect_encoding(write(tmp_path, content))


def test_an_unresolved_merge_is_refused(tmp_path: Path) -> None:
    content = b"text\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n"
    with pytest.raises(ImportRefused, match="merge that git could not do"):
        detect_encoding(write(tmp_path, content))


def test_quotation_marks_of_windows_1252_are_no_control_characters(tmp_path: Path) -> None:
    path = write(tmp_path, "“Drink water” – café\n".encode("windows-1252"))
    assert decoded(path) == "“Drink water” – café\n"
    assert "windows-1252" in str(detect_encoding(path).remark)


def test_one_broken_byte_does_not_make_a_utf8_file_latin_1(tmp_path: Path) -> None:
    path = write(tmp_path, "„Öl“ und Käse\n".encode() + b"cut \xc3\n")
    assert decoded(path) == "„Öl“ und Käse\ncut \udcc3\n"
    assert detect_encoding(path).remark == (
        "file.csv: read as UTF-8, broken bytes in it: 1; rows that use them are rejected."
    )


def test_a_character_across_two_chunks_is_counted_as_one(tmp_path: Path) -> None:
    path = write(tmp_path, b"x" * ((1 << 20) - 1) + "é".encode())
    assert detect_encoding(path).remark is None


def test_a_character_cut_at_the_end_of_the_file_is_noticed(tmp_path: Path) -> None:
    assert detect_encoding(write(tmp_path, b"caf\xc3")).codec == "latin-1"


def test_damaged_utf16_is_refused_with_a_way_out(tmp_path: Path) -> None:
    path = write(tmp_path, codecs.BOM_UTF16_LE + b"a\0b\0c")
    with pytest.raises(ImportRefused, match="Save it as UTF-8"):
        decoded(path)


def test_a_file_that_is_away_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="No such file"):
        detect_encoding(tmp_path / "gone.csv")


def test_only_line_feeds_and_carriage_returns_end_a_line(tmp_path: Path) -> None:
    path = write(tmp_path, "a\u2028b\x85c\x0bd\x0ce\nf".encode())
    lines = list(read_lines(path, detect_encoding(path), newline=None))
    assert lines == ["a\u2028b\x85c\x0bd\x0ce\n", "f"]
