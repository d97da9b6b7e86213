"""What a form may be: read whole, or refused with every fault at once."""

import pytest

from households.engine.forms import FormIsFaulty, Kind, read


def question(**more):
    return {"code": "land", "kind": "number", "label": "承包地", "unit": "亩", **more}


def form_of(*questions):
    return {"sections": [{"code": "farm", "title": "土地和经营", "questions": list(questions)}]}


def faults_of(*questions) -> list[str]:
    with pytest.raises(FormIsFaulty) as refused:
        read(form_of(*questions))
    return [fault.words for fault in refused.value.faults]


def test_a_form_reads_as_it_was_written():
    form = read(
        form_of(
            question(decimals=1, least="0", most="1000", required=True, unsaid=["unclear"]),
            {
                "code": "who",
                "kind": "choice",
                "label": "谁在种",
                "options": [{"code": "own", "label": "自己"}, {"code": "let", "label": "租出去"}],
            },
        )
    )
    first, second = form.questions()
    assert (first.unit, first.decimals, str(first.most), first.required) == ("亩", 1, "1000", True)
    assert second.kind is Kind.CHOICE
    assert second.codes == {"own", "let"}


@pytest.mark.parametrize("content", [{}, {"sections": []}, {"sections": "x"}, {"sections": [3]}])
def test_an_empty_form_is_refused(content):
    with pytest.raises(FormIsFaulty):
        read(content)


def test_every_fault_is_said_at_once():
    words = faults_of(
        question(code="Land"), question(kind="slider"), question(label=""), question(least="x")
    )
    assert len(words) >= 4


@pytest.mark.parametrize(
    "label",
    ["您信什么宗教", "有没有慢性病", "血型", "家里有没有残疾人", "基因检测", "采指 纹", "上访过吗"],
)
def test_what_the_law_denies_cannot_be_asked(label):
    assert any("不得采集" in words for words in faults_of(question(label=label)))
    option = {"code": "a", "label": label}
    choice = question(kind="choice", options=[option, {"code": "b", "label": "其他"}])
    assert any("不得采集" in words for words in faults_of(choice))


@pytest.mark.parametrize(
    "forced",
    [
        question(kind="money", label="全年花多少钱"),
        question(label="存款大约多少"),
        question(kind="photo"),
    ],
)
def test_income_property_photos_and_places_are_never_forced(forced):
    assert any("只能选填" in words for words in faults_of({**forced, "required": True}))
    read(form_of(forced))


def test_a_condition_looks_back_to_a_choice():
    late = question(only_if={"question": "who", "is": ["own"]})
    assert any("只在" in words for words in faults_of(late))


def test_a_code_stands_for_one_question():
    assert any("用了两次" in words for words in faults_of(question(), question()))
