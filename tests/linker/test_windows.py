import numpy

from zh_report_facts.linker.windows import bucket, table, windows


def test_buckets_widen():
    classes = bucket(numpy.arange(200))
    assert (numpy.diff(classes) >= 0).all()
    assert classes[0] < classes[1] < classes[5] < classes[50] < classes[199]
    assert classes[10] == classes[11]


def test_a_window_that_would_end_too_early_is_empty():
    assert windows([3, 3], [5, 1]).tolist() == [[3, 5], [3, 3]]


def test_columns_stand_side_by_side_whatever_their_type():
    rows = table([numpy.array([1, 2]), numpy.array([True, False])])
    assert rows.dtype == "uint64"
    assert rows.tolist() == [[1, 1], [2, 0]]
