from django.http import HttpResponse
from django.test import RequestFactory

from trail.crockford import ALPHABET
from trail.requests import Reference, reference_of


def test_a_request_keeps_its_reference():
    request = RequestFactory().get("/")
    number = reference_of(request)
    assert reference_of(request) == number
    assert len(number) == 10
    assert set(number) <= set(ALPHABET)


def test_two_requests_have_two_references():
    assert reference_of(RequestFactory().get("/")) != reference_of(RequestFactory().get("/"))


def test_the_answer_names_the_reference():
    request = RequestFactory().get("/")
    answer = Reference(lambda _: HttpResponse())(request)
    assert answer["X-Reference"] == reference_of(request)
