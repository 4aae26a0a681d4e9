from workflow.conclusions.abbreviations import learn, write_out


def test_an_abbreviation_is_learnt_from_the_words_before_its_bracket() -> None:
    known = learn("quản lý đất đai, tài nguyên khoáng sản (TNKS), bảo vệ môi trường (BVMT) đến năm 2025")
    assert known == {"TNKS": "tài nguyên khoáng sản", "BVMT": "bảo vệ môi trường"}


def test_a_bracket_whose_letters_do_not_fit_teaches_nothing() -> None:
    assert learn("theo Kế hoạch số 5 (UBND) và các sở (xem mục 2)") == {}


def test_small_words_may_be_skipped() -> None:
    assert learn("Sở Khoa học và Công nghệ (KHCN)") == {"KHCN": "Khoa học và Công nghệ"}


def test_the_wording_is_written_out_and_whole_words_only() -> None:
    assert (
        write_out("quản lý TNKS và TNKSX", {"TNKS": "tài nguyên khoáng sản"})
        == "quản lý tài nguyên khoáng sản và TNKSX"
    )
