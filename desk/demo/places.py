"""The three townships of the demo: their codes, and the prefix of their accounts."""

SHITAI = "340602101"
CANGCHENG = "440783104"
GUANWANGMIAO = "141029201"
PREFIXES = {SHITAI: "shitai", CANGCHENG: "cangcheng", GUANWANGMIAO: "guanwangmiao"}
MONTHS = tuple(f"2025-{month:02d}" for month in (11, 12)) + tuple(
    f"2026-{month:02d}" for month in range(1, 11)
)
