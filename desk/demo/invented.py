"""Invented names and choices, drawn from a seed so that every machine has the same demo."""

import random

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文玉萍红建春梅海燕国庆志斌凤兰旺"


class Invention:
    """A stream of invented facts about something; the same seed gives the same stream."""

    def __init__(self, about: str, *, seed: int = 0) -> None:
        self.draw = random.Random(f"{about} {seed}" if seed else about)  # noqa: S311 (nothing secret depends on it)

    def name(self) -> str:
        """An invented name of two or three characters."""
        length = 2 if self.draw.random() < 0.8 else 1
        return self.draw.choice(SURNAMES) + "".join(self.draw.choices(GIVEN, k=length))

    def names(self, count: int) -> list[str]:
        """So many invented names."""
        return [self.name() for _ in range(count)]
