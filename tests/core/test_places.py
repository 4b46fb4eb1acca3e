import linecache

import numpy

from fgrad.core.places import Place


def test_the_innermost_frame_that_is_not_ours_is_found():
    place = Place.of_caller()
    assert place.code is test_the_innermost_frame_that_is_not_ours_is_found.__code__
    assert place.source() == "place = Place.of_caller()"


def test_frames_of_numpy_are_passed_over():
    place = numpy.fromfunction(Place.of_caller, ())  # calls it without arguments, from a file of NumPy's
    assert place.code is test_frames_of_numpy_are_passed_over.__code__


def test_the_part_of_the_line_is_marked():
    place = (0, Place.of_caller())[1]
    text = str(place).split("\n")
    assert text[1] == "  place = (0, Place.of_caller())[1]"
    assert text[2] == " " * (2 + len("place = (0, ")) + "^" * len("Place.of_caller()")


def test_columns_count_characters_where_letters_take_several_bytes():
    names = {"größe": 0}; place = (names["größe"], Place.of_caller())[1]  # noqa: E702  # fmt: skip
    _, text, marks = str(place).split("\n")
    assert text[marks.index("^") : len(marks)] == "Place.of_caller()"


def test_code_without_a_file_has_no_text():
    namespace = {"Place": Place}
    exec(compile("place = Place.of_caller()", "<nowhere>", "exec"), namespace)
    assert str(namespace["place"]) == 'File "<nowhere>", line 1, in <module>'


def test_code_whose_lines_are_known_to_linecache_has_its_text():
    source = "place = (0, Place.of_caller())[1]\n"
    linecache.cache["<cell 7>"] = (len(source), None, [source], "<cell 7>")
    namespace = {"Place": Place}
    exec(compile(source, "<cell 7>", "exec"), namespace)
    assert "place = (0, Place.of_caller())[1]" in str(namespace["place"])
