"""The examples for nginx and containers: what they must hold, as no engine is here to try them."""

import re

from tests.services import ROOT

SITE = (ROOT / "deploy/nginx/villages.conf").read_text()
PROXY = (ROOT / "deploy/nginx/proxy.conf").read_text()
PAGES = (ROOT / "deploy/nginx/pages.conf").read_text()
COMPOSE = (ROOT / "deploy/compose.yaml").read_text()
UNITS = "".join(path.read_text() for path in (ROOT / "deploy/systemd").glob("*.service"))


def _directives(text: str) -> list[str]:
    """Every line that says something, without comments."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [re.sub(r"\s+", " ", line) for line in lines if line]


def test_nginx_braces_and_semicolons_fit():
    for text in (SITE, PROXY, PAGES):
        lines = _directives(text)
        depth = 0
        for line in lines:
            depth += line.count("{") - line.count("}")
            assert depth >= 0, line
        assert depth == 0
        assert all(line.endswith((";", "{", "}", "'")) for line in lines)


def test_nginx_sends_no_header_twice_and_logs_no_query():
    assert "add_header" not in "\n".join(_directives(SITE + PROXY))
    logged = re.search(r"log_format without_persons (.*?);", SITE, re.S)
    assert logged
    for variable in ("$request ", "$request_uri", "$args", "$query_string", "$http_referer"):
        assert variable not in logged[1] + " "
    for line in _directives(SITE):
        if line.startswith("access_log"):
            assert line.endswith("without_persons;"), line


def test_what_nginx_answers_itself_is_chinese_and_has_the_headers():
    answers = PAGES.split("location ")[1:]
    asked = set(" ".join(re.findall(r"error_page ([\d ]+) @", PAGES)).split())
    assert asked == {"413", "429", "502", "504"}
    for answer in answers:
        assert re.search(r"return \d+ '<!doctype html><html lang=\"zh-CN\">.*请.*</html>';", answer)
        for header in ("Strict-Transport-Security", "nosniff", "DENY", "no-store", "'none'"):
            assert header in answer
    assert "proxy_intercept_errors" not in "".join(_directives(SITE + PROXY + PAGES))


def test_nginx_takes_new_tls_only_and_limits_what_comes():
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in _directives(SITE)
    for limit in ("client_max_body_size", "limit_req ", "limit_conn ", "client_body_timeout"):
        assert limit in SITE


def test_nginx_forgets_forwarded_headers_of_the_client():
    lines = _directives(PROXY)
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in lines
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in lines
    assert 'proxy_set_header X-Forwarded-Host "";' in lines
    assert "$proxy_add_x_forwarded_for" not in PROXY


def test_nginx_waits_longer_than_the_database():
    waits = re.search(r"proxy_read_timeout\s+(\d+)s", PROXY)
    assert waits
    assert int(waits[1]) > 15


def test_compose_holds_no_secret_and_opens_no_server_to_outside():
    assert not re.search(r"(PASSWORD|SECRET_KEY)\s*[:=]\s*\S", COMPOSE.replace("PASSWORD_FILE", ""))
    assert re.findall(r'ports: \["([^"]+)"\]', COMPOSE) == ["127.0.0.1:8000:8000"]
    assert "noeviction" in COMPOSE
    assert "internal: true" in COMPOSE
    assert COMPOSE.count("owner.env") == 1


def test_units_and_compose_start_the_same_programs():
    for words in ("gunicorn config.wsgi:application", "check --deploy --fail-level WARNING"):
        assert words in UNITS
        assert words in COMPOSE
    assert "--access-logfile" not in UNITS + COMPOSE
